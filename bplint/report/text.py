"""What every format for people shares."""

from __future__ import annotations

from collections.abc import Sequence

from bplint.bounds import Status
from bplint.finding import Finding, Severity
from bplint.number_format import plural
from bplint.runs.entries import LeftOpen
from bplint.runs.run_report import Report


def printable(text: str) -> str:
    """Source text that is safe on a terminal: no control, escape or direction characters."""
    return "".join(c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def named(path: str, id: str) -> str:
    """A circuit by its file as the user wrote it, and its name in there where it has one: ``src/ansatz.py::hea[n=8]``."""
    item = id.rpartition("::")[2]
    return printable(f"{path}::{item}" if "::" in id and not path.endswith(item) else path)


def told_as(finding: Finding) -> str:
    """The severity, or that it is undecided."""
    return "undecided" if finding.hit.undecided else finding.severity.label


def folded(unsettled: Sequence[LeftOpen]) -> list[LeftOpen]:
    """One for each reason, naming the analyses it stopped, or else the rules that could not tell for it."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in unsettled:
        reasons.setdefault((one.status, one.reason), []).append(one.what)
    return [LeftOpen(status, ", ".join(names), reason) for (status, reason), names in reasons.items()]


def tally(report: Report) -> str:
    """``1 error, 2 warnings, 1 note; 0 skipped, 0 inconclusive``."""
    counts = [plural(report.count(s), s.label) for s in sorted(Severity, reverse=True)]
    return (
        f"{', '.join(counts)}; {report.ended(Status.SKIPPED) + report.not_built:,} skipped, "
        f"{report.inconclusive:,} inconclusive"
        + (f", {report.not_variational:,} not variational" if report.not_variational else "")
        + (f", {report.suppressed:,} suppressed" if report.suppressed else "")
        + (f", {report.known:,} in the baseline" if report.known else "")
        + (f", {report.base.there:,} there before" if report.base and report.base.there else "")
        + (f", {len(report.failures):,} failed" if report.failures else "")
    )


def gone(report: Report) -> list[str]:
    """A line for each entry of the baseline that no longer occurs."""
    return [
        f"{known.id}: {known.code} is in the baseline and no longer occurs{f' {count:,} times' if count > 1 else ''}"
        for known, count in report.gone.items()
    ]
