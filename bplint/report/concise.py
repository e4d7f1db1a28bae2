"""One line a finding, for editors and logs."""

from __future__ import annotations

from bplint.report.text import folded, gone, named, printable, tally, told_as
from bplint.runs.run_report import Report


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """``path:line:col: CODE severity message`` for each finding, ``path: what failed`` for each failure, then the tally."""
    lines = [
        f"{f.path}:{f.span.line}:{f.span.column}: {f.code} {told_as(f)} {f.hit.message}"
        + (f" [{f.hit.proof}]" if f.hit.proof else "")
        for f in report.findings
    ]
    lines += [
        f"{named(entry.case.path, entry.case.id)}: {one.text}"
        for entry in report.circuits
        for one in folded(entry.unsettled)
    ]
    lines += [f"{failure.circuit or 'bplint'}: {failure.title}: {failure.reason}" for failure in report.failures]
    lines += gone(report)
    return "\n".join([*map(printable, lines), tally(report)]) + "\n"
