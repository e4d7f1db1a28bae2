"""What a change does: algebra, signal, parameters and the end of training, and whether a prior keeps what it promises."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.dla import dla
from bplint.analyses.gradients.gradient import gradient
from bplint.analyses.kernels.kernel import kernel_signal
from bplint.analyses.kernels.mmd import mmd, of_discrepancy
from bplint.analyses.symmetry.check_prior import Promise, promise
from bplint.analyses.training.end import End
from bplint.bounds import Status
from bplint.ir.context import Case
from bplint.ir.loss_function import LINEAR
from bplint.ir.trainable import count_trainable
from bplint.repairs.changes import Change, equivariants
from bplint.repairs.ends import Shortfall, ends, is_trained, noisy_shortfall, shortfall

ENOUGH = 3
"""Changes of a kind that are offered; no more are measured."""


NEAR = 1.25
"""How far above the signal its upper bound may be, where it is compared with another."""


LOOSE, GAIN = 10, 2
"""A signal whose upper bound is so many times larger, and how many times larger one has to be that is set against it."""


class State(NamedTuple):
    """The numbers of one circuit. ``dimension`` of the algebra is None where it is not exact.

    ``signal`` is the largest, E[(∂C)²]/(R² N(O)), with bounds that hold with certainty 1 - 1e-6, ``gradient`` the largest
    E[(∂C)²]; ``unknown`` says why they are not known. ``parameters`` is None where there is no circuit. Where the loss is a
    kernel the signal is that of :func:`~bplint.analyses.kernels.kernel.kernel_signal`.
    """

    parameters: int | None
    dimension: int | None = None
    gradient: float = 0.0
    signal: float = 0.0
    lower: float = 0.0
    upper: float = 0.0
    unknown: str = ""


class Measured(NamedTuple):
    """A change with the numbers before and after it.

    ``ask`` answers about the changed case; None where it was not measured, because there is none or a promise is broken.
    ``promise`` is what was checked of a prior, ``ends`` where training ends before and after: of what keeps its promise and
    shows a larger signal. ``only_starts`` says that circuit and loss are as before, so that nothing falls out of reach: what
    counts is how far training comes with the declared shots, of which ``noisy`` tells.
    """

    change: Change
    before: State
    after: State
    ask: Ask | None = None
    promise: Promise | None = None
    ends: tuple[End, End] | None = None
    only_starts: bool = False
    noisy: Shortfall = Shortfall()

    @property
    def changed(self) -> Case:
        """The changed case."""
        assert self.ask is not None
        return self.ask.case

    @property
    def is_kept(self) -> bool:
        """Whether nothing that a prior promises is broken, and the signal is known."""
        return not (self.after.unknown or (self.promise and self.promise.broken))

    @property
    def lifts(self) -> bool:
        """Whether the signal is surely larger."""
        return self.after.lower > self.before.upper

    @property
    def may_lift(self) -> bool:
        """Whether another start shows a larger signal as measured, where that of before is not bounded as closely."""
        before, after = self.before, self.after
        return self.only_starts and before.upper > LOOSE * before.signal and after.signal > GAIN * before.signal > 0

    @property
    def shows(self) -> bool:
        """Whether the signal is surely above the noise of the shots."""
        return self.ask is not None and self.after.lower > 1 / self.changed.context.shots

    @property
    def shortfall(self) -> Shortfall:
        """Whether training ends as well with the change as without, and with a prior at a minimum of the loss.

        That its sector holds one need not be proved where training ends there.
        """
        falls = Shortfall()
        if self.ends is not None and not self.change.of_embedding:
            falls = shortfall(*self.ends, self.after.dimension, only_starts=self.only_starts)
            falls = falls if any(falls) else self.noisy
        unchecked = self.promise.unchecked if self.promise else ""
        if falls.worse or not unchecked or (self.ends and self.ends[1].values and self.ends[1].is_best):
            return falls
        return Shortfall(unchecked=unchecked)

    @property
    def helps(self) -> bool:
        """Whether it keeps what it promises, the signal is larger and shows, and training ends as well."""
        return self.is_kept and self.lifts and self.shows and not any(self.shortfall)

    @property
    def merit(self) -> tuple[float, int]:
        """What is better is larger: where training ends, to three digits, then the signal, to a factor of two."""
        reached = self.ends[1].reached if self.ends and self.ends[1].values else 0.0
        return round(reached, 3), round(math.log2(self.after.signal)) if self.after.signal else -sys.maxsize

    @property
    def gain(self) -> float:
        """How many times larger the signal is, as estimated."""
        return self.after.signal / self.before.signal if self.before.signal else math.inf


def state(case: Case, ask: Ask) -> State:
    """The numbers of a case."""
    return ask(_signal)._replace(dimension=ask(_dimension))


def _dimension(case: Case, ask: Ask) -> int | None:
    """That of the algebra, where there is something to train."""
    if case.context.loss.is_kernel or of_discrepancy(case):
        return None
    try:
        algebra = ask(dla)
    except BudgetError:
        return None
    return algebra.upper if algebra.status is Status.EXACT else None


def _signal(case: Case, ask: Ask) -> State:
    """The numbers of a case without its algebra, which often takes longer than all others."""
    if case.context.loss.is_kernel:
        return ask(_kernel_state)
    if of_discrepancy(case):
        return ask(_discrepancy_state)
    parameters = count_trainable(case.circuit)
    try:
        answer = ask(gradient)
    except BudgetError as error:
        return State(parameters, unknown=str(error))
    if answer.unknown:
        return State(parameters, unknown=answer.unknown)
    return State(
        parameters=parameters,
        gradient=max(c.second_moment for c in answer.components),
        signal=answer.signal,
        lower=answer.lower,
        upper=answer.upper,
    )


def _kernel_state(case: Case, ask: Ask) -> State:
    """Of a kernel, which trains nothing: its signal is that of its entries."""
    signal = ask(kernel_signal)
    if isinstance(signal, str):
        return State(0, unknown=signal)
    return State(0, signal=signal.value, lower=signal.lower, upper=signal.upper)


def _discrepancy_state(case: Case, ask: Ask) -> State:
    """Of a maximum mean discrepancy; where only bounds are known the signal is the one from below."""
    discrepancy, parameters = ask(mmd), count_trainable(case.circuit)
    if not discrepancy.status.told:
        return State(parameters, unknown=discrepancy.reason)
    low, high = discrepancy.signal_ends
    return State(parameters, gradient=discrepancy.lower, signal=low, lower=low, upper=high)


def compared(case: Case, ask: Ask) -> State:
    """The numbers of a case with a signal bounded from above as closely as a comparison needs it."""
    now = ask(state)
    near = now.signal * NEAR
    if now.unknown or not near or now.upper <= near or of_discrepancy(case):
        return now
    shots = max(1, math.floor(1 / near))
    closer = ask.about(case._replace(context=case.context._replace(shots=shots)), brief=True)(gradient)
    if closer.unknown:
        return now
    return now._replace(lower=max(now.lower, closer.lower), upper=min(now.upper, closer.upper))


def measure(case: Case, ask: Ask, change: Change) -> Measured:
    """The change, made and measured, with less work than would go into one circuit alone.

    The algebra is that of what lifts the signal alone; :func:`with_algebra` adds it for others.
    """
    before = (ask.about(_of_labels(case), brief=True) if change.of_labels else ask)(compared)
    if change.refused:
        return Measured(change, before, State(None, unknown=change.refused))
    changed = ask(about_changed, change=change).case
    kept = _kept(change, case, changed)
    if kept and kept.broken:
        return Measured(change, before, State(count_trainable(changed.circuit), unknown=kept.broken), promise=kept)
    against = _against(_of_labels(changed) if change.of_labels else changed, before)
    asked = ask(about_changed, change=change)
    after = (asked if against is changed else ask.about(against, brief=True))(_signal)
    same = changed.circuit is case.circuit and changed.context.observable == case.context.observable
    measured = Measured(change, before, after, asked, kept, only_starts=same)
    trains = not (case.context.loss.is_kernel or case.context.loss.of_samples or change.of_embedding)
    lifts = (measured.lifts and measured.shows) or measured.may_lift
    if not (trains and measured.is_kept and lifts):
        return measured
    measured = with_algebra(measured)._replace(ends=ends(case, ask, asked))
    return measured if not same or any(measured.shortfall) else measured._replace(noisy=noisy_shortfall(ask, asked))


def about_changed(case: Case, ask: Ask, *, change: Change) -> Ask:
    """Answers about the case as a change makes it, with less work than would go into one circuit alone."""
    return ask.about(change.case(case), brief=True)


def with_algebra(measured: Measured) -> Measured:
    """With the dimension of the algebra, where there is a circuit."""
    if measured.ask is None or measured.after.dimension is not None:
        return measured
    known = measured.before.dimension if measured.change.rewrite is None else None
    dimension = measured.ask(_dimension) if known is None else known
    return measured._replace(after=measured.after._replace(dimension=dimension))


def _of_labels(case: Case) -> Case:
    """The case with the loss that is the labels' share of any other."""
    return case._replace(context=case.context._replace(loss=LINEAR))


