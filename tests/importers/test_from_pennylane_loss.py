"""What a QNode measures, as the loss: expectation values, projectors, and what is none."""

import functools

import numpy as np
import pytest

from bplint.errors import SourceError
from bplint.ir.pauli import to_label
from matrices import PAULI

qml = pytest.importorskip("pennylane")

from pennylane_circuits import read  # noqa: E402  # there is PennyLane


def label_matrix(label):
    """The matrix of a word, leftmost letter the leftmost factor."""
    return functools.reduce(np.kron, [PAULI[letter] for letter in label])


Z0_X1 = qml.Z(0) @ qml.X(1)


@pytest.mark.parametrize(
    ("measured", "terms", "constant"),
    [
        (lambda: qml.expval(Z0_X1), {"ZX": 1.0}, 0.0),
        (lambda: qml.expval(0.5 * qml.Z(0) - 2 * qml.Y(1)), {"ZI": 0.5, "IY": -2.0}, 0.0),
        (
            lambda: qml.expval(qml.Hamiltonian([1.0, 2.0, 3.0], [qml.Z(0), Z0_X1, qml.I(0)])),
            {"ZI": 1.0, "ZX": 2.0},
            3.0,
        ),
        (lambda: qml.expval(qml.Hermitian(np.array([[1, 2j], [-2j, 3]]), 1)), {"IY": -2.0, "IZ": -1.0}, 2.0),
        (lambda: qml.expval(qml.Hadamard(1)), {"IX": 0.5**0.5, "IZ": 0.5**0.5}, 0.0),
        (lambda: qml.expval(qml.Projector([1], 1)), {"IZ": -0.5}, 0.5),
        (lambda: qml.expval(qml.Projector(np.array([1, 1]) / 2**0.5, 0)), {"XI": 0.5}, 0.5),
        (lambda: qml.expval(qml.Z(0) @ qml.Projector([0], 1)), {"ZI": 0.5, "ZZ": 0.5}, 0.0),
        (lambda: qml.expval(qml.prod(qml.X(0), qml.Y(0), qml.Z(0)) * -1j), {}, 1.0),
        (lambda: [qml.expval(qml.Z(0)), qml.expval(qml.Z(1))], {"ZI": 0.5, "IZ": 0.5}, 0.0),
        (lambda: [qml.expval(qml.Projector([0], 0)), qml.expval(qml.X(1))], {"ZI": 0.25, "IX": 0.5}, 0.25),
        (lambda: qml.sample(qml.Z(1)), {"IZ": 1.0}, 0.0),
        (lambda: qml.counts(Z0_X1), {"ZX": 1.0}, 0.0),
    ],
)
def test_what_is_measured_is_the_loss(measured, terms, constant):
    found = read(lambda w: [qml.RX(w, 0), qml.RY(w, 1), measured()], 0.1, observable=None)
    loss = found.observable
    assert {to_label(string, 2): c for string, c in loss.terms} == pytest.approx(terms)
    assert loss.constant == pytest.approx(constant)
    dense = sum(c * label_matrix(to_label(s, 2)) for s, c in loss.terms) if terms else 0
    operators = [m.obs for m in (lambda m: m if isinstance(m, list) else [m])(measured())]
    want = sum(qml.matrix(one, wire_order=[0, 1]) for one in operators) / len(operators)
    np.testing.assert_allclose(dense + constant * np.eye(4), want, atol=1e-12)


def test_projectors_on_zeros_stay_projectors_and_others_are_sums():
    zeros = read(
        lambda w: [qml.RX(w, k) for k in range(20)] + [qml.expval(qml.Projector([0] * 20, range(20)))],
        0.1,
        observable=None,
    )
    assert zeros.observable.projector == tuple(range(20))
    message = "a projector on 20 qubits is a sum"
    with pytest.raises(SourceError, match=message):
        read(
            lambda w: [qml.RX(w, k) for k in range(20)] + [qml.expval(qml.Projector([1] * 20, range(20)))],
            0.1,
            observable=None,
        )


@pytest.mark.parametrize("n", [4, 8])
def test_a_matrix_that_asks_for_zeros_is_a_projector(n):
    matrix = np.zeros((2**n, 2**n))
    matrix[0, 0] = 1.0
    tape = lambda w: [qml.RX(w, k) for k in range(n)] + [qml.expval(qml.Hermitian(matrix, range(n)))]  # noqa: E731
    assert read(tape, 0.1, observable=None).observable.projector == tuple(range(n))
    matrix[1, 1] = 0.5
    if n <= 6:
        assert not read(tape, 0.1, observable=None).observable.projector
    else:
        with pytest.raises(SourceError, match="read on up to 6"):
            read(tape, 0.1, observable=None)


@pytest.mark.parametrize(
    ("measured", "example"),
    [
        (lambda: qml.probs(wires=[0, 2]), '"projector(0, 2)", the probability of zeros'),
        (lambda: qml.probs(), '"projector(0, 1, 2)", the probability of zeros'),
        (lambda: qml.probs(op=qml.X(0)), '"Z0 Z1"'),
        (lambda: qml.state(), '"Z0 Z1"'),
    ],
)
def test_what_is_no_loss_comes_with_one_that_is(measured, example):
    with pytest.raises(SourceError) as caught:
        read(lambda w: [qml.RX(w, k) for k in range(3)] + [measured()], 0.1, observable=None)
    assert caught.value.message.endswith(f" is no loss: say what is one, as in observable={example}")


@pytest.mark.parametrize(
    ("measured", "message"),
    [
        (lambda: qml.probs(wires=[0, 1]), r"probs\(wires=\[0, 1\]\) is no loss"),
        (lambda: qml.sample(), "is no loss"),
        (lambda: qml.state(), "is no loss"),
        (lambda: qml.var(qml.Z(0)), "is no loss"),
        (lambda: qml.purity(0), "is no loss"),
        (lambda: qml.counts(wires=0), "is no loss"),
        (lambda: qml.expval(qml.Hermitian(np.eye(128), range(7))), "7 qubits; matrices are read on up to 6"),
        (lambda: qml.expval(qml.prod(qml.X(0), qml.Z(0))), "not Hermitian"),
    ],
)
def test_without_an_expectation_value_the_loss_has_to_be_declared(measured, message):
    function = lambda w: [qml.RX(w, k) for k in range(7)] + [measured()]  # noqa: E731
    with pytest.raises(SourceError, match=message) as caught:
        read(function, 0.1, observable=None)
    assert "say what is one, as in observable=" in caught.value.message
    assert caught.value.hint == 'for instance bplint.lint(lambda, ..., observable="Z0 Z1")'
    assert read(function, 0.1, observable="Z0 Z1").observable == "Z0 Z1"
    assert read(function, 0.1, observable=qml.Z(0) @ qml.Z(6)).observable.text == "Z0 Z6"


def test_what_depends_on_weights_is_no_observable():
    with pytest.raises(SourceError, match="what is measured depends"):
        read(lambda w: [qml.RX(w[0], 0), qml.expval(w[1] * qml.Z(0))], np.ones(2), observable=None)


def test_a_mean_and_what_is_sampled_are_said():
    found = read(
        lambda w: [qml.RX(w, 0), qml.RX(w, 1), qml.expval(qml.Z(0)), qml.sample(qml.Z(1))], 0.1, observable=None
    )
    assert "2 expectation values: the loss is taken to be their mean" in found.program.notes[1].text
    assert "what is sampled" in found.program.notes[1].text
