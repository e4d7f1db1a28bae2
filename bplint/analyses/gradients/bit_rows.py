"""Many bit strings of one width as rows of 64-bit words, and a growing table that finds them again.

A row of width w has ceil(w / 64) words, bit i in word i // 64, place i % 64. Its *key* is 64 bits, linear over GF(2): the
key of a sum (exclusive or) of rows is that of their keys. Up to 64 bits it is the row itself; beyond, different rows may
have one key, and the words are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from bplint.ir.circuit import Flags, Index

if TYPE_CHECKING:
    import numpy.typing as npt

Words: TypeAlias = "npt.NDArray[np.uint64]"
"""(rows, words), or (rows,) for keys."""


class KeyCollision(Exception):
    """Two different rows have one key: the question must be asked again with other keys."""


def packed(rows: Iterable[int], width: int) -> Words:
    """Integers as rows, uint64 (rows, words)."""
    words = max((width + 63) // 64, 1)
    joined = b"".join(row.to_bytes(8 * words, "little") for row in rows)
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64).reshape(-1, words)


def odd(rows: Words, mask: Words) -> Flags:
    """Whether each row shares an odd number of bits with the mask, one row or as many, bool (rows,)."""
    return np.asarray(np.bitwise_count(rows & mask).sum(axis=1) & 1, dtype=bool)


class Keys:
    """Linear keys for rows of one width."""

    def __init__(self, width: int, seed: int = 0) -> None:
        self.width = width
        random = Random(seed)
        self._columns = (
            [1 << i for i in range(width)] if width <= 64 else [random.getrandbits(64) for _ in range(width)]
        )

    def of(self, row: int) -> int:
        """The key of one row, given as an integer."""
        key = 0
        while row:
            low = row & -row
            key ^= self._columns[low.bit_length() - 1]
            row ^= low
        return key


class Table:
    """Distinct rows in the order in which they were added, found by their keys.

    ``words`` is uint64 (rows, words), ``keys`` uint64 (rows,). ``KeyCollision`` if two rows have the same key.
    """

    def __init__(self, rows: Sequence[int], keys: Keys) -> None:
        self.words = packed(rows, keys.width)
        self.keys: Words = np.array([keys.of(row) for row in rows], dtype=np.uint64)
        self._sorted: Words = self.keys[:0]
        self._order: Index = np.zeros(0, dtype=np.intp)
        self._merge(self.keys, np.arange(len(self)))

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, words: Words, keys: Words) -> Index:
        """The place of each row, or -1, intp (rows,)."""
        if not len(self):
            return np.full(len(keys), -1, dtype=np.intp)
        at = self._order[np.minimum(np.searchsorted(self._sorted, keys), len(self) - 1)]
        same = self.keys[at] == keys
        if words.shape[1] > 1 and not (self.words[at[same]] == words[same]).all():
            raise KeyCollision
        return np.where(same, at, -1)

    def add(self, words: Words, keys: Words) -> Index:
        """Append those that are new; the place of each row. The rows must differ from each other."""
        places = self.find(words, keys)
        new = np.flatnonzero(places < 0)
        if len(new):
            places[new] = len(self) + np.arange(len(new))
            self._merge(keys[new], places[new])
            self.words = np.concatenate([self.words, words[new]])
            self.keys = np.concatenate([self.keys, keys[new]])
        return places

    def _merge(self, keys: Words, places: Index) -> None:
        order = np.argsort(keys)
        joined = np.concatenate([self._sorted, keys[order]])
        merged = np.argsort(joined, kind="stable")  # of two sorted runs, which takes linear time
        self._sorted = joined[merged]
        self._order = np.concatenate([self._order, places[order]])[merged]
        if (self._sorted[1:] == self._sorted[:-1]).any():
            raise KeyCollision
