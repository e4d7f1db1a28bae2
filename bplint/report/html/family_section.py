"""What the page says of a family: its two curves over the sizes, the numbers under them, and findings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from bplint.failure import Failure
from bplint.number_format import number, whole
from bplint.pictures.curves import Curves, SizePoint
from bplint.report.html.circuit_section import counts_of, worst_of
from bplint.report.html.drawing import Label, Stroke
from bplint.report.html.finding_card import FindingCard, cards
from bplint.report.text import folded
from bplint.rule import Rule
from bplint.runs.entries import FamilyReport, LeftOpen

LEFT, RIGHT, TOP, BOTTOM = 64, 424, 14, 214
"""Edges of the field in which a curve runs; the numbers of the axes stand outside."""

TICKS = 6

FAR = 1e-3
"""Part of a signal below which the lower end of its interval is cut at the edge of the field."""


class Dot(NamedTuple):
    """A value of a curve, and what it is in words."""

    x: float
    y: float
    title: str


class CurvePlot(NamedTuple):
    """A curve on a logarithmic scale: ``line`` and ``noise`` are paths, ``strokes`` axes, ticks and intervals."""

    kind: str
    title: str
    line: str
    noise: str
    strokes: tuple[Stroke, ...]
    labels: tuple[Label, ...]
    dots: tuple[Dot, ...]


class FamilySection(NamedTuple):
    """One family; ``rows`` are its sizes in words."""

    name: str
    axis: str
    worst: str
    span: str
    counts: dict[str, int]
    plots: tuple[CurvePlot, ...]
    sentences: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    findings: tuple[FindingCard, ...]
    open: tuple[LeftOpen, ...]
    failures: tuple[Failure, ...]


def family_section(entry: FamilyReport, rules: Sequence[Rule], verbosity: int) -> FamilySection:
    """The family as it was measured; a curve of which no value is known is left out."""
    curves = entry.curves
    plots = [plot for plot in (signal_plot(curves), dimension_plot(curves)) if plot]
    return FamilySection(
        name=entry.family.id,
        axis=entry.family.axis,
        worst=worst_of(entry.findings, entry.failures, entry.unsettled),
        span=entry.family.sizes,
        counts=counts_of(entry.findings),
        plots=tuple(plots),
        sentences=tuple(curves.sentences()),
        rows=tuple(curves.rows()),
        findings=tuple(cards(entry.findings, (), rules, verbosity)),
        open=tuple(folded(entry.unsettled)),
        failures=entry.failures,
    )


class _Value(NamedTuple):
    """A value between its bounds, as powers of ten, the lower one minus infinity where it is too far to show; what it is in
    words."""

    size: int
    value: float
    low: float
    high: float
    title: str


def signal_plot(curves: Curves) -> CurvePlot | None:
    """The largest signal with its 95 % interval, beside the noise."""
    values = [_signal(point, curves.axis) for point in curves.points if point.signal and point.signal.value > 0]
    if not values:
        return None
    noise = [(point.size, math.log10(point.noise)) for point in curves.points]
    return _plot("signal", "largest signal", curves, values, noise)


def dimension_plot(curves: Curves) -> CurvePlot | None:
    """The dimension of the algebra, or the bounds on it."""
    values = [
        _dimension(curves.axis, p.size, *p.dimension) for p in curves.points if p.dimension and p.dimension[0] > 0
    ]
    if not values:
        return None
    return _plot("dimension", "dimension of the algebra", curves, values, [])


def _signal(point: SizePoint, axis: str) -> _Value:
    assert point.signal
    low, high = point.signal.interval
    told = number(point.signal.value) + (f" ({number(low)} … {number(high)})" if low < high else "")
    value = math.log10(point.signal.value)
    return _Value(
        size=point.size,
        value=value,
        low=math.log10(low) if low > point.signal.value * FAR else -math.inf,
        high=math.log10(high) if high > 0 else value,
        title=f"{axis} = {point.size:,}: largest signal {told}, {number(point.signal.value / point.noise)} times the noise",
    )


def _dimension(axis: str, size: int, lower: int, upper: int) -> _Value:
    told = whole(upper) if lower == upper else f"{whole(lower)} … {whole(upper)}"
    low, high = math.log10(lower), math.log10(max(upper, lower))
    return _Value(size=size, value=high, low=low, high=high, title=f"{axis} = {size:,}: dimension {told}")


def _plot(
    kind: str, title: str, curves: Curves, values: Sequence[_Value], noise: Sequence[tuple[int, float]]
) -> CurvePlot:
    """Whole decades that hold every value and the noise."""
    sizes = [point.size for point in curves.points]
    ends = [end for value in values for end in (value.value, value.high, value.low)] + [level for _, level in noise]
    low = math.floor(min(end for end in ends if end > -math.inf) - 0.05)
    high = math.ceil(max(ends) + 0.05)
    first, last = min(sizes), max(max(sizes), min(sizes) + 1)

    def across(size: float) -> float:
        return round(LEFT + 12 + (RIGHT - LEFT - 24) * (size - first) / (last - first), 1)

    def up(power: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (min(max(power, low), high) - low) / (high - low), 1)

    strokes, labels = [], []
    each = math.ceil((high - low) / TICKS)
    for power in range(low, high + 1, each):
        strokes.append(Stroke("grid", LEFT, up(power), RIGHT, up(power)))
        labels.append(Label("end", LEFT - 8, up(power) + 4, _power(power)))
    strokes.append(Stroke("axis", LEFT, BOTTOM, RIGHT, BOTTOM))
    for size in sizes[:: math.ceil(len(sizes) / 12)]:
        labels.append(Label("middle", across(size), BOTTOM + 16, f"{size:,}"))
    labels.append(Label("middle", (LEFT + RIGHT) / 2, BOTTOM + 34, f"size {curves.axis}"))
    for value in values:
        if value.low < value.high:
            x, bottom, top = across(value.size), up(value.low), up(value.high)
            strokes.append(Stroke("whisker", x, bottom, x, top))
            strokes += [Stroke("whisker", x - 4, y, x + 4, y) for y in (bottom, top)]
    if noise:
        labels.append(Label("noise end", RIGHT - 2, up(noise[-1][1]) - 5, "noise 1/shots"))
    return CurvePlot(
        kind=kind,
        title=title,
        line=_path([(across(v.size), up(v.value)) for v in values]),
        noise=_path([(across(size), up(level)) for size, level in noise]),
        strokes=tuple(strokes),
        labels=tuple(labels),
        dots=tuple(Dot(across(v.size), up(v.value), v.title) for v in values),
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if i else 'M'}{x:g} {y:g}" for i, (x, y) in enumerate(points))


def _power(power: int) -> str:
    """``1e-4``, ``0.01``, ``1``, ``10,000``."""
    return number(10.0**power) if -300 < power < 4 else f"1e{power}"
