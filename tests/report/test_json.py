"""The machine output: one valid object that says what the report says."""

import json

import pytest

from bplint.config import Settings
from bplint.report import json as module
from bplint.run import lint_text

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def written(text, exit_code=0, **settings):
    report = lint_text(text, Settings(**settings))

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return report, json.loads(module.write(report, exit_code), parse_constant=refuse)


def test_the_summary_counts_the_findings():
    report, machine = written(HEAD + "// bplint: observable = Z0\ninput float a;\nqubit q;\nrz(a) q;\n", 1)
    assert (machine["schema"], machine["exit_code"]) == ("bplint/1", 1)
    (circuit,) = machine["circuits"]
    found = circuit["findings"]
    assert len(found) == len(report.findings) > 0
    for severity in ("error", "warning", "note"):
        assert machine["summary"][severity + "s"] == sum(f["severity"] == severity for f in found)
    assert machine["summary"]["circuits"] == 1
    assert (circuit["n_qubits"], circuit["n_parameters"], circuit["n_rotations"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("n", "observable", "terms"),
    [
        (2, "Z0 Z1 + 0.5*X1 + 2", {"II": 2.0, "ZZ": 1.0, "IX": 0.5}),
        (64, "Z0", {"Z" + "I" * 63: 1.0}),
        (65, "Z0 X64", {"Z0 X64": 1.0}),
        (3, "projector(0, 2)", {"projector(0, 2)": 1.0}),
    ],
)
def test_observables_by_label_and_wide_ones_by_their_letters(n, observable, terms):
    text = f"{HEAD}// bplint: observable = {observable}\ninput float a;\nqubit[{n}] q;\nry(a) q[0];\n"
    _, machine = written(text, select=("BP203",))
    context = machine["circuits"][0]["context"]
    assert context["observable"] == pytest.approx(terms)
    assert context["observable_source"] == "comment"
    assert not context["guessed"]


def test_what_cannot_be_read_is_there_with_its_place():
    report, machine = written("OPENQASM 3.0;\nqubit q;\nnonsense q;\n", 1)
    (fault,) = machine["unreadable"]
    assert (fault["code"], fault["line"]) == ("BP001", report.unreadable[0].finding.span.line)
    assert machine["circuits"] == []
    assert machine["summary"]["unreadable"] == 1


def test_the_same_text_has_the_same_fingerprints_in_every_run():
    text = HEAD + "input float a;\nqubit q;\nrz(a) q;\n"
    once, again = (written(text)[1]["circuits"][0]["findings"] for _ in range(2))
    assert [f["fingerprint"] for f in once] == [f["fingerprint"] for f in again]
    assert len({f["fingerprint"] for f in once}) == len(once)
