"""Weights times data: trained angles that, once a row is given, are a multiple of one weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bplint.ir.circuit import Circuit, Floats, Role
from bplint.ir.formula import Formula
from bplint.ir.rows import WeightedFeature

POINTS = (-0.7391, 2.3717, 17.953)
"""Values of the weight, beside 0 and 1, at which an expression is looked at: it has to be on one line at all of them."""

ROUNDING = 1e-9
"""Off the line, relative to the largest number in it."""


def weighted_features(
    values: Floats, names: Sequence[str], circuit: Circuit, formulas: Mapping[str, Formula]
) -> dict[str, WeightedFeature]:
    """The trained parameters that are expressions of data and one weight, in which they are affine in every row, by name.

    The symbols ``names`` have the columns of ``values``.
    """
    known = {}
    for parameter in circuit.parameters:
        weights = [name for name in parameter.sources if name not in names]
        formula = formulas.get(parameter.name)
        if parameter.role is not Role.TRAINABLE or len(weights) != 1 or formula is None:
            continue
        lines = [_line(formula, weights[0], dict(zip(names, point, strict=True))) for point in values.tolist()]
        straight = [line for line in lines if line is not None]
        if len(straight) == len(lines):
            known[parameter.name] = _feature(weights[0], straight)
    return known


def _line(formula: Formula, weight: str, point: Mapping[str, float]) -> tuple[float, float] | None:
    """(a, b) where the expression is a + b · weight; None where it is something else."""
    try:
        shift, one = (formula({**point, weight: value}) for value in (0.0, 1.0))
        slope = one - shift
        for value in POINTS:
            off = formula({**point, weight: value}) - shift - slope * value
            if abs(off) > ROUNDING * (abs(shift) + abs(slope * value)):
                return None
    except (ArithmeticError, ValueError):
        return None
    return shift, slope


def _feature(weight: str, lines: Sequence[tuple[float, float]]) -> WeightedFeature:
    import numpy as np

    shift, factor = (np.array(column, dtype=np.float64) for column in zip(*lines, strict=True))
    for column in (shift, factor):
        column.flags.writeable = False
    return WeightedFeature(weight, factor, shift)
