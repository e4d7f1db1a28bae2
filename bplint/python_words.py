"""Advice in the words of Python: ``shots=2000`` in the place of ``--shots 2000``, or of ``// bplint: shots = 2000`` in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from bplint.context_keys import Said, keys
from bplint.errors import UsageError
from bplint.finding import Finding
from bplint.runs.entries import CircuitReport, FamilyReport
from bplint.runs.run_report import Report

_TYPED = re.compile(r"(?:--([a-z-]+) |// bplint: ([a-z-]+) = )(\S.*)$")
_BLAMED = re.compile(r"^--([a-z-]+): (rows: )?")
_LITERAL = re.compile(r"\d[\d.e+-]*|[A-Z]|…")
"""What Python writes without quotes: numbers, and what stands for one."""


def in_python(text: str) -> str:
    """The text with an argument in the place of the option or the comment that it ends with."""
    arguments = {key.name: key.attribute for key in keys(Said.ARGUMENT).values()}

    def spelled(match: re.Match[str]) -> str:
        name, value = match[1] or match[2], match[3]
        if name not in arguments:
            return match[0]
        return f"{arguments[name]}={value if _LITERAL.fullmatch(value) else _quoted(value)}"

    return _TYPED.sub(spelled, text)


@contextmanager
def refusing_in_python() -> Iterator[None]:
    """A ``UsageError`` has the argument to blame in the place of the option; an array of rows is named already."""

    def blamed(match: re.Match[str]) -> str:
        key = keys(Said.ARGUMENT).get(match[1])
        return match[0] if key is None else match[2] or f"{key.attribute}: "

    try:
        yield
    except UsageError as error:
        raise UsageError(in_python(_BLAMED.sub(blamed, str(error)))) from error


def advised_in_python(report: Report) -> Report:
    """The report for who called a function: what it advises are arguments."""
    entries = tuple(_advised(e) if isinstance(e, CircuitReport) else e for e in report.entries)
    return replace(report, entries=entries, families=tuple(map(_advised, report.families)), in_python=True)


R = TypeVar("R", CircuitReport, FamilyReport)


def _advised(entry: R) -> R:
    return entry._replace(findings=tuple(map(_finding, entry.findings)), known=tuple(map(_finding, entry.known)))


def _finding(finding: Finding) -> Finding:
    return finding._replace(hit=finding.hit._replace(help=tuple(map(in_python, finding.hit.help))))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
