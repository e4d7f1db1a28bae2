"""Angles and weights that stand for a law: sums over them are averages of trigonometric polynomials.

Where all frequencies are multiples of one, equally spaced angles are exact for any law. Where the law is narrow, Gauss's rule
takes fewer, and needs no common multiple: its error on e^{iωθ} falls faster than any power, and the rule is long enough for
it to be below rounding.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from bplint.ir.circuit import Floats
from bplint.ir.law import Law, Shape

_INTEGER = 1e-6
"""A ratio this close to an integer is that integer."""

_ERROR = math.log(1e-16)
"""Of Gauss's rule on a wave of size 1."""

_MOST = 1 << 16
"""Equally spaced points, at most."""

_LONGEST = 64
"""Points of Gauss's rule, at most."""


@lru_cache(maxsize=256)
def angle_rule(law: Law, frequency: float, unit: float) -> tuple[Floats, Floats] | None:
    """Angles and weights, both float64 (points,), exact for e^{iωθ} up to rounding; None if there is no such rule.

    |ω| <= ``frequency``, and ω is a multiple of ``unit``, or anything if that is 0. Weights may be negative. A uniform law is
    one over the period of the unit.
    """
    degree = math.floor(frequency / unit + _INTEGER) if unit else -1
    spaced = 0 if not unit else degree + 1 if law.is_uniform else 2 * degree + 1
    spaced *= spaced <= _MOST
    gauss = 0 if law.is_uniform else _gauss_points(law, frequency)
    if not (spaced or gauss):
        return None
    rule = _gauss(law, gauss) if gauss and not 0 < spaced <= gauss else _equally_spaced(law, degree, spaced, unit)
    for array in rule:
        array.setflags(write=False)
    return rule


def _equally_spaced(law: Law, degree: int, points: int, unit: float) -> tuple[Floats, Floats]:
    """Equal weights on m points do not tell k from k ± m; that matters only where both have a mean."""
    theta = np.linspace(0, 2 * math.pi / unit, points, endpoint=False)
    weights: Floats = np.full(points, 1 / points)
    for k in () if law.is_uniform else range(1, degree + 1):
        weights += 2 / points * law.characteristic(k * unit) * np.cos(k * unit * theta)
    return theta + law.mean, weights


def _gauss_points(law: Law, frequency: float) -> int:
    """Points that Gauss's rule needs; 0 if too many.

    With z = ω·width the error on e^{iωθ} is at most z^{2m} m!/(2m)! for Hermite's rule (its remainder), twice that in the plane,
    and 4 (z/2)^{2m}/(2m)! for Legendre's where z <= 2m (the Chebyshev coefficients 2|J_k(z)| <= 2 (z/2)^k/k! from k = 2m on).
    """
    z = abs(frequency * law.width)
    if not z:
        return 1
    for m in range(1, _LONGEST + 1):
        if law.shape is Shape.NORMAL:
            error = 2 * m * math.log(z) + math.lgamma(m + 1) - math.lgamma(2 * m + 1) + math.log(2)
        else:
            error = 2 * m * math.log(z / 2) - math.lgamma(2 * m + 1) + math.log(4)
        if error <= _ERROR and z <= 2 * m:
            return m
    return 0


def _gauss(law: Law, points: int) -> tuple[Floats, Floats]:
    normal = law.shape is Shape.NORMAL
    rule = np.polynomial.hermite_e.hermegauss if normal else np.polynomial.legendre.leggauss
    nodes, weights = rule(points)
    return law.mean + law.width * nodes, weights / weights.sum()
