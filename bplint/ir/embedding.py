"""The embedding of a circuit: what comes before all trained rotations, with the data in it."""

from __future__ import annotations

from bplint.ir.circuit import Circuit, Role


def embedding(circuit: Circuit) -> tuple[bool, ...]:
    """For each operation whether no trained rotation comes before it on any of its qubits, however indirectly."""
    trained, behind = circuit.trained, set[int]()
    rows = []
    for operation in circuit.operations:
        later = trained[operation.number] or not behind.isdisjoint(operation.qubits)
        if later:
            behind.update(operation.qubits)
        rows.append(not later)
    return tuple(rows)


def entangler(circuit: Circuit) -> int | None:
    """The first operation of the embedding that joins qubits, where the embedding carries data; None if there is none."""
    inside, data = embedding(circuit), circuit.driven_by(Role.DATA)
    if not any(first and carries for first, carries in zip(inside, data, strict=True)):
        return None
    joining = (o.number for o in circuit.operations if inside[o.number] and len(o.qubits) > 1)
    return next(joining, None)
