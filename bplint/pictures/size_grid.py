"""A family over two axes: the largest signal by both, and how it depends on each while the other is fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bplint.number_format import number
from bplint.pictures.curves import Curves, SizePoint


class SizeGrid(NamedTuple):
    """``columns`` are the lines along the first axis, by the value of the second; ``rows`` those along the second."""

    columns: tuple[Curves, ...]
    rows: tuple[Curves, ...]

    @property
    def axes(self) -> tuple[str, str]:
        """What the sizes are called, the first axis first."""
        return self.columns[0].axis, self.rows[0].axis

    @property
    def points(self) -> Iterator[tuple[int, int, SizePoint]]:
        """Each point with both of its sizes, row by row."""
        for row in self.rows:
            for point in row.points:
                yield value(row), point.size, point

    def table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """The head and the rows of the largest signals, in words."""
        down, across = self.axes
        head = (down, *(f"{across} = {point.size:,}" for point in self.rows[0].points))
        told = [[number(p.signal.value) if p.signal else "not known" for p in row.points] for row in self.rows]
        return head, [(f"{value(row):,}", *words) for row, words in zip(self.rows, told, strict=True)]

    def directions(self) -> Iterator[tuple[str, tuple[Curves, ...]]]:
        """The lines along each axis, under its name."""
        yield from zip(self.axes, (self.columns, self.rows), strict=True)


def size_grid(lines: Sequence[Curves]) -> SizeGrid | None:
    """The grid of these lines, if they are all those of one: the first of them lie along the first axis."""
    first = lines[0].axis if lines else ""
    columns = tuple(line for line in lines if line.fixed and line.axis == first)
    rows = tuple(line for line in lines if line.fixed and line.axis != first)
    return SizeGrid(columns, rows) if columns and rows else None


def value(line: Curves) -> int:
    """Of what is fixed along a line of a grid."""
    assert line.fixed
    return line.fixed[1]


def label(line: Curves) -> str:
    """``L = 2``, where a line of a grid lies."""
    assert line.fixed
    return f"{line.fixed[0]} = {line.fixed[1]:,}"
