"""Pauli strings of the frame as rows of bits: the words of the X bits, then those of the Z bits."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bplint.analyses.gradients.bit_rows import Keys, Table, Words, odd, packed
from bplint.ir.circuit import Flags, Index
from bplint.ir.pauli import flipped, x_part


class StringRows:
    """How strings on ``n_qubits`` are rows; ``words`` for the X bits and as many for the Z bits, ``bytes`` in a table."""

    def __init__(self, n_qubits: int, seed: int = 0) -> None:
        self.n_qubits = n_qubits
        self.words = (n_qubits + 63) // 64
        self.keys = Keys(128 * self.words, seed)
        self.bytes = 16 * self.words + 40

    def row(self, string: int) -> int:
        """The row of one string, as an integer."""
        return x_part(string, self.n_qubits) | string >> self.n_qubits << (64 * self.words)

    def packed(self, string: int) -> Words:
        """The row of one string, uint64 (1, words)."""
        return packed([self.row(string)], self.keys.width)

    def table(self, strings: Iterable[int]) -> Table:
        """A table of different strings."""
        return Table([self.row(string) for string in strings], self.keys)

    def against(self, rows: Words, string: int) -> Flags:
        """Which rows anticommute with a string."""
        turned = self.packed(flipped(string, self.n_qubits))
        used = np.flatnonzero(turned[0])  # most strings are short
        return odd(rows[:, used], turned[:, used])

    def power(self, string: int, rows: Words) -> Index:
        """k where P Q = i^k R for the string P and each row Q, R the string without a phase; 0 to 3."""
        mine = self.packed(string)
        crossed = np.bitwise_count(mine[:, self.words :] & rows[:, : self.words]).sum(axis=1)
        power = self._ys(mine) + self._ys(rows) - self._ys(rows ^ mine) + 2 * crossed.astype(np.intp)
        return np.asarray(power & 3, dtype=np.intp)

    def _ys(self, rows: Words) -> Index:
        """Letters Y of each row."""
        both = rows[:, : self.words] & rows[:, self.words :]
        return np.asarray(np.bitwise_count(both).sum(axis=1), dtype=np.intp)
