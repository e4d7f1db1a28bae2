"""Uniform superpositions of basis states that a circuit cannot tell apart, as an invariant subspace of the reachable states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bplint.analyses.gradients.reachable_states.closure import Amplitudes, ReachedStates
from bplint.analyses.gradients.reachable_states.seen import Seen, StringSum, string_sum
from bplint.analyses.gradients.symmetric_states.invariant_subspace import InvariantSubspace, Matrix
from bplint.analyses.gradients.symmetric_states.refinement import refined
from bplint.ir.circuit import Index

ENTRIES = 1 << 22
"""Basis states times dimensions, at most."""

FIRST = 32
"""Different generators after which it is looked whether they alone tell too many states apart."""

SETUP = 2_000
"""Operations of an element of a generator until the matrices are made."""

_INVARIANT = 1e-12
"""What differs between states of one colour by less, beside Σ |coefficient| of the generator, is rounding."""


def symmetric_subspace(
    generators: Sequence[Mapping[int, float]], reached: ReachedStates, seen: Seen, most: int
) -> InvariantSubspace | None:
    """The uniform superpositions of states that the circuit cannot tell apart; None if there are more than ``most``.

    ``generators`` are those of all groups, ``reached`` what these reach, ``seen`` the loss there.
    """
    states = len(reached.states)
    most = min(most, ENTRIES // states)
    sums: dict[tuple[tuple[int, float], ...], StringSum] = {}
    keys = [tuple(sorted(generator.items())) for generator in generators]
    for k, key in enumerate(keys):
        if k not in reached.dead and key not in sums:
            sums[key] = string_sum(key, reached.states, reached.coordinates)
            if len(sums) == FIRST and refined(list(sums.values()), states, most) is None:
                return None
    colours = refined(list(sums.values()), states, most)
    if colours is None:
        return None
    inside = {}
    for key, generator in sums.items():
        matrix = _inside(generator, colours)
        if matrix is None:
            return None
        inside[key] = matrix
    return InvariantSubspace(
        generators=[inside[key] if k not in reached.dead else None for k, key in enumerate(keys)],
        loss=_seen_inside(seen, colours),
        offset=seen.offset,
        size=seen.size,
    )


def _inside(generator: StringSum, colours: Index) -> Matrix | None:
    """The matrix between uniform superpositions of the colours; None unless it is the same seen from all states of a colour."""
    counts = np.bincount(colours)
    k = len(counts)
    rows, columns, values = generator.entries()
    pairs, number = np.unique(rows * k + colours[columns], return_inverse=True)
    sums = _summed(number.ravel(), values, len(pairs))  # over the states of one colour, seen from one state
    state, colour = np.divmod(pairs, k)
    place = colours[state] * k + colour
    mean = _summed(place, sums, k * k).reshape(k, k) / counts[:, None]
    # A state without such a sum shows too: it makes the mean smaller than what the others have.
    if np.abs(sums - mean.ravel()[place]).max(initial=0.0) > _INVARIANT * generator.size:
        return None
    return np.asarray(mean * np.sqrt(counts[:, None] / counts))


def _seen_inside(seen: Seen, colours: Index) -> Matrix:
    counts = np.bincount(colours)
    k = len(counts)
    if isinstance(seen, StringSum):
        rows, columns, values = seen.entries()
        total = _summed(colours[rows] * k + colours[columns], values, k * k).reshape(k, k)
        return np.asarray(total / np.sqrt(np.multiply.outer(counts, counts)))
    basis: Matrix = np.zeros((len(colours), k), dtype=np.complex128)
    basis[np.arange(len(colours)), colours] = 1 / np.sqrt(counts[colours])
    return np.asarray(basis.conj().T @ seen(basis))


def _summed(place: Index, values: Amplitudes, length: int) -> Matrix:
    return np.bincount(place, values.real, length) + 1j * np.bincount(place, values.imag, length)
