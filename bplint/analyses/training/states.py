"""The loss and its exact gradient at given parameters, on the basis states that a circuit can reach, made for many evaluations.

As :mod:`bplint.analyses.gradients.reachable_states.evaluator`, from the same classes, but with few samples and thousands of
evaluations in mind: diagonal generators that follow each other are one phase, and a turn is ψ cos + w ψ[partner] sin over all
states that it moves, without a look at which come first. The gradient is by the adjoint method (arXiv:2009.02823).
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

STEP, TOUCHED = 25_000, 20
"""Operations of one step of an evaluation, there and back, and of one amplitude of a sample in it."""


class _Phases(NamedTuple):
    """exp(-i/2 Σ_k h_k ψ_k) on the first states: ``h`` is float64 (groups, states)."""

    groups: Index
    h: Floats


class _Turns(NamedTuple):
    """ψ[rows] becomes cos φ ψ[rows] + sin φ weight ψ[partner], φ = angle · size / 2. ``size`` is (rows,), or (1,) for all alike.

    ``rows`` is None where all states move, in their order.
    """

    group: int
    rows: Index | None
    partner: Index
    weight: Complex
    size: Floats


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
        state = self._states(angles)
        both = np.stack([state, self._seen(state.T).T])
        loss = self._seen.offset + np.vecdot(state, both[1]).real
        slopes = np.zeros((len(self.groups), angles.shape[1]))
        for step in reversed(self._steps):
            if isinstance(step, _Phases):
                part = both[:, :, : step.h.shape[1]]
                slopes[step.groups] += np.einsum("gb,sb->gs", step.h, (part[1].conj() * part[0]).imag)
                part *= np.exp(0.5j * np.einsum("gb,gs->sb", step.h, angles[step.groups]))
                continue
            slopes[step.group] += _turn(both, step, -angles[step.group])
        return loss, slopes

    def _states(self, angles: Floats) -> Complex:
        """Amplitudes, complex128 (samples, states)."""
        state = np.zeros((angles.shape[1], self.size), dtype=np.complex128)
        state[:, 0] = 1
        for step in self._steps:
            if isinstance(step, _Phases):
                state[:, : step.h.shape[1]] *= np.exp(-0.5j * np.einsum("gb,gs->sb", step.h, angles[step.groups]))
            else:
                _turn(state[None], step, angles[step.group])
        return state


def _turn(states: Complex, step: _Turns, angle: Floats) -> Floats | float:
    """Turn (vectors, samples, states) in place by (samples,); Im<λ|G|ψ> of ψ, λ where they are two."""
    rows, half = step.rows, np.multiply.outer(angle, step.size / 2)
    own = states if rows is None else states.take(rows, axis=2)
    other = states.take(step.partner, axis=2)
    other *= step.weight
    slope: Floats | float = 0.0
    if len(states) == 2:
        # G ψ is i size · weight · ψ[partner], of which the imaginary part beside λ is the real part without the i.
        slope = np.vecdot(own[1], step.size * other[0]).real
    _scale(other, np.sin(half))
    _scale(own, np.cos(half))
    own += other
    if rows is not None:
        states[:, :, rows] = own
    return slope


def _scale(states: Complex, by: Floats) -> None:
    """Times real numbers (samples, states or 1)."""
    if by.shape[1] == 1:
        states.view(np.float64)[...] *= by
    else:
        states *= by


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
    turns: dict[tuple[int, int], _Turns] = {}
    steps: list[_Phases | _Turns] = []
    for diagonal, run in groupby(states.steps, lambda step: states.classes[step.number].second is None):
        if diagonal:
            steps += _fused(list(run), states.classes)
            continue
        for step in run:
            key = step.number, step.pairs
            if key not in turns:  # layers repeat their classes
                turns[key] = _turns(states.classes[step.number], step, len(states.states))
            steps.append(turns[key]._replace(group=step.group))
    return steps


def _fused(run: Sequence[ClassStep], classes: Sequence[StatePairs]) -> list[_Phases]:
    """One phase for a run of diagonal steps. States that they cannot have reached yet have no amplitude."""
    states = max(step.states for step in run)
    h = np.array([classes[step.number].h[:states].real for step in run])
    return [_Phases(np.array([step.group for step in run]), h)]


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
