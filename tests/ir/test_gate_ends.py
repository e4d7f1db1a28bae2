"""Ends of gates: which there are, and X and Z behind each as dense matrices carry them to the start."""

import numpy as np
import pytest

from bplint.ir.gate_ends import gate_ends
from dense import random_circuit
from matrices import pauli_matrix
from samples import circuit, label_matrix, operation_matrices


def matrix_of(image, n):
    string, k = image
    return 1j**k * label_matrix(string, n)


def test_a_gate_ends_with_its_last_operation_and_has_all_its_qubits():
    c = circuit(3, [("crx", [2, 0], np.pi), ("id", [1]), ("h", [1]), ("rzz", [1, 2], "a")])
    assert [(end.operation, end.arity, len(end.images)) for end in gate_ends(c)] == [(1, 2, 2), (2, 1, 1), (3, 2, 2)]


@pytest.mark.parametrize("seed", range(5))
def test_images_are_carried_through_all_cliffords_before(seed):
    rng = np.random.default_rng(seed)
    n = 3
    c = random_circuit(rng, n, 15, free=0.3, fixed=0.2)
    values = {p.name: 0.0 for p in c.parameters}
    matrices = list(operation_matrices(c, values))
    for end in gate_ends(c):
        before = np.eye(2**n)
        for k, quarter in enumerate(c.quarters[: end.operation + 1]):
            if quarter >= 0:  # free rotations and those fixed elsewhere stay where they are
                before = matrices[k] @ before
        qubits = {q for o in c.operations if o.gate == c.operations[end.operation].gate for q in o.qubits}
        found = [matrix_of(image, n) for pair in end.images for image in pair]
        letters = [
            pauli_matrix("".join(letter if p == q else "I" for p in range(n))) for q in qubits for letter in "XZ"
        ]
        wanted = [before.conj().T @ letter @ before for letter in letters]
        assert len(found) == len(wanted)
        for one in wanted:
            assert any(np.allclose(one, other) for other in found)
