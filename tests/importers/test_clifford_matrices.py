"""Cliffords as matrices against what Qiskit draws at random."""

import numpy as np
import pytest

from bplint.importers.clifford_matrices import as_string, matrix_of, synthesised
from matrices import PAULI

qiskit = pytest.importorskip("qiskit")
from qiskit.quantum_info import Operator, random_clifford  # noqa: E402


@pytest.mark.parametrize("n", range(1, 7))
def test_cliffords_up_to_a_phase(n):
    for seed in range(4):
        matrix = Operator(random_clifford(n, seed=seed)).data * np.exp(0.3j)
        calls = synthesised(matrix)
        assert abs(np.vdot(matrix_of(calls, n), matrix)) == pytest.approx(2**n)


@pytest.mark.parametrize(
    "matrix",
    [np.diag([1, 1, 1, 1j]), np.diag([1, np.exp(0.25j * np.pi)]), np.ones((2, 2)), np.eye(128), np.eye(3)],
    ids=["CS", "T", "not unitary", "seven qubits", "no qubits"],
)
def test_other_matrices_are_no_cliffords(matrix):
    assert synthesised(matrix) is None


def test_strings_keep_their_letters_and_sign():
    matrix = -np.kron(np.kron(PAULI["X"], PAULI["Y"]), PAULI["Z"])
    assert as_string(matrix, 3) == ((True, True, False), (False, True, True), True)
    assert as_string(np.diag([1, -1, -1, -1]), 2) is None
    assert as_string(1j * PAULI["X"], 1) is None
