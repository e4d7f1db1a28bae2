"""What the engines over rows return: the gradients of single rows and of what labels make of them.

With l_i the loss <O> of row i and G_ij = E[∂l_i ∂l_j] by one parameter over random starts, three numbers that are not one another:

* *row*: (1/M) Σ G_ii, the gradient of one row;
* *linear*: yᵀG y / M², that of (1/M) Σ y_i l_i;
* what another loss makes of it, which :mod:`.brackets` encloses or :mod:`.states` estimates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Number, exactly
from bplint.bounds import Status
from bplint.ir.circuit import Floats

_ZERO = 1e-13
"""A linear signal this small beside the row signal is zero but for rounding."""


class RowSlope(NamedTuple):
    """Second moments of the derivatives by one parameter, in its unit (``Problem.units``), not divided by N(O).

    ``linear`` is None without labels. ``root`` is ((1/M) Σ √G_ii)², no more than ``row``. ``each``, float64 (M,), are the G_ii,
    estimates unless the status is exact. ``loss`` is E[(∂L)²] of the declared loss where it was measured by itself.
    """

    row: Number
    linear: Number | None
    root: Number
    each: Floats
    loss: Number | None = None


class RowAnswer(NamedTuple):
    """The slopes by trainable parameter that turns a rotation.

    ``largest_row`` and ``largest_linear`` enclose the largest of each kind but for a chance of ``level`` on each side, zero unless
    the status is ESTIMATED. ``capacity`` is the rank of <P> in row i, over the strings P that the loss reaches behind the
    embedding: labels of as many rows can be fitted at most; None where it is not known. ``samples`` were drawn. ``squares`` are
    E[l_i²] without the constant of the loss, float64 (M,), where they are known. ``largest_loss`` is that of ``slope.loss``.
    """

    method: str
    status: Status
    slopes: Mapping[int, RowSlope]
    largest_row: tuple[float, float]
    largest_linear: tuple[float, float] | None
    capacity: int | None = None
    samples: int = 0
    level: float = 0.0
    reason: str = ""
    squares: Floats | None = None
    largest_loss: tuple[float, float] | None = None

    @property
    def alignment(self) -> float | None:
        """Σ S^lin / Σ S^row over the parameters: 1 for random labels, M where all rows are alike, 0 if no label is seen."""
        rows = math.fsum(slope.row.value or 0.0 for slope in self.slopes.values())
        linear = [slope.linear.value or 0.0 for slope in self.slopes.values() if slope.linear is not None]
        if not rows or len(linear) < len(self.slopes):
            return None
        count = len(next(iter(self.slopes.values())).each)
        return count * math.fsum(linear) / rows

    def shares(self, threshold: float) -> float:
        """Of the rows the share in which no G_ii, by estimate, is above this."""
        most = np.max([slope.each for slope in self.slopes.values()], axis=0)
        return float(np.mean(most < threshold))

    @property
    def median(self) -> float:
        """The largest G_ii of the row in the middle."""
        return float(np.median(np.max([slope.each for slope in self.slopes.values()], axis=0)))


def exact_slope(each: Floats, linear: float | None) -> RowSlope:
    """The numbers of a parameter whose G_ii are known."""
    each = np.maximum(each, 0.0)
    each.flags.writeable = False
    row = float(each.mean())
    if linear is not None:
        linear = linear if linear > _ZERO * row else 0.0
    return RowSlope(
        row=exactly(row),
        linear=None if linear is None else exactly(linear),
        root=exactly(float(np.sqrt(each).mean() ** 2)),
        each=each,
    )


def exact_answer(
    method: str, slopes: Mapping[int, RowSlope], capacity: int | None, squares: Floats | None = None
) -> RowAnswer:
    """The answer of an engine that does not sample."""
    rows = max((slope.row.upper for slope in slopes.values()), default=0.0)
    linear = [slope.linear.upper for slope in slopes.values() if slope.linear is not None]
    return RowAnswer(
        method=method,
        status=Status.EXACT,
        slopes=slopes,
        largest_row=(rows, rows),
        largest_linear=(max(linear),) * 2 if linear else None,
        capacity=capacity,
        squares=squares,
    )
