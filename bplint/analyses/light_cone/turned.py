"""Whether rotations ask about all of a term at once, or fixed gates carry it in and out of where one of them stands.

A signal is lost to a wide term where many of its qubits are turned while it stands: each turn costs a factor. A ladder of CX
around one RZ, as UCC and HVA circuits have them, makes a term as wide, and takes it down again behind the one rotation.
"""

from __future__ import annotations

from collections.abc import Sequence

from bplint.analyses.light_cone.passage import Passage, planes_of
from bplint.ir.circuit import Circuit
from bplint.ir.pauli import ones


def turned_together(circuit: Circuit, way: Passage, rotations: Sequence[int], strings: Sequence[int]) -> list[int]:
    """For each string, how many of its qubits are turned where the first rotation, seen from the measurement, meets it.

    A qubit counts if what comes next on it, going back, is a rotation that anticommutes with the string, and not a gate on
    several qubits that changes the string. ``rotations`` are the operations of the frame, in circuit order.
    """
    n, waiting = circuit.n_qubits, (1 << len(strings)) - 1
    planes = planes_of(strings, [1 << t for t in range(len(strings))], n)
    standing = [0] * n  # the strings that have the qubit where first met, until something happens to them on it
    counts = [0] * len(strings)

    def turn(rotation: int, mask: int) -> int:
        nonlocal waiting
        if new := mask & waiting:
            waiting &= ~mask
            for q in range(n):
                standing[q] |= (planes[q] | planes[q + n]) & new
        for q, _ in circuit.operations[rotations[rotation]].axis:
            for t in ones(mask & standing[q]):
                counts[t] += 1
            standing[q] &= ~mask
        return 0

    def moved(qubits: set[int], mask: int) -> None:
        for q in qubits:
            standing[q] &= ~mask

    way.carry(planes, turn, moved=moved)
    return counts
