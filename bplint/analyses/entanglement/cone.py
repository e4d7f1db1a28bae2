"""The light cone of the loss as a set of wires: all that it can spread to on its way back through the circuit."""

from __future__ import annotations

from functools import reduce
from operator import or_

from bplint.analyses.entanglement.cuts import swaps_and_binds
from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import clifford
from bplint.ir.observable import Observable


def light_cone(circuit: Circuit, observable: Observable) -> tuple[int, ...]:
    """The wires that a string of the loss can act on somewhere in the circuit, named by where they end, ascending.

    Carries the bits that any string may have, as :mod:`bplint.analyses.light_cone.locality` does for each term.
    """
    n = circuit.n_qubits
    bits = reduce(or_, observable.generators, 0)
    may = [bits >> row & 1 for row in range(2 * n)]
    ends = list(range(n))
    cone = {q for q in range(n) if may[q] or may[q + n]}
    for operation in reversed(circuit.operations):
        places = operation.qubits
        if operation.code == ROTATION:
            if operation.quarter in (0, 2):
                continue
            axis = [q + n * part for q, letter in operation.axis for part in _PARTS[letter]]
            if not any(may[(row + n) % (2 * n)] for row in axis):
                continue
            for row in axis:
                may[row] = 1
        else:
            clifford(operation.code).on_planes(may, places, or_)
            if len(places) == 2 and swaps_and_binds(operation.code)[0]:
                first, second = places
                ends[first], ends[second] = ends[second], ends[first]
        cone.update(ends[q] for q in places if may[q] or may[q + n])
    return tuple(sorted(cone))


_PARTS = ((), (0,), (1,), (0, 1))
