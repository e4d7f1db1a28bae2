"""The loss and its derivatives at given angles, on the reachable basis states.

The gradient is by the adjoint method (Jones and Gacon, arXiv:2009.02823): states go forwards, then ψ and λ = Oψ go back
together, and each class gives Im<λ|G|ψ> over its pairs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.reachable_states.closure import STATES, Amplitudes, Complex, ReachedStates, reached
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates
from bplint.analyses.gradients.reachable_states.expectations import expectations
from bplint.analyses.gradients.reachable_states.seen import Seen, projector, string_sum
from bplint.analyses.gradients.reachable_states.turning import (
    Phases,
    classes,
    exponentials,
    gauge,
    slope,
    turn,
    weighted,
)
from bplint.ir.circuit import Floats

BATCH = 1 << 16
"""Amplitudes of one batch."""

TOGETHER = 1 << 15
"""Amplitudes that are turned at once: more would leave the processor's cache between two steps."""

PRICE = 24
"""Operations that an amplitude costs each time a step touches it, there and back."""

STEP = 1 << 17
"""Operations that a step costs besides."""


def evaluator(problem: Problem, groups: Sequence[RotationGroup]) -> ReachableStatesEvaluator | None:
    """What evaluates the loss of a problem without noise; None if too many basis states can be reached."""
    both = reached_and_seen(problem, groups)
    return None if both is None else ReachableStatesEvaluator(*both, len(groups))


def reached_and_seen(
    problem: Problem, groups: Sequence[RotationGroup], limit: int = STATES
) -> tuple[ReachedStates, Seen] | None:
    """The basis states that the groups reach, ``limit`` at most, and the loss on them."""
    loss, n = problem.loss, problem.frame.n_qubits
    factors = [problem.frame.pull(1 << (q + n)) for q in loss.projector]
    axes = [axis for group in groups for axis in group.generator]
    coordinates = Coordinates([*axes, *(string for string, _ in factors)], n)
    states = reached(groups, coordinates, limit=limit)
    if states is None:
        return None
    if loss.projector:
        return states, projector(factors, states.states, coordinates, n)
    return states, string_sum(problem.frame.pull_sum(loss.terms), states.states, coordinates)


class ReachableStatesEvaluator:
    """l and its derivatives by the angles ψ of the groups. ``work``: operations of one sample with derivatives.

    ``degrees``: the largest frequency of l in the angle of each group.
    """

    def __init__(self, reached: ReachedStates, seen: Seen, n_groups: int) -> None:
        self.reached, self.seen = reached, seen
        self._phases = gauge(reached)
        self._classes, real = classes(reached, self._phases)
        gauged = seen.gauged(self._phases)
        seen_by_real = gauged.real() if real else None
        self.is_real = seen_by_real is not None
        """Whether real amplitudes do."""
        self._seen = seen_by_real or gauged
        self.spread, self.offset = self._seen.size, self._seen.offset
        self._steps = reached.steps
        self._groups = n_groups
        self.size = len(reached.states)
        """Basis states."""
        self.touched = reached.work
        """Amplitudes touched on the way to one state."""
        self.degrees = _degrees(reached, n_groups)
        self.constant = seen.constant if self._steps else self.offset + float(seen(_start(self.size, 1)).real[0, 0])
        self.batch = min(max(BATCH // self.size, 8), 1024)
        """Samples best evaluated at once."""
        self.work = PRICE * (reached.work + seen.work) + STEP * len(self._steps) // self.batch + 1

    def run(self, angles: Floats) -> tuple[Floats, Floats]:
        """l - offset, float64 (samples,), without its constant, and its derivatives, at angles, both (groups, samples)."""
        samples, together = angles.shape[1], max(TOGETHER // self.size, 1)
        if samples <= together:
            return self._run(angles)
        parts = [self._run(angles[:, first : first + together]) for first in range(0, samples, together)]
        return np.concatenate([loss for loss, _ in parts]), np.concatenate([slopes for _, slopes in parts], axis=1)

    def _run(self, angles: Floats) -> tuple[Floats, Floats]:
        state = self.states(angles)
        both = np.stack([state, self._seen(state)], axis=1)
        loss = np.einsum("bs,bs->s", state.conj(), both[:, 1]).real.copy()
        slopes = np.zeros((self._groups, angles.shape[1]))
        for group, number, pairs, states in reversed(self._steps):
            c = self._classes[number]
            if isinstance(c, Phases):
                part = both[:states]
                slopes[group] += weighted(c.sizes[c.code[:states]], part[:, 1].conj(), part[:, 0]).imag
                part *= exponentials(c, angles[group] / 2, states)[:, None]
            else:
                slopes[group] += slope(c, pairs, *turn(both, c, pairs, -angles[group]))
        return loss, slopes

    @property
    def operator(self) -> Seen:
        """The loss without its offset, for the amplitudes of :meth:`states`."""
        return self._seen

    def states(self, angles: Floats) -> Amplitudes:
        """The states at angles (groups, samples): amplitudes (basis states, samples), with phases of this evaluator's own."""
        state: Amplitudes = _start(self.size, angles.shape[1])
        state = state.real.copy() if self.is_real else state
        for group, number, pairs, states in self._steps:
            c = self._classes[number]
            if isinstance(c, Phases):
                state[:states] *= exponentials(c, angles[group] / -2, states)
            else:
                turn(state, c, pairs, angles[group])
        return state

    def expectations(self, strings: Sequence[int], states: Amplitudes) -> Floats:
        """<P> of strings of the frame in each of these ``states``, float64 (strings, samples)."""
        return expectations(strings, states, self._phases, self.reached.states, self.reached.coordinates)


def _start(states: int, samples: int) -> Complex:
    start = np.zeros((states, samples), dtype=np.complex128)
    start[0] = 1
    return start


def _degrees(reached: ReachedStates, n_groups: int) -> Floats:
    """Half the spectral range of each group's generator, which is at most the sum of those of its classes."""
    degrees = np.zeros(n_groups)
    known: dict[tuple[int, int, int], float] = {}  # layers repeat their classes
    for group, number, pairs, states in reached.steps:
        key = number, pairs, states
        if key not in known:
            _, second, h = reached.classes[number]
            known[key] = float(np.ptp(h.real[:states]) / 2 if second is None else np.abs(h[:pairs]).max())
        degrees[group] += known[key]
    return degrees
