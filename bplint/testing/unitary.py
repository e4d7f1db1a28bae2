"""The matrix of a small circuit, gate by gate as matrices: nothing of it is used outside of tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import CLIFFORDS

Matrix: TypeAlias = npt.NDArray[np.complex128]

LIMIT = 10
"""Qubits, at most."""


def unitary(circuit: Circuit, values: Mapping[str, float]) -> Matrix:
    """The (2^n, 2^n) matrix up to a global phase, at values by name of the parameter; qubit 0 is the leftmost tensor factor.

    ``ValueError`` for more than ten qubits, ``KeyError`` for a parameter without a value.
    """
    n = circuit.n_qubits
    if n > LIMIT:
        raise ValueError(f"want at most {LIMIT} qubits, got {n}")
    columns: Any = np.eye(2**n, dtype=np.complex128).reshape((2,) * n + (2**n,))
    for k in range(len(circuit)):
        qubits = circuit.operands(k)
        gate = _gate(circuit, k, values).reshape((2,) * (2 * len(qubits)))
        columns = np.tensordot(gate, columns, axes=(range(len(qubits), 2 * len(qubits)), qubits))
        columns = np.moveaxis(columns, range(len(qubits)), qubits)
    matrix: Matrix = columns.reshape(2**n, 2**n)
    return matrix


def same_up_to_phase(left: Matrix, right: Matrix) -> bool:
    """Whether two unitaries of one shape differ by a phase alone, to 1e-9."""
    return bool(abs(abs(np.vdot(left, right)) - len(left)) < 1e-9 * len(left))


def _gate(circuit: Circuit, k: int, values: Mapping[str, float]) -> Matrix:
    if circuit.code[k] != ROTATION:
        return _CLIFFORDS[CLIFFORDS[circuit.code[k] - 1]]
    row = int(circuit.angle[k])
    terms = [c * values[circuit.parameters[p].name] for p, c in circuit.angles.terms(row)]
    half = float(circuit.factor[k]) * (float(circuit.angles.constant[row]) + sum(terms)) / 2
    letters = circuit.letters[circuit.start[k] : circuit.start[k + 1]].tolist()
    axis: Matrix = np.eye(1, dtype=np.complex128)
    for letter in letters:
        axis = np.asarray(np.kron(axis, _PAULI[letter]), dtype=np.complex128)
    return np.asarray(np.cos(half) * np.eye(len(axis)) - 1j * np.sin(half) * axis)


def _matrix(*rows: list[complex]) -> Matrix:
    return np.array(rows, dtype=np.complex128)


def _controlled(gate: Matrix) -> Matrix:
    return np.kron(np.diag([1, 0]), np.eye(2)).astype(np.complex128) + np.kron(np.diag([0, 1]), gate)


_X, _Y, _Z = _matrix([0, 1], [1, 0]), _matrix([0, -1j], [1j, 0]), _matrix([1, 0], [0, -1])
_PAULI = {0: np.eye(2, dtype=np.complex128), 1: _X, 2: _Z, 3: _Y}
_S, _SX = _matrix([1, 0], [0, 1j]), _matrix([0.5 + 0.5j, 0.5 - 0.5j], [0.5 - 0.5j, 0.5 + 0.5j])
_SWAP = _matrix([1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1])
_ISWAP = _matrix([1, 0, 0, 0], [0, 0, 1j, 0], [0, 1j, 0, 0], [0, 0, 0, 1])
_CX = _controlled(_X)
_CLIFFORDS: dict[str, Matrix] = {
    "x": _X,
    "y": _Y,
    "z": _Z,
    "h": (_X + _Z) / np.sqrt(2),
    "s": _S,
    "sdg": _S.conj(),
    "sx": _SX,
    "sxdg": _SX.conj(),
    "cx": _CX,
    "cy": _controlled(_Y),
    "cz": _controlled(_Z),
    "swap": _SWAP,
    "iswap": _ISWAP,
    "iswapdg": _ISWAP.conj(),
    "dcx": _SWAP @ _CX @ _SWAP @ _CX,
    "ecr": (np.kron(_X, np.eye(2)) - np.kron(_Y, _X)) / np.sqrt(2),
}
