"""Basis states that a circuit cannot tell apart, found by colour refinement without naming a symmetry.

States begin with one colour, but for |0…0>. Each generator G of the circuit gives a state b the sums of G_bc over the states c
of each colour; states that differ in one of them get different colours, until none do. Then the uniform superpositions of the
colours span a subspace that every generator leaves (the partition is equitable), and |0…0> is in it: whatever permutations of
the qubits leave the circuit and its start alone, the states that they permute have one colour.

The sums are told apart by a random weight for each colour, which may fail; so what is found is checked entry by entry.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bplint.analyses.gradients.reachable_states.seen import StringSum
from bplint.ir.circuit import Floats, Index

_EQUAL = 1e-9
"""Weighted sums this close, beside the largest, are equal."""

_SEED = 20


def refined(generators: Sequence[StringSum], states: int, most: int) -> Index | None:
    """The colour of each state, intp (states,), that of |0…0> is 0; None if there are more than ``most``."""
    random = np.random.Generator(np.random.PCG64(_SEED))
    colours = np.ones(states, dtype=np.intp)
    colours[0] = 0
    count = min(states, 2)
    while True:
        sums = np.zeros(states)
        for generator in generators:
            weights = np.exp(2j * np.pi * random.random(count))[colours]
            image = generator(weights[:, None])[:, 0] * random.uniform(0.5, 1.0)
            sums += image.real + random.uniform(0.5, 1.0) * image.imag
        finer = _split(colours, sums)
        n_colours = int(finer.max()) + 1
        if n_colours > most:
            return None
        if n_colours == count:
            return finer
        colours, count = finer, n_colours


def _split(colours: Index, sums: Floats) -> Index:
    """Colours by (colour, sum), in the order of the colours."""
    order = np.lexsort((sums, colours))
    ordered, of = sums[order], colours[order]
    new = (np.diff(of) != 0) | (np.diff(ordered) > _EQUAL * np.abs(sums).max(initial=1.0))
    finer = np.empty(len(colours), dtype=np.intp)
    finer[order] = np.concatenate([np.zeros(1, dtype=np.intp), np.cumsum(new)])
    return finer
