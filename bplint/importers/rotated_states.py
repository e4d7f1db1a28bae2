"""Any state of a few qubits: how to make it of |0…0> by rotations and CX (Möttönen et al., arXiv:quant-ph/0407010)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bplint.errors import Unsupported
from bplint.importers.stabilizer_states import preparation
from bplint.ir.circuit import Floats

QUBITS = 10
"""Of a state, at most: its gates are twice as many as its amplitudes, four times if they are not real."""


class RotationCall(NamedTuple):
    """A gate of the table on qubits; ``angle`` in radians, None for one without."""

    name: str
    places: tuple[int, ...]
    angle: float | None = None


def state_calls(name: str, vector: NDArray[np.complex128]) -> list[RotationCall]:
    """The gates that make a state, which an operation of this ``name`` prepares: Cliffords for a stabilizer state, else rotations.

    ``Unsupported`` where these would be too many.
    """
    calls = preparation(vector.tolist())
    if calls is not None:
        return [RotationCall(clifford, places) for clifford, places in calls]
    n = len(vector).bit_length() - 1
    if n > QUBITS:
        raise Unsupported(
            f"{name} of a state of {n} qubits that is not a stabilizer state: want {QUBITS} at most",
            hint="append gates that prepare it",
        )
    return rotations_to(vector)


def rotations_to(vector: NDArray[np.complex128]) -> list[RotationCall]:
    """The gates, up to a global phase. Entry v of the vector (2^n,) is the basis state with bit k of v on qubit k.

    Which gates these are depends on n and on whether the vector is real, and on nothing else of it.
    """
    n = len(vector).bit_length() - 1
    is_real = not np.any(vector.imag)
    norms = [vector.real.copy() if is_real else np.abs(vector)]
    while len(norms[-1]) > 1:
        norms.append(np.hypot(norms[-1][::2], norms[-1][1::2]))
    calls: list[RotationCall] = []
    for target, below in zip(reversed(range(n)), reversed(norms[:-1]), strict=True):
        calls += _multiplexed("ry", 2 * np.arctan2(below[1::2], below[::2]), target, n)
    if is_real:
        return calls
    phases = np.angle(vector)
    for target in range(n):
        calls += _multiplexed("rz", phases[1::2] - phases[::2], target, n)
        phases = (phases[1::2] + phases[::2]) / 2
    return calls


def _multiplexed(name: str, angles: Floats, target: int, n: int) -> Iterator[RotationCall]:
    """The rotation of a qubit by ``angles[k]`` (radians) where the qubits above it are k: a CX between any two rotations turns
    the sense of what follows for half of the k."""
    count = len(angles)
    gray = np.arange(count) ^ np.arange(count) >> 1
    signs = 1 - 2 * (np.bitwise_count(gray[:, None] & np.arange(count)) % 2).astype(np.int8)
    for i, angle in enumerate((signs @ angles / count).tolist()):
        yield RotationCall(name, (target,), angle)
        if count > 1:
            flipped = (int(gray[i]) ^ int(gray[(i + 1) % count])).bit_length() - 1
            yield RotationCall("cx", (target + 1 + flipped, target))
    assert target + count.bit_length() == n
