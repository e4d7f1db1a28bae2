"""Lie algebras of dense matrices: the other road to dimensions, and to what a circuit's parameters generate."""

from fractions import Fraction

import numpy as np

from bplint.ir.circuit import ROTATION, Role
from bplint.ir.pauli import anticommute, from_label, multiply
from samples import axis_label, label_matrix, operation_matrices


def lie_dimension(generators):
    """Dimension of the real Lie algebra spanned by i times these Hermitian matrices, the identity part aside."""
    size = len(generators[0])
    basis, elements = [], []

    def add(matrix):
        matrix = matrix - np.trace(matrix) / size * np.eye(size)
        vector = np.concatenate([matrix.real.ravel(), matrix.imag.ravel()])
        norm = np.linalg.norm(vector)
        if norm < 1e-9:
            return
        rest = vector / norm
        for _ in range(2):
            for b in basis:
                rest = rest - (b @ rest) * b
        if np.linalg.norm(rest) > 1e-7:
            basis.append(rest / np.linalg.norm(rest))
            elements.append(matrix / norm)

    for g in generators:
        add(g)
    done = 0
    while done < len(elements):
        for g in generators:
            add(1j * (g @ elements[done] - elements[done] @ g))
        done += 1
    return len(basis)


def true_generators(c, values):
    """∂U/∂θ as U times a Hermitian matrix, for each trainable parameter, all angles at ``values``.

    With every other trainable angle at zero this is the generator in the frame of the start.
    """
    n = c.n_qubits
    matrices = []
    for p, parameter in enumerate(c.parameters):
        if parameter.role is not Role.TRAINABLE:
            continue
        prefix, total = np.eye(2**n, dtype=complex), np.zeros((2**n, 2**n), dtype=complex)
        for k, matrix in enumerate(operation_matrices(c, values)):
            if c.code[k] == ROTATION:
                weight = sum(w for q, w in c.angles.terms(int(c.angle[k])) if q == p) * c.factor[k]
                if weight:
                    axis = label_matrix(from_label(axis_label(c, k)), n)
                    total += weight * prefix.conj().T @ axis @ prefix
            prefix = matrix @ prefix
        if np.abs(total).max() > 1e-9:
            matrices.append(total)
    return matrices


def operator_matrix(terms, n):
    """Σ coefficient · P of a mapping, or pairs."""
    pairs = terms.items() if hasattr(terms, "items") else terms
    return sum((c * label_matrix(s, n) for s, c in pairs), np.zeros((2**n, 2**n), dtype=complex))


PRIME = (1 << 31) - 1


def lie_dimension_modulo(generators, n):
    """Dimension of the algebra of sums of strings, terms (string, weight), with weights as written, in integers modulo a prime.

    Never more than the true one, and equal to it unless the prime divides a minor; no rounding hides what weights of different
    sizes make small.
    """
    maps = [_commutator(terms, n) for terms in generators]
    rows, pivots, elements = np.zeros((0, 4**n), dtype=np.int64), [], []

    def add(vector):
        nonlocal rows
        rest = vector.copy()
        for k in np.flatnonzero(rest[pivots]) if pivots else ():
            rest = (rest - rest[pivots[k]] * rows[k]) % PRIME
        if not rest.any():
            return
        pivot = int(np.flatnonzero(rest)[0])
        rest = rest * pow(int(rest[pivot]), -1, PRIME) % PRIME
        rows = np.vstack([(rows - rows[:, [pivot]] * rest % PRIME) % PRIME, rest])
        pivots.append(pivot)
        elements.append(vector)

    for terms in generators:
        vector = np.zeros(4**n, dtype=np.int64)
        for string, weight in terms:
            vector[string] = _residue(weight)
        add(vector)
    for element in elements:
        for parts in maps:
            image = np.zeros_like(element)
            for places, signs, weight in parts:
                image[places] = (image[places] + element * weight % PRIME * signs) % PRIME
            add(image)
    return len(elements)


def _commutator(terms, n):
    """i/2 [G, ·] as (places, signs, weight) of each string of G."""
    every, parts = np.arange(4**n), []
    for string, weight in terms:
        signs = np.zeros(4**n, dtype=np.int64)
        for other in every.tolist():
            if anticommute(string, other, n):
                signs[other] = 1 if multiply(string, other, n)[1] == 3 else -1
        parts.append((every ^ string, signs, _residue(weight)))
    return parts


def _residue(weight):
    written = Fraction(repr(float(weight)))
    return written.numerator * pow(written.denominator, -1, PRIME) % PRIME
