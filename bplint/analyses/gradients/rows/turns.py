"""The rotations of a circuit with given rows: angles that are random, the same in all rows, and others row by row.

Row i turns by φ_i = Σ coefficient · parameter + shift_i, the sum over trainable parameters, which are drawn, and the shift made
of data and constants. For two rows i, j of one draw, with χ_m = E[e^{imΣ}],

    E[cos φ_i cos φ_j] = ½ cos(δ_i - δ_j) + ½ Re χ_2 e^{i(δ_i + δ_j)},    E[sin φ_i sin φ_j] = the first - the second,
    E[sin φ_i cos φ_j] = ½ sin(δ_i - δ_j) + ½ Im χ_2 e^{i(δ_i + δ_j)},    E[cos φ_i sin φ_j] = the second - the first.

A rotation of data alone has χ_m = 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from itertools import chain
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.problem import Problem, Rotation, rotations
from bplint.ir.circuit import Floats, Index, Role
from bplint.ir.law import Init
from bplint.ir.pauli import Anticommutation
from bplint.ir.rows import Rows, data_columns

_ROUNDING = 1e-15
"""Averages of products of cosines and sines this small are zero: each would open branches for nothing."""


class RowTurn(NamedTuple):
    """exp(-iφP/2) about P_axis of the frame. ``random`` are pairs (trainable parameter, coefficient), ``data`` likewise.

    ``shift``, float64 (M,), is what data and constants make of φ in each row.
    """

    axis: int
    random: tuple[tuple[int, float], ...]
    data: tuple[tuple[int, float], ...]
    offset: float
    shift: Floats

    @property
    def varies(self) -> bool:
        """Whether the shift differs from row to row."""
        return bool(np.ptp(self.shift) > 0)

    @property
    def rotation(self) -> Rotation:
        """The rotation by its data alone."""
        return Rotation(self.axis, self.data, self.offset)


def turns(problem: Problem, rows: Rows) -> list[RowTurn] | Declined:
    """The rotations of the frame that are alive, in circuit order."""
    turning = rotations(problem)
    if isinstance(turning, Declined):
        return turning
    parameters, columns = problem.circuit.parameters, data_columns(problem.circuit)
    result = []
    for axis, terms, offset in turning:
        random = tuple((p, c) for p, c in terms if parameters[p].role is Role.TRAINABLE)
        data = tuple((p, c) for p, c in terms if p in columns)
        if opaque := next((parameters[p].name for p, _ in random if parameters[p].sources), ""):
            return Declined(f"{opaque} is not affine in its parameters: its law is not known")
        shift = np.full(len(rows), offset)
        for p, c in data:
            shift += c * rows.values[:, columns[p]]
        shift.flags.writeable = False
        result.append(RowTurn(axis, _summed(random), data, offset, shift))
    return result


def shared(problem: Problem, turning: Sequence[RowTurn]) -> str:
    """Why the random angles of these rotations are not independent; empty if they are."""
    uses = Counter(chain.from_iterable((p for p, _ in turn.random) for turn in turning))
    names = (problem.circuit.parameters[p].name for p, times in uses.items() if times > 1)
    return next((f"{name} drives several rotations" for name in names), "")


def parted(turning: Sequence[RowTurn], n_qubits: int) -> tuple[list[RowTurn], list[RowTurn]]:
    """The embedding, and what is left: of the rotations without random angles those that can all be moved to the start."""
    embedding, rest = [], []
    late = Anticommutation(n_qubits)
    for turn in turning:
        if turn.random or late.row(turn.axis):
            late.add(turn.axis)
            rest.append(turn)
        else:
            embedding.append(turn)
    return embedding, rest


class RowPairs(NamedTuple):
    """Pairs of rows (i, j) about which the same is asked at once, intp (columns,) each."""

    i: Index
    j: Index

    @classmethod
    def same(cls, rows: int) -> RowPairs:
        """Each row with itself."""
        every = np.arange(rows)
        return cls(every, every)

    @classmethod
    def different(cls, rows: int) -> RowPairs:
        """Each two rows once, the first the lower."""
        return cls(*np.triu_indices(rows, 1))

    def __len__(self) -> int:
        return len(self.i)

    def part(self, first: int, count: int) -> RowPairs:
        """Some of them."""
        return RowPairs(self.i[first : first + count], self.j[first : first + count])


class Factor(IntEnum):
    """What a rotation multiplies a branch by: place in :class:`RowSplit`'s ``factors``.

    The first four are of pairs of which both strings turn: E[cos cos], E[sin sin], E[sin cos], E[cos sin]; the others of pairs of
    which one does, the left or the right.
    """

    STAY = 0
    FLIP = 1
    LEFT = 2
    RIGHT = 3
    COS_LEFT = 4
    SIN_LEFT = 5
    COS_RIGHT = 6
    SIN_RIGHT = 7


class RowSplit(NamedTuple):
    """What a rotation does to pairs of strings: ``factors`` by :class:`Factor`, each float64 (columns,) or (1,)."""

    axis: int
    factors: tuple[Floats, ...]

    def opens(self, factor: Factor) -> bool:
        """Whether the factor is anything but zero."""
        return bool(self.factors[factor].any())


def split(problem: Problem, turn: RowTurn, columns: RowPairs) -> RowSplit:
    """The averages for these columns; one for all of them where the rows do not differ."""
    once, twice = _characteristics(problem, turn)
    left, right = (turn.shift[columns.i], turn.shift[columns.j]) if turn.varies else (turn.shift[:1],) * 2
    apart, wave = left - right, twice * np.exp(1j * (left + right))
    cos, sin = np.cos(apart) / 2, np.sin(apart) / 2
    even, odd = wave.real / 2, wave.imag / 2
    ends = [once * np.exp(1j * shift) for shift in (left, right)]
    factors = (cos + even, cos - even, odd + sin, odd - sin, ends[0].real, ends[0].imag, ends[1].real, ends[1].imag)
    return RowSplit(turn.axis, tuple(np.where(np.abs(f) < _ROUNDING, 0.0, f) for f in factors))


def _characteristics(problem: Problem, turn: RowTurn) -> tuple[complex, complex]:
    """E[e^{imΣ}] for m = 1, 2."""
    once, twice, mean = 1.0, 1.0, 0.0
    laws: Init = problem.laws
    for parameter, coefficient in turn.random:
        law = laws.law(problem.circuit.parameters[parameter])
        once *= law.characteristic(coefficient)
        twice *= law.characteristic(2 * coefficient)
        mean += coefficient * law.mean
    return complex(once * np.exp(1j * mean)), complex(twice * np.exp(2j * mean))


def _summed(terms: Sequence[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    total: dict[int, float] = {}
    for parameter, coefficient in terms:
        total[parameter] = total.get(parameter, 0.0) + coefficient
    return tuple((p, c) for p, c in total.items() if c)
