"""Obstructions to free fermions: minimal, and complete as a list of single culprits."""

import random

import pytest

from bplint.analyses.dla.pauli import obstruction as module
from bplint.analyses.dla.pauli.classify import classify
from bplint.analyses.dla.pauli.obstruction import obstruction
from bplint.ir.pauli import from_letters, to_sparse
from dense import pauli_closure

X, Z = 1, 2


def is_free(strings, n):
    return all(c.free_fermion for c in classify(strings, n).components)


def matchgates(n):
    bonds = [from_letters([(i, X), (i + 1, X)], n) for i in range(n - 1)]
    return [from_letters([(i, Z)], n) for i in range(n)] + bonds


@pytest.mark.parametrize("seed", range(150))
def test_it_is_minimal_and_every_single_culprit_is_in_it(seed):
    rng = random.Random(seed)
    n = rng.randint(3, 5)
    strings = list(dict.fromkeys(rng.randrange(1, 4**n) for _ in range(rng.randint(4, 12))))
    found = obstruction(strings, n)
    if not found:
        assert is_free(strings, n)
        return
    assert set(found) <= set(strings)
    assert not is_free(found, n)
    for string in found:
        assert is_free([s for s in found if s != string], n)
    for string in strings:
        if is_free([s for s in strings if s != string], n):
            assert string in found


@pytest.mark.parametrize("seed", range(40))
def test_an_obstruction_is_one_by_brute_force(seed):
    """Six connected strings that generate 36, 72, …: more than free fermions of as many Majoranas could."""
    rng = random.Random(seed)
    found = obstruction([rng.randrange(1, 4**4) for _ in range(10)], 4)
    if found:
        assert len(found) == 6
        assert len(pauli_closure(found, 4)) >= 36
        for string in found:
            assert len(pauli_closure([s for s in found if s != string], 4)) <= 2 * 15


@pytest.mark.parametrize("n", [8, 63, 64, 65, 130])
def test_a_bulk_x_is_found_among_matchgates_wherever_it_stands(n):
    bulk = from_letters([(n // 2, X)], n)
    for strings in ([bulk, *matchgates(n)], [*matchgates(n), bulk]):
        found = obstruction(strings, n)
        assert bulk in found
        near = {n // 2 - 1, n // 2, n // 2 + 1}
        assert all({int(word[1:]) for word in to_sparse(s, n).split()} <= near for s in found)


@pytest.mark.parametrize("n", [3, 8, 40])
def test_short_strings_first_gives_the_same_answer(n):
    bulk = from_letters([(n // 2, X)], n)
    long = from_letters([(q, X) for q in range(n)], n)
    for strings in ([], matchgates(n), [bulk, *matchgates(n)], [long, *matchgates(n)], [long, bulk, *matchgates(n)]):
        assert module.is_free(strings, n) == is_free(strings, n)


def test_free_fermions_have_none():
    assert obstruction([], 3) == ()
    assert obstruction([5], 3) == ()
    assert obstruction([*matchgates(9), from_letters([(0, X)], 9)], 9) == ()
