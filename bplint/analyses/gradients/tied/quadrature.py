"""Exact moments as sums over a grid of angles.

The loss is a trigonometric polynomial in each variable, whose degree the generators tell; l², ∂l and (∂l)² have at most twice
that degree. A rule for each variable (:mod:`~bplint.analyses.gradients.angle_rule`) averages such a polynomial exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from bplint.analyses.gradients.angle_rule import angle_rule
from bplint.analyses.gradients.answer import Answer, Declined, Slope, certain, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.tied.evaluator import LossEvaluator
from bplint.analyses.gradients.tied.variables import Drive
from bplint.ir.circuit import Floats
from bplint.ir.law import UNIFORM

METHOD = "quadrature"

_ZERO = 1e-13
"""A moment this small beside its largest possible value is rounding."""


class Grid:
    """Points and weights of each variable, and all combinations of them."""

    def __init__(self, drive: Drive, evaluator: LossEvaluator) -> None:
        rules = [rule for rule in _rules(drive, evaluator) if rule]
        assert len(rules) == len(drive.variables), "want a grid of finite size"
        self.axes = rules
        self.size = math.prod(len(points) for points, _ in self.axes)

    def part(self, first: int, count: int) -> tuple[Floats, Floats]:
        """Values (variables, count) and weights (count,) of the combinations number ``first`` and following."""
        rest = np.arange(first, min(first + count, self.size))
        weights = np.ones(len(rest))
        values = np.empty((len(self.axes), len(rest)))
        for k, (points, weight) in enumerate(self.axes):
            rest, place = np.divmod(rest, len(points))
            values[k] = points[place]
            weights *= weight[place]
        return values, weights


def grid_size(drive: Drive, evaluator: LossEvaluator) -> float:
    """Points of the grid; infinite if some variable has no rule that is short enough."""
    size = 1.0
    for rule in _rules(drive, evaluator):
        size *= len(rule[0]) if rule else math.inf
    return size


def over_grid(
    drive: Drive, evaluator: LossEvaluator, tops: Floats, size: float, constant: float, effort: Effort
) -> Answer | Declined:
    """The exact answer; ``tops`` bound each |∂l|, ``size`` bounds |l| without its ``constant``."""
    grid = Grid(drive, evaluator)
    mean, second = 0.0, 0.0
    slope, slope_second = np.zeros(len(tops)), np.zeros(len(tops))
    for first in range(0, grid.size, evaluator.batch):
        effort.clock.check()
        values, weights = grid.part(first, evaluator.batch)
        loss, derivatives = evaluator.run(drive.angles(values))
        gradients = drive.gradients(derivatives)
        mean += float(weights @ loss)
        second += float(weights @ loss**2)
        slope += gradients @ weights
        slope_second += gradients**2 @ weights
    mean, second = _clean(mean, size), _clean(second, size**2)
    slopes = {
        parameter: Slope(exactly(_clean(s, top)), exactly(_clean(s2, top**2)))
        for parameter, s, s2, top in zip(
            drive.scales, slope.tolist(), slope_second.tolist(), tops.tolist(), strict=True
        )
    }
    answer = certain(METHOD, exactly(mean + constant), exactly(second + 2 * constant * mean + constant**2), slopes)
    return answer._replace(variance=exactly(max(second - mean**2, 0.0)))  # a large constant would drown it


def _rules(drive: Drive, evaluator: LossEvaluator) -> Iterator[tuple[Floats, Floats] | None]:
    """Angles and weights of each variable."""
    degrees = drive.degrees(evaluator.degrees).tolist()
    for variable, degree in zip(drive.variables, degrees, strict=True):
        yield angle_rule(UNIFORM if variable.periodic else variable.law, 2 * degree, variable.unit)


def _clean(value: float, largest: float) -> float:
    return 0.0 if abs(value) <= _ZERO * largest else value
