"""JUnit's XML, read back: one test case a circuit, which fails where the command does."""

from xml.etree import ElementTree

import pytest

from bplint.config import Settings
from bplint.finding import Hit, Kind, Severity
from bplint.report import junit
from bplint.rule import rule
from bplint.run import lint, lint_text

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
DEAD = HEAD + "// bplint: observable = Z0\ninput float a;\nqubit q;\nrz(a) q;\n"


def suite_of(report):
    (suite,) = ElementTree.fromstring(junit.write(report, 1))
    return suite


def test_each_circuit_is_a_case_and_ends_as_the_run_does(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts = {"a": DEAD, "b": DEAD.replace("rz", "ry"), "c": "OPENQASM 3.0;\nqubit q;\n", "d": "nonsense"}
    for name, text in texts.items():
        (tmp_path / f"{name}.qasm").write_text(text)
    suite = suite_of(lint(["."], Settings()))
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["4", "2", "0", "1"]
    ends = {case.get("name"): [child.tag for child in case if child.tag != "system-out"] for case in suite}
    assert ends == {"a.qasm": ["failure"], "b.qasm": [], "c.qasm": ["skipped"], "d.qasm": ["failure"]}
    dead = suite[0].find("failure")
    assert dead.get("type") == "BP104"
    assert dead.text.startswith("./a.qasm:3:1: error BP104 dead-loss: No trainable parameter")
    assert suite[2].find("skipped").get("message") == "not variational: no trainable parameter was found"
    assert "BP004" in suite[2].find("system-out").text
    assert suite[3].find("failure").get("type") == "BP001"


@pytest.mark.parametrize(("fail_on", "failures"), [("error", "0"), ("warning", "1"), ("never", "0")])
def test_findings_fail_from_the_severity_on_that_fails_the_run(fail_on, failures):
    text = DEAD.replace("qubit q;", "input float b;\nqubit q;\nry(b) q;")
    report = lint_text(text, Settings(fail_on=fail_on))
    suite = suite_of(report)
    assert suite.get("failures") == failures == str(int(report.exit_code()))
    assert sum("BP203" in text for text in suite[0].itertext()) == 1


def test_what_xml_cannot_hold_is_replaced():
    said = "\x00\x1b\udcff\ufffe]]>&<b>\"' ψ\r\n\u2028"
    loud = rule("XX101", "loud", Severity.ERROR, kind=Kind.PATTERN, since="0.1")
    report = lint_text(DEAD, name=f"{said}.qasm", rules=[loud(lambda case, ask: [Hit(said, proof=said, help=(said,))])])
    written = junit.write(report, 1)
    written.encode()
    (case,) = suite_of(report)
    shown = "\ufffd\ufffd\ufffd\ufffd]]>&<b>\"' ψ\ufffd\ufffd\ufffd"
    assert case.get("name") == f"{shown}.qasm"
    assert case.find("failure").get("message") == shown
    assert f"evidence: {shown}\nhelp: {shown}" in case.find("failure").text


def test_a_part_that_fails_is_an_error_and_hides_no_finding():
    def torn(case, ask):
        raise ZeroDivisionError("\x00")

    rules = [
        rule("XX101", "torn", Severity.NOTE, kind=Kind.PATTERN, since="0.1")(torn),
        rule("XX102", "sound", Severity.ERROR, kind=Kind.PATTERN, since="0.1")(lambda case, ask: [Hit("Bad.")]),
    ]
    report = lint_text(DEAD, rules=rules)
    suite = suite_of(report)
    assert [suite.get(key) for key in ("failures", "errors")] == ["0", "1"]
    assert "ZeroDivisionError" in suite[0].find("error").text
    assert "XX102 sound: Bad." in suite[0].find("system-out").text
