"""Random turns of strings, one pair at a time: the other road to what is put together or left out of them."""

import numpy as np

from bplint.analyses.gradients.visible_strings.search import StringTurn


def random_turns(rng, strings, groups, most=4):
    """Some turns of each group in time order; no string occurs twice in one turn."""
    turns = []
    for group in range(groups):
        for _ in range(int(rng.integers(1, most))):
            pairs = rng.permutation(strings)[: 2 * int(rng.integers(1, strings // 2 + 1))].reshape(-1, 2)
            turns.append(StringTurn(group, float(rng.choice([1, -1, 0.5])), pairs[:, 0], pairs[:, 1]))
    return turns


def turned_back(turns, psi, loss):
    """The coordinates of a loss at the start of the circuit, from the last turn to the first."""
    o = loss.copy()
    for turn in reversed(turns):
        phi = turn.coefficient * psi[turn.group]
        for i, j in zip(turn.first.tolist(), turn.second.tolist(), strict=True):
            o[i], o[j] = np.cos(phi) * o[i] - np.sin(phi) * o[j], np.cos(phi) * o[j] + np.sin(phi) * o[i]
    return o
