"""State vectors at random angles against sums over grids of angles."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.brackets import loss_steepness
from bplint.analyses.gradients.rows.states import drawn_moments
from bplint.ir.circuit import Role
from bplint.ir.loss_function import parse_loss_function
from bplint.ir.observable import parse
from bplint.ir.rows import Rows
from dense_rows import gram, jets, losses, spaced
from model_brackets import derivative
from samples import circuit

GATES = [
    ("ry", [0], "x"),
    ("rx", [1], [(2.0, "x"), 0.3]),
    ("ry", [0], "t"),
    ("cx", [0, 1]),
    ("ry", [1], "u"),
    ("rz", [1], "x"),
    ("rx", [1], "t"),
]
"""t turns two rotations that do not commute."""


def asked(loss=None, labels=(1.0, -1.0, 1.0), gates=GATES, work=1 << 31, threshold=1e-9, of="Z0 Z1 + 0.5*X1"):
    c = circuit(2, gates, roles={"x": Role.DATA})
    problem = Problem.of(c, parse(of, 2))
    rows = Rows(np.array([[0.3], [-1.1], [2.2]]), None if labels is None else np.array(labels))
    steep = None if loss is None else loss_steepness(parse_loss_function(loss), problem, rows)
    return c, problem, rows, drawn_moments(problem, rows, Effort(work, threshold=threshold), steep)


def slopes(c, problem, rows, name, points=9):
    """By differences, as a shared angle has two frequencies."""
    (starts, _), h = _grid(c, points), 1e-5
    up, down = (losses(c, problem.loss, rows, starts | {name: starts[name] + s}) for s in (h, -h))
    return (up - down) / (2 * h), losses(c, problem.loss, rows, starts)


def _grid(c, points):
    from dense_rows import grid

    return grid(c, spaced(points))


@pytest.mark.parametrize("loss", ["mse", "sigmoid:2"])
def test_rows_labels_and_losses_are_those_of_a_grid(loss):
    c, problem, rows, found = asked(loss)
    for number, slope in found.slopes.items():
        gradient, values = slopes(c, problem, rows, c.parameters[number].name)
        unit = 1.0
        g = gram(gradient, np.full(len(gradient), 1 / len(gradient))) / unit**2
        assert slope.row.lower <= np.trace(g) / 3 <= slope.row.upper
        assert slope.linear.lower <= rows.labels @ g @ rows.labels / 9 <= slope.linear.upper
        steep = derivative(parse_loss_function(loss), values, rows.labels)
        assert slope.loss.lower <= ((steep * gradient).mean(axis=1) ** 2).mean() <= slope.loss.upper
        assert slope.each == pytest.approx(np.diag(g), rel=0.15)
    assert found.largest_loss[0] < found.largest_loss[1]


def test_without_labels_there_is_no_linear_moment():
    *_, found = asked(labels=None)
    assert found.largest_linear is None
    assert all(slope.linear is None and slope.loss is None for slope in found.slopes.values())


def test_what_is_decided_ends():
    *_, found = asked(threshold=1e-2)
    assert found.samples == 256
    assert found.reason == ""


def test_what_is_decided_ends_sooner_where_draws_are_dear():
    """What is allowed is enough for 64 draws, a sixteenth of it for 16."""
    *_, found = asked(threshold=1e-2, work=1 << 20)
    assert (found.samples, found.reason) == (16, "")
    *_, undecided = asked(threshold=0.2, work=1 << 20)
    assert undecided.samples == 64


def test_too_little_work_is_declined():
    *_, found = asked(work=1000)
    assert isinstance(found, Declined)


@pytest.mark.parametrize(("loss", "size"), [(None, "1e90"), ("mse", "1e60")])
def test_slopes_whose_squares_are_no_doubles_are_declined(loss, size):
    """Of the mean squared error they grow by the loss itself."""
    *_, answer = asked(loss, of=f"{size}*Z0 Z1")
    assert isinstance(answer, Declined)
    assert "too large" in answer.reason


def test_the_exact_road_agrees_where_angles_are_alone():
    gates = [gate for gate in GATES if gate[-1] != "t"]
    c, problem, rows, found = asked(gates=gates)
    _, jet, weights = jets(c, problem.loss, rows)
    (slope,) = found.slopes.values()
    assert slope.row.lower <= np.trace(gram(jet["u"], weights)) / 3 <= slope.row.upper
