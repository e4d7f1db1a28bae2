"""Colours of states, against the partition by trying all colours of all neighbours."""

import numpy as np
import pytest

from bplint.analyses.gradients.reachable_states.closure import reached
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates
from bplint.analyses.gradients.reachable_states.seen import string_sum
from bplint.analyses.gradients.symmetric_states.refinement import refined
from generator_groups import axes_of, group_of, random_groups


def states_of(groups, n):
    coordinates = Coordinates(axes_of(groups), n)
    found = reached(groups, coordinates)
    sums = [string_sum(tuple(group.generator.items()), found.states, coordinates) for group in groups]
    return sums, len(found.states)


def by_trying(matrices, states):
    """The coarsest partition with |0…0> alone: states part when the sums towards some colour differ."""
    colours = [0] + [1] * (states - 1)
    while True:
        rows = []
        for b in range(states):
            towards = [
                m[b, [c for c in range(states) if colours[c] == k]].sum() for m in matrices for k in set(colours)
            ]
            rows.append((colours[b], *np.round(towards, 9).tolist()))
        numbers = {row: k for k, row in enumerate(dict.fromkeys(rows))}
        finer = [numbers[row] for row in rows]
        if len(numbers) == len(set(colours)):
            return finer
        colours = finer


def ring(n):
    x = {1 << q | 1 << (q + 1) % n: 1.0 for q in range(n)}
    return [group_of(x), group_of({1 << (q + n): 1.0 for q in range(n)})]


@pytest.mark.parametrize(("n", "colours"), [(4, 4), (5, 4), (6, 8), (12, 122)])
def test_necklaces(n, colours):
    """QAOA on a ring, in the frame of its start: even weights up to rotation and reflection."""
    sums, states = states_of(ring(n), n)
    assert states == 2 ** (n - 1)
    found = refined(sums, states, states)
    assert found[0] == 0
    assert list(found).count(0) == 1
    assert len(set(found.tolist())) == colours


@pytest.mark.parametrize("seed", range(30))
def test_colours_are_the_coarsest(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    groups = random_groups(rng, n, 2) if seed % 3 else ring(n + 1)
    sums, states = states_of(groups, n if seed % 3 else n + 1)
    found = refined(sums, states, states)
    expected = by_trying([s(np.eye(states, dtype=complex)) for s in sums], states)
    same = {(int(a), b) for a, b in zip(found, expected, strict=True)}
    assert len(same) == len(set(found.tolist())) == len(set(expected))


def test_too_many_colours():
    sums, states = states_of(ring(6), 6)
    assert refined(sums, states, 7) is None
    assert refined(sums, states, 8) is not None
