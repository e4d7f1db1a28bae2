"""Grids average every frequency up to the degree as the law does, and sums over them are moments known in closed form."""

import math

import numpy as np
import pytest

from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.tied.quadrature import Grid, grid_size, over_grid
from bplint.analyses.gradients.tied.variables import Drive
from bplint.bounds import Status
from bplint.ir.law import parse_init
from bplint.ir.observable import parse
from samples import circuit


class Cosines:
    """l = Π cos^p ψ over the groups: what ry on p qubits for each group and Z on all of them give."""

    work, batch, constant = 1, 7, None

    def __init__(self, *powers):
        self.degrees = np.array(powers, dtype=float)

    def run(self, angles):
        p = self.degrees[:, None]
        cos, sin = np.cos(angles), np.sin(angles)
        slopes = [-(p * cos ** (p - 1) * sin)[k] * np.delete(cos**p, k, axis=0).prod(axis=0) for k in range(len(p))]
        return (cos**p).prod(axis=0), np.array(slopes)


def drive_of(gates, init="uniform"):
    c = circuit(max(q for _, qubits, _ in gates for q in qubits) + 1, gates)
    problem = Problem.of(c, parse("Z0", c.n_qubits), parse_init(init))
    return Drive(problem, rotations(problem))


TIED = [("ry", [0], "a"), ("ry", [1], [(2.0, "a"), 0.3]), ("ry", [2], "b")]


@pytest.mark.parametrize("init", ["uniform", "normal:0.7@0.4", "range:1.2"])
def test_grids_average_as_the_law_does(init):
    drive = drive_of(TIED, init)
    grid = Grid(drive, Cosines(1, 2, 1))
    assert grid.size == grid_size(drive, Cosines(1, 2, 1))
    values, weights = grid.part(0, grid.size)
    assert weights.sum() == pytest.approx(1.0)
    for k, (variable, degree) in enumerate(zip(drive.variables, (3, 1), strict=True)):
        for frequency in range(1, 2 * degree + 1):
            found = weights @ np.exp(1j * frequency * values[k])
            expected = variable.law.characteristic(frequency) * np.exp(1j * frequency * variable.law.mean)
            assert found == pytest.approx(expected, abs=1e-12)


def test_parts_of_a_grid_make_the_whole():
    grid = Grid(drive_of(TIED), Cosines(1, 2, 1))
    parts = [grid.part(first, 4) for first in range(0, grid.size, 4)]
    values, weights = grid.part(0, grid.size)
    assert np.array_equal(np.concatenate([v for v, _ in parts], axis=1), values)
    assert np.array_equal(np.concatenate([w for _, w in parts]), weights)
    assert len({tuple(point) for point in values.T.tolist()}) == grid.size


def test_frequencies_without_a_common_measure_have_a_grid_where_the_law_is_narrow():
    related = [("ry", [0], "a"), ("ry", [1], (2**0.5, "a"))]
    assert grid_size(drive_of(related, "normal:0.5"), Cosines(1, 1)) < 40
    assert grid_size(drive_of(related, "normal:9"), Cosines(1, 1)) == math.inf
    assert grid_size(drive_of(related), Cosines(1, 1)) < math.inf


def test_moments_of_a_product_of_cosines():
    """l + 1 with l = cos² a cos b: one parameter turns two qubits, and E[cos⁴] = 3/8, E[(sin 2a)²] = 1/2."""
    drive = drive_of([("ry", [0], "a"), ("ry", [1], "a"), ("ry", [2], "b")])
    answer = over_grid(drive, Cosines(2, 1), np.array([2.0, 1.0]), 1.0, 1.0, Effort())
    assert answer.status is Status.EXACT
    assert (answer.mean.value, answer.second_moment.value) == (1.0, pytest.approx(1 + 3 / 16))
    a, b = answer.slopes.values()
    assert (a.mean.value, a.second_moment.value) == (0.0, pytest.approx(1 / 2 * 1 / 2))
    assert (b.mean.value, b.second_moment.value) == (0.0, pytest.approx(3 / 8 * 1 / 2))


def test_no_time_is_no_answer():
    late = Effort(clock=Clock(-1.0))
    with pytest.raises(BudgetError, match="stopped by the clock"):
        over_grid(drive_of(TIED), Cosines(1, 2, 1), np.ones(2), 1.0, 0.0, late)
