"""The trained part of a circuit behind rows of its own: the gates that stay, and what a single qubit keeps there."""

import pytest

from bplint.analyses import gradient
from bplint.analyses.ask import Ask
from bplint.ir.circuit import ROTATION, Role
from bplint.rewrite.unentangled import unentangled
from repair_texts import read

HEAD = 'OPENQASM 3.0; include "stdgates.inc";\n// bplint: observable = Z0\n// bplint: data = x*\n'
BODY = "input array[float[64], 2] x; input array[float[64], 2] w; qubit[2] q; "


def test_the_trained_part_stays_behind_ry_and_rz_of_each_qubit():
    case = read(
        HEAD + BODY + "h q; rzz(x[0] * x[1]) q[0], q[1]; ry(w[0]) q[0]; cx q[0], q[1]; rx(x[0]) q[0]; ry(w[1]) q[1];"
    )
    made = unentangled(case.circuit)
    first = list(made.operations[:4])
    assert [(o.qubits, o.letters) for o in first] == [((0,), (3,)), ((0,), (2,)), ((1,), (3,)), ((1,), (2,))]
    assert all(made.parameters[p].role is Role.DATA for o in first for p, _ in o.terms)
    kept = made.operations[4:]
    assert [(o.code == ROTATION, o.qubits) for o in kept] == [(True, (0,)), (False, (0, 1)), (True, (1,))]
    assert len({o.terms for o in first}) == 4, "each angle by itself"


def test_one_trained_ry_sees_three_eighths_of_a_row():
    """⟨X⟩² is ¼ and ⟨Z⟩² is ½ on average over RY and RZ, and one RY sees half of either."""
    case = read(HEAD + BODY + "h q; rz(x[0]) q[0]; rzz(x[0] * x[1]) q[0], q[1]; ry(w[0]) q[0];")
    found = Ask(case._replace(circuit=unentangled(case.circuit), context=case.context._replace(rows=None)))(gradient)
    assert found.signal == pytest.approx(3 / 8, abs=0.02)
    assert found.lower < 3 / 8 < found.upper
