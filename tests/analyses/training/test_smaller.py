"""Angles of a smaller instance: at a minimum of what is left of the loss, by dense states, and near one of the whole."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.training.smaller import smaller_instance
from cases import case
from grid import simulate
from samples import circuit

BONDS = [(q, q + 1) for q in range(9)] + [(0, 2)]


def qaoa(n, bonds, layers=2):
    gates = [("h", [q]) for q in range(n)]
    for k in range(layers):
        gates += [("rzz", [a, b], f"g{k}") for a, b in bonds]
        gates += [("rx", [q], f"b{k}") for q in range(n)]
    return circuit(n, gates)


def cut(bonds):
    return " + ".join(f"Z{a} Z{b}" for a, b in bonds)


def least(bonds, n):
    spins = 1 - 2 * (np.arange(2**n)[:, None] >> np.arange(n) & 1)
    return sum(spins[:, a] * spins[:, b] for a, b in bonds).min()


def test_the_loss_there():
    """The qubits that belong together are the triangle and those of the chain next to it."""
    whole = case(qaoa(10, BONDS), cut(BONDS))
    found = dict(Ask(whole)(smaller_instance))
    bonds = [bond for bond in BONDS if max(bond) < 8]
    small = case(qaoa(8, bonds), cut(bonds))
    values = [found[p] for p in range(len(small.circuit.parameters))]
    (value,), slopes = simulate(small.circuit, small.context.observable, values, 1)
    assert max(abs(slope) for (slope,) in slopes.values()) < 0.05, "it has come to rest"
    assert value / least(bonds, 8) > 0.7
    (uniform,), _ = simulate(small.circuit, small.context.observable, [0.0] * len(values), 1)
    assert value < uniform


@pytest.mark.parametrize(
    "c",
    [
        qaoa(8, BONDS[:7]),  # no larger than a smaller instance
        circuit(10, [(name, [q], f"{name}{q}") for q in range(10) for name in ("ry", "rz")]),  # each turns one qubit
        circuit(10, [("h", [0])]),  # nothing turns
        circuit(10, [("rx", [q], "a") for q in range(10)] + [("rzz", [0, 9], "b")]),  # one of two qubits
    ],
)
def test_there_is_none(c):
    assert Ask(case(c, "Z0 Z1"))(smaller_instance) == ()
