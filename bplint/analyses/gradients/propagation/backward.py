"""The way back: reverse-mode differentiation of a sum over pairs of strings, from a record of what became of them.

The record tells for every step which pairs turned into which, with which weights. Read backwards, it gives the value of
every pair at every step: at |0…0> each is worth 1, and a pair that branched is worth what its branches are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.ir.circuit import Floats, Index


class Branch(NamedTuple):
    """Pairs ``source``, of these weights, go to ``target`` with ``value * sign``, in the derivative ``slope * sign``."""

    source: Index
    weight: Floats
    target: Index
    sign: Floats | float
    value: float
    slope: float


class SplitPairs(NamedTuple):
    """A split: of the ``before`` pairs that were there, those not in ``moving`` stay as they are."""

    number: int
    before: int
    moving: Index
    branches: list[Branch]

    @property
    def size(self) -> int:
        return sum(len(branch.source) for branch in self.branches)


class Scaled(NamedTuple):
    """Each pair was multiplied by its factor."""

    factors: Floats

    @property
    def size(self) -> int:
        return len(self.factors)


class Kept(NamedTuple):
    """Of ``before`` pairs the ``kept`` ones stayed. Of the others these were dropped, the rest is worth nothing."""

    before: int
    kept: Index
    equal: Index
    mixed: Index

    @property
    def size(self) -> int:
        return len(self.kept) + len(self.equal) + len(self.mixed)


Record: TypeAlias = SplitPairs | Scaled | Kept


def back(tape: Sequence[Record], start: Floats, pairs: int, *, radius: bool = False) -> tuple[float, dict[int, float]]:
    """The sum and its derivatives, or how far off they may be. At |0…0> each of the last ``pairs`` is worth 1."""
    values, slopes = np.zeros(pairs) if radius else np.ones(pairs), {}
    for record in reversed(tape):
        if isinstance(record, Scaled):
            values = values * record.factors
            continue
        after = values
        values = np.zeros(record.before)
        if isinstance(record, Kept):
            values[record.kept] = after
            values[record.equal] = 0.5
            values[record.mixed] = 1.0 if radius else 0.0
            continue
        values[:] = after[: record.before]
        values[record.moving] = 0.0
        slope = 0.0
        for branch in record.branches:
            reached = after[branch.target]
            if radius:
                values[branch.source] += abs(branch.value) * reached
                slope += abs(branch.slope) * float(np.abs(branch.weight) @ reached)
            else:
                reached = branch.sign * reached
                values[branch.source] += branch.value * reached
                slope += branch.slope * float(branch.weight @ reached)
        slopes[record.number] = slope
    total = np.abs(start) @ values if radius else start @ values
    return float(total), slopes
