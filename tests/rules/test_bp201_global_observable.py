"""BP201: which losses are local, what makes the others global, and what is advised."""

import pytest

from bplint.analyses.ask import Ask
from bplint_rules.bp201_global_observable import check
from cases import case
from samples import circuit


def hits(n, gates, observable, **more):
    k = case(circuit(n, gates), observable, **more)
    return list(check.check(k, Ask(k)))


def turns(n, name="ry"):
    return [(name, [q], f"{name}{q}") for q in range(n)]


def ladder(n, name="cx"):
    return [(name, [q, q + 1]) for q in range(n - 1)]


def ring(n, letters):
    return " + ".join(f"{letter}{q} {letter}{(q + 1) % n}" for q in range(n) for letter in letters)


@pytest.mark.parametrize("n", [6, 8])
@pytest.mark.parametrize("letters", ["XYZ", "X", "XY"])
def test_neighbours_behind_a_layer_of_cz_are_local(n, letters):
    """X X behind CZ gates along a line is on four qubits, more than half of six."""
    assert not hits(n, [*turns(n), *turns(n, "rz"), *ladder(n, "cz")], ring(n, letters))


@pytest.mark.parametrize(
    ("n", "weight", "fires"), [(6, 4, False), (6, 5, True), (8, 4, False), (8, 5, True), (12, 5, False)]
)
def test_four_qubits_are_local_at_any_width(n, weight, fires):
    assert bool(hits(n, turns(n), " ".join(f"Z{q}" for q in range(weight)))) == fires
    assert bool(hits(n, turns(n), f"projector(0..{weight - 1})")) == fires


@pytest.mark.parametrize(
    ("gates", "observable"),
    [
        ([*turns(6), *ladder(6)], "Z5"),
        ([*turns(8), *ladder(8)], "0.5*Z7 + 0.1*Z0"),
        ([*turns(7), *reversed(ladder(7))], "X0"),
        ([*turns(6), *ladder(6)], "Z4 Z5 + 2*Z5"),
    ],
)
def test_a_ladder_behind_the_rotations_is_named_as_the_cause(gates, observable):
    n = 1 + max(q for _, qubits, *_ in gates for q in qubits)
    (hit,) = hits(n, gates, observable)
    assert "though it is not declared so" in hit.message
    assert "the fixed gates between the last rotations and the measurement" in hit.help[0]
    assert "mean(Z)" not in hit.help[0]


def test_another_optimum_is_not_called_the_same():
    (hit,) = hits(8, turns(8), "Z" * 8)
    assert "not declared" not in hit.message
    assert "another optimum" in hit.help[0]
    (whole,) = hits(6, turns(6), "projector(0..5)")
    assert whole.help == ("use the local loss with the same optimum:  // bplint: observable = mean(Z)",)
    (part,) = hits(8, turns(8), "projector(0..4)")
    assert "mean(Z)" not in part.help[0]


@pytest.mark.parametrize(
    ("gates", "observable"),
    [
        ([*[("h", [q]) for q in range(6)], *turns(6, "rx")], "ZZZZZZ"),
        ([*turns(6, "rz")], "XXXXXX"),
        ([("ry", [0], "a"), ("cx", [0, 1])], "X0 Z2 Z3 Z4 Z5 Z1"),
    ],
)
def test_a_loss_that_nothing_moves_is_left_to_bp104(gates, observable):
    assert not hits(6, gates, observable)


def test_an_assumed_loss_is_to_be_declared():
    (hit,) = hits(6, [*turns(6), *ladder(6)], "Z5", source="assumed")
    assert hit.message.startswith("The assumed loss is global")
    assert hit.help[0].startswith("declare the loss that you train")
