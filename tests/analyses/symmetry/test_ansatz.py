"""What a circuit keeps for all angles, against its unitary at random ones."""

from itertools import permutations

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry.ansatz import ansatz_symmetries
from cases import case
from rewriting import permutation_matrix, same
from samples import circuit, label_matrix, random_gates, unitary_of


def kept(c):
    return Ask(case(c, "Z0"))(ansatz_symmetries)


def unitaries(c, count=3):
    rng = np.random.default_rng(0)
    return [unitary_of(c, {p.name: float(rng.uniform(-3, 3)) for p in c.parameters}) for _ in range(count)]


def commutes(operator, us):
    return all(np.allclose(operator @ u, u @ operator) for u in us)


def test_cliffords_have_to_be_invariant_as_well_as_the_generators():
    """Both generators come back when the qubits are exchanged; CX does not, and nor does the circuit."""
    layer = [("rx", [0], "a"), ("rx", [1], "a")]
    c = circuit(2, [*layer, ("cx", [0, 1])])
    assert not kept(c).keeps_permutation((1, 0))
    assert not same(
        *(u @ permutation_matrix((1, 0)) for u in unitaries(c, 1)), permutation_matrix((1, 0)) @ unitaries(c, 1)[0]
    )
    for last in ("cz", "swap", "iswap"):
        assert kept(circuit(2, [*layer, (last, [0, 1])])).keeps_permutation((1, 0))
    assert not kept(circuit(2, [*layer, ("s", [0])])).keeps_permutation((1, 0))
    assert kept(circuit(2, [*layer, ("s", [0]), ("s", [1])])).keeps_permutation((1, 0))


def test_signs_of_the_cliffords_count():
    """X on one qubit leaves every axis but turns the angle of RZ there."""
    c = circuit(2, [("rz", [0], "a"), ("rz", [1], "a"), ("x", [0])])
    assert not kept(c).keeps_permutation((1, 0))
    assert kept(circuit(2, [("rz", [0], "a"), ("rz", [1], "a"), ("x", [0]), ("x", [1])])).keeps_permutation((1, 0))


def test_generators_have_to_come_back_as_they_are():
    assert not kept(circuit(2, [("rx", [0], "a"), ("rx", [1], "b")])).keeps_permutation((1, 0))
    assert not kept(circuit(2, [("rx", [0], "a"), ("rx", [1], (-1.0, "a"))])).keeps_permutation((1, 0))


@pytest.mark.parametrize("seed", range(25))
def test_all_that_is_kept_commutes_with_the_circuit(seed):
    """Every permutation, string and plain charge of three qubits; Clifford rings and tied layers make many of them kept."""
    rng = np.random.default_rng(seed)
    n = 3
    name, bond = str(rng.choice(["rx", "ry", "rz"])), str(rng.choice(["rzz", "rxx"]))
    gates = [(name, [q], "a") for q in range(n)] + [(bond, [q, (q + 1) % n], "b") for q in range(n)]
    gates += [("cz", [q, (q + 1) % n]) for q in range(n)] if rng.random() < 0.5 else []
    gates += random_gates(rng, n, int(rng.integers(3)))
    c = circuit(n, gates)
    found, us = kept(c), unitaries(c)
    for p in permutations(range(n)):
        if found.keeps_permutation(p):
            m = permutation_matrix(p)
            assert all(same(u @ m, m @ u) for u in us)
    for string in range(1, 4**n):
        assert found.keeps_string(string) <= commutes(label_matrix(string, n), us)
    for letter, code in (("X", 1), ("Z", 2), ("Y", 3)):
        charge = sum(label_matrix(code_at(q, code, n), n) for q in range(n))
        assert found.keeps_charge([1] * n, letter) <= commutes(charge, us)


def code_at(q, code, n):
    return (code & 1) << q | (code >> 1) << q + n


@pytest.mark.parametrize("seed", range(15))
def test_what_is_not_kept_is_broken_where_every_parameter_is_used_once(seed):
    """Then no rotations undo each other, and strings are kept exactly where the unitaries say so."""
    rng = np.random.default_rng(seed)
    c = circuit(2, random_gates(rng, 2, 7, parametric=("rx", "rzz", "rxx")))
    found, us = kept(c), unitaries(c)
    assert [found.keeps_string(s) for s in range(1, 16)] == [commutes(label_matrix(s, 2), us) for s in range(1, 16)]
