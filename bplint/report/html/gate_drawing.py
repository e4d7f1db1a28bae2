"""A small circuit gate by gate, as circuits are drawn: a wire a qubit, each gate by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bplint.analyses.gradients.gradient import Gradient, GradientComponent
from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.context import Case
from bplint.ir.operations import Operation
from bplint.number_format import number
from bplint.pictures.heat_map import Spot, TurnedOperations
from bplint.report.html.drawing import GLYPH, Drawing, Label, Marked, Stroke, Tile, letters, look, told_ancillas
from bplint.report.html.marks import Marks

HIGH = 26
"""A wire to the next."""

OPERATIONS, COLUMNS, QUBITS = 400, 44, 32
"""What is drawn gate by gate at most."""

NAMED = 3
"""Parameters of one angle that are named."""


class _Set(NamedTuple):
    """An operation in its column."""

    operation: Operation
    column: int


def is_small(circuit: Circuit, operations: int = OPERATIONS) -> bool:
    """Whether a circuit is drawn gate by gate, where there is room for so many operations."""
    if not 0 < len(circuit) <= min(operations, OPERATIONS) or circuit.n_qubits > QUBITS:
        return False
    return max(one.column for one in _columns(circuit)) < COLUMNS


def gate_drawing(case: Case, gradient: Gradient | None, told: TurnedOperations, marks: Marks) -> Drawing:
    """The circuit, coloured by what was ``told`` of its operations, with the gates that findings belong to."""
    circuit, noise = case.circuit, 1 / case.context.shots
    placed = _columns(circuit)
    left = 16 + GLYPH * max(map(len, map(circuit.wire_name, range(circuit.n_qubits))))
    widths = [30.0] * (1 + max((one.column for one in placed), default=0))
    for one in placed:
        widths[one.column] = max(widths[one.column], 14 + GLYPH * len(_name(circuit, one.operation)))
    edges = [left]
    for width in widths:
        edges.append(edges[-1] + width)
    right = edges[-1]
    strokes = [Stroke("wire", left, _middle(q), right + 14, _middle(q)) for q in range(circuit.n_qubits)]
    labels = [Label("end", left - 6, _middle(q) + 4, circuit.wire_name(q)) for q in range(circuit.n_qubits)]
    tiles = []
    components = {c.parameter: c for c in gradient.components} if gradient else {}
    measured = letters(case.context.observable)
    top = min(measured, default=0)
    marked = {k: Marked(k, right + 25, _middle(top) - 11, 22, 22) for k in marks.loss}
    for one in placed:
        k, qubits = one.operation.number, one.operation.qubits
        x, width = edges[one.column], widths[one.column]
        kind = look(int(told.spot[k]), float(told.signal[k]), noise)
        title = _title(case, one.operation, int(told.spot[k]), components)
        if len(qubits) > 1:
            middle = x + width / 2
            strokes.append(Stroke(f"link {kind}", middle, _middle(min(qubits)), middle, _middle(max(qubits))))
        for place, qubit in enumerate(qubits):
            tiles.append(_tile(circuit, one.operation, place, kind, x, width, _middle(qubit), title))
        for mark in (mark for mark, operation in marks.operations.items() if operation == k):
            marked[mark] = Marked(mark, x + width / 2, _middle(min(qubits)) - 11, width - 4, 22)
    for qubit, letter in measured.items():
        where = circuit.wire_name(qubit)
        title = f"the loss measures {letter} on {where}" if letter != "*" else f"the loss measures {where}"
        tiles.append(Tile("measured", right + 16, _middle(qubit) - 9, 18, 18, letter, title))
    labels.append(Label("middle", right + 25, HIGH * circuit.n_qubits + 12, "loss"))
    return Drawing(
        width=right + 44,
        height=HIGH * circuit.n_qubits + 18,
        strokes=strokes,
        areas=(),
        tiles=tiles,
        labels=labels,
        cells=marked,
        note=told_ancillas(circuit),
    )


def _middle(qubit: int) -> float:
    return HIGH * (qubit + 0.5)


def _columns(circuit: Circuit) -> list[_Set]:
    """Each operation as early as its qubits, and those that it reaches across, are free."""
    free, placed = [0] * circuit.n_qubits, []
    for operation in circuit.operations:
        low, high = min(operation.qubits), max(operation.qubits) + 1
        column = max(free[low:high])
        free[low:high] = [column + 1] * (high - low)
        placed.append(_Set(operation, column))
    return placed


def _tile(
    circuit: Circuit, operation: Operation, place: int, kind: str, x: float, width: float, y: float, title: str
) -> Tile:
    """A box with the name, or a dot where the gate only controls."""
    name = _name(circuit, operation)
    controls = operation.code != ROTATION and (name == "cz" or (name in ("cx", "cy") and place == 0))
    if controls:
        return Tile(f"dot {kind}", x + width / 2 - 4, y - 4, 8, 8, "", title)
    shown = name[1:] if name in ("cx", "cy") and operation.code != ROTATION else name
    return Tile(kind, x + 3, y - 10, width - 6, 20, shown, title)


def _name(circuit: Circuit, operation: Operation) -> str:
    """As short as can be: a gate of several operations is told by each of them."""
    if operation.code == ROTATION:
        return "r" + "".join("ixzy"[letter] for letter in operation.letters)
    return CLIFFORDS[operation.code - 1]


def _title(case: Case, operation: Operation, spot: int, components: Mapping[int, GradientComponent]) -> str:
    circuit = case.circuit
    where = ", ".join(map(circuit.wire_name, operation.qubits))
    first = f"{circuit.gate_name(operation.number)} on {where}, line {circuit.span(operation.number).line}"
    names = [circuit.parameters[p].name for p, _ in operation.terms]
    if names:
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        first += f": {', '.join(names[:NAMED])}{more}"
    if spot == Spot.DEAD:
        return f"{first}: dead, the loss does not depend on it"
    measured = [components[p] for p, _ in operation.terms if p in components and not components[p].dead]
    if spot != Spot.LIVE or not measured:
        return f"{first}: its gradient was not measured" if spot == Spot.OPEN else first
    largest = max(measured, key=lambda component: component.signal)
    return f"{first}: {told_signal(largest, 1 / case.context.shots)}"


def told_signal(component: GradientComponent, noise: float) -> str:
    """``signal 2.3e-3 (2.1e-3 … 2.5e-3), 23 times the noise``."""
    low, high = component.signal_interval
    between = f" ({number(low)} … {number(high)})" if low < high else ""
    return f"signal {number(component.signal)}{between}, {number(component.signal / noise)} times the noise"
