"""The loss on the reachable states: P_R O P_R for a sum of strings or a projector."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from bplint.analyses.gradients.bit_rows import KeyCollision, Keys, Table, Words, odd, packed
from bplint.analyses.gradients.reachable_states.closure import Amplitudes, Complex
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates, Shift
from bplint.ir.circuit import Index
from bplint.ir.pauli import PauliTerms, multiply, x_part

_CONSTANT = 1e-13
"""Elements this small beside the sum of the coefficients that make them are zero, if none of these is as small itself."""


class Seen(Protocol):
    """A Hermitian operator on the reachable states, but for a multiple ``offset`` of the identity.

    ``size`` bounds |<O>| without it and, as operator norm, its derivatives.
    """

    @property
    def size(self) -> float: ...

    @property
    def offset(self) -> float: ...

    @property
    def work(self) -> int:
        """Amplitudes touched by one application."""

    def __call__(self, states: Amplitudes) -> Amplitudes:
        """(O - offset) ψ of states in columns, (states, samples)."""

    def gauged(self, phases: Complex) -> Seen:
        """The same for amplitudes of phase·|b>."""

    def real(self) -> Seen | None:
        """What real amplitudes see of it; None if that is not of the same form."""

    @property
    def constant(self) -> float | None:
        """Its value, offset and all, if it is a multiple of the identity on the reachable states."""


class _OperatorBlock(NamedTuple):
    """(Oψ)[row] += value · ψ[column]; no row occurs twice. Values up to ``rounding`` are zero."""

    row: Index
    column: Index
    value: Amplitudes
    rounding: float


class StringSum(NamedTuple):
    """Σ c_P P: a diagonal and one block for each other x-part.

    Strings that have one value on all states are the ``offset``: beside a large one of them nothing small is lost.
    """

    diagonal: Amplitudes
    rounding: float
    """Differences up to this on the diagonal are zero."""
    blocks: tuple[_OperatorBlock, ...]
    size: float
    offset: float

    @property
    def work(self) -> int:
        return len(self.diagonal) + sum(len(block.row) for block in self.blocks)

    def __call__(self, states: Amplitudes) -> Amplitudes:
        image = self.diagonal[:, None] * states
        for row, column, value, _ in self.blocks:
            image[row] += value[:, None] * states[column]
        return image

    def entries(self) -> tuple[Index, Index, Amplitudes]:
        """Rows, columns and values of the matrix, the diagonal first; the others are zero."""
        states = np.arange(len(self.diagonal))
        return (
            np.concatenate([states, *(block.row for block in self.blocks)]),
            np.concatenate([states, *(block.column for block in self.blocks)]),
            np.concatenate([self.diagonal, *(block.value for block in self.blocks)]),
        )

    def gauged(self, phases: Complex) -> StringSum:
        blocks = (b._replace(value=b.value * phases[b.row].conj() * phases[b.column]) for b in self.blocks)
        return self._replace(blocks=tuple(blocks))

    def real(self) -> StringSum:
        """The part that real amplitudes see."""
        blocks = (b._replace(value=b.value.real.copy()) for b in self.blocks)
        return self._replace(diagonal=self.diagonal.real.copy(), blocks=tuple(blocks))

    @property
    def constant(self) -> float | None:
        still = all(np.abs(block.value).max(initial=0.0) <= block.rounding for block in self.blocks)
        diagonal = self.diagonal.real
        return self.offset + float(diagonal[0]) if still and np.ptp(diagonal) <= self.rounding else None


def string_sum(terms: PauliTerms, states: Table, coordinates: Coordinates) -> StringSum:
    """A sum of strings of the frame; those that lead out of the coordinates do not count."""
    keys = Keys(coordinates.rank)
    by_x: dict[int, list[tuple[Shift, float]]] = defaultdict(list)
    for string, coefficient in terms:
        shift = coordinates.shift(string)
        if shift is not None:
            by_x[shift.x].append((shift, coefficient))
    offset, turning = _split(by_x.pop(0, []), states.words, keys)
    diagonal = _values(turning, states.words, keys)
    blocks = []
    for x, members in sorted(by_x.items()):
        target = states.find(states.words ^ packed([x], keys.width), states.keys ^ np.uint64(keys.of(x)))
        column = np.flatnonzero(target >= 0)
        value = _values(members, states.words[column], keys)
        kept = value != 0
        if kept.any():
            blocks.append(_OperatorBlock(target[column[kept]], column[kept], value[kept], _rounding(members)))
    size = math.fsum(abs(c) for members in (turning, *by_x.values()) for _, c in members)
    return StringSum(diagonal, _rounding(turning), tuple(blocks), size, offset)


def _split(members: Sequence[tuple[Shift, float]], words: Words, keys: Keys) -> tuple[float, list[tuple[Shift, float]]]:
    """The sum of the diagonal strings that have one value on all states, and the other ones."""
    still, turning = [], []
    for shift, coefficient in members:
        minus = odd(words, packed([shift.z], keys.width))
        if minus.any() != minus.all():
            turning.append((shift, coefficient))
        else:
            still.append(-coefficient if minus.any() else coefficient)
    return math.fsum(still), turning


def _rounding(members: Sequence[tuple[Shift, float]]) -> float:
    """How large a sum of these may be that is zero but for rounding; zero if that could hide one of them."""
    sizes = [abs(c) for _, c in members if c]
    bound = _CONSTANT * math.fsum(sizes)
    return bound if bound < min(sizes, default=0.0) else 0.0


def _values(members: Sequence[tuple[Shift, float]], words: Words, keys: Keys) -> Complex:
    total = np.zeros(len(words), dtype=np.complex128)
    for shift, coefficient in members:
        sign = np.where(odd(words, packed([shift.z], keys.width)), -1.0, 1.0)
        total += coefficient * 1j**shift.power * sign
    return total


class Projected(NamedTuple):
    """The projector onto the common +1 eigenspace of commuting strings s.

    The strings take a state to all of its orbit. On an orbit that no string of Z alone forbids it is |v><v|, v with equal
    weights; on all others zero. State ``member[i]`` is in orbit ``orbit[i]``, with amplitude ``value[i]`` in its v.
    """

    states: int
    member: Index
    orbit: Index
    value: Amplitudes
    starts: Index
    """Where each orbit begins; members are sorted by orbit."""
    size: float = 0.5
    """A projector lies within ½ of ½."""
    offset: float = 0.0

    @property
    def work(self) -> int:
        return 2 * len(self.member)

    def __call__(self, states: Amplitudes) -> Amplitudes:
        image = np.zeros_like(states)
        if len(self.member):
            overlap = np.add.reduceat(self.value.conj()[:, None] * states[self.member], self.starts, axis=0)
            image[self.member] = self.value[:, None] * overlap[self.orbit]
        return image

    def gauged(self, phases: Complex) -> Projected:
        return self._replace(value=self.value * phases[self.member].conj())

    def real(self) -> Projected | None:
        return None if self.value.imag.any() else self._replace(value=self.value.real.copy())

    @property
    def constant(self) -> float | None:
        if not len(self.member):
            return 0.0
        same = len(self.member) == self.states and len(self.starts) == self.states
        weights = np.abs(self.value) ** 2
        return float(weights[0]) if same and np.ptp(weights) <= _CONSTANT else None


def projector(strings: Sequence[tuple[int, bool]], states: Table, coordinates: Coordinates, n_qubits: int) -> Projected:
    """Π (1 ± P)/2 for independent commuting (string, negative) of the frame, whose x-parts the coordinates hold."""
    keys = Keys(coordinates.rank)
    moving: list[tuple[int, int]] = []
    still: list[tuple[int, int]] = []
    for string, negative in strings:
        sign = 2 * negative
        for other, power in moving:
            if x_part(string, n_qubits) >> (x_part(other, n_qubits).bit_length() - 1) & 1:
                string, k = multiply(string, other, n_qubits)
                sign = (sign + power + k) & 3
        (moving if x_part(string, n_qubits) else still).append((string, sign))
    allowed = np.ones(len(states), dtype=bool)
    for string, sign in still:
        shift = coordinates.shift(string)
        assert shift is not None
        allowed &= odd(states.words, packed([shift.z], keys.width)) == (sign == 2)
    member = np.flatnonzero(allowed)
    words, states_keys = states.words[member].copy(), states.keys[member].copy()
    powers = np.zeros(len(member), dtype=np.int64)
    for string, sign in moving:
        shift = coordinates.shift(string)
        assert shift is not None
        pivot = packed([1 << (shift.x.bit_length() - 1)], keys.width)
        turned = odd(words, pivot)
        # s|b> = i^power |representative>, so the amplitude of b in the orbit of the representative is the conjugate.
        phase = sign + shift.power + 2 * odd(words, packed([shift.z], keys.width))
        powers = np.where(turned, powers + phase, powers)
        words = np.where(turned[:, None], words ^ packed([shift.x], keys.width), words)
        states_keys = np.where(turned, states_keys ^ np.uint64(keys.of(shift.x)), states_keys)
    order = np.argsort(states_keys, kind="stable")
    ends = words[order]
    same = states_keys[order][1:] == states_keys[order][:-1]
    if not (ends[1:][same] == ends[:-1][same]).all():
        raise KeyCollision
    _, starts, orbit = np.unique(states_keys[order], return_index=True, return_inverse=True)
    value = (-1j) ** (powers[order] & 3) / math.sqrt(2.0 ** len(moving))
    return Projected(len(states), member[order], orbit.ravel(), value, starts)
