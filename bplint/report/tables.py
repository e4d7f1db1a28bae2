"""What a run amounts to, after its findings: how often each rule fired, and where the time went."""

from __future__ import annotations

from collections import Counter

from bplint.report.text import printable
from bplint.runs.run_report import Report


def statistics(report: Report) -> str:
    """One line a rule, the most frequent first."""
    counts = Counter((f.code, f.name) for f in report.findings)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:7,}  {code} {name}\n" for (code, name), count in rows)


def durations(report: Report, most: int) -> str:
    """The slowest analyses, each with the time of those that it asked."""
    spent = [(seconds, name, c.case.path) for c in report.circuits for name, seconds in c.seconds.items()]
    spent.sort(key=lambda item: (-item[0], item[1:]))
    return "".join(f"{seconds:7.2f} s  {name}  {printable(path)}\n" for seconds, name, path in spent[:most])
