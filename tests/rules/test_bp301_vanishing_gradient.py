"""BP301: a start that is flat where the circuit is not, and advice that fits."""

import pytest

from bplint.analyses.ask import Ask
from bplint.ir.law import parse_init
from bplint_rules.bp301_vanishing_gradient import check
from cases import case
from samples import circuit


def hits(n, gates, observable, init="uniform", **more):
    k = case(circuit(n, gates), observable, **more)
    k = k._replace(context=k.context._replace(init=parse_init(init)))
    return list(check.check(k, Ask(k)))


def qaoa(n, layers):
    gates = [("h", [q]) for q in range(n)]
    for layer in range(layers):
        gates += [("rzz", [q, (q + 1) % n], f"g{layer}") for q in range(n)]
        gates += [("rx", [q], f"b{layer}") for q in range(n)]
    return gates


RING = " + ".join(f"Z{q} Z{(q + 1) % 6}" for q in range(6))
ROTATION = [("ry", [0], "a"), ("ry", [1], "b")]


@pytest.mark.parametrize(
    ("n", "gates", "observable", "init"),
    [
        (6, qaoa(6, 2), RING, "range:1e-6"),
        (6, qaoa(6, 1), RING, "range:1e-4"),
        (2, ROTATION, "Z0 Z1", "normal:0.001"),
        (2, ROTATION, "Z0", "range:0.001"),
        (3, [("ry", [q], f"a{q}") for q in range(3)], "projector(0..2)", "normal:0.0001"),
    ],
)
def test_a_saddle_is_told_as_such(n, gates, observable, init):
    """At angles of zero each of these losses is at its largest, or at a saddle."""
    (hit,) = hits(n, gates, observable, init)
    assert "The declared start" in hit.message
    assert "is what is flat: from random angles the largest signal is above" in hit.message
    assert "You would need" not in hit.message
    assert hit.help == ("start wider, and say so:  // bplint: init = uniform",)
    assert not hits(n, gates, observable)


@pytest.mark.parametrize("init", ["uniform", "normal:0.05", "range:3.14159265"])
def test_nobody_is_told_to_start_near_the_identity(init):
    """A parity, flat from anywhere and near zero: what there is to change is the loss."""
    (hit,) = hits(16, [("ry", [q], f"a{q}") for q in range(16)], "Z" * 16, init, shots=100)
    assert "identity" not in hit.help[0]
    assert hit.help == ("train a loss on fewer qubits",)


def test_a_constant_loss_is_left_to_bp104_whatever_the_start():
    gates = [("ry", [0], "a"), ("ry", [0], (-1, "a"))]
    assert not hits(1, gates, "Z0")
    assert not hits(1, gates, "Z0", "range:0.01")
