"""Curves of families: values stand at their places on a logarithmic scale, with the noise, and never outside of the field."""

import math
import re

import pytest

from bplint.analyses.decay import Point
from bplint.pictures.curves import Curves, SizePoint
from bplint.report.html.family_section import BOTTOM, LEFT, RIGHT, TOP, dimension_plot, signal_plot


def sizes(*rows):
    """(size, signal, low, high) at 1,000 shots."""
    points = [
        SizePoint(n, n, 1e-3, n, (n * n, n * n), True, None if s is None else Point(n, s, (low, high)))
        for n, s, low, high in rows
    ]
    return Curves(tuple(points), "n")


def on_scale(plot):
    """From the labels of the axis: what height stands for what number."""
    ticks = [(label.y - 4, float(label.text.replace(",", ""))) for label in plot.labels if label.kind == "end"]
    (y0, v0), (y1, v1) = ticks[0], ticks[-1]
    slope = (math.log10(v1) - math.log10(v0)) / (y1 - y0)
    return lambda y: 10 ** (math.log10(v0) + slope * (y - y0))


def test_values_and_noise_stand_at_their_numbers():
    rows = [(4, 0.02, 0.01, 0.03), (6, 3e-3, 2e-3, 5e-3), (10, 1e-5, 1e-6, 2e-5)]
    plot = signal_plot(sizes(*rows))
    value = on_scale(plot)
    for dot, (n, signal, low, high) in zip(plot.dots, rows, strict=True):
        assert value(dot.y) == pytest.approx(signal, rel=0.05)
        assert dot.title.startswith(f"n = {n}: largest signal ")
        ends = [s for s in plot.strokes if s.kind == "whisker" and s.x1 == s.x2 == dot.x]
        assert [value(ends[0].y1), value(ends[0].y2)] == pytest.approx([low, high], rel=0.05)
    levels = [value(float(y)) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", plot.noise)]
    assert levels == pytest.approx([1e-3] * 3, rel=0.05)
    xs = [dot.x for dot in plot.dots]
    assert (xs[2] - xs[1]) / (xs[1] - xs[0]) == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize(
    "rows",
    [
        [(4, 1e-300, 0.0, 1e-290), (5, 1.0, 0.9, 1.1)],
        [(4, 0.5, 0.5, 0.5)],
        [(n, 2.0**-n, 2.0**-n, 2.0**-n) for n in range(2, 60)],
        [(4, 1e-3, 1e-3, 1e-3), (5, None, 0, 0), (6, 0.0, 0.0, 1e-9)],
    ],
)
def test_everything_lies_in_the_field(rows):
    plot = signal_plot(sizes(*rows))
    for dot in plot.dots:
        assert LEFT <= dot.x <= RIGHT
        assert TOP <= dot.y <= BOTTOM
    for stroke in plot.strokes:
        assert TOP <= min(stroke.y1, stroke.y2) <= max(stroke.y1, stroke.y2) <= BOTTOM
    texts = [label for label in plot.labels if label.kind == "middle" and label.y == BOTTOM + 16]
    assert len(texts) <= 12
    ticks = [label for label in plot.labels if label.kind == "end"]
    assert len({label.text for label in ticks}) == len(ticks) <= 8


def test_dimensions_beyond_doubles_are_drawn():
    points = tuple(SizePoint(n, n, 1e-3, n, (4**n - 1, 4**n - 1), True) for n in (200, 400, 800))
    plot = dimension_plot(Curves(points, "n"))
    ys = [dot.y for dot in plot.dots]
    assert (ys[1] - ys[2]) / (ys[0] - ys[1]) == pytest.approx(2, rel=0.01)
    assert plot.dots[0].title == "n = 200: dimension about 2^400"


def test_bounds_are_drawn_as_an_interval():
    plot = dimension_plot(Curves((SizePoint(4, 4, 1e-3, 1, (10, 1000)),), "n"))
    value = on_scale(plot)
    (stroke,) = [s for s in plot.strokes if s.kind == "whisker" and s.x1 == s.x2]
    assert [value(stroke.y1), value(stroke.y2)] == pytest.approx([10, 1000], rel=0.05)


def test_what_is_not_known_has_no_curve():
    assert signal_plot(sizes((4, None, 0, 0))) is None
    assert signal_plot(sizes((4, 0.0, 0.0, 0.0))) is None
    assert dimension_plot(Curves((SizePoint(4, 4, 1e-3),), "n")) is None
