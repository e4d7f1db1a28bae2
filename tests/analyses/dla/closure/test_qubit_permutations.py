"""Symmetry groups of generators, and orbit representatives against all permutations."""

import itertools

import numpy as np
import pytest

from bplint.analyses.dla.closure.qubit_permutations import placings, symmetry
from bplint.ir.pauli import from_label, from_letters, to_label

X, Z, Y = 1, 2, 3


def terms(n, *strings):
    return {from_letters(letters, n): 1 for letters in strings}


def ring(n, order=None, start=0):
    order = order or list(range(n))
    pairs = zip(order, order[1:] + order[:1], strict=True)
    return [terms(n, *[[(q, X)] for q in order]), terms(n, *[[(a, Z), (b, Z)] for a, b in pairs])]


def permuted(label, permutation):
    return "".join(label[permutation.index(q)] for q in range(len(label)))


@pytest.mark.parametrize(
    ("generators", "n", "name"),
    [
        (ring(5), 5, "D_5"),
        (ring(6, [0, 3, 1, 5, 2, 4]), 6, "D_6"),
        (ring(3), 3, "S_3"),
        ([terms(4, *[[(a, Z), (b, Z)] for a, b in itertools.combinations(range(4), 2)])], 4, "S_4"),
        ([terms(5, [(0, X)], [(1, X)]), terms(5, [(2, Z), (3, Z)]), terms(5, [(4, Y)])], 5, "S_2 × S_2"),
        ([terms(5, *[[(q, X), ((q + 1) % 5, Y)] for q in range(5)])], 5, "C_5"),
    ],
)
def test_groups_are_recognised(generators, n, name):
    assert symmetry(generators, n).name == name


def test_what_has_no_symmetry_has_none():
    path = [
        terms(4, [(0, X)], [(1, X)], [(2, X)], [(3, X)]),
        terms(4, [(0, Z), (1, Z)], [(1, Z), (2, Z)], [(2, Z), (3, Z)]),
    ]
    assert symmetry(path, 4) is None
    weighted = ring(5)
    weighted[0][from_letters([(0, X)], 5)] = 2
    assert symmetry(weighted, 5) is None


def test_swaps_must_keep_the_coefficients():
    assert symmetry([{from_label("XI"): 1, from_label("IX"): 2}], 2) is None
    assert symmetry([{from_label("XI"): 2, from_label("IX"): 2}], 2).name == "S_2"


@pytest.mark.parametrize("generators", [ring(5), ring(5, [0, 3, 1, 4, 2]), [terms(5, *[[(q, X)] for q in (0, 2, 3)])]])
def test_representatives_are_equal_within_orbits_only(generators):
    """Against the group itself: all permutations that fix the generators."""
    n, group = 5, symmetry(generators, 5)
    fixing = [
        p
        for p in itertools.permutations(range(n))
        if all({from_label(permuted(to_label(s, n), p)): c for s, c in g.items()} == dict(g) for g in generators)
    ]
    rng = np.random.default_rng(0)
    for _ in range(40):
        label = "".join(rng.choice(list("IXYZ"), n))
        orbit = {permuted(label, p) for p in fixing}
        found = group.representative(from_label(label))
        assert to_label(found, n) in orbit
        assert {group.representative(from_label(other)) for other in orbit} == {found}


@pytest.mark.parametrize("seed", range(20))
def test_placings_are_the_orbits_that_are_left(seed):
    """Against all permutations within the classes: those that fix one string, applied to the other."""
    rng = np.random.default_rng(seed)
    n, classes = 5, [[0, 3, 4], [1, 2]]
    string, around = ("".join(rng.choice(list("IXYZ"), n)) for _ in range(2))
    allowed = [
        p for p in itertools.permutations(range(n)) if all({p[q] for q in members} == {*members} for members in classes)
    ]
    fixing = [p for p in allowed if permuted(around, p) == around]
    parts = {frozenset(permuted(permuted(string, p), f) for f in fixing) for p in allowed}
    found = placings(from_label(string), from_label(around), classes, n)
    assert len(found) == len(parts)
    for placed, size in found:
        (part,) = (part for part in parts if to_label(placed, n) in part)
        assert len(part) == size
