"""A circuit of free fermions from |0…0>: its rotations as turns of Majorana modes, and Pauli strings as products of them.

Modes γ_a are anticommuting Pauli strings. A rotation about ±iγ_aγ_b turns modes a and b into each other, so that a state is told
by its covariances Γ_ab = ⟨iγ_aγ_b⟩, by Wick's theorem (Terhal and DiVincenzo, quant-ph/0108010; Bravyi, quant-ph/0404180).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bplint.analyses.dla.pauli.free_fermions import recognise
from bplint.ir.pauli import Anticommutation, LinearSpan, anticommute, flipped, multiply, ones, x_part


class Product(NamedTuple):
    """``factor`` · γ_a γ_b … of the ``modes``, times a string of Z that is 1 in all reachable states.

    ``bare`` where that is the identity.
    """

    factor: complex
    modes: tuple[int, ...]
    bare: bool


class Majoranas(NamedTuple):
    """The modes, as strings, and their covariances in |0…0>: Γ_ab = ``signs[a]`` where b is ``partners[a]``, else 0."""

    n_qubits: int
    modes: tuple[int, ...]
    partners: tuple[int, ...]
    signs: tuple[int, ...]

    def product(self, string: int) -> Product | None:
        """A Pauli string as the shorter product of modes that it is in all reachable states; None if it is none."""
        turned = flipped(string, self.n_qubits)
        inside = [a for a, mode in enumerate(self.modes) if (turned & mode).bit_count() & 1]
        outside = sorted(set(range(len(self.modes))).difference(inside))
        # γ_a anticommutes with a product of evenly many modes iff it is among them, with one of oddly many iff it is not.
        for modes in sorted([inside, outside] if len(inside) % 2 == 0 else [outside], key=len):
            known, turns = 0, 0
            for a in modes:
                known, more = multiply(known, self.modes[a], self.n_qubits)
                turns += more
            rest = known ^ string
            if not x_part(rest, self.n_qubits):
                turns += multiply(known, rest, self.n_qubits)[1]
                return Product(1j ** (-turns % 4), tuple(modes), not rest)
        return None


def majoranas(axes: Iterable[int], n_qubits: int) -> Majoranas | None:
    """The modes that rotations about these strings turn, if they are free fermions and |0…0> a Gaussian state of them all."""
    distinct = list(dict.fromkeys(axes))
    if not distinct or len(distinct) > n_qubits * (2 * n_qubits - 1):
        return None  # more than there are pairs of modes
    strings = Anticommutation(n_qubits, distinct)
    if not _connected([strings.row(string) for string in distinct]):
        return None
    fermions = recognise(strings)
    if fermions is None:
        return None
    _, *others = fermions.potentials
    # The first mode anticommutes with all that lead from it to another: bit 0 asks for an odd product.
    first = LinearSpan(flipped(string, n_qubits) << 1 | 1 for string in others).dual(0) >> 1
    modes = (first, *(first ^ string for string in others))
    if not first or any(anticommute(a, b, n_qubits) is (a == b) for a in modes for b in modes):
        return None
    partners, signs = [], []
    for mode in modes:
        seen = [(b, multiply(mode, other, n_qubits)) for b, other in enumerate(modes) if other != mode]
        paired = [(b, phase) for b, (string, phase) in seen if not x_part(string, n_qubits)]
        if len(paired) != 1:
            return None  # a state that is not pure on these modes
        partners.append(paired[0][0])
        signs.append(1 if paired[0][1] == 3 else -1)  # i γ_a γ_b = i · i^phase
    return Majoranas(n_qubits, modes, tuple(partners), tuple(signs))


def _connected(rows: Sequence[int]) -> bool:
    seen = waiting = 1
    while waiting:
        near = 0
        for k in ones(waiting):
            near |= rows[k]
        waiting = near & ~seen
        seen |= near
    return seen == (1 << len(rows)) - 1
