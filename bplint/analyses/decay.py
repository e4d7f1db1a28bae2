"""How a positive number depends on the size, over the members of a family; never from one size.

It gets the best of three models, a constant, a power of n or an exponential, if the data tell them apart, with the 95 %
interval of its rate. A power may count from another size than zero (1/(2n - 1) is (n - ½)^-1), and either may have another
factor at odd sizes than at even ones, as for a ring.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from bplint.number_format import plural

ENOUGH = 5
"""Sizes below which nothing is said about a decay."""

_TOLERANCE = 0.02
"""Relative error allowed to every value of a decay, beside its own: no circuit follows a model exactly."""

_DECISIVE = 10.0
"""Difference of χ² beyond which one model is the better one: odds of e^5."""

_POOR = 4.0
"""χ² per degree of freedom beyond which even the better model does not describe the data."""

_CURVED = 9.0
"""Gain of χ² by a quadratic term, three standard deviations, from which on a decay is looked at for its curvature."""

_FLATTER = 0.8
"""Slope at the largest size, in parts of the slope over all, below which a curved decay is flattening and no exponential."""

_SHIFTS = (0.0, -1.0, -0.5, 0.5, 1.0, 2.0)
"""What is added to n in a power; the smallest size bounds it from below."""

_PARITY = 3
"""Sizes of each parity from which on the two may differ by a factor."""

_PENALTY = 4.0
"""χ² that a further parameter of a model has to gain, two standard deviations."""

_LEVEL = 0.15
"""Change over all sizes, in powers of two, below which a number is constant (a factor 1.11)."""

_EITHER = "an exponential and a power of {} describe the values as well"


class Model(StrEnum):
    """How a positive number depends on n."""

    EXPONENTIAL = "exponential"
    """A factor 2^rate for each further qubit."""
    POLYNOMIAL = "polynomial"
    """n to the power of the rate."""
    CONSTANT = "constant"
    """It does not depend on n."""
    UNDECIDED = "undecided"


class Point(NamedTuple):
    """A value at one size with its 95 % interval, which may be the value itself."""

    n: int
    value: float
    interval: tuple[float, float]


class Trend(NamedTuple):
    """``rate`` is d(log2 value)/dn for the exponential model and the power of n for the other, with its 95 % interval.

    ``misfits`` are χ² of the exponential and of the power of n, zero where they were not tried. ``since`` is the size from which
    on it is a constant, where it is none at the smaller ones.
    """

    model: Model
    reason: str = ""
    rate: float = 0.0
    interval: tuple[float, float] = (0.0, 0.0)
    misfits: tuple[float, float] = (0.0, 0.0)
    since: int | None = None

    @property
    def decays(self) -> bool:
        """Whether the rate is surely negative."""
        return self.model in (Model.EXPONENTIAL, Model.POLYNOMIAL) and self.interval[1] < 0


def trend(points: Sequence[Point], axis: str = "n") -> Trend:
    """Which model describes the values, by weighted least squares on their logarithms; ``axis`` is what the size is called."""
    if len({point.n for point in points}) < ENOUGH:
        return Trend(Model.UNDECIDED, f"{plural(len(points), 'size')}, at least {ENOUGH} are needed")
    if any(point.value <= 0 or point.interval[0] <= 0 for point in points):
        return Trend(Model.UNDECIDED, "a value is zero within its error")
    points = sorted(points)
    whole = _best(points, axis)
    if whole.model is not Model.UNDECIDED or whole.reason == _EITHER.format(axis):
        return whole
    for first in range(1, len(points) - ENOUGH + 1):
        rest = _best(points[first:], axis)
        if rest.model is Model.CONSTANT:
            return rest._replace(since=points[first].n)
    return whole


def _best(points: Sequence[Point], axis: str) -> Trend:
    """Of positive values in order of size, enough of them."""
    sizes, logs = [p.n for p in points], [math.log2(p.value) for p in points]
    # Laws that decay exponentially have corrections of the order of themselves: 1/(2^n + 1) is 2^-n (1 - 2^-n ...).
    data = _Data(sizes, logs, [_error(p, 2.0**-p.n) for p in points])
    exponential, power = data.exponential(), data.power()
    misfits = (exponential.chi2, power.chi2)
    if exponential.is_good and (abs(exponential.slope) + 2 * exponential.error) * (sizes[-1] - sizes[0]) < _LEVEL:
        return Trend(Model.CONSTANT, misfits=misfits)
    model, best, other = Model.EXPONENTIAL, exponential, power
    if power.cost < exponential.cost:
        data = _Data(sizes, logs, [_error(p, 0.0) for p in points])
        model, best, other = Model.POLYNOMIAL, data.power(), data.exponential()
        misfits = (other.chi2, best.chi2)
    if other.cost - best.cost < _DECISIVE or (model is Model.EXPONENTIAL and power.chi2 < _rejected(power.degrees)):
        return Trend(Model.UNDECIDED, _EITHER.format(axis), misfits=misfits)
    if not best.is_good:
        reason = f"neither an exponential nor a power of {axis} describes the values"
        return Trend(Model.UNDECIDED, reason, misfits=misfits)
    if data.flattens(best):
        first = "exponential" if model is Model.EXPONENTIAL else f"a power of {axis}"
        return Trend(Model.UNDECIDED, f"the decay is {first} at first and flattens", misfits=misfits)
    half = _STUDENT[min(best.degrees, len(_STUDENT)) - 1] * best.error * math.sqrt(max(1.0, best.chi2 / best.degrees))
    return Trend(model, "", best.slope, (best.slope - half, best.slope + half), misfits)


def _error(point: Point, correction: float) -> float:
    """Of log2 of a value: its own, or what is allowed to the model, with its relative correction."""
    own = (math.log2(point.interval[1]) - math.log2(point.interval[0])) / 3.92
    return max(own, math.hypot(_TOLERANCE, correction) / math.log(2))


def _rejected(degrees: int) -> float:
    """χ² that a true model exceeds once in a hundred (Wilson and Hilferty's approximation)."""
    part = 2 / (9 * degrees)
    return degrees * (1 - part + 2.326 * math.sqrt(part)) ** 3


class _Fit(NamedTuple):
    """A weighted least-squares line: its slope, with the columns that stand beside it."""

    slope: float
    error: float
    chi2: float
    degrees: int
    scale: list[float]
    beside: list[list[float]]
    price: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether it describes the data."""
        return self.chi2 <= _POOR * self.degrees

    @property
    def cost(self) -> float:
        """χ² with the price of its parameters."""
        return self.chi2 + _PENALTY * len(self.beside) + self.price


class _Data(NamedTuple):
    """Logarithms of the values with their errors, by size in order."""

    sizes: list[int]
    logs: list[float]
    errors: list[float]

    def exponential(self) -> _Fit:
        """The best exponential."""
        return self.best([float(n) for n in self.sizes])

    def power(self) -> _Fit:
        """The best power of n, or of n and a shift."""
        shifts = [shift for shift in _SHIFTS if self.sizes[0] + shift >= 1]
        fits = [self.best([math.log2(n + s) for n in self.sizes], _PENALTY * (s != 0)) for s in shifts]
        return min(fits, key=lambda fit: fit.cost)

    def best(self, scale: list[float], price: float = 0.0) -> _Fit:
        """The best line in a scale of this price, with a factor for odd sizes where there are enough of both."""
        odd = [float(n % 2) for n in self.sizes]
        columns: list[list[list[float]]] = [[]]
        if min(sum(odd), len(odd) - sum(odd)) >= _PARITY:
            columns.append([odd])
        fits = [self.line(scale, beside)._replace(price=price) for beside in columns]
        return min(fits, key=lambda fit: fit.cost)

    def line(self, scale: list[float], beside: list[list[float]]) -> _Fit:
        """The logs as a constant, multiples of the columns beside it, and the slope times the scale."""
        basis: list[list[float]] = []
        for column in ([1.0] * len(scale), *beside):
            basis.append(self.rest(column, basis))
        along = self.rest(scale, basis)
        left = self.rest(self.logs, basis)
        norm = self.dot(along, along)
        slope = self.dot(along, left) / norm
        misses = [y - slope * x for x, y in zip(along, left, strict=True)]
        return _Fit(slope, norm**-0.5, self.dot(misses, misses), len(scale) - 2 - len(beside), scale, beside)

    def flattens(self, fit: _Fit) -> bool:
        """Whether a decay becomes clearly slower towards the largest size, as it does where it saturates or is a power."""
        x = fit.scale
        middle = (x[0] + x[-1]) / 2
        basis: list[list[float]] = []
        for column in ([1.0] * len(x), *fit.beside, x):
            basis.append(self.rest(column, basis))
        # What is left of the squares when the best line is taken out; its coefficient is that of the quadratic fit.
        squares = [(v - middle) ** 2 for v in x]
        rest = self.rest(squares, basis)
        norm = self.dot(rest, rest)
        bend = self.dot(rest, self.logs) / norm
        tilt = self.dot(basis[-1], squares) / self.dot(basis[-1], basis[-1])
        last = fit.slope + bend * (2 * (x[-1] - middle) - tilt)
        return bend**2 * norm > _CURVED and last > _FLATTER * fit.slope

    def rest(self, column: list[float], basis: list[list[float]]) -> list[float]:
        """The column without its parts along an orthogonal basis."""
        for other in basis:
            share = self.dot(other, column) / self.dot(other, other)
            column = [v - share * o for v, o in zip(column, other, strict=True)]
        return column

    def dot(self, a: list[float], b: list[float]) -> float:
        """The product of two columns, weighted by the errors."""
        return math.fsum(u * v / e**2 for u, v, e in zip(a, b, self.errors, strict=True))


_STUDENT = (
    12.71,
    4.303,
    3.182,
    2.776,
    2.571,
    2.447,
    2.365,
    2.306,
    2.262,
    2.228,
    2.201,
    2.179,
    2.160,
    2.145,
    2.131,
    2.0,
)
"""97.5 % quantiles of Student's distribution by degrees of freedom."""
