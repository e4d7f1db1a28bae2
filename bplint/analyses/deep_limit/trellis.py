"""Sums over the ways to write a vector over GF(2) as one vector from each of several parts, each way with its weight.

Were the parts independent, there would be one way. Otherwise they are passed one by one, with a state for each remainder
that those still to come can make up: the trellis of a linear code (Bahl, Cocke, Jelinek and Raviv 1974). Its width, not
the dimension, is what a sum costs. Sets of columns are counted by their size with a polynomial in each state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import groupby
from math import comb
from typing import NamedTuple

from bplint.ir.pauli import ones


class BudgetExceededError(Exception):
    """The trellis is too wide for the budget."""


class Budget:
    """Work that may be done: a unit takes about a microsecond."""

    def __init__(self, units: int) -> None:
        self._left = units

    def spend(self, units: int) -> None:
        """``BudgetExceededError`` if that much is not left."""
        if units > self._left:
            raise BudgetExceededError
        self._left -= units


class Subspace(NamedTuple):
    """A part that gives any member of the span of independent vectors; ``weigh`` says how much each counts.

    Weights are below 2^bits and take ``cost`` units to find.
    """

    vectors: Sequence[int]
    weigh: Callable[[int], int]
    bits: int
    cost: int = 1


class Choices(NamedTuple):
    """A part that gives the sum of k of the columns: pairs (column, how many there are of it), no column twice."""

    columns: tuple[tuple[int, int], ...]
    k: int


def total(parts: Sequence[Subspace | Choices], target: int, budget: Budget) -> int:
    """The sum of the products of weights over all ways to write ``target``; 1 for the zero vector from no parts.

    ``BudgetExceededError`` where the trellis is too wide.
    """
    # One low bit for each part sees to it that k and the number of columns agree modulo 2.
    low = len(parts)
    rest = target << low | sum((part.k & 1) << i for i, part in enumerate(parts) if isinstance(part, Choices))
    blocks = _blocks([step for i, part in enumerate(parts) for step in _steps(part, i, low)], low)
    after = _Suffixes([step for block in blocks for step in block])
    count, index = 1, 0
    for block in blocks:
        polynomial = _Polynomial({step.owner: parts[step.owner] for step in block})
        states = {rest: 1}
        for step in block:
            following: dict[int, int] = {}
            for state, value in states.items():
                first = after.choice(state, index)
                if first is None:
                    continue
                budget.spend(step.cost + polynomial.cost << len(after.freedom[index]))
                for choice in _coset(first, after.freedom[index]):
                    if product := polynomial.times(value, step.owner, step.weigh(choice)):
                        following[state ^ choice] = following.get(state ^ choice, 0) + product
            states, index = following, index + 1
        if not states:
            return 0
        # Blocks are independent: what this one gives is the same in every way.
        ((rest, value),) = states.items()
        count *= polynomial.coefficient(value)
    return 0 if rest else count


class _Step(NamedTuple):
    """A subspace of its own: all of a part, or one column (with its repetitions). Weights are (size, count)."""

    owner: int
    vectors: Sequence[int]
    weigh: Callable[[int], Sequence[tuple[int, int]]]
    cost: int


def _steps(part: Subspace | Choices, owner: int, low: int) -> Iterator[_Step]:
    if isinstance(part, Subspace):
        weigh = part.weigh
        yield _Step(owner, [v << low for v in part.vectors], lambda v: [(0, weigh(v >> low))], part.cost)
        return
    for column, count in part.columns:
        vector = column << low | 1 << owner
        yield _Step(owner, [vector], _by_parity([(s, comb(count, s)) for s in range(min(count, part.k) + 1)]), 1)


def _by_parity(terms: list[tuple[int, int]]) -> Callable[[int], Sequence[tuple[int, int]]]:
    even, odd = terms[::2], terms[1::2]
    return lambda vector: odd if vector else even


class _Polynomial:
    """Polynomials with a variable for each part that chooses, up to degree k in it, as integers (Kronecker)."""

    def __init__(self, parts: Mapping[int, Subspace | Choices]) -> None:
        bits = (p.bits if isinstance(p, Subspace) else sum(c for _, c in p.columns) for p in parts.values())
        width = 1 + sum(bits)
        self._strides: dict[int, int] = {}
        self._target, self._kept = 0, (1 << width) - 1
        for owner, part in parts.items():
            if isinstance(part, Choices):
                self._strides[owner] = width
                self._target += width * part.k
                self._kept = sum(self._kept << width * size for size in range(part.k + 1))
                # Room for a product before what is beyond degree k is dropped.
                width *= part.k + 1 + min(part.k, max(count for _, count in part.columns))
        self.cost = width >> 12

    def times(self, value: int, owner: int, weight: Sequence[tuple[int, int]]) -> int:
        """The product with the sum of count · variable^size over the pairs (size, count)."""
        stride = self._strides.get(owner, 0)
        return sum((value * count) << stride * size for size, count in weight) & self._kept

    def coefficient(self, value: int) -> int:
        """That of the full degree."""
        return value >> self._target


class _Suffixes:
    """The sums of the subspaces from each step on, in one echelon basis: a row belongs to the last step it needs."""

    def __init__(self, steps: Sequence[_Step]) -> None:
        self._rows: dict[int, tuple[int, int, int]] = {}
        self.freedom: list[list[int]] = [[] for _ in steps]
        """For each step, a basis of its vectors that the steps after it can make up as well."""
        for index in range(len(steps) - 1, -1, -1):
            for vector in steps[index].vectors:
                rest, choice = self._reduced(vector, index)
                if rest:
                    self._rows[rest.bit_length()] = rest, index, choice ^ vector
                else:
                    self.freedom[index].append(choice ^ vector)

    def choice(self, vector: int, index: int) -> int | None:
        """A vector of step ``index`` that leaves what the steps after it can make up; None if there is none."""
        rest, choice = self._reduced(vector, index)
        return None if rest else choice

    def _reduced(self, vector: int, index: int) -> tuple[int, int]:
        """The remainder modulo the steps from ``index`` on, and the vector of that step that was added."""
        choice = 0
        while vector:
            row, owner, own = self._rows.get(vector.bit_length(), (0, -1, 0))
            if owner < index:
                break
            vector ^= row
            if owner == index:
                choice ^= own
        return vector, choice


def _blocks(steps: Sequence[_Step], low: int) -> list[list[_Step]]:
    """The steps as a direct sum: those of one part, and those that depend on each other, are in one block.

    Steps that depend on each other are neighbours, and else ordered by leading bits, which makes narrow trellises of
    what is local on a path.
    """
    near = list(range(len(steps)))
    step_of = [i for i, step in enumerate(steps) for _ in step.vectors]
    # The low bits may be left out: what they tie together are steps of one part.
    for circuit in _circuits([vector >> low for step in steps for vector in step.vectors]):
        _unite(near, {near[step_of[position]] for position in ones(circuit)})
    block, first = near[:], dict[int, int]()
    for i, step in enumerate(steps):
        _unite(block, {block[i], block[first.setdefault(step.owner, i)]})
    leads = [max((vector.bit_length() for vector in step.vectors), default=0) for step in steps]
    order = sorted(range(len(steps)), key=lambda i: (block[i], near[i], leads[i]))
    return [[steps[i] for i in group] for _, group in groupby(order, key=block.__getitem__)]


def _circuits(vectors: Sequence[int]) -> Iterator[int]:
    """Masks of the least dependent sets that each vector makes with a basis from those before it."""
    width = len(vectors)
    rows: dict[int, int] = {}
    for position, vector in enumerate(vectors):
        # The low bits say of which vectors a row is the sum.
        row = vector << width | 1 << position
        while row >> width and (other := rows.get(row.bit_length())):
            row ^= other
        if row >> width:
            rows[row.bit_length()] = row
        else:
            yield row


def _unite(root: list[int], roots: Set[int]) -> None:
    """Make one of these classes."""
    if len(roots) > 1:
        least = min(roots)
        root[:] = [least if name in roots else name for name in root]


def _coset(first: int, basis: Sequence[int]) -> Iterable[int]:
    """All sums of ``first`` and vectors of the basis, by a Gray code."""
    yield first
    for count in range(1, 1 << len(basis)):
        first ^= basis[(count & -count).bit_length() - 1]
        yield first
