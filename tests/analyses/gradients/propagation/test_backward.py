"""The way back along random records against the matrices they stand for."""

import numpy as np
import pytest

from bplint.analyses.gradients.propagation.backward import Branch, Kept, Scaled, SplitPairs, back


def matrix_of(record, after):
    """What becomes of unit weights: rows the pairs before, columns those after."""
    if isinstance(record, Scaled):
        return np.diag(record.factors)
    matrix = np.zeros((record.before, after))
    if isinstance(record, Kept):
        matrix[record.kept, np.arange(len(record.kept))] = 1
        return matrix
    matrix[:, : record.before] = np.eye(record.before)
    matrix[record.moving] = 0
    for b in record.branches:
        np.add.at(matrix, (b.source, b.target), b.value * np.broadcast_to(b.sign, len(b.source)))
    return matrix


def slope_of(record, after):
    matrix = np.zeros((record.before, after))
    for b in record.branches:
        np.add.at(matrix, (b.source, b.target), b.slope * np.broadcast_to(b.sign, len(b.source)))
    return matrix


def random_tape(rng, start):
    """Splits, factors and pairs that are worth nothing; the matrices, and the number of pairs at the end."""
    weights, tape, matrices = start, [], []
    for number in range(5):
        before = len(weights)
        after = before + int(rng.integers(0, 3))
        moving = np.flatnonzero(rng.random(before) < 0.6)
        branches = [
            Branch(moving, weights[moving], rng.permutation(after)[: len(moving)], sign, *rng.normal(size=2))
            for sign in (1.0, rng.choice([-1.0, 1.0], len(moving)))
        ]
        steps = [SplitPairs(number, before, moving, branches), Scaled(rng.uniform(0, 1, after))]
        kept = np.sort(rng.permutation(after)[: max(after - 1, 1)])
        none = np.empty(0, dtype=np.intp)
        for record, size in zip([*steps, Kept(after, kept, none, none)], (after, after, len(kept)), strict=True):
            tape.append(record)
            matrices.append(matrix_of(record, size))
            weights = weights @ matrices[-1]
    return tape, matrices, weights


@pytest.mark.parametrize("seed", range(20))
def test_value_and_slopes_are_products_of_matrices(seed):
    rng = np.random.default_rng(seed)
    start = rng.normal(size=4)
    tape, matrices, end = random_tape(rng, start)
    value, slopes = back(tape, start, len(end))
    assert value == pytest.approx(end.sum())
    assert list(slopes) == [4, 3, 2, 1, 0]
    for k, record in enumerate(tape):
        if isinstance(record, SplitPairs):
            replaced = [*matrices[:k], slope_of(record, matrices[k].shape[1]), *matrices[k + 1 :]]
            total = start
            for matrix in replaced:
                total = total @ matrix
            assert slopes[record.number] == pytest.approx(total.sum())


def test_dropped_pairs_are_worth_a_half_give_or_take_it_or_nothing_give_or_take_one():
    """Weights 2 and -3: equal strings are worth [0, 1], others [-1, 1]."""
    tape = [Kept(3, np.array([0]), np.array([1]), np.array([2]))]
    start = np.array([5.0, 2.0, -3.0])
    assert back(tape, start, 1) == (5.0 + 2.0 / 2, {})
    assert back(tape, start, 1, radius=True) == (2.0 / 2 + 3.0, {})


def test_what_may_be_off_grows_by_sizes_and_never_cancels():
    moving = np.array([0])
    branches = [
        Branch(moving, np.array([-2.0]), moving, 1.0, 0.5, -4.0),
        Branch(moving, np.array([-2.0]), moving, -1.0, 0.5, 4.0),
    ]
    none = np.empty(0, dtype=np.intp)
    tape = [SplitPairs(0, 1, moving, branches), Kept(1, none, none, np.array([0]))]
    assert back(tape, np.array([-2.0]), 0) == (0.0, {0: 0.0})
    assert back(tape, np.array([-2.0]), 0, radius=True) == (2.0, {0: 16.0})


def test_an_empty_tape_is_the_sum_of_the_start():
    assert back([], np.array([1.0, -0.25]), 2) == (0.75, {})
    assert back([], np.array([1.0, -0.25]), 2, radius=True) == (0.0, {})


def test_sizes_are_the_entries_remembered():
    two = np.arange(2)
    assert SplitPairs(0, 3, two, [Branch(two, two * 1.0, two, 1.0, 1.0, 0.0)] * 2).size == 4
    assert Scaled(np.ones(3)).size == 3
    assert Kept(4, two, two[:1], two[:1]).size == 4
