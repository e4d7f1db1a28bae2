"""Stabilizer states: how to make one of |0…0> by Cliffords, from its vector (arXiv:quant-ph/0304125, theorem 9)."""

from __future__ import annotations

from collections.abc import Sequence

TOLERANCE = 1e-9

Call = tuple[str, tuple[int, ...]]


def preparation(vector: Sequence[complex]) -> list[Call] | None:
    """Named Cliffords on qubits; None if this is no stabilizer state.

    Such a state is uniform on an affine space over GF(2), with phases i^l(t) (-1)^q(t), l linear and q quadratic in
    its coordinates t. Entry v of the vector is the basis state with bit k of v on qubit k.
    """
    size = max(map(abs, vector))
    support = [v for v, amplitude in enumerate(vector) if abs(amplitude) > TOLERANCE * size]
    basis: dict[int, int] = {}  # by leading bit, which no other vector has
    for v in support:
        _extend(basis, v ^ support[0])
        if 1 << len(basis) > len(support):
            return None
    if 1 << len(basis) != len(support):
        return None
    shift = support[0]
    for pivot, row in basis.items():
        if shift >> pivot & 1:
            shift ^= row
    pivots = sorted(basis)

    def phase(*chosen: int) -> complex:
        place = shift
        for pivot in chosen:
            place ^= basis[pivot]
        return vector[place] / vector[shift]

    quarters = {p: _quarter(phase(p)) for p in pivots}
    pairs = [
        (a, b)
        for i, a in enumerate(pivots)
        for b in pivots[i + 1 :]
        if abs(phase(a, b) + phase(a) * phase(b)) < TOLERANCE
    ]
    if None in quarters.values():
        return None
    for v in support:
        on = [p for p in pivots if (v ^ shift) >> p & 1]
        turns = sum(quarters[p] or 0 for p in on) + 2 * sum(a in on and b in on for a, b in pairs)
        if abs(vector[v] - vector[shift] * 1j**turns) > TOLERANCE * size:
            return None
    calls: list[Call] = [("h", (p,)) for p in pivots]
    calls += [(name, (p,)) for p in pivots if (name := ("", "s", "z", "sdg")[quarters[p] or 0])]
    calls += [("cz", pair) for pair in pairs]
    calls += [("cx", (p, q)) for p in pivots for q in _bits(basis[p]) if q != p]
    return calls + [("x", (q,)) for q in _bits(shift)]


def _extend(basis: dict[int, int], v: int) -> None:
    """Add a vector to a basis in reduced echelon form."""
    for pivot, row in basis.items():
        if v >> pivot & 1:
            v ^= row
    if not v:
        return
    lead = v.bit_length() - 1
    for pivot, row in basis.items():
        if row >> lead & 1:
            basis[pivot] = row ^ v
    basis[lead] = v


def _quarter(phase: complex) -> int | None:
    return next((k for k in range(4) if abs(phase - 1j**k) < TOLERANCE), None)


def _bits(v: int) -> list[int]:
    return [k for k in range(v.bit_length()) if v >> k & 1]
