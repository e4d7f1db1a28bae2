"""Small tied circuits with their laws, and modules of them averaged, beside grids of dense states."""

import pytest

from answers import numbers
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.operator_module.averaging import averaged
from bplint.analyses.gradients.operator_module.events import events_of
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.reachable_states.evaluator import reached_and_seen
from bplint.bounds import Status
from bplint.ir.law import UNIFORM, Init
from grid import grid_moments, grid_size, random_law, random_loss, random_tied
from samples import circuit


def small_case(rng, most=2_000):
    """A random circuit, its laws by name and a loss, drawn again until the grid of dense states is small."""
    while True:
        n = int(rng.integers(2, 4))
        c = circuit(n, random_tied(rng, n, int(rng.integers(2, 6)), int(rng.integers(1, 4))))
        law = {p.name: random_law(rng) for p in c.parameters}
        if c.parameters and grid_size(c, law) <= most:
            return c, law, random_loss(rng, n)


def settings(c, law, loss):
    """The problem, its events, and what these reach with the loss on it."""
    problem = Problem.of(c, loss, Init(UNIFORM, tuple(law.items())))
    events = events_of(problem, rotations(problem))
    groups = [RotationGroup((), 0.0, event.generator) for event in events]
    return problem, events, reached_and_seen(problem, groups)


def agree_with_dense(problem, module, law, tolerance=1e-10):
    """The module averaged, against the grid."""
    found = averaged(problem, module, Effort())
    assert found.status is Status.EXACT
    mean, second, gradients = grid_moments(problem.circuit, problem.loss, law)
    assert numbers(found)[:2] == pytest.approx((mean, second), abs=tolerance)
    for parameter, pair in gradients.items():
        assert numbers(found)[2][parameter] == pytest.approx(pair, abs=tolerance)
