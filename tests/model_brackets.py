"""Random small models with rows, a loss and a law: what they make of E[(∂L)²] by brackets and by state vectors."""

from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.brackets import loss_bracket
from bplint.analyses.gradients.rows.propagated import border, propagated
from bplint.analyses.gradients.rows.separation import odd_moments_vanish
from bplint.analyses.gradients.rows.turns import turns
from bplint.ir.law import Init, Law, Shape
from bplint.ir.loss_function import LossFunction, LossKind
from bplint.ir.observable import pauli_sum
from bplint.ir.rows import Rows
from dense_rows import jets, random_model, spaced

LOSSES = ("linear", "mse", "hinge", "sigmoid", "cross-entropy")


class Model(NamedTuple):
    """A problem with its rows, the loss, and a rule (angles, weights) for its law."""

    problem: Problem
    rows: Rows
    loss: LossFunction
    rule: tuple[np.ndarray, np.ndarray]


def random_case(rng, seed):
    """A model; losses take turns by the seed."""
    name = LOSSES[seed % len(LOSSES)]
    n = int(rng.integers(1, 4))
    trained = int(rng.integers(1, 3))
    circuit, rows = random_model(rng, n, int(rng.integers(4, 14)), trained=trained, rows=int(rng.integers(1, 6)))
    if name == "mse" and rng.random() < 0.3:
        rows = Rows(rows.values, rng.normal(size=len(rows)))
    value = {"sigmoid": float(rng.choice([0.5, 2.0, 5.0])), "cross-entropy": float(rng.choice([0.2, 0.05, 0.01]))}.get(
        name, 0.0
    )
    strings = rng.choice(np.arange(1, 4**n), size=min(int(rng.choice([1, 1, 1, 2, 3])), 4**n - 1), replace=False)
    scale = float(rng.choice([1.0, 1 / len(strings)]))
    terms = {int(s): scale * float(rng.choice([1.0, -1.0, 0.5])) for s in strings}
    observable = pauli_sum(terms, n, constant=float(rng.choice([0.0, 0.0, 0.0, 0.3])))
    law, rule = _law(rng, 9 if name in ("linear", "mse") else 32)
    problem = Problem.of(circuit, observable, Init(law))
    return Model(problem, rows, LossFunction(LossKind(name), value), rule)


def truth_and_brackets(model):
    """By parameter: E[(∂L)²] by state vectors, the ends of its bracket, and by how much sums over angles may be off."""
    problem, rows, loss, rule = model
    found = turns(problem, rows)
    parts = border(problem, rows, found)
    answer = propagated(problem, rows, parts, Effort())
    odd = odd_moments_vanish(problem, [string for string, _ in parts.terms], parts.steps)
    values, slopes, weights = jets(problem.circuit, problem.loss, rows, rule)
    steep = derivative(loss, values, rows.labels)
    for number, slope in answer.slopes.items():
        gradient = (steep * slopes[problem.circuit.parameters[number].name]).mean(axis=1)
        truth = float(weights @ gradient**2)
        bracket = loss_bracket(loss, slope, problem, rows, odd_vanish=odd)
        smooth = loss.kind in (LossKind.LINEAR, LossKind.MSE, LossKind.SIGMOID) or bracket.lower == bracket.upper
        yield truth, bracket.lower, bracket.upper, 1e-9 + (0.0 if smooth else 0.05 * truth)


def derivative(loss, values, y):
    """f' of each row, (starts, rows)."""
    if loss.kind is LossKind.MSE:
        return 2 * (values - y)
    if loss.kind is LossKind.HINGE:
        return np.where(y * values < 1 + 1e-9, -y, 0)
    if loss.kind is LossKind.SIGMOID:
        return -y * loss.value / (1 + np.exp(loss.value * y * values))
    if loss.kind is LossKind.CROSS_ENTROPY:
        p = (1 + y * values) / 2
        return np.where(p > loss.value, -y / (2 * np.maximum(p, loss.value)), 0)
    return y + 0 * values


def _law(rng, points):
    draw = rng.random()
    if draw < 0.6:
        return Law(Shape.UNIFORM), spaced(points)
    width, mean = float(rng.choice([0.2, 1.0])), float(rng.choice([0.0, 0.4]))
    if draw < 0.8:
        nodes, weights = np.polynomial.legendre.leggauss(24)
        return Law(Shape.RANGE, width, mean), (mean + width * nodes, weights / 2)
    nodes, weights = np.polynomial.hermite_e.hermegauss(24)
    return Law(Shape.NORMAL, width, mean), (mean + width * nodes, weights / weights.sum())
