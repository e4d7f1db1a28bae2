"""An observable as symmetries are looked for, against its matrix."""

import numpy as np
import pytest

from bplint.analyses.symmetry.loss import LossSymmetry
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label
from lie_closure import operator_matrix
from models import HYDROGEN, exchange, ising, path, ring
from samples import label_matrix

MODELS = {
    "ising": (ising(ring(4), 4), 4),
    "exchange": (exchange(path(4), 0.5), 4),
    "hydrogen": (HYDROGEN, 4),
    "staggered": ("X0 X1 - Y0 Y1 + 0.3*Z0 - 0.3*Z1", 2),
    "odd": ("X0 + 0.7*Y0 Z1 + Z2", 3),
    "projector": ("projector(0..n-1)", 3),
}


def loss(name):
    text, n = MODELS[name]
    return LossSymmetry(parse(text, n))


def matrix(found):
    if found.observable.projector:
        size = 2**found.n
        return np.diag([1.0 if b == 0 else 0.0 for b in range(size)])
    return operator_matrix(found.terms, found.n)


@pytest.mark.parametrize("name", MODELS)
def test_the_commutant_is_what_commutes_with_every_term(name):
    found = loss(name)
    want = {
        s
        for s in range(4**found.n)
        if all(
            np.allclose(
                label_matrix(s, found.n) @ label_matrix(t, found.n), label_matrix(t, found.n) @ label_matrix(s, found.n)
            )
            for t in found.strings
        )
    }
    spanned = {0}
    for string in found.commutant:
        spanned |= {s ^ string for s in spanned}
    assert spanned == want


@pytest.mark.parametrize("name", MODELS)
def test_charges_commute_with_the_observable(name):
    found, dense = loss(name), matrix(loss(name))
    for letter, weights in found.weights.items():
        for m in weights.basis(found.n):
            charge = sum(
                w * label_matrix(from_label("I" * q + letter + "I" * (found.n - q - 1)), found.n)
                for q, w in enumerate(m)
            )
            assert np.allclose(charge @ dense, dense @ charge)


def test_the_plainest_charge_is_all_equal_where_that_is_one():
    assert loss("exchange").charge("Z") == [1, 1, 1, 1]
    assert loss("staggered").charge("Z") == [1, -1]
    assert loss("ising").charge("Z") is None
    assert loss("projector").charge("Z") == [1, 1, 1]


def test_a_charge_that_misses_most_qubits_is_none():
    assert LossSymmetry(parse("X0 + X1 + Z2", 3)).charge("Z") is None, "it could only be Z2"
    assert LossSymmetry(parse("X0 + Z1 + Z2", 3)).charge("Z") == [0, 1, 1]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("letter", ["Z", "X", "Y"])
def test_the_lowest_state_has_the_least_energy_in_the_turned_frame(name, letter):
    """A Clifford on every qubit takes the letter to Z: the spectrum stays, up to signs that do not change it."""
    found = loss(name)
    vector = found.lowest(letter)
    assert vector is not None
    if found.observable.projector:
        assert abs(vector.reshape(-1)[0]) < 1e-6, "no overlap with |0…0⟩"
        return
    assert np.isclose(np.linalg.norm(vector), 1)
    assert found.lowest(letter) is vector, "found once"
    if letter == "Z":
        # Qubit 0 is the lowest bit of the index, the leftmost factor of the matrix.
        order = [int(f"{b:0{found.n}b}"[::-1], 2) for b in range(2**found.n)]
        state = np.asarray(vector)[order]
        dense = matrix(found)
        assert np.isclose((state.conj() @ dense @ state).real, np.linalg.eigvalsh(dense)[0], atol=1e-6)


def test_what_takes_too_long_has_no_lowest_state():
    assert LossSymmetry(parse("mean(Z)", 40)).lowest() is None


def test_permutations_leave_a_projector_as_the_product_of_its_z():
    assert loss("projector").operator == {from_label("ZZZ"): 1.0}
    assert loss("odd").operator == {from_label("XII"): 1.0, from_label("YZI"): 0.7, from_label("IIZ"): 1.0}
