"""Some operations of a circuit as a circuit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bplint.ir.circuit import Circuit, OperationColumns


def some_operations(circuit: Circuit, kept: Iterable[int]) -> Circuit:
    """The circuit of these operations, in the order given; angles, gates and parameters stay as they are."""
    old, new = circuit.columns, OperationColumns.empty()
    for number in kept:
        part = slice(*old.start[number : number + 2])
        new.code.append(old.code[number])
        new.qubits.extend(old.qubits[part])
        new.letters.extend(old.letters[part])
        new.start.append(len(new.qubits))
        new.angle.append(old.angle[number])
        new.factor.append(old.factor[number])
        new.gate.append(old.gate[number])
        new.moment.append(old.moment[number])
    return replace(circuit, columns=new)
