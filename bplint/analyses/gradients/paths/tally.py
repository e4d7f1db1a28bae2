"""What paths counted, and bounds on the numbers that follow: sums of parts, each a share of the paths drawn for it.

Bounds rest on Hoeffding's theorem 1 (1963), see :mod:`bplint.bounds`, for the values between 0 and ``most`` that paths count
as. Values rounded at random together, as those of one batch are, are independent given the paths, each with mean V, its
chance to hit; so E[e^λX] <= E[Π (1 - V + V e^λ)] over the paths, as if each were 0 or 1 by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.paths.bounds import lower_bounds, upper_bounds
from bplint.ir.circuit import Floats

_DISPLAY = 0.05 / 2
"""Level of each side of an interval for display."""


class Tally(NamedTuple):
    """One part of some numbers: number k is the sum over parts of scale[k] · (expected counts[k] / paths).

    ``counts`` is float64 (numbers,), sums over the paths of values between 0 and ``most``; ``scale`` is of the same
    shape, of any sign.
    """

    counts: Floats
    paths: int
    scale: Floats
    most: float = 1.0

    @property
    def estimate(self) -> Floats:
        """The estimates of this part."""
        return np.asarray(self.scale * self.counts / max(self.paths, 1))

    def bounds(self, level: float, *, upper: bool) -> Floats:
        """Bounds on this part, each of which fails with probability at most ``level``."""
        if not self.paths:
            return self.scale * 0.0
        above = np.asarray((self.scale > 0) == upper)
        result = np.zeros(len(self.counts))
        for side, bounds in ((above, upper_bounds), (~above, lower_bounds)):
            means = self.counts[side] / (self.paths * self.most)
            result[side] = self.most * bounds(np.minimum(means, 1.0), self.paths, level)
        return np.asarray(self.scale * result)


def only(parts: Sequence[Tally], chosen: Sequence[int] | None) -> list[Tally]:
    """The parts of chosen numbers."""
    if chosen is None:
        return list(parts)
    return [p._replace(counts=p.counts[list(chosen)], scale=p.scale[list(chosen)]) for p in parts]


def largest(parts: Sequence[Tally], level: float) -> tuple[float, float]:
    """Bounds on the largest number from above and from below.

    From above one level is enough for the maximum: it fails only if the bound of the one rotation that is truly the
    largest does, and the largest bound is no lower. From below any rotation may mislead.
    """
    numbers = len(parts[0].counts)
    if not numbers:
        return 0.0, 0.0
    if len(parts) == 1 and np.ptp(parts[0].scale) == 0:  # then bounds are in the order of the counts
        parts = [p._replace(counts=p.counts.max(keepdims=True), scale=p.scale[:1]) for p in parts]
    upper = bounds_on(parts, level, upper=True).max()
    return float(upper), float(max(bounds_on(parts, level / numbers, upper=False).max(), 0.0))


def estimates(parts: Sequence[Tally]) -> Floats:
    """The estimates of numbers that are not negative, (numbers,)."""
    return np.maximum(sum(part.estimate for part in parts), 0.0)


def intervals(parts: Sequence[Tally]) -> Floats:
    """Their 95 % intervals, each by itself, (numbers, 2)."""
    low, high = (bounds_on(parts, _DISPLAY, upper=upper) for upper in (False, True))
    return np.maximum(np.stack([low, high], axis=1), 0.0)


def bounds_on(parts: Sequence[Tally], level: float, *, upper: bool) -> Floats:
    """Bounds on sums of parts, each of which fails with probability at most ``level``."""
    return np.asarray(sum(part.bounds(level / len(parts), upper=upper) for part in parts))
