"""The light cone of the loss as a set of wires: all that it can spread to on its way back through the circuit."""

from __future__ import annotations

from functools import reduce
from operator import or_

from bplint.analyses.entanglement.cuts import swaps_and_binds
from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import Clifford, clifford
from bplint.ir.frame import quarter_turns
from bplint.ir.observable import Observable


def light_cone(circuit: Circuit, observable: Observable) -> tuple[int, ...]:
    """The wires that a string of the loss can act on somewhere in the circuit, named by where they end, ascending.

    Carries the bits that any string may have, as :mod:`bplint.analyses.light_cone.locality` does for each term.
    """
    n = circuit.n_qubits
    strings = [1 << (q + n) for q in observable.projector] or [string for string, _ in observable.terms]
    bits = reduce(or_, strings, 0)
    may = [bool(bits >> row & 1) for row in range(2 * n)]
    ends = list(range(n))
    cone = {q for q in range(n) if may[q] or may[q + n]}
    starts, qubits, letters = circuit.start.tolist(), circuit.qubits.tolist(), circuit.letters.tolist()
    codes, quarters = circuit.code.tolist(), quarter_turns(circuit).tolist()
    for operation in range(len(circuit) - 1, -1, -1):
        a, b = starts[operation], starts[operation + 1]
        places = qubits[a:b]
        if codes[operation] == ROTATION:
            if quarters[operation] in (0, 2):
                continue
            axis = [q + n * part for q, code in zip(places, letters[a:b], strict=True) for part in _PARTS[code]]
            if not any(may[(row + n) % (2 * n)] for row in axis):
                continue
            for row in axis:
                may[row] = True
        else:
            _pull(may, clifford(codes[operation]), places, n)
            if len(places) == 2 and swaps_and_binds(codes[operation])[0]:
                first, second = places
                ends[first], ends[second] = ends[second], ends[first]
        cone.update(ends[q] for q in places if may[q] or may[q + n])
    return tuple(sorted(cone))


_PARTS = ((), (0,), (1,), (0, 1))


def _pull(may: list[bool], row: Clifford, qubits: list[int], n: int) -> None:
    places = [q + n * part for part in (0, 1) for q in qubits]
    images = 0
    for i, (image, _) in enumerate(row.images):  # of X and Z of each argument in turn
        if may[places[i // 2 + row.n_qubits * (i % 2)]]:
            images |= image
    for bit, place in enumerate(places):
        may[place] = bool(images >> bit & 1)
