"""Turns put together in layers, against one pair after the other."""

import numpy as np
import pytest

from bplint.analyses.gradients.visible_strings.layers import layers
from bplint.analyses.gradients.visible_strings.search import StringTurn, VisibleStrings
from bplint.analyses.gradients.visible_strings.string_rows import StringRows
from string_turns import random_turns, turned_back

STRINGS, GROUPS = 9, 3


def layered(turns):
    words = np.zeros((STRINGS, 2), dtype=np.uint64)
    return list(layers(VisibleStrings(tuple(turns), np.zeros(STRINGS), np.zeros(STRINGS), 0, words), StringRows(1)))


def single(layer):
    """The pairs of a layer as turns of their own."""
    codes = np.zeros(len(layer.first), dtype=int) if layer.code is None else layer.code
    rows = zip(codes.tolist(), layer.first.tolist(), layer.second.tolist(), strict=True)
    return [StringTurn(layer.group, layer.coefficients[c], np.array([a]), np.array([b])) for c, a, b in rows]


@pytest.mark.parametrize("seed", range(40))
def test_layers_turn_what_the_turns_turn(seed):
    rng = np.random.default_rng(seed)
    turns = random_turns(rng, STRINGS, GROUPS)
    made = layered(turns)
    for layer in made:
        assert len({*layer.first.tolist(), *layer.second.tolist()}) == 2 * len(layer.first)
    psi = rng.uniform(-3, 3, GROUPS)
    for loss in np.eye(STRINGS):
        found = turned_back([turn for layer in made for turn in single(layer)], psi, loss)
        assert found == pytest.approx(turned_back(turns, psi, loss), abs=1e-13)


def longest_chain(pairs):
    """Pairs that must come one after the other, each sharing a string with the last."""
    after = [[later for later in range(k + 1, len(pairs)) if pairs[later] & pairs[k]] for k in range(len(pairs))]
    length = [1] * len(pairs)
    for k in reversed(range(len(pairs))):
        length[k] += max((length[later] for later in after[k]), default=0)
    return max(length)


@pytest.mark.parametrize("seed", range(20))
def test_no_group_has_more_layers_than_its_longest_chain(seed):
    turns = random_turns(np.random.default_rng(seed), STRINGS, GROUPS)
    groups = [layer.group for layer in layered(turns)]
    assert groups == sorted(groups)
    for group in range(GROUPS):
        own = (turn for turn in turns if turn.group == group)
        pairs = [{a, b} for turn in own for a, b in zip(turn.first.tolist(), turn.second.tolist(), strict=True)]
        assert groups.count(group) == longest_chain(pairs)


def test_no_turns_are_no_layers():
    assert layered([]) == []
