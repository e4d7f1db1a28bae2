"""The matrix of a gate from its steps: the other road to the gate table."""

import math

import numpy as np

from bplint.ir.clifford import CLIFFORDS
from bplint.ir.gates import Fixed
from matrices import CLIFFORD_MATRICES, exponential

VALUES = (0.7312, -1.1391, 2.2123, 0.4217)
"""Of the angles of a gate, as many as it has."""


def embed(matrix, places, n):
    """A matrix on the given arguments of n qubits."""
    k = len(places)
    tensor = np.asarray(matrix, dtype=complex).reshape([2] * (2 * k))
    full = np.eye(2**n, dtype=complex).reshape([2] * (2 * n))
    full = np.tensordot(tensor, full, axes=(range(k, 2 * k), places))
    return np.moveaxis(full, range(k), places).reshape(2**n, 2**n)


def matrix_of(row, values):
    n = row.n_qubits
    result = np.eye(2**n, dtype=complex)
    for step in row.steps:
        if isinstance(step, Fixed):
            result = embed(CLIFFORD_MATRICES[CLIFFORDS[step.code - 1]], step.arguments, n) @ result
            continue
        angle = values[step.parameter] if step.parameter >= 0 else step.constant
        for factor, letters in step.strings:
            label = ["I"] * n
            for place, code in letters:
                label[place] = "IXZY"[code]
            result = exponential(factor * angle / 2, {"".join(label): 1.0}) @ result
    phase = math.fsum(c * v for c, v in zip(row.phase, (*values[: row.n_parameters], 1.0), strict=True))
    return np.exp(1j * phase) * result
