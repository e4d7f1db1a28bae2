"""Modules averaged over their angles: one made by hand, whose moments are integrals of cosines."""

import numpy as np
import pytest

from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module import averaging
from bplint.analyses.gradients.operator_module.action import Module, block_action
from bplint.analyses.gradients.operator_module.averaging import averaged
from bplint.analyses.gradients.operator_module.events import Event
from bplint.analyses.gradients.problem import Problem
from bplint.bounds import Status
from bplint.ir.law import Law, Shape, parse_init
from bplint.ir.observable import parse
from samples import circuit

CIRCUIT = circuit(1, [("ry", [0], "a"), ("ry", [0], "b"), ("ry", [0], "a")])


def plane(*parameters, offset=0.0):
    """Coordinates (1, x, y) that events turn in the plane: l = offset + cos of the sum of all angles."""
    events = [Event((p, 0), {1: 1.0}) for p in parameters]
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    actions = [block_action(e.phase, 3, [([1, 2], turn)]) for e in events]
    unit = np.array([1.0, 1.0, 0.0])
    return Module("by hand", events, actions, unit, unit, offset, 1.0)


def run(module, init="uniform", **effort):
    return averaged(Problem.of(CIRCUIT, parse("Z0", 1), parse_init(init)), module, Effort(**effort))


@pytest.mark.parametrize("init", ["uniform", "normal:0.3@0.2", "range:1"])
def test_a_cosine_of_what_several_events_share(init):
    """l = c + cos(2a + b): the second moment is (1 + E[cos(4a + 2b)])/2, the slope by a is -2 sin."""
    found = run(plane(0, 1, 0, offset=0.25), init)
    a = b = parse_init(init).default

    def wave(k):
        """E[e^{i(ka + kb/2)}]."""
        law = Law(Shape.RANGE, 1.0) if a is None else a
        return law.characteristic(k) * b.characteristic(k / 2) * np.exp(1j * law.mean * (k + k / 2))

    mean, double = wave(2).real, wave(4).real
    assert (found.method, found.status) == ("by hand", Status.EXACT)
    assert found.mean.value == pytest.approx(0.25 + mean, abs=1e-13)
    assert found.variance.value == pytest.approx((1 + double) / 2 - mean**2, abs=1e-13)
    assert found.slopes[0].mean.value == pytest.approx(-2 * wave(2).imag, abs=1e-13)
    assert found.slopes[0].second_moment.value == pytest.approx(4 * (1 - double) / 2, abs=1e-13)
    assert found.slopes[1].second_moment.value == pytest.approx((1 - double) / 2, abs=1e-13)


def test_budgets_end_without_an_answer(monkeypatch):
    assert "3 events" in run(plane(0, 1, 0), work=10).reason
    with pytest.raises(BudgetError, match="stopped by the clock"):
        run(plane(0, 1, 0), clock=Clock(-1.0))
    monkeypatch.setattr(averaging, "MEMORY", 100)
    assert "MB" in run(plane(0, 1, 0)).reason
