"""The light cone against the strings that the loss becomes, and against locality's count."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.entanglement.cone import light_cone
from bplint.analyses.light_cone.locality import locality
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label, qubits, to_label
from cases import case
from samples import circuit, label_matrix, random_gates, unitary_of

MOVING = ("swap", "iswap", "dcx")


def cone(c, observable):
    return light_cone(c, parse(observable, c.n_qubits))


@pytest.mark.parametrize("seed", range(30))
def test_it_holds_all_that_the_loss_can_become(seed):
    rng = np.random.default_rng(seed)
    n = 3
    c = circuit(n, [g for g in random_gates(rng, n, 8) if g[0] not in MOVING])
    label = to_label(int(rng.integers(1, 4**n)), n)
    found = cone(c, label)
    for _ in range(3):
        u = unitary_of(c, {p.name: rng.uniform(0, 6) for p in c.parameters})
        start = u.conj().T @ label_matrix(from_label(label), n) @ u
        for s in range(1, 4**n):
            if abs(np.trace(label_matrix(s, n) @ start)) > 1e-9:
                assert set(qubits(s, n)) <= set(found)
    (term,) = Ask(case(c, label))(locality).terms
    assert len(found) >= term.light_cone


def test_a_brick_of_neighbours():
    n, gates = 12, []
    for layer in range(3):
        gates += [("ry", [q], f"t{layer}.{q}") for q in range(n)] + [("cz", [q, q + 1]) for q in range(n - 1)]
    assert cone(circuit(n, gates), "Z5") == (3, 4, 5, 6, 7)
    assert cone(circuit(n, gates), "X5") == (2, 3, 4, 5, 6, 7, 8)
    assert cone(circuit(n, gates), "Z0 + Z11") == (0, 1, 2, 9, 10, 11)


def test_wires_are_named_by_where_they_end():
    assert cone(circuit(3, [("ry", [0], "a"), ("swap", [0, 2])]), "Z2") == (2,)
    assert cone(circuit(3, [("rxx", [0, 1], "a"), ("swap", [0, 2])]), "Z2") == (1, 2)
    assert cone(circuit(3, [("rxx", [0, 1], "a"), ("iswap", [0, 2])]), "X2") == (0, 1, 2)


def test_half_turns_and_commuting_rotations_spread_nothing():
    assert cone(circuit(2, [("rxx", [0, 1], np.pi)]), "Z0") == (0,)
    assert cone(circuit(2, [("rzz", [0, 1], "a")]), "Z0") == (0,)
    assert cone(circuit(2, [("rzz", [0, 1], "a")]), "X0") == (0, 1)


def test_a_projector_has_the_cone_of_its_qubits():
    c = circuit(4, [("rzz", [1, 2], "b"), ("rxx", [0, 1], "a")])
    assert cone(c, "projector(0)") == (0, 1, 2)
