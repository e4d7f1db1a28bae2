"""BP204: how it speaks; what it finds is tested with the analysis."""

from bplint.analyses.ask import Ask
from bplint_rules.bp204_redundant_parameter import check
from cases import case
from samples import circuit


def hits(n, gates, observable="Z0"):
    k = case(circuit(n, gates), observable)
    return list(check.check(k, Ask(k)))


def test_one_set_one_finding():
    (hit,) = hits(1, [("ry", [0], "a"), ("ry", [0], (2, "b")), ("ry", [0], (-0.5, "c"))])
    assert hit.message == (
        "The loss depends on a, b and c only through a + 2*b - 0.5*c: they turn about the same axis, and everything "
        "between commutes with it."
    )
    assert hit.help == ("keep a (line 1) and drop b and c",)
    assert hit.span.line == 2
    assert hit.evidence == {"parameters": ["a", "b", "c"], "weights": [1, 2, -0.5], "count": 3}


def test_long_sums_are_cut():
    (hit,) = hits(1, [("ry", [0], f"t{k}") for k in range(5)])
    assert "on t0, t1, t2, t3 and t4 only through t0 + t1 + t2 + t3 + t4:" in hit.message
    (hit,) = hits(1, [("ry", [0], f"t{k}") for k in range(6)])
    assert "on t0, t1 and 4 more only through t0 + t1 + t2 + t3 + t4 + …:" in hit.message


def test_two_parameters_read_well():
    (hit,) = hits(1, [("ry", [0], "a"), ("ry", [0], (-1, "b"))])
    assert "on a and b only through a - b:" in hit.message


def test_the_start_state_is_said():
    (hit,) = hits(2, [("rxx", [0, 1], "a"), ("ryy", [0, 1], "b")])
    assert "through a - b: their rotations do the same to the state there." in hit.message
    assert "stabilise the state" in hit.proof


def test_four_sets_are_told_one_by_one_and_five_at_once():
    pairs = [("ry", [q], f"{name}{q}") for q in range(5) for name in "ab"]
    assert len(hits(5, pairs[:8], "Z0 Z1 Z2 Z3")) == 4
    (hit,) = hits(5, pairs, "Z0 Z1 Z2 Z3 Z4")
    assert hit.message.startswith(
        "5 parameters can be dropped, each is seen only in a sum with another, as in a0 + b0: they"
    )
    assert hit.help == ("keep one parameter of each of the 5 sums, such as a0",)
    assert hit.evidence["count"] == hit.evidence["sums"] == 5
    assert hit.span.line == 2


def test_dead_parameters_are_another_rule():
    assert not hits(1, [("ry", [0], "c"), ("rz", [0], "a"), ("rz", [0], "b")])
