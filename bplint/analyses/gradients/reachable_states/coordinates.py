"""The basis states b that x-parts can reach, written in coordinates: as many bits as the x-parts have rank.

All axes turn |b> to |b + x>, so only sums of x-parts occur. On a basis of these, in reduced echelon form, the coordinates
of b are its bits at the pivots, and the sign (-1)^{z·b} of a Z-string is linear in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bplint.analyses.gradients.parity import spanned
from bplint.ir.pauli import x_part


class Shift(NamedTuple):
    """P|b> = i^power · (-1)^{z·b} |b + x>, x and z masks of coordinates."""

    x: int
    z: int
    power: int


class Coordinates:
    """Coordinates for the sums of the x-parts of some strings on ``n_qubits``."""

    def __init__(self, strings: Iterable[int], n_qubits: int) -> None:
        self.n_qubits = n_qubits
        span = spanned((x_part(s, n_qubits) for s in strings), n_qubits)
        rows: list[int] = []
        for vector in sorted(span):
            # Rows with lower leading bits are reduced already: no pivot of theirs is left in this one after this.
            for row in rows:
                if vector >> (row.bit_length() - 1) & 1:
                    vector ^= row
            rows.append(vector)
        self._rows = rows
        self._span = span

    @property
    def rank(self) -> int:
        """Bits of a state."""
        return len(self._rows)

    def shift(self, string: int) -> Shift | None:
        """A string in coordinates; None if it leads out of them, so that its expectation is zero."""
        n = self.n_qubits
        x, z = x_part(string, n), string >> n
        if x not in self._span:
            return None
        place = sum((x >> (row.bit_length() - 1) & 1) << i for i, row in enumerate(self._rows))
        signs = sum(((row & z).bit_count() & 1) << i for i, row in enumerate(self._rows))
        return Shift(place, signs, (x & z).bit_count() & 3)
