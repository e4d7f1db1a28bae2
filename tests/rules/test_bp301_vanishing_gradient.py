"""BP301: a start that is flat where the circuit is not, and advice that fits."""

import pytest

from bplint.analyses.ask import Ask
from bplint.finding import Severity
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


def test_what_samples_show_and_cannot_prove_is_a_warning_that_says_so():
    """Four tied layers whose frequencies have no common measure, and work for some 2,000 samples: a proof takes more."""
    kinds = [("ry", [0]), ("ry", [1]), ("ry", [2]), ("ry", [3]), ("rzz", [0, 1]), ("rzz", [1, 2]), ("rzz", [2, 3])]
    gates = [(kind, q, (2 ** (k / 7) / 3, f"t{layer}")) for layer in range(4) for k, (kind, q) in enumerate(kinds)]
    k = case(circuit(4, gates), "Z0 Z1 Z2 Z3", shots=28)
    (hit,) = check.check(k, Ask(k, budget=0.02))
    assert hit.severity is Severity.WARNING
    assert not hit.undecided
    assert hit.message.startswith("By estimate, not by proof, no parameter will show a gradient above the noise of")
    assert "unless rare starts, fewer than 1 in 148, have gradients" in hit.message
    assert "1,024 random starts, seed 0" in hit.proof
    assert hit.evidence["signal_max"] < hit.evidence["signal_presumed"] < hit.evidence["threshold"]
    assert hit.evidence["threshold"] < hit.evidence["signal_bound"]
