"""Modules of the strings that count, against grids of dense states and the module of all strings."""

import numpy as np
import pytest

from answers import numbers
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module.averaging import averaged
from bplint.analyses.gradients.operator_module.events import events_of
from bplint.analyses.gradients.operator_module.on_strings import on_strings
from bplint.analyses.gradients.operator_module.on_visible_strings import on_visible_strings
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.ir.observable import parse
from module_answers import agree_with_dense, settings, small_case
from samples import circuit

WORK = 1 << 24


@pytest.mark.parametrize("seed", range(60))
def test_random_circuits_agree_with_a_grid(seed):
    c, law, loss = small_case(np.random.default_rng(seed))
    problem, events, _ = settings(c, law, loss)
    module = on_visible_strings(problem, events, 256, WORK)
    assert len(module.start) <= len(on_strings(problem, rotations(problem)).start)
    agree_with_dense(problem, module, law)


def cubic(layers):
    """QAOA on a prism of eight qubits: the strings are far more than those that are seen."""
    edges = (
        [(q, (q + 1) % 4) for q in range(4)]
        + [(4 + q, 4 + (q + 1) % 4) for q in range(4)]
        + [(q, q + 4) for q in range(4)]
    )
    gates = [("h", [q]) for q in range(8)]
    for layer in range(layers):
        gates += [("rzz", list(edge), f"g{layer}") for edge in edges] + [("rx", [q], f"b{layer}") for q in range(8)]
    return circuit(8, gates)


def test_few_strings_are_seen():
    problem = Problem.of(cubic(2), parse("Z0 Z1", 8))
    found = rotations(problem)
    events = events_of(problem, found)
    assert isinstance(on_strings(problem, found), Declined)
    module = on_visible_strings(problem, events, 2_048, WORK)
    assert len(module.start) < 1_200
    assert [e.phase for e in module.events] == [e.phase for e in events]
    one = Problem.of(cubic(1), parse("Z0 Z1", 8))
    small, whole = on_visible_strings(one, events_of(one, rotations(one)), 2_048, WORK), on_strings(one, rotations(one))
    assert len(small.start) < len(whole.start)
    first, second = (numbers(averaged(one, module, Effort())) for module in (small, whole))
    assert first[:2] == pytest.approx(second[:2], abs=1e-12)
    for parameter, pair in second[2].items():
        assert first[2][parameter] == pytest.approx(pair, abs=1e-12)


def test_budgets():
    problem = Problem.of(cubic(2), parse("Z0 Z1", 8))
    events = events_of(problem, rotations(problem))
    assert on_visible_strings(problem, events, 100, WORK) is None
    assert on_visible_strings(problem, events, 2_048, 1_000) is None
    wide = problem._replace(loss=parse("projector(0..n-1)", 8))
    assert on_visible_strings(wide, events, 2_048, 1_000) is None
