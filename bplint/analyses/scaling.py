"""How a number grows or decays with the size, over the members of a family; never from one size.

A dimension gets a closed form only if one fits every size exactly, with two sizes to spare. A signal gets the better of
two models, exponential or power law, if the data tell them apart, with the 95 % interval of its rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from bplint.number_format import plural

if TYPE_CHECKING:
    from fractions import Fraction

SPARE = 2
"""Sizes that a closed form must fit beyond those that determine it."""

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


class Form(NamedTuple):
    """Σ coefficient · basis function, for sizes of one ``parity`` (0 even, 1 odd, None all)."""

    terms: tuple[tuple[Fraction, str], ...]
    parity: int | None

    @property
    def is_polynomial(self) -> bool:
        """Whether no term grows exponentially."""
        return not any(name.endswith("^n") for _, name in self.terms)

    def value(self, n: int) -> Fraction | int:
        """At size n."""
        return sum(c * _FUNCTIONS[name](n) for c, name in self.terms)

    def __str__(self) -> str:
        scale = math.lcm(*(c.denominator for c, _ in self.terms)) if self.terms else 1
        text = "".join(_term(int(c * scale), name) for c, name in self.terms) or " + 0"
        text = text.removeprefix(" + ") if text.startswith(" + ") else "-" + text.removeprefix(" - ")
        whole = f"({text})/{scale}" if scale > 1 else text
        return whole if self.parity is None else f"{whole} for {'odd' if self.parity else 'even'} n"


def _term(coefficient: int, name: str) -> str:
    size = "" if abs(coefficient) == 1 and name != "1" else str(abs(coefficient))
    times = "·" if size and not name.startswith("n") else ""
    return f" {'-' if coefficient < 0 else '+'} {size}{'' if name == '1' else times + name}"


def closed_form(values: Mapping[int, int]) -> tuple[Form, ...] | None:
    """The simplest form that gives every value exactly: one for all sizes, or one for each parity; None if there is none."""
    if form := _fit(values, None):
        return (form,)
    classes = [{n: v for n, v in values.items() if n % 2 == parity} for parity in (0, 1)]
    forms = [_fit(part, parity) for parity, part in enumerate(classes) if part]
    found = tuple(form for form in forms if form)
    return found if len(found) == len(forms) > 1 else None


def _fit(values: Mapping[int, int], parity: int | None) -> Form | None:
    from fractions import Fraction  # most runs see no family

    sizes = sorted(values)
    for names in _BASES:
        unknown = len(names)
        if len(sizes) < unknown + SPARE:
            continue
        rows = [[Fraction(_FUNCTIONS[name](n)) for name in names] for n in sizes[:unknown]]
        solution = _solve(rows, [Fraction(values[n]) for n in sizes[:unknown]])
        if solution is None:
            continue
        form = Form(tuple((c, name) for c, name in zip(solution, names, strict=True) if c), parity)
        if all(form.value(n) == values[n] for n in sizes):
            return form
    return None


_FUNCTIONS: dict[str, Callable[[int], int]] = {
    "4^n": lambda n: 4**n,
    "2^n": lambda n: 2**n,
    "(-2)^n": lambda n: (-2) ** n,
    **{f"n^{d}": (lambda n, d=d: n**d) for d in range(8, 1, -1)},  # type: ignore[misc]
    "n": lambda n: n,
    "1": lambda n: 1,
}
_POWERS = [["1"], *([*(f"n^{d}" for d in range(top, 1, -1)), "n", "1"] for top in range(1, 9))]
_EXPONENTIAL = [["2^n"], ["4^n"], ["4^n", "2^n"], ["4^n", "(-2)^n"]]
# Fewest unknowns first; a polynomial before an exponential of as many.
_BASES = sorted(
    [*_POWERS, *([*e, *p] for e in _EXPONENTIAL for p in [[], *_POWERS[:4]])],
    key=lambda names: (len(names), any(name.endswith("^n") for name in names)),
)


def _solve(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """The solution of a square system; None if it is singular."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    for i in range(len(table)):
        pivot = next((k for k in range(i, len(table)) if table[k][i]), None)
        if pivot is None:
            return None
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [v / table[i][i] for v in table[i]]
        for k, row in enumerate(table):
            if k != i and row[i]:
                table[k] = [a - row[i] * b for a, b in zip(row, table[i], strict=True)]
    return [row[-1] for row in table]


class Model(StrEnum):
    """How a positive number depends on n."""

    EXPONENTIAL = "exponential"
    """A factor 2^rate for each further qubit."""
    POLYNOMIAL = "polynomial"
    """n to the power of the rate."""
    UNDECIDED = "undecided"


