"""What the page says of a grid of sizes: the table of the largest signals, and how they depend on each size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bplint.number_format import number
from bplint.pictures.curves import SizePoint
from bplint.pictures.size_grid import label, size_grid
from bplint.runs.entries import FamilyReport


class GridCell(NamedTuple):
    """A signal, and whether it is below the noise."""

    text: str
    below: bool


class GridSection(NamedTuple):
    """``rows`` have the value of the first size and a cell for each of the second; ``directions`` are the verdicts along both."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[GridCell, ...]], ...]
    directions: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    noise: str


def grid_section(families: Sequence[FamilyReport]) -> GridSection | None:
    """The grid whose lines these families are; None where they are none."""
    grid = size_grid([family.curves for family in families])
    if grid is None:
        return None
    head, words = grid.table()
    rows = tuple(
        (first, tuple(GridCell(text, _below(p)) for text, p in zip(texts, row.points, strict=True)))
        for (first, *texts), row in zip(words, grid.rows, strict=True)
    )
    directions = tuple((axis, tuple((label(c), c.signal()) for c in lines)) for axis, lines in grid.directions())
    noise = number(max(point.noise for _, _, point in grid.points))
    return GridSection(head, rows, directions, noise)


def _below(point: SizePoint) -> bool:
    return point.signal is not None and point.signal.value < point.noise
