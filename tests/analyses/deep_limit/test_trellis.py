"""Sums over a trellis against sums over all ways, one by one."""

import random
from functools import reduce
from itertools import combinations, product
from math import comb, prod
from operator import xor

import pytest

from bplint.analyses.deep_limit.trellis import Budget, BudgetExceededError, Choices, Subspace, total
from bplint.ir.pauli import LinearSpan


@pytest.mark.parametrize("seed", range(400))
def test_sums_are_those_over_all_ways(seed):
    r = random.Random(seed)
    width = r.randint(1, 6)
    parts = [r.choice([subspace, choices])(r, width) for _ in range(r.randint(0, 3))]
    target = r.randrange(1 << width)
    assert total(parts, target, Budget(1 << 20)) == one_by_one(parts, target)


@pytest.mark.parametrize("n", [1, 10, 300])
def test_pairs_of_equal_columns(n):
    """Columns e_1, e_1, …, e_n, e_n: k/2 of the pairs make up zero."""
    part = Choices(tuple((1 << i, 2) for i in range(n)), n // 2 * 2)
    assert total([part], 0, Budget(1 << 20)) == comb(n, n // 2)


def test_parts_far_apart_multiply():
    """Two parts on each of 100 pieces: the order in which they come must not widen the trellis."""
    half = 100
    halves = [[Choices(((0, 1), (1 << i, 1), (3 << i, 1)), 1) for i in range(0, 2 * half, 2)] for _ in range(2)]
    assert total([*halves[0], *halves[1]], 0, Budget(1 << 13)) == 3**half


def test_columns_that_depend_on_each_other_are_neighbours():
    """Triples a, b, a + b, all of them or none: in the order of leading bits alone every a would wait for its b."""
    half = 40
    columns = [c for i in range(half) for c in (1 << i, 1 << i + half, 1 << i | 1 << i + half)]
    assert total([Choices(tuple((c, 1) for c in columns), 6)], 0, Budget(1 << 13)) == comb(half, 2)


@pytest.mark.parametrize("sizes", list(product((1, 2, 3), repeat=2)))
def test_what_is_beyond_degree_k_does_not_spill_into_the_next_part(sizes):
    parts = [Choices(tuple((column, 1 + column % 2) for column in range(8)), k) for k in sizes]
    for target in range(8):
        assert total(parts, target, Budget(1 << 16)) == one_by_one(parts, target)


def test_too_wide():
    r = random.Random(0)
    parts = [Choices(tuple((r.randrange(1 << 40), 1) for _ in range(80)), 40)]
    with pytest.raises(BudgetExceededError):
        total(parts, 0, Budget(1 << 12))


def subspace(r, width):
    vectors = list(LinearSpan(r.randrange(1 << width) for _ in range(r.randint(0, 3))))
    weights = [r.randint(0, 5) for _ in range(1 << width)]
    return Subspace(vectors, weights.__getitem__, 3)


def choices(r, width):
    columns = {r.randrange(1 << width): r.randint(1, 6) for _ in range(r.randint(1, 4))}
    return Choices(tuple(columns.items()), r.randint(0, min(4, sum(columns.values()))))


def one_by_one(parts, target):
    ways = product(*(list(members(part)) for part in parts))
    return sum(prod(weight for _, weight in way) for way in ways if reduce(xor, (v for v, _ in way), 0) == target)


def members(part):
    """Pairs (vector, weight)."""
    if isinstance(part, Subspace):
        for bits in product((0, 1), repeat=len(part.vectors)):
            vector = reduce(xor, (v for v, b in zip(part.vectors, bits, strict=True) if b), 0)
            yield vector, part.weigh(vector)
        return
    columns = [column for column, count in part.columns for _ in range(count)]
    for chosen in combinations(columns, part.k):
        yield reduce(xor, chosen, 0), 1
