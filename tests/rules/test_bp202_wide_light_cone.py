"""BP202: its limits, and where something else speaks or protects."""

import pytest

from bplint.analyses.ask import Ask
from bplint.ir.circuit import Role
from bplint_rules.bp202_wide_light_cone import check
from cases import case
from samples import circuit


def hits(n, gates, observable, *, shots=10, **arguments):
    """With ten shots no signal is far above the noise."""
    k = case(circuit(n, gates, **arguments), observable, data=list(arguments.get("roles", ())), shots=shots)
    return list(check.check(k, Ask(k)))


def layer(n, name, *, wide=None):
    """RY and RZ on each, a path of CZ with RY behind: Z0 spreads to ``wide`` qubits, to all without it."""
    gates = [(rotation, [q], f"{name}{rotation}{q}") for rotation in ("ry", "rz") for q in range(n)]
    for q in range((wide or n) - 2, -1, -1):
        gates += [("ry", [q + 1], f"{name}b{q}"), ("cz", [q, q + 1]), ("ry", [q], f"{name}c{q}")]
    return gates


def deep(n):
    """Up and down the path, twice: every Z spreads to all."""
    gates = []
    for name in "ab":
        up = layer(n, name)
        gates += [(gate, [n - 1 - q for q in qubits], *(f"{a}'" for a in angles)) for gate, qubits, *angles in up] + up
    return gates


def test_eight_qubits_are_enough_and_seven_are_not():
    (hit,) = hits(8, layer(8, "a"), "Z0")
    assert hit.message == (
        "The term of the loss can have spread over all 8 qubits at the start of the circuit: that the loss is local where the "
        "first rotation meets it, on 1 qubit, does not protect its gradient."
    )
    assert hit.evidence == {"light_cone": 8, "first_met": 1, "terms": 1, "n_qubits": 8}
    assert not hits(7, layer(7, "a"), "Z0")


def test_one_qubit_less_is_silent():
    assert not hits(9, layer(9, "a", wide=8), "Z0")


def test_every_term_must_be_wide():
    gates = layer(8, "a")
    assert hits(8, gates, "Z0")
    assert not hits(8, gates, "Z0 + Z7")
    assert hits(8, deep(8), "Z0 + Z7")[0].message.startswith("Each of the 2 terms ")


def test_terms_that_nothing_moves_do_not_count():
    gates = layer(8, "a")
    assert not hits(9, gates, "Z0")  # eight of nine
    gates += [("cz", [0, 8]), ("ry", [0], "z")]
    assert hits(9, gates, "Z0 + Z8")  # no rotation meets Z8


def test_global_losses_are_another_rule():
    gates = deep(8)
    assert hits(8, gates, "Z0 Z1 Z2 Z3")  # four are local at any width
    assert not hits(8, gates, "Z0 Z1 Z2 Z3 Z4")
    assert not hits(8, gates, "0.5*Z0 + Z0 Z1 Z2 Z3 Z4")
    (hit,) = hits(8, gates, "Z0 + Z0 Z1 Z2 Z3 Z4")  # half of the weight is local
    assert hit.evidence["first_met"] == 1
    assert not hits(8, gates, "0.9*Z0 + Z0 Z1 Z2 Z3 Z4")
    assert not hits(8, gates, "0.2*Z0 + 0.3*Z0 Z1 Z2 Z3 Z4")  # coefficients squared
    assert hits(8, gates, "projector(0..3)")
    assert not hits(8, gates, "projector(0..4)")


def test_nothing_is_trained():
    gates = layer(8, "a")
    symbols = [angle for _, _, *angles in gates for angle in angles]
    assert not hits(8, gates, "Z0", roles=dict.fromkeys(symbols, Role.DATA))


@pytest.mark.parametrize("extra", [[], [("rx", [3], "x")]])
def test_free_fermions_are_protected_and_others_are_not(extra):
    gates = []
    for a in range(9):
        gates += [("rz", [q], f"z{a}{q}") for q in range(8)] + [("rxx", [q, q + 1], f"x{a}{q}") for q in range(7)]
    assert bool(hits(8, gates + extra + gates, "Z0")) == bool(extra)


def test_a_signal_far_above_the_noise_is_protection_enough():
    assert not hits(8, layer(8, "a"), "Z0", shots=100_000)


def test_a_dead_loss_has_nothing_to_protect():
    n = 8
    gates = [("h", [q]) for q in range(n)]
    for step in "ab":
        gates += [("rzz", [i, j], f"g{step}{i}{j}") for i in range(n) for j in range(i)]
        gates += [("rx", [q], f"b{step}{q}") for q in range(n)]
    assert hits(n, [*gates, ("ry", [3], "breaks"), *gates], "Z0")
    assert not hits(n, gates, "Z0")
