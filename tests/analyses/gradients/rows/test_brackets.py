"""Brackets of losses: the table, random models against state vectors, and the counterexample to parity."""

import numpy as np
import pytest

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.answer import exact_slope
from bplint.analyses.gradients.rows.brackets import loss_bracket, loss_steepness, noise_factors, tail_bound
from bplint.analyses.gradients.rows.propagated import border, propagated
from bplint.analyses.gradients.rows.separation import odd_moments_vanish
from bplint.analyses.gradients.rows.turns import turns
from bplint.ir.circuit import Role
from bplint.ir.loss_function import parse_loss_function
from bplint.ir.observable import parse
from bplint.ir.rows import Rows
from data_table import case_of, entries
from dense_rows import jets, spaced
from model_brackets import derivative, random_case, truth_and_brackets
from samples import circuit

ENDS = entries("mse.lower", "mse.upper", "sigmoid.lower", "sigmoid.upper")
INSIDE = entries("gradient_second_moment.mse", "gradient_second_moment.sigmoid")
ONE = Problem.of(circuit(1, [("ry", [0], "t")]), parse("Z0", 1))


def bracket(problem, rows, loss, parameter):
    parts = border(problem, rows, turns(problem, rows))
    answer = propagated(problem, rows, parts, Effort())
    odd = odd_moments_vanish(problem, [string for string, _ in parts.terms], parts.steps)
    number = [p.name for p in problem.circuit.parameters].index(parameter)
    return loss_bracket(loss, answer.slopes[number], problem, rows, odd_vanish=odd), odd


def of_table(row):
    case, rows = case_of(row)
    kind = row["quantity"].replace("gradient_second_moment.", "").split(".")[0]
    loss = parse_loss_function("sigmoid:2" if kind == "sigmoid" else kind)
    return bracket(Problem.of(case.circuit, case.context.observable), rows, loss, row["parameter"])


@pytest.mark.parametrize("row", ENDS, ids=[row["id"] for row in ENDS])
def test_ends_are_those_of_the_table_or_nearer(row):
    (lower, upper, _), odd = of_table(row)
    if row["quantity"].endswith("lower"):
        assert not odd or lower == pytest.approx(row["value"], abs=row["tolerance"])
    else:
        assert upper <= row["value"] + row["tolerance"] or not odd


@pytest.mark.parametrize("row", INSIDE, ids=[row["id"] for row in INSIDE])
def test_the_loss_of_the_table_is_inside(row):
    (lower, upper, _), _ = of_table(row)
    assert lower - 1e-9 <= row["value"] <= upper + 1e-9


@pytest.mark.parametrize("first", range(0, 60, 15))
def test_random_losses_are_inside(first):
    for seed in range(first, first + 15):
        for truth, lower, upper, slack in truth_and_brackets(random_case(np.random.default_rng(seed), seed)):
            assert lower - slack <= truth <= upper + slack, seed


def test_hinge_is_linear():
    c = circuit(1, [("ry", [0], "x"), ("ry", [0], "t")], roles={"x": Role.DATA})
    rows = Rows(np.array([[0.4], [2.0]]), np.array([1.0, -1.0]))
    problem = Problem.of(c, parse("Z0", 1))
    hinge, _ = bracket(problem, rows, parse_loss_function("hinge"), "t")
    linear, _ = bracket(problem, rows, parse_loss_function("linear"), "t")
    assert hinge.lower == hinge.upper == linear.lower == linear.upper > 0
    bent, _ = bracket(Problem.of(c, parse("1.5*Z0", 1)), rows, parse_loss_function("hinge"), "t")
    assert bent.lower == 0 < bent.upper


