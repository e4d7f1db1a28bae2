"""From gates to operations: what each shape of a gate comes to is written down once, and written out for every gate of it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from bplint.ir.circuit import ROTATION, OperationColumns
from bplint.ir.gates import Fixed, Gate


class _Operation(NamedTuple):
    """One operation of a gate, on some of its qubits.

    It turns by the gate's angle number ``parameter``, or, where that is -1, by the angle in ``row``; that is -1 for a Clifford.
    """

    arguments: tuple[int, ...]
    parameter: int
    row: int


class _Shape(NamedTuple):
    """What all gates of one shape have in common; ``code``, ``letters`` and ``factor`` are bytes of columns."""

    n_qubits: int
    n_angles: int
    operations: tuple[_Operation, ...]
    widths: tuple[int, ...]
    code: bytes
    letters: bytes
    factor: bytes


def constants(catalogue: Iterable[Gate]) -> tuple[float, ...]:
    """The angles that gates have of themselves, each once."""
    turns = (step for gate in catalogue for step in gate.steps if not isinstance(step, Fixed))
    return tuple(dict.fromkeys(turn.constant for turn in turns if turn.parameter < 0))


def expanded(
    n_qubits: int,
    catalogue: Sequence[Gate],
    shapes: Sequence[int],
    wires: Sequence[int],
    rows: Sequence[int],
    row_of: Mapping[float, int],
) -> OperationColumns:
    """The operations of gates: gate i is ``catalogue[shapes[i]]``.

    ``wires`` are the qubits and ``rows`` the rows of the angles of all gates, one after the other; a gate without operations
    has no angles there. ``row_of`` has the rows of the :func:`constants`.
    """
    catalogued = [_shape(gate, row_of) for gate in catalogue]
    gates = [catalogued[shape] for shape in shapes]
    columns = OperationColumns.empty()
    columns.code.frombytes(b"".join([gate.code for gate in gates]))
    columns.letters.frombytes(b"".join([gate.letters for gate in gates]))
    columns.factor.frombytes(b"".join([gate.factor for gate in gates]))
    columns.gate.extend([number for number, gate in enumerate(gates) for _ in gate.code])
    columns.start.extend(accumulate(chain.from_iterable([gate.widths for gate in gates])))
    qubits, angle, moment = columns.qubits, columns.angle, columns.moment
    depth = [0] * n_qubits
    wire = turn = 0
    for gate in gates:
        own, turns = wires[wire : wire + gate.n_qubits], rows[turn : turn + gate.n_angles]
        wire, turn = wire + gate.n_qubits, turn + gate.n_angles
        for arguments, parameter, row in gate.operations:
            if len(arguments) == 1:
                qubit = own[arguments[0]]
                layer = depth[qubit]
                depth[qubit] = layer + 1
                qubits.append(qubit)
            else:
                acted = [own[place] for place in arguments]
                layer = max([depth[qubit] for qubit in acted])
                for qubit in acted:
                    depth[qubit] = layer + 1
                qubits.extend(acted)
            angle.append(row if parameter < 0 else turns[parameter])
            moment.append(layer)
    return columns


def _shape(gate: Gate, row_of: Mapping[float, int]) -> _Shape:
    operations: list[_Operation] = []
    code, letters, factors = bytearray(), bytearray(), array("d")
    for step in gate.steps:
        if isinstance(step, Fixed):
            operations.append(_Operation(tuple(step.arguments), -1, -1))
            code.append(step.code)
            letters.extend([0] * len(step.arguments))
            factors.append(0.0)
            continue
        row = row_of[step.constant] if step.parameter < 0 else -1
        for factor, string in step.strings:
            operations.append(_Operation(tuple(argument for argument, _ in string), step.parameter, row))
            code.append(ROTATION)
            letters.extend(letter for _, letter in string)
            factors.append(factor)
    n_angles = gate.n_parameters if gate.steps else 0
    return _Shape(
        n_qubits=gate.n_qubits,
        n_angles=n_angles,
        operations=tuple(operations),
        widths=tuple(len(operation.arguments) for operation in operations),
        code=bytes(code),
        letters=bytes(letters),
        factor=factors.tobytes(),
    )
