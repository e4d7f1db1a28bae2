"""How seldom samples presume a gradient to be small that is not, and where they presume nothing."""

import math

import numpy as np
import pytest

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.tied.presumption import STARTS, missed, presumed, times_larger
from bplint.analyses.gradients.tied.tied_moments import made_ready
from bplint.ir.observable import parse
from samples import circuit

RNG = np.random.default_rng(0)


def sums(x):
    return (x.sum(axis=1), (x**2).sum(axis=1), x.shape[1])


def layers(n, edges, p):
    gates = [("h", [q]) for q in range(n)]
    for layer in range(p):
        gates += [("rzz", list(edge), f"g{layer}") for edge in edges] + [("rx", [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates), " + ".join(f"Z{a} Z{b}" for a, b in edges)


TRIANGLE = layers(3, [(0, 1), (1, 2), (0, 2)], 2)
PATH = layers(4, [(0, 1), (1, 2), (2, 3)], 2)


def test_squares_of_gaussian_gradients_are_presumed_small():
    """κ = 3; at 1,024 samples the bound is the mean over 1 - sqrt(60 ln 1000 / 1024) = 0.364."""
    x = RNG.standard_normal((20, STARTS)) ** 2
    assert presumed(*sums(x)) == pytest.approx(x.mean(axis=1).max() / 0.36379, rel=1e-4)


@pytest.mark.parametrize(
    "x",
    [
        RNG.standard_normal((3, STARTS - 1)) ** 2,  # too few
        RNG.exponential(size=(3, STARTS)) ** 4,  # rare samples carry the mean
        np.vstack(
            [RNG.standard_normal((9, STARTS)) ** 2, RNG.exponential(size=(1, STARTS)) ** 4 / 100]
        ),  # of the tenth
        np.zeros((2, STARTS)),  # nothing was seen, and nothing is known of what was not
        np.zeros((0, STARTS)),
    ],
)
def test_nothing_is_presumed(x):
    assert presumed(*sums(x)) == math.inf


def test_what_rare_starts_would_need():
    """A share p of starts with gradients t times larger adds p t² to a mean square of 1."""
    p = missed(STARTS)
    assert (1 - p) ** STARTS == pytest.approx(1e-3, rel=0.03)
    t = times_larger(1.0, 5.0, STARTS)
    assert 1 + p * t**2 == pytest.approx(5.0)


@pytest.mark.parametrize("family", [TRIANGLE, PATH])
def test_a_signal_at_the_threshold_is_not_presumed_below(family):
    """300 runs at S = threshold, S exact from a grid of angles: at a level of 1e-3 hardly one may fail."""
    c, loss = family
    ready = made_ready(Problem.of(c, parse(loss, c.n_qubits)))
    truth = max(s.second_moment.value for s in ready.exact(Effort()).slopes.values())
    failed, means = 0, []
    for seed in range(300):
        _, slopes = ready.evaluator.run(ready.drive.drawn(seed, 0, STARTS))
        squares = ready.drive.gradients(slopes) ** 2
        failed += presumed(*sums(squares)) < truth
        means.append(squares.mean(axis=1).max())
    assert failed <= 2
    assert np.mean(means) == pytest.approx(truth, rel=0.05)


def answer(gates, loss, work, threshold, n=4):
    c = circuit(n, gates)
    ready = made_ready(Problem.of(c, parse(loss, n)))
    return ready.sampled(Effort(work=work * ready.evaluator.work, threshold=threshold))


WEIGHTED = [(kind, q, (2 ** (k / 7) / 3, f"t{layer}")) for layer in range(4) for k, (kind, q) in enumerate(
    [("ry", [0]), ("ry", [1]), ("ry", [2]), ("ry", [3]), ("rzz", [0, 1]), ("rzz", [1, 2]), ("rzz", [2, 3])]
)]  # fmt: skip
UNTIED = [(kind, q, f"t{k}") for k, (kind, q, _) in enumerate(WEIGHTED)]


def test_tied_circuits_are_presumed_flat_after_one_look():
    """Work for 2,000 samples, a proof takes more: the sampling ends at 1,024."""
    seen = max(s.second_moment.value for s in answer(WEIGHTED, "Z0 + Z1 Z2", 2_000, 1e-12).slopes.values())
    found = answer(WEIGHTED, "Z0 + Z1 Z2", 2_000, 3.2 * seen)
    assert (found.samples, bool(found.reason)) == (STARTS, True)
    assert found.largest[0] < found.presumed < 3.2 * seen


@pytest.mark.parametrize(("gates", "loss"), [(UNTIED, "Z0 + Z1 Z2"), (WEIGHTED, "projector(0..3)")])
def test_untied_circuits_and_projectors_are_not(gates, loss):
    assert answer(gates, loss, 2_000, 1e-12).presumed == math.inf
    high = max(s.second_moment.value for s in answer(gates, loss, 2_000, 1e-12).slopes.values())
    assert answer(gates, loss, 2_000, 4 * high).presumed == math.inf
