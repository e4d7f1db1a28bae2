"""Angles of a frame's rotations, their scales, and which of them share a period."""

import math

import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.problem import Problem, Rotation, base, phases, rotations, scales
from bplint.ir.circuit import Role
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label
from samples import circuit


def test_signs_and_factors_are_part_of_the_coefficients():
    c = circuit(1, [("ry", [0], [(3.0, "t"), 0.5]), ("x", [0]), ("rz", [0], (2.0, "t"))])
    problem = Problem.of(c, parse("Z0", 1))
    assert rotations(problem) == [
        Rotation(from_label("Y"), ((0, 3.0),), 0.5),
        Rotation(from_label("Z"), ((0, -2.0),), 0.0),
    ]
    assert rotations(problem._replace(alive=[False, True])) == [Rotation(from_label("Z"), ((0, -2.0),), 0.0)]


def test_fixed_parameters_need_a_value():
    c = circuit(1, [("ry", [0], ["t", "w"])], roles={"w": Role.FIXED})
    assert isinstance(rotations(Problem.of(c, parse("Z0", 1))), Declined)


def test_the_scale_is_the_largest_of_the_trained_parameters():
    c = circuit(2, [("crx", [0, 1], (3.0, "t")), ("rz", [0], (-1.0, "t")), ("ry", [0], "x")], roles={"x": Role.DATA})
    assert scales(Problem.of(c, parse("Z0", 2))) == {0: 1.5}


@pytest.mark.parametrize(
    ("values", "classes", "common"),
    [
        ([1.0, -1.0, 0.5], [[0.5, 1.0]], [0.5]),
        ([2.0, 3.0], [[2.0, 3.0]], [1.0]),
        ([2 / math.pi, 3 / math.pi, 0.5 / math.pi], [[0.5 / math.pi, 2 / math.pi, 3 / math.pi]], [0.5 / math.pi]),
        ([1.0, 2**0.5, 2.0], [[1.0, 2.0], [2**0.5]], [1.0, 2**0.5]),
    ],
)
def test_scales_with_rational_ratios_share_a_period(values, classes, common):
    assert phases(values) == classes
    assert [base(c) for c in classes] == pytest.approx(common)


def test_scales_too_far_apart_for_a_ratio_have_no_common_period():
    assert phases([1e-200, 1e200]) == [[1e-200], [1e200]]
