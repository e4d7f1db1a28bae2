"""Random generator groups and what they do, as matrices; basis states as masks, bit q for qubit q."""

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup
from bplint.ir.pauli import anticommute
from samples import label_matrix, pick


def random_groups(rng, n, count):
    """Hops of two qubits, which turn some pairs of states and leave others, phases, and any strings that commute."""
    return [group_of(_generator(rng, n)) for _ in range(count)]


def group_of(generator):
    """The group of a generator, its angle left open."""
    return RotationGroup((), 0.0, generator)


def _generator(rng, n):
    i, j = pick(rng, n, 2)
    kind = rng.random()
    if kind < 0.4:
        hop = 1 << i | 1 << j
        return {hop: 1.0, hop | hop << n: float(rng.choice([1, -1]))}
    if kind < 0.6:
        return {1 << (i + n): 1.0, 1 << (j + n): float(rng.choice([1, -1, 0.5]))}
    generator = {}
    for axis in rng.integers(1, 4**n, 4).tolist():
        if not any(anticommute(axis, other, n) for other in generator):
            generator[axis] = float(rng.choice([1, -1, 0.5, 2]))
    return generator


def axes_of(groups):
    return [axis for group in groups for axis in group.generator]


def sum_matrix(terms, n):
    """Σ coefficient · P_string of a dict."""
    return sum((c * label_matrix(string, n) for string, c in terms.items()), np.zeros((2**n, 2**n), dtype=complex))


def turned(terms, psi, states, n):
    """exp(-iψG/2) on states in columns, G a sum of commuting strings."""
    for string, a in terms.items():
        states = np.cos(a * psi / 2) * states - 1j * np.sin(a * psi / 2) * (label_matrix(string, n) @ states)
    return states


def basis(states, n):
    """The vectors of these basis states, in columns."""
    place = [sum((state >> q & 1) << (n - 1 - q) for q in range(n)) for state in states]
    return np.eye(2**n, dtype=complex)[:, place]


def sums(parts):
    """All sums of these x-parts, by trying: what a circuit could reach if every turn counted."""
    found = {0}
    for part in parts:
        found |= {part ^ other for other in found}
    return found


def in_coordinates(coordinates, parts):
    """Masks by the row that stands for them in a table."""
    return {coordinates.shift(state).x: state for state in sums(parts)}
