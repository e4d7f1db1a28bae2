"""The default output: one screen a circuit, plain words first, the numbers after."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence

import click

from bplint import __version__
from bplint.analyses.ask import Result
from bplint.bounds import Status
from bplint.finding import Finding, Severity
from bplint.ir.context import Case
from bplint.ir.trainable import count_trainable
from bplint.report.text import printable, tally
from bplint.run import CircuitReport, Report, UnreadableReport
from bplint.words import number, plural

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_LABEL = 11


def header(n_rules: int, n_sources: int, seed: int, shots: int) -> str:
    """The lines before a run."""
    what = f"{plural(n_rules, 'rule')} · seed {seed} · {shots:,} shots per gradient component"
    return f"{click.style(f'bplint {__version__}', bold=True)} · {what}\ncollected {plural(n_sources, 'circuit')}\n"


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
        yield from numbers(entry)


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
    )
    return f"{click.style(printable(case.path), bold=True)}  {' · '.join(facts)}"


def _finding(finding: Finding, source: Sequence[str]) -> Iterator[str]:
    width = _width()
    label = f"{click.style(finding.severity.label, fg=COLOURS[finding.severity], bold=True)} {finding.code} {finding.name}"
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


def numbers(entry: CircuitReport) -> Iterator[str]:
    """The numbers of one circuit, a line or two an analysis."""
    yield ""
    for name, result in entry.analyses.items():
        yield from _labelled(name, _numbers(result.as_json()), _width(), indent="  ")


def _numbers(values: dict[str, object]) -> str:
    parts = [str(values["status"])]
    for key, value in values.items():
        if key in ("status", "reason") or value is None or value == [] or value == {}:
            continue
        parts.append(f"{key.replace('_', ' ')} {_value(value)}")
    return " · ".join(parts)


def _value(value: object) -> str:
    match value:
        case float():
            return number(value)
        case bool() | str():
            return str(value)
        case int():
            return f"{value:,}"
        case {"dimension": dimension}:
            return _value(dimension)
        case [dict(), *_]:
            return f"({len(value)})" if "name" in value[0] else ", ".join(_component(v) for v in value[:4])
        case [low, high]:
            return f"{_value(low)} … {_value(high)}"
        case dict():
            return ", ".join(f"{k}: {' '.join(f'{a} {_value(b)}' for a, b in v.items())}" for k, v in list(value.items())[:4])
    return str(value)


def _component(component: dict[str, object]) -> str:
    times = f"{component['count']} × " if component["count"] != 1 else ""
    copies = f"{component['copies']} " if component["copies"] != 1 else ""
    return f"{times}{copies}{component['algebra']}"


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
        printable(text), width, initial_indent=first, subsequent_indent=first if rest is None else rest, break_on_hyphens=False
    )


def _short(text: str, limit: int) -> str:
    text = printable(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _width() -> int:
    return min(max(shutil.get_terminal_size((88, 24)).columns, 60), 100)
