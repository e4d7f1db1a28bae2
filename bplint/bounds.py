"""How well a number is known, and bounds that hold for any variable in [0, 1]."""

from __future__ import annotations

import math
from enum import StrEnum


class Status(StrEnum):
    """How an analysis ended (contract section 5)."""

    EXACT = "exact"
    BOUNDED = "bounded"
    ESTIMATED = "estimated"
    SKIPPED = "skipped"
    INCONCLUSIVE = "inconclusive"

    @property
    def told(self) -> bool:
        """Whether there is an answer."""
        return self not in (Status.SKIPPED, Status.INCONCLUSIVE)


def divergence(p: float, q: float) -> float:
    """Kullback–Leibler divergence of Bernoulli(p) from Bernoulli(q), in nats."""
    if p in (0.0, 1.0):
        return -math.log1p(-q) if p == 0.0 else -math.log(q)
    if q in (0.0, 1.0):
        return math.inf
    return p * math.log(p / q) + (1 - p) * (math.log1p(-p) - math.log1p(-q))


def upper_bound(mean: float, samples: int, level: float) -> float:
    """A number that the true mean exceeds with probability at most ``level``.

    Chernoff's bound in its exact form, valid for independent samples of any variable in [0, 1]:
    the largest q with samples · D(mean || q) <= ln(1/level) (Hoeffding 1963, theorem 1). With no hit
    at all it is 1 - level^(1/samples), which no bound can better.
    """
    return _solve(mean, 1.0, math.log(1 / level) / samples) if mean < 1 else 1.0


def lower_bound(mean: float, samples: int, level: float) -> float:
    """A number that the true mean falls below with probability at most ``level``; see :func:`upper_bound`."""
    return _solve(mean, 0.0, math.log(1 / level) / samples) if mean > 0 else 0.0


def _solve(mean: float, far: float, target: float) -> float:
    """The q between mean and far with D(mean || q) = target; the far side of the bisection, so never too tight."""
    near = mean
    for _ in range(200):
        middle = (near + far) / 2
        if middle in (near, far):
            break
        if divergence(mean, middle) < target:
            near = middle
        else:
            far = middle
    return far
