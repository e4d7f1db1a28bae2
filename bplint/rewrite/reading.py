"""A circuit as a rewrite reads it: gate by gate, each with the generators it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from bplint.ir.circuit import ROTATION, Circuit, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.gate_table import Fixed, Gate, Turn, as_rotations, gate
from bplint.ir.operations import Operation
from bplint.rewrite.change import Angle, Placed

Letters: TypeAlias = tuple[tuple[int, int], ...]
"""A string as pairs (qubit, letter), X = 1, Z = 2, Y = 3."""


class Piece(NamedTuple):
    """A step of a gate: a Clifford by its ``code`` on ``qubits``, or the commuting rotations by one angle.

    ``strings`` are (factor, letters). ``quarter`` is 0..3 for a fixed angle that makes a Clifford of each rotation, -1
    for an angle that moves, -2 for one that is fixed elsewhere.
    """

    code: int
    qubits: tuple[int, ...]
    strings: tuple[tuple[float, Letters], ...]
    row: int
    quarters: tuple[int, ...]

    @property
    def moves(self) -> bool:
        """Whether its angle depends on a parameter."""
        return -1 in self.quarters


class SourceGate(NamedTuple):
    """A gate of the source: ``operations`` is the range of its rows, ``qubits`` stand in its own order where that shows."""

    number: int
    name: str
    qubits: tuple[int, ...]
    pieces: tuple[Piece, ...]
    operations: range
    trained: bool
    data: bool

    @property
    def clifford(self) -> bool:
        """Whether it is fixed and no more than a Clifford."""
        return all(quarter >= 0 for piece in self.pieces for quarter in piece.quarters)

    @property
    def local(self) -> bool:
        """Whether it acts on one qubit."""
        return len(self.qubits) == 1


@lru_cache(maxsize=2)  # one circuit, many changes
def source_gates(circuit: Circuit) -> tuple[SourceGate, ...]:
    """The gates in order; those that do nothing have no qubits."""
    by_gate: list[list[Operation]] = [[] for _ in range(len(circuit.gates))]
    for operation in circuit.operations:
        by_gate[operation.gate].append(operation)
    data = circuit.driven_by(Role.DATA, Role.FIXED)
    gates = []
    for g, operations in enumerate(by_gate):
        numbers = [operation.number for operation in operations]
        gates.append(
            SourceGate(
                number=g,
                name=circuit.gates.names[circuit.gates.columns.name[g]],
                qubits=_operands(operations),
                pieces=_pieces(circuit, operations),
                operations=range(numbers[0], numbers[-1] + 1) if numbers else range(0),
                trained=any(circuit.trained[k] for k in numbers),
                data=any(data[k] for k in numbers),
            )
        )
    return tuple(gates)


def _pieces(circuit: Circuit, operations: Sequence[Operation]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for operation in operations:
        string = tuple(operation.axis)
        if operation.code != ROTATION:
            pieces.append(Piece(code=operation.code, qubits=operation.qubits, strings=(), row=-1, quarters=()))
            continue
        row, factor = circuit.columns.angle[operation.number], circuit.columns.factor[operation.number]
        quarter = -1 if operation.terms else operation.quarter
        if pieces and pieces[-1].row == row and _commutes_with_all(string, pieces[-1].strings):
            last = pieces[-1]
            pieces[-1] = last._replace(
                qubits=tuple(dict.fromkeys((*last.qubits, *operation.qubits))),
                strings=(*last.strings, (factor, string)),
                quarters=(*last.quarters, quarter),
            )
            continue
        pieces.append(
            Piece(code=ROTATION, qubits=operation.qubits, strings=((factor, string),), row=row, quarters=(quarter,))
        )
    return tuple(pieces)


def angle_of(circuit: Circuit, row: int, factor: float = 1.0) -> Angle:
    """A row of the angle table, times a factor."""
    terms = tuple((p, factor * c) for p, c in circuit.angles.terms(row) if c)
    return factor * circuit.angles.columns.constant[row], terms


def placed(circuit: Circuit, source: SourceGate) -> Placed | None:
    """The gate by its name in the gate table; None for one that the table does not have so, such as ``inv @ s``."""
    row = gate(source.name)
    operations = list(circuit.operations[source.operations.start : source.operations.stop])
    if row is None or not operations:
        return None
    qubits: dict[int, int] = {}
    angles: dict[int, int] = {}
    for step in row.steps:
        strings = ((0.0, tuple((a, 0) for a in step.arguments)),) if isinstance(step, Fixed) else step.strings
        for factor, letters in strings:
            if not operations:
                return None
            operation = operations.pop(0)
            code = step.code if isinstance(step, Fixed) else ROTATION
            if operation.code != code or operation.letters != tuple(letter for _, letter in letters):
                return None
            if code == ROTATION and abs(float(circuit.factor[operation.number]) - factor) > 1e-12:
                return None
            for (a, _), q in zip(letters, operation.qubits, strict=True):
                if qubits.setdefault(a, q) != q:
                    return None
            if not isinstance(step, Fixed):
                at = int(circuit.angle[operation.number])
                if step.parameter >= 0 and angles.setdefault(step.parameter, at) != at:
                    return None
                if step.parameter < 0 and angle_of(circuit, at) != (step.constant, ()):
                    return None
    if operations or set(qubits) != set(range(row.n_qubits)) or set(angles) != set(range(row.n_parameters)):
        return None
    return Placed(
        source.name,
        tuple(qubits[a] for a in range(row.n_qubits)),
        tuple(angle_of(circuit, angles[p]) for p in range(row.n_parameters)),
    )


def as_placed(circuit: Circuit, source: SourceGate) -> Placed:
    """The gate with its angles apart: by its name in the gate table, or as a gate made for it."""
    placing = placed(circuit, source)
    if placing is not None:
        return placing
    angles = tuple(angle_of(circuit, piece.row) for piece in source.pieces if piece.code == ROTATION)
    return Placed(source.name, source.qubits, angles, shape_of(source))


def shape_of(gate: SourceGate) -> Gate:
    """A gate with the pieces for steps, and the angle of each rotation for a parameter."""
    places = {q: a for a, q in enumerate(gate.qubits)}
    steps: list[Turn | Fixed] = []
    count = 0
    for piece in gate.pieces:
        if piece.code != ROTATION:
            steps.append(Fixed(piece.code, tuple(places[q] for q in piece.qubits)))
            continue
        strings = tuple((f, tuple((places[q], letter) for q, letter in s)) for f, s in piece.strings)
        steps.append(Turn(count, 0.0, strings))
        count += 1
    return Gate(gate.name, count, len(gate.qubits), tuple(steps), (0.0,) * (count + 1))


def generators(gate: SourceGate) -> list[Letters]:
    """The strings that a gate on several qubits is made of, those of its Cliffords as rotations."""
    strings: list[Letters] = []
    for piece in gate.pieces:
        strings += [string for _, string in piece.strings]
        if piece.code == ROTATION:
            continue
        for step in as_rotations(CLIFFORDS[piece.code - 1]).steps:
            if isinstance(step, Turn):
                strings += [tuple((piece.qubits[a], letter) for a, letter in letters) for _, letters in step.strings]
            else:
                wires = [piece.qubits[a] for a in step.arguments]
                strings.append(tuple((q, letter) for q, letter in zip(wires, (2, 1), strict=False)))
    return strings


def _operands(operations: Sequence[Operation]) -> tuple[int, ...]:
    """The qubits of a gate: those of its widest operation first, which has them in the gate's order."""
    widest_first = sorted((operation.qubits for operation in operations), key=len, reverse=True)
    return tuple(dict.fromkeys(q for qubits in widest_first for q in qubits))


def _commutes_with_all(string: Letters, others: Sequence[tuple[float, Letters]]) -> bool:
    letters = dict(string)
    return not any(sum(letters.get(q, letter) != letter for q, letter in other) & 1 for _, other in others)
