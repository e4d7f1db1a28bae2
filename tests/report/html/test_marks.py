"""Marks: a finding stands at the gate of its statement, one about dead parameters at a dead one, one about the loss there."""

from bplint.config import Settings
from bplint.errors import Span
from bplint.finding import Hit, Kind, Severity, sign
from bplint.pictures.heat_map import turned
from bplint.report.html.marks import Marks, marks
from bplint.rule import Spare, rule
from bplint.run import lint_text
from html_pages import GUESS

DEAD = rule("XX901", "spared", Severity.NOTE, kind=Kind.EXACT, since="1", spare=Spare.DEAD)(lambda case, ask: [])
OTHER = rule("XX902", "other", Severity.NOTE, kind=Kind.EXACT, since="1")(lambda case, ask: [])


def found_at(text, *spans, code="XX902"):
    (entry,) = lint_text(text, Settings(suggest=False)).circuits
    findings = [
        sign(Hit("said.", span=span), code=code, name="n", severity=Severity.NOTE, path="p", case_id="c")
        for span in spans
    ]
    told = turned(entry.case.circuit, entry.analyses["gradient"])
    return marks(entry.case, findings, [DEAD, OTHER], told), entry.case


def test_a_finding_stands_at_the_first_gate_of_its_statement():
    (_, case) = found_at(GUESS)
    spans = [case.circuit.span(k) for k in (0, 5, 9)]
    found, _ = found_at(GUESS, spans[1], None, spans[2], Span(99, 1, 99, 2), spans[0])
    assert found == Marks({1: 4, 3: 7, 5: 0}, ())


def test_one_about_the_loss_stands_there():
    found, _ = found_at(GUESS, Span(3, 1, 3, 27))
    assert found == Marks({}, (1,))


def test_one_about_what_is_dead_stands_at_something_dead():
    """Of the last four rotations only that of qubit 0 meets the loss."""
    text = GUESS.replace("rz(t[4+i]) q[i]", "ry(t[4+i]) q[i]").replace("= Z3", "= Z0")
    _, case = found_at(text)
    last = case.circuit.span(len(case.circuit) - 1)
    assert found_at(text, last, code="XX902")[0] == Marks({1: 7}, ())
    assert found_at(text, last, code="XX901")[0] == Marks({1: 8}, ())
