"""Expectations in the states of an embedding against its matrices; strings and written states agree."""

import numpy as np
import pytest

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows import embedding
from bplint.analyses.gradients.rows.embedding import Embedding
from bplint.analyses.gradients.rows.turns import turns
from bplint.ir.circuit import Role
from bplint.ir.observable import parse
from bplint.ir.rows import Rows, data_columns
from dense_rows import random_model, states
from samples import circuit, label_matrix

ROADS = {"strings": {}, "states": {"BRANCHES": 1, "PRICE": 10**9}, "both": {"BRANCHES": 1}}


EFFORT = Effort()


def values(c, rows, strings, effort=EFFORT):
    problem = Problem.of(c, parse("Z0", c.n_qubits))
    pulled = problem.frame.pull_sum([(s, 1.0) for s in strings])
    found = Embedding(problem, rows, turns(problem, rows)).expectations([s for s, _ in pulled], effort)
    return None if found is None else np.array([sign for _, sign in pulled])[:, None] * found


def dense(c, rows, strings):
    given = {c.parameters[p].name: rows.values[:, column] for p, column in data_columns(c).items()}
    found = states(c, given)
    return np.array([np.einsum("sb,bc,sc->s", found.conj(), label_matrix(p, c.n_qubits), found).real for p in strings])


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("seed", range(6))
def test_expectations_are_those_of_matrices(monkeypatch, road, seed):
    for name, value in ROADS[road].items():
        monkeypatch.setattr(embedding, name, value)
    c, rows = random_model(np.random.default_rng(seed), 3, 14, trained=0)
    strings = list(range(64))
    assert values(c, rows, strings) == pytest.approx(dense(c, rows, strings), abs=1e-12)


@pytest.mark.parametrize("road", ROADS)
def test_qubits_that_nothing_joins_are_taken_one_by_one(monkeypatch, road):
    for name, value in ROADS[road].items():
        monkeypatch.setattr(embedding, name, value)
    gates = [("ry", [q], f"x{q}") for q in range(4)] + [("rx", [1], "x0"), ("rzz", [2, 3], "x1")]
    c = circuit(5, gates, roles={f"x{q}": Role.DATA for q in range(4)})
    rows = Rows(np.random.default_rng(1).normal(size=(3, 4)))
    strings = [0b11111, 0b01111, 0b01010 << 5, 0b01111 | 0b00110 << 5, 0b10000 << 5]
    assert values(c, rows, strings) == pytest.approx(dense(c, rows, strings), abs=1e-12)


def test_fixed_rotations_add_coherently():
    """cos² 2x of RY(x) RY(x), not cos⁴x + sin⁴x."""
    c = circuit(1, [("ry", [0], "x"), ("ry", [0], "x")], roles={"x": Role.DATA})
    ((zero,),) = values(c, Rows(np.array([[np.pi / 4]])), [0b10])
    assert zero == pytest.approx(0, abs=1e-15)


def test_a_thousand_qubits_are_no_more_than_their_parts():
    n = 1000
    c = circuit(n, [("ry", [q], f"x{q}") for q in range(n)], roles={f"x{q}": Role.DATA for q in range(n)})
    x = np.random.default_rng(0).normal(size=(2, n))
    (found,) = values(c, Rows(x), [(1 << n) - 1])
    assert found == pytest.approx(np.sin(x).prod(axis=1))


def test_too_little_work_is_no_answer():
    c, rows = random_model(np.random.default_rng(2), 3, 14, trained=0)
    assert values(c, rows, list(range(64)), Effort(work=10)) is None
