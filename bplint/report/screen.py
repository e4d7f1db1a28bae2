"""What is told of one circuit without ``-v``: its worst finding, what explains it, and what to do, on about a dozen lines."""

from __future__ import annotations

import re
import shlex
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from bplint.finding import Finding, Severity, Suggestion, Verdict
from bplint.ir.context import Case
from bplint.number_format import number, plural
from bplint.report.frame import excerpt, head
from bplint.report.layout import WIDEST, advice, columns, fit, in_columns, labelled, prose, with_code
from bplint.report.relations import Explained, with_reasons
from bplint.report.text import folded, named
from bplint.runs.entries import NOT_VARIATIONAL, CircuitReport, Entry, FamilyReport, LeftOpen, UnreadableReport
from bplint.terminal.cells import spelled

SUGGESTED = 2
"""Suggestions that are shown, those that lift the signal most."""


class AsTold(NamedTuple):
    """A circuit by its place, and the first sentences of its findings."""

    place: str
    sentences: tuple[str, ...]


class Told(NamedTuple):
    """What a reader was told already: what the findings of some ``rules`` mean, and ``blocks`` by what they come to."""

    rules: set[str]
    blocks: dict[Hashable, AsTold]


class Manner(NamedTuple):
    """How a reader asks for ``more``, and what it was ``told`` already.

    ``safe`` are the rules whose findings ``bplint fix`` mends by itself, in files with one of the ``suffixes``. ``many``
    circuits that are not variational are counted, and no more.
    """

    told: Told
    more: str = "-v"
    in_python: bool = False
    safe: frozenset[str] = frozenset()
    suffixes: tuple[str, ...] = ()
    many: bool = False


def lines_of(entry: Entry | FamilyReport, manner: Manner) -> list[str]:
    """The lines of a circuit or a family; none where there is nothing that has to be looked at."""
    if isinstance(entry, UnreadableReport):
        return list(_unreadable(entry))
    standing = [one for one in with_reasons(entry.findings) if one.finding.severity > Severity.NOTE]
    if not standing:
        place = named(entry.case.path, entry.case.id) if isinstance(entry, CircuitReport) else entry.family.id
        questions = [one for one in open_questions(entry) if not (manner.many and one.status == NOT_VARIATIONAL)]
        told = (f"{place}: {one.text}" for one in questions)
        return [line for text in told for line in with_code(text)]
    return list(_block(entry, standing, manner))


def open_questions(entry: CircuitReport | FamilyReport) -> list[LeftOpen]:
    """What could not be told and matters, one a reason: not what could be no more than a note."""
    questions = [
        LeftOpen("undecided", f.code, "; ".join([f.hit.brief or sentence(f.hit.message), *f.hit.help[:1]]))
        for f in entry.findings
        if f.hit.undecided
    ]
    serious = {one.reason for one in entry.untold if not one.minor}
    minor = {one.reason for one in entry.untold if one.minor} - serious
    return folded([*questions, *(one for one in entry.unsettled if one.reason not in minor)])


def sentence(message: str) -> str:
    """The first sentence of a message."""
    return re.split(r"(?<=\.) (?=[A-Z])", message, maxsplit=1)[0]


def suggestions_of(findings: Iterable[Finding]) -> list[Suggestion]:
    """What would repair some of the findings, once each, what was refuted aside: verified ones first, the largest signal first."""
    by_title: dict[str, Suggestion] = {}
    for one in (one for finding in findings for one in finding.suggestions if one.is_shown):
        if one.name not in by_title or one.verdict is Verdict.VERIFIED:
            by_title[one.name] = one
    return sorted(
        by_title.values(), key=lambda one: (one.verdict is not Verdict.VERIFIED, -(one.effect.signal[1] or 0.0))
    )


def verified(findings: Iterable[Finding]) -> list[Suggestion]:
    """Those of them that are shown."""
    return [one for one in suggestions_of(findings) if one.verdict is Verdict.VERIFIED][:SUGGESTED]


def tried(suggestions: Sequence[Suggestion], path: str) -> Iterator[str]:
    """A line for each: what to do, its measured effect, what to type.

    Where several are too long for that, what is to be typed stands above them, and each begins with its name.
    """
    if not suggestions:
        return
    rows = [(one.title, _effect(one), one.command(path)) for one in suggestions]
    pattern = next((one.command(path, "NAME") for one in suggestions if one.command(path)), "")
    if len(rows) == 1 or not pattern or fit(rows):
        yield from in_columns("try", rows)
        return
    yield from advice("try", f"  {pattern}")
    yield from in_columns("", [(one.name if one.command(path) else "", one.title, _effect(one)) for one in suggestions])


def _unreadable(entry: UnreadableReport) -> Iterator[str]:
    finding = entry.finding
    yield head(finding, entry.id)
    yield from excerpt(finding, entry.source, columns() or WIDEST)
    yield from prose(finding.hit.message)
    for i, line in enumerate(finding.hit.help):
        yield from advice("" if i else "hint", line)


