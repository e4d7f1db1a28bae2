"""Expectations of many strings in the same states: strings that lead to the same basis states share their products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from bplint.analyses.gradients.bit_rows import Keys, Table, Words, odd, packed
from bplint.analyses.gradients.reachable_states.closure import Amplitudes, Complex
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates, Shift
from bplint.ir.circuit import Floats

PRODUCTS = 1 << 20
"""Products of two amplitudes at a time: bounds the memory."""


def expectations(
    strings: Sequence[int], vectors: Amplitudes, phases: Complex, states: Table, coordinates: Coordinates
) -> Floats:
    """<P> of each string of the frame in each state, float64 (strings, samples).

    ``vectors`` are amplitudes (basis states, samples) of ``phases`` times the basis states.
    """
    keys = Keys(coordinates.rank)
    by_x: dict[int, list[tuple[int, Shift]]] = defaultdict(list)
    for k, string in enumerate(strings):
        shift = coordinates.shift(string)
        if shift is not None:  # else it leads out of what can be reached
            by_x[shift.x].append((k, shift))
    totals = np.zeros((len(strings), vectors.shape[1]))
    for x, members in by_x.items():
        target = states.find(states.words ^ packed([x], keys.width), states.keys ^ np.uint64(keys.of(x)))
        column = np.flatnonzero(target > np.arange(len(states)) if x else target >= 0)  # of each pair the first
        row, twice = target[column], 2.0 if x else 1.0
        factors = twice * phases[row].conj() * phases[column]
        signs = _signs([shift for _, shift in members], states.words[column], keys)
        height = max(PRODUCTS // max(vectors.shape[1], 1), 1)
        for first in range(0, len(column), height):
            part = slice(first, first + height)
            products = vectors[row[part]].conj() * vectors[column[part]] * factors[part, None]
            for odd_power, values in ((False, products.real), (True, -products.imag)):
                chosen = [i for i, (_, shift) in enumerate(members) if shift.power & 1 == odd_power]
                if chosen:
                    totals[[members[i][0] for i in chosen]] += signs[chosen, part] @ values
    return totals


def _signs(shifts: Sequence[Shift], words: Words, keys: Keys) -> Floats:
    """±1 of each string on each state (strings, states), of which i^power is the real or imaginary unit besides."""
    signs = np.empty((len(shifts), len(words)))
    for own, shift in zip(signs, shifts, strict=True):
        own[:] = np.where(odd(words, packed([shift.z], keys.width)), -1.0, 1.0)
        if shift.power & 2:
            own *= -1
    return signs
