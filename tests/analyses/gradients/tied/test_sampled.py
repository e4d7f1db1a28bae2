"""Sampled moments of a product of cosines, whose moments are known, and where the samples end."""

import numpy as np
import pytest

from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.tied.sampled import STAGES, Range, sampled
from bplint.analyses.gradients.tied.variables import Drive
from bplint.analyses.gradients.tied.visibility import PILOT
from bplint.bounds import Status
from bplint.config import Settings
from bplint.ir.observable import parse
from bplint.run import lint_text
from samples import circuit

WORK = 1 << 10


class Cosines:
    """l = cos² a cos b: the two qubits that a turns are one group."""

    work, batch, constant, degrees = WORK, 50, None, np.array([2.0, 1.0])

    def run(self, angles):
        a, b = angles
        return np.cos(a) ** 2 * np.cos(b), np.array([-np.sin(2 * a) * np.cos(b), -(np.cos(a) ** 2) * np.sin(b)])


def run(effort, constant=0.0):
    c = circuit(3, [("ry", [0], "a"), ("ry", [1], "a"), ("ry", [2], "b")])
    problem = Problem.of(c, parse("Z0", 3))
    possible = Range(constant - 1.0, constant + 1.0, np.array([2.0, 1.0]), trusted=True, tame=False)
    return sampled("test", Drive(problem, rotations(problem)), Cosines(), possible, constant, effort)


def enough(samples, **more):
    return Effort(work=WORK * (samples + PILOT), **more)


def test_what_is_shown_holds_the_truth():
    """About l + 2: E[cos⁴ a cos² b] = 3/16, E[(sin 2a cos b)²] = 1/4."""
    answer = run(enough(1024, threshold=0.25), constant=2.0)
    assert (answer.method, answer.status, answer.samples) == ("test", Status.ESTIMATED, 1024)
    a, b = answer.slopes.values()
    known = [(answer.mean, 2.0), (answer.second_moment, 4 + 3 / 16), (answer.variance, 3 / 16)]
    for number, truth in [*known, (a.second_moment, 1 / 4), (b.second_moment, 3 / 16), (a.mean, 0.0), (b.mean, 0.0)]:
        assert number.lower <= truth <= number.upper
        assert number.upper - number.lower < 0.4
    assert answer.largest[0] <= 1 / 4 <= answer.largest[1]


@pytest.mark.parametrize("threshold", [1e-4, 3.0])
def test_a_verdict_ends_the_samples(threshold):
    answer = run(enough(1 << 16, threshold=threshold))
    assert answer.reason == ""
    assert answer.samples < 1 << 14
    assert (answer.largest[0] > threshold) or (answer.largest[1] < threshold)


@pytest.mark.parametrize(("allowed", "drawn"), [(128, 128), (1 << 16, 1024)])
def test_a_threshold_at_the_truth_ends_with_the_plan_or_where_more_would_not_tell(allowed, drawn):
    answer = run(enough(allowed, threshold=0.25))
    assert answer.reason == f"the plan ended after {drawn:,} samples"
    assert answer.largest[0] < 0.25 < answer.largest[1]


def test_too_little_work_is_declined():
    assert isinstance(run(enough(STAGES[0] - 1)), Declined)
    assert run(enough(STAGES[0])).samples == STAGES[0]


def test_the_clock_is_the_last_resort():
    with pytest.raises(BudgetError, match="stopped by the clock"):
        run(enough(4096, threshold=0.25, clock=Clock(-1.0)))


def test_equal_seeds_give_equal_answers():
    first, again, other = (run(enough(64, threshold=0.25, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("n", "layers", "loss"), [(7, 5, "Z0 Z1"), (9, 4, "mean(Z)"), (8, 6, "Z0"), (8, 3, "X0 X1 + Z3")]
)
def test_what_is_shown_is_drawn_until_it_is_of_use(n, layers, loss):
    """The threshold is decided after sixteen samples, which tell a variance from 0 to 1 and a mean from -0.75 to 0.5."""
    lines = [f"// bplint: observable = {loss}", f"input array[float[64], {2 * layers}] w;", f"qubit[{n}] q;"]
    for layer in range(layers):
        lines.append(f"ry(w[{2 * layer}]) q; rx(w[{2 * layer + 1}]) q;")
        lines += [f"cz q[{q}], q[{(q + 1) % n}];" for q in range(n)]
    text = "\n".join(["OPENQASM 3.0;", 'include "stdgates.inc";', *lines, ""])
    (entry,) = lint_text(text, Settings(select=("BP104", "BP301"), suggest=False)).circuits
    gradient, mean = entry.analyses["gradient"], entry.analyses["loss"]
    assert (gradient.status, gradient.samples) == (Status.ESTIMATED, 256)
    low, high = gradient.largest.interval
    assert 0 < low < high < 4 * low
    low, high = mean.mean_interval
    assert high - low < 0.2
    low, high = mean.interval
    assert 0 < low < high < 4 * low
