"""Pauli algebras that are no free fermions: the strings on a quadric over GF(2).

Let connected generators that are no free fermions span V, with commutation form of rank 2k and radical of dimension d.
Let Q be the quadratic form with Q = 1 on the generators and Q(u + v) = Q(u) + Q(v) + [u, v anticommute], if there is
one. Their algebra is spanned by the strings v of V outside the radical with Q(v) = 1; by all, if there is no Q:
- no Q: 2^d copies of su(2^k);
- Q = 1 somewhere on the radical: 2^(d-1) copies of su(2^k);
- otherwise 2^d copies of so(2^k), where the Arf invariant of Q is 0, or of sp(2^(k-1)).

Brown and Humphries 1986; Janssen 1983; Aguilar et al., arXiv:2408.00081, types B; Cuypers, arXiv:2603.08373.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bplint.ir.pauli import Anticommutation, LinearSpan, ones


def lift(string: int, n_qubits: int) -> int:
    """The string as a vector that shows Q as well: ``string << 1 | (1 + number of Ys) mod 2``.

    The number of Ys mod 2 is a quadratic form that polarises as Q does, so their sum is linear on V. Hence, for v in V,
    Q(v) = 1 iff the lifted string is in the span of the lifted generators; there is no Q iff that span contains 1.
    """
    return string << 1 | (string & string >> n_qubits).bit_count() & 1 ^ 1


@dataclass(frozen=True, slots=True, eq=False)
class Quadric:
    """An algebra of exponential type, given by its connected generators."""

    spanning: Anticommutation
    """Connected generators with the same lifted span."""
    span: LinearSpan
    """Of the lifted generators."""

    def contains(self, string: int) -> bool:
        """Whether the Pauli string is in the algebra."""
        return lift(string, self.spanning.n_qubits) in self.span and self.spanning.row(string) != 0

    def algebra(self) -> tuple[str, int, int, int]:
        """Family, size, copies and k."""
        n_qubits = self.spanning.n_qubits
        form = self.span.dual(0)
        rank = len(self.span) - (1 in self.span)
        if rank == 2 * n_qubits:
            # Q is the number of Ys plus a linear function on all strings, so its Arf invariant can be read off.
            pairs, odd_radical, arf = n_qubits, False, (form >> 1 & form >> 1 + n_qubits).bit_count() & 1
        else:
            pairs, odd_radical, arf = _invariants([self.spanning.row(string) for string in self.spanning.strings])
        copies = 1 << rank - 2 * pairs
        if not form:
            return "su", 1 << pairs, copies, pairs
        if odd_radical:
            return "su", 1 << pairs, copies >> 1, pairs
        if arf:
            return "sp", 1 << pairs - 1, copies, pairs
        return "so", 1 << pairs, copies, pairs


def _invariants(rows: Iterable[int]) -> tuple[int, bool, int]:
    """Half the rank of the commutation form; whether Q = 1 somewhere on the radical; the Arf invariant of Q.

    Symplectic elimination: splits off one anticommuting pair at a time and makes the rest commute with it. What is left
    in the end spans the radical.
    """
    rest = dict(enumerate(rows))
    form = dict.fromkeys(rest, 1)
    pairs, odd_radical, arf = 0, False, 0
    while rest:
        left, left_row = rest.popitem()
        if not left_row:
            odd_radical |= form[left] == 1
            continue
        right = left_row.bit_length() - 1
        right_row = rest.pop(right)
        pairs += 1
        arf ^= form[left] & form[right]
        for other in ones((left_row | right_row) & ~(1 << left | 1 << right)):
            meets_left, meets_right = left_row >> other & 1, right_row >> other & 1
            if meets_left:
                rest[other] ^= right_row
            if meets_right:
                rest[other] ^= left_row
            form[other] ^= meets_left & form[right] ^ meets_right & form[left] ^ meets_left & meets_right
    return pairs, odd_radical, arf
