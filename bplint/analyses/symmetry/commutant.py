"""Pauli symmetries: the strings that commute with all of some strings, and those that a circuit keeps.

Commuting with a string is one linear equation over GF(2), so the strings that commute with all are a kernel, of
dimension 2n less the rank (theory section 8). Basis vectors are strings as in :mod:`bplint.ir.pauli`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bplint.ir.frame import Frame
from bplint.ir.pauli import Anticommutation, LinearSpan, flipped, ones


def commutant(strings: Iterable[int], n_qubits: int) -> list[int]:
    """A basis of the strings that commute with every given one."""
    span = LinearSpan()
    for string in dict.fromkeys(strings):
        if len(span) == 2 * n_qubits:
            return []
        span.add(string)
    masks = (span.dual(position) for position in range(2 * n_qubits))
    return [flipped(mask, n_qubits) for mask in masks if mask]


def kept_strings(frame: Frame) -> list[int]:
    """A basis of the strings S with U(θ) S U(θ)† = S for all θ.

    S commutes with every rotation axis, and W† S W = S for the Cliffords W. Rotations that undo each other are taken for
    rotations that do not, so a symmetry which holds by such a coincidence is not found.
    """
    n = frame.n_qubits
    free = commutant(frame.axes, n)
    fixed = kernel([_image(string, frame) ^ string for string in free], free)
    # Among strings that go to ± themselves the sign is a character: keep its kernel.
    signs = [frame.pull(string)[1] for string in fixed]
    return kernel([int(negative) for negative in signs], fixed)


def is_abelian(strings: Sequence[int], n_qubits: int) -> bool:
    """Whether all of them commute with each other."""
    near = Anticommutation(n_qubits, strings)
    return not any(near.row(string) for string in strings)


def _image(string: int, frame: Frame) -> int:
    """W† P W without its sign."""
    image = 0
    for bit in ones(string):
        image ^= frame.rows[2 * bit if bit < frame.n_qubits else 2 * (bit - frame.n_qubits) + 1][0]
    return image


def kernel(values: Sequence[int], vectors: Sequence[int]) -> list[int]:
    """A basis of the sums of vectors whose values sum to zero."""
    width = len(vectors)
    # Each value is carried with the mask of the vectors it is a sum over; where it vanishes, the mask is left.
    tracked = LinearSpan(value << width | 1 << i for i, value in enumerate(values))
    return [_sum(vectors, row) for row in tracked if not row >> width]


def _sum(vectors: Sequence[int], chosen: int) -> int:
    total = 0
    for i in ones(chosen):
        total ^= vectors[i]
    return total
