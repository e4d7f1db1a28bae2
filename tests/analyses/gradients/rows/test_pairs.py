import numpy as np
import pytest

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.propagation.string_table import unpacked
from bplint.analyses.gradients.rows.pairs import derivatives, expectations, followed
from bplint.analyses.gradients.rows.turns import RowSplit

HALVES = RowSplit(0b01, tuple(np.array([f]) for f in (0.5, 0.5, 0, 0, 0, 0, 0, 0)))
"""A uniform angle about X."""


def fixed(axis, angles):
    """A rotation by an angle a column."""
    c, s = np.cos(angles), np.sin(angles)
    return RowSplit(axis, (c * c, s * s, s * c, s * c, c, s, c, s))


def test_strings_that_a_uniform_angle_turns_alone_are_gone():
    graph = followed([0b10, 0b10], [0b10, 0], [HALVES], [True], 1, 100, Effort())
    assert len(graph) == 3
    assert graph.last.tolist() == [0, 2]
    values = expectations(graph, [HALVES], np.array([[1.0], [5.0], [3.0]]))
    assert values[:2].tolist() == [[2.0], [0.0]]
    assert derivatives(graph, np.array([2.0, 1.0]), [HALVES], np.array([[1.0], [5.0], [3.0]]), [True])[0] == 4.0


def test_fixed_angles_interfere():
    """Z turned twice about X by x: cos 2x Z in each column."""
    x = np.array([0.3, np.pi / 4])
    steps = [fixed(0b01, x), fixed(0b01, x)]
    graph = followed([0b10], [0b10], steps, [False, False], 1, 100, Effort())
    sides = zip(unpacked(graph.left, 1), unpacked(graph.right, 1), strict=True)
    ends = np.array([[float(side == (0b10, 0b10))] * 2 for side in sides])
    assert expectations(graph, steps, ends)[0] == pytest.approx(np.cos(2 * x) ** 2)


def test_too_many_branches_are_no_graph():
    assert followed([0b10], [0b10], [HALVES], [True], 1, 1, Effort()) is None
