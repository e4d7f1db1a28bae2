"""Linear independence modulo a prime: an echelon form that grows by batches of rows.

Exact: entries are residues of least absolute value, and one factor of each product of matrices is cut into parts so short
that floating point holds every sum without rounding. The rank modulo a prime never exceeds the rank over the rationals.
Rows much wider than their rank are first mapped to a random sketch, which again can only lower the rank.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Integers: TypeAlias = "npt.NDArray[np.int64]"
Residues: TypeAlias = "npt.NDArray[np.float64]"
"""Integers of absolute value below 2^53, between -p/2 and p/2 once they are reduced."""

_BATCH = 256
_COPIES = 3
_LOAD = 0.8
"""Rank at most, of a sketch's width."""


class SparseRows(NamedTuple):
    """Sparse rows: row i has ``values[j]``, residues, at ``columns[j]``, distinct, for j in ``start[i]:start[i+1]``."""

    start: Integers
    columns: Integers
    values: Integers

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.start) - 1

    @property
    def counts(self) -> Integers:
        """Entries of each row."""
        return np.diff(self.start)

    def take(self, rows: Sequence[int] | Integers) -> SparseRows:
        """Some of the rows, in this order."""
        rows = np.asarray(rows, dtype=np.int64)
        places = runs(self.start[rows], counts := self.counts[rows])
        return SparseRows(np.concatenate(([0], np.cumsum(counts))), self.columns[places], self.values[places])

    def cut(self, first: int, last: int) -> SparseRows:
        """Rows ``first`` to ``last``, without the last."""
        start = self.start[first : last + 1]
        part = slice(start[0], start[-1])
        return SparseRows(start - start[0], self.columns[part], self.values[part])


def joined(parts: Sequence[SparseRows]) -> SparseRows:
    """All rows, one part after the other."""
    if len(parts) == 1:
        return parts[0]
    ends = np.cumsum([0, *(part.start[-1] for part in parts)])
    start = [part.start[:-1] + end for part, end in zip(parts, ends, strict=False)]
    return SparseRows(
        np.concatenate([*start, ends[-1:]]),
        np.concatenate([part.columns for part in parts]) if parts else ends[:0],
        np.concatenate([part.values for part in parts]) if parts else ends[:0],
    )


def runs(first: Integers, count: Integers) -> Integers:
    """first[0], first[0] + 1, … (count[0] of them), first[1], …"""
    before = np.cumsum(count) - count
    places: Integers = np.arange(int(count.sum())) + np.repeat(first - before, count)
    return places


