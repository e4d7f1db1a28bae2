"""Gates as they are read back from their operations."""

import pytest

from bplint.errors import Span
from bplint.importers.qasm import read
from bplint.ir.build import Builder
from bplint.ir.gates import gate, gate_names
from bplint.rewrite.reading import placed, source_gates


@pytest.mark.parametrize("name", gate_names())
def test_every_gate_of_the_table_is_recognised(name):
    row = gate(name)
    builder = Builder(6)
    qubits = [5, 3, 0, 4, 1][: row.n_qubits]
    rows = [builder.angle(0.1 * k, [(0, 1.0 + k)]) for k in range(row.n_parameters)]
    builder.gate(row, qubits, rows, builder.statement(Span(1, 1, 1, 2)), name=name)
    c = builder.build([])
    (found,) = source_gates(c)
    if not row.steps:
        assert placed(c, found) is None
        return
    again = placed(c, found)
    assert again.name == name
    assert list(again.qubits) == qubits
    assert [terms for _, terms in again.angles] == [((0, 1.0 + k),) for k in range(row.n_parameters)]


def test_a_modified_gate_is_not():
    c = read('OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; inv @ s q[0]; ctrl @ rx(0.3) q[0], q[1];').circuit
    assert [placed(c, one) for one in source_gates(c)] == [None, None]
