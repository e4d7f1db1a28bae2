"""The default output: one screen a circuit, plain words first, the numbers after."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

from bplint import __version__
from bplint.analyses.ask import Result
from bplint.analyses.dla import Dla
from bplint.analyses.locality import Locality
from bplint.analyses.moments.choose import Gradient, Loss
from bplint.bounds import Status
from bplint.finding import Finding, Severity
from bplint.ir.context import Case
from bplint.ir.trainable import count_trainable
from bplint.report.text import printable, tally
from bplint.run import CircuitReport, Report, UnreadableReport
from bplint.words import number, plural, whole

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_LABEL = 11


def header(n_rules: int, n_sources: int, seed: int, shots: int, deselected: int = 0) -> str:
    """The lines before a run."""
    left_out = f", {deselected:,} deselected" if deselected else ""
    what = f"{plural(n_rules, 'rule')} · seed {seed} · {shots:,} shots per gradient component"
    return f"{click.style(f'bplint {__version__}', bold=True)} · {what}\ncollected {plural(n_sources, 'circuit')}{left_out}\n"


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
    """The numbers of one circuit, each with its certainty; the machine output has all of them."""
    yield ""
    for name, result in entry.analyses.items():
        if result.status not in (Status.INCONCLUSIVE, Status.SKIPPED):
            yield from _labelled(name, _SENTENCES[name](result), _width(), indent="  ")


def _dla(found: Dla) -> str:
    structure = (
        ", ".join(
            f"{f'{count:,} × ' if count > 1 else ''}{_copies(copies)}{algebra}"
            for count, copies, algebra in found.summary[:4]
        )
        or "nothing"
    )
    if len(found.summary) > 4:
        structure += ", …"
    if found.status is not Status.EXACT:
        return f"dimension {whole(found.lower)} … {whole(found.algebra.dimension)} (bounded); at most {structure}; {found.reason}"
    again = f"; {whole(found.repeat.dimension)} when repeated for ever" if found.repeat else ""
    return f"dimension {whole(found.algebra.dimension)} (exact), {found.kind}: {structure}{again}"


def _copies(copies: int) -> str:
    return "" if copies == 1 else f"{whole(copies)} copies of "


def _gradient(found: Gradient) -> str:
    values = sorted(c.second_moment for c in found.components)
    dead = sum(c.dead for c in found.components)
    return (
        f"E[(∂C)²] largest {number(values[-1])}, median {number(values[len(values) // 2])}, smallest {number(values[0])} "
        f"(estimated, {found.samples:,} paths); all below {number(found.bound_max)} with certainty 1 - {number(found.level)}"
        + (f"; {dead:,} of {plural(len(values), 'parameter')} dead" if dead else "")
    )


def _loss(found: Loss) -> str:
    low, high = found.interval or (0.0, 0.0)
    how = f"estimated, {found.samples:,} paths, 95 % interval {number(low)} … {number(high)}"
    return f"mean {number(found.mean or 0.0)} (exact), variance {number(found.variance or 0.0)} " + (
        "(exact)" if found.status is Status.EXACT else f"({how})"
    )


def _locality(found: Locality) -> str:
    widest = max(found.terms, key=lambda t: t.light_cone, default=None)
    if widest is None:
        return "the loss has no term"
    met = max((t.first_met or 0 for t in found.terms), default=0)
    declared = max(t.declared for t in found.terms)
    return (
        f"{plural(len(found.terms), 'term')}; widest {declared:,} as declared, {met:,} where first met, "
        f"light cone {widest.light_cone:,} of {plural(found.n_qubits, 'qubit')} (exact)"
    )


_SENTENCES: dict[str, Callable[[Any], str]] = {"dla": _dla, "gradient": _gradient, "locality": _locality, "loss": _loss}


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
