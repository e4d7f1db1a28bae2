"""Pauli strings as integers, and the linear algebra over GF(2) they obey.

A string on ``n`` qubits is one Python integer ``v = x | z << n``: bit ``q`` of ``x`` says
that qubit ``q`` carries an X part, bit ``q`` of ``z`` a Z part, and Y carries both. Python
integers are bit-packed, unbounded and immutable; one exclusive-or of two 1,000-qubit strings
costs about 0.1 µs, so every width takes the same path, without a word boundary.

A string stands for the Hermitian operator P_v, with Y = iXZ. Signs and phases never hide in
a string: :func:`multiply` returns the power of i beside the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

Number = TypeVar("Number", int, float)

PauliSum: TypeAlias = Mapping[int, Number]
"""An operator Σ coefficient · P_string: its coefficients by string."""

PauliTerms: TypeAlias = tuple[tuple[int, float], ...]
"""A :data:`PauliSum` as pairs (string, coefficient), each string once: what frozen records hold."""

_WORD = (1 << 60) - 1

LETTERS = "IXZY"
"""Letter of the two bits x + 2z of one qubit."""


def from_label(label: str) -> int:
    """The string of a dense label; the leftmost letter is qubit 0. ``ValueError`` on a letter not in IXYZ."""
    x = z = 0
    for qubit, letter in enumerate(label):
        code = LETTERS.find(letter)
        if code < 0:
            raise ValueError(f"want letters I, X, Y, Z, got {letter!r} in {label!r}")
        x |= (code & 1) << qubit
        z |= (code >> 1) << qubit
    return x | z << len(label)


def to_label(string: int, n_qubits: int) -> str:
    """The dense label of a string, leftmost letter qubit 0."""
    z = string >> n_qubits
    return "".join(LETTERS[(string >> q & 1) | (z >> q & 1) << 1] for q in range(n_qubits))


def from_letters(letters: Iterable[tuple[int, int]], n_qubits: int) -> int:
    """The string with letter code (X = 1, Z = 2, Y = 3) on each named qubit: pairs (qubit, code)."""
    string = 0
    for qubit, code in letters:
        string ^= (code & 1) << qubit | (code >> 1) << (qubit + n_qubits)
    return string


def to_sparse(string: int, n_qubits: int, ancillas: int = 0) -> str:
    """A short name such as ``X0 Z3``; ``I`` for the identity. The last qubits are ``ancillas``, named as in ``Za0``."""
    z, declared = string >> n_qubits, n_qubits - ancillas
    words = (
        f"{LETTERS[(string >> q & 1) | (z >> q & 1) << 1]}{q if q < declared else f'a{q - declared}'}"
        for q in qubits(string, n_qubits)
    )
    return " ".join(words) or "I"


def x_part(string: int, n_qubits: int) -> int:
    """The X bits; zero for a string of I and Z alone."""
    return string & ((1 << n_qubits) - 1)


def support(string: int, n_qubits: int) -> int:
    """Bit mask of the qubits on which the string is not the identity."""
    return (string | string >> n_qubits) & ((1 << n_qubits) - 1)


def weight(string: int, n_qubits: int) -> int:
    """Number of qubits on which the string is not the identity."""
    return support(string, n_qubits).bit_count()


def qubits(string: int, n_qubits: int) -> Iterator[int]:
    """The qubits of the support, ascending."""
    return ones(support(string, n_qubits))


def ones(mask: int) -> Iterator[int]:
    """Positions of the set bits, ascending."""
    base = 0
    while mask:
        first = (mask & -mask).bit_length() - 1
        mask >>= first
        base += first
        word = mask & _WORD  # short integers are several times faster than long ones
        while word:
            low = word & -word
            yield base + low.bit_length() - 1
            word ^= low
        mask >>= 60
        base += 60


def flipped(string: int, n_qubits: int) -> int:
    """X and Z parts exchanged: ``u & flipped(v)`` has odd weight iff u and v anticommute."""
    return string >> n_qubits | x_part(string, n_qubits) << n_qubits


def anticommute(left: int, right: int, n_qubits: int) -> bool:
    """Whether P_left P_right = -P_right P_left (the symplectic form x·z' + z·x' over GF(2))."""
    return (left & flipped(right, n_qubits)).bit_count() & 1 == 1


def multiply(left: int, right: int, n_qubits: int) -> tuple[int, int]:
    """The product as ``(string, k)``: P_left P_right = i^k P_string, k in 0..3."""
    product = left ^ right
    phase = _y_count(left, n_qubits) + _y_count(right, n_qubits) - _y_count(product, n_qubits)
    return product, (phase + 2 * (left >> n_qubits & right).bit_count()) & 3


def _y_count(string: int, n_qubits: int) -> int:
    return (string >> n_qubits & string).bit_count()


class LinearSpan:
    """The span over GF(2) of the vectors added so far, as an echelon basis keyed by leading bit."""

    def __init__(self, vectors: Iterable[int] = ()) -> None:
        self._rows: dict[int, int] = {}
        for vector in vectors:
            self.add(vector)

    def __len__(self) -> int:
        """The dimension of the span."""
        return len(self._rows)

    def __contains__(self, vector: int) -> bool:
        rows = self._rows
        while vector:
            row = rows.get(vector.bit_length())
            if row is None:
                return False
            vector ^= row
        return True

    def __iter__(self) -> Iterator[int]:
        """The basis vectors, in the order in which they were found."""
        return iter(self._rows.values())

    def reduce(self, vector: int) -> int:
        """The remainder of the vector modulo the span; zero iff it lies inside."""
        rows = self._rows
        # Walk down the leading bits: each row clears its own leading bit and touches lower ones only.
        rest, remainder = vector, 0
        while rest:
            lead = rest.bit_length()
            row = rows.get(lead)
            if row is None:
                top = 1 << (lead - 1)
                remainder |= top
                rest ^= top
            else:
                rest ^= row
        return remainder

    def add(self, vector: int) -> bool:
        """Add a vector; True iff it was independent of those before."""
        rows = self._rows
        while vector:
            lead = vector.bit_length()
            row = rows.get(lead)
            if row is None:
                rows[lead] = vector
                return True
            vector ^= row
        return False

    def keep_commuting(self, string: int, n_qubits: int) -> None:
        """Keep of a span of strings what commutes with this one. Bits above those of a string stay with it."""
        partner = flipped(string, n_qubits)
        leads = [lead for lead, row in self._rows.items() if (row & partner).bit_count() & 1]
        if not leads:
            return
        # Adding the row with the lowest leading bit to the others keeps the basis in echelon form.
        lowest = min(leads)
        removed = self._rows.pop(lowest)
        for lead in leads:
            if lead != lowest:
                self._rows[lead] ^= removed

    def dual(self, position: int) -> int:
        """The mask that shares an even number of bits with every vector of the span, and whose bits outside the leading
        bits of the span are ``position`` alone; 0 if ``position`` is such a leading bit.

        Over all positions these form a basis of the masks orthogonal to the span.
        """
        if position + 1 in self._rows:
            return 0
        mask = 1 << position
        for vector in sorted(self._rows.values()):
            if (mask & vector).bit_count() & 1:
                mask |= 1 << (vector.bit_length() - 1)
        return mask


class Anticommutation:
    """Which strings of a growing list anticommute with a given one: a bit mask over the list.

    One mask per letter of every qubit makes a row cost one exclusive-or per set bit of the string, whatever the
    length of the list: far below one product per pair.
    """

    def __init__(self, n_qubits: int, strings: Iterable[int] = ()) -> None:
        self.n_qubits = n_qubits
        self.strings: list[int] = []
        self._masks: dict[int, int] = {}
        for string in strings:
            self.add(string)

    def add(self, string: int) -> int:
        """Append a string; returns its position, which is its bit in every row."""
        bit = 1 << len(self.strings)
        for position in ones(flipped(string, self.n_qubits)):
            self._masks[position] = self._masks.get(position, 0) | bit
        self.strings.append(string)
        return len(self.strings) - 1

    def row(self, string: int) -> int:
        """The mask of the strings in the list that anticommute with this one."""
        masks, row = self._masks, 0
        for position in ones(string):
            row ^= masks.get(position, 0)
        return row
