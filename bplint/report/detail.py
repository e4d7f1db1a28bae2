"""What is told of one circuit with ``-v``: every finding with its evidence, every suggestion with what it costs, the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from bplint.finding import Finding, Suggestion, Verdict
from bplint.ir.context import Case
from bplint.ir.trainable import count_trainable
from bplint.number_format import number, plural, share, whole
from bplint.report.frame import excerpt, head
from bplint.report.layout import LABEL, WIDEST, advice, columns, labelled, prose, width
from bplint.report.relations import explained
from bplint.report.text import folded, named, printable
from bplint.runs.entries import CircuitReport, Entry, FamilyReport, LeftOpen, UnreadableReport
from bplint.terminal.cells import cells, spelled


def lines_of(entry: Entry) -> Iterator[str]:
    """A circuit with its context, its findings, what could not be told, and its numbers."""
    if isinstance(entry, UnreadableReport):
        yield from _finding(entry.finding, entry.findings, entry.source, entry.id)
        return
    yield _title(entry.case)
    said: set[tuple[str, Verdict]] = set()
    for finding in entry.findings:
        yield ""
        yield from _finding(finding, entry.findings, entry.case.source, entry.case.id)
        new = [s for s in finding.suggestions if (s.name, s.verdict) not in said]
        yield from _suggestions(new, finding.path)
        said.update((s.name, s.verdict) for s in new)
    yield from _unsettled(entry.unsettled)
    yield from _numbers(entry)


def family(entry: FamilyReport) -> Iterator[str]:
    """What was found of a family as a whole; nothing where that is nothing."""
    if not entry.findings:
        return
    yield f"{click.style(printable(entry.family.id), bold=True)}  {entry.family.sizes}"
    for finding in entry.findings:
        yield ""
        yield from _finding(finding, entry.findings, ())


def _title(case: Case) -> str:
    observable = case.context.observable
    loss = f"loss ⟨{_short(observable.text, 40)}⟩"
    if not case.context.loss.of_rows:
        loss = f"loss {case.context.loss}"
    elif case.context.guesses_observable:
        loss = f"loss assumed: {observable.text}"
    elif case.context.observable_span:
        loss += f" (line {case.context.observable_span.line})"
    facts = (
        plural(case.circuit.n_declared, "qubit"),
        *([plural(ancillas, "ancilla")] if (ancillas := case.circuit.ancillas) else ()),
        plural(count_trainable(case.circuit), "parameter"),
        loss,
        f"{case.context.init} start",
        *([f"{case.context.shots:,} shots (line {case.context.shots_span.line})"] if case.context.shots_span else ()),
        *([f"noise {case.context.noise}"] if case.context.noise.channels else ()),
    )
    return spelled(f"{click.style(named(case.path, case.id), bold=True)}  {' · '.join(facts)}")


def _finding(finding: Finding, others: Sequence[Finding], source: Sequence[str], id: str = "") -> Iterator[str]:
    yield head(finding, id)
    yield from excerpt(finding, source, columns() or WIDEST)
    yield from prose(finding.hit.message)
    if codes := explained(finding, others):
        yield from labelled("explains", ", ".join(codes))
    if finding.hit.proof:
        yield from labelled("evidence", finding.hit.proof)
    measured = any(suggestion.is_shown for suggestion in finding.suggestions)
    for i, line in enumerate(() if measured else finding.hit.help):
        yield from advice("" if i else "help", line)


def _suggestions(suggestions: Sequence[Suggestion], path: str) -> Iterator[str]:
    """What to do, its measured effect at the right margin, what to type, and what is lost."""
    for i, suggestion in enumerate(suggestions):
        yield from _beside("" if i else "try", suggestion.order, effect(suggestion))
        if suggestion.verdict is not Verdict.VERIFIED:
            yield from labelled("", f"{suggestion.verdict}: {suggestion.reason}")
        elif command := suggestion.command(path):
            yield from advice("", f"  {command}")
            if suggestion.also:
                yield from labelled("", suggestion.also)
        elif suggestion.unwritten:
            yield from labelled("", f"cannot be written: {suggestion.unwritten}")
        if suggestion.loses:
            yield from labelled("", f"{suggestion.loses}; {_parameters(suggestion)}")


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


def _beside(label: str, text: str, right: str) -> Iterator[str]:
    """Two texts on one line, the second at the right margin, or on the next line where it does not fit."""
    right = spelled(right)
    *others, last = labelled(label, text)
    yield from others
    room = width() - cells(last) - cells(right)
    if right and room >= 2:
        yield last + " " * room + right
        return
    yield last
    if right:
        yield " " * (width() - cells(right)) + right


def _unsettled(unsettled: Sequence[LeftOpen]) -> Iterator[str]:
    """One line a reason."""
    for one in folded(unsettled):
        yield ""
        yield from prose(one.text)


def _numbers(entry: CircuitReport) -> Iterator[str]:
    """The numbers of one circuit, and strips where they vary along it."""
    from bplint.report.strips import strip_of  # here, for the runs that show none

    yield ""
    for result in entry.analyses.values():
        for label, text in result.sentences():
            yield from labelled(label, text)
            yield from strip_of(label, result, entry.case, width(), 2 + LABEL)


def _short(text: str, limit: int) -> str:
    text = printable(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
