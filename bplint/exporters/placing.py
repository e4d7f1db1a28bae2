"""What takes the place of each statement that a rewrite changes, and what a gate is made of where a framework lacks it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.gates import Fixed
from bplint.rewrite.change import Angle, Placed, Rewrite
from bplint.rewrite.gates import named
from bplint.rewrite.reading import Letters, SourceGate, angle_of, as_placed, source_gates

NewGate: TypeAlias = Placed | SourceGate
"""A gate that a rewrite puts in, or one that stays but has to be written anew."""


class Elementary(NamedTuple):
    """A Clifford by its name on these qubits; or, without one, exp(-i · angle/2 · Σ factor · P) for commuting strings P."""

    clifford: str = ""
    qubits: tuple[int, ...] = ()
    strings: tuple[tuple[float, Letters], ...] = ()
    angle: Angle = (0.0, ())


def changed(circuit: Circuit, rewrite: Rewrite, statements: Sequence[int]) -> dict[int, list[NewGate]]:
    """For each statement that does not stay as it is, all that takes its place.

    ``statements[g]`` is the one that gate g stands in.
    """
    gates = source_gates(circuit)
    touched = {statements[g] for g, new in rewrite.changes.items() if new != (as_placed(circuit, gates[g]),)}
    by_statement: dict[int, list[NewGate]] = {statement: [] for statement in touched}
    for gate in gates:
        if statements[gate.number] in touched:
            by_statement[statements[gate.number]] += rewrite.changes.get(gate.number, (gate,))
    return by_statement


def before_first(rewrite: Rewrite, statements: Sequence[int]) -> dict[int, Sequence[NewGate]]:
    """What has to stand before a statement."""
    return {statements[0]: rewrite.start} if rewrite.start else {}


def elementary(circuit: Circuit, gate: NewGate) -> Iterator[Elementary]:
    """The gate as Cliffords and rotations, first to last."""
    if isinstance(gate, SourceGate):
        for piece in gate.pieces:
            if piece.code != ROTATION:
                yield Elementary(CLIFFORDS[piece.code - 1], piece.qubits)
            else:
                yield Elementary(strings=piece.strings, angle=angle_of(circuit, piece.row))
        return
    for step in (gate.shape or named(gate.name, len(gate.angles))).steps:
        if isinstance(step, Fixed):
            yield Elementary(CLIFFORDS[step.code - 1], tuple(gate.qubits[a] for a in step.arguments))
            continue
        strings = tuple((f, tuple((gate.qubits[a], letter) for a, letter in letters)) for f, letters in step.strings)
        angle = (step.constant, ()) if step.parameter < 0 else gate.angles[step.parameter]
        yield Elementary(strings=strings, angle=angle)
