"""Algebras of exponential type: dimension and membership against closures, the form against its definition."""

import numpy as np
import pytest

from bplint.analyses.dla.pauli.free_fermions import recognise
from bplint.analyses.dla.pauli.quadric import Quadric, lift
from bplint.ir.pauli import Anticommutation, LinearSpan, anticommute, from_letters
from dense import pauli_closure

X, Z, Y = 1, 2, 3
DIMENSION = {"so": lambda k: k * (k - 1) // 2, "sp": lambda k: k * (2 * k + 1), "su": lambda k: k * k - 1}


def quadric(strings, n):
    return Quadric(Anticommutation(n, strings), LinearSpan(lift(s, n) for s in strings))


def exponential_sets(n, count, seed):
    """Connected sets that are no free fermions; two qubits have none, as su(4) is so(6)."""
    rng = np.random.default_rng(seed)
    while count:
        strings = [int(rng.integers(1, 4**n))]
        while len(strings) < 3 + int(rng.integers(2 * n)):
            string = int(rng.integers(1, 4**n))
            if string not in strings and any(anticommute(string, s, n) for s in strings):
                strings.append(string)
        if recognise(Anticommutation(n, strings)) is None:
            count -= 1
            yield strings


@pytest.mark.parametrize(("n", "count"), [(3, 40), (4, 8)])
def test_dimension_and_membership_are_those_of_the_closure(n, count):
    families = set()
    for strings in exponential_sets(n, count, n):
        found = quadric(strings, n)
        closure = pauli_closure(strings, n)
        family, size, copies, _ = found.algebra()
        families.add(family)
        assert copies * DIMENSION[family](size) == len(closure)
        assert {s for s in range(4**n) if found.contains(s)} == closure
    assert len(families) > 1


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_lifted_bit_is_a_quadratic_form_that_polarises_to_the_commutation(n):
    """Q(u + v) = Q(u) + Q(v) + [u, v anticommute], for Q(v) = 1 + the lifted bit: the number of Ys."""
    for u in range(4**n):
        for v in range(4**n):
            ys = [1 ^ lift(w, n) & 1 for w in (u, v, u ^ v)]
            assert ys[2] == ys[0] ^ ys[1] ^ anticommute(u, v, n)
        assert lift(u, n) >> 1 == u


def test_all_strings_with_an_odd_number_of_ys_are_so_of_the_whole_space():
    """RY on every qubit and CZ-like products make real unitaries: so(2^n), 2^n (2^n - 1)/2 dimensions."""
    n = 3
    odd = [s for s in range(1, 4**n) if (s & s >> n).bit_count() & 1]
    assert quadric(odd, n).algebra() == ("so", 8, 1, 3)
    assert {s for s in range(4**n) if quadric(odd, n).contains(s)} == set(odd)


def test_strings_of_an_odd_number_of_letters_are_symplectic_or_orthogonal_by_the_width():
    """Single letters and all odd products of them keep the spin flip, of square (-1)^n: sp for odd n, so for even."""
    for n, family in ((2, "so"), (3, "sp"), (4, "so"), (5, "sp")):
        odd = [s for s in range(1, 4**n) if (s & (1 << n) - 1 | s >> n).bit_count() & 1]
        name, size, copies, pairs = quadric(odd, n).algebra()
        assert (name, copies, pairs) == (family, 1, n)
        assert DIMENSION[name](size) == len(odd)


@pytest.mark.parametrize("n", [5, 40, 64, 65])
def test_single_letters_and_bonds_are_su_of_the_whole_space(n):
    strings = [from_letters([(q, k)], n) for q in range(n) for k in (X, Z)]
    strings += [from_letters([(q, Z), (q + 1, Z)], n) for q in range(n - 1)]
    assert quadric(strings, n).algebra() == ("su", 1 << n, 1, n)
