"""From a rewrite to the circuit it describes, without a text in between."""

from __future__ import annotations

from collections.abc import Iterable

from bplint.errors import Span
from bplint.ir.build import Builder
from bplint.ir.circuit import ROTATION, Circuit, GateOrigin, Spelling
from bplint.rewrite.change import Placed, Rewrite
from bplint.rewrite.gates import named
from bplint.rewrite.reading import SourceGate, shape_of, source_gates


def rewritten(circuit: Circuit, rewrite: Rewrite) -> Circuit:
    """The circuit with the changes of a rewrite; statements keep their numbers, new gates stand in that of the old one."""
    return _Copy(circuit).run(rewrite)


class _Copy:
    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._builder = Builder(circuit.n_qubits)
        self._builder.ancillas, self._builder.deciding = circuit.ancillas, circuit.deciding
        self._rows: dict[int, int] = {}

    def run(self, rewrite: Rewrite) -> Circuit:
        circuit, builder = self._circuit, self._builder
        for span in circuit.spans:
            builder.statement(span)
        table = circuit.gates
        statements, kinds = table.columns.statement, table.columns.kind
        if rewrite.start:
            first = circuit.spans[0] if circuit.spans else Span(1, 1, 1, 2)
            self._place(rewrite.start, builder.statement(first), GateOrigin.PLAIN)
        for gate in source_gates(circuit):
            statement, kind = statements[gate.number], GateOrigin(kinds[gate.number])
            if gate.number in rewrite.changes:
                self._place(rewrite.changes[gate.number], statement, kind)
            else:
                self._keep(gate, statement, kind)
        return builder.build(rewrite.parameters, circuit.measured)

    def _place(self, gates: Iterable[Placed], statement: int, kind: GateOrigin) -> None:
        for name, qubits, angles, shape in gates:
            rows = [self._builder.angle(constant, terms) for constant, terms in angles]
            row = shape or named(name, len(angles))
            self._builder.gate(row, qubits, rows, statement, name=name, kind=kind)

    def _keep(self, gate: SourceGate, statement: int, kind: GateOrigin) -> None:
        """The gate as it is: its pieces become the steps of a gate made for it."""
        rows = [self._row(piece.row) for piece in gate.pieces if piece.code == ROTATION]
        self._builder.gate(shape_of(gate), gate.qubits, rows, statement, name=gate.name, kind=kind)

    def _row(self, row: int) -> int:
        if row not in self._rows:
            angles = self._circuit.angles
            constant, spelling = angles.columns.constant[row], Spelling(angles.columns.spelling[row])
            self._rows[row] = self._builder.angle(constant, angles.terms(row), spelling=spelling)
        return self._rows[row]
