"""Starts: product states and singlets that lie in one sector of a symmetry, prepared by Cliffords.

Up to 12 qubits the sector is one that holds a minimum of the observable, read off a state of least energy; where several
do, the largest. Beyond, it is the one in the middle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from bplint.analyses.symmetry.ground import Vector, diagonals
from bplint.analyses.symmetry.prior import Preparation
from bplint.ir.pauli import LETTERS, ones, support

Bits: TypeAlias = list[int]
"""For each qubit whether it starts set."""

_WEIGHT = 1e-6
"""A sector in which a state of least energy has more weight than this holds one."""
_SAMPLES = 64


def product(bits: Sequence[int], letters: Mapping[int, str]) -> Preparation:
    """Eigenvectors of a letter on each qubit (Z where none is given), of +1 where the bit is 0."""
    layers = [("x", [q for q, bit in enumerate(bits) if bit])]
    layers.append(("h", [q for q, letter in sorted(letters.items()) if letter in "XY"]))
    layers.append(("s", [q for q, letter in sorted(letters.items()) if letter == "Y"]))
    return tuple((name, (q,)) for name, qubits in layers for q in qubits)


def singlets(signs: Mapping[str, Sequence[int]]) -> Preparation:
    """Neighbours paired such that (s_a L_a + s_b L_b) vanishes on each pair, for L = X, Z and with signs s, hence for Y."""
    gates: list[tuple[str, tuple[int, ...]]] = []
    for a in range(0, len(signs["X"]) - 1, 2):
        b = a + 1
        # XX = ZZ = 1 after h and cx; x on b before it turns the sign of ZZ, z after it that of XX.
        flip = [("x", (b,))] if signs["Z"][a] == signs["Z"][b] else []
        turn = [("z", (b,))] if signs["X"][a] == signs["X"][b] else []
        gates += [*flip, ("h", (a,)), ("cx", (a, b)), *turn]
    return tuple(gates)


def letters_of(strings: Sequence[int], n_qubits: int) -> dict[int, str] | None:
    """The letter that each qubit has in all strings that act on it; None if some qubit has two."""
    letters: dict[int, str] = {}
    for string in strings:
        for q in ones(support(string, n_qubits)):
            letter = LETTERS[string >> q & 1 | (string >> q + n_qubits & 1) << 1]
            if letters.setdefault(q, letter) != letter:
                return None
    return letters


def signs_of(strings: Sequence[int], n_qubits: int, lowest: Vector | None) -> list[int]:
    """For each of commuting strings 1 if its eigenvalue is to be -1: as a state of least energy allows, else 0."""
    if lowest is None:
        return [0] * len(strings)
    bits = []
    for string in strings:
        ((flip, diagonal),) = diagonals([(string, 1.0)], n_qubits).items()
        image = diagonal * lowest[np.arange(len(lowest)) ^ flip]
        negative = bool(np.linalg.norm(lowest + image) ** 2 < 4 * _WEIGHT)
        lowest = lowest - image if negative else lowest + image
        lowest = lowest / np.linalg.norm(lowest)
        bits.append(int(negative))
    return bits


def bits_with(strings: Sequence[int], signs: Sequence[int], n_qubits: int) -> Bits:
    """Few bits whose parity on the support of each independent string is its sign."""
    rows: list[tuple[int, int]] = []
    """Masks, each with a bit of its own in front, and the parity they ask for."""
    for string, sign in zip(strings, signs, strict=True):
        mask = support(string, n_qubits)
        for other, parity in rows:
            if mask >> other.bit_length() - 1 & 1:
                mask, sign = mask ^ other, sign ^ parity
        if not mask:
            continue
        top = mask.bit_length() - 1
        rows = [(o ^ mask, p ^ sign) if o >> top & 1 else (o, p) for o, p in rows] + [(mask, sign)]
    bits = [0] * n_qubits
    for mask, parity in rows:
        bits[mask.bit_length() - 1] = parity
    return bits


def filling(weights: Sequence[int], terms: Sequence[tuple[int, float]], lowest: Vector | None) -> Bits | None:
    """A product state of Z in a sector of the charge Σ m_q Z_q of a sum of strings; None if the sum is constant there."""
    level = 0 if lowest is None else _level(weights, lowest)
    if level is None:
        return None
    bits = _spread(weights, level)
    if bits is None or _is_constant(weights, terms, bits):
        return None
    return bits


def _values(weights: Sequence[int], size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    states = np.arange(size)
    return sum((m * (1 - 2 * (states >> q & 1)) for q, m in enumerate(weights)), np.zeros(size, dtype=np.int64))


def _level(weights: Sequence[int], lowest: Vector) -> int | None:
    """Among the eigenvalues with a state of least energy the one of most states; None if it has one state only."""
    values = _values(weights, len(lowest))
    best = None
    for level in np.unique(values):
        inside = values == level
        if np.sum(np.abs(lowest[inside]) ** 2) > _WEIGHT:
            key = int(inside.sum()), -abs(int(level)), int(level)
            best = key if best is None else max(best, key)
    return best[2] if best and best[0] > 1 else None


def _spread(weights: Sequence[int], level: int) -> Bits | None:
    """Bits for an eigenvalue of the charge, or the next below it, spread evenly over the qubits where weights are ±1."""
    moving = [q for q, m in enumerate(weights) if m]
    bits = [0] * len(weights)
    if all(abs(m) == 1 for m in weights if m):
        # Counting a bit where m = 1 and its opposite where m = -1, k of them give the charge so many less twice k.
        k, size = (len(moving) - level) // 2, len(moving)
        for place, q in enumerate(moving):
            counted = (place + 1) * k // size - place * k // size
            bits[q] = counted if weights[q] == 1 else 1 - counted
        return bits
    rest = level
    for q in sorted(moving, key=lambda q: -abs(weights[q])):
        bits[q] = int(weights[q] * rest < 0) if rest else int(weights[q] < 0)
        rest -= weights[q] * (1 - 2 * bits[q])
    return bits if not rest else None


def _is_constant(weights: Sequence[int], terms: Sequence[tuple[int, float]], bits: Bits) -> bool:
    """Whether a sum of strings of Z alone has one value on all states tried with the charge of ``bits``."""
    n = len(bits)
    if any(string & (1 << n) - 1 for string, _ in terms):
        return False
    rng = np.random.default_rng(0)
    alike: dict[int, list[int]] = {}
    for q, m in enumerate(weights):
        alike.setdefault(m, []).append(q)
    values = set()
    for _ in range(_SAMPLES):
        state = 0
        for members in alike.values():
            state |= sum(bits[q] << int(p) for q, p in zip(members, rng.permutation(members), strict=True))
        values.add(round(sum(-c if (s >> n & state).bit_count() & 1 else c for s, c in terms), 9))
    return len(values) == 1
