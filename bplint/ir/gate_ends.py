"""Where the gates of a circuit end, seen from its start: there noise acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.frame import Images

Image: TypeAlias = tuple[int, int]
"""(string, k): i^k P_string, k = 0 or 2."""


class GateEnd(NamedTuple):
    """Behind ``operation``, the last of its gate, X and Z of each qubit that the gate acts on are ``images`` in the frame.

    ``arity`` is the number of the gate's qubits in the source, also of those on which it does nothing.
    """

    operation: int
    arity: int
    images: tuple[tuple[Image, Image], ...]


def gate_ends(circuit: Circuit) -> Iterator[GateEnd]:
    """The ends of all gates that do something, in circuit order."""
    images, arities = Images(circuit.n_qubits), circuit.gates.columns.arity
    touched: dict[int, None] = {}
    for operation in circuit.operations:
        touched.update(dict.fromkeys(operation.qubits))
        if operation.code != ROTATION:
            images.clifford(operation.code, operation.qubits)
        elif operation.quarter > 0:
            images.turn(operation.qubits, operation.letters, operation.quarter)
        if operation.ends_gate:
            pairs = tuple([(images.rows[2 * q], images.rows[2 * q + 1]) for q in touched])
            yield GateEnd(operation.number, arities[operation.gate], pairs)
            touched = {}
