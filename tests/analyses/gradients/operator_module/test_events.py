"""Events and what they do to strings, against matrices."""

import numpy as np
import pytest

from bplint.analyses.gradients.operator_module.events import Event, actions, merged, reach, terms_of
from bplint.ir.frame import frame
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label
from grid import matrix_of
from matrices import exponential
from samples import circuit, label_matrix, unitary_of


@pytest.mark.parametrize(
    "generator",
    [
        {"XII": 1.0},
        {"IXI": 0.5, "ZXI": -0.5},
        {"XXI": 1.0, "YYI": 1.0},
        {"XXI": 1.0, "YYI": 1.0, "ZZI": 2**0.5},
        {"ZZI": 1.0, "IZZ": 1.0, "ZIZ": 1.0},
        {"XXX": 0.25, "XYY": -0.25, "YXY": 0.25, "YYX": 0.5},
    ],
)
def test_an_event_acts_as_its_exponential(generator):
    """U† P U for every string P of three qubits, from the eigenbasis and from the matrix exponential."""
    strings = list(range(64))
    (action,) = actions([Event((0, 0), {from_label(s): c for s, c in generator.items()})], strings, 3)
    unitary = exponential(0.35, generator)  # exp(-iθG/2) at θ = 0.7
    paulis = np.array([label_matrix(s, 3) for s in strings])
    expected = np.einsum("iab,jba->ij", paulis, unitary.conj().T @ paulis @ unitary).real / 8
    phases = np.diag(np.exp(0.7j * action.frequencies[action.code]))
    basis = np.eye(64, dtype=complex)
    for block, vectors in action.blocks:
        for places, u in zip(block, vectors, strict=True):
            basis[np.ix_(places, places)] = u
    assert basis @ phases @ basis.conj().T == pytest.approx(expected, abs=1e-13)
    matrix = np.random.default_rng(0).normal(size=(64, 64))
    assert action.analysed(matrix) == pytest.approx(basis.conj().T @ matrix @ basis, abs=1e-13)
    assert action.composed(action.analysed(matrix)) == pytest.approx(matrix, abs=1e-13)


def test_equal_frequencies_are_one():
    strings = [from_label("ZI")]
    (action,) = actions([Event((0, 0), {from_label("XX"): 0.1, from_label("YY"): 0.1})], strings, 2)
    assert action.frequencies == pytest.approx([-0.2, 0, 0.2])
    assert sorted(strings) == sorted(from_label(s) for s in ("ZI", "IZ", "XY", "YX"))


def test_rotations_join_the_event_that_they_can_be_moved_to():
    x, z, y = (from_label(s) for s in ("XI", "IZ", "YI"))
    a, b = (0, 0), (1, 0)
    assert merged([(a, x, 1.0), (b, z, 1.0), (a, z, 0.5), (a, x, 1.0)], 2) == [(a, {x: 2.0, z: 0.5}), (b, {z: 1.0})]
    assert merged([(a, x, 1.0), (b, y, 1.0), (a, x, 1.0)], 2) == [(a, {x: 1.0}), (b, {y: 1.0}), (a, {x: 1.0})]
    assert merged([(a, x, 1.0), (a, y, 1.0)], 2) == [(a, {x: 1.0}), (a, {y: 1.0})]
    assert merged([(a, x, 1.0), (a, x, -1.0)], 2) == []


def test_reach_goes_backwards_and_tells_what_does_nothing():
    x, y, z = (from_label(s) for s in "XYZ")
    strings = [z]
    assert reach(strings, [[y], [x], [z]], 1, 3) == [True, True, False]
    assert sorted(strings) == [x, z, y]
    assert reach([z], [[y], [x]], 1, 2) is None


@pytest.mark.parametrize("observable", ["Z0 X1 - 0.5*Y1 + 0.3", "projector(0, 1)"])
def test_terms_are_those_of_the_observable_pulled_to_the_start(observable):
    c = circuit(2, [("h", [0]), ("cx", [0, 1]), ("s", [1]), ("x", [0])])
    loss = parse(observable, 2)
    terms, constant = terms_of(frame(c), loss)
    total = constant * np.eye(4) + sum(w * label_matrix(s, 2) for s, w in terms.items())
    unitary = unitary_of(c, {})
    assert total == pytest.approx(unitary.conj().T @ matrix_of(loss) @ unitary, abs=1e-14)
