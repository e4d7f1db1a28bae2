"""Frame and generator groups are asked for once, and a frame that is too large is a budget that ran out."""

from functools import partial

import pytest

from bplint.analyses import views
from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.views import framed, generator_groups
from bplint.ir.frame import frame
from bplint.ir.generators import generators
from cases import case
from samples import circuit

GATES = [("rx", [0], "a"), ("h", [0]), ("rzz", [0, 1], "b"), ("rx", [0], "a")]


def test_they_are_those_of_the_circuit_and_one_object_each():
    known = case(circuit(2, GATES), "Z0")
    ask = Ask(known)
    assert ask(framed) == frame(known.circuit)
    assert ask(framed) is ask(framed)
    assert ask(generator_groups) == generators(known.circuit, frame(known.circuit))
    assert ask(generator_groups).groups


def test_a_frame_beyond_the_memory_is_a_budget_error(monkeypatch):
    monkeypatch.setattr(views, "frame", partial(frame, memory_limit=1))
    ask = Ask(case(circuit(2, GATES), "Z0"))
    with pytest.raises(BudgetError):
        ask(framed)