def _block(entry: CircuitReport | FamilyReport, standing: Sequence[Explained], manner: Manner) -> Iterator[str]:
    case = entry.case if isinstance(entry, CircuitReport) else None
    sizes = "" if isinstance(entry, CircuitReport) else spelled(f" · {entry.family.sizes}")
    own = [one for one in standing if one.finding.severity is Severity.ERROR] or standing[:1]
    if case and (alike := _alike(entry, case, own, manner)):
        for one in own:
            yield f"{head(one.finding, case.id)}, as in {alike.place}"
            if (text := sentence(one.finding.hit.message)) not in alike.sentences:
                yield from _shortly(text, one.finding.hit.brief)
        return
    for one in own:
        yield head(one.finding, case.id if case else "") + sizes
        yield from excerpt(one.finding, case.source if case else (), columns() or WIDEST)
        yield from prose(sentence(one.finding.hit.message))
        if because := [f for f in one.reasons if f.severity > Severity.NOTE]:
            yield from labelled("because", _listed(because))
    if also := [one.finding for one in standing if one not in own]:
        yield from labelled("also", _listed(also, places=True))
    assumed = list(_assumed(case, manner)) if case else []
    for line in assumed:
        yield from advice("assumed", line)
    offered = suggestions_of(entry.findings)
    shown = verified(entry.findings)
    yield from tried(shown, own[0].finding.path) if shown else _helped(own[0].finding, case, manner)
    for left in open_questions(entry):
        yield from advice(left.status, left.text.removeprefix(f"{left.status}: "))
    yield from _tail(entry, standing, own, len(offered) - len(shown), manner)


def _shortly(text: str, brief: str) -> Iterator[str]:
    """A sentence if it fits on a line, else what is in brief, where there is that."""
    lines = list(prose(text))
    yield from prose(brief) if brief and len(lines) > 1 else lines


def _alike(entry: CircuitReport | FamilyReport, case: Case, own: Sequence[Explained], manner: Manner) -> AsTold | None:
    """An earlier circuit with findings of the same rules, notes aside, and the same advice; None where this is the first."""
    repairs = tuple(one.name for one in verified(entry.findings))
    block = (
        frozenset((one.severity, one.code) for one in entry.findings if one.severity > Severity.NOTE),
        tuple(one.finding.code for one in own),
        repairs or own[0].finding.hit.help,
        tuple(_assumed(case, manner)),
        tuple(open_questions(entry)),
    )
    here = AsTold(named(case.path, case.id), tuple(sentence(one.finding.hit.message) for one in own))
    before = manner.told.blocks.setdefault(block, here)
    return None if before is here else before


def _helped(finding: Finding, case: Case | None, manner: Manner) -> Iterator[str]:
    """What a rule says there is to do, where no change was measured that helps; what is told as assumed is not told again."""
    if finding.hit.wants_loss:
        return
    assumed = bool(case and case.context.assumed)
    fixed = finding.code in manner.safe and finding.path.endswith(manner.suffixes or "\n") and not assumed
    for i, line in enumerate(finding.hit.help):
        yield from advice("" if i else "try", f"{line}  bplint fix {shlex.quote(finding.path)}" if fixed else line)


def _listed(findings: Sequence[Finding], *, places: bool = False) -> str:
    """Each in a few words with its code, those of one rule once."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.code, []).append(finding)
    told = []
    for code, (first, *others) in by_rule.items():
        more = f" and {len(others):,} more" if others else ""
        line = f", line {first.span.line}" if places and first.hit.span else ""
        told.append(f"{first.hit.brief or first.name.replace('-', ' ')}{more} ({code}{line})")
    return "; ".join(told)


def _assumed(case: Case, manner: Manner) -> Iterator[str]:
    """What nobody declared, and how to declare it: until then nothing is an error."""
    context = case.context
    say = '{0}="{1}"' if manner.in_python else "// bplint: {0} = {1}"
    if context.guesses_observable:
        yield f"the loss is {context.observable.text}: say which it is,  {say.format('observable', 'Z0 Z1')}"
    if context.selection.guessed:
        yield f"which angles are trained: confirm with  {say.format('trainable', context.selection.policy)}"


def _effect(suggestion: Suggestion) -> str:
    before, after = suggestion.effect.signal
    return "" if before is None or after is None else f"signal {number(before)} → {number(after)}"


def _tail(
    entry: CircuitReport | FamilyReport,
    standing: Sequence[Explained],
    own: Sequence[Explained],
    suggestions: int,
    manner: Manner,
) -> Iterator[str]:
    """What was not shown, and where the rules are explained: of each rule once in a run."""
    related = sum(f.severity > Severity.NOTE for one in standing for f in one.reasons)
    notes = sum(f.severity is Severity.NOTE and not f.hit.undecided for f in entry.findings)
    minor = sum(one.minor for one in entry.untold)
    counted = [
        (related, "related finding"),
        (notes, "note"),
        (minor, "minor question"),
        (suggestions, "more suggestion"),
    ]
    more = ", ".join(["evidence", *(plural(count, what) for count, what in counted if count)])
    new = [one.finding.code for one in own if one.finding.code not in manner.told.rules]
    manner.told.rules.update(new)
    if not new and not (notes or minor or suggestions):
        return  # of this rule it was said where the evidence is
    left = f"  {more}: {manner.more}"
    explain = [f"{words}bplint explain {new[0]}" for words in ("what it means: ", "")] if new else [""]
    for one in (f"{left}   {words}" for words in explain):
        if len(one) <= (columns() or WIDEST):
            yield one.rstrip()
            return
    yield left
    if new:
        yield f"  {explain[0]}"
