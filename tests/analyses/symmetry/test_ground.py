"""Lanczos against dense eigenvalues."""

import numpy as np
import pytest

from bplint.analyses.symmetry.ground import applied, diagonals, ground, treatable
from dense import random_observable
from samples import label_matrix


def matrix_of(observable):
    """With qubit 0 in the last place of an index: the bits of basis states run from qubit 0 up."""
    n = observable.n_qubits
    matrix = sum((c * label_matrix(s, n) for s, c in observable.terms), np.zeros((2**n, 2**n)))
    if observable.projector:
        matrix = np.diag([float(all(not b >> n - 1 - q & 1 for q in observable.projector)) for b in range(2**n)])
    turned = [int(f"{b:0{n}b}"[::-1], 2) for b in range(2**n)]
    return matrix[np.ix_(turned, turned)]


@pytest.mark.parametrize("seed", range(40))
def test_the_least_eigenvalue(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 7))
    o = random_observable(rng, n)
    matrix = diagonals(o.terms, n, projector=o.projector)
    dense = matrix_of(o)
    vector = rng.normal(size=2**n) + 1j * rng.normal(size=2**n)
    assert np.allclose(applied(matrix, vector), dense @ vector)
    found = ground(matrix, n)
    assert abs(found.energy - np.linalg.eigvalsh(dense)[0]) < 1e-9 * found.scale
    assert np.allclose(dense @ found.vector, found.energy * found.vector, atol=1e-7 * found.scale)


def test_a_space_that_is_empty_has_no_ground_state():
    assert ground(diagonals([(1, 1.0)], 2), 2, np.zeros_like) is None


def test_what_can_be_treated():
    assert treatable(1000, 12)
    assert not treatable(1, 13)
    assert not treatable(1 << 20, 12)
