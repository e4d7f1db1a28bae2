"""Bounds on the discrepancy's gradients by strings: the table, and random circuits against all outcomes."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.kernels import z_strings
from bplint.analyses.kernels.target import TargetSamples
from bplint.analyses.kernels.z_strings import string_ends
from bplint.ir.law import Init, parse_law
from bplint.ir.observable import Observable
from data_table import case_of, entries
from dense_mmd import moments
from samples import circuit

ENDS = entries("mmd.lower", "mmd.upper")
BITS = np.array([[0, 0, 0], [1, 1, 0], [0, 1, 1]], dtype=np.uint8)


def problem_of(c, law="uniform"):
    return Problem.of(c, Observable(c.n_qubits, projector=tuple(range(c.n_qubits))), Init(parse_law(law)))


def entangled(rng):
    """Three qubits and four angles."""
    gates = [(str(rng.choice(["ry", "rx"])), [q], f"t{q}") for q in range(3)] + [("cz", [0, 1]), ("cx", [1, 2])]
    return circuit(3, [*gates, (str(rng.choice(["ry", "rx"])), [int(rng.integers(3))], "u")])


@pytest.mark.parametrize("row", ENDS, ids=[row["id"] for row in ENDS])
def test_ends_are_those_of_the_table(monkeypatch, row):
    monkeypatch.setattr(z_strings, "EVALUATED", 0)
    case, _ = case_of(row)
    bits = np.array([[int(b) for b in sample] for sample in row["context"]["target"]], dtype=np.uint8)
    found = string_ends(problem_of(case.circuit), TargetSamples(bits, float(row["context"]["loss"][4:])), Effort())
    number = [p.name for p in case.circuit.parameters].index(row["parameter"])
    assert found.slopes[number][row["quantity"] == "mmd.upper"] == pytest.approx(row["value"], abs=row["tolerance"])


@pytest.mark.parametrize("seed", range(6))
def test_gradients_of_random_circuits_are_inside(seed):
    c = entangled(np.random.default_rng(seed))
    mean, _, slopes = moments(c, BITS, 1.3)
    found = string_ends(problem_of(c), TargetSamples(BITS, 1.3), Effort())
    assert not isinstance(found, Declined)
    assert found.mean.value == pytest.approx(mean)
    for number, (low, high) in found.slopes.items():
        truth = slopes[c.parameters[number].name]
        assert low - 1e-12 <= truth <= high + 1e-12


def test_where_parts_are_evaluated_it_is_exact():
    gates = [("ry", [q], f"t{q}") for q in range(3)] + [("cx", [0, 1]), ("rx", [1], "u"), ("h", [2])]
    c = circuit(3, gates)
    mean, _, slopes = moments(c, BITS, 0.9)
    found = string_ends(problem_of(c), TargetSamples(BITS, 0.9), Effort())
    assert found.mean.value == pytest.approx(mean)
    for number, (low, high) in found.slopes.items():
        assert low == high == pytest.approx(slopes[c.parameters[number].name])


@pytest.mark.parametrize("n", [20, 64])
def test_a_product_has_a_closed_form(n):
    """4p² (α^(n-1)/8 + γ^(n-1)/2) with RY everywhere and the target 0…0."""
    sigma = n / 4
    target = TargetSamples(np.zeros((1, n), dtype=np.uint8), sigma)
    p = target.share
    alpha, gamma = (1 - p) ** 2 + p * (1 - p) + 3 * p**2 / 8, (1 - p) ** 2 + p**2 / 2
    found = string_ends(problem_of(circuit(n, [("ry", [q], f"t{q}") for q in range(n)])), target, Effort())
    want = 4 * p**2 * (alpha ** (n - 1) / 8 + gamma ** (n - 1) / 2)
    assert found.largest == (pytest.approx(want), pytest.approx(want))


def test_drawn_strings_hold_the_listed_ones(monkeypatch):
    c = entangled(np.random.default_rng(0))
    exact = string_ends(problem_of(c), TargetSamples(BITS, 1.3), Effort())
    monkeypatch.setattr(z_strings, "LISTED", 1)
    drawn = string_ends(problem_of(c), TargetSamples(BITS, 1.3), Effort(work=1 << 30, threshold=1e-12))
    assert drawn.paths >= z_strings.STAGES[0]
    assert drawn.mean.lower <= exact.mean.value <= drawn.mean.upper
    for number, (low, high) in exact.slopes.items():
        assert drawn.slopes[number][0] <= low + 1e-12
        assert drawn.slopes[number][1] >= high - 1e-12
    assert drawn.largest[0] > 0


@pytest.mark.parametrize(
    ("c", "law"),
    [
        (circuit(2, [("ry", [0], "t"), ("ry", [1], "t")]), "uniform"),
        (circuit(2, [("ry", [0], "t"), ("rz", [1], "u")]), "uniform"),
        (circuit(2, [("ry", [0], "t"), ("ry", [1], "u")]), "range:1"),
    ],
)
def test_strings_that_are_not_kept_apart_are_declined(c, law):
    assert isinstance(string_ends(problem_of(c, law), TargetSamples(BITS[:, :2], 1.0), Effort()), Declined)
