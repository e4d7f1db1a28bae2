"""Estimates with the intervals that are shown: 95 %, and no part of a verdict.

Three standard errors cover what is nominally 95 % also for skewed variables, as squares of gradients are, if no rare samples
carry the mean. Where the samples' own E[x²]/E[x]² is large they may: then, and for few samples, the interval is the one that
holds for any variable in its range.
"""

from __future__ import annotations

import numpy as np

from bplint.analyses.gradients.answer import Number
from bplint.analyses.gradients.paths.bounds import lower_bounds, upper_bounds
from bplint.ir.circuit import Floats

_LEVEL = 0.05 / 2

_ERRORS = 3.0
"""Standard errors on each side."""

_FEW = 64
"""Samples below which a standard error is not trusted."""

_HEAVY = 10.0
"""E[x²]/E[x]² of a variable that is never negative, beyond which rare samples carry its mean."""


def estimate(total: float, squares: float, samples: int, low: float, high: float, *, trusted: bool = True) -> Number:
    """The mean of a variable between ``low`` and ``high``, from Σ x and Σ x²; not ``trusted`` if rare values may be large."""
    one = np.array([[total], [squares], [low], [high]])
    return estimates(one[0], one[1], samples, one[2], one[3], trusted=trusted)[0]


def estimates(
    totals: Floats, squares: Floats, samples: int, low: Floats, high: Floats, *, trusted: bool = True
) -> list[Number]:
    """Those of many variables, all of whose numbers are float64 (variables,)."""
    width, mean, second = high - low, np.clip(totals / samples, low, high), squares / samples
    error = _ERRORS * np.sqrt(np.maximum(second - mean**2, 0.0) / samples)
    lower, upper = np.maximum(mean - error, low), np.minimum(mean + error, high)
    heavy = (low >= 0) & (second > _HEAVY * mean**2)
    wide = np.flatnonzero((width > 0) & (heavy | (not trusted or samples < _FEW)))
    share = (mean[wide] - low[wide]) / width[wide]
    lower[wide] = low[wide] + width[wide] * lower_bounds(share, samples, _LEVEL)
    upper[wide] = low[wide] + width[wide] * upper_bounds(share, samples, _LEVEL)
    return [Number(*ends) for ends in zip(mean.tolist(), lower.tolist(), upper.tolist(), strict=True)]
