"""A grid of sizes on a terminal: the table of the largest signals, and a curve with its verdict for each line of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bplint.number_format import number
from bplint.pictures.curves import Curves
from bplint.pictures.size_grid import SizeGrid, label
from bplint.report.strips import bars
from bplint.terminal.cells import cells


def table(grid: SizeGrid) -> str:
    """The largest signal by both sizes; then, along each axis, how it depends on the size while the other is fixed."""
    lines = ["largest signal", *_columns([*_table(grid)])]
    low, high, noise = _scale(grid)
    for axis, several in grid.directions():
        lines += ["", f"along {axis}"]
        lines += _columns([_line(curves, low, high, noise) for curves in several], left=True)
    scale = f"curves: {number(10**low)} … {number(10**high)}, logarithmic; noise 1/shots {number(10**noise)}"
    return "\n".join([*lines, "", scale, ""])


def _table(grid: SizeGrid) -> Iterator[tuple[str, ...]]:
    head, rows = grid.table()
    yield head
    yield from rows


def _line(curves: Curves, low: float, high: float, noise: float) -> tuple[str, ...]:
    logs = [math.log10(p.signal.value) if p.signal and p.signal.value > 0 else None for p in curves.points]
    return label(curves), bars(logs, low, high, noise), curves.signal()


def _scale(grid: SizeGrid) -> tuple[float, float, float]:
    """The ends of whole decades that hold every value, at least two, and the noise, as powers of ten."""
    values = [p.signal.value for _, _, p in grid.points if p.signal and p.signal.value > 0] or [1.0]
    noise = max(math.log10(point.noise) for _, _, point in grid.points)
    high = math.ceil(math.log10(max(values)))
    return float(min(math.floor(math.log10(min(values))), high - 2)), float(high), noise


def _columns(rows: Sequence[Sequence[str]], *, left: bool = False) -> list[str]:
    """Cells under each other, right-justified; the last ones as they are where all are put to the left."""
    wide = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        blanks = [" " * (width - cells(text)) for width, text in zip(wide, row, strict=True)]
        told = [text + blank if left else blank + text for text, blank in zip(row, blanks, strict=True)]
        lines.append(f"  {'  '.join(told)}".rstrip())
    return lines
