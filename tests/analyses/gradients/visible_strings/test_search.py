"""Strings that a loss becomes, against spreading by sets and states of all amplitudes."""

import numpy as np
import pytest

from bplint.analyses.gradients.visible_strings.search import search
from bplint.ir.pauli import anticommute, from_label, x_part
from generator_groups import axes_of, group_of, random_groups, sum_matrix, turned
from string_turns import turned_back

LIMIT = 10_000


def random_terms(rng, n):
    return {int(s): float(rng.choice([1, -1, 0.5])) for s in rng.integers(1, 4**n, 3)}


@pytest.mark.parametrize("seed", range(40))
def test_turned_back_the_strings_give_the_loss(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    groups, terms = random_groups(rng, n, int(rng.integers(1, 6))), random_terms(rng, n)
    found = search(tuple(terms.items()), groups, n, limit=LIMIT)
    psi = rng.uniform(-3, 3, len(groups))
    state = np.eye(2**n, dtype=complex)[0]
    for group, angle in zip(groups, psi, strict=True):
        state = turned(group.generator, angle, state, n)
    expected = (state.conj() @ sum_matrix(terms, n) @ state).real
    assert found.seen @ turned_back(found.turns, psi, found.loss) == pytest.approx(expected, abs=1e-12)


def spread(strings, axes, n):
    """All strings, and by axis in time order how many pairs it turns."""
    found, pairs = set(strings), []
    for axis in reversed(axes):
        met = {string for string in found if anticommute(string, axis, n)}
        found |= {string ^ axis for string in met}
        pairs.append(len({frozenset((string, string ^ axis)) for string in met}))
    return found, pairs[::-1]


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_given_up_where_the_first_two_rotations_do_not_commute(seed):
    rng = np.random.default_rng(seed)
    n = 3
    first = [group_of({from_label(word): 1.0}) for word in ("XII", "ZII")]
    groups = [*first, *random_groups(rng, n, 4)]
    terms = random_terms(rng, n)
    found = search(tuple(terms.items()), groups, n, limit=LIMIT)
    strings, pairs = spread(terms, axes_of(groups), n)
    assert len(found.loss) == len(strings)
    assert [len(turn.first) for turn in found.turns] == [count for count in pairs if count]
    assert found.seen.sum() == sum(not x_part(string, n) for string in strings)


def test_what_commuting_first_rotations_can_no_longer_turn_is_given_up():
    """Z0 Z1 Z2 and rotations about X0, X1, X2: what a rotation makes a Y of stays one, so it is not turned again."""
    n, start = 3, from_label("ZZZ")
    groups = [group_of({1 << q: 1.0}) for q in range(n)]
    found = search(((start, 1.0),), groups, n, limit=LIMIT)
    strings, _ = spread([start], axes_of(groups), n)
    assert len(strings) == 8
    assert len(found.loss) == 4
    assert [len(turn.first) for turn in found.turns] == [1, 1, 1]


def test_a_whole_search_gives_nothing_up():
    """XX on (0, 1) and (1, 2) take Z1 to XY, YX and XZX; behind (1, 2) no axis turns the X on qubit 2 back."""
    groups = [group_of({from_label("XXI"): 1.0, from_label("IXX"): 1.0})]
    terms = ((from_label("IZI"), 1.0),)
    found, whole = (search(terms, groups, 3, limit=100, whole=whole) for whole in (False, True))
    assert (len(found.loss), len(whole.loss)) == (3, 4)
    assert found.seen.tolist() == [1.0, 0.0, 0.0]
