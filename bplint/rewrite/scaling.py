"""The data of a circuit scaled: c·x in place of x in every angle."""

from __future__ import annotations

from bplint.ir.circuit import Circuit, Role
from bplint.rewrite.change import Angle, Counts, Placed, Refused, Rewrite
from bplint.rewrite.reading import placed, source_gates


def scaled_data(circuit: Circuit, factor: float) -> Rewrite | Refused:
    """Every data parameter times a factor; refused where one stands for an expression, or in a gate that is not in the table."""
    parameters = circuit.parameters
    changes: dict[int, tuple[Placed, ...]] = {}
    for gate in source_gates(circuit):
        driving = {p for k in gate.operations for p, _ in circuit.operations[k].terms}
        data = {p for p in driving if parameters[p].role is Role.DATA}
        if not data:
            continue
        if opaque := next((parameters[p].name for p in data if parameters[p].sources), ""):
            return Refused(f"{opaque} is an expression of the data")
        row = placed(circuit, gate)
        if row is None:
            return Refused(f"{gate.name} is no gate of the table")
        changes[gate.number] = (row._replace(angles=tuple(_scaled(angle, data, factor) for angle in row.angles)),)
    if not changes:
        return Refused("no gate turns by data")
    others = sum(gate.trained for gate in source_gates(circuit))
    return Rewrite((), changes, parameters, Counts(kept=others, replaced=len(changes)))


def _scaled(angle: Angle, data: set[int], factor: float) -> Angle:
    constant, terms = angle
    return constant, tuple((p, c * factor if p in data else c) for p, c in terms)
