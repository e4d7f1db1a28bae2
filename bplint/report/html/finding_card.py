"""A finding with its place in the source, its reasons and what would mend it, in the words of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from bplint.errors import Span
from bplint.finding import Finding, Suggestion, Verdict
from bplint.number_format import number, share, whole
from bplint.report.text import printable, told_as
from bplint.rule import Rule

T = TypeVar("T")

NOT_KNOWN = "?"

ROOM = 120
"""Characters of a source line that are shown around the place."""

EDITS = 6
"""Changed lines that are shown."""


class SourceLine(NamedTuple):
    """A line of the source: what is meant, and what stands before and after it."""

    line: int
    before: str
    meant: str
    after: str


class Reason(NamedTuple):
    """A finding that explains another: its number on the page and what it is called."""

    number: int
    code: str
    name: str


class Changed(NamedTuple):
    """A number before and after a change; empty where neither is known."""

    before: str
    after: str


class Offer(NamedTuple):
    """A suggestion: what to do, how far it was verified, its effect, and what to type."""

    title: str
    verdict: str
    reason: str
    signal: Changed
    reaches: Changed
    dimension: Changed
    parameters: Changed
    optimum: str
    command: str
    also: str
    loses: str
    edits: tuple[tuple[int, str, str], ...]
    more_edits: int


class FindingCard(NamedTuple):
    """``number`` counts from 1 in each section; ``place`` is ``path:line:column``, empty where the whole file is meant."""

    number: int
    severity: str
    code: str
    name: str
    message: str
    proof: str
    help: tuple[str, ...]
    place: str
    line: SourceLine | None
    reasons: tuple[Reason, ...]
    offers: tuple[Offer, ...]
    compared: str


def cards(
    findings: Sequence[Finding], source: Sequence[str], rules: Iterable[Rule], verbosity: int
) -> list[FindingCard]:
    """The findings of a circuit or family in order, each offer at the first finding that carries it."""
    explains = {rule.code: rule.explains for rule in rules}
    said: set[tuple[str, Verdict]] = set()
    made = []
    for i, finding in enumerate(findings, start=1):
        reasons = [
            Reason(k, other.code, other.name)
            for k, other in enumerate(findings, start=1)
            if finding.code in explains.get(other.code, ())
        ]
        shown = [s for s in finding.suggestions if s.is_shown or verbosity > 0]
        new = [s for s in shown if (s.name, s.verdict) not in said]
        said.update((s.name, s.verdict) for s in new)
        span = finding.hit.span
        made.append(
            FindingCard(
                number=i,
                severity=told_as(finding),
                code=finding.code,
                name=finding.name,
                message=finding.hit.message,
                proof=finding.hit.proof,
                help=() if any(s.is_shown for s in finding.suggestions) else finding.hit.help,
                place=f"{finding.path}:{span.line}:{span.column}" if span else "",
                line=_line(finding, source),
                reasons=tuple(reasons),
                offers=tuple(_offer(s, finding.path) for s in new),
                compared=finding.compared.change if finding.compared else "",
            )
        )
    return made


def _line(finding: Finding, source: Sequence[str]) -> SourceLine | None:
    """The first line of the place, a long one cut around it."""
    span = finding.hit.span
    if span is None or not 0 < span.line <= len(source):
        return None
    text = printable(source[span.line - 1])
    first = max(0, min(span.column - 1 - ROOM // 3, len(text) - ROOM))
    last = first + ROOM
    whole = span.end_line > span.line or span == Span(
        span.line, 1, span.line, 2
    )  # a listing of a circuit has lines alone
    end = len(text) + 1 if whole else span.end_column
    start, stop = span.column - 1, max(min(end - 1, last), span.column - 1)
    before = ("… " if first else "") + text[first:start]
    return SourceLine(span.line, before, text[start:stop], text[stop:last] + (" …" if last < len(text) else ""))


def _offer(suggestion: Suggestion, path: str) -> Offer:
    effect, verified = suggestion.effect, suggestion.verdict is Verdict.VERIFIED
    command = suggestion.command(printable(path)) if verified else ""
    return Offer(
        title=suggestion.order,
        verdict=suggestion.verdict,
        reason="" if verified else suggestion.reason or suggestion.unwritten,
        signal=_changed(effect.signal, number),
        reaches=_changed(effect.reaches, share),
        dimension=_changed(effect.dla, whole),
        parameters=_changed(effect.parameters, lambda count: f"{count:,}"),
        optimum=effect.optimum,
        command=command,
        also=suggestion.unwritten if verified and not command and suggestion.unwritten else suggestion.also,
        loses=suggestion.loses,
        edits=tuple((edit.line, edit.old, edit.new) for edit in suggestion.edits[:EDITS]),
        more_edits=max(len(suggestion.edits) - EDITS, 0),
    )


def _changed(pair: tuple[T | None, T | None], told: Callable[[T], str]) -> Changed:
    before, after = (NOT_KNOWN if end is None else told(end) for end in pair)
    return Changed("", "") if before == after == NOT_KNOWN else Changed(before, after)
