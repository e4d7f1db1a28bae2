"""Modes of free fermions: strings that anticommute, their covariances in |0…0>, and what a string is in them."""

from functools import reduce

import numpy as np
import pytest

from bplint.analyses.training.majoranas import majoranas
from bplint.ir.pauli import from_label
from samples import label_matrix

MATCHGATES = ("ZIII", "IZII", "IIZI", "IIIZ", "XXII", "IXXI", "IIXX")
SOME = ("ZIII", "XXII", "YXII", "XZXI", "XZZX", "ZZII", "ZZZZ", "IYYI")


def modes(labels=MATCHGATES):
    return majoranas(map(from_label, labels), 4)


def matrices(found):
    return [label_matrix(mode, 4) for mode in found.modes]


def test_modes_anticommute_and_have_the_covariances_of_the_start():
    found = modes()
    gammas = matrices(found)
    assert len(gammas) == 8
    for a, one in enumerate(gammas):
        for b, other in enumerate(gammas):
            assert np.allclose(one @ other + other @ one, 2 * np.eye(16) * (a == b))
            seen = (1j * one @ other)[0, 0].real if a != b else 0.0
            assert seen == pytest.approx(found.signs[a] if found.partners[a] == b else 0)


@pytest.mark.parametrize("label", SOME)
def test_a_string_is_a_product_of_modes(label):
    """On the states that are reached, which are those of even parity."""
    found = modes()
    product = found.product(from_label(label))
    gammas = matrices(found)
    made = product.factor * reduce(np.matmul, (gammas[a] for a in product.modes), np.eye(16))
    even = np.diag([1.0 - b.bit_count() % 2 for b in range(16)])
    assert np.allclose(made @ even, label_matrix(from_label(label), 4) @ even)
    assert product.bare == np.allclose(made, label_matrix(from_label(label), 4))
    assert len(product.modes) <= 4


def test_the_parity_is_no_product_at_all():
    assert modes().product(from_label("ZZZZ")).modes == ()


@pytest.mark.parametrize(
    "labels",
    [
        (),
        ("ZIII", "IIXX"),  # that do not meet
        (*MATCHGATES, "ZZII"),  # of four modes
        ("XIII", "YIII"),  # three modes, of which the start is no pure state
        ("XXII", "IYYI", "IIXX"),
    ],
)
def test_what_has_no_modes(labels):
    assert modes(labels) is None
