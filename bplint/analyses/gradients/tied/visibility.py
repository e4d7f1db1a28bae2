"""Bounds from few samples on the largest second moment of a gradient.

From below: the largest E[(∂_k l)²] is at least E[v], v the mean of (∂_k l)² over any set of k, and that is at least
E[min(v, c)] for any cap c. A pilot of a few samples, which are then thrown away, chooses the set (those within a factor of the
largest) and caps near the mean of v. So v hardly varies, and Chernoff's bound on min(v, c)/c is near the truth after some
sixteen samples.

From above: each parameter by Chernoff's bound on (∂_k l)² divided by its largest possible value. Only the one that is truly
the largest can make the bound fail, so there is no correction for their number.
"""

from __future__ import annotations

import numpy as np

from bplint.bounds import lower_bound, upper_bound
from bplint.ir.circuit import Floats, Index

PILOT = 8
"""Samples of the pilot."""

_SHARE = 0.25
"""Of the largest pilot mean, that a parameter needs to be in the set."""

_CAPS = np.array([0.6, 0.3, 0.1, 0.03])
"""Caps in units of the pilot mean of v."""


class Visibility:
    """Sums over samples of min(v, cap), for a set and caps that a pilot has chosen."""

    def __init__(self, pilot: Floats) -> None:
        """``pilot``: squares of gradients, (parameters, samples)."""
        means = pilot.mean(axis=1)
        self._chosen: Index = np.flatnonzero(means >= _SHARE * means.max(initial=0.0))
        self._caps: Floats = _CAPS * float(means[self._chosen].mean()) if len(means) else np.zeros(len(_CAPS))
        self._sums = np.zeros(len(_CAPS))
        self._samples = 0

    def add(self, squares: Floats) -> None:
        """Take in more samples, (parameters, samples)."""
        self._samples += squares.shape[1]
        if len(self._chosen):
            self._sums += np.minimum(squares[self._chosen].mean(axis=0), self._caps[:, None]).sum(axis=1)

    def lower(self, level: float) -> float:
        """The largest second moment is below this with chance at most ``level``."""
        best = 0.0
        for cap, total in zip(self._caps.tolist(), self._sums.tolist(), strict=True):
            if cap:
                share = min(total / self._samples / cap, 1.0)
                best = max(best, cap * lower_bound(share, self._samples, level / len(self._caps)))
        return best


def upper(means: Floats, tops: Floats, samples: int, level: float) -> float:
    """The largest second moment is above this with chance at most ``level``; ``means`` of squares that are at most ``tops``²."""
    highest = 0.0
    for mean, top in zip(means.tolist(), (tops**2).tolist(), strict=True):
        if top:
            highest = max(highest, top * upper_bound(min(mean / top, 1.0), samples, level))
    return highest
