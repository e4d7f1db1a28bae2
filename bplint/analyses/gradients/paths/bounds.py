"""The bounds of :mod:`bplint.bounds` for many means at once: valid for any variables in [0, 1]."""

from __future__ import annotations

import math

import numpy as np

from bplint.ir.circuit import Floats

_TINY = 1e-300
"""Means up to this have no bound from below but zero."""

_ROUNDING = 1e-12
"""By how much a bound is moved outwards, relatively, for what rounding may have lost."""


def upper_bounds(means: Floats, samples: int, level: float) -> Floats:
    """Numbers each of which the true mean exceeds with probability at most ``level``."""
    outwards = (1 - lower_bounds(1 - means, samples, level)) * (1 + _ROUNDING)
    return np.asarray(np.minimum(outwards, 1.0))


def lower_bounds(means: Floats, samples: int, level: float) -> Floats:
    """Numbers each of which the true mean falls below with probability at most ``level``.

    The q below a mean p with D(p || q) = ln(1/level)/samples. D is convex in ln q, so Newton's method from the left stays
    there; it begins where p ln(p/q) - p, which is less than D, has that value.
    """
    bounds = np.zeros(means.shape)
    target = math.log(1 / level) / samples
    p = means[means > _TINY]
    log_q = np.log(p) - (1 + target / p)
    rest = np.where(p < 1, (1 - p) * np.log1p(-np.minimum(p, 1 - _ROUNDING)), 0.0)
    for _ in range(100):
        q = np.exp(log_q)
        excess = p * (np.log(p) - log_q) + rest - (1 - p) * np.log1p(-q) - target
        step = np.maximum(excess, 0.0) * (1 - q) / (p - q)
        log_q += step
        if not (step > _ROUNDING).any():
            break
    bounds[means > _TINY] = np.exp(log_q) * (1 - _ROUNDING)
    return bounds
