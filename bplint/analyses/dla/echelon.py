"""Linear independence modulo a prime: an echelon form that grows by batches of rows.

Exact: entries are residues, and products of matrices are taken in halves of 16 bits, whose sums floating point holds
without rounding. The rank modulo a prime never exceeds the rank over the rationals. Rows much wider than their rank are
first mapped to a random sketch, which again can only lower the rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Residues: TypeAlias = "npt.NDArray[np.int64]"

_HALF = 1 << 16
_BATCH = 64
_COPIES = 3


class Sparse(NamedTuple):
    """A row: residues ``values`` at distinct ``columns``."""

    columns: Residues
    values: Residues


class Independence:
    """Tells which sparse rows are independent of all before.

    Up to ``exact`` columns it is exact; beyond, rows are compared by a sketch of the seed's, which may take a row for
    dependent that is not, with small probability.
    """

    def __init__(self, prime: int, *, exact: int = 1024, seed: int = 0) -> None:
        self._echelon = Echelon(prime)
        self._kept: list[Sparse] = []
        self._exact = exact
        self._seed = seed
        self._sketch: _Sketch | None = None

    def __len__(self) -> int:
        """The rank so far."""
        return len(self._echelon)

    @property
    def sketched(self) -> bool:
        """Whether a sketch decided."""
        return self._sketch is not None

    def insert(self, rows: Sequence[Sparse], width: int) -> list[int]:
        """Which of the rows, ``width`` wide, are independent of those before; these are kept."""
        if self._sketch is None and width > self._exact:
            self._rebuild(len(self) + max(self._exact, 2 * _BATCH))
        found: list[int] = []
        for first in range(0, len(rows), _BATCH):
            part = rows[first : first + _BATCH]
            if self._sketch and len(self) + len(part) > 0.8 * self._sketch.width:
                self._rebuild(2 * self._sketch.width)
            new = self._echelon.insert(self._matrix(part, width))
            self._kept += [part[i] for i in new]
            found += [first + i for i in new]
        return found

    def _rebuild(self, width: int) -> None:
        self._sketch = _Sketch(width, self._echelon.prime, self._seed)
        self._echelon = Echelon(self._echelon.prime)
        self._echelon.insert(self._matrix(self._kept, width))

    def _matrix(self, rows: Sequence[Sparse], width: int) -> Residues:
        if self._sketch:
            return self._sketch.matrix(rows)
        matrix = np.zeros((len(rows), width), dtype=np.int64)
        for line, row in zip(matrix, rows, strict=True):
            line[row.columns] = row.values
        return matrix


class _Sketch:
    """A random linear map to ``width`` columns: each column of a row goes to three places, with random factors."""

    def __init__(self, width: int, prime: int, seed: int) -> None:
        self.width = width
        self._prime = prime
        self._random = np.random.Generator(np.random.PCG64([seed, width]))
        self._places: Residues = np.zeros((0, _COPIES), dtype=np.int64)
        self._factors: Residues = np.zeros((0, _COPIES), dtype=np.int64)

    def matrix(self, rows: Sequence[Sparse]) -> Residues:
        """The images of rows, (m, width)."""
        result = np.zeros((len(rows), self.width), dtype=np.int64)
        for line, row in zip(result, rows, strict=True):
            self._reach(int(row.columns.max(initial=-1)) + 1)
            images = self._factors[row.columns] * row.values[:, None] % self._prime
            # As floating point the sums are exact: fewer than 2^22 residues each.
            sums = np.bincount(self._places[row.columns].ravel(), weights=images.ravel().astype(np.float64))
            line[: len(sums)] = sums.astype(np.int64) % self._prime
        return result

    def _reach(self, columns: int) -> None:
        while len(self._places) < columns:
            shape = (max(1024, len(self._places)), _COPIES)
            self._places = np.concatenate((self._places, self._random.integers(0, self.width, shape)))
            self._factors = np.concatenate((self._factors, self._random.integers(1, self._prime, shape)))


class Echelon:
    """Rows over the integers modulo ``prime`` (below 2^31), in reduced echelon form."""

    def __init__(self, prime: int) -> None:
        self.prime = prime
        self._rows: Residues = np.zeros((0, 0), dtype=np.int64)
        self._pivots: Residues = np.zeros(0, dtype=np.int64)
        self._factor = _Factor(self._rows)

    def __len__(self) -> int:
        """The rank so far."""
        return len(self._pivots)

    def insert(self, batch: Residues) -> list[int]:
        """Add the rows of a matrix (m, width) of residues; returns which of them were independent of those before.

        A width beyond the one so far adds columns.
        """
        width = max(batch.shape[1], self._rows.shape[1])
        batch = _widened(batch, width)
        if width > self._rows.shape[1]:
            self._rows = _widened(self._rows, width)
            self._factor = _Factor(self._rows)
        found: list[int] = []
        for first in range(0, len(batch), _BATCH):
            part = batch[first : first + _BATCH]
            if len(self):
                part = (part - _Factor(part[:, self._pivots]).times(self._factor, self.prime)) % self.prime
            found += [first + i for i in self._eliminate(part)]
        return found

    def _eliminate(self, part: Residues) -> list[int]:
        """Rows that are zero in all pivot columns: brought to echelon form among themselves, then cleared from above."""
        prime, chosen, pivots = self.prime, [], []
        for i in range(len(part)):
            columns = np.flatnonzero(part[i])
            if not len(columns):
                continue
            pivot = int(columns[0])
            part[i] = part[i] * pow(int(part[i, pivot]), -1, prime) % prime
            factors = part[:, pivot].copy()
            factors[i] = 0
            others = np.flatnonzero(factors)
            part[others] = (part[others] - factors[others, None] * part[i] % prime) % prime
            chosen.append(i)
            pivots.append(pivot)
        if chosen:
            new = part[chosen]
            above = (self._rows - _Factor(self._rows[:, pivots]).times(_Factor(new), prime)) % prime
            self._rows = np.concatenate((above, new))
            self._factor = _Factor(self._rows)
            self._pivots = np.concatenate((self._pivots, np.array(pivots, dtype=np.int64)))
        return chosen


def _widened(matrix: Residues, width: int) -> Residues:
    extra = width - matrix.shape[1]
    return np.pad(matrix, ((0, 0), (0, extra))) if extra else matrix


class _Factor:
    """A matrix of residues, split for exact products in floating point: Karatsuba's three instead of four."""

    def __init__(self, matrix: Residues) -> None:
        high, low = np.divmod(matrix, _HALF)
        self._high, self._low = high.astype(np.float64), low.astype(np.float64)
        self._both = self._high + self._low

    def times(self, right: _Factor, prime: int) -> Residues:
        """The product. The inner size is at most 2^18, so that sums stay below 2^53."""
        high = (self._high @ right._high).astype(np.int64)
        low = (self._low @ right._low).astype(np.int64)
        middle = (self._both @ right._both).astype(np.int64) - high - low
        return ((high % prime * _HALF + middle) % prime * _HALF + low) % prime
