"""Strings and pairs between loss and start, against sets spread from both ends."""

import numpy as np
import pytest

from bplint.analyses.gradients.visible_strings.pruning import pruned
from bplint.analyses.gradients.visible_strings.search import VisibleStrings
from string_turns import random_turns, turned_back

STRINGS, GROUPS = 12, 3


def random_strings(rng):
    """Few of them in the loss, few of them seen."""
    turns = random_turns(rng, STRINGS, GROUPS)
    loss, seen = np.zeros(STRINGS), np.zeros(STRINGS)
    loss[rng.integers(0, STRINGS, 2)] = rng.normal(size=2)
    seen[rng.integers(0, STRINGS, 2)] = 1
    return VisibleStrings(tuple(turns), loss, seen, 7, np.zeros((STRINGS, 2), dtype=np.uint64))


def pairs_of(turn):
    return list(zip(turn.first.tolist(), turn.second.tolist(), strict=True))


def spread(turns, start):
    """What a set of strings has become before each turn."""
    now, before = set(start), []
    for turn in turns:
        before.append(frozenset(now))
        now |= {string for pair in pairs_of(turn) if now & set(pair) for string in pair}
    return before


@pytest.mark.parametrize("seed", range(60))
def test_a_pair_is_kept_where_both_ends_of_the_circuit_get_to_it(seed):
    found = random_strings(np.random.default_rng(seed))
    lit, met = set(np.flatnonzero(found.seen).tolist()), set(np.flatnonzero(found.loss).tolist())
    from_start = spread(found.turns, lit)
    from_loss = spread(found.turns[::-1], met)[::-1]
    kept = [
        [pair for pair in pairs_of(turn) if set(pair) & start and set(pair) & loss]
        for turn, start, loss in zip(found.turns, from_start, from_loss, strict=True)
    ]
    places = sorted((lit & met) | {string for pairs in kept for pair in pairs for string in pair})
    left = pruned(found)
    assert left.loss.tolist() == found.loss[places].tolist()
    assert left.seen.tolist() == found.seen[places].tolist()
    assert left.work == found.work
    expected = [
        (turn.group, turn.coefficient, [(places.index(a), places.index(b)) for a, b in pairs])
        for turn, pairs in zip(found.turns, kept, strict=True)
        if pairs
    ]
    assert [(turn.group, turn.coefficient, pairs_of(turn)) for turn in left.turns] == expected


@pytest.mark.parametrize("seed", range(20))
def test_the_loss_stays_the_same(seed):
    rng = np.random.default_rng(seed)
    found, psi = random_strings(rng), rng.uniform(-3, 3, GROUPS)
    left = pruned(found)
    whole = found.seen @ turned_back(found.turns, psi, found.loss)
    assert left.seen @ turned_back(left.turns, psi, left.loss) == pytest.approx(whole, abs=1e-13)


def test_a_loss_that_is_never_seen_leaves_nothing():
    found = VisibleStrings((), np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0, np.zeros((2, 2), dtype=np.uint64))
    left = pruned(found)
    assert (left.turns, len(left.loss)) == ((), 0)
