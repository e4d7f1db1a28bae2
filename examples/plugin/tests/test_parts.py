"""The test kit of bplint, over everything this plugin brings."""

import numpy as np
import pytest
from bplint_example import bplint_rules
from bplint_example.redundancy import redundancy
from bplint_example.table import REPORTER
from bplint_example.turns import IMPORTER

from bplint.analyses import Ask
from bplint.config import Settings
from bplint.run import lint_text
from bplint.testing import Reading, analysis_checks, checks, format_checks, importer_checks

X, ONE = np.array([[0, 1], [1, 0]]), np.eye(2)
CX = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])


def rx(angle):
    """exp(-i angle X/2)."""
    return np.cos(angle / 2) * ONE - 1j * np.sin(angle / 2) * X


READINGS = [
    Reading("a turn by a number", "qubits 1\nrx 0 0.3\n", rx(0.3)),
    Reading("one parameter twice", "qubits 2\nrx 0 a\nrx 1 a\ncx 0 1\n", CX @ np.kron(rx(0.4), rx(0.4)), {"a": 0.4}),
]
CHECKS = [
    *checks(bplint_rules()),
    *analysis_checks(redundancy),
    *importer_checks(IMPORTER, READINGS),
    *format_checks(
        REPORTER, says=["circuit.qasm\t5\tXX901\terror\tAn error", "XX903\tfailed\tValueError", "exit\t3\n"]
    ),
]


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_parts(check):
    check()


@pytest.mark.parametrize("turns", ["xz", "xzx", "xzxz", "xyzxyz"])
def test_one_qubit_has_three_directions(turns):
    """The second road: the tangent vectors of the matrix, at a random point, count the directions."""
    names = [f"a{i}" for i in range(len(turns))]
    gates = "".join(f"r{axis}({name}) q[0];\n" for axis, name in zip(turns, names))
    inputs = "".join(f"input float {name};\n" for name in names)
    source = (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = X0 + Y0 + Z0\n{inputs}qubit[1] q;\n{gates}'
    )
    (circuit,) = lint_text(source, Settings(suggest=False), rules=()).circuits
    found = Ask(circuit.case)(redundancy)
    assert (found.parameters, found.surplus) == (len(turns), len(turns) - _directions(turns))


def _directions(turns):
    paulis = {"x": X, "y": np.array([[0, -1j], [1j, 0]]), "z": np.diag([1, -1])}
    angles = np.random.default_rng(1).uniform(0, 6, len(turns))
    steps = [np.cos(a / 2) * ONE - 1j * np.sin(a / 2) * paulis[t] for t, a in zip(turns, angles)]
    tangents = []
    for k, turn in enumerate(turns):
        before = np.linalg.multi_dot([ONE, *steps[:k][::-1], ONE])
        tangents.append((before.conj().T @ paulis[turn] @ before).ravel())
    return np.linalg.matrix_rank(np.array([np.concatenate([t.real, t.imag]) for t in tangents]))
