"""Free fermions recognised among Pauli strings, against closures string by string."""

import numpy as np
import pytest

from bplint.analyses.dla.pauli.free_fermions import recognise
from bplint.ir.pauli import Anticommutation, anticommute, from_letters
from dense import pauli_closure

X, Z, Y = 1, 2, 3


def majorana(k, n):
    """γ_0 = X0, γ_1 = Y0, γ_2 = Z0 X1 …"""
    q = k // 2
    return from_letters([*((p, Z) for p in range(q)), (q, X if k % 2 == 0 else Y)], n)


def connected(rng, n, length):
    strings = [int(rng.integers(1, 4**n))]
    while len(strings) < length:
        string = int(rng.integers(1, 4**n))
        if string not in strings and any(anticommute(string, s, n) for s in strings):
            strings.append(string)
    return strings


@pytest.mark.parametrize("seed", range(80))
def test_recognised_strings_close_to_so_m_and_others_do_not(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    strings = connected(rng, n, int(rng.integers(2, 7)))
    closure = pauli_closure(strings, n)
    fermions = recognise(Anticommutation(n, strings))
    if fermions is None:
        # Exponential type: not of dimension 2^c m(m-1)/2 with few modes, unless the rank is too small to tell.
        assert len(closure) >= 15
        return
    m = fermions.majoranas
    assert len(closure) == (m * (m - 1) // 2) << len(fermions.center)
    assert {s for s in range(4**n) if fermions.contains(s)} == closure


@pytest.mark.parametrize("m", [3, 5, 7, 8])
def test_majorana_pairs_along_any_tree(m):
    """Pairs along a tree of m modes generate so(m), every pair and nothing else; so(4) would be two copies of so(3)."""
    rng, n = np.random.default_rng(m), (m + 1) // 2
    pairs = [(int(rng.integers(k)), k) for k in range(1, m)]
    fermions = recognise(Anticommutation(n, [majorana(a, n) ^ majorana(b, n) for a, b in pairs]))
    assert fermions.majoranas == m
    assert len(fermions.center) == 0
    assert {s for s in range(4**n) if fermions.contains(s)} == {
        majorana(a, n) ^ majorana(b, n) for b in range(m) for a in range(b)
    }
    bilinears = {a ^ b for a in fermions.potentials for b in fermions.potentials if a != b}
    assert bilinears == {s for s in range(4**n) if fermions.contains(s)}


def drawn(edges):
    """Strings whose anticommutation graph has these edges: X at one end, Z at the other, on a qubit for each."""
    n = len(edges)
    letters = {}
    for q, (a, b) in enumerate(edges):
        letters.setdefault(a, []).append((q, X))
        letters.setdefault(b, []).append((q, Z))
    return [from_letters(letters[v], n) for v in sorted(letters)], n


def test_a_claw_is_no_line_graph_unless_its_leaves_are_alike():
    """0 anticommutes with 1, 2 and 3, which commute with each other; 4 and 5 tell them apart."""
    apart, n = drawn([(0, 1), (0, 2), (0, 3), (1, 4), (2, 5)])
    assert recognise(Anticommutation(n, apart)) is None
    alike, n = drawn([(0, 1), (0, 2), (0, 3)])
    fermions = recognise(Anticommutation(n, alike))
    assert (fermions.majoranas, len(fermions.center)) == (3, 2)
    assert {s for s in range(4**n) if fermions.contains(s)} == pauli_closure(alike, n)


@pytest.mark.parametrize("m", [5, 7])
def test_absorbing_enlarges_repeats_or_refuses(m):
    """Of five modes the product of four pairs the fifth with a new one, as γ_0 γ_1 γ_2 γ_3 γ_4 commutes with all; of
    seven it is no pair."""
    n = 4
    fermions = recognise(Anticommutation(n, [majorana(k, n) ^ majorana(k + 1, n) for k in range(m - 1)]))
    assert fermions.absorb(majorana(0, n) ^ majorana(m - 1, n)) is False
    four = majorana(0, n) ^ majorana(1, n) ^ majorana(2, n) ^ majorana(3, n)
    assert fermions.absorb(four) is (True if m == 5 else None)
    assert fermions.majoranas == (6 if m == 5 else 7)


def test_central_factors_double_the_copies():
    """X0 and Z0 Z1, X0 Z2: the last differs from the first by Z2, which commutes with all."""
    n = 3
    strings = [from_letters([(0, X)], n), from_letters([(0, Z), (1, Z)], n), from_letters([(0, X), (2, Z)], n)]
    fermions = recognise(Anticommutation(n, strings))
    assert (fermions.majoranas, len(fermions.center)) == (3, 1)
    assert {s for s in range(4**n) if fermions.contains(s)} == pauli_closure(strings, n)