def mse_and_parts(observable):
    """E[(∂L)²] of the squared loss of one row with label 1, and 4 lin + E[(∂A)²], by state vectors; whether odd moments vanish."""
    c = circuit(2, [("ry", [0], "s"), ("ry", [1], "t")])
    problem, rows = Problem.of(c, parse(observable, 2)), Rows(np.zeros((1, 0)), np.array([1.0]))
    values, slopes, weights = jets(c, problem.loss, rows, spaced(9))
    whole = weights @ ((2 * (values - 1)) * slopes["s"])[:, 0] ** 2
    parts = 4 * weights @ slopes["s"][:, 0] ** 2 + weights @ (2 * values * slopes["s"])[:, 0] ** 2
    found = turns(problem, rows)
    return (
        whole,
        parts,
        odd_moments_vanish(problem, [s for s, _ in problem.frame.pull_sum(problem.loss.terms)], found[::-1]),
    )


def test_mse_is_linear_plus_quartic_when_third_moments_vanish():
    whole, parts, odd = mse_and_parts("Z0 Z1")
    assert odd
    assert whole == pytest.approx(parts)
    whole, parts, odd = mse_and_parts("Z0 + Z1 + Z0 Z1")
    assert not odd
    assert abs(whole - parts) > 0.1


def test_a_logarithm_that_is_not_clipped_has_no_second_moment():
    rows, slope = Rows(np.zeros((1, 0)), np.array([1.0])), exact_slope(np.array([0.5]), 0.5)
    assert loss_bracket(parse_loss_function("cross-entropy"), slope, ONE, rows, odd_vanish=True) is None
    assert loss_bracket(parse_loss_function("kl"), slope, ONE, rows, odd_vanish=True) is None
    assert loss_steepness(parse_loss_function("cross-entropy"), ONE, rows) is None
    clipped = loss_bracket(parse_loss_function("cross-entropy:0.01"), slope, ONE, rows, odd_vanish=True)
    assert (clipped.lower, clipped.upper) == (0, pytest.approx(0.5 * 50**2))


def test_the_log_of_the_table_is_below_its_bracket():
    """5.398 at ε = 0.01 for -log p: growing as ε^-1/2, where the bracket grows as 1/ε²."""
    (row,) = entries("gradient_second_moment.log")
    slope, rows = exact_slope(np.array([0.5]), 0.5), Rows(np.zeros((1, 0)), np.array([1.0]))
    assert (
        row["value"] < loss_bracket(parse_loss_function("cross-entropy:0.01"), slope, ONE, rows, odd_vanish=True).upper
    )


def test_without_labels_it_is_one_row():
    slope = exact_slope(np.array([0.2, 0.4]), None)
    found = loss_bracket(parse_loss_function("linear"), slope, ONE, Rows(np.zeros((2, 0))), odd_vanish=False)
    assert found.lower == found.upper == pytest.approx(0.3)


@pytest.mark.parametrize("loss", ["linear", "mse", "sigmoid:2", "hinge", "cross-entropy:0.05"])
def test_steepness_is_bounded_and_its_square_on_average(loss):
    function, rows = parse_loss_function(loss), Rows(np.zeros((2, 0)), np.array([1.0, -1.0]))
    values = np.cos(np.linspace(0, 2 * np.pi, 1000, endpoint=False))[None] * np.ones((2, 1))
    steep = loss_steepness(function, ONE, rows)
    assert np.abs(steep.of(values)).mean(axis=0).max() <= steep.most + 1e-12
    low, high = noise_factors(function, ONE, rows, odd_vanish=True)
    assert low - 1e-9 <= (steep.of(values) ** 2).mean() <= high + 1e-9
    assert derivative(function, values.T, rows.labels) == pytest.approx(steep.of(values).T)


def test_a_logarithm_is_steep_seldom():
    """P(|∂L| >= δ) of -log((1 + cos t)/2), whose derivative is tan(t/2)."""
    slope = exact_slope(np.array([1e-6]), 1e-6)
    assert tail_bound(np.array([1e-6]), slope, 0.1) == pytest.approx(4e-6 + 4e-4)
    assert tail_bound(np.array([0.5]), slope, 0.1) == 1
