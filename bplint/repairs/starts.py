"""Repairs that only start elsewhere: at the angles of a smaller instance."""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses.ask import Ask
from bplint.finding import Hit
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.law import Init, Law, Shape
from bplint.repairs.changes import OPERATIONS, Change

AROUND = 0.1
"""Radians about an angle that was carried over from a smaller instance."""

ANGLES = 40
"""Declared in one line, at most."""


def smaller_first(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Start at the angles to which an instance on fewer qubits trains, where no start is declared."""
    from bplint.analyses.training.smaller import QUBITS, smaller_instance

    data = any(p.role is Role.DATA for p in case.circuit.parameters)
    if data or not case.context.init.is_uniform or len(case.circuit) > OPERATIONS:
        return
    angles = ask(smaller_instance)
    if 0 < len(angles) <= ANGLES:
        names = [case.circuit.parameters[p].name for p, _ in angles]
        laws = [Law(Shape.RANGE, AROUND, float(f"{value:.4g}")) for _, value in angles]
        title = f"start at the angles of an instance on {QUBITS} of the {case.circuit.n_qubits:,} qubits"
        yield Change("smaller-instance", title, init=Init(named=tuple(zip(names, laws, strict=True))))
