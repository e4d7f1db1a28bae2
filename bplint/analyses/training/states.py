"""The loss and its exact gradient at given parameters, on the basis states that a circuit can reach, made for many evaluations.

As :mod:`bplint.analyses.gradients.reachable_states.evaluator`, from the same classes, but with few samples and thousands of
evaluations in mind: diagonal generators that follow each other are one phase, and a turn is ψ cos + w ψ[partner] sin over all
states that it moves, without a look at which come first. The gradient is by the adjoint method (arXiv:2009.02823), with what
each step saw of ψ remembered: only what the loss makes of the last ψ goes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.reachable_states.closure import ClassStep, ReachedStates, StatePairs, reached
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates
from bplint.analyses.gradients.reachable_states.seen import Seen, projector, string_sum
from bplint.ir.circuit import Floats, Index
from bplint.ir.frame import Frame
from bplint.ir.observable import Observable
from bplint.ir.pauli import anticommute, x_part

if TYPE_CHECKING:
    import numpy.typing as npt

Complex: TypeAlias = "npt.NDArray[np.complex128]"

STATES = 1 << 12
"""Basis states, at most: those of 12 qubits."""

MEMORY = 1 << 28
"""Bytes of pairs, at most."""

PATTERNS = 32
"""Different columns of diagonal generators for which factors are worked out at once: fewer than states take fewer exponentials."""

STEP, TOUCHED = 25_000, 20
"""Operations of one step of an evaluation, there and back, and of one amplitude of a sample in it."""


class _Phase(NamedTuple):
    """exp(-i/2 Σ_k h_k ψ_k) over ``some`` groups of a run: the columns of ``h``, float64 (groups, columns), differ, and each state
    has one of them."""

    some: slice
    h: Floats
    column: Index

    def at(self, angles: Floats) -> Complex:
        """Factors, complex128 (samples, states), at angles (groups of the run, samples)."""
        return np.asarray(np.exp(-0.5j * (angles[self.some].T @ self.h)).take(self.column, axis=1))


class _Phases(NamedTuple):
    """A run of diagonal groups on the first states: the product of ``parts``; ``h``, float64 (groups, states), is that of all."""

    groups: Index
    h: Floats
    parts: tuple[_Phase, ...]

    def forth(self, state: Complex, angles: Floats) -> tuple[Complex, Complex]:
        """Turn (samples, states) in place by angles (groups of the loss, samples); the phases, and ψ behind them."""
        phases, *others = [part.at(angles[self.groups]) for part in self.parts]
        for other in others:
            phases *= other
        own = state[:, : len(self.h.T)]
        own *= phases
        return phases, own.copy()

    def back(self, seen: Complex, kept: tuple[Complex, Complex], slopes: Floats) -> None:
        """Turn λ back in place, and add Im<λ|G|ψ> of each group."""
        phases, state = kept
        own = seen[:, : len(self.h.T)]
        slopes[self.groups] += self.h @ (own.conj() * state).imag.T
        own *= phases.conj()


class _Turns(NamedTuple):
    """ψ[rows] becomes cos φ ψ[rows] + sin φ weight ψ[partner], φ = angle · size / 2. ``size`` is (rows,), or (1,) for all alike.

    ``rows`` is None where all states move, in their order.
    """

    group: int
    rows: Index | None
    partner: Index
    weight: Complex
    size: Floats

    def forth(self, state: Complex, angles: Floats) -> tuple[Complex, Floats, Floats]:
        """Turn (samples, states) in place by angles (groups of the loss, samples); weight ψ[partner], cos φ and sin φ."""
        half = np.multiply.outer(angles[self.group], self.size / 2)
        cosine, sine = np.cos(half), np.sin(half)
        return self._turn(state, cosine, sine), cosine, sine

    def back(self, seen: Complex, kept: tuple[Complex, Floats, Floats], slopes: Floats) -> None:
        """Turn λ back in place, and add Im<λ|G|ψ>: G ψ is i size · weight · ψ[partner]."""
        other, cosine, sine = kept
        self._turn(seen, cosine, -sine)
        own = seen if self.rows is None else seen.take(self.rows, axis=1)
        if len(self.size) == 1:
            slopes[self.group] += self.size * np.vecdot(own.view(np.float64), other.view(np.float64))
        else:
            slopes[self.group] += np.vecdot(own, self.size * other).real

    def _turn(self, state: Complex, cosine: Floats, sine: Floats) -> Complex:
        own = state if self.rows is None else state.take(self.rows, axis=1)
        other = state.take(self.partner, axis=1)
        other *= self.weight
        if len(self.size) == 1:  # real and imaginary parts alike
            own.view(np.float64)[...] *= cosine
            own += (other.view(np.float64) * sine).view(np.complex128)
        else:
            own *= cosine
            own += other * sine
        if self.rows is not None:
            state[:, self.rows] = own
        return other


class StatesLoss:
    """The loss of a circuit as a function of the angles of its ``groups``, which it has reordered."""

    def __init__(self, states: ReachedStates, seen: Seen, groups: Sequence[RotationGroup]) -> None:
        self._seen = seen
        self.groups = tuple(groups)
        self.size = len(states.states)
        """Basis states."""
        self._steps = _compiled(states)

    def work(self, samples: int) -> int:
        """Operations of one evaluation of so many samples."""
        steps = len(self._steps)
        return STEP * steps + TOUCHED * samples * (steps * self.size + self._seen.work)

    def __call__(self, angles: Floats) -> tuple[Floats, Floats]:
        """l, float64 (samples,), and its derivatives, both at angles (groups, samples)."""
        state = np.zeros((angles.shape[1], self.size), dtype=np.complex128)
        state[:, 0] = 1
        kept = [step.forth(state, angles) for step in self._steps]
        seen = np.ascontiguousarray(self._seen(state.T).T)
        loss = self._seen.offset + np.vecdot(state, seen).real
        slopes = np.zeros((len(self.groups), angles.shape[1]))
        for step in reversed(self._steps):
            step.back(seen, kept.pop(), slopes)
        return loss, slopes


def states_loss(
    frame: Frame, groups: Sequence[RotationGroup], observable: Observable, limit: int = STATES
) -> StatesLoss | None:
    """What evaluates an observable behind a circuit without noise; None if too many states can be reached."""
    n = frame.n_qubits
    factors = [frame.pull(1 << (q + n)) for q in observable.projector]
    axes = [axis for group in groups for axis in group.generator]
    coordinates = Coordinates([*axes, *(string for string, _ in factors)], n)
    groups = diagonal_together(groups, n)
    states = reached(groups, coordinates, limit=limit, memory=MEMORY)
    if states is None:
        return None
    if observable.projector:
        seen: Seen = projector(factors, states.states, coordinates, n)
    else:
        seen = string_sum(frame.pull_sum(observable.terms), states.states, coordinates)
    return StatesLoss(states, seen, groups)


def diagonal_together(groups: Sequence[RotationGroup], n_qubits: int) -> list[RotationGroup]:
    """The groups in another order that is the same circuit: diagonal ones wait for one that they do not commute with."""
    order: list[RotationGroup] = []
    waiting: list[RotationGroup] = []
    for group in groups:
        if not any(x_part(axis, n_qubits) for axis in group.generator):
            waiting.append(group)
            continue
        if any(anticommute(a, b, n_qubits) for other in waiting for a in other.generator for b in group.generator):
            order += waiting
            waiting = []
        order.append(group)
    return order + waiting


def _compiled(states: ReachedStates) -> list[_Phases | _Turns]:
    turns: dict[tuple[int, int], _Turns] = {}  # layers repeat their classes
    phases: dict[tuple[tuple[int, int], ...], _Phases] = {}
    steps: list[_Phases | _Turns] = []
    for diagonal, steps_of_run in groupby(states.steps, lambda step: states.classes[step.number].second is None):
        run = list(steps_of_run)
        if diagonal:
            key = tuple((step.number, step.states) for step in run)
            if key not in phases:
                phases[key] = _phases(run, states.classes)
            steps.append(phases[key]._replace(groups=np.array([step.group for step in run])))
            continue
        for step in run:
            at = step.number, step.pairs
            if at not in turns:
                turns[at] = _turns(states.classes[step.number], step, len(states.states))
            steps.append(turns[at]._replace(group=step.group))
    return steps


def _phases(run: Sequence[ClassStep], classes: Sequence[StatePairs]) -> _Phases:
    """One phase for a run of diagonal steps. States that they cannot have reached yet have no amplitude."""
    states = max(step.states for step in run)
    h = np.array([classes[step.number].h[:states].real for step in run])
    return _Phases(np.array([step.group for step in run]), h, tuple(_parts(h)))


def _parts(h: Floats, first: int = 0) -> list[_Phase]:
    """Phases of a few groups each, from the first one on, that have few different columns."""
    columns, column = np.unique(h, axis=1, return_inverse=True)
    if len(columns.T) <= PATTERNS or len(h) == 1:
        return [_Phase(slice(first, first + len(h)), columns, column.ravel())]
    half = len(h) // 2
    return [*_parts(h[:half], first), *_parts(h[half:], first + half)]


def _turns(pairs: StatePairs, step: ClassStep, states: int) -> _Turns:
    assert pairs.second is not None
    first, second, h = pairs.first[: step.pairs], pairs.second[: step.pairs], pairs.h[: step.pairs]
    size = np.abs(h)
    rows, partner = np.concatenate([first, second]), np.concatenate([second, first])
    weight = np.concatenate([-1j * h.conj() / size, -1j * h / size])
    sizes = np.concatenate([size, size])
    order = np.argsort(rows)
    alike = np.ptp(sizes) <= 1e-13 * sizes.max(initial=0.0)
    return _Turns(
        group=step.group,
        rows=None if len(rows) == states else rows[order],
        partner=partner[order],
        weight=weight[order],
        size=sizes[:1] if alike else sizes[order],
    )
