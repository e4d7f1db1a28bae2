"""Answers from paths, on product circuits whose moments are products of E[sin²] and E[cos²]."""

import numpy as np
import pytest

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.paths.chain import chain
from bplint.analyses.gradients.paths.path_moments import count_weak, path_moments, plan
from bplint.analyses.gradients.problem import Problem
from bplint.bounds import Status
from bplint.ir.circuit import Role
from bplint.ir.law import Init, parse_init
from bplint.ir.observable import parse
from samples import circuit

SMALL = Effort(work=1 << 22)


def rows(n):
    return circuit(n, [("ry", [q], f"t{q}") for q in range(n)])


def set_up(c, loss, init=""):
    return chain(Problem.of(c, parse(loss, c.n_qubits), parse_init(init) if init else Init()))


def test_a_loss_that_does_not_move_is_exact():
    answer = path_moments(set_up(circuit(2, [("ry", [0], "a")]), "2*Z1 - 0.5"), SMALL)
    assert answer.status is Status.EXACT
    assert (answer.mean.value, answer.second_moment.value, answer.variance.value) == (1.5, 2.25, 0.0)
    assert {p: s.second_moment.value for p, s in answer.slopes.items()} == {0: 0.0}


def test_uniform_angles_of_a_parity():
    """l = Π cos: E[l] = 0 and all squares are 2^-n."""
    answer = path_moments(set_up(rows(3), "Z0 Z1 Z2"), SMALL)
    assert answer.status is Status.ESTIMATED
    assert answer.mean.value == 0.0
    assert answer.variance.lower <= 1 / 8 <= answer.variance.upper
    for slope in answer.slopes.values():
        assert slope.mean.value == 0.0
        assert slope.second_moment.lower <= 1 / 8 <= slope.second_moment.upper
    assert answer.largest[0] <= 1 / 8 <= answer.largest[1]


def test_narrow_laws_differentiate_instead_of_weighing():
    """l = cos a cos b near zero: paths that flip are rare, and E[(∂l)²] = E[sin²] E[cos²] is small, not unknown."""
    found = set_up(rows(2), "Z0 Z1", "normal:0.05")
    assert len(plan(found, found.schedule(), SMALL).runs) == 2
    answer = path_moments(found, SMALL)
    once, twice = np.exp(-(0.05**2) / 2), np.exp(-2 * 0.05**2)
    expected = (1 - twice) / 2 * (1 + twice) / 2
    assert answer.mean.value == pytest.approx(once**2)
    for slope in answer.slopes.values():
        assert slope.second_moment.lower <= expected <= slope.second_moment.upper
        assert slope.second_moment.upper < 4 * expected


def test_a_rotation_that_stands_still_has_no_infinite_weight():
    """Its law is a point, where it never flips: what it would count for were it trained is not asked."""
    c = circuit(3, [("ry", [q], f"t{q}") for q in range(3)] + [("rz", [2], "still")])
    problem = Problem.of(c, parse("Z0 Z1 Z2", 3), parse_init("normal:0.9, still=normal:0"))
    given = chain(problem._replace(alive=[True, True, True, False]))
    weights = [run.weights for run in plan(given, given.schedule(), SMALL).runs]
    assert weights
    assert all(np.isfinite(each).all() for each in weights)


def test_wide_laws_only_weigh():
    found = set_up(rows(2), "Z0 Z1", "normal:1")
    assert len(plan(found, found.schedule(), SMALL).runs) == 1


def test_work_bounds_the_stages_and_one_is_always_left():
    found = set_up(rows(3), "Z0 Z1 Z2")
    poor, rich = (plan(found, found.schedule(), Effort(work=work)).stages for work in (1, 1 << 40))
    assert len(poor) == 1
    assert len(rich) > 1
    assert list(rich[:1]) == list(poor)


def test_a_parameter_that_drives_two_rotations_has_no_single_slope():
    """Its two derivatives do not add in squares; one that is data is not asked for."""
    c = circuit(2, [("ry", [0], "a"), ("ry", [1], "b")], roles={"b": Role.DATA})
    assert set(path_moments(set_up(c, "Z0 Z1"), SMALL).slopes) == {0}
    twice = circuit(2, [("ry", [0], "a"), ("ry", [1], "a")])
    problem = Problem.of(rows(2), parse("Z0 Z1", 2))
    found = chain(problem)._replace(problem=Problem.of(twice, parse("Z0 Z1", 2)))
    assert path_moments(found, SMALL).slopes == "a drives several rotations"


@pytest.mark.parametrize(("threshold", "weak"), [(1 / 4, 3), (1 / 16, 0)])
def test_weak_angles_are_counted_on_the_right_side(threshold, weak):
    counted, paths = count_weak(set_up(rows(3), "Z0 Z1 Z2"), SMALL._replace(threshold=threshold))
    assert counted == weak
    assert paths > 0
