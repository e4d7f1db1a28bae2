"""The loss where each generator is a sum of Z-strings or of X-strings, as in QAOA and the Ising model, on all basis states.

In the basis of |b> the former are phases, and so are the latter in the basis that the Walsh-Hadamard transform leads to. It is
taken a few bits at a time, each as one product with a small matrix of ±1. The gradient is by the adjoint method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.reachable_states.closure import Complex
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates
from bplint.analyses.gradients.reachable_states.evaluator import BATCH, ReachableStatesEvaluator
from bplint.analyses.gradients.reachable_states.turning import Phases, exponentials, phases_of
from bplint.ir.circuit import Floats, Index
from bplint.ir.pauli import PauliTerms

TRANSFORM, PHASE, VALUE, SEEN, STEP = 8, 12, 60, 24, 1 << 15
"""Operations of an amplitude in a transform and in a phase, of a distinct phase, there and back, of an amplitude that the loss
touches, and of a step and a batch.
"""

MEMORY = 1 << 28
"""Bytes of the values of all generators, at most."""

_BITS = 4
"""Bits of one product, at most."""


def evaluator(groups: Sequence[RotationGroup], on_states: ReachableStatesEvaluator) -> TwoBasesEvaluator | None:
    """What evaluates the same as ``on_states`` in fewer operations.

    None where there is nothing to gain, a generator is of neither kind, or not all states are reached.
    """
    coordinates, reached = on_states.reached.coordinates, on_states.reached
    if len(reached.states) != 1 << coordinates.rank:
        return None
    living = [k for k in range(len(groups)) if k not in reached.dead]
    keys = {k: tuple(sorted(groups[k].generator.items())) for k in living}
    kinds = {key: _transformed(key, coordinates) for key in dict.fromkeys(keys.values())}
    if None in kinds.values() or 16 * len(reached.states) * len(kinds) > MEMORY:
        return None
    if len(reached.states) * _amplitudes([bool(kinds[keys[k]]) for k in living]) > on_states.work:
        return None
    phases = {key: _phases(key, bool(kind), coordinates) for key, kind in kinds.items()}
    steps = [_BasisStep(k, bool(kinds[keys[k]]), phases[keys[k]]) for k in living]
    return TwoBasesEvaluator(steps, len(groups), on_states)


class _BasisStep(NamedTuple):
    """A group: its generator has the value ``phases.sizes[phases.code]`` in the transformed basis, or in that of the start."""

    group: int
    transformed: bool
    phases: Phases


class TwoBasesEvaluator:
    """l and its derivatives by the angles ψ of the groups (:class:`~bplint.analyses.gradients.tied.evaluator.LossEvaluator`)."""

    def __init__(self, steps: Sequence[_BasisStep], n_groups: int, on_states: ReachableStatesEvaluator) -> None:
        self.spread, self.offset, self.constant = on_states.spread, on_states.offset, on_states.constant
        self._steps, self._groups = steps, n_groups
        self._seen = on_states.seen
        states = on_states.reached.states.words[:, 0].astype(np.intp)
        self._order: Index = states
        """The number of each reached state here, where states are numbered by their coordinates."""
        self._size = len(states)
        self.degrees = on_states.degrees.copy()
        for step in steps:
            self.degrees[step.group] = min(self.degrees[step.group], np.ptp(step.phases.sizes) / 2)
        self.batch = min(max(BATCH // self._size, 8), 1024)
        """Samples best evaluated at once."""
        amplitude = _amplitudes([step.transformed for step in steps])
        values = sum(len(step.phases.sizes) for step in steps)
        self.work = (
            self._size * amplitude + VALUE * values + SEEN * on_states.seen.work + STEP * len(steps) // self.batch + 1
        )
        """Operations of one sample with derivatives."""

    def run(self, angles: Floats) -> tuple[Floats, Floats]:
        """l - offset, float64 (samples,), and its derivatives, at angles, both (groups, samples)."""
        samples = angles.shape[1]
        state: Complex = np.zeros((self._size, samples), dtype=np.complex128)
        state[0] = 1
        transformed = False
        for step in self._steps:
            if step.transformed != transformed:
                state, transformed = walsh(state), step.transformed
            state *= exponentials(step.phases, angles[step.group] / -2, self._size)
        state = walsh(state) if transformed else state
        image = np.empty_like(state)
        image[self._order] = self._seen(state[self._order])
        loss = np.einsum("bs,bs->s", state.conj(), image).real.copy()
        slopes = np.zeros((self._groups, samples))
        both, transformed = np.concatenate([state, image], axis=1), False
        for step in reversed(self._steps):
            if step.transformed != transformed:
                both, transformed = walsh(both), step.transformed
            overlap = (both[:, samples:].conj() * both[:, :samples]).imag
            slopes[step.group] = step.phases.sizes[step.phases.code] @ overlap
            back = exponentials(step.phases, angles[step.group] / 2, self._size)
            both = (both.reshape(self._size, 2, samples) * back[:, None]).reshape(self._size, -1)
        return loss, slopes


def walsh(states: Complex) -> Complex:
    """H ⊗ … ⊗ H of states in columns, complex128 (2^r, samples)."""
    size, samples = states.shape
    parts = np.ascontiguousarray(states).view(np.float64)
    before, left = 1, size
    for bits in _parts(size.bit_length() - 1):
        left >>= bits
        parts = np.matmul(_signs(bits), parts.reshape(before, 1 << bits, left * 2 * samples))
        before <<= bits
    return np.asarray(parts.reshape(size, 2 * samples).view(np.complex128) * size**-0.5)


def _parts(bits: int) -> Iterable[int]:
    """As few numbers up to ``_BITS`` as have this sum."""
    count = -(-bits // _BITS)
    return [(bits + k) // count for k in range(count)]


@cache
def _signs(bits: int) -> Floats:
    """The matrix (-1)^{j·k}."""
    places = np.arange(1 << bits)
    signs: Floats = np.where(np.bitwise_count(places[:, None] & places) & 1, -1.0, 1.0)
    signs.flags.writeable = False
    return signs


def _amplitudes(transformed: Sequence[bool]) -> int:
    """Operations of one sample at each state, of steps in these bases."""
    turns = sum(before != after for before, after in pairwise([False, *transformed, False]))
    return 3 * (TRANSFORM * turns + PHASE * len(transformed))


def _transformed(generator: PauliTerms, coordinates: Coordinates) -> bool | None:
    """Whether all strings are diagonal in the transformed basis; None if neither in that nor in that of the start."""
    kinds = set()
    for string, _ in generator:
        shift = coordinates.shift(string)
        if shift is None or (shift.x and shift.z):
            return None
        kinds.add(shift.x > 0)
    return kinds.pop() if len(kinds) == 1 else None


def _phases(generator: PauliTerms, transformed: bool, coordinates: Coordinates) -> Phases:
    """The values of a generator in the basis in which it is diagonal."""
    coefficients: Complex = np.zeros((1 << coordinates.rank, 1), dtype=np.complex128)
    for string, a in generator:
        shift = coordinates.shift(string)
        assert shift is not None
        coefficients[shift.x if transformed else shift.z] += -a if shift.power == 2 else a
    return phases_of(walsh(coefficients).real.ravel() * len(coefficients) ** 0.5)
