"""Angles of groups as functions of parameters: values, derivatives, laws and frequencies of circuits written down by hand."""

import math

import numpy as np
import pytest

from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.tied.variables import Drive
from bplint.ir.circuit import Role
from bplint.ir.law import Shape, parse_init
from bplint.ir.observable import parse
from samples import circuit

GATES = [("ry", [0], "a"), ("ry", [1], [(-0.5, "a"), (2.0, "b"), 0.3]), ("rzz", [0, 1], (4.0, "b"))]


def drive_of(gates, init="uniform", **more):
    c = circuit(2, gates, **more)
    problem = Problem.of(c, parse("Z0", 2), parse_init(init))
    return Drive(problem, rotations(problem))


def test_angles_are_affine_in_the_variables():
    drive = drive_of(GATES)
    values = np.array([[0.1, -1.0], [0.2, 3.0]])
    factors = [sum(group.generator.values()) for group in drive.groups]
    turned = (drive.angles(values).T * factors).T
    a, b = values
    assert turned == pytest.approx(np.array([a, -0.5 * a + 2 * b + 0.3, 4 * b]))


def test_derivatives_are_by_the_normalised_parameters():
    """Those of the largest rate: a turns a qubit by 1 and another by -1/2, b by 2 and by 4."""
    drive = drive_of(GATES)
    assert list(drive.scales.values()) == [1.0, 4.0]
    factors = np.array([sum(group.generator.values()) for group in drive.groups])[:, None]
    slopes = np.array([[3.0], [5.0], [7.0]]) * factors  # by ψ, of 3, 5 and 7 by the rotation angles
    assert drive.gradients(slopes) == pytest.approx(np.array([[3 - 2.5], [(2 * 5 + 4 * 7) / 4]]))
    assert drive.steepest() == pytest.approx([1.5, 1.5])


def test_degrees_add_up_over_the_groups():
    drive = drive_of(GATES)
    factors = np.array([sum(group.generator.values()) for group in drive.groups])
    assert drive.degrees(np.abs(factors)) == pytest.approx([1.5, 6.0])


def test_a_uniform_parameter_is_drawn_over_its_period():
    a, b = drive_of(GATES).variables
    assert (a.unit, a.periodic, b.unit) == (0.5, True, 2.0)
    assert a.law.shape is Shape.RANGE
    assert a.law.width == pytest.approx(2 * math.pi)
    assert b.law.width == pytest.approx(math.pi / 2)


def test_scales_without_a_ratio_are_two_angles_and_three_of_them_one_long_stretch():
    root = 2**0.5
    first, second = drive_of([("ry", [0], "a"), ("ry", [1], (root, "a"))]).variables
    assert (first.parameter, second.parameter) == (0, 0)
    assert {first.unit, second.unit} == {1.0, root}
    (long,) = drive_of([("ry", [0], "a"), ("ry", [1], (root, "a")), ("rx", [0], (3**0.5, "a"))]).variables
    assert (long.unit, long.periodic) == (0.0, False)
    assert long.law.width > 1e6
    (narrow,) = drive_of([("ry", [0], "a"), ("ry", [1], (root, "a"))], "normal:0.1").variables
    assert (narrow.unit, narrow.periodic) == (0.0, False)


def test_data_is_drawn_and_has_no_derivative_and_fixed_angles_are_offsets():
    drive = drive_of([("ry", [0], "a"), ("ry", [1], "x")], roles={"x": Role.DATA})
    assert len(drive.variables) == 2
    assert list(drive.scales) == [0]
    assert drive.gradients(np.ones((2, 3))).shape == (1, 3)


def test_draws_follow_the_laws_and_repeat():
    drive = drive_of([("ry", [0], "a"), ("ry", [1], "b")], "normal:0.2@1, b=range:0.5")
    a, b = drive.drawn(3, 0, 4_000)
    assert (a.mean(), a.std()) == pytest.approx((1.0, 0.2), abs=0.02)
    assert (b.mean(), b.std()) == pytest.approx((0.0, 0.5 / 3**0.5), abs=0.02)
    assert np.abs(b).max() <= 0.5
    assert np.array_equal(drive.drawn(3, 0, 5), drive.drawn(3, 0, 5))
    assert not np.array_equal(drive.drawn(3, 0, 5), drive.drawn(3, 5, 5))


def test_terms_of_one_rotation_that_cancel_are_no_variable():
    drive = drive_of([("ry", [0], ["a", (1.0, "b"), (-1.0, "b")])])
    assert [v.parameter for v in drive.variables] == [0]
