"""The list of operations against the matrices of the circuit's columns."""

import numpy as np
import pytest

from bplint.ir.circuit import ROTATION, Role
from bplint.ir.clifford import CLIFFORDS
from dense import random_circuit
from matrices import CLIFFORD_MATRICES, exponential
from samples import circuit, on, operation_matrices


@pytest.mark.parametrize("seed", range(30))
def test_each_operation_has_the_matrix_of_its_row(seed):
    rng = np.random.default_rng(seed)
    c = random_circuit(rng, 3, 15, fixed=0.3)
    values = {p.name: float(rng.uniform(0, 6)) for p in c.parameters}
    assert len(c.operations) == len(c)
    for operation, matrix in zip(c.operations, operation_matrices(c, values), strict=True):
        np.testing.assert_allclose(_matrix(operation, c, list(values.values())), matrix, atol=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_quarter_turns_are_those_of_the_matrix(seed):
    """A rotation is a Clifford iff its fourth power is ±1; how many quarter turns it is, its trace and P say."""
    rng = np.random.default_rng(100 + seed)
    c = random_circuit(rng, 2, 20, free=0.2, fixed=0.6)
    values = {p.name: 0.1 for p in c.parameters}
    for operation, matrix in zip(c.operations, operation_matrices(c, values), strict=True):
        if operation.code != ROTATION:
            assert operation.quarter == 0
        elif operation.terms:
            roles = {c.parameters[p].role for p, _ in operation.terms}
            assert operation.quarter == (-2 if roles == {Role.FIXED} else -1)
        else:
            turn = np.exp(-0.25j * np.pi * np.linalg.eigvalsh(_axis(operation, c)))
            alike = [k for k in range(4) if _same(matrix, _axis(operation, c), turn**k)]
            assert operation.quarter == (alike[0] if alike else -2)


def test_a_gate_ends_with_its_last_operation():
    c = circuit(2, [("crx", [0, 1], "a"), ("h", [0]), ("rx", [1], "b")])
    assert [operation.gate for operation in c.operations] == [0, 0, 1, 2]
    assert [operation.ends_gate for operation in c.operations] == [False, True, True, True]
    assert [operation.number for operation in c.operations] == [0, 1, 2, 3]


def test_terms_have_the_factor_and_no_zeros():
    c = circuit(2, [("crx", [0, 1], [(2.0, "a"), (0.0, "b"), 0.5]), ("x", [0])])
    assert [operation.terms for operation in c.operations] == [((0, 1.0),), ((0, -1.0),), ()]
    assert [operation.constant for operation in c.operations] == [0.25, -0.25, 0.0]


def test_a_circuit_without_operations_lists_none():
    assert circuit(1, []).operations == ()


def test_an_axis_is_read_as_often_as_one_likes():
    (operation,) = circuit(3, [("rzx", [2, 0], "a")]).operations
    assert list(operation.axis) == list(operation.axis) == [(2, 2), (0, 1)]


def _axis(operation, c):
    label = ["I"] * c.n_qubits
    for q, letter in operation.axis:
        label[q] = "IXZY"[letter]
    return exponential(np.pi / 2, {"".join(label): 1.0}) * 1j


def _same(matrix, axis, phases):
    values, vectors = np.linalg.eigh(axis)
    order = np.argsort(values)
    turned = vectors[:, order] @ np.diag(phases) @ vectors[:, order].conj().T
    return np.isclose(abs(np.trace(turned.conj().T @ matrix)), len(matrix), atol=1e-9)


def _matrix(operation, c, values):
    if operation.code != ROTATION:
        return on(CLIFFORD_MATRICES[CLIFFORDS[operation.code - 1]], list(operation.qubits), c.n_qubits)
    label = ["I"] * c.n_qubits
    for q, letter in operation.axis:
        label[q] = "IXZY"[letter]
    angle = operation.constant + sum(coefficient * values[p] for p, coefficient in operation.terms)
    return exponential(angle / 2, {"".join(label): 1.0})
