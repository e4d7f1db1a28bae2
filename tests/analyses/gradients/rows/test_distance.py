"""Distances of reduced states against density matrices."""

import numpy as np
import pytest

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.rows.distance import bloch_vectors, embedded_distance, embedding_of, mean_distance
from bplint.ir.circuit import Role
from bplint.ir.rows import Rows, data_columns
from data_table import case_of, entries
from dense_rows import random_model, states
from samples import circuit


def reduced(state, q, n):
    tensor = np.moveaxis(state.reshape((2,) * n), q, 0).reshape(2, -1)
    return tensor @ tensor.conj().T


def dense(c, rows):
    n, names = c.n_qubits, {c.parameters[p].name: k for p, k in data_columns(c).items()}
    found = states(c, {name: rows.values[:, k] for name, k in names.items()})
    total, pairs = 0.0, 0
    for i in range(len(rows)):
        for j in range(i):
            pairs += 1
            total += sum(np.linalg.norm(reduced(found[i], q, n) - reduced(found[j], q, n)) ** 2 for q in range(n))
    return total / pairs


@pytest.mark.parametrize("seed", range(5))
def test_distances_are_those_of_density_matrices(seed):
    c, rows = random_model(np.random.default_rng(seed), 3, 12, trained=0)
    assert embedded_distance(c, rows, Effort()) == pytest.approx(dense(c, rows))


def test_the_table_is_met():
    (row,) = entries("projected.mean_distance")
    case, rows = case_of(row)
    assert mean_distance(bloch_vectors(case.circuit, rows, Effort())) == pytest.approx(
        row["value"], abs=row["tolerance"]
    )


def test_what_is_trained_is_left_out():
    gates = [("ry", [0], "x"), ("ry", [0], "t"), ("cx", [0, 1]), ("rx", [2], "x")]
    c = circuit(3, gates, roles={"x": Role.DATA})
    assert embedding_of(c).operands(1) == [2]
    assert len(embedding_of(c)) == 2
    rows = Rows(np.array([[0.2], [0.2]]))
    assert embedded_distance(c, rows, Effort()) == pytest.approx(0)
    assert mean_distance(np.ones((3, 1))) == 0


def test_too_much_work_is_no_distance():
    c, rows = random_model(np.random.default_rng(0), 3, 12, trained=0)
    assert embedded_distance(c, rows, Effort(work=5)) is None
