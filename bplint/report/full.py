"""The default output after its header: one screen a circuit, plain words first, the numbers after."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator, Sequence

import click

from bplint.bounds import Status
from bplint.failure import Failure
from bplint.finding import Finding, Severity, Suggestion, Verdict
from bplint.ir.context import Case
from bplint.ir.trainable import count_trainable
from bplint.number_format import number, plural, share, whole
from bplint.report.text import folded, gone, named, printable, tally, told_as
from bplint.runs.one_source import CircuitReport, FamilyReport, LeftOpen, UnreadableReport
from bplint.runs.run_report import Report

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_LABEL = 11


def progress(entry: CircuitReport | UnreadableReport) -> str:
    """One line for a finished source: ``.`` clean, ``n`` note, ``w`` warning, ``E`` error, ``?`` could not tell, ``!`` failed."""
    if isinstance(entry, UnreadableReport):
        name = named(entry.finding.path, entry.id)
        return f"{name} {click.style('!' if entry.failures else 'E', fg='red')}"
    name = named(entry.case.path, entry.case.id)
    if entry.failures:
        return f"{name} {click.style('!', fg='red')}"
    worst = max((f.severity for f in entry.findings if not f.hit.undecided), default=None)
    letter = {None: ".", Severity.NOTE: "n", Severity.WARNING: "w", Severity.ERROR: "E"}[worst]
    open_ = any(one.status != Status.SKIPPED for one in entry.unsettled) or any(f.hit.undecided for f in entry.findings)
    if worst in (None, Severity.NOTE) and open_:
        letter += "?"
    return f"{name} {click.style(letter, fg=COLOURS.get(worst) if worst else 'green')}"


def write(report: Report, exit_code: int, verbosity: int = 0) -> str:
    """Everything after the progress lines."""
    blocks = [text for entry in report.entries if (text := "\n".join(_entry(entry, verbosity)))]
    blocks += [text.strip("\n") for one in report.families if (text := family(one))]
    blocks += ["\n".join(failure(one)) for one in report.failures]
    if lines := gone(report):
        blocks.append("\n".join([*map(printable, lines), "--write-baseline takes out what no longer occurs"]))
    if report.cached is not None and verbosity > 0:
        blocks.append(f"{report.cached:,} of {plural(len(report.entries), 'circuit')} from the cache")
    if report.base:
        blocks.append(
            f"compared with {printable(report.base.base)} ({report.base.commit[:12]}): "
            f"{plural(report.base.unchanged, 'circuit')} unchanged"
        )
    if report.not_run or report.interrupted:
        why = "interrupted" if report.interrupted else "stopped early"
        blocks.append(f"{why}: {plural(report.not_run, 'circuit')} not looked at")
    last = f"{tally(report)} ── {plural(len(report.entries), 'circuit')} in {report.seconds:.1f} s"
    decided = (f.severity for f in report.findings if not f.hit.undecided)
    worst = Severity.ERROR if report.failures else max(decided, default=None)
    colour = COLOURS[worst] if worst else "green"
    return "\n\n".join([*blocks, click.style(f"── {last} ──", fg=colour)]) + "\n"


def family(entry: FamilyReport) -> str:
    """What was found of a family as a whole; empty where that is nothing."""
    if not entry.findings:
        return ""
    title = f"{click.style(printable(entry.family.id), bold=True)}  {entry.family.sizes}"
    return "\n".join(["", title, *(line for finding in entry.findings for line in _finding(finding, ())), ""])


def failure(failed: Failure) -> Iterator[str]:
    """Who failed where, and the exception's last lines as they are."""
    place = f"{printable(failed.circuit)}: " if failed.circuit else ""
    yield click.style(f"{place}{failed.title}", fg="red", bold=True)
    yield from (f"    {printable(line)}" for line in failed.lines)


