"""Where a finding stands: its head line, and the source line with carets below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from bplint.finding import Finding, Severity
from bplint.report.text import named, printable, told_as
from bplint.terminal.cells import cells, cut, spelled

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def head(finding: Finding, id: str = "") -> str:
    """Place, severity, code and name, and the circuit's own name where the file has several."""
    severity = click.style(told_as(finding), fg=COLOURS[finding.severity], bold=True)
    item = named(finding.path, id).removeprefix(printable(finding.path)).removeprefix("::")
    return spelled(f"{place(finding)}: {severity} {finding.code} {finding.name}" + (f" · {item}" if item else ""))


def place(finding: Finding) -> str:
    """``guess.qasm:7:20``, or the file alone."""
    path = printable(finding.path)
    return f"{path}:{finding.span.line}:{finding.span.column}" if finding.hit.span else path


def excerpt(finding: Finding, source: Sequence[str], width: int, indent: str = "  ") -> Iterator[str]:
    """The source line with carets below; a long line is cut around the place."""
    span = finding.hit.span
    if span is None or not span.line <= len(source):
        return
    text, begin = printable(source[span.line - 1]), span.column - 1
    line, start = spelled(text), cells(spelled(text[:begin]))
    marked = spelled(text[begin : span.end_column - 1 if span.end_line == span.line else None])
    room = max(width - 12 - len(str(span.line)), 20)
    first = max(0, min(start - room // 3, cells(line) - room))
    carets = click.style("^" * max(1, min(cells(marked), first + room - start)), fg=COLOURS[finding.severity])
    bar = spelled("│")
    yield f"{indent}{span.line} {bar} {cut(line, first, room)}".rstrip()
    yield f"{indent}{' ' * len(str(span.line))} {bar} {' ' * (start - first)}{carets}"
