"""Starts against state vectors."""

import numpy as np
import pytest

from bplint.analyses.symmetry.start import bits_with, filling, letters_of, product, singlets
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label, from_letters
from samples import circuit, label_matrix, unitary_of

CODE = {"X": 1, "Z": 2, "Y": 3}


def prepared(gates, n):
    return unitary_of(circuit(n, [(name, list(qubits)) for name, qubits in gates]), {})[:, 0]


def test_products_are_eigenvectors_of_their_letters():
    letters = {0: "X", 1: "Y", 2: "Z", 3: "Y"}
    bits = [1, 0, 1, 1]
    state = prepared(product(bits, letters), 4)
    for q, letter in letters.items():
        image = label_matrix(from_letters([(q, CODE[letter])], 4), 4) @ state
        assert np.allclose(image, (1 - 2 * bits[q]) * state)


@pytest.mark.parametrize("seed", range(20))
def test_singlets_are_annihilated_by_signed_spins(seed):
    rng = np.random.default_rng(seed)
    n = 4
    x, z = (rng.choice([1, -1], n).tolist() for _ in range(2))
    signs = {"X": x, "Z": z, "Y": [a * b for a, b in zip(x, z, strict=True)]}
    state = prepared(singlets(signs), n)
    for letter, weights in signs.items():
        charge = sum(m * label_matrix(from_letters([(q, CODE[letter])], n), n) for q, m in enumerate(weights))
        assert np.allclose(charge @ state, 0)


@pytest.mark.parametrize("seed", range(20))
def test_bits_have_the_parities_asked_for(seed):
    rng = np.random.default_rng(seed)
    strings = [from_label(label) for label in ("ZZIII", "IZZIZ", "IIIZZ")]
    signs = rng.integers(0, 2, 3).tolist()
    bits = bits_with(strings, signs, 5)
    assert [(bits[0] + bits[1]) % 2, (bits[1] + bits[2] + bits[4]) % 2, (bits[3] + bits[4]) % 2] == signs


def test_letters_of_strings():
    assert letters_of([from_label("XIZ"), from_label("XYI")], 3) == {0: "X", 1: "Y", 2: "Z"}
    assert letters_of([from_label("XX"), from_label("ZZ")], 2) is None


def test_fillings_alternate_and_avoid_constant_losses():
    hopping = parse("X0 X1 + Y0 Y1 + X2 X3 + Y2 Y3", 4).terms
    assert filling([1, 1, 1, 1], hopping, None) == [0, 1, 0, 1]
    assert filling([1, -1, 1, -1], hopping, None) == [0, 0, 0, 0]
    assert filling([1, 1, 1, 1], parse("mean(Z)", 4).terms, None) is None
    assert sum(m * (1 - 2 * b) for m, b in zip([2, 1, 1, -2], filling([2, 1, 1, -2], hopping, None), strict=True)) == 0


def test_the_filling_is_that_of_a_state_of_least_energy():
    lowest = np.zeros(16, dtype=complex)
    lowest[0b0111] = lowest[0b1110] = 0.5**0.5
    hopping = parse("X0 X1 + Y0 Y1", 4).terms
    assert sum(filling([1, 1, 1, 1], hopping, lowest)) == 3
    lowest = np.zeros(16, dtype=complex)
    lowest[0] = 1
    assert filling([1, 1, 1, 1], hopping, lowest) is None  # alone in its sector
