"""What comes before all trained rotations, and where data are entangled there."""

import pytest

from bplint.importers.qasm import read
from bplint.ir.embedding import embedding, entangler
from bplint.ir.trainable import select

HEAD = 'OPENQASM 3.0; include "stdgates.inc"; input array[float[64], 3] x; input array[float[64], 3] w; qubit[3] q; '


def circuit_of(gates):
    return select(read(HEAD + gates).circuit, data=("x*",))[0]


@pytest.mark.parametrize(
    ("gates", "inside", "first"),
    [
        ("h q[0]; ry(x[0]) q[0]; ry(w[0]) q[0];", (True, True, False), None),
        ("ry(x[0]) q[0]; cx q[0], q[1]; ry(w[0]) q[1]; cx q[1], q[0]; rx(x[1]) q[0];", (1, 1, 0, 0, 0), 1),
        ("ry(w[0]) q[0]; ry(x[1]) q[1]; cz q[1], q[2]; cz q[0], q[1]; ry(x[2]) q[2];", (0, 1, 1, 0, 1), 2),
        ("cx q[0], q[1]; ry(w[0]) q[0]; ry(x[0]) q[0];", (True, False, False), None),
        ("ry(x[0]) q[0]; ry(w[0]) q[0]; cx q[0], q[1];", (True, False, False), None),
    ],
)
def test_what_no_trained_rotation_can_come_before(gates, inside, first):
    circuit = circuit_of(gates)
    assert embedding(circuit) == tuple(map(bool, inside))
    assert entangler(circuit) == first
