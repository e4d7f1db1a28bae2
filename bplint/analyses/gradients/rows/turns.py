"""The rotations of a circuit with given rows: angles that are random, the same in all rows, and others row by row.

Row i turns by φ_i = Σ_i + δ_i, Σ_i = Σ coefficient · parameter over trainable parameters, which are drawn, and the shift δ_i made
of data and constants. A weight that multiplies data has another coefficient in each row. For two rows i, j of one draw, with
χ_± = E[e^{i(Σ_i ± Σ_j)}], of which χ_- is 1 where coefficients are the same in both,

    E[cos φ_i cos φ_j] = ½ Re χ_- e^{i(δ_i - δ_j)} + ½ Re χ_+ e^{i(δ_i + δ_j)},    E[sin φ_i sin φ_j] = the first - the second,
    E[sin φ_i cos φ_j] = ½ Im χ_- e^{i(δ_i - δ_j)} + ½ Im χ_+ e^{i(δ_i + δ_j)},    E[cos φ_i sin φ_j] = the second - the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import IntEnum
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.problem import Problem, Rotation, rotations
from bplint.analyses.gradients.propagation.noise_steps import behind_gates
from bplint.analyses.gradients.propagation.propagate import Scale
from bplint.analyses.gradients.reachable_states.closure import Amplitudes
from bplint.ir.circuit import Floats, Index, Parameter, Role
from bplint.ir.law import Law
from bplint.ir.pauli import Anticommutation
from bplint.ir.rows import Rows, WeightedFeature, data_columns

_ROUNDING = 1e-15
"""Averages of products of cosines and sines this small are zero: each would open branches for nothing."""

_EQUAL = 1e-12
"""Relative difference of two coefficients of one weight that are the same."""


class RowTurn(NamedTuple):
    """exp(-iφP/2) about P_axis of the frame. ``random`` are pairs (trainable parameter, coefficient), ``data`` likewise.

    ``shift``, float64 (M,), is what data and constants make of φ in each row. Where ``weighted`` has one of the random parameters,
    its coefficient in row i is that times ``factor[i]``, and what is drawn is the weight.
    """

    axis: int
    random: tuple[tuple[int, float], ...]
    data: tuple[tuple[int, float], ...]
    offset: float
    shift: Floats
    weighted: Mapping[int, WeightedFeature] = MappingProxyType({})
    noise: Scale | None = None
    """Where there is one, Pauli noise stands here in place of a rotation, about the identity."""

    @property
    def varies(self) -> bool:
        """Whether the angle differs from row to row."""
        return bool(self.weighted) or bool(np.ptp(self.shift) > 0)

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
    known = {p: rows.weighted[one.name] for p, one in enumerate(parameters) if one.name in rows.weighted}
    result = []
    for axis, terms, offset in turning:
        random = tuple((p, c) for p, c in terms if parameters[p].role is Role.TRAINABLE)
        data = tuple((p, c) for p, c in terms if p in columns)
        if opaque := next((parameters[p].name for p, _ in random if parameters[p].sources and p not in known), ""):
            return Declined(f"{opaque} is not affine in its parameters: its law is not known")
        shift = np.full(len(rows), offset)
        for p, c in data:
            shift += c * rows.values[:, columns[p]]
        weighted = {p: known[p] for p, _ in random if p in known}
        for p, c in random:
            if p in known:
                shift += c * known[p].shift
        shift.flags.writeable = False
        result.append(
            RowTurn(axis=axis, random=_summed(random), data=data, offset=offset, shift=shift, weighted=weighted)
        )
    reason = _reused(problem, result)
    return Declined(reason) if reason else result


def with_noise(problem: Problem, turning: Sequence[RowTurn]) -> list[RowTurn]:
    """All rotations of the frame that are alive, with the noise behind the gates among them."""
    behind = behind_gates(problem.circuit, problem.noise)
    alive = problem.alive
    live = [number for i, number in enumerate(problem.frame.operations) if alive is None or alive[i]]
    by_operation = dict(zip(live, turning, strict=True))
    result = []
    for operation in range(len(problem.circuit)):
        if operation in by_operation:
            result.append(by_operation[operation])
        for step in behind.get(operation, ()):
            assert isinstance(step, Scale)  # damping is declined
            still = np.zeros(1)
            result.append(RowTurn(axis=0, random=(), data=(), offset=0.0, shift=still, noise=step))
    return result


def _reused(problem: Problem, turns: Sequence[RowTurn]) -> str:
    """Which weight stands in several angles, so that the derivative by it is not that by one of them; empty if none does."""
    own = {p for turn in turns for p, _ in turn.random}
    features = {p: feature for turn in turns for p, feature in turn.weighted.items()}
    weights = [feature.weight for feature in features.values()]
    names = [*weights, *(problem.circuit.parameters[p].name for p in own)]
    twice = next((name for name in weights if names.count(name) > 1), "")
    return (
        f"{twice} multiplies data in one angle and stands in others: derivatives by it are not measured"
        if twice
        else ""
    )


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
    noise: Scale | None = None
    """What Pauli noise multiplies each string by, in place of a rotation."""

    def opens(self, factor: Factor) -> bool:
        """Whether the factor is anything but zero."""
        return bool(self.factors[factor].any())


def split(problem: Problem, turn: RowTurn, columns: RowPairs) -> RowSplit:
    """The averages for these columns; one for all of them where the rows do not differ."""
    if turn.noise:
        return RowSplit(turn.axis, (np.ones(1),) * len(Factor), turn.noise)
    left, right = (turn.shift[columns.i], turn.shift[columns.j]) if turn.varies else (turn.shift[:1],) * 2
    minus, plus, one, other = _characteristics(problem, turn, columns)
    apart, wave = minus * np.exp(1j * (left - right)) / 2, plus * np.exp(1j * (left + right)) / 2
    cos, sin, even, odd = apart.real, apart.imag, wave.real, wave.imag
    ends = [one * np.exp(1j * left), other * np.exp(1j * right)]
    factors = (cos + even, cos - even, odd + sin, odd - sin, ends[0].real, ends[0].imag, ends[1].real, ends[1].imag)
    return RowSplit(turn.axis, tuple(np.where(np.abs(f) < _ROUNDING, 0.0, f) for f in factors))


def _characteristics(problem: Problem, turn: RowTurn, columns: RowPairs) -> list[Amplitudes]:
    """E[e^{iω}] for ω = Σ_i - Σ_j, Σ_i + Σ_j, Σ_i and Σ_j, complex128 (columns,) or (1,) each."""
    result: list[Amplitudes] = [np.ones(1, dtype=np.complex128) for _ in range(4)]
    for parameter, coefficient in turn.random:
        feature = turn.weighted.get(parameter)
        law = law_of(problem, parameter, feature)
        one = other = np.array([coefficient])
        if feature is not None:
            one, other = coefficient * feature.factor[columns.i], coefficient * feature.factor[columns.j]
        nothing = _EQUAL * np.maximum(np.abs(one), np.abs(other))
        for place, frequency in enumerate((one - other, one + other, one, other)):
            exact = np.where(np.abs(frequency) <= nothing, 0.0, frequency)
            result[place] = result[place] * law.characteristics(exact) * np.exp(1j * law.mean * exact)
    return result


def law_of(problem: Problem, parameter: int, feature: WeightedFeature | None) -> Law:
    """The law of what is drawn: of the parameter, or of the weight in it."""
    own = problem.circuit.parameters[parameter]
    return problem.laws.law(own if feature is None else Parameter(feature.weight, Role.TRAINABLE))


def _summed(terms: Sequence[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    total: dict[int, float] = {}
    for parameter, coefficient in terms:
        total[parameter] = total.get(parameter, 0.0) + coefficient
    return tuple((p, c) for p, c in total.items() if c)
