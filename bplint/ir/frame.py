"""Pulls every Clifford through to the start: rotation axes and observable in one frame.

With W the Cliffords before rotation k, exp(-iφG/2) W = W exp(-iφg/2), g = W† G W. In the frame of the start the
circuit is a product of Pauli rotations about the axes g_k, followed by one Clifford that only changes the observable
to W_all† O W_all. A rotation fixed at a multiple of π/2 is a Clifford and is pulled through as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from bplint.errors import BplintError
from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import clifford
from bplint.ir.pauli import PauliTerms, anticommute, multiply, ones, support

MEMORY_LIMIT = 1 << 30
"""Bytes that the axes of one frame may take."""


class Turning(IntEnum):
    """What the angle of a rotation does."""

    FREE = 0
    """It moves with a trainable or data parameter."""
    QUARTER = 1
    """Fixed at a multiple of π/2: a Clifford."""
    FIXED = 2
    """Fixed at any other value, or at a value the source does not give."""


class FrameTooLarge(BplintError):
    """The pulled-back axes would not fit in the memory allowed."""


class Frame(NamedTuple):
    """The rotations of a circuit seen from its start, in circuit order, without the quarter turns.

    Rotation i is operation ``operations[i]``, about ``(-1)**negative[i] * P_axes[i]``; ``turning[i]`` is FREE or FIXED.
    ``rows`` are the images of X_0, Z_0, X_1, Z_1, … under P -> W† P W, W all Cliffords, as (string, k): i^k P_string.
    """

    n_qubits: int
    operations: tuple[int, ...]
    axes: tuple[int, ...]
    negative: tuple[bool, ...]
    turning: tuple[Turning, ...]
    rows: tuple[tuple[int, int], ...]

    @property
    def free_axes(self) -> list[int]:
        """Axes of the rotations that move, in order."""
        return [axis for axis, turning in zip(self.axes, self.turning, strict=True) if turning is Turning.FREE]

    def pull(self, string: int) -> tuple[int, bool]:
        """A string after the circuit as one before all its Cliffords: (string, negative)."""
        return _pulled(self.rows, string, self.n_qubits)

    def push(self, string: int) -> int:
        """The string after the circuit that :meth:`pull` takes to this one or to its negative."""
        pushed, n = 0, self.n_qubits
        for q in range(n):
            x, z = self.rows[2 * q][0], self.rows[2 * q + 1][0]
            pushed |= anticommute(string, z, n) << q | anticommute(string, x, n) << (q + n)
        return pushed

    def pull_sum(self, terms: Iterable[tuple[int, float]]) -> PauliTerms:
        """The same for Σ coefficient · P_string, each sign in its coefficient."""
        pulled = ((*self.pull(string), coefficient) for string, coefficient in terms)
        return tuple((string, -coefficient if negative else coefficient) for string, negative, coefficient in pulled)


class Images:
    """The images of X_0, Z_0, X_1, Z_1, … under P -> W† P W for a growing circuit W of Cliffords, in ``rows``.

    An image is (string, k): i^k P_string with k = 0 or 2.
    """

    def __init__(self, n_qubits: int) -> None:
        self.n_qubits = n_qubits
        self.rows: list[tuple[int, int]] = [(1 << (q + n_qubits * part), 0) for q in range(n_qubits) for part in (0, 1)]

    def of(self, qubits: Sequence[int], letters: Sequence[int]) -> tuple[int, int]:
        """The image of a string with these letter codes (X = 1, Z = 2, Y = 3) on these qubits."""
        return _product(self.rows, zip(qubits, letters, strict=True), self.n_qubits)

    def pull(self, string: int) -> tuple[int, bool]:
        """The image of a string: (string, negative)."""
        return _pulled(self.rows, string, self.n_qubits)

    def clifford(self, code: int, qubits: Sequence[int]) -> None:
        """Append a named Clifford to W."""
        images = []
        for letters, phase in clifford(code).words:
            string, k = _product(self.rows, [(qubits[a], letter) for a, letter in letters], self.n_qubits)
            images.append((string, (k + phase) & 3))
        for a, qubit in enumerate(qubits):
            self.rows[2 * qubit], self.rows[2 * qubit + 1] = images[2 * a], images[2 * a + 1]

    def turn(self, qubits: Sequence[int], letters: Sequence[int], quarter: int) -> None:
        """Append exp(-i·quarter·π/4·P), P the string with these letters, ``quarter`` 1 to 3.

        With G the image of P, an image Q that anticommutes with it becomes Q cos(quarter·π/2) + iGQ sin(quarter·π/2).
        """
        rows = self.rows
        axis, phase = self.of(qubits, letters)
        for qubit, code in zip(qubits, letters, strict=True):
            for part in (0, 1):
                if code >> (1 - part) & 1 == 0:  # X meets the Z part of the axis, Z its X part
                    continue
                string, k = rows[2 * qubit + part]
                if quarter == 2:
                    rows[2 * qubit + part] = string, (k + 2) & 3
                    continue
                product, extra = multiply(axis, string, self.n_qubits)
                rows[2 * qubit + part] = product, (phase + k + extra + (1 if quarter == 1 else 3)) & 3


@lru_cache(maxsize=2)  # what a repair makes is checked, measured and compared with what is written
def frame(circuit: Circuit, *, memory_limit: int = MEMORY_LIMIT) -> Frame:
    """Pull all Cliffords of a circuit to its end. ``FrameTooLarge`` if the axes need more than ``memory_limit`` bytes."""
    n = circuit.n_qubits
    if n * n // 4 > memory_limit:  # the images of all X and Z, before any axis
        raise FrameTooLarge(f"the frame of {n:,} qubits exceeds {memory_limit >> 20:,} MB")
    images = Images(n)
    known: dict[int, int] = {}
    room = memory_limit // (n // 4 + 60)
    numbers, axes, negative, turning = [], [], [], []
    for operation in circuit.operations:
        if operation.code != ROTATION:
            images.clifford(operation.code, operation.qubits)
            continue
        quarter = operation.quarter
        if quarter == 0:
            continue
        if quarter > 0:
            images.turn(operation.qubits, operation.letters, quarter)
            continue
        axis, phase = images.of(operation.qubits, operation.letters)
        numbers.append(operation.number)
        axes.append(known.setdefault(axis, axis))
        negative.append(phase == 2)
        turning.append(Turning.FREE if quarter == -1 else Turning.FIXED)
        if len(known) > room:
            raise FrameTooLarge(f"the pulled-back rotation axes of {n:,} qubits exceed {memory_limit >> 20:,} MB")
    return Frame(n, tuple(numbers), tuple(axes), tuple(negative), tuple(turning), tuple(images.rows))


def _pulled(rows: Sequence[tuple[int, int]], string: int, n: int) -> tuple[int, bool]:
    letters = [(q, (string >> q & 1) | (string >> (q + n) & 1) << 1) for q in ones(support(string, n))]
    product, phase = _product(rows, letters, n)
    return product, phase == 2


def _product(
    rows: Sequence[tuple[int, int]], letters: Sequence[tuple[int, int]] | zip[tuple[int, int]], n: int
) -> tuple[int, int]:
    """The image of a string given by letters (qubit, code), as (string, k) for i^k P_string; Hermitian, so k is 0 or 2."""
    product, phase = 0, 0
    for qubit, code in letters:
        if code & 1:
            x, k = rows[2 * qubit]
            product, phase = (x, phase + k) if not product else _times(product, phase + k, x, n)
        if code & 2:
            z, k = rows[2 * qubit + 1]
            product, phase = (z, phase + k) if not product else _times(product, phase + k, z, n)
            phase += code == 3  # Y = iXZ
    return product, phase & 3


def _times(left: int, phase: int, right: int, n: int) -> tuple[int, int]:
    product, k = multiply(left, right, n)
    return product, phase + k
