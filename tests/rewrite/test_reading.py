"""Gates as they are read back from their operations."""

import numpy as np
import pytest

import dense
from bplint.errors import Span
from bplint.importers.qasm import read
from bplint.ir.build import Builder
from bplint.ir.circuit import Parameter, Role
from bplint.ir.clifford import CODES
from bplint.ir.gates import Fixed, Gate, Turn, gate, gate_names
from bplint.rewrite import Rewrite, rewritten
from bplint.rewrite.reading import as_placed, placed, source_gates
from samples import circuit


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


def test_a_gate_that_the_table_has_not_is_placed_by_its_own_steps():
    steps = Turn(0, 0.0, ((1.0, ((1, 1),)),)), Fixed(CODES["cx"], (1, 0)), Turn(1, 0.0, ((-0.5, ((0, 2),)),))
    exact = Gate("mine", 2, 2, steps, (0.0,) * 3)
    builder = Builder(3)
    statement = builder.statement(Span(1, 1, 1, 2))
    builder.gate(exact, (2, 0), [builder.angle(0.5, [(0, 2.0)]), builder.angle(0.25)], statement)
    c = builder.build([Parameter("a", Role.TRAINABLE)])
    (source,) = source_gates(c)
    found = as_placed(c, source)
    assert placed(c, source) is None
    assert found.angles == ((0.5, ((0, 2.0),)), (0.25, ()))
    again = rewritten(c, Rewrite((), {0: (found,)}, c.parameters))
    np.testing.assert_allclose(dense.unitary(again, {"a": 0.7}), dense.unitary(c, {"a": 0.7}))
    assert as_placed(circuit(1, [("ry", [0], "a")]), source_gates(circuit(1, [("ry", [0], "a")]))[0]).shape is None
