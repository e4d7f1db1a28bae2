"""Matrices on Dicke states against dense matrices between them."""

from functools import reduce
from itertools import permutations

import numpy as np
import pytest

from bplint.analyses.gradients.symmetric_states.dicke import is_symmetric, matrix, weights
from bplint.ir.pauli import from_label

PAULI = {"I": np.eye(2), "X": np.array([[0, 1], [1, 0]]), "Y": np.array([[0, -1j], [1j, 0]]), "Z": np.diag([1, -1])}


def orbit(label):
    return sorted(set(map("".join, permutations(label))))


def terms(labels, coefficient=1.0):
    return {from_label(label): coefficient for label in labels}


@pytest.mark.parametrize("label", ["ZIII", "XIII", "YIII", "XXII", "YYZI", "XYZI", "XXXX", "XZII", "IIII"])
def test_elements_between_dicke_states(label):
    n = len(label)
    dense = sum(reduce(np.kron, (PAULI[p] for p in reversed(word))) for word in orbit(label))
    count = np.array([b.bit_count() for b in range(1 << n)])
    dicke = np.array([(count == k) / np.sqrt((count == k).sum()) for k in range(n + 1)])
    assert is_symmetric(terms(orbit(label)), n)
    found = matrix(terms(orbit(label)), range(n + 1), n)
    assert found == pytest.approx(dicke @ dense @ dicke.T, abs=1e-12)


def test_only_even_weights_are_reached_by_pairs():
    assert weights([terms(orbit("XXIII")), terms(orbit("ZIIII"))], 5) == [0, 2, 4]
    assert weights([terms(orbit("XIIII"))], 5) == [0, 1, 2, 3, 4, 5]
    assert weights([terms(orbit("ZZIII"))], 5) == weights([], 5) == [0]
    assert matrix(terms(orbit("XIIII")), [0, 2], 5) == pytest.approx(np.zeros((2, 2)))


def test_what_is_not_symmetric():
    assert is_symmetric({}, 3)
    assert not is_symmetric(terms(orbit("XII")[1:]), 3)
    assert not is_symmetric(terms(orbit("XYI")[:3]), 3)
    assert not is_symmetric(terms(orbit("XII")) | terms(orbit("XII")[:1], 1.5), 3)
    assert not is_symmetric(terms(orbit("ZII")) | terms(orbit("ZII")[:1], -1.0), 3)
