"""The named Clifford gates and what each does to Pauli strings.

A row lists the images of X and Z of each argument under P -> C† P C, the direction in which
an observable travels: from the measurement back to the start. Each row is checked against its
matrix in ``tests/ir/test_clifford.py``.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from bplint.ir.pauli import from_label

# Images of X (one qubit: X, Z; two qubits: XI, ZI, IX, IZ).
_IMAGES = {
    "x": "X -Z",
    "y": "-X -Z",
    "z": "-X Z",
    "h": "Z X",
    "s": "-Y Z",
    "sdg": "Y Z",
    "sx": "X Y",
    "sxdg": "X -Y",
    "cx": "XX ZI IX ZZ",
    "cy": "XY ZI ZX ZZ",
    "cz": "XZ ZI ZX IZ",
    "swap": "IX IZ XI ZI",
    "iswap": "-ZY IZ -YZ ZI",
    "iswapdg": "ZY IZ YZ ZI",
    "dcx": "XX IZ XI ZZ",
    "ecr": "-YX -ZI IX ZY",
}

CLIFFORDS = tuple(_IMAGES)
"""Names in the order of their codes: the code of ``CLIFFORDS[i]`` is ``i + 1``, code 0 is a rotation."""

CODES = {name: code for code, name in enumerate(CLIFFORDS, start=1)}


class Clifford(NamedTuple):
    """One row: ``images[i]`` is (local string, negative) of X_0, Z_0, X_1, Z_1, ... in this order.

    A local string is an integer ``x | z << n_qubits`` over the gate's own arguments.
    """

    name: str
    n_qubits: int
    images: tuple[tuple[int, bool], ...]


@cache
def clifford(code: int) -> Clifford:
    """The row of a code."""
    name = CLIFFORDS[code - 1]
    words = _IMAGES[name].split()
    images = tuple((from_label(word.lstrip("-")), word.startswith("-")) for word in words)
    return Clifford(name, len(words) // 2, images)
