"""The default output: one screen a circuit, plain words first, the numbers after."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator, Sequence

import click

from bplint import __version__
from bplint.analyses.ask import Result
from bplint.bounds import Status
from bplint.config.force import InForce, rules_of
from bplint.finding import Finding, Severity
from bplint.ir.context import Case
from bplint.ir.trainable import count_trainable
from bplint.report.text import printable, tally
from bplint.run import CircuitReport, Report, UnreadableReport
from bplint.words import plural

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_LABEL = 11


def header(n_sources: int, settings: Sequence[InForce], deselected: int = 0) -> str:
    """The lines before a run: what holds for the sources, and which severities configuration changes."""
    left_out = f", {deselected:,} deselected" if deselected else ""
    seeds = ", ".join(map(str, sorted({s.seed for s in settings})))
    shots = ", ".join(f"{shots:,}" for shots in sorted({s.shots for s in settings}))
    what = f"{plural(len(rules_of(settings)), 'rule')} · seed {seeds} · {shots} shots per gradient component"
    files = ", ".join(dict.fromkeys(file for s in settings for file in s.files))
    lines = [
        f"{click.style(f'bplint {__version__}', bold=True)} · {what}",
        *([f"configuration {files}"] if files else []),
        *dict.fromkeys(change for s in settings for change in s.changes),
        f"collected {plural(n_sources, 'circuit')}{left_out}\n",
    ]
    return "\n".join(lines)


def progress(entry: CircuitReport | UnreadableReport) -> str:
    """One line for a finished source: ``.`` clean, ``n`` note, ``w`` warning, ``E`` error, ``?`` could not tell."""
    if isinstance(entry, UnreadableReport):
        return f"{printable(entry.finding.path)} {click.style('E', fg='red')}"
    worst = max((f.severity for f in entry.findings), default=None)
    letter = {None: ".", Severity.NOTE: "n", Severity.WARNING: "w", Severity.ERROR: "E"}[worst]
    if worst in (None, Severity.NOTE) and any(r.status is Status.INCONCLUSIVE for r in entry.analyses.values()):
        letter += "?"
    return f"{printable(entry.case.path)} {click.style(letter, fg=COLOURS.get(worst) if worst else 'green')}"


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """Everything after the progress lines."""
    blocks = [text for entry in report.entries if (text := "\n".join(_entry(entry, verbosity)))]
    if report.not_run:
        blocks.append(f"stopped early: {plural(report.not_run, 'circuit')} not looked at")
    last = f"{tally(report)} ── {plural(len(report.entries), 'circuit')} in {report.seconds:.1f} s"
    colour = next((COLOURS[s] for s in sorted(Severity, reverse=True) if report.count(s)), "green")
    return "\n\n".join([*blocks, click.style(f"── {last} ──", fg=colour)]) + "\n"


def _entry(entry: CircuitReport | UnreadableReport, verbosity: int) -> Iterator[str]:
    if isinstance(entry, UnreadableReport):
        yield click.style(printable(entry.finding.path), bold=True)
        yield from _finding(entry.finding, entry.source)
        return
    unsettled = {name: r for name, r in entry.analyses.items() if r.status in (Status.INCONCLUSIVE, Status.SKIPPED)}
    if not (entry.findings or unsettled or verbosity > 0):
        return
    yield _title(entry.case)
    for finding in entry.findings:
        yield from _finding(finding, entry.case.source)
    yield from _unsettled(unsettled)
    if verbosity > 0:
        yield from _numbers(entry)


def _title(case: Case) -> str:
    observable = case.context.observable
    loss = f"loss ⟨{_short(observable.text, 40)}⟩"
    if case.context.observable_source == "assumed":
        loss = f"loss assumed: {observable.text}"
    elif case.context.observable_span:
        loss += f" (line {case.context.observable_span.line})"
    facts = (
        plural(case.circuit.n_qubits, "qubit"),
        plural(count_trainable(case.circuit), "parameter"),
        loss,
        f"{case.context.init} start",
        *([f"noise {case.context.noise}"] if case.context.noise.channels else ()),
    )
    return f"{click.style(printable(case.path), bold=True)}  {' · '.join(facts)}"


def _finding(finding: Finding, source: Sequence[str]) -> Iterator[str]:
    width = _width()
    label = (
        f"{click.style(finding.severity.label, fg=COLOURS[finding.severity], bold=True)} {finding.code} {finding.name}"
    )
    bare = f"{finding.severity.label} {finding.code} {finding.name}"
    place = f"{printable(finding.path)}:{finding.span.line}:{finding.span.column}" if finding.hit.span else ""
    yield ""
    yield f"  {label}{place.rjust(max(width - 2 - len(bare), len(place) + 2)) if place else ''}"
    yield from _excerpt(finding, source, width)
    yield from _wrap(finding.hit.message, width, "    ")
    if finding.hit.proof:
        yield from _labelled("evidence", finding.hit.proof, width)
    for i, line in enumerate(finding.hit.help):
        yield from _labelled("" if i else "help", line, width)


def _excerpt(finding: Finding, source: Sequence[str], width: int) -> Iterator[str]:
    """The source line with a caret line below; a long line is cut around the place."""
    span = finding.hit.span
    if span is None or not span.line <= len(source):
        return
    line = printable(source[span.line - 1])
    room = max(width - 12 - len(str(span.line)), 20)
    first = max(0, min(span.column - 1 - room // 3, len(line) - room))
    shown = line[first : first + room]
    end = span.end_column if span.end_line == span.line else len(line) + 1
    carets = max(1, min(end, first + room + 1) - span.column)
    margin = " " * len(str(span.line))
    yield f"    {span.line} │ {shown}"
    yield f"    {margin} │ {' ' * (span.column - 1 - first)}{click.style('^' * carets, fg=COLOURS[finding.severity])}"


def _unsettled(results: dict[str, Result]) -> Iterator[str]:
    """One line a reason, naming the analyses it stopped."""
    reasons: dict[tuple[Status, str], list[str]] = {}
    for name, result in results.items():
        reasons.setdefault((result.status, result.reason), []).append(name)
    for (status, reason), names in reasons.items():
        yield ""
        yield from _wrap(f"{status}: {', '.join(names)}: {reason}", _width(), "  ")


def _numbers(entry: CircuitReport) -> Iterator[str]:
    """The numbers of one circuit, and strips where they vary along it."""
    from bplint.report.numbers import sentences  # here, for the runs that show none
    from bplint.report.strips import strip_of

    yield ""
    for name, result in entry.analyses.items():
        for label, text in sentences(name, result):
            yield from _labelled(label, text, _width(), indent="  ")
            yield from strip_of(label, result, entry.case, _width(), 2 + _LABEL)


def _labelled(label: str, text: str, width: int, indent: str = "    ") -> Iterator[str]:
    first = f"{indent}{label:<{_LABEL}}"
    rest = " " * len(first)
    words, gap, code = text.partition("  ")
    if gap and len(first) + len(text) > width:  # what is to be typed stays in one piece
        yield from _wrap(words, width, first, rest)
        yield rest + printable(code.strip())
        return
    yield from _wrap(text, width, first, rest)


def _wrap(text: str, width: int, first: str, rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        printable(text),
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_on_hyphens=False,
    )


def _short(text: str, limit: int) -> str:
    text = printable(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal():
        return min(max(int(columns), 60), 100)
    try:  # shutil has this too, and loads three compressors
        return min(max(os.get_terminal_size(sys.__stdout__.fileno()).columns, 60), 100)  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 88
