"""BP203: what is told one by one and what at once; which parameters are dead is tested with the analysis."""

import pytest

from bplint.analyses.ask import Ask
from bplint_rules.bp203_dead_parameter import check
from cases import case
from samples import circuit


def counts(n, gates):
    """How many parameters each finding speaks of, for the product of all Z."""
    k = case(circuit(n, gates), "Z" * n)
    return [hit.evidence["count"] for hit in check.check(k, Ask(k))]


def test_where_most_are_dead_it_is_said_once():
    inner = [("ry", [0], "b"), ("rx", [0], "c")]
    first, last = ("rz", [0], "a"), ("rz", [0], "d")
    assert counts(1, [first, *inner, last]) == [1, 1]
    assert counts(1, [first, *inner[:1], last]) == [2]


def test_four_blocks_are_told_one_by_one_and_five_at_once():
    gates = [(name, [q], f"{name}{q}") for q in range(5) for name in ("rz", "ry", "rx")]
    assert counts(4, gates[:12]) == [1, 1, 1, 1]
    assert counts(5, gates) == [5]


def told(n, gates, observable, **more):
    k = case(circuit(n, gates), observable, **more)
    return [(hit.message, hit.help[0]) for hit in check.check(k, Ask(k))]


def test_a_range_has_no_living_parameter_in_it():
    """Z0 sees the two rotations of its qubit."""
    gates = [g for q in range(3) for g in (("ry", [q], f"w[{q}]"), ("rx", [q], f"w[{q + 3}]"))]
    ((message, _),) = told(3, gates, "Z0")
    assert "(w[1], w[2], w[4], w[5])" in message


START = "is an eigenstate of it, so only a phase turns"
LOSS = "commutes with everything the measurement sees"


@pytest.mark.parametrize(
    ("gates", "observable", "side", "help_"),
    [
        ([("h", [0]), ("rx", [0], "d"), ("ry", [0], "a")], "Z0", START, "turn the qubit about another axis"),
        ([("rz", [0], "d"), ("ry", [0], "a")], "X0", START, "turn the qubit about another axis"),
        ([("h", [0]), ("cx", [0, 1]), ("rzz", [0, 1], "d"), ("ry", [0], "a")], "Z0", START, "about another axis"),
        ([("ry", [0], "a"), ("rz", [0], "d")], "Z0", LOSS, "measure something that it moves"),
        ([("ry", [0], "a"), ("ry", [1], "d")], "Z0", LOSS, "measure something that it moves"),
        ([("h", [0]), ("ry", [0], "a"), ("cx", [0, 1]), ("rzz", [0, 1], "d")], "Z0", LOSS, "measure something"),
    ],
)
def test_the_side_that_makes_a_parameter_dead_is_the_one_told(gates, observable, side, help_):
    ((message, advice),) = told(2, gates, observable)
    assert side in message
    assert help_ in advice


def test_one_parameter_may_be_dead_for_two_reasons():
    """An RZ on |0>, and one before Z is measured."""
    ((message, _),) = told(1, [("rz", [0], "d"), ("ry", [0], "a"), ("rz", [0], "d")], "Z0")
    assert "or meets only eigenstates of its own" in message


def test_under_an_assumed_loss_the_advice_is_to_declare_it():
    ((message, advice),) = told(1, [("ry", [0], "a"), ("rz", [0], "d")], "Z0", source="assumed")
    assert "the assumed loss" in message
    assert advice == "drop it, or declare the loss you train"
