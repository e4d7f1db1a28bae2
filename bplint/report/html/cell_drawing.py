"""A circuit as a heat map: a cell for one or several qubits and moments, without the names of gates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bplint.ir.context import Case
from bplint.pictures.heat_map import HeatMap, Spot
from bplint.report.html.drawing import GLYPH, Area, Drawing, Label, Marked, Stroke, letters, look, told_ancillas
from bplint.report.html.marks import Marks

WIDTH, HEIGHT = 960, 420
"""Of the cells together, about."""

LARGE, FEW = 10, 480
"""Width of cells, and their number, from which on and up to which each is drawn by itself."""

LOSS = 26
"""Width of the column that says what is measured."""

FOOT = 34
"""Height of the numbers of moments and their name."""


def cell_drawing(case: Case, grid: HeatMap, marks: Marks) -> Drawing:
    """A heat map of a circuit, with the cells that findings belong to."""
    rows, columns = grid.spot.shape
    wide, high = min(max(WIDTH // max(columns, 1), 4), 24), min(max(HEIGHT // rows, 6), 20)
    names = [case.circuit.wire_name(grid.qubits_each * row) for row in range(rows)]
    left = 14 + GLYPH * max(map(len, (*names, case.circuit.wire_name(grid.n_qubits - 1))))
    right = left + wide * columns
    width, height = right + LOSS + 20, high * rows + FOOT
    noise = 1 / case.context.shots
    labels = [*_row_labels(names, left, high), *_column_labels(grid, left, wide, high * rows)]
    loss = {qubit // grid.qubits_each for qubit in letters(case.context.observable)}
    areas = [*_areas(grid, left, wide, high, noise)]
    areas.append(
        Area("measured", "".join(f"M{right + 10:g} {high * row:g}h12v{high - 1}h-12z" for row in sorted(loss)))
    )
    labels.append(Label("middle", right + 16, high * rows + 13, "loss"))
    binned = f"A cell is {grid.cell} and shows the largest signal in it." if grid.is_binned else ""
    frame = Stroke("axis", left, high * rows + 0.5, right, high * rows + 0.5)
    marked = {k: Marked(k, right + 16, high * min(loss, default=0), 16, high) for k in marks.loss}
    for number, operation in marks.operations.items():
        row = min(case.circuit.operands(operation)) // grid.qubits_each
        column = int(case.circuit.moment[operation]) // grid.moments_each
        x, y = left + wide * column, high * row
        marked[number] = Marked(number, x + wide / 2, y, wide, high)
    return Drawing(
        width=width,
        height=height,
        strokes=[frame],
        areas=areas,
        tiles=(),
        labels=labels,
        cells=marked,
        note=" ".join(filter(None, (binned, told_ancillas(case.circuit)))),
    )


def _areas(grid: HeatMap, left: float, wide: int, high: int, noise: float) -> list[Area]:
    """Neighbours of one class in a row are one piece, but where cells are large and few: there each is seen by itself."""
    apart = wide >= LARGE and grid.spot.size <= FEW
    paths: dict[str, list[str]] = defaultdict(list)
    rows, columns = grid.spot.shape
    for row in range(rows):
        start, kinds = 0, [look(s, v, noise) for s, v in zip(grid.spot[row].tolist(), grid.signal[row].tolist())]
        for column in range(1, columns + 1):
            if column < columns and kinds[column] == kinds[start] and not apart:
                continue
            if kinds[start] != Spot.EMPTY.name.lower():
                across = wide * (column - start) - apart
                paths[kinds[start]].append(f"M{left + wide * start:g} {high * row}h{across}v{high - 1}h-{across}z")
            start = column
    return [Area(kind, "".join(parts)) for kind, parts in sorted(paths.items())]


def _row_labels(names: Sequence[str], left: float, high: int) -> list[Label]:
    """The first qubit of a row, as often as there is room."""
    each = -(-14 // high)
    return [Label("end", left - 6, high * row + high / 2 + 4, names[row]) for row in range(0, len(names), each)]


def _column_labels(grid: HeatMap, left: float, wide: int, bottom: int) -> list[Label]:
    """The first moment of a column, at round distances, and what they are."""
    columns = grid.spot.shape[1]
    if not columns:
        return []
    each = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if step * wide >= 48)
    labels = [
        Label("middle", left + wide * (column + 0.5), bottom + 14, f"{grid.moments_each * column:,}")
        for column in range(0, columns, each)
    ]
    return [*labels, Label("middle", left + wide * columns / 2, bottom + 30, "moment")]
