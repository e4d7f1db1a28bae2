"""Pauli symmetries against all 4^n strings, by matrices."""

import numpy as np
import pytest

from bplint.analyses.symmetry.commutant import commutant, is_abelian, kept_strings
from bplint.ir.frame import frame
from bplint.ir.pauli import LinearSpan, anticommute, from_label
from samples import circuit, label_matrix, random_gates, unitary_of


def spanned(basis):
    found = {0}
    for string in basis:
        found |= {string ^ other for other in found}
    return found


@pytest.mark.parametrize("seed", range(60))
def test_kept_strings_are_those_that_commute_with_the_unitary(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    c = circuit(n, random_gates(rng, n, int(rng.integers(1, 8)), parametric=("rz", "rzz", "rx", "rz", "rzz")))
    unitaries = [unitary_of(c, {p.name: rng.uniform(0, 6) for p in c.parameters}) for _ in range(3)]
    matrices = {string: label_matrix(string, n) for string in range(4**n)}
    expected = {s for s, m in matrices.items() if all(np.allclose(u @ m, m @ u) for u in unitaries)}
    basis = kept_strings(frame(c))
    assert spanned(basis) == expected
    assert len(LinearSpan(basis)) == len(basis)


@pytest.mark.parametrize("seed", range(30))
def test_commutant(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    strings = [int(s) for s in rng.integers(0, 4**n, int(rng.integers(0, 7)))]
    expected = {s for s in range(4**n) if not any(anticommute(s, other, n) for other in strings)}
    assert spanned(commutant(strings, n)) == expected


def test_a_clifford_that_turns_the_sign_is_no_symmetry():
    assert kept_strings(frame(circuit(1, [("x", [0])]))) == [from_label("X")]


def test_a_parity_is_kept_across_a_thousand_qubits():
    n = 1000
    gates = [("rx", [q], f"a{q}") for q in range(n)] + [("rzz", [q, (q + 1) % n], f"b{q}") for q in range(n)]
    assert kept_strings(frame(circuit(n, gates))) == [(1 << n) - 1]


def test_is_abelian():
    assert is_abelian([from_label("XX"), from_label("ZZ")], 2)
    assert not is_abelian([from_label("XI"), from_label("ZZ")], 2)
