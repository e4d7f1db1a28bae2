"""Every Clifford row against its matrix, written down independently."""

from operator import or_

import numpy as np
import pytest

from bplint.ir.clifford import CLIFFORDS, CODES, clifford
from bplint.ir.pauli import to_label
from matrices import CLIFFORD_MATRICES, pauli_matrix
from samples import label_matrix, on


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


@pytest.mark.parametrize("forward", [False, True])
@pytest.mark.parametrize("name", CLIFFORDS)
def test_planes_go_where_the_matrix_takes_their_strings(name, forward):
    """All strings on three qubits at once, string t in bit t; the gate on the last and the first."""
    n, row = 3, clifford(CODES[name])
    qubits = [2, 0][: row.n_qubits]
    matrix = on(CLIFFORD_MATRICES[name], qubits, n)
    matrix = matrix.conj().T if forward else matrix
    planes = _planes(range(4**n), n)
    row.on_planes(planes, qubits, forward=forward)
    for t in range(4**n):
        expected = matrix.conj().T @ label_matrix(t, n) @ matrix
        moved = sum((plane >> t & 1) << bit for bit, plane in enumerate(planes))
        assert np.isclose(abs(np.trace(expected @ label_matrix(moved, n))), 2**n)


@pytest.mark.parametrize("name", CLIFFORDS)
def test_or_holds_whatever_the_strings_of_a_plane_become(name):
    """Of two strings in one bit: all letters that one of them, or their product, has afterwards."""
    row = clifford(CODES[name])
    n = row.n_qubits
    for left in range(4**n):
        for right in range(left):
            may = [int(bool((left | right) >> bit & 1)) for bit in range(2 * n)]
            row.on_planes(may, list(range(n)), or_)
            for string in (left, right, left ^ right):
                exact = _planes([string], n)
                row.on_planes(exact, list(range(n)))
                assert all(bit <= bound for bit, bound in zip(exact, may, strict=True))


def _planes(strings, n):
    return [sum((string >> bit & 1) << t for t, string in enumerate(strings)) for bit in range(2 * n)]
