import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.engines import row_moments
from bplint.ir.circuit import Role
from bplint.ir.noise import parse_noise
from bplint.ir.observable import parse
from bplint.ir.rows import Rows
from samples import circuit

GATES = [("ry", [0], "x"), ("ry", [0], "t")]


def asked(gates, rows=((0.3,),), noise="", observable="Z0"):
    c = circuit(1, gates, roles={"x": Role.DATA})
    problem = Problem.of(c, parse(observable, 1))
    if noise:
        problem = problem._replace(noise=parse_noise(noise))
    return row_moments(problem, Rows(np.array(rows)), Effort())


def test_noise_is_declined():
    assert "noise" in asked(GATES, noise="depolarizing:0.01").reason


def test_a_half_for_every_row_of_a_product_embedding():
    found = asked(GATES, rows=((0.3,), (1.0,)))
    assert [round(float(g), 12) for g in found.slopes[1].each] == [0.5, 0.5]


def test_what_no_engine_measures_is_declined_with_the_reason():
    assert not isinstance(asked(GATES), Declined)
