"""Upper bounds hold, and are met where the generators make all that is conserved."""

import itertools

import pytest

from bplint.analyses.dla.closure.commutant_bounds import ceiling, necklaces
from bplint.analyses.dla.closure.modular import PRIMES, close
from bplint.ir.pauli import from_letters

X, Z, Y = 1, 2, 3


def terms(n, *strings):
    return {from_letters(letters, n): 1 for letters in strings}


@pytest.mark.parametrize("n", range(1, 7))
def test_necklaces_are_counted(n):
    words = itertools.product(range(4), repeat=n)
    rotated = {min(w[i:] + w[:i] for i in range(n)) for w in words}
    assert necklaces(n, reflected=False) == len(rotated)
    mirrored = {min(w[::-1][i:] + w[::-1][:i] for i in range(n)) for w in rotated}
    assert necklaces(n, reflected=True) == len(
        {min(w, min(w[::-1][i:] + w[::-1][:i] for i in range(n))) for w in rotated}
    )
    assert mirrored == rotated


@pytest.mark.parametrize("n", [4, 5])
def test_known_families_stay_below(n):
    pairs = [*itertools.combinations(range(n), 2)]
    bonds = [terms(n, *[[(q, letter), (q + 1, letter)] for letter in (X, Y, Z)]) for q in range(n - 1)]
    exchange = [terms(n, [(q, X), (q + 1, X)], [(q, Y), (q + 1, Y)]) for q in range(n - 1)]
    exchange += [terms(n, [(q, Z)]) for q in range(n)] + [terms(n, [(q, Z), (q + 1, Z)]) for q in range(n - 1)]
    alike = [terms(n, *[[(q, letter)] for q in range(n)]) for letter in (X, Y)]
    alike.append(terms(n, *[[(a, Z), (b, Z)] for a, b in pairs]))
    ring = [terms(n, *[[(q, X)] for q in range(n)]), terms(n, *[[(q, Z), ((q + 1) % n, Z)] for q in range(n)])]
    slack = {}
    for name, generators in {"bonds": bonds, "exchange": exchange, "alike": alike, "ring": ring}.items():
        slack[name] = ceiling(generators, n, PRIMES[0]) - close(generators, n).dimension
    # Theory 3's closed forms: Catalan(n) - n/2, C(2n, n) - n + 1 and C(n+3, 3) - n/2.
    assert slack == {"bonds": n // 2 - 1, "exchange": n - 2, "alike": n // 2 - 1, "ring": slack["ring"]}
    assert slack["ring"] >= 0


def test_without_symmetry_there_is_none():
    assert ceiling([{from_letters([(0, X)], 2): 1}, {from_letters([(1, Z)], 2): 1}], 2, PRIMES[0]) is None
