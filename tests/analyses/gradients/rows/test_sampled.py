"""Sampled strings against the exact numbers, which state vectors confirm elsewhere."""

import numpy as np
import pytest

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.propagation.string_table import packed
from bplint.analyses.gradients.rows.propagated import border, propagated
from bplint.analyses.gradients.rows.sampled import SHOWN, STAGES, BorderValues, Walks, sampled_moments, walks
from bplint.analyses.gradients.rows.turns import turns
from bplint.ir.circuit import Role
from bplint.ir.law import Init, parse_law
from bplint.ir.observable import Observable, parse
from bplint.ir.pauli import from_label
from bplint.ir.rows import Rows
from dense_rows import random_model
from samples import circuit


def both(seed, observable, *, threshold=1e-3, law="uniform"):
    rng = np.random.default_rng(seed)
    c, rows = random_model(rng, 3, int(rng.integers(8, 16)))
    problem = Problem.of(c, parse(observable, 3), Init(parse_law(law)))
    found = turns(problem, rows)
    ways = walks(problem, rows, found)
    if not isinstance(ways, Walks):
        return None, None
    exact = propagated(problem, rows, border(problem, rows, found), Effort())
    return exact, sampled_moments(problem, rows, ways, Effort(threshold=threshold))


def test_estimates_hold_the_exact_numbers_and_bounds_the_largest():
    compared = 0
    for seed in range(36):
        exact, drawn = both(seed, ("Z0", "Z0 Z1", "Z0 + X1")[seed % 3])
        if exact is None:
            continue
        compared += 1
        for parameter, slope in exact.slopes.items():
            estimate = drawn.slopes[parameter]
            assert estimate.row.lower - 1e-9 <= slope.row.value <= estimate.row.upper + 1e-9
            assert estimate.linear.lower - 1e-9 <= slope.linear.value <= estimate.linear.upper + 1e-9
            assert estimate.each == pytest.approx(slope.each, abs=0.06)
        assert drawn.largest_row[0] <= exact.largest_row[0] + 1e-12 <= drawn.largest_row[1] + 1e-9
        assert drawn.largest_linear[0] <= exact.largest_linear[0] + 1e-12 <= drawn.largest_linear[1] + 1e-9
    assert compared >= 10


def test_data_come_again_between_trained_angles():
    gates = [("ry", [0], "x"), ("ry", [0], "t"), ("rz", [0], "u"), ("ry", [0], "x"), ("rz", [0], "s")]
    c = circuit(1, gates, roles={"x": Role.DATA})
    problem = Problem.of(c, parse("X0", 1))
    rows = Rows(np.array([[0.3], [1.2], [2.9]]), np.array([1.0, -1.0, 1.0]))
    found = turns(problem, rows)
    exact = propagated(problem, rows, border(problem, rows, found), Effort())
    drawn = sampled_moments(problem, rows, walks(problem, rows, found), Effort(threshold=1e-9, work=1 << 30))
    assert exact.method == "gram"
    for parameter, slope in exact.slopes.items():
        assert drawn.slopes[parameter].row.value == pytest.approx(slope.row.value, abs=0.03)
        assert drawn.slopes[parameter].linear.value == pytest.approx(slope.linear.value, abs=0.03)
        assert drawn.slopes[parameter].each == pytest.approx(slope.each, abs=0.04)
    assert drawn.samples == SHOWN
    assert drawn.reason == ""


