"""Estimates with the intervals that are shown: 95 %, and no part of a verdict.

Three standard errors cover what is nominally 95 % also for skewed variables, as squares of gradients are, if no rare samples
carry the mean. Where the samples' own E[x²]/E[x]² is large they may: then, and for few samples, the interval is the one that
holds for any variable in its range.
"""

from __future__ import annotations

import math

from bplint.analyses.gradients.answer import Number
from bplint.bounds import lower_bound, upper_bound

_LEVEL = 0.05 / 2

_ERRORS = 3.0
"""Standard errors on each side."""

_FEW = 64
"""Samples below which a standard error is not trusted."""

_HEAVY = 10.0
"""E[x²]/E[x]² of a variable that is never negative, beyond which rare samples carry its mean."""


def estimate(total: float, squares: float, samples: int, low: float, high: float, *, trusted: bool = True) -> Number:
    """The mean of a variable between ``low`` and ``high``, from Σ x and Σ x²; not ``trusted`` if rare values may be large."""
    mean, width = total / samples, high - low
    if not width:
        return Number(mean, mean, mean)
    mean = min(max(mean, low), high)
    second = squares / samples
    heavy = low >= 0 and second > _HEAVY * mean**2
    if trusted and samples >= _FEW and not heavy:
        error = _ERRORS * math.sqrt(max(second - mean**2, 0.0) / samples)
        return Number(mean, max(mean - error, low), min(mean + error, high))
    share = (mean - low) / width
    return Number(
        mean,
        low + width * lower_bound(share, samples, _LEVEL),
        low + width * upper_bound(share, samples, _LEVEL),
    )
