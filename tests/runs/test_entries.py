"""What an entry of a report says of itself."""

import pytest

from bplint.bounds import Status
from bplint.config import Settings
from bplint.errors import Span
from bplint.finding import Finding, Hit, Severity, Untold
from bplint.run import lint_text
from bplint.runs.entries import CircuitReport, LeftOpen, UnreadableReport, counted

TEXT = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0 Z1
input float t;
qubit[2] q;
rx(t) q[0];
cx q[0], q[1];
"""


@pytest.fixture
def entry() -> CircuitReport:
    (circuit,) = lint_text(TEXT, Settings(select=("BP301",))).circuits
    return circuit


def finding(severity, *, undecided=False):
    hit = Hit("a message", undecided=undecided)
    return Finding(code="BP999", name="a-rule", severity=severity, path="a.qasm", hit=hit, fingerprint="0")


def test_findings_are_counted_by_severity_and_what_is_undecided_apart():
    error, open_ = finding(Severity.ERROR), finding(Severity.WARNING, undecided=True)
    assert counted([]) == "0 errors, 0 warnings, 0 notes"
    assert counted([error, error, open_]) == "2 errors, 0 warnings, 0 notes, 1 undecided"


def test_what_an_analysis_could_not_tell_is_said_once(entry):
    """Rules repeat the reason of the analysis they asked; another reason stands for itself, a minor one for nothing."""
    result = next(iter(entry.analyses.values()))._replace(status=Status.INCONCLUSIVE, reason="out of work")
    untold = (Untold("BP1", "out of work"), Untold("BP2", "another"), Untold("BP3", "minor", minor=True))
    told = entry._replace(analyses={"gradient": result}, untold=untold).unsettled
    assert told == [LeftOpen(Status.INCONCLUSIVE, "gradient", "out of work"), LeftOpen("undecided", "BP2", "another")]


@pytest.mark.parametrize(
    ("fail_on", "severity", "fails"),
    [
        (Severity.ERROR, Severity.ERROR, True),
        (Severity.ERROR, Severity.WARNING, False),
        (Severity.WARNING, Severity.WARNING, True),
        (None, Severity.ERROR, False),
    ],
)
def test_an_entry_fails_from_a_severity_on(entry, fail_on, severity, fails):
    assert entry._replace(fail_on=fail_on, findings=(finding(severity),)).fails is fails


def test_what_cannot_be_read_is_never_green():
    assert UnreadableReport(finding(Severity.NOTE)).fails


def test_findings_of_a_circuit_of_python_stand_where_its_builder_does(entry):
    span = Span(7, 1, 7, 12)
    moved = entry._replace(findings=(finding(Severity.ERROR),)).at(span)
    assert [one.hit.span for one in moved.findings] == [span]
