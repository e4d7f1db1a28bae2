"""Suggestions for findings: changes are measured, judged by the rules that found fault, ranked and attached.

A suggestion is verified only if the finding is gone on the changed circuit, its signal is surely larger, and a prior keeps
what it promises (contract section 6).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from bplint import engine
from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.symmetry.listing import listed_prior
from bplint.finding import Effect, Finding, Severity, Suggestion, Verdict
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.repair import (
    ENOUGH,
    Measured,
    Text,
    edits_of,
    equivariants,
    fewer_layers,
    local,
    measure,
    near_zero,
    priors,
    without_culprit,
)
from bplint.rewrite import Edit, Refused
from bplint.rule import Rule

_PRIORS = frozenset({"BP101", "BP103", "BP301", "BP901"})
_NOTES = frozenset({"BP103", "BP901"})
"""Rules that are notes, and are there to suggest something."""
_ALGEBRA = frozenset({"BP101", "BP103"})
"""Rules that are silent too where the algebra is not known."""

_FAULTS = frozenset({"BP902"})
"""What no change may bring about: a sector without the optimum. A dead loss has no signal."""


class Judged(NamedTuple):
    """A change as a suggestion for one finding."""

    suggestion: Suggestion
    measured: Measured


def suggest(
    case: Case,
    ask: Ask,
    findings: Sequence[Finding],
    rules: Sequence[Rule],
    source: Text | None = None,
    hidden: Set[str] = frozenset(),
) -> tuple[Finding, ...]:
    """The findings with what would repair them. ``rules`` are those of the run; ``source`` is what can be edited.

    BP901 is left out where another finding carries a verified prior, or one that could is among the ``hidden`` codes, those of
    suppressed findings: it would say the same.
    """
    found = []
    written: dict[str, tuple[Edit, ...] | Refused] = {}  # by name: several findings may carry one change
    for finding in findings:
        judged = judge(case, ask, finding, rules)
        suggestions = tuple(_with_edits(j, case, source, written) for j in judged)
        found.append(finding._replace(suggestions=suggestions))
    others = [f for f in found if f.code != "BP901"]
    said = not hidden.isdisjoint(_PRIORS - {"BP901"}) or any(
        s.group and s.verdict is Verdict.VERIFIED for f in others for s in f.suggestions
    )
    return tuple(f for f in found if f.code != "BP901" or not said)


def judge(case: Case, ask: Ask, finding: Finding, rules: Sequence[Rule]) -> list[Judged]:
    """The changes that could repair a finding, the best first, at most three, and then those that were refuted."""
    if finding.severity is Severity.NOTE and finding.code not in _NOTES:
        return []  # stepped down: nothing has to be repaired
    measured: list[Measured] = []
    with contextlib.suppress(BudgetError):  # the analysis is reported as inconclusive
        measured.extend(_measured(case, ask, finding))
    # BP901 asks for symmetries: of the symmetry that it names, the promise is checked.
    judges = [rule for rule in rules if rule.code in {finding.code, *_FAULTS} - {"BP901"}]
    return _ranked([_judged(m, finding.code, judges, case.circuit.n_qubits) for m in measured])


def wanted(case: Case, ask: Ask, name: str = "", source: Text | None = None) -> list[Judged]:
    """The symmetry priors for their own sake, or the one of this name: the best first, whatever was found.

    ``BudgetError`` where the symmetries are not known.
    """
    measured = [measure(case, ask, c) for c in equivariants(case, ask) if c.name == name] if name else ask(priors)
    judged = [_judged(m, "", (), case.circuit.n_qubits) for m in measured]
    return _ranked([j._replace(suggestion=_with_edits(j, case, source, {})) for j in judged])


def _ranked(judged: Sequence[Judged]) -> list[Judged]:
    best = sorted(judged, key=_rank)
    kept = [j for j in best if j.suggestion.verdict is not Verdict.REFUTED][:ENOUGH]
    return kept + [j for j in best if j.suggestion.verdict is Verdict.REFUTED]


def _measured(case: Case, ask: Ask, finding: Finding) -> Iterator[Measured]:
    if finding.code in ("BP201", "BP301"):
        yield from ask(_locals)
    if finding.code == "BP103":
        yield from ask(_culprits)
    if finding.code == "BP701" and isinstance(width := finding.hit.evidence.get("width"), float):
        yield measure(case, ask, near_zero(width))
    if finding.code in _PRIORS and case.context.observable_source != "assumed":  # else nobody said what is symmetric
        yield from ask(priors)
    if finding.code == "BP301":
        yield from ask(_layers)


def _locals(case: Case, ask: Ask) -> tuple[Measured, ...]:
    return tuple(measure(case, ask, change) for change in local(case, ask))


def _culprits(case: Case, ask: Ask) -> tuple[Measured, ...]:
    return tuple(measure(case, ask, change) for change in without_culprit(case, ask))


def _layers(case: Case, ask: Ask) -> tuple[Measured, ...]:
    return tuple(measure(case, ask, change) for change in fewer_layers(case, ask))


def _judged(measured: Measured, code: str, judges: Sequence[Rule], n: int) -> Judged:
    """For the finding with this code, or none."""
    verdict, reason = _verdict(measured, code, judges)
    change, before, after = measured.change, measured.before, measured.after
    prior = change.prior
    known = not after.unknown
    effect = Effect(
        dla=(before.dimension, after.dimension),
        gradient_max=(None if before.unknown else before.gradient, after.gradient if known else None),
        signal=(None if before.unknown else before.signal, after.signal if known else None),
        parameters=(before.parameters, after.parameters),
    )
    suggestion = Suggestion(
        name=change.name,
        title=change.title,
        verdict=verdict,
        effect=effect,
        reason=reason,
        group=prior.group if prior else "",
        generators=listed_prior(prior, n) if prior else (),
        keeps=change.keeps,
        loses=change.loses,
    )
    return Judged(suggestion, measured)


def _verdict(measured: Measured, code: str, judges: Sequence[Rule]) -> tuple[Verdict, str]:
    before, after, promise = measured.before, measured.after, measured.promise
    if promise and promise.broken:
        return Verdict.REFUTED, promise.broken
    if measured.ask is None or after.unknown:
        return Verdict.UNVERIFIED, after.unknown
    if before.unknown:
        return Verdict.UNVERIFIED, f"the signal without it is not known: {before.unknown}"
    if not measured.lifts:
        return Verdict.REFUTED, f"the signal is not surely larger: {number(after.signal)}"
    findings, untold, _ = engine.check(measured.ask.case, measured.ask, judges)
    found = [f for f in findings if f.code == code or f.severity > Severity.NOTE]
    if found:
        first = found[0].code
        return Verdict.REFUTED, f"{first} is {'still ' * (first == code)}found on the changed circuit"
    if ran_out := [rule.code for rule in untold if rule.ran_out]:
        return Verdict.UNVERIFIED, f"whether {ran_out[0]} is found on the changed circuit could not be told"
    if code in _ALGEBRA and after.dimension is None:
        return Verdict.UNVERIFIED, "the dimension of its algebra is not known"
    if promise and promise.unchecked:
        return Verdict.UNVERIFIED, promise.unchecked
    return Verdict.VERIFIED, ""


def _with_edits(
    judged: Judged, case: Case, source: Text | None, written: dict[str, tuple[Edit, ...] | Refused]
) -> Suggestion:
    """The suggestion with the edits that carry it out; those made are kept in ``written``."""
    suggestion, change = judged.suggestion, judged.measured.change
    if suggestion.verdict is Verdict.REFUTED:
        return suggestion
    if source is None or change.refused:
        return suggestion._replace(unwritten=change.refused or "only OpenQASM is written")
    if change.name not in written:
        written[change.name] = edits_of(change, case.circuit, source)
    found = written[change.name]
    if isinstance(found, Refused):
        return suggestion._replace(unwritten=found.reason)
    return suggestion._replace(edits=found)


def _rank(judged: Judged) -> tuple[object, ...]:
    """Verified ones first; then those whose signal shows; then the least restriction, which is the larger algebra.

    A restriction beyond need may lose the solution (arXiv:2606.20316). Changes that no symmetry asks for keep their place.
    """
    suggestion, after = judged.suggestion, judged.measured.after
    order = list(Verdict).index(suggestion.verdict)
    specific = suggestion.name in ("culprit", "local", "small-angles")
    return order, not specific, not suggestion.group, not judged.measured.shows, -(after.dimension or 0)
