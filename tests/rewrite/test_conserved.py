"""Commutation with charges, against dense matrices."""

import numpy as np
import pytest

from bplint.ir.pauli import from_letters
from bplint.rewrite.conserved import Conserved
from bplint.rewrite.reading import source_gates
from rewriting import X, Y, Z, parity, total
from samples import circuit, label_matrix, random_gates, unitary_of

PARAMETRIC = ("rx", "rz", "rzz", "rxx", "xy", "crz", "cp", "p")


@pytest.mark.parametrize("seed", range(30))
def test_gates_commute_as_their_matrices_do(seed):
    rng = np.random.default_rng(seed)
    n = 3
    gates = [*random_gates(rng, n, 12, fixed=0.3, parametric=PARAMETRIC), ("ccx", [0, 1, 2]), ("ch", [0, 1])]
    c = circuit(n, gates)
    random = tuple(
        (from_letters([(q, int(rng.integers(4))) for q in range(n)], n), float(rng.normal())) for _ in range(3)
    )
    for charge in (parity(n, X), parity(n, Z), total(n, Z), total(n, Y), total(n, Z, [1, -1, 2]), random):
        q = sum(w * label_matrix(s, n) for s, w in charge)
        conserved = Conserved(c, [charge])
        for gate, row in zip(source_gates(c), gates, strict=True):
            alone = circuit(n, [row])
            u = unitary_of(alone, {p.name: rng.normal() for p in alone.parameters})
            assert conserved.allows(gate) == np.allclose(u @ q, q @ u)


@pytest.mark.parametrize("seed", range(20))
def test_prepared_states_are_eigenstates_as_their_vectors_are(seed):
    rng = np.random.default_rng(seed)
    n = 3
    c = circuit(n, [g for g in random_gates(rng, n, 4 + seed % 4) if len(g) == 2])
    state = unitary_of(c, {})[:, 0]
    for charge in (parity(n, X), parity(n, Z), total(n, Z), total(n, X)):
        q = sum(w * label_matrix(s, n) for s, w in charge)
        image = q @ state
        want = np.allclose(image, (state.conj() @ image) * state)
        assert Conserved(c, [charge]).prepared(source_gates(c)) == want


def test_a_run_may_commute_as_a_whole():
    ring = circuit(4, [("cz", [q, (q + 1) % 4]) for q in range(4)])
    conserved = Conserved(ring, [parity(4, X)])
    assert not any(conserved.allows(gate) for gate in source_gates(ring))
    assert conserved.allows_together(source_gates(ring))
    assert not conserved.allows_together(source_gates(ring)[:3])
    triangle = circuit(3, [("cz", [q, (q + 1) % 3]) for q in range(3)])
    assert not Conserved(triangle, [parity(3, X)]).allows_together(source_gates(triangle))  # XXX becomes -XXX