def _entry(entry: CircuitReport | UnreadableReport, verbosity: int) -> Iterator[str]:
    if isinstance(entry, UnreadableReport):
        yield click.style(named(entry.finding.path, entry.id), bold=True)
        yield from _finding(entry.finding, entry.source)
        return
    unsettled = entry.unsettled
    if not (entry.findings or unsettled or verbosity > 0):
        return
    yield _title(entry.case)
    said: set[tuple[str, Verdict]] = set()
    for finding in entry.findings:
        yield from _finding(finding, entry.case.source)
        new = [s for s in finding.suggestions if (s.name, s.verdict) not in said and (verbosity > 0 or s.is_shown)]
        yield from _suggestions(new, finding.path, verbosity)
        said.update((s.name, s.verdict) for s in new)
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
        *([f"{case.context.shots:,} shots (line {case.context.shots_span.line})"] if case.context.shots_span else ()),
        *([f"noise {case.context.noise}"] if case.context.noise.channels else ()),
    )
    return f"{click.style(named(case.path, case.id), bold=True)}  {' · '.join(facts)}"


def _finding(finding: Finding, source: Sequence[str]) -> Iterator[str]:
    width = _width()
    label = f"{click.style(told_as(finding), fg=COLOURS[finding.severity], bold=True)} {finding.code} {finding.name}"
    bare = f"{told_as(finding)} {finding.code} {finding.name}"
    place = f"{printable(finding.path)}:{finding.span.line}:{finding.span.column}" if finding.hit.span else ""
    yield ""
    yield f"  {label}{place.rjust(max(width - 2 - len(bare), len(place) + 2)) if place else ''}"
    yield from _excerpt(finding, source, width)
    yield from _wrap(finding.hit.message, width, "    ")
    if finding.hit.proof:
        yield from _labelled("evidence", finding.hit.proof, width)
    measured = any(suggestion.is_shown for suggestion in finding.suggestions)
    for i, line in enumerate(() if measured else finding.hit.help):
        yield from _labelled("" if i else "help", line, width)


def _suggestions(suggestions: Sequence[Suggestion], path: str, verbosity: int) -> Iterator[str]:
    """What to do, its measured effect at the right margin, what to type, and, if asked for, what is lost."""
    width = _width()
    for i, suggestion in enumerate(suggestions):
        yield from _beside("" if i else "help", suggestion.order, effect(suggestion), width)
        if suggestion.verdict is not Verdict.VERIFIED:
            yield from _labelled("", f"{suggestion.verdict}: {suggestion.reason}", width)
        elif suggestion.edits:
            yield from _labelled("", f"  bplint fix {printable(path)} --prior {suggestion.name}", width)
            if suggestion.also:
                yield from _labelled("", suggestion.also, width)
        if verbosity > 0 and suggestion.loses:
            yield from _labelled("", f"{suggestion.loses}; {_parameters(suggestion)}", width)


def _parameters(suggestion: Suggestion) -> str:
    before, after = suggestion.effect.parameters
    return f"{before} parameters" if before == after else f"{before} → {after} parameters"


def effect(suggestion: Suggestion) -> str:
    """``measured: signal 0.005 → 0.03, reaches 0.999 → 1 of the minimum, dimension 324``: how far training comes and the dimension
    of the algebra where they are known."""
    before, after = suggestion.effect.signal
    if before is None or after is None:
        return ""
    told = f"measured: signal {number(before)} → {number(after)}"
    start, end = suggestion.effect.reaches
    if end is not None:
        told += (
            f", reaches {'' if start is None else f'{share(start)} → '}{share(end)} of the {suggestion.effect.optimum}"
        )
    dimension = suggestion.effect.dla[1]
    algebra = "" if dimension in (None, suggestion.effect.dla[0]) else f", dimension {whole(dimension)}"
    return told + algebra


def _beside(label: str, text: str, right: str, width: int) -> Iterator[str]:
    """Two texts on one line, the second at the right margin, or on the next line where it does not fit."""
    lines = list(_labelled(label, text, width))
    yield from lines[:-1]
    room = width - len(lines[-1]) - len(right)
    if right and room >= 2:
        yield lines[-1] + right.rjust(room + len(right))
        return
    yield lines[-1]
    if right:
        yield right.rjust(width)


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


def _unsettled(unsettled: Sequence[LeftOpen]) -> Iterator[str]:
    """One line a reason."""
    for one in folded(unsettled):
        yield ""
        yield from _wrap(f"{one.status}: {one.what}: {one.reason}", _width(), "  ")


def _numbers(entry: CircuitReport) -> Iterator[str]:
    """The numbers of one circuit, and strips where they vary along it."""
    from bplint.report.strips import strip_of  # here, for the runs that show none

    yield ""
    for result in entry.analyses.values():
        for label, text in result.sentences():
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
