"""Half the difference of the extreme eigenvalues, against matrices and closed forms."""

from functools import reduce

import numpy as np
import pytest

import bplint.ir.spectral_range
from bplint.ir.pauli import anticommute, from_label, to_label
from bplint.ir.spectral_range import spectral_range

LETTERS = {"I": np.eye(2), "X": np.eye(2)[::-1], "Y": np.array([[0, -1j], [1j, 0]]), "Z": np.diag([1, -1])}


def matrix(string, n):
    return reduce(np.kron, (LETTERS[letter] for letter in to_label(string, n)))


def of(*terms):
    return spectral_range(tuple((from_label(label), c) for label, c in terms), len(terms[0][0]))


def on(places, n):
    return from_label("".join("Z" if q in places else "I" for q in range(n)))


def ring(n):
    return tuple((on((q, (q + 1) % n), n), 1.0) for q in range(n))


@pytest.mark.parametrize(("n", "want"), [(3, 2), (4, 4), (5, 4), (13, 12), (14, 14), (63, 62), (64, 64), (65, 64)])
def test_of_an_odd_ring_one_bond_stays_frustrated(n, want):
    """Σ ZZ on a ring goes from n down to -n where n is even, and to 2 - n where it is odd."""
    assert spectral_range(ring(n), n) == (want, True)


def test_hands_on():
    assert of(("X", 0.5)) == (0.5, True)
    assert of(("XX", 1.0), ("YY", 1.0)) == (2.0, True)
    assert of(("ZI", 1.0), ("IZ", 1.0)) == (2.0, True)
    assert of(("XX", 1.0), ("YY", 1.0), ("ZZ", 1.0)) == (2.0, True), "the SWAP: 1 three times and -3"
    assert of(("XX", 1.0), ("YY", 1.0), ("ZZ", -1.0)) == (2.0, True)


@pytest.mark.parametrize("few", [12, 0])
@pytest.mark.parametrize("seed", range(12))
def test_random_sums_against_matrices(seed, few, monkeypatch):
    """Both ways of looking for the signs: by all eigenvalues, and by the checks that are broken."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 6))
    strings: list[int] = []
    for string in rng.permutation(np.arange(1, 4**n)).tolist():
        if len(strings) < 9 and not any(anticommute(string, other, n) for other in strings):
            strings.append(string)
    terms = tuple((string, float(c)) for string, c in zip(strings, rng.normal(size=len(strings)), strict=True))
    monkeypatch.setattr(bplint.ir.spectral_range, "FREE", few)
    values = np.linalg.eigvalsh(sum(c * matrix(string, n) for string, c in terms))
    found = spectral_range(terms, n)
    assert found.exact
    assert found.value == pytest.approx((values[-1] - values[0]) / 2)


def test_what_is_too_much_is_the_sum_and_says_so():
    n = 14
    pairs = tuple((on((a, b), n), 1.0) for a in range(n) for b in range(a))
    assert spectral_range(pairs, n) == (91.0, False)
    n = 13
    pairs = tuple((on((a, b), n), 1.0) for a in range(n) for b in range(a))
    assert spectral_range(pairs, n) == ((78 + 6) / 2, True), "six and seven: 36 bonds of 42 turned"
