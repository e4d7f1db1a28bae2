"""Many Pauli strings at once: columns of uint64 words, each 32 qubits, the X bits low and the Z bits high.

One string is ``x | z << n`` as everywhere (:mod:`bplint.ir.pauli`); an axis comes as such an integer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from bplint.ir.circuit import Flags, Floats, Index

Words: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.uint64]]"

_QUBITS = 32
_HALF = np.uint64(_QUBITS)


def n_words(n_qubits: int) -> int:
    """Words of one string."""
    return -(-n_qubits // _QUBITS)


def packed(strings: Sequence[int], n_qubits: int) -> Words:
    """The strings as columns, uint64 (words, strings)."""
    words = np.zeros((n_words(n_qubits), len(strings)), dtype=np.uint64)
    for column, string in enumerate(strings):
        for row, word in _words(string, n_qubits):
            words[row, column] = word
    return words


def unpacked(columns: Words, n_qubits: int) -> list[int]:
    """The strings of columns."""
    mask = (1 << _QUBITS) - 1
    strings = [0] * columns.shape[1]
    for shift, row in zip(range(0, n_qubits, _QUBITS), columns.tolist(), strict=True):
        for column, word in enumerate(row):
            strings[column] |= (word & mask) << shift | word >> _QUBITS << (n_qubits + shift)
    return strings


def only_z(columns: Words) -> Flags:
    """Which strings have I and Z only."""
    return np.asarray(~((columns & np.uint64((1 << _QUBITS) - 1)) != 0).any(axis=0))


def anticommute(columns: Words, string: int, n_qubits: int) -> Flags:
    """Which columns anticommute with the string."""
    odd = np.zeros(columns.shape[1], dtype=np.uint8)
    for row, word in _words(string, n_qubits):
        odd ^= np.bitwise_count(columns[row] & np.uint64(word >> _QUBITS | (word << _QUBITS) % (1 << 64)))
    return (odd & 1).astype(bool)


def times(columns: Words, axis: int, n_qubits: int) -> tuple[Words, Floats]:
    """P -> P', sign · P' = P_axis P for columns that commute with the axis and i · P_axis P for those that do not."""
    product = columns.copy()
    phase = np.zeros(columns.shape[1], dtype=np.int64)
    for row, word in _words(axis, n_qubits):
        product[row] ^= np.uint64(word)
        y_count = (word & word >> _QUBITS).bit_count()
        phase += y_count + np.bitwise_count(columns[row] & columns[row] >> _HALF)
        phase -= np.bitwise_count(product[row] & product[row] >> _HALF)
        phase += 2 * np.bitwise_count(columns[row] & np.uint64(word >> _QUBITS))
    # i^phase of the product is real where they commute; an odd phase gets the factor i, which makes it even.
    return product, (1 - ((phase + (phase & 1)) & 2)).astype(np.float64)


def ordered(left: Words, right: Words) -> tuple[Words, Words]:
    """Each pair of columns in a fixed order, whichever of the two came first."""
    swap = _hash(left) > _hash(right)
    return np.where(swap, right, left), np.where(swap, left, right)


def first_equal(columns: Words) -> Index:
    """For each column the number of the first one equal to it.

    Columns of equal hash may, once in 2^64, keep equal ones apart: these are then found twice, which does no harm to a
    sum over them.
    """
    count = columns.shape[1]
    hashes = _hash(columns)
    order = np.argsort(hashes)
    new = np.ones(count, dtype=bool)
    new[1:] = hashes[order[1:]] != hashes[order[:-1]]
    if len(columns) > 1:
        new[1:] |= (columns[:, order[1:]] != columns[:, order[:-1]]).any(axis=0)
    first = np.empty(count, dtype=np.intp)
    first[order] = np.minimum.reduceat(order, np.flatnonzero(new))[np.cumsum(new) - 1] if count else 0
    return first


@lru_cache(maxsize=16)  # a step asks for the words of its axis several times
def _words(string: int, n_qubits: int) -> tuple[tuple[int, int], ...]:
    """(row, word) of the words that are not zero."""
    x, z = string & ((1 << n_qubits) - 1), string >> n_qubits
    mask = (1 << _QUBITS) - 1
    words = ((x >> shift & mask) | (z >> shift & mask) << _QUBITS for shift in range(0, n_qubits, _QUBITS))
    return tuple((row, word) for row, word in enumerate(words) if word)


def _hash(columns: Words) -> Words:
    """One word a column; the column itself if it has one word."""
    if len(columns) == 1:
        return np.asarray(columns[0])
    # Each bit must reach low ones too, or the highest bits of different rows cancel: the finalizer of splitmix64.
    seeds = np.arange(len(columns), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = columns + seeds[:, None]
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray(mixed.sum(axis=0, dtype=np.uint64))
