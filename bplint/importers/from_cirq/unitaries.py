"""Matrices as operations of Cirq: Cliffords exactly, others on one or two qubits as rotations, with the global phase."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from bplint.errors import Unsupported
from bplint.importers.clifford_matrices import LIMIT, as_string


def synthesised(matrix: Any, qubits: Sequence[Any]) -> list[Any]:
    """Operations with this matrix. ``Unsupported`` for three qubits and more unless it is a Clifford."""
    gates = _as_clifford(matrix, qubits)
    if gates is None and len(qubits) > 2:
        raise Unsupported(
            f"a matrix on {len(qubits)} qubits that is not a Clifford",
            hint="decompose it first: cirq.quantum_shannon_decomposition(qubits, matrix)",
        )
    if gates is None:
        gates = _one_qubit(matrix, qubits[0]) if len(qubits) == 1 else _two_qubits(matrix, qubits)
    return [*gates, *phase_between(gates, matrix, qubits)]


def phase_between(operations: Sequence[Any], matrix: Any, qubits: Sequence[Any]) -> list[Any]:
    """The global phase that the operations lack."""
    import cirq

    made = cirq.Circuit(operations).unitary(qubit_order=qubits, qubits_that_should_be_present=qubits)
    overlap = np.vdot(made, matrix) / len(matrix)
    if not np.allclose(made * overlap, matrix, atol=1e-7):
        raise Unsupported("has a matrix that is not what it is decomposed into")
    return [cirq.global_phase_operation(overlap / abs(overlap))]


def _as_clifford(matrix: Any, qubits: Sequence[Any]) -> list[Any] | None:
    """As gates H, S, CX and Paulis, if it takes every X and Z to a Pauli string."""
    import cirq

    n = len(qubits)
    if n > LIMIT:
        return None
    images = []
    for letter in (cirq.X, cirq.Z):
        for place in range(n):
            start = cirq.unitary(cirq.DensePauliString([letter if p == place else cirq.I for p in range(n)]))
            image = as_string(matrix @ start @ matrix.conj().T, n)
            if image is None:
                return None
            images.append(image)
    xs, zs, signs = (np.array(column, dtype=bool) for column in zip(*images, strict=True))
    tableau = cirq.CliffordTableau(n, rs=signs, xs=xs, zs=zs)
    return list(cirq.decompose_clifford_tableau_to_operations(list(qubits), tableau))


def _one_qubit(matrix: Any, qubit: Any) -> list[Any]:
    import cirq

    first, middle, last = cirq.deconstruct_single_qubit_matrix_into_angles(matrix)
    return _turned(((cirq.rz, first), (cirq.ry, middle), (cirq.rz, last)), (qubit,))


def _two_qubits(matrix: Any, qubits: Sequence[Any]) -> list[Any]:
    """One-qubit matrices around exp(i(xXX + yYY + zZZ)), Cartan's decomposition."""
    import cirq

    kak = cirq.kak_decomposition(matrix)
    before, after = kak.single_qubit_operations_before, kak.single_qubit_operations_after
    gates = (cirq.XXPowGate, cirq.YYPowGate, cirq.ZZPowGate)
    between = [
        gate(exponent=-2 * x / math.pi, global_shift=-0.5).on(*qubits)
        for gate, x in zip(gates, kak.interaction_coefficients, strict=True)
        if abs(x) > _TOLERANCE
    ]
    local = [_one_qubit(m, q) for pair in (before, after) for m, q in zip(pair, qubits, strict=True)]
    return [*local[0], *local[1], *between, *local[2], *local[3]]


def _turned(turns: Sequence[tuple[Any, float]], qubits: Sequence[Any]) -> list[Any]:
    """The rotations, without those that do nothing."""
    return [gate(angle).on(*qubits) for gate, angle in turns if abs(math.remainder(angle, 2 * math.pi)) > _TOLERANCE]


_TOLERANCE = 1e-8