class Point(NamedTuple):
    """A value at one size with its 95 % interval, which may be the value itself."""

    n: int
    value: float
    interval: tuple[float, float]


class Trend(NamedTuple):
    """``rate`` is d(log2 value)/dn for the exponential model and the power of n for the other, with its 95 % interval.

    ``misfits`` are χ² of the exponential and of the power of n, zero where they were not tried.
    """

    model: Model
    reason: str = ""
    rate: float = 0.0
    interval: tuple[float, float] = (0.0, 0.0)
    misfits: tuple[float, float] = (0.0, 0.0)

    @property
    def decays(self) -> bool:
        """Whether the rate is surely negative."""
        return self.model is not Model.UNDECIDED and self.interval[1] < 0


def trend(points: Sequence[Point]) -> Trend:
    """Which model describes the values, by weighted least squares on their logarithms."""
    if len({point.n for point in points}) < ENOUGH:
        return Trend(Model.UNDECIDED, f"{plural(len(points), 'size')}, at least {ENOUGH} are needed")
    if any(point.value <= 0 or point.interval[0] <= 0 for point in points):
        return Trend(Model.UNDECIDED, "a value is zero within its error")
    points = sorted(points)
    y = [math.log2(point.value) for point in points]
    errors = [
        max((math.log2(p.interval[1]) - math.log2(p.interval[0])) / 3.92, _TOLERANCE / math.log(2)) for p in points
    ]
    sizes = [float(p.n) for p in points]
    exponential, power = _line(sizes, y, errors), _line([math.log2(n) for n in sizes], y, errors)
    misfits = (exponential.chi2, power.chi2)
    model, best = min(((Model.EXPONENTIAL, exponential), (Model.POLYNOMIAL, power)), key=lambda item: item[1].chi2)
    degrees = len(points) - 2
    if abs(exponential.chi2 - power.chi2) < _DECISIVE:
        reason = "an exponential and a power of n describe the values as well"
        return Trend(Model.UNDECIDED, reason, misfits=misfits)
    if best.chi2 > _POOR * degrees:
        reason = "neither an exponential nor a power of n describes the values"
        return Trend(Model.UNDECIDED, reason, misfits=misfits)
    if model is Model.EXPONENTIAL and _flattens(sizes, y, errors, best.slope):
        return Trend(Model.UNDECIDED, "the decay is exponential at first and flattens", misfits=misfits)
    half = _STUDENT[min(degrees, len(_STUDENT)) - 1] * best.error * math.sqrt(max(1.0, best.chi2 / degrees))
    return Trend(model, "", best.slope, (best.slope - half, best.slope + half), misfits)


class _Line(NamedTuple):
    slope: float
    error: float
    chi2: float


def _line(x: Sequence[float], y: Sequence[float], errors: Sequence[float]) -> _Line:
    """The weighted straight line through points."""
    weights = [1 / error**2 for error in errors]
    total = math.fsum(weights)
    mean_x = math.fsum(w * v for w, v in zip(weights, x, strict=True)) / total
    mean_y = math.fsum(w * v for w, v in zip(weights, y, strict=True)) / total
    spread = math.fsum(w * (v - mean_x) ** 2 for w, v in zip(weights, x, strict=True))
    slope = math.fsum(w * (a - mean_x) * (b - mean_y) for w, a, b in zip(weights, x, y, strict=True)) / spread
    misses = (b - mean_y - slope * (a - mean_x) for a, b in zip(x, y, strict=True))
    return _Line(slope, spread**-0.5, math.fsum(w * miss**2 for w, miss in zip(weights, misses, strict=True)))


def _flattens(x: Sequence[float], y: Sequence[float], errors: Sequence[float], slope: float) -> bool:
    """Whether a decay becomes clearly slower towards the largest x, as it does where it saturates or is a power in truth."""
    middle = (x[0] + x[-1]) / 2
    squares = [(v - middle) ** 2 for v in x]
    straight = _line(x, squares, errors)
    weights = [1 / error**2 for error in errors]
    # What is left of the squares when the best line is taken out; its coefficient is that of the quadratic fit.
    total = math.fsum(weights)
    mean_x, mean = (math.fsum(w * v for w, v in zip(weights, of, strict=True)) / total for of in (x, squares))
    rest = [s - mean - straight.slope * (v - mean_x) for v, s in zip(x, squares, strict=True)]
    norm = math.fsum(w * r * r for w, r in zip(weights, rest, strict=True))
    bend = math.fsum(w * r * v for w, r, v in zip(weights, rest, y, strict=True)) / norm
    last = slope + bend * (2 * (x[-1] - middle) - straight.slope)
    return bend**2 * norm > _CURVED and last > _FLATTER * slope


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
