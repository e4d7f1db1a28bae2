"""The minimum of a Pauli sum on few qubits, by Lanczos iteration on state vectors.

Basis state b has qubit q in bit q of b. A sum is stored as one diagonal for each flip pattern x:
(O v)[b] = Σ_x d_x[b] v[b xor x]. Lanczos with full reorthogonalisation ends where the residual of the lowest Ritz vector
vanishes; from a random vector it misses the minimum with probability zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from bplint.ir.pauli import x_part

if TYPE_CHECKING:
    import numpy.typing as npt

Vector: TypeAlias = "npt.NDArray[np.complex128]"
Diagonals: TypeAlias = "dict[int, npt.NDArray[np.complex128]]"

QUBITS = 12
"""Up to so many qubits are treated exactly."""
WORK = 1 << 22
"""Terms times dimension up to which the diagonals are written down."""

_STEPS = 400
_RESIDUAL = 1e-8
"""Of the vector; the energy is accurate to its square over the gap."""


class Ground(NamedTuple):
    """The least eigenvalue, a vector that belongs to it, and the scale Σ |c| of O against which they are accurate."""

    energy: float
    vector: Vector
    scale: float


def diagonals(terms: Iterable[tuple[int, float]], n_qubits: int, *, projector: Iterable[int] = ()) -> Diagonals:
    """The matrix of a sum of strings, or of |0…0><0…0| on some qubits, as one diagonal for each flip pattern."""
    states = np.arange(1 << n_qubits)
    parts: Diagonals = defaultdict(lambda: np.zeros(1 << n_qubits, dtype=np.complex128))
    for string, coefficient in terms:
        flip, z = x_part(string, n_qubits), string >> n_qubits
        parity = np.bitwise_count((states ^ flip) & z) & 1
        parts[flip] += coefficient * 1j ** ((flip & z).bit_count()) * (1 - 2.0 * parity)
    mask = sum(1 << q for q in projector)
    if mask:
        parts[0] += (states & mask) == 0
    return dict(parts)


def applied(matrix: Diagonals, vector: Vector) -> Vector:
    """The product O v."""
    states = np.arange(len(vector))
    result = np.zeros_like(vector)
    for flip, diagonal in matrix.items():
        result += diagonal * (vector[states ^ flip] if flip else vector)
    return result


def ground(
    matrix: Diagonals, n_qubits: int, project: Callable[[Vector], Vector] | None = None, *, seed: int = 0
) -> Ground | None:
    """The lowest state, among those that ``project`` leaves as they are where given; None if it did not converge or
    there are none.

    ``project`` is an orthogonal projector that commutes with O.
    """
    rng = np.random.default_rng(seed)
    size = 1 << n_qubits
    vector = rng.normal(size=size) + 1j * rng.normal(size=size)
    vector /= np.linalg.norm(vector)
    if project is not None:
        vector = project(vector)
        if np.linalg.norm(vector) < 1e-8:
            return None
        vector /= np.linalg.norm(vector)
    scale = sum(float(np.abs(d).max()) for d in matrix.values()) or 1.0
    basis = np.zeros((min(size, _STEPS) + 1, size), dtype=np.complex128)
    basis[0] = vector
    diagonal: list[float] = []
    beside: list[float] = []
    for step in range(min(size, _STEPS)):
        image = applied(matrix, basis[step])
        diagonal.append(float(np.vdot(basis[step], image).real))
        known = basis[: step + 1]
        for _ in range(2):
            # einsum, as products by BLAS start threads that wait for each other on a busy machine.
            image -= np.einsum("k,kb->b", np.conj(np.einsum("kb,b->k", known, np.conj(image))), known)
        if project is not None:
            image = project(image)
        rest = float(np.linalg.norm(image))
        ended = rest < 1e-12 * scale or step + 1 == size
        if ended or step % 8 == 7:
            values, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
            if ended or rest * abs(vectors[-1, 0]) < _RESIDUAL * scale:
                return Ground(float(values[0]), np.einsum("k,kb->b", vectors[:, 0], known), scale)
        beside.append(rest)
        basis[step + 1] = image / rest
    return None


def treatable(n_terms: int, n_qubits: int) -> bool:
    """Whether a sum of so many strings is small enough."""
    return n_qubits <= QUBITS and n_terms << n_qubits <= WORK