@pytest.mark.parametrize("seed", range(4))
def test_labels_of_many_rows_are_seen_in_few_paths(seed):
    """Random labels leave 1/M of the signal of one row: a bound for values up to 1 would take M times the paths."""
    rng, n, count = np.random.default_rng(seed), 4, 256
    embedding = [gate for q in range(n) for gate in (("ry", [q], f"x{q}"), ("cz", [q, (q + 1) % n]))]
    trained = [("ry", [q], f"t{layer}{q}") for layer in range(2) for q in range(n)]
    gates = [*embedding, *trained[:n], *(("cz", [q, q + 1]) for q in range(n - 1)), *trained[n:]]
    c = circuit(n, gates, roles={f"x{q}": Role.DATA for q in range(n)})
    problem = Problem.of(c, parse("Z1", n))
    rows = Rows(rng.uniform(-3, 3, (count, n)), rng.choice([-1.0, 1.0], count))
    turning = turns(problem, rows)
    exact = propagated(problem, rows, border(problem, rows, turning), Effort())
    signal = count * exact.largest_linear[0]
    drawn = sampled_moments(problem, rows, walks(problem, rows, turning), Effort(threshold=signal / 2))
    assert (drawn.reason, drawn.samples) == ("", SHOWN)
    low, high = drawn.largest_linear
    assert signal / 2 < count * low <= signal <= count * high
    assert drawn.largest_row[0] <= exact.largest_row[0] <= drawn.largest_row[1]


def test_what_stays_open_says_where_it_ended():
    c = circuit(1, [("ry", [0], "t")])
    problem, rows = Problem.of(c, parse("Z0", 1)), Rows(np.zeros((1, 0)))
    drawn = sampled_moments(problem, rows, walks(problem, rows, turns(problem, rows)), Effort(1 << 15, threshold=0.5))
    assert drawn.reason == f"the plan ended after {STAGES[0]:,} paths"


def test_batches_at_the_border_share_the_work_of_one_question():
    """Two batches that each would fit into it: the second is told that nothing is left."""
    n = 8
    far = [("rzz", [i, j], f"x{(i + j) % n}") for i in range(n) for j in range(i + 1, n)]
    layer = [gate for q in range(n) for gate in (("h", [q]), ("rz", [q], f"x{q}"))] + far
    c = circuit(
        n, [*layer, *layer, *(("ry", [q], f"t{q}") for q in range(n))], roles={f"x{q}": Role.DATA for q in range(n)}
    )
    problem = Problem.of(c, parse("Z3 Z4", n))
    rows = Rows(np.random.default_rng(1).uniform(0, 6, (40, n)), None)
    first, second = (
        packed([from_label(label) for label in labels], n)
        for labels in (["ZZXXZZXX", "XZXIIZXZ", "YYZZXXII"], ["XXXXXXXX", "ZXZXZXZX", "IIYYZZXX"])
    )

    def embedding():
        return walks(problem, rows, turns(problem, rows)).embedding

    costs = []
    for strings in (first, second):
        alone = embedding()
        assert BorderValues(alone, n, Effort()).of(strings) is not None
        costs.append(alone.spent)
    shared = embedding()
    values = BorderValues(shared, n, Effort(work=max(costs) + min(costs) // 2))
    assert values.of(first) is not None
    assert values.of(second) is None
    assert shared.spent <= max(costs) + min(costs) // 2


def test_a_projector_starts_from_all_its_strings():
    c = circuit(2, [("ry", [q], f"t{q}") for q in range(2)])
    problem, rows = Problem.of(c, Observable(2, projector=(0, 1))), Rows(np.zeros((1, 0)))
    found = turns(problem, rows)
    exact = propagated(problem, rows, border(problem, rows, found), Effort())
    drawn = sampled_moments(problem, rows, walks(problem, rows, found), Effort(threshold=1e-9, work=1 << 34))
    for parameter, slope in exact.slopes.items():
        assert drawn.slopes[parameter].row.value == pytest.approx(slope.row.value, abs=0.005)  # four standard errors


def test_angles_that_are_not_uniform_are_declined():
    c = circuit(1, [("ry", [0], "t")])
    rows = Rows(np.zeros((1, 0)))
    problem = Problem.of(c, parse("Z0", 1), Init(parse_law("range:1")))
    assert "uniform" in walks(problem, rows, turns(problem, rows)).reason
    c = circuit(1, [("ry", [0], [(1.0, "t"), (1.0, "x")]), ("rx", [0], "x"), ("rz", [0], "u")], roles={"x": Role.DATA})
    problem = Problem.of(c, parse("X0", 1))
    two = Rows(np.array([[0.1], [0.2]]))
    assert not isinstance(walks(problem, two, turns(problem, two)), Walks)
