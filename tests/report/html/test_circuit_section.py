"""Sections of circuits: the gravest, the counts, the numbers of the report; pictures shrink as circuits become many."""

from dataclasses import replace

import pytest

from bplint.bounds import Status
from bplint.config import Settings
from bplint.finding import Hit, Severity, sign
from bplint.report.html import write
from bplint.report.html.circuit_section import counts_of, sections, worst_of
from bplint.run import lint_text
from bplint.runs.entries import LeftOpen
from bplint.testing.formats import finished
from html_pages import GUESS
from repair_texts import INCLUDE, hardware_efficient


def of(severity, undecided=False):
    return sign(Hit("x", undecided=undecided), code="XX1", name="n", severity=severity, path="p", case_id="c")


OPEN = LeftOpen(Status.INCONCLUSIVE, "dla", "ran out")
SKIPPED = LeftOpen(Status.SKIPPED, "dla", "nothing is trained")


@pytest.mark.parametrize(
    ("findings", "failures", "open_", "worst"),
    [
        ([], [], [], "clean"),
        ([of(Severity.NOTE), of(Severity.ERROR), of(Severity.WARNING)], [], [OPEN], "error"),
        ([of(Severity.ERROR, undecided=True)], [], [], "undecided"),
        ([of(Severity.ERROR, undecided=True), of(Severity.NOTE)], [], [], "note"),
        ([], [], [OPEN], "undecided"),
        ([], [], [SKIPPED], "skipped"),
        ([of(Severity.NOTE)], ["failed"], [], "failed"),
    ],
)
def test_the_gravest_names_a_circuit(findings, failures, open_, worst):
    assert worst_of(findings, failures, open_) == worst


def test_counts_leave_out_what_is_undecided():
    told = [of(Severity.NOTE), of(Severity.ERROR), of(Severity.ERROR, undecided=True)]
    assert counts_of(told) == {"error": 1, "warning": 0, "note": 1}


def test_numbers_are_those_of_the_report():
    report = lint_text(GUESS, Settings(suggest=False))
    (section,) = sections(report, 0)
    gradient = report.circuits[0].analyses["gradient"]
    assert (section.n_qubits, section.n_parameters, section.shots) == (4, 8, 1000)
    assert section.ratio == gradient.signal * 1000
    assert section.caption == "8 parameters: 4 above the noise 1e-3, 0 below it, 4 dead."
    assert section.facts[2] == "loss ⟨Z3⟩ (line 3)"
    assert section.edges[3] == "1e-3"
    told = [row.told for row in section.parameters]
    assert told[4:] == ["dead"] * 4
    assert all("times the noise" in one for one in told[:4])
    assert section.drawing.tiles, "this is drawn gate by gate"


def test_what_else_is_declared_is_a_fact():
    text = GUESS.replace("= Z3", "= Z3\n// bplint: data = t[4:7]\n// bplint: dataset = 0,1,2,3; 1,1,1,1").replace(
        "rz(", "rx("
    )
    (section,) = sections(lint_text(text, Settings(suggest=False, noise="depolarizing:0.001")), 0)
    assert section.facts[-2:] == ("noise depolarizing:0.001", "2 rows")


def test_without_a_gradient_the_circuit_is_drawn_and_says_so():
    (section,) = sections(lint_text(GUESS, Settings(suggest=False, select=("BP201",))), 0)
    assert section.caption == "Gradients were not measured."
    assert (section.ratio, section.signal, section.parameters) == (None, "", ())
    assert {tile.kind for tile in section.drawing.tiles} >= {"open", "fixed"}


def test_what_cannot_be_read_has_its_reason_and_no_picture():
    first, second = sections(finished(), 0)
    assert (first.worst, second.worst) == ("failed", "unreadable")
    assert second.drawing is None
    assert second.findings[0].code == "BP001"


def test_a_circuit_without_gates_has_no_picture():
    (section,) = sections(lint_text("OPENQASM 3.0;\nqubit q;\n"), 0)
    assert section.drawing is None


def test_a_thousand_qubits_are_binned_and_the_page_says_so():
    text = (
        f"OPENQASM 3.0;\n{INCLUDE}// bplint: observable = Z0\ninput float a;\nqubit[1000] q;\n"
        "for int l in [0:99] rx(a) q;\n"
    )
    report = lint_text(text, Settings(suggest=False, select=("BP003",)))
    (section,) = sections(report, 0)
    assert section.facts[0] == "1,000 qubits"
    assert section.drawing.note == "A cell is 16 qubits × 1 moment and shows the largest signal in it."
    assert len(write(report, 0)) < 250_000


def test_a_hundred_circuits_stay_under_three_megabytes():
    """Of the kinds that take most room: small ones drawn gate by gate, deep ones as heat maps, each with findings."""
    texts = [GUESS, hardware_efficient(8, 6, "Z0 Z1"), hardware_efficient(16, 20, "projector(0..n-1)")]
    made = [lint_text(text, Settings(suggest=False), name=f"folder/{k}.qasm") for k, text in enumerate(texts)]
    entries = tuple(made[k % 3].entries[0] for k in range(100))
    written = write(replace(made[2], entries=entries), 1)
    assert written.count('<section class="entry"') == 100
    assert len(written.encode()) < 3_000_000
