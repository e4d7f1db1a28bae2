"""Every Clifford row against its matrix, written down independently."""

import numpy as np
import pytest

from bplint.ir.clifford import CLIFFORDS, CODES, clifford
from bplint.ir.pauli import to_label
from matrices import CLIFFORD_MATRICES, pauli_matrix


def test_the_table_and_the_matrices_name_the_same_gates():
    assert set(CLIFFORDS) == set(CLIFFORD_MATRICES)


@pytest.mark.parametrize("name", CLIFFORDS)
def test_images_are_those_of_the_matrix(name):
    row, matrix = clifford(CODES[name]), CLIFFORD_MATRICES[name]
    for i, (image, negative) in enumerate(row.images):
        label = ["I"] * row.n_qubits
        label[i // 2] = "XZ"[i % 2]
        expected = matrix.conj().T @ pauli_matrix("".join(label)) @ matrix
        sign = -1 if negative else 1
        np.testing.assert_allclose(sign * pauli_matrix(to_label(image, row.n_qubits)), expected, atol=1e-12)
