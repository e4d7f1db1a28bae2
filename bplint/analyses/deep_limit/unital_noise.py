"""The deep limit under Pauli noise: what the noise of a repetition damps is gone in the end.

A repetition takes the second moments of the strings of an orbit to each other, with all of them reached from any, and staying
where one is always possible; without noise each row of that matrix adds up to 1. Noise multiplies by squares of its factors. As
soon as one string of the orbit, left alone by the rotations of a repetition, is multiplied by less than 1, a row adds up to less
than 1, so that the largest eigenvalue is below 1 (Perron and Frobenius) and E[<P>²] vanishes for all strings of the orbit.

Behind the gate of a rotation about G that a string P meets, any Pauli noise at all damps P or iGP: what a channel leaves alone
are strings of one letter, which commute. So it is enough to try P and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from bplint.ir.circuit import Circuit
from bplint.ir.gate_ends import gate_ends
from bplint.ir.noise import Noise
from bplint.ir.pauli import anticommute

WORK = 1 << 21
"""Strings tried times gates, at most."""

ROOM = 1 << 28
"""Bits of the images of the gates' qubits that are kept, at most."""


class Vanishing:
    """Which strings of the frame vanish in the deep limit of a circuit whose ``axes`` turn, under unital noise."""

    def __init__(
        self, circuit: Circuit, axes: Sequence[int], noise: Noise, *, work: int = WORK, room: int = ROOM
    ) -> None:
        self._n = circuit.n_qubits
        self._axes = list(dict.fromkeys(axes))
        self._noise = noise
        self._work = work
        gates = _noisy_gates(circuit, noise)
        self._gates = list(islice(gates, room // (8 * self._n)))
        self._all = next(gates, None) is None

    def of(self, string: int) -> bool | None:
        """Whether E[<P>²] goes to 0. None where noise damps neither P nor a neighbour, or where that takes too much work."""
        moves = False
        for axis in (0, *self._axes):
            self._work -= 1 + len(self._gates)
            if self._work < 0:
                return None
            if axis and not anticommute(axis, string, self._n):
                continue
            moves = moves or axis != 0
            if any(self._damps(gate, string ^ axis) for gate in self._gates):
                return True
        return False if not moves and self._all else None

    def _damps(self, gate: _NoisyGate, string: int) -> bool:
        letters = [anticommute(string, z, self._n) | anticommute(string, x, self._n) << 1 for x, z in gate.images]
        return self._noise.factor(gate.arity, letters) < 1


class _NoisyGate(NamedTuple):
    """``images`` are X and Z of its qubits behind it, in the frame."""

    images: tuple[tuple[int, int], ...]
    arity: int


def _noisy_gates(circuit: Circuit, noise: Noise) -> Iterator[_NoisyGate]:
    noisy = {arity: (noise.joint(arity), *noise.local(arity)) != (1.0, 1.0, 1.0, 1.0) for arity in (1, 2)}
    for _, n_qubits, images in gate_ends(circuit):
        arity = min(n_qubits, 2)
        if noisy[arity]:
            yield _NoisyGate(tuple([(x, z) for (x, _), (z, _) in images]), arity)
