"""A circuit as a rewrite reads it: gate by gate, each with the generators it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from bplint.ir.circuit import ROTATION, Circuit, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.frame import quarter_turns
from bplint.ir.gate_table import Fixed, Turn, as_rotations, gate
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


def source_gates(circuit: Circuit) -> list[SourceGate]:
    """The gates in order; those that do nothing have no qubits."""
    trained = circuit.driven([p.role is Role.TRAINABLE for p in circuit.parameters]).tolist()
    moving = circuit.driven([True] * len(circuit.parameters)).tolist()
    quarters = [-1 if m else q for m, q in zip(moving, quarter_turns(circuit).tolist(), strict=True)]
    data = circuit.driven([p.role is not Role.TRAINABLE for p in circuit.parameters]).tolist()
    start, qubits, letters = circuit.start.tolist(), circuit.qubits.tolist(), circuit.letters.tolist()
    codes, rows, factors = circuit.code.tolist(), circuit.angle.tolist(), circuit.factor.tolist()
    ends: dict[int, int] = {}
    begins: dict[int, int] = {}
    for operation, g in enumerate(circuit.gate.tolist()):
        begins.setdefault(g, operation)
        ends[g] = operation + 1
    names = [circuit.gates.names[name] for name in circuit.gates.name.tolist()]
    found = []
    for g, name in enumerate(names):
        operations = range(begins.get(g, 0), ends.get(g, 0))
        pieces: list[Piece] = []
        for k in operations:
            wires = tuple(qubits[start[k] : start[k + 1]])
            string = tuple(zip(wires, letters[start[k] : start[k + 1]], strict=True))
            if codes[k] != ROTATION:
                pieces.append(Piece(codes[k], wires, (), -1, ()))
            elif pieces and pieces[-1].row == rows[k] and _commutes_with_all(string, pieces[-1].strings):
                last = pieces[-1]
                pieces[-1] = last._replace(
                    qubits=tuple(dict.fromkeys((*last.qubits, *wires))),
                    strings=(*last.strings, (factors[k], string)),
                    quarters=(*last.quarters, quarters[k]),
                )
            else:
                pieces.append(Piece(ROTATION, wires, ((factors[k], string),), rows[k], (quarters[k],)))
        found.append(
            SourceGate(
                g,
                name,
                _operands(circuit, operations),
                tuple(pieces),
                operations,
                any(trained[k] for k in operations),
                any(data[k] for k in operations),
            )
        )
    return found


def angle_of(circuit: Circuit, row: int, factor: float = 1.0) -> Angle:
    """A row of the angle table, times a factor."""
    terms = tuple((p, factor * c) for p, c in circuit.angles.terms(row) if c)
    return factor * float(circuit.angles.constant[row]), terms


def placed(circuit: Circuit, source: SourceGate) -> Placed | None:
    """The gate by its name in the gate table; None for one that the table does not have so, such as ``inv @ s``."""
    row = gate(source.name)
    operations = list(source.operations)
    if row is None or not operations:
        return None
    qubits: dict[int, int] = {}
    angles: dict[int, int] = {}
    for step in row.steps:
        strings = ((0.0, tuple((a, 0) for a in step.arguments)),) if isinstance(step, Fixed) else step.strings
        for factor, letters in strings:
            if not operations:
                return None
            k = operations.pop(0)
            code = step.code if isinstance(step, Fixed) else ROTATION
            here = circuit.letters[circuit.start[k] : circuit.start[k + 1]].tolist()
            if int(circuit.code[k]) != code or here != [letter for _, letter in letters]:
                return None
            if code == ROTATION and abs(float(circuit.factor[k]) - factor) > 1e-12:
                return None
            for (a, _), q in zip(letters, circuit.operands(k), strict=True):
                if qubits.setdefault(a, q) != q:
                    return None
            if not isinstance(step, Fixed):
                at = int(circuit.angle[k])
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


def generators(gate: SourceGate) -> list[Letters]:
    """The strings that a gate on several qubits is made of, those of its Cliffords as rotations."""
    found: list[Letters] = []
    for piece in gate.pieces:
        found += [string for _, string in piece.strings]
        if piece.code == ROTATION:
            continue
        for step in as_rotations(CLIFFORDS[piece.code - 1]).steps:
            if isinstance(step, Turn):
                found += [tuple((piece.qubits[a], letter) for a, letter in letters) for _, letters in step.strings]
            else:
                wires = [piece.qubits[a] for a in step.arguments]
                found.append(tuple((q, letter) for q, letter in zip(wires, (2, 1), strict=False)))
    return found


def _operands(circuit: Circuit, operations: range) -> tuple[int, ...]:
    """The qubits of a gate: those of its widest operation first, which has them in the gate's order."""
    all_qubits = [circuit.operands(k) for k in operations]
    all_qubits.sort(key=len, reverse=True)
    return tuple(dict.fromkeys(q for qubits in all_qubits for q in qubits))


def _commutes_with_all(string: Letters, others: Sequence[tuple[float, Letters]]) -> bool:
    letters = dict(string)
    return not any(sum(letters.get(q, letter) != letter for q, letter in other) & 1 for _, other in others)