def promised(case: Case, ask: Ask, *, change: Change) -> State:
    """The numbers of the changed case as they are when it is linted: with all the work that goes into one circuit."""
    measured = with_algebra(ask(measure, change=change))
    after = measured.after
    if measured.ask is None or change.of_labels or after.unknown or after.upper <= NEAR * after.signal:
        return after
    asked = ask.about(measured.changed)
    closer = asked(_signal)
    if closer.unknown:
        return after
    return closer._replace(dimension=asked(_dimension) if after.dimension is None else after.dimension)


def _kept(change: Change, case: Case, changed: Case) -> Promise | None:
    """Whether the promise of a change is kept; None if it makes none. Another loss has to have the same optimum."""
    if changed.context.observable != case.context.observable:
        projector, near = case.context.observable.projector, changed.context.observable
        alone = {1 << q + near.n_qubits for q in projector}
        same = {string for string, c in near.terms if c > 0} == alone and len(near.terms) == len(alone) > 0
        return Promise("" if same else "the loss is another, with another optimum", "")
    return promise(change.prior, changed) if change.prior and change.rewrite else None


def _against(changed: Case, before: State) -> Case:
    """The case with so few shots that its signal has to be told from the one before: sampling goes on until it is."""
    if before.unknown or not before.upper:
        return changed
    context = changed.context
    if context.shots * before.upper <= 1:
        return changed
    return changed._replace(context=context._replace(shots=max(1, math.floor(1 / before.upper))))


def priors(case: Case, ask: Ask) -> tuple[Measured, ...]:
    """The symmetry priors of a case, measured."""
    return tuple(until_enough(ask, equivariants(case, ask)))


def until_enough(ask: Ask, changes: Iterable[Change]) -> Iterator[Measured]:
    """The changes, measured, until :data:`ENOUGH` of them help; not the richer ones of those with which training ends well.

    Where one helps, none is measured of which it cannot be known where training ends.
    """
    good = 0
    poor: set[str] = set()
    for change in changes:
        if change.richer_than and change.richer_than not in poor:
            continue
        if good and change.prior and change.rewrite and not is_trained(ask(about_changed, change=change)):
            continue
        measured = ask(measure, change=change)  # asked for, as several findings may have one change for a repair
        yield measured
        good += measured.helps
        if measured.ends and measured.ends[1].values and any(measured.shortfall):
            poor.add(change.name)
        if good == ENOUGH:
            return  # they come in the order of preference
