import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.turns import Factor, RowPairs, RowTurn, parted, shared, split, turns
from bplint.ir.circuit import Role
from bplint.ir.law import Init, parse_law
from bplint.ir.observable import parse
from bplint.ir.rows import Rows
from samples import circuit

LAWS = ("uniform", "normal:0.4@0.3", "range:1.1")


def embedded(gates, n=2, data=("x",)):
    return circuit(n, gates, roles=dict.fromkeys(data, Role.DATA))


@pytest.mark.parametrize("law", LAWS)
def test_factors_are_averages_over_the_random_angle(law):
    c = embedded([("ry", [0], [(1.0, "t"), (0.7, "x"), 0.2])])
    problem = Problem.of(c, parse("Z0", 2), Init(parse_law(law)))
    (turn,) = turns(problem, Rows(np.array([[0.4], [-1.3]])))
    found = split(problem, turn, RowPairs(np.array([0]), np.array([1]))).factors
    random = np.random.default_rng(0)
    draws = {"uniform": random.uniform(-np.pi, np.pi, 10**6), "normal:0.4@0.3": random.normal(0.3, 0.4, 10**6)}
    theta = draws.get(law, random.uniform(-1.1, 1.1, 10**6))
    left, right = theta + 0.2 + 0.28, theta + 0.2 - 0.91
    want = {
        Factor.STAY: np.cos(left) * np.cos(right),
        Factor.FLIP: np.sin(left) * np.sin(right),
        Factor.LEFT: np.sin(left) * np.cos(right),
        Factor.RIGHT: np.cos(left) * np.sin(right),
        Factor.COS_LEFT: np.cos(left),
        Factor.SIN_LEFT: np.sin(left),
        Factor.COS_RIGHT: np.cos(right),
        Factor.SIN_RIGHT: np.sin(right),
    }
    for factor, values in want.items():
        assert found[factor][0] == pytest.approx(values.mean(), abs=3e-3)


def test_rows_turn_by_their_own_data():
    c = embedded([("rx", [0], (2.0, "x")), ("ry", [0], "t")])
    first, second = turns(Problem.of(c, parse("Z0", 2)), Rows(np.array([[0.1], [0.2]])))
    assert first.shift.tolist() == [0.2, 0.4]
    assert first.varies
    assert not first.random
    assert second.shift.tolist() == [0.0, 0.0]
    assert not second.varies


def test_data_move_to_the_start_past_what_they_commute_with():
    c = embedded([("ry", [0], "t"), ("ry", [1], "x"), ("rx", [0], "x"), ("rz", [1], "u")])
    first, rest = parted(turns(Problem.of(c, parse("Z0 Z1", 2)), Rows(np.array([[0.1]]))), 2)
    assert [turn.axis for turn in first] == [0b1010]
    assert [bool(turn.random) for turn in rest] == [True, False, True]


def test_what_drives_several_rotations_is_named():
    c = embedded([("ry", [0], "t"), ("rx", [0], "t"), ("rz", [1], "x"), ("ry", [1], "x")])
    problem = Problem.of(c, parse("Z0", 2))
    assert shared(problem, turns(problem, Rows(np.array([[0.1]])))) == "t drives several rotations"
    alone = embedded([("ry", [0], "t"), ("rz", [1], "x"), ("ry", [1], "x")])
    problem = Problem.of(alone, parse("Z0", 2))
    assert shared(problem, turns(problem, Rows(np.array([[0.1]])))) == ""


def test_a_product_with_a_trained_parameter_is_declined():
    c = embedded([("ry", [0], "w")])
    (parameter,) = c.parameters
    from dataclasses import replace

    opaque = replace(c, parameters=(parameter._replace(sources=("w", "x")),))
    assert isinstance(turns(Problem.of(opaque, parse("Z0", 2)), Rows(np.zeros((1, 0)))), Declined)


def test_pairs_of_rows_are_listed_once():
    pairs = RowPairs.different(3)
    assert list(zip(pairs.i.tolist(), pairs.j.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2)]
    assert len(RowPairs.same(3)) == 3
    assert pairs.part(1, 5).j.tolist() == [2, 2]


def test_a_turn_without_its_random_angle_is_a_rotation():
    turn = RowTurn(3, ((0, 1.0),), ((1, 2.0),), 0.5, np.zeros(1))
    assert turn.rotation == (3, ((1, 2.0),), 0.5)
