"""Bounds from few samples on the largest second moment of a gradient.

From below: the largest E[(∂_k l)²] is at least E[v], v the mean of (∂_k l)² over any set of k, and that is at least
E[min(v, c)] for any cap c. A pilot of a few samples, which are then thrown away, chooses the set (those within a factor of the
largest) and caps about the mean of v. So v hardly varies, and Chernoff's bound on min(v, c)/c is near the truth after some
sixteen samples with the low caps, and nearer after hundreds with the high ones.

From above: each parameter by Chernoff's bound on (∂_k l)² divided by its largest possible value. Only the one that is truly
the largest can make the bound fail, so there is no correction for their number.
"""

from __future__ import annotations

import numpy as np

from bplint.analyses.gradients.paths.bounds import upper_bounds
from bplint.bounds import lower_bound
from bplint.ir.circuit import Floats, Index

PILOT = 8
"""Samples of the pilot."""

_SHARES = (0.25, 0.6)
"""Of the largest pilot mean, that a parameter needs to be in a set: few samples ask for a large one, many for a good one."""

_CAPS = np.array([2.0, 1.0, 0.6, 0.3, 0.1, 0.03])
"""Caps in units of the pilot mean of v."""


class Visibility:
    """Sums over samples of min(v, cap), for sets and caps that a pilot has chosen."""

    def __init__(self, pilot: Floats) -> None:
        """``pilot``: squares of gradients, (parameters, samples)."""
        means = pilot.mean(axis=1)
        largest = means.max(initial=0.0)
        self._chosen: list[Index] = [np.flatnonzero(means >= share * largest) for share in _SHARES if largest]
        self._caps: list[Floats] = [_CAPS * float(means[chosen].mean()) for chosen in self._chosen]
        self._sums = [np.zeros(len(_CAPS)) for _ in self._chosen]
        self._samples = 0

    def add(self, squares: Floats) -> None:
        """Take in more samples, (parameters, samples)."""
        self._samples += squares.shape[1]
        for chosen, caps, sums in zip(self._chosen, self._caps, self._sums, strict=True):
            sums += np.minimum(squares[chosen].mean(axis=0), caps[:, None]).sum(axis=1)

    def lower(self, level: float, samples: int = 0) -> float:
        """The largest second moment is below this with chance at most ``level``.

        If ``samples`` are given, what so many would tell that are like those so far.
        """
        best = 0.0
        level /= len(_CAPS) * len(_SHARES)
        for caps, sums in zip(self._caps, self._sums, strict=True):
            for cap, total in zip(caps.tolist(), sums.tolist(), strict=True):
                share = min(total / self._samples / cap, 1.0)
                best = max(best, cap * lower_bound(share, samples or self._samples, level))
        return best


def upper(means: Floats, tops: Floats, samples: int, level: float) -> float:
    """The largest second moment is above this with chance at most ``level``; ``means`` of squares that are at most ``tops``²."""
    most = tops**2
    means, most = means[most > 0], most[most > 0]
    return float((most * upper_bounds(np.minimum(means / most, 1.0), samples, level)).max(initial=0.0))
