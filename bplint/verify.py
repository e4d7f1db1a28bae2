"""Suggestions for findings: changes are measured, judged by the rules that found fault, ranked and attached.

A suggestion is verified only if the finding is gone on the changed circuit, its signal is surely larger and above the noise,
a prior keeps what it promises, and training comes as far as without it (contract section 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from bplint import engine
from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.symmetry.listing import listed_prior
from bplint.analyses.training.end import End
from bplint.failure import Fault, MalformedError, PartKind, caught
from bplint.finding import Effect, Finding, Hit, Severity, Suggestion, Verdict
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.repairs import Change
from bplint.repairs.changes import equivariants
from bplint.repairs.editing import CarriedOut, Source
from bplint.repairs.measure import ENOUGH, Measured, State, measure, priors, promised, until_enough, with_algebra
from bplint.repairs.starts import STARTS
from bplint.rewrite import Refused
from bplint.rule import Rule


class Judged(NamedTuple):
    """A change as a suggestion for one finding; ``place`` is that of its repair among those of the rule."""

    suggestion: Suggestion
    measured: Measured
    place: int = 0


def suggest(
    case: Case,
    ask: Ask,
    findings: Sequence[Finding],
    rules: Sequence[Rule],
    source: Source | None = None,
    hidden: Set[str] = frozenset(),
) -> tuple[tuple[Finding, ...], tuple[Fault, ...]]:
    """The findings with what would repair them, and the repairs that failed.

    ``rules`` are those of the run; ``source`` is what the circuit came from, if changes can be written there.

    An offer is left out where another finding carries a verified change by the same repair, or one that could is among the
    ``hidden`` codes, those of suppressed findings: it would say the same.
    """
    rule_of = {rule.code: rule for rule in rules}
    offers = {rule.code: rule for rule in rules if rule.offer}
    told = {repair for code in hidden & rule_of.keys() - offers.keys() for repair in rule_of[code].repairs}
    offered, faults = [], []
    written: dict[Change, CarriedOut | Refused] = {}  # several findings may carry one change
    for finding in findings:
        judged, failed = judge(case, ask, finding, rules)
        faults += failed
        suggestions = tuple(_carried_out(j, case, source, written) for j in judged)
        offered.append(finding._replace(suggestions=suggestions))
        if finding.code not in offers:
            verified = [j.place for j in judged if j.suggestion.verdict is Verdict.VERIFIED]
            told.update(rule_of[finding.code].repairs[place] for place in verified)
    left = tuple(f for f in offered if f.code not in offers or told.isdisjoint(offers[f.code].repairs))
    return left, tuple(dict.fromkeys(faults))  # one for several findings


def judge(case: Case, ask: Ask, finding: Finding, rules: Sequence[Rule]) -> tuple[list[Judged], list[Fault]]:
    """The changes that could repair a finding, the best first, at most three, and then those that were refuted.

    A repair that fails leaves the others, and what it had changed before.
    """
    rule = next((rule for rule in rules if rule.code == finding.code), None)
    if rule is None or finding.severity < min(rule.severity, Severity.WARNING):
        return [], []  # stepped down, and not only because it rests on a guess: nothing has to be repaired
    if case.circuit.ancillas:
        return [], []  # a repair would change them as if the source had them
    tried: list[tuple[int, Measured]] = []
    faults: list[Fault] = []
    for place, repair in enumerate(rule.repairs):
        try:
            tried.extend((place, m) for m in until_enough(ask, _changes(repair(case, ask, finding.hit))))
        except BudgetError:
            break  # the analysis is reported as inconclusive
        except Exception as error:
            faults.append(caught(PartKind.REPAIR, rule.code, rule.module, error))
    judges = [other for other in rules if other.forbidden or (other is rule and not rule.offer)]
    n = case.circuit.n_qubits
    judged = [_judged(m, finding.code, judges, n)._replace(place=place) for place, m in tried]
    return [_promising(j, ask) for j in _ranked(judged)], faults


def _changes(yielded: Iterable[Change]) -> Iterator[Change]:
    """What a repair yields; ``MalformedError`` for what is no change."""
    for change in yielded:
        if not isinstance(change, Change):
            raise MalformedError(f"want Change objects from a repair, got {type(change).__name__}")
        yield change


def wanted(case: Case, ask: Ask, name: str = "", source: Source | None = None) -> list[Judged]:
    """The symmetry priors for their own sake, or the one or the start of this name: the best first, whatever was found.

    ``BudgetError`` where the symmetries are not known.
    """
    if case.circuit.ancillas:
        return []
    named = STARTS[name](case, ask, Hit("")) if name in STARTS else equivariants(case, ask, name)
    measured = [ask(measure, change=c) for c in named] if name else ask(priors)
    judged = [_judged(m, "", (), case.circuit.n_qubits) for m in measured]
    ranked = _ranked([j._replace(suggestion=_carried_out(j, case, source, {})) for j in judged])
    return [_promising(j, ask) for j in ranked]


def _ranked(judged: Sequence[Judged]) -> list[Judged]:
    best = sorted(judged, key=_rank)
    kept = [j for j in best if j.suggestion.verdict is not Verdict.REFUTED][:ENOUGH]
    return kept + [j for j in best if j.suggestion.verdict is Verdict.REFUTED]


def _judged(measured: Measured, code: str, judges: Sequence[Rule], n: int) -> Judged:
    """For the finding with this code, or none."""
    measured = with_algebra(measured)
    verdict, reason = _verdict(measured, code, judges)
    change = measured.change
    prior = change.prior
    suggestion = Suggestion(
        name=change.name,
        title=change.title,
        verdict=verdict,
        effect=_effect(measured, measured.after),
        reason=reason,
        group=prior.group if prior else "",
        generators=listed_prior(prior, n) if prior else (),
        keeps=change.keeps,
        loses=change.loses,
        also=change.also,
    )
    return Judged(suggestion, measured)


def _promising(judged: Judged, ask: Ask) -> Judged:
    """A verified one with the numbers that a lint of the changed circuit finds: candidates are measured with less work."""
    suggestion, measured = judged.suggestion, judged.measured
    if suggestion.verdict is not Verdict.VERIFIED:
        return judged
    effect = _effect(measured, ask(promised, change=measured.change))
    return judged._replace(suggestion=suggestion._replace(effect=effect))


def _effect(measured: Measured, after: State) -> Effect:
    before, ends = measured.before, measured.ends or (End(), End())
    known = not after.unknown
    return Effect(
        dla=(before.dimension, after.dimension),
        gradient_max=(None if before.unknown else before.gradient, after.gradient if known else None),
        signal=(None if before.unknown else before.signal, after.signal if known else None),
        parameters=(before.parameters, after.parameters),
        reaches=(_reached(ends[0]), _reached(ends[1])),
        optimum=ends[1].optimum,
    )


def _verdict(measured: Measured, code: str, judges: Sequence[Rule]) -> tuple[Verdict, str]:
    before, after, promise = measured.before, measured.after, measured.promise
    if promise and promise.broken:
        return Verdict.REFUTED, promise.broken
    if measured.ask is None or after.unknown:
        return Verdict.UNVERIFIED, after.unknown
    if before.unknown:
        return Verdict.UNVERIFIED, f"the signal without it is not known: {before.unknown}"
    if measured.may_lift and not measured.lifts:
        told = f"{number(after.signal)} as measured, and at most {number(before.upper)} without it"
        return Verdict.UNVERIFIED, f"the signal is not surely larger: {told}"
    if not measured.lifts:
        return Verdict.REFUTED, f"the signal is not surely larger: {number(after.signal)}"
    if not measured.shows:
        shots = measured.changed.context.shots
        hidden = after.upper <= 1 / shots
        told = f"{'below' if hidden else 'not surely above'} the noise of {shots:,} shots"
        return (Verdict.REFUTED if hidden else Verdict.UNVERIFIED), f"its own signal, {number(after.signal)}, is {told}"
    if measured.shortfall.worse:
        return Verdict.REFUTED, measured.shortfall.worse
    findings, untold, _ = engine.check(measured.ask.case, measured.ask, judges)
    remaining = [f for f in findings if (f.code == code or f.severity > Severity.NOTE) and not f.hit.undecided]
    if remaining:
        first = remaining[0].code
        return Verdict.REFUTED, f"{first} is {'still ' * (first == code)}found on the changed circuit"
    if any(f.hit.undecided and f.code == code for f in findings):
        return Verdict.UNVERIFIED, f"whether {code} is found on the changed circuit is not settled"
    for one in untold:  # of what is forbidden, only what is found counts, unless the budget ran out
        if one.ran_out:
            return Verdict.UNVERIFIED, f"whether {one.code} is found on the changed circuit could not be told"
        if one.code == code:
            return Verdict.UNVERIFIED, one.reason
    if measured.shortfall.unchecked:
        return Verdict.UNVERIFIED, measured.shortfall.unchecked
    return Verdict.VERIFIED, ""


def _reached(end: End) -> float | None:
    return end.reached if end.values else None


def _carried_out(
    judged: Judged, case: Case, source: Source | None, written: dict[Change, CarriedOut | Refused]
) -> Suggestion:
    """The suggestion with what it comes to in the source; what was carried out is kept in ``written``."""
    suggestion, measured = judged.suggestion, judged.measured
    change = measured.change
    if suggestion.verdict is Verdict.REFUTED:
        return suggestion
    if source is None or change.refused:
        return suggestion._replace(unwritten=change.refused or _NO_SOURCE)
    if change not in written:
        written[change] = source.carried_out(change, case, measured.ask.case if measured.ask else None)
    reading = written[change]
    if isinstance(reading, Refused):
        return suggestion._replace(unwritten=reading.reason)
    return suggestion._replace(edits=reading.edits, written=reading.written)


def _rank(judged: Judged) -> tuple[object, ...]:
    """Verified ones first; then by what they bring; then as the rule has its repairs; then the smallest change; then the least
    restriction, which is the larger algebra: a restriction beyond need may lose the solution (arXiv:2606.20316).
    """
    measured = judged.measured
    order = list(Verdict).index(judged.suggestion.verdict)
    reached, signal = measured.merit
    return order, -reached, -signal, judged.place, measured.change.size, -(measured.after.dimension or 0)


_NO_SOURCE = "only OpenQASM is written, and circuits that are handed to bplint in Python"