class Independence:
    """Tells which sparse rows are independent of all before.

    Exact up to ``exact`` columns, and while rows are not much wider than their rank. Beyond, rows are compared by a sketch of
    the seed's, which may take a row for dependent that is not, with small probability.
    """

    def __init__(self, prime: int, *, exact: int = 2048, seed: int = 0) -> None:
        self._echelon = Echelon(prime)
        self._kept: list[SparseRows] = []
        self._exact = exact
        self._seed = seed
        self._sketch: _Sketch | None = None

    def __len__(self) -> int:
        """The rank so far."""
        return len(self._echelon)

    @property
    def sketched(self) -> bool:
        """Whether a sketch decides."""
        return self._sketch is not None

    def insert(self, rows: SparseRows, width: int) -> list[int]:
        """Which of the rows, ``width`` wide, are independent of those before; these are kept."""
        independent: list[int] = []
        if len(self) == width and not self._sketch:
            return independent
        for first in range(0, rows.height, _BATCH):
            part = rows.cut(first, min(first + _BATCH, rows.height))
            self._settle(len(self) + part.height, width)
            new = self._echelon.insert(self._matrix(part, width))
            if new:
                self._kept.append(part.take(new))
            independent += [first + i for i in new]
        return independent

    def _settle(self, rank: int, width: int) -> None:
        """Choose between a sketch and all columns for this rank at most."""
        if width <= max(self._exact, 3 * rank):
            if self._sketch is None:
                return
            self._sketch = None
        elif self._sketch is None or rank > _LOAD * self._sketch.width:
            self._sketch = _Sketch(self._exact // 2 + 2 * rank, self._echelon.prime, self._seed)
        else:
            return
        self._echelon = Echelon(self._echelon.prime)
        if self._kept:
            self._kept = [joined(self._kept)]
        for part in self._kept:
            for first in range(0, part.height, _BATCH):
                self._echelon.insert(self._matrix(part.cut(first, min(first + _BATCH, part.height)), width))

    def _matrix(self, rows: SparseRows, width: int) -> Residues:
        return self._sketch.matrix(rows) if self._sketch else _dense(rows, rows.columns, rows.values, width)


def _dense(rows: SparseRows, columns: Integers, values: Integers, width: int) -> Residues:
    """The rows as a matrix, entries of equal place added up."""
    count = len(values) // max(1, int(rows.start[-1]))
    places = np.repeat(np.arange(rows.height), rows.counts * count) * width + columns
    # As floating point the sums are exact: fewer than 2^22 residues each.
    sums = np.bincount(places, weights=values.astype(np.float64), minlength=rows.height * width)
    return np.asarray(sums, dtype=np.float64).reshape(rows.height, width)


class _Sketch:
    """A random linear map to ``width`` columns: each column of a row goes to three places, with random factors."""

    def __init__(self, width: int, prime: int, seed: int) -> None:
        self.width = width
        self._prime = prime
        self._random = np.random.Generator(np.random.PCG64([seed, width]))
        self._places: Integers = np.zeros((0, _COPIES), dtype=np.int64)
        self._factors: Integers = np.zeros((0, _COPIES), dtype=np.int64)

    def matrix(self, rows: SparseRows) -> Residues:
        """The images of rows, (m, width)."""
        self._reach(int(rows.columns.max(initial=-1)) + 1)
        images = self._factors[rows.columns] * rows.values[:, None] % self._prime
        return reduced(_dense(rows, self._places[rows.columns].ravel(), images.ravel(), self.width), self._prime)

    def _reach(self, columns: int) -> None:
        while len(self._places) < columns:
            shape = (max(1024, len(self._places)), _COPIES)
            self._places = np.concatenate((self._places, self._random.integers(0, self.width, shape)))
            self._factors = np.concatenate((self._factors, self._random.integers(1, self._prime, shape)))


class Echelon:
    """Rows over the integers modulo ``prime`` (below 2^31), in reduced echelon form.

    In its pivot column a row has 1 and the others 0, so only the other columns, the free ones, are held.
    """

    def __init__(self, prime: int) -> None:
        self.prime = prime
        self._rows: Residues = np.zeros((0, 0))
        self._pivots: Integers = np.zeros(0, dtype=np.int64)
        self._free: Integers = np.zeros(0, dtype=np.int64)
        self._random = np.random.Generator(np.random.PCG64(0))

    def __len__(self) -> int:
        """The rank so far."""
        return len(self._pivots)

    def insert(self, batch: Residues) -> list[int]:
        """Add the rows of a matrix (m, width) of integers; returns which of them were independent of those before.

        A width beyond the one so far adds columns; columns left out at the end are zero.
        """
        batch = reduced(np.asarray(batch, dtype=np.float64), self.prime)
        self._widen(batch.shape[1])
        batch = np.pad(batch, ((0, 0), (0, len(self._pivots) + len(self._free) - batch.shape[1])))
        independent: list[int] = []
        for first in range(0, len(batch), _BATCH):
            independent += [first + i for i in self._insert(batch[first : first + _BATCH])]
        return independent

    def _widen(self, width: int) -> None:
        extra = np.arange(len(self._pivots) + len(self._free), width)
        if len(extra):
            self._free = np.concatenate((self._free, extra))
            self._rows = np.pad(self._rows, ((0, 0), (0, len(extra))))

    def _insert(self, part: Residues) -> list[int]:
        alive = self._outside(part)
        if not len(alive):
            return []
        part = part[alive]
        rest = reduced(part[:, self._free] - product(part[:, self._pivots], self._rows, self.prime), self.prime)
        new, chosen, pivots = _eliminated(rest, self.prime)
        above = reduced(self._rows - product(self._rows[:, pivots], new, self.prime), self.prime)
        kept = np.ones(len(self._free), dtype=bool)
        kept[pivots] = False
        self._rows = np.concatenate((above[:, kept], new[:, kept]))
        self._pivots = np.concatenate((self._pivots, self._free[pivots]))
        self._free = self._free[kept]
        return [int(alive[i]) for i in chosen]

    def _outside(self, part: Residues) -> Integers:
        """Rows outside the span, as two random combinations of what is left of their entries tell.

        Most rows of a closure are inside. One that is not is taken for it with a chance of 1/prime².
        """
        shape = (len(self._free), 2)
        random = self._random.integers(-(self.prime // 2), self.prime // 2, shape).astype(np.float64)
        images = product(self._rows, random, self.prime)
        left = product(part[:, self._free], random, self.prime) - product(part[:, self._pivots], images, self.prime)
        return np.flatnonzero(reduced(left, self.prime).any(axis=1))


def _eliminated(part: Residues, prime: int) -> tuple[Residues, list[int], list[int]]:
    """Reduced echelon form of a few rows, which of them it has, and their pivots: halves first, which makes for products."""
    if len(part) == 1:
        nonzero = np.flatnonzero(part[0])
        if not len(nonzero):
            return part[:0], [], []
        pivot = int(nonzero[0])
        scaled = part.astype(np.int64) * pow(int(part[0, pivot]), -1, prime) % prime
        return reduced(scaled.astype(np.float64), prime), [0], [pivot]
    half = len(part) // 2
    above, chosen, pivots_above = _eliminated(part[:half], prime)
    below = reduced(part[half:] - product(part[half:, pivots_above], above, prime), prime)
    below, others, pivots = _eliminated(below, prime)
    above = reduced(above - product(above[:, pivots], below, prime), prime)
    return np.concatenate((above, below)), [*chosen, *(half + i for i in others)], [*pivots_above, *pivots]


def reduced(matrix: Residues, prime: int) -> Residues:
    """Integers below 2^53 as the residues next to zero."""
    quotient = matrix * (1 / prime)
    np.rint(quotient, out=quotient)
    quotient *= -prime
    quotient += matrix
    return quotient


def product(left: Residues, right: Residues, prime: int) -> Residues:
    """The product of matrices of reduced residues modulo ``prime``, below 2^31; the inner size is at most 2^20."""
    if left.size > right.size:
        return product(right.T, left.T, prime).T  # the smaller one is cut
    inner = left.shape[1]
    if not inner:
        return np.zeros((len(left), right.shape[1]))
    # Parts of |left| <= 2^(bits-1) keep inner · 2^(bits-1) · 2^30, and 2^(bits+30) of what came before, below 2^53.
    bits = 24 - math.ceil(math.log2(inner + 3))
    parts = [left]
    for _ in range(30 // bits):
        high = np.rint(parts[-1] * 2.0**-bits)
        parts[-1:] = [parts[-1] - high * 2.0**bits, high]
    total: Residues = parts.pop() @ right
    for part in reversed(parts):
        total = reduced(total, prime) * 2.0**bits + part @ right
    return reduced(total, prime)
