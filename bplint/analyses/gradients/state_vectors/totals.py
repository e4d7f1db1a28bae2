"""Sums over samples, and bounds on the largest second moment of a gradient.

Bounds are those of :mod:`bplint.bounds` on values divided by their largest possible one. From below that would be weak, as
the largest possible value is far above the mean: but E[min(v, cap)] is at most E[v] for any cap, so the best of a few caps
is taken.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Number
from bplint.bounds import lower_bound, upper_bound
from bplint.ir.circuit import Floats

CAPS = 4.0 ** -np.arange(10)
"""Caps on a value for its bound from below, as shares of the largest possible one."""

_DISPLAY = 0.05 / 2


class Totals(NamedTuple):
    """Sums over samples of l, l², ∂l and (∂l)², the last two (parameters,), and of min((∂l)², cap), (caps, parameters)."""

    samples: int
    loss: float
    loss_second: float
    slope: Floats
    slope_second: Floats
    capped: Floats

    @classmethod
    def zero(cls, tops: Floats) -> Totals:
        return cls(0, 0.0, 0.0, np.zeros(len(tops)), np.zeros(len(tops)), np.zeros((len(CAPS), len(tops))))

    def plus(self, loss: Floats, derivatives: Floats, slopes: Floats, tops: Floats) -> Totals:
        gradient = slopes @ derivatives
        square = gradient**2
        capped = [np.minimum(square, cap * tops[:, None] ** 2).sum(axis=1) for cap in CAPS]
        return Totals(
            self.samples + len(loss),
            self.loss + float(loss.sum()),
            self.loss_second + float((loss**2).sum()),
            self.slope + gradient.sum(axis=1),
            self.slope_second + square.sum(axis=1),
            self.capped + np.array(capped),
        )


def largest(totals: Totals, tops: Floats, level: float) -> tuple[float, float]:
    """Bounds from above and below on the largest E[(∂l)²], each at ``level``.

    From above each parameter may take all of it: only the one that is truly the largest can make the bound fail.
    """
    upper = lower = 0.0
    highest = tops**2
    for total, top in zip(totals.slope_second.tolist(), highest.tolist(), strict=True):
        if top:
            upper = max(upper, top * upper_bound(min(total / totals.samples / top, 1.0), totals.samples, level))
    means = totals.capped / totals.samples
    for place in np.argsort(-means, axis=None, kind="stable").tolist():
        cap, parameter = divmod(place, len(tops))
        mean, top = float(means[cap, parameter]), float(CAPS[cap] * highest[parameter])
        if mean <= lower:
            break  # no bound from below exceeds the mean it is of
        lower = max(lower, top * lower_bound(min(mean / top, 1.0), totals.samples, level / means.size))
    return upper, lower


def estimate(total: float, samples: int, low: float, high: float) -> Number:
    """Of a variable between ``low`` and ``high``."""
    mean, width = float(total) / samples, high - low
    if not width:
        return Number(mean, mean, mean)
    share = min(max((mean - low) / width, 0.0), 1.0)
    return Number(
        mean,
        low + width * lower_bound(share, samples, _DISPLAY),
        low + width * upper_bound(share, samples, _DISPLAY),
    )
