import numpy as np
import pytest

from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.propagated import border
from bplint.analyses.gradients.rows.separation import averages, keeps_apart, odd_moments_vanish
from bplint.analyses.gradients.rows.turns import turns
from bplint.ir.circuit import Role
from bplint.ir.law import Init, parse_law
from bplint.ir.observable import parse
from bplint.ir.rows import Rows
from dense_rows import jets, random_model, spaced
from samples import circuit


def parts(gates, observable, n=2, law="uniform", rows=((0.4, 1.1), (-0.7, 0.2))):
    c = circuit(n, gates, roles={"x": Role.DATA, "y": Role.DATA})
    problem = Problem.of(c, parse(observable, n), Init(parse_law(law)))
    used = sum(p.role is Role.DATA for p in c.parameters)
    data = Rows(np.array(rows)[:, :used])
    found = border(problem, data, turns(problem, data))
    return problem, [string for string, _ in found.terms], found.steps


def test_two_data_rotations_interfere_unless_a_free_one_separates_them():
    together = [("rz", [0], "t"), ("ry", [0], "x"), ("ry", [0], "y"), ("rz", [0], "u")]
    assert not keeps_apart(*parts(together, "X0"))
    apart = [("rz", [0], "t"), ("ry", [0], "x"), ("rz", [0], "s"), ("ry", [0], "y"), ("rz", [0], "u")]
    assert keeps_apart(*parts(apart, "X0"))


def test_terms_that_no_angle_tells_apart_are_mixed():
    assert keeps_apart(*parts([("ry", [0], "t"), ("ry", [1], "u")], "Z0 + Z1"))
    assert not keeps_apart(*parts([("ry", [0], "t")], "Z0 + Z0 Z1"))
    assert not keeps_apart(*parts([("ry", [0], "t"), ("ry", [1], "u")], "Z0 + Z1", law="range:1"))


def test_an_angle_with_data_of_its_own_averages_no_more():
    problem, _, steps = parts([("ry", [0], "t"), ("ry", [1], [(1.0, "s"), (1.0, "x")])], "Z0 Z1")
    assert sorted(averages(problem, turn) for turn in steps) == [False, True]


@pytest.mark.parametrize("seed", range(20))
def test_odd_moments_that_are_said_to_vanish_do(seed):
    rng = np.random.default_rng(seed)
    c, rows = random_model(rng, 2, int(rng.integers(4, 10)), rows=3)
    problem = Problem.of(c, parse(str(rng.choice(["Z0", "Z0 + X1", "Z0 + Z1 + Z0 Z1"])), 2))
    found = border(problem, rows, turns(problem, rows))
    values, slopes, weights = jets(c, problem.loss, rows, spaced(5))
    vanish = odd_moments_vanish(problem, [string for string, _ in found.terms], found.steps)
    third = [weights @ values[:, 0] ** 2, weights @ (values[:, 0] * values[:, 1] * values[:, 2])]
    third += [weights @ (values[:, 0] * g[:, 1] * g[:, 2]) for g in slopes.values()]
    assert not vanish or np.abs(third[1:]).max() < 1e-12


def test_both_kinds_of_parity_are_met():
    assert odd_moments_vanish(*parts([("ry", [0], "t"), ("ry", [1], "u")], "Z0 Z1"))
    assert not odd_moments_vanish(*parts([("ry", [0], "t"), ("ry", [1], "u")], "Z0 + Z1 + Z0 Z1"))
    assert not odd_moments_vanish(*parts([("ry", [0], "t")], "Z0", law="range:1"))
