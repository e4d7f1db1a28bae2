"""Code quality of GitLab: a list of issues, each with a place and a fingerprint that no other issue of the report has.

What could not be told, and what failed, are issues too, so that an empty list is not taken for "clean".
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from bplint.failure import Failure
from bplint.finding import Finding, Severity
from bplint.report.relations import explained
from bplint.report.text import printable
from bplint.runs.entries import CircuitReport
from bplint.runs.run_report import Report

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


class _Issue(NamedTuple):
    """``structure`` identifies it without line numbers."""

    check: str
    severity: str
    description: str
    path: str
    structure: str
    begin: int = 1
    end: int = 1


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """The report as one JSON list."""
    entries = (*report.entries, *report.families)
    issues = [
        _of_finding(finding, explained(finding, entry.findings)) for entry in entries for finding in entry.findings
    ]
    issues += [issue for entry in report.circuits for issue in _unsettled(entry)]
    issues += [_of_failure(failure) for failure in report.failures]
    seen: Counter[tuple[str, str]] = Counter()
    listed = []
    for issue in issues:
        listed.append(_as_json(issue, seen[issue.path, issue.structure]))
        seen[issue.path, issue.structure] += 1
    return json.dumps(listed, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _as_json(issue: _Issue, earlier: int) -> dict[str, object]:
    """``earlier`` is how many issues of the report have the same structure: GitLab shows one of each fingerprint."""
    text = "\0".join((issue.path, issue.structure, str(earlier)))
    return {
        "description": printable(issue.description),
        "check_name": issue.check,
        "fingerprint": hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:32],
        "severity": issue.severity,
        "location": {"path": issue.path, "lines": {"begin": issue.begin, "end": issue.end}},
    }


def _of_finding(finding: Finding, explains: list[str]) -> _Issue:
    hit, span = finding.hit, finding.span
    reason = f" (explains {', '.join(explains)})" if explains else ""
    return _Issue(
        check=f"{finding.code} {finding.name}{' (undecided)' * hit.undecided}",
        severity=_SEVERITIES[finding.severity],
        description=(f"{hit.message} [{hit.proof}]" if hit.proof else hit.message) + reason,
        path=_path(finding.path),
        structure=finding.fingerprint,
        begin=span.line,
        end=span.end_line,
    )


def _unsettled(entry: CircuitReport) -> Iterator[_Issue]:
    for one in entry.unsettled:
        check = f"{one.what}-{one.status}"
        yield _Issue(check, "info", f"{one.what} is {one.status}: {one.reason}", _path(entry.case.path), check)


def _of_failure(failure: Failure) -> _Issue:
    check = f"{failure.part}-failed".replace(" ", "-")
    text = f"{failure.title}: {failure.reason}"
    return _Issue(check, "blocker", text, _path(failure.circuit or "."), text)


def _path(path: str) -> str:
    """From the root of the repository, where GitLab runs jobs."""
    return path.replace(os.sep, "/").removeprefix("./") or "."
