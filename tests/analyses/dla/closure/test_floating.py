"""Closure in floating point against residues, and where its gap closes."""

import math

import numpy as np
import pytest

from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.dla.closure.floating import Estimate, estimate
from bplint.analyses.dla.closure.modular import close
from bplint.ir.pauli import from_label

ISING = [{"XIII": 1, "IXII": 1, "IIXI": 1, "IIIX": 1}, {"ZZII": 1, "IZZI": 1, "IIZZ": 1}]


def strings(generators):
    return [{from_label(label): c for label, c in g.items()} for g in generators]


@pytest.mark.parametrize("seed", range(20))
def test_it_is_that_of_residues_for_integers(seed):
    rng = np.random.default_rng(seed)
    n, generators = int(rng.integers(1, 4)), []
    for _ in range(int(rng.integers(1, 4))):
        labels = {"".join(rng.choice(list("IXYZ"), n)) for _ in range(int(rng.integers(1, 4)))}
        generators.append({label: int(rng.integers(1, 4)) for label in labels})
    found = estimate(strings(generators), n)
    assert found.clear
    assert found.dimension == close(strings(generators), n).dimension


def test_numbers_without_a_common_measure():
    scaled = [{label: math.sqrt(p) * c for p, (label, c) in zip((2, 3, 5, 7), g.items(), strict=False)} for g in ISING]
    assert estimate(strings(scaled), 4).dimension == 28
    assert estimate(strings(ISING), 4).dimension == 16


@pytest.mark.parametrize(
    ("step", "dimension", "clear"), [(1e-13, 3, True), (1e-9, 3, False), (1e-7, 6, False), (1e-2, 6, True)]
)
def test_a_difference_near_the_tolerance_is_not_clear(step, dimension, clear):
    found = estimate(strings([{"XI": 1, "IX": 1}, {"ZI": 1, "IZ": 1 + step}]), 2)
    assert (found.dimension, found.clear) == (dimension, clear)


def test_a_gap_must_be_wide_on_both_sides():
    assert Estimate(3, (1e-12, 1e-4), 1e-8).clear
    assert not Estimate(3, (1e-10, 1e-4), 1e-8).clear
    assert not Estimate(3, (1e-12, 1e-6), 1e-8).clear


def test_budgets_leave_nothing():
    assert estimate(strings(ISING), 4, strings=20) is None
    assert estimate(strings(ISING), 4, work=1e-3) is None
    with pytest.raises(BudgetError, match="stopped by the clock"):
        estimate(strings(ISING), 4, clock=Clock(-1.0))
    assert estimate([{0: 1.0}], 2).dimension == 0
