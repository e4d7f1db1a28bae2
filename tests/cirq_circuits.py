"""Circuits of Cirq beside what is read of them: unitaries with their phase."""

import math

import numpy as np
import pytest

from bplint.importers.from_cirq import from_cirq
from bplint.ir.circuit import ROTATION
from bplint.ir.clifford import CLIFFORDS
from matrices import CLIFFORD_MATRICES, PAULI
from samples import axis_label

cirq = pytest.importorskip("cirq")
import sympy  # noqa: E402  # comes with Cirq

A, B, C, D, E = sympy.symbols("a b c d e")


Q = cirq.LineQubit.range(4)


def same(circuit, seed=0, tolerance=1e-9):
    """Import a circuit and compare with Cirq at random values of its symbols, up to a global phase."""
    program = from_cirq(circuit)
    rng = np.random.default_rng(seed)
    values = {name: float(rng.uniform(-3, 3)) for name in "abcde"}
    want = cirq.resolve_parameters(circuit, values).unitary()
    got = unitary_of(program.circuit, values | opaque_values(program, values))
    overlap = np.vdot(got, want)
    np.testing.assert_allclose(got * overlap / abs(overlap), want, atol=tolerance, err_msg=repr(circuit)[:300])
    return program


def unitary_of(c, values):
    """The product of the operations, each applied to the columns of the matrix so far: many circuits are compared."""
    numbers = np.array([values[p.name] for p in c.parameters])
    total = np.eye(2**c.n_qubits, dtype=complex)
    for k in range(len(c)):
        if c.code[k] != ROTATION:
            matrix = CLIFFORD_MATRICES[CLIFFORDS[c.code[k] - 1]]
            total = apply(matrix, c.operands(k), total)
            continue
        row = int(c.angle[k])
        angle = c.angles.constant[row] + sum(w * numbers[p] for p, w in c.angles.terms(row))
        half, label = c.factor[k] * angle / 2, axis_label(c, k)
        turned = total
        for place, letter in enumerate(label):
            if letter != "I":
                turned = apply(PAULI[letter], [place], turned)
        total = math.cos(half) * total - 1j * math.sin(half) * turned
    return total


def apply(matrix, qubits, columns):
    """The matrix on these qubits times the columns."""
    n, k = columns.shape[0].bit_length() - 1, len(qubits)
    tensor = np.tensordot(np.reshape(matrix, [2] * (2 * k)), columns.reshape([2] * n + [-1]), (range(k, 2 * k), qubits))
    return np.moveaxis(tensor, range(k), qubits).reshape(columns.shape)


def opaque_values(program, values):
    return {p.name: float(sympy.sympify(p.name).subs(values)) for p in program.circuit.parameters if p.sources}
