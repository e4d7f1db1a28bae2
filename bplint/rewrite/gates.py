"""The gates that a rewrite puts in: those of the gate table, rotations about any two letters, and exchanges of one angle."""

from __future__ import annotations

from bplint.ir.gates import Gate, Turn, gate
from bplint.ir.pauli import LETTERS

EXCHANGES = ("xx_plus_yy", "xx_minus_yy", "exchange")
"""exp(-i · angle/4 · (XX + YY)), (XX - YY), and (XX + YY + ZZ): the sums that keep ΣZ, a staggered ΣZ, the total spin."""


def named(name: str, n_angles: int) -> Gate:
    """The gate of this name that takes so many angles. The exchanges take one, that of the table two."""
    row = _OWN.get(name) if n_angles == 1 else None
    row = row or gate(name)
    if row is None or row.n_parameters != n_angles:
        raise ValueError(f"want a gate of the table, got {name} with {n_angles} angles")
    return row


def local_rotation(letter: int) -> str:
    """The rotation about a letter X = 1, Z = 2, Y = 3."""
    return f"r{LETTERS[letter].lower()}"


def pair_rotation(letters: tuple[int, int], qubits: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """The rotation about these two letters on these qubits, as a name and its qubits in the order it takes them."""
    name = "r" + "".join(LETTERS[letter].lower() for letter in letters)
    return (f"r{name[2]}{name[1]}", qubits[::-1]) if name in _TURNED_ROUND else (name, qubits)


_X, _Z, _Y = 1, 2, 3
_TURNED_ROUND = ("rxz", "rxy", "ryz")


def _row(name: str, *terms: tuple[float, int, int]) -> Gate:
    return Gate(name, 1, 2, (Turn(0, 0.0, tuple((c, ((0, a), (1, b))) for c, a, b in terms)),), (0.0, 0.0))


_OWN = {
    row.name: row
    for row in (
        _row("ryx", (1.0, _Y, _X)),
        _row("rzy", (1.0, _Z, _Y)),
        _row("xx_plus_yy", (0.5, _X, _X), (0.5, _Y, _Y)),
        _row("xx_minus_yy", (0.5, _X, _X), (-0.5, _Y, _Y)),
        _row("exchange", (0.5, _X, _X), (0.5, _Y, _Y), (0.5, _Z, _Z)),
    )
}
