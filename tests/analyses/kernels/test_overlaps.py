"""Overlaps of the states of rows against state vectors."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.kernels import overlaps as module
from bplint.analyses.kernels.overlaps import overlaps
from bplint.ir.circuit import Role
from bplint.ir.rows import Rows, data_columns
from dense_rows import random_model, states
from samples import circuit


def dense(c, rows):
    found = states(c, {c.parameters[p].name: rows.values[:, k] for p, k in data_columns(c).items()})
    return np.abs(found.conj() @ found.T) ** 2


@pytest.mark.parametrize("seed", range(8))
def test_all_pairs_are_those_of_state_vectors(seed):
    c, rows = random_model(np.random.default_rng(seed), 3, 14, trained=0)
    assert overlaps(c, rows, Effort()) == pytest.approx(dense(c, rows))


def test_forty_qubits_that_nothing_joins():
    c = circuit(40, [("ry", [q], f"x{q}") for q in range(40)], roles={f"x{q}": Role.DATA for q in range(40)})
    x = np.random.default_rng(0).normal(size=(3, 40))
    want = np.cos((x[:, None] - x[None]) / 2).prod(axis=2) ** 2
    assert overlaps(c, Rows(x), Effort()) == pytest.approx(want)


def test_of_many_rows_the_first_are_compared(monkeypatch):
    c, rows = random_model(np.random.default_rng(1), 3, 14, trained=0, rows=6)
    monkeypatch.setattr(module, "AMPLITUDES", 32)
    monkeypatch.setattr(module, "FEWEST", 4)
    assert overlaps(c, rows, Effort()) == pytest.approx(dense(c, rows)[:4, :4])
    assert isinstance(overlaps(c, rows, Effort(work=10)), Declined)


def test_states_beyond_the_limit_are_declined(monkeypatch):
    c, rows = random_model(np.random.default_rng(1), 3, 14, trained=0)
    monkeypatch.setattr(module, "AMPLITUDES", 32)
    assert isinstance(overlaps(c, rows, Effort()), Declined)
