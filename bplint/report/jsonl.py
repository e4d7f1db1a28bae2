"""JSON Lines: one circuit a line, for programs that read a long report piece by piece.

Every line is an object with a ``type``: ``circuit``, ``unreadable`` and ``family`` are as in the format ``json``, each with
the failures that happened on it; the last line is the ``summary``, with the failures of the whole run.
"""

from __future__ import annotations

import json

from bplint.report.json import circuit, family, finding, gone, header
from bplint.runs.entries import CircuitReport, Entry, FamilyReport
from bplint.runs.run_report import Report


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """A line for each source, in the order in which they were collected, then the families and the summary."""
    failures = [failure.as_json() for failure in report.broken]
    summary = {"type": "summary", **header(report, exit_code), "failures": failures, **gone(report)}
    return "".join([*map(line, report.entries), *map(line, report.families), _text(summary)])


def line(entry: Entry | FamilyReport) -> str:
    """The line of a source or a family."""
    return _text(_line(entry))


def _text(told: dict[str, object]) -> str:
    return json.dumps(told, allow_nan=False) + "\n"  # in ASCII: some readers break lines at U+2028


def _line(entry: Entry | FamilyReport) -> dict[str, object]:
    failures = [failure.as_json() for failure in entry.failures]
    if isinstance(entry, CircuitReport):
        return {"type": "circuit", **circuit(entry), "failures": failures}
    if isinstance(entry, FamilyReport):
        return {"type": "family", **family(entry), "failures": failures}
    return {"type": "unreadable", **finding(entry.finding), "failures": failures}
