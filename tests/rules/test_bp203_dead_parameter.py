"""BP203: what is told one by one and what at once; which parameters are dead is tested with the analysis."""

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
