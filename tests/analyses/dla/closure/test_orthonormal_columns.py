"""Orthonormal columns against the rank that NumPy finds, and their growth against matrices."""

import numpy as np
import pytest

from bplint.analyses.dla.closure.orbit_strings import OrbitStrings, directions
from bplint.analyses.dla.closure.orthonormal_columns import OrthonormalColumns, growth
from lie_closure import lie_dimension, operator_matrix


@pytest.mark.parametrize("seed", range(6))
def test_columns_span_what_was_added(seed):
    rng = np.random.default_rng(seed)
    parts = [rng.normal(size=(9, 2)) * 10.0 ** rng.integers(-3, 4), rng.normal(size=(9, 3))]
    parts.append(parts[0] @ rng.normal(size=(2, 4)) + parts[1] @ rng.normal(size=(3, 4)))
    basis = OrthonormalColumns(9, 1e-8)
    for part in parts:
        basis.add(part)
    every = np.concatenate(parts, axis=1)
    assert len(basis) == np.linalg.matrix_rank(every) == 5
    assert np.allclose(basis.columns.T @ basis.columns, np.eye(5), atol=1e-14)
    assert np.allclose(basis.columns @ (basis.columns.T @ every), every, atol=1e-12 * np.abs(every).max())
    assert basis.gap[0] < 1e-12 < basis.gap[1]


def test_directions_that_are_nearly_there_are_orthogonal_too():
    basis = OrthonormalColumns(3, 1e-8)
    basis.add(np.array([[1.0, 1.0], [0.0, 1e-6], [0.0, 0.0]]))
    basis.add(np.array([[1.0], [1.0], [1e-7]]))
    assert len(basis) == 3
    assert np.allclose(basis.columns.T @ basis.columns, np.eye(3), atol=1e-14)


def test_nothing_is_added_by_nothing():
    basis = OrthonormalColumns(4, 1e-8)
    basis.add(np.zeros((4, 2)))
    basis.add(np.zeros((4, 0)))
    assert (len(basis), basis.gap) == (0, (0.0, 1.0))


@pytest.mark.parametrize("seed", range(6))
def test_growth_ends_at_the_algebra_and_may_be_left(seed):
    rng = np.random.default_rng(seed)
    generators = [{int(s): float(rng.normal()) for s in rng.integers(1, 64, 3)} for _ in range(2)]
    strings = OrbitStrings(directions(generators), 3)
    assert strings.reach(64)
    basis = OrthonormalColumns(len(strings.size), 1e-8)
    basis.add(strings.vectors())
    begun = len(basis)
    steps = growth(basis, strings.brackets())
    _, columns = next(steps)
    assert columns == begun == len(basis)
    assert sum(1 for _ in steps) >= 1
    assert len(basis) == lie_dimension([operator_matrix(g, 3) for g in generators])
