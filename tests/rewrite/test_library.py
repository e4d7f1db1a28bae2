"""Each definition against the gate it stands for."""

import pytest

from bplint.errors import Span
from bplint.importers.qasm import read
from bplint.ir.build import Builder
from bplint.ir.gates import gate_names
from bplint.rewrite.gates import EXCHANGES, named
from bplint.rewrite.library import LIBRARY, definition
from rewriting import same
from samples import unitary_of

DEFINED = [name for name in (*gate_names(), *EXCHANGES, "ryx", "rzy") if definition(name, "own")]


@pytest.mark.parametrize(
    "head", ['OPENQASM 2.0; include "qelib1.inc"; qreg q[2];', 'OPENQASM 3; include "stdgates.inc"; qubit[2] q;']
)
@pytest.mark.parametrize("name", DEFINED)
def test_definitions(name, head):
    text = definition(name, "own")
    angles = (0.7123,) if "theta" in text else ()
    row = named(name, len(angles))
    builder = Builder(2)
    rows = [builder.angle(angle) for angle in angles]
    builder.gate(row, range(row.n_qubits), rows, builder.statement(Span(1, 1, 1, 2)))
    call = f"own{'(0.7123)' if angles else ''} {'q[0], q[1]' if row.n_qubits == 2 else 'q[0]'};"
    declared, register = head.rsplit("; ", 1)
    assert same(unitary_of(read(f"{declared}; {text} {register} {call}").circuit, {}), unitary_of(builder.build(), {}))


def test_definitions_use_what_every_library_has():
    for name in DEFINED:
        calls = definition(name, "own").partition("{")[2].strip(" }").split(";")
        assert {call.split("(")[0].split()[0] for call in calls if call.strip()} <= LIBRARY


def test_other_gates_have_none():
    assert definition("ccx", "own") is None
