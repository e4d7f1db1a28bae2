"""What samples say of a gradient that is too small to be proved small: an estimate that states what it assumes.

X = (∂_k l)² is never negative, so P(mean of N <= (1 - δ)μ) <= exp(-Nδ²/2κ), κ = E[X²]/E[X]², whatever its law
(Maurer, JIPAM 4 (2003) 15). Where κ <= κ0 the largest second moment is therefore
below the largest mean over 1 - sqrt(2 κ0 ln(1/α)/N), but for a chance of α. Only the parameter that is truly the largest can
make that fail, so their number does not matter.

κ is 2 to 8 for the largest gradient of a sum of strings where angles are tied (3 if it is Gaussian), and cannot be told from
samples where rare starts carry the mean, as they do for projectors and for products of independent angles.
"""

from __future__ import annotations

import math

import numpy as np

from bplint.ir.circuit import Floats

KAPPA = 30.0
"""κ0: the largest E[x²]/E[x]² that is assumed."""

LEVEL = 1e-3
"""α: the chance that the bound fails where the assumption holds."""

STARTS = 1 << 10
"""The samples that one look takes."""

_SEEN = 10
"""The largest gradients whose own κ is looked at; a third of κ0 is the most that it may be."""


def presumed(squares: Floats, fourths: Floats, samples: int) -> float:
    """A number that the largest second moment is presumably below, from Σ (∂l)² and Σ (∂l)⁴ by parameter; infinite if none."""
    largest = [k for k in np.argsort(squares)[::-1][:_SEEN].tolist() if squares[k] ** 2 > 0]
    if samples < STARTS or not largest:
        return math.inf
    if any(samples * fourths[k] > KAPPA / 3 * squares[k] ** 2 for k in largest):
        return math.inf
    return float(squares[largest[0]]) / samples / (1 - math.sqrt(2 * KAPPA * math.log(1 / LEVEL) / samples))


def missed(samples: int) -> float:
    """The largest share of all starts that as many samples miss altogether with a chance of α."""
    return math.log(1 / LEVEL) / samples


def times_larger(seen: float, threshold: float, samples: int) -> float:
    """How many times larger than those seen gradients must be at the starts that were missed, for the threshold to be met."""
    return math.sqrt((threshold - seen) / missed(samples) / seen)
