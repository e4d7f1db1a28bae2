"""What could not be told is neither found nor clean, in every format, exit code and front end."""

import json

import click
import pytest

import bplint
from bplint.bounds import Status
from bplint.config import Settings
from bplint.errors import UsageError
from bplint.finding import Hit, Kind, Severity
from bplint.report import concise, full, github, junit, sarif
from bplint.report import json as machine
from bplint.rule import Undecided, rule
from bplint.run import lint_text
from runs_once import invoke
from samples import circuit

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput float a;\nqubit[1] q;\nry(a) q[0];\n'


@rule("XY301", "near", Severity.ERROR, kind=Kind.EXACT, since="1")
def near(case, ask):
    yield Hit("It is too close to call.", severity=Severity.ERROR, undecided=True)


@rule("XY302", "torn", Severity.WARNING, kind=Kind.EXACT, since="1")
def torn(case, ask):
    raise Undecided("it is tied")


def test_it_counts_as_inconclusive_and_not_as_a_finding():
    report = lint_text(HEAD, rules=[near, torn])
    assert report.ok()
    assert [report.count(severity) for severity in Severity] == [0, 0, 0]
    assert (report.undecided, report.exit_code(), report.exit_code(fail_on_incomplete=True)) == (2, 0, 4)
    text = click.unstyle(full.write(report, 0))
    assert "circuit.qasm: undecided: XY301: It is too close to call." in text
    assert "circuit.qasm: undecided: XY302: it is tied" in text
    assert "0 errors, 0 warnings, 0 notes; 0 skipped, 2 inconclusive" in text


def test_every_format_says_so():
    report = lint_text(HEAD, rules=[near, torn])
    found = json.loads(machine.write(report, 0))
    assert found["summary"]["undecided"] == 2
    assert [(f["code"], f["name"], f["undecided"]) for f in found["circuits"][0]["findings"]] == [
        ("XY301", "near", True),
        ("XY302", "torn", True),
    ]
    assert "XY301 undecided It is too close" in concise.write(report, 0)
    assert "undecided: XY302: it is tied" in concise.write(report, 0)
    assert "(undecided)" in github.write(report, 0)
    assert "title=XY302 undecided::it is tied" in github.write(report, 0)
    log = json.loads(sarif.write(report, 0))["runs"][0]
    assert [(result["kind"], result["level"]) for result in log["results"]] == [("open", "none")]
    assert log["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "XY302 is undecided: it is tied"


def test_a_decided_finding_says_that_it_is():
    (found,) = json.loads(machine.write(lint_text(HEAD.replace("ry", "rz")), 1))["circuits"]
    assert {f["undecided"] for f in found["findings"]} == {False}


def tied():
    """Fifteen qubits of tied rotations, which no engine measures."""
    gates = []
    for layer in range(8):
        gates += [(r, [q], f"{r}{layer}") for r in ("rx", "rz", "ry") for q in range(15)]
        gates += [("cz", [q, (q + 1) % 15]) for q in range(15)]
    return circuit(15, gates)


def test_assert_trainable_raises_where_it_cannot_tell():
    with pytest.raises(AssertionError, match="is not settled: rx in line 1 shares its parameter"):
        bplint.assert_trainable(tied(), observable="Z0", budget=1.0)
    report = bplint.assert_trainable(tied(), observable="Z0", budget=1.0, unsettled="pass")
    assert report.ended(Status.INCONCLUSIVE)
    assert bplint.assert_trainable(circuit(1, [("ry", [0], "a")]), observable="Z0").ok()
    with pytest.raises(UsageError, match="want fail or pass, got 'maybe'"):
        bplint.assert_trainable(tied(), observable="Z0", unsettled="maybe")


def _program(head, body):
    return f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n{head}\nqubit[2] q;\n{body}\n'


OPEN = {
    "an expression whose law is not known": (_program("input float a;", "ry(sin(a)) q[0];"), "inconclusive"),
    "a product of parameters": (
        _program("input float a; input float b;", "ry(a * b) q[0]; cz q[0], q[1];"),
        "inconclusive",
    ),
    "nothing to train": (_program("// bplint: trainable = none", "ry(0.3) q[0];"), "not variational"),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_is_left_open_is_never_green(name):
    text, status = OPEN[name]
    report = lint_text(text, Settings(suggest=False))
    assert report.circuits[0].analyses["gradient"].status == status.replace("not variational", "skipped")
    assert (report.exit_code(), report.exit_code(fail_on_incomplete=True)) == (0, 4)
    summary = json.loads(machine.write(report, 0))["summary"]
    assert summary[status.replace(" ", "_")] >= 1
    (last,) = [line for line in click.unstyle(full.write(report, 0)).splitlines() if line.startswith("── ")]
    assert "0 skipped, 0 inconclusive ──" not in last
    for write in (concise.write, full.write):
        assert f"{status}: " in click.unstyle(write(report, 0))
    assert any(f"{status}: " in text for text in junit.write(report, 0).split("<"))


@pytest.mark.parametrize("name", [name for name, (_, status) in OPEN.items() if status == "inconclusive"])
def test_an_open_gradient_is_no_trainable_circuit(name):
    text, _ = OPEN[name]
    made = lint_text(text, Settings(suggest=False)).circuits[0].case
    noise = str(made.context.noise) or None
    with pytest.raises(AssertionError, match="is not settled"):
        bplint.assert_trainable(made.circuit, observable="Z0", noise=noise)
    assert bplint.assert_trainable(made.circuit, observable="Z0", noise=noise, unsettled="pass")


FEEDBACK = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[1] q;bit[1] c;\n\nh q[0];\nc[0] = measure q[0];\nwhile (c[0]) h q[0];\n'
"""Nothing to train, and no circuit of gates."""


def test_what_is_not_variational_keeps_a_folder_green_and_is_counted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feedback.qasm").write_text(FEEDBACK)
    (tmp_path / "ghz.qasm").write_text(_program("", "h q[0]; cx q[0], q[1];"))
    (tmp_path / "good.qasm").write_text(
        _program("input float a; input float b;", "ry(a) q[0]; ry(b) q[1]; cx q[1], q[0];")
    )
    done = invoke(".", "--isolated")
    assert done.exit_code == 0
    assert "0 errors, 0 warnings, 1 note; 0 skipped, 0 inconclusive, 2 not variational" in done.stdout
    assert "feedback.qasm" not in done.stdout
    alone = " ".join(invoke("feedback.qasm", "--isolated").stdout.split())
    why = "line 7: c is the outcome of the measurement on line 6, and no angle looks trained"
    assert f"feedback.qasm: not variational: {why}" in alone
    assert "0 errors, 0 warnings, 0 notes; 0 skipped, 0 inconclusive, 1 not variational" in alone
    told = json.loads(invoke("feedback.qasm", "--isolated", "--format", "json").stdout)
    assert told["circuits"][0]["not_variational"] == why
