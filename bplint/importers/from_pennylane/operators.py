"""PennyLane's operators as sums of Pauli strings: generators and losses alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bplint.errors import Unsupported
from bplint.ir.pauli import LETTERS, from_letters, multiply

MATRIX = 6
"""Qubits up to which a matrix is written as a sum of strings."""

TERMS = 1 << 16
"""Strings of one operator that is multiplied out."""


def pauli_terms(operator: Any, places: Mapping[Any, int]) -> dict[int, float]:
    """The coefficient of each string of a Hermitian operator, on qubits ``places[wire]`` of ``len(places)``.

    ``Unsupported`` where it is not Hermitian, or a matrix on more than six qubits, or a sum that is too long.
    """
    terms: dict[int, float] = {}
    for string, coefficient in _terms(operator, places).items():
        if abs(coefficient.imag) > 1e-9 * max(1.0, abs(coefficient)):
            raise Unsupported(f"{operator.name} is not Hermitian: a coefficient is {coefficient:g}")
        if abs(coefficient.real) > 1e-15:
            terms[string] = coefficient.real
    return terms


def _terms(operator: Any, places: Mapping[Any, int]) -> dict[int, complex]:
    from pennylane import ops
    from pennylane.ops.qubit.observables import BasisStateProjector

    if outside := [wire for wire in operator.wires if wire not in places]:
        raise Unsupported(f"{operator.name} acts on wire {outside[0]!r}, which is not in the circuit")
    sentence = operator.pauli_rep
    if sentence is not None:
        return _of_sentence(sentence, places)
    if isinstance(operator, ops.Sum):  # a LinearCombination too
        return _added([_terms(operand, places) for operand in operator.operands])
    if isinstance(operator, ops.SProd):
        return {s: complex(operator.scalar) * c for s, c in _terms(operator.base, places).items()}
    if isinstance(operator, ops.Prod):
        product: dict[int, complex] = {0: 1.0}
        for operand in operator.operands:
            product = _multiplied(product, _terms(operand, places), len(places))
        return product
    if isinstance(operator, BasisStateProjector):
        state = [int(bit) for bit in operator.parameters[0]]
        return _projector(state, [places[wire] for wire in operator.wires], len(places))
    return _of_matrix(operator, places)


def _of_sentence(sentence: Any, places: Mapping[Any, int]) -> dict[int, complex]:
    n, terms = len(places), dict[int, complex]()
    for word, coefficient in sentence.items():
        string = from_letters([(places[wire], LETTERS.index(letter)) for wire, letter in word.items()], n)
        terms[string] = terms.get(string, 0.0) + complex(coefficient)
    return terms


def _of_matrix(operator: Any, places: Mapping[Any, int]) -> dict[int, complex]:
    import numpy as np
    import pennylane as qml

    n = len(operator.wires)
    if n > MATRIX:
        raise Unsupported(f"{operator.name} is a matrix on {n} qubits; matrices are read on up to {MATRIX}")
    if not operator.has_matrix and not operator.has_sparse_matrix:
        raise Unsupported(f"{operator.name} is no sum of Pauli strings, and has no matrix")
    matrix = operator.matrix() if operator.has_matrix else operator.sparse_matrix().toarray()
    matrix = np.asarray(qml.math.unwrap([matrix])[0], dtype=np.complex128)
    if not np.allclose(matrix, matrix.conj().T, atol=1e-7):
        raise Unsupported(f"{operator.name} is not Hermitian")
    return _of_sentence(qml.pauli_decompose(matrix, wire_order=operator.wires, pauli=True), places)


def _projector(state: list[int], qubits: list[int], n: int) -> dict[int, complex]:
    """|b><b| is the product of (1 ± Z)/2."""
    if 1 << len(state) > TERMS:
        raise Unsupported(f"a projector on {len(state)} qubits is a sum of 2^{len(state)} strings here")
    terms: dict[int, complex] = {0: 1.0}
    for bit, qubit in zip(state, qubits, strict=True):
        z = from_letters([(qubit, LETTERS.index("Z"))], n)
        sign = -0.5 if bit else 0.5
        terms = {string: c for s, c0 in terms.items() for string, c in ((s, c0 / 2), (s | z, sign * c0))}
    return terms


def _added(parts: list[dict[int, complex]]) -> dict[int, complex]:
    total: dict[int, complex] = {}
    for part in parts:
        for string, coefficient in part.items():
            total[string] = total.get(string, 0.0) + coefficient
    return total


def _multiplied(left: dict[int, complex], right: dict[int, complex], n: int) -> dict[int, complex]:
    if len(left) * len(right) > TERMS:
        raise Unsupported(f"an operator comes to more than {TERMS:,} Pauli strings")
    product: dict[int, complex] = {}
    for s, c in left.items():
        for t, d in right.items():
            string, turns = multiply(s, t, n)
            product[string] = product.get(string, 0.0) + c * d * 1j**turns
    return product
