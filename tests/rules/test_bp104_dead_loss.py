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


def told(n, gates, observable, **more):
    k = case(circuit(n, gates), observable, **more)
    (hit,) = check.check(k, Ask(k))
    return hit.message, hit.help[0]


START = "the start is an eigenstate of every rotation"
LOSS = "every rotation commutes with all that the measurement sees"
BOTH = "or meets only eigenstates of its own"


@pytest.mark.parametrize(
    ("gates", "observable", "reason", "advice"),
    [
        ([("h", [0]), ("rx", [0], "t")], "Z0", START, "about another axis"),
        ([("rz", [0], "t"), ("rz", [1], "u")], "X0 X1", START, "about another axis"),
        ([("h", [0]), ("cx", [0, 1]), ("rxx", [0, 1], "t"), ("rzz", [0, 1], "u")], "Z0", START, "about another axis"),
        ([("h", [0]), ("rz", [0], "t")], "Z0", LOSS, "measure qubits that the rotations reach"),
        ([("ry", [0], "t")], "Z1", LOSS, "measure qubits that the rotations reach"),
        ([("ry", [0], "t"), ("rz", [1], "u")], "X1", BOTH, "change what is measured, and the start"),
    ],
)
def test_the_side_that_stops_the_rotations_is_the_one_told(gates, observable, reason, advice):
    message, help_ = told(2, gates, observable)
    assert reason in message
    assert advice in help_


@pytest.mark.parametrize(
    ("gates", "observable"),
    [
        ([("h", [0]), ("h", [1]), ("rzz", [0, 1], "g"), ("rx", [0], "b"), ("rx", [1], "b")], "mean(Z)"),
        ([("h", [0]), ("rx", [0], "t")], "mean(Z)"),
        ([("ry", [0], "t"), ("ry", [0], (-1, "t"))], "mean(Z)"),
        ([("ry", [0], "t"), ("h", [0]), ("h", [1])], "0.5*Z1"),
    ],
)
def test_an_assumed_loss_is_what_is_constant(gates, observable):
    message, help_ = told(2, gates, observable, source="assumed")
    assert f"assumed loss ⟨{observable}⟩" in message
    assert help_.startswith("declare the loss that you train")


def test_zero_has_no_sign():
    message, _ = told(1, [("rx", [0], "t"), ("rx", [0], (-1, "t"))], "-1*Y0")
    assert "is 0 for all angles" in message
