"""Which engine's answer stands: never a number that cannot be, never wide bounds where another engine knows better."""

import numpy as np
import pytest

from answers import numbers
from bplint.analyses.ask import Ask
from bplint.analyses.gradients.answer import Answer, Declined, Slope, between, certain, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.engines import moments
from bplint.analyses.gradients.gradient import gradient, loss
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.propagation.moments import sparse_moments
from bplint.bounds import Status
from bplint.ir.law import UNIFORM, Init
from bplint.ir.noise import Noise
from bplint.ir.observable import parse
from cases import case
from grid import grid_moments, random_loss
from samples import circuit, random_gates


def few_symbols(rng, n, layers, symbols=1):
    """One symbol, or a few on different qubits, before random numbers, as where weights were written into the file."""
    gates = [("rx", [q], f"t{q}") for q in range(symbols)]
    for _ in range(layers):
        gates += [(str(rng.choice(["rx", "ry", "rz"])), [q], float(rng.uniform(0, 6.28))) for q in range(n)]
        gates += [("cz", [q, q + 1]) for q in range(n - 1)]
    return circuit(n, gates)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("observable", ["projector(0, 1)", "Z0 Z1 + 0.5*X2"])
def test_one_symbol_among_numbers_is_measured_exactly(seed, observable):
    """Propagation of strings leaves 0 … 100 here; the operator module of four qubits has 256 strings."""
    c = few_symbols(np.random.default_rng(seed), 4, 9)
    found = Ask(case(c, observable))(moments, init=Init(), noise=Noise(), quick=False)
    mean, second, gradients = grid_moments(c, parse(observable, 4), {"t0": UNIFORM})
    assert found.status is Status.EXACT
    assert numbers(found)[:2] == pytest.approx((mean, second), abs=1e-10)
    assert numbers(found)[2][0] == pytest.approx(gradients[0], abs=1e-10)


@pytest.mark.parametrize("seed", range(30))
def test_bounds_are_possible_and_hold(seed):
    """Few strings kept: every bound within the loss's range, and around the truth."""
    rng = np.random.default_rng(seed)
    c = circuit(3, random_gates(rng, 3, 24, fixed=0.4))
    observable = random_loss(rng, 3)
    problem = Problem.of(c, observable)
    cut, whole = sparse_moments(problem, Effort(limit=4)), sparse_moments(problem, Effort())
    if isinstance(cut, Declined) or cut.status is not Status.BOUNDED:
        return
    (low, high), spread = problem.ends, problem.spread
    pairs = [(cut.mean, whole.mean, low, high), (cut.second_moment, whole.second_moment, 0, max(low**2, high**2))]
    for parameter, slope in cut.slopes.items():
        pairs.append((slope.second_moment, whole.slopes[parameter].second_moment, 0, spread**2))
    for bounds, exact, least, most in pairs:
        assert least - 1e-9 <= bounds.lower <= exact.value + 1e-9
        assert exact.value - 1e-9 <= bounds.upper <= most + 1e-9


def test_clipping_leaves_what_is_exact():
    slopes = {0: Slope(exactly(0.1), between(-1.0, 50.0))}
    found = certain("m", between(-7.0, 9.0), between(0.0, 81.0), slopes, "cut").clipped(0.0, 1.0, {0: 0.5})
    assert isinstance(found, Answer)
    assert (found.mean, found.second_moment) == ((None, 0.0, 1.0), (None, 0.0, 1.0))
    assert found.slopes[0] == (exactly(0.1), (None, 0.0, 0.25))
    assert found.largest == (0.0, 0.25)


def test_samples_are_preferred_to_wide_bounds():
    """Twelve layers of literals on eight qubits, and eight symbols: too many strings, and too many points of a grid."""
    c = few_symbols(np.random.default_rng(0), 8, 12, symbols=8)
    ask = Ask(case(c, "Z3"), brief=True)
    bounds = sparse_moments(Problem.of(c, ask.case.context.observable), Effort(work=ask.work))
    assert bounds.status is Status.BOUNDED
    assert bounds.largest[1] > 100 * bounds.largest[0]
    assert ask(gradient).method == ask(loss).method == "reachable-states"
    assert ask(gradient).status is ask(loss).status is Status.ESTIMATED
