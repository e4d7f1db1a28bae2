"""Workflow commands of GitHub Actions: each finding becomes an annotation at its line."""

from __future__ import annotations

from bplint.failure import Failure
from bplint.finding import Finding, Severity
from bplint.report.relations import explained
from bplint.report.text import folded, printable, tally
from bplint.runs.entries import CircuitReport, LeftOpen
from bplint.runs.run_report import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """``::error file=…,line=…::message`` for each finding, ``::error title=…::message`` for each failure, then the tally."""
    return (
        "\n".join(
            [
                *(
                    _command(finding, explained(finding, entry.findings))
                    for entry in (*report.entries, *report.families)
                    for finding in entry.findings
                ),
                *(_unsettled(entry, one) for entry in report.circuits for one in folded(entry.unsettled)),
                *map(_failure, report.failures),
                tally(report),
            ]
        )
        + "\n"
    )


def _command(finding: Finding, explains: list[str]) -> str:
    span, hit = finding.span, finding.hit
    properties = {
        "file": finding.path.removeprefix("./"),
        "line": span.line,
        "col": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
        "title": f"{finding.code} {finding.name}{' (undecided)' * hit.undecided}",
    }
    if span.end_line != span.line:
        del properties["col"], properties["endColumn"]  # columns count only within one line
    listed = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items())
    lines = [hit.message, hit.proof and f"evidence: {hit.proof}", *(f"help: {line}" for line in hit.help)]
    lines += [f"explains: {', '.join(explains)}"] * bool(explains)
    message = "%0A".join(_escaped(printable(line)) for line in lines if line)
    return f"::{_COMMANDS[finding.severity]} {listed}::{message}"


def _unsettled(entry: CircuitReport, one: LeftOpen) -> str:
    file = _escaped(entry.case.path.removeprefix("./"), ":,")
    return f"::notice file={file},title={_escaped(f'{one.what} {one.status}', ':,')}::{_escaped(printable(one.reason))}"


def _failure(failure: Failure) -> str:
    place = f"file={_escaped(failure.circuit.removeprefix('./'), ':,')}," if failure.circuit else ""
    message = "%0A".join(_escaped(printable(line)) for line in (failure.title, *failure.lines))
    return f"::error {place}title={_escaped(f'{failure.part} {failure.name} failed', ':,')}::{message}"


def _escaped(text: str, also: str = "") -> str:
    """Percent-encodes what would end the command or a property of it."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + also else c for c in text)
