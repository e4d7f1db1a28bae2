import numpy as np
import pytest

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.turns import turns
from bplint.analyses.gradients.rows.written_states import written_expectations, written_work
from bplint.ir.circuit import Role
from bplint.ir.observable import parse
from bplint.ir.rows import Rows
from samples import circuit


def ring(n):
    gates = [("ry", [q], f"x{q}") for q in range(n)]
    gates += [("cz", [q, (q + 1) % n]) for q in range(n)] + [("rx", [q], f"x{q}") for q in range(n)]
    c = circuit(n, gates, roles={f"x{q}": Role.DATA for q in range(n)})
    rows = Rows(np.random.default_rng(0).normal(size=(4, n)))
    problem = Problem.of(c, parse("Z0", n))
    return problem, rows, turns(problem, rows)


def test_a_string_needs_no_more_than_it_feels():
    problem, rows, found = ring(12)
    (string, _), *_ = problem.frame.pull_sum([(1 << 12, 1.0)])
    assert written_work(found, [string], 12) < 12 * 24 << 7
    near, near_rows, near_found = ring(5)
    (again, _), *_ = near.frame.pull_sum([(1 << 5, 1.0)])
    five = Rows(rows.values[:, [0, 1, 2, 10, 11]])
    alone = written_expectations(near, five, turns(near, five), [again], Effort())
    assert written_expectations(problem, rows, found, [string], Effort()) == pytest.approx(alone)
    assert near_rows.values.shape == (4, 5)
    assert len(near_found) == 10


def test_strings_that_lead_out_of_the_states_are_zero():
    c = circuit(2, [("rzz", [0, 1], "x")], roles={"x": Role.DATA})
    problem, rows = Problem.of(c, parse("Z0", 2)), Rows(np.array([[0.3]]))
    assert written_expectations(problem, rows, turns(problem, rows), [0b01, 0b01 << 2], Effort()).tolist() == [[0], [1]]


def test_too_many_states_are_no_answer():
    problem, rows, found = ring(8)
    assert written_expectations(problem, rows, found, [1 << 8], Effort(work=100)) is None
