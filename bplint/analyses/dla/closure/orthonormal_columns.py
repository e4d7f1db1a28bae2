"""Closure in floating point: orthonormal columns that grow by brackets until nothing is new.

Every bracket is normalised and made orthogonal to all columns before, so that numbers do not grow. What of a batch is new is
told by the singular values of what is left of it; those up to the tolerance count as zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bplint.analyses.dla.closure.orbit_strings import Bracket
from bplint.ir.circuit import Floats

_BATCH = 256
"""Columns that are bracketed at once."""


class OrthonormalColumns:
    """``columns`` span all that was added. ``gap``: the largest singular value taken for zero, and the least that was not."""

    def __init__(self, height: int, tolerance: float) -> None:
        self.columns = np.zeros((height, 0))
        self.gap = (0.0, 1.0)
        self._tolerance = tolerance

    def __len__(self) -> int:
        return self.columns.shape[1]

    def add(self, vectors: Floats) -> None:
        """Take in the columns of (height, m)."""
        norms = np.linalg.norm(vectors, axis=0)
        rest = self._outside(vectors[:, norms > self._tolerance] / norms[norms > self._tolerance])
        left = float(np.linalg.norm(rest))
        if left <= self._tolerance:  # no singular value is larger
            self.gap = (max(self.gap[0], left), self.gap[1])
            return
        directions, values, _ = np.linalg.svd(rest, full_matrices=False)
        new = int((values > self._tolerance).sum())
        zero, least = self.gap
        self.gap = (max([zero, *values[new:].tolist()]), min([least, *values[:new].tolist()]))
        directions = self._outside(directions[:, :new])  # rounding is magnified where little was left
        self.columns = np.concatenate((self.columns, directions / np.linalg.norm(directions, axis=0)), axis=1)

    def _outside(self, vectors: Floats) -> Floats:
        for _ in range(2):
            vectors = vectors - self.columns @ (self.columns.T @ vectors)
        return vectors


def growth(basis: OrthonormalColumns, brackets: Sequence[Bracket]) -> Iterator[tuple[Bracket, int]]:
    """Add brackets until nothing is new. Yields each bracket with the number of columns that it is about to be taken of.

    Who goes no further leaves the basis as far as it has come.
    """
    done = 0
    while done < len(basis):
        fresh = basis.columns[:, done:]
        done = len(basis)
        for bracket in brackets:
            for first in range(0, fresh.shape[1], _BATCH):
                part = fresh[:, first : first + _BATCH]
                yield bracket, part.shape[1]
                basis.add(bracket(part))
