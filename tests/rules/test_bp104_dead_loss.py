"""BP104: a loss whose rotations share parameters, where the variance has to be exactly zero."""

import pytest

from bplint.analyses.ask import Ask
from bplint_rules.bp104_dead_loss import check
from cases import case
from samples import circuit


def hits(gates, observable):
    k = case(circuit(1, gates), observable)
    return list(check.check(k, Ask(k)))


@pytest.mark.parametrize(("observable", "value"), [("Z0", "1"), ("X0", "0"), ("3 - 2*Z0", "1")])
def test_turns_that_undo_each_other_are_told_with_the_value(observable, value):
    (hit,) = hits([("ry", [0], "a"), ("ry", [0], (-1, "a"))], observable)
    assert f"⟩ is {value} for all angles: what the rotations make of it cancels" in hit.message
    assert hit.evidence == {"parameters": 1, "dead": 0}


def test_turns_that_add_up_move_the_loss():
    assert not hits([("ry", [0], "a"), ("ry", [0], "a")], "Z0")


def test_what_rounding_leaves_of_a_variance_is_nothing():
    """Hopping moves no particle where there is none: the exact variance comes out at 1e-16."""
    hops = [("xx_plus_yy", [q, q + 1], f"t{q}", 0.0) for q in range(3)]
    k = case(circuit(4, hops), "Z0 Z1 + 0.5*Z2")
    (hit,) = check.check(k, Ask(k))
    assert "is 1.5 for all angles" in hit.message
