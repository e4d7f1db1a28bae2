"""Grids of sizes: every line in its place, every value in its row and column; what was not measured is not made up."""

from bplint.analyses.decay import Point
from bplint.pictures.curves import Curves, SizePoint
from bplint.pictures.size_grid import label, size_grid


def lines(axis, sizes, other, values, signal):
    return [
        Curves(tuple(SizePoint(n, n, 1e-4, signal=signal(n, at)) for n in sizes), axis, axis, (other, at))
        for at in values
    ]


def power(n, layers):
    value = n / 2**layers
    return Point(n, value, (value, value))


def test_rows_are_values_of_the_first_axis_and_columns_of_the_second():
    found = size_grid(
        lines("n", (4, 8), "L", (1, 2, 3), power) + lines("L", (1, 2, 3), "n", (4, 8), lambda at, n: power(n, at))
    )
    assert found.axes == ("n", "L")
    assert found.table() == (("n", "L = 1", "L = 2", "L = 3"), [("4", "2", "1", "0.5"), ("8", "4", "2", "1")])
    assert [(n, at, point.signal.value) for n, at, point in found.points] == [
        (4, 1, 2), (4, 2, 1), (4, 3, 0.5), (8, 1, 4), (8, 2, 2), (8, 3, 1),
    ]  # fmt: skip
    assert [(axis, [label(line) for line in several]) for axis, several in found.directions()] == [
        ("n", ["L = 1", "L = 2", "L = 3"]),
        ("L", ["n = 4", "n = 8"]),
    ]


def test_what_was_not_measured_is_not_known():
    found = size_grid(lines("n", (4,), "L", (1,), lambda n, at: None) + lines("L", (1,), "n", (4,), lambda n, at: None))
    assert found.table()[1] == [("4", "not known")]


def test_a_line_alone_and_a_family_are_no_grid():
    assert size_grid(lines("n", (4, 8), "L", (1, 2), power)) is None
    assert size_grid([]) is None
    assert size_grid([Curves((SizePoint(4, 4, 1e-4),), "n = 4 … 4, 1 size")]) is None
