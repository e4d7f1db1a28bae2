"""Grids on a terminal: columns under their heads, a curve a line on one scale for all, and nothing drawn for what is zero."""

from click import unstyle

from bplint.analyses.decay import Point
from bplint.pictures.curves import Curves, SizePoint
from bplint.pictures.size_grid import SizeGrid
from bplint.report.grid_table import table


def line(axis, fixed, values):
    points = [
        SizePoint(n, n, 1e-3, signal=None if value is None else Point(n, value, (value, value)))
        for n, value in enumerate(values, 1)
    ]
    return Curves(tuple(points), f"{axis} = 1 … {len(points)}", axis, fixed)


def test_curves_are_on_one_logarithmic_scale():
    """Whole decades from 1e-4 to 1, eight heights: two to a decade."""
    grid = SizeGrid(
        tuple(line("n", ("L", k + 1), values) for k, values in enumerate([(0.9, 0.05), (2e-3, 1.5e-4), (None, 0.0)])),
        tuple(line("L", ("n", k + 1), values) for k, values in enumerate([(0.9, 2e-3, None), (0.05, 1.5e-4, 0.0)])),
    )
    lines = table(grid).splitlines()
    assert lines[1:4] == [
        "  n  L = 1   L = 2      L = 3",
        "  1    0.9    2e-3  not known",
        "  2   0.05  1.5e-4          0",
    ]
    curves = {text[2:7]: text[9:11] for text in map(unstyle, lines) if text[3:5] == " ="}
    assert curves == {"L = 1": "█▆", "L = 2": "▃▁", "L = 3": "··", "n = 1": "█▃", "n = 2": "▆▁"}
    assert lines[-2:] == ["", "curves: 1e-4 … 1, logarithmic; noise 1/shots 1e-3"]


def test_what_is_below_the_noise_is_red():
    grid = SizeGrid((line("n", ("L", 1), (1e-2, 1e-4)),), (line("L", ("n", 1), (1e-2,)), line("L", ("n", 2), (1e-4,))))
    along_n, along_l = table(grid).split("along L")
    assert along_n.count("\x1b[31m") == 1
    assert [("\x1b[31m" in text) for text in along_l.splitlines() if " = " in text] == [False, True]
