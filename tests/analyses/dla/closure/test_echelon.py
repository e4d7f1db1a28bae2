"""Ranks modulo a prime against exact rational ranks and against plain elimination."""

from fractions import Fraction

import numpy as np
import pytest

from bplint.analyses.dla.closure.echelon import Echelon, Independence, SparseRows, joined, product

PRIME = 2_147_483_647


def rational_rank(rows):
    rows = [[Fraction(int(v)) for v in row] for row in rows]
    rank = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank


def sparse(matrix):
    lines, columns = np.nonzero(matrix)
    return SparseRows(np.searchsorted(lines, np.arange(len(matrix) + 1)), columns, matrix[lines, columns])


def low_rank(rng, rows, columns, rank):
    return rng.integers(-9, 10, (rows, rank)) @ rng.integers(-9, 10, (rank, columns))


@pytest.mark.parametrize("seed", range(20))
def test_ranks_are_rational_ranks_in_batches_of_any_size(seed):
    rng = np.random.default_rng(seed)
    matrix = low_rank(rng, rows := int(rng.integers(1, 14)), int(rng.integers(1, 14)), int(rng.integers(1, 8)))
    echelon, chosen, first = Echelon(PRIME), [], 0
    while first < rows:
        size = int(rng.integers(1, 5))
        chosen += [first + i for i in echelon.insert(matrix[first : first + size] % PRIME)]
        first += size
    assert len(echelon) == len(chosen) == rational_rank(matrix)
    # Each row chosen is independent of the rows before it, each other one is not.
    for i in range(rows):
        assert (rational_rank(matrix[: i + 1]) > rational_rank(matrix[:i])) == (i in chosen)


def test_batches_beyond_the_inner_one_and_residues_near_the_prime():
    rng = np.random.default_rng(1)
    left, right = rng.integers(0, PRIME, (150, 70)), rng.integers(0, PRIME, (70, 90))
    matrix = np.array(
        [[sum(int(a) * int(b) for a, b in zip(r, c, strict=True)) % PRIME for c in right.T] for r in left]
    )
    assert Echelon(PRIME).insert(matrix) == list(range(70))


def test_columns_may_be_added():
    echelon = Echelon(PRIME)
    assert echelon.insert(np.array([[1, 2]])) == [0]
    assert echelon.insert(np.array([[2, 4, 0], [2, 4, 1], [0, 0, 5]])) == [1]
    assert echelon.insert(np.array([[0, 1]])) == [0]
    assert len(echelon) == 3


@pytest.mark.parametrize("seed", range(4))
def test_a_sketch_finds_the_same_rows(seed):
    rng = np.random.default_rng(seed)
    matrix = low_rank(rng, 260, 900, 120) % PRIME
    rows = sparse(matrix)
    exact, sketched = Independence(PRIME), Independence(PRIME, exact=30, seed=seed)
    assert exact.insert(rows, 900) == sketched.insert(rows, 900) == list(range(120))
    assert sketched.sketched
    assert not exact.sketched


def test_sparse_rows_are_cut_taken_and_joined():
    matrix = np.array([[0, 3, 4], [0, 0, 0], [5, 0, 0], [0, 6, 0]])
    rows = sparse(matrix)
    assert [part.tolist() for part in rows.take([3, 0])] == [[0, 1, 3], [1, 1, 2], [6, 3, 4]]
    assert [part.tolist() for part in rows.cut(1, 3)] == [[0, 0, 1], [0], [5]]
    again = joined([rows.cut(0, 1), rows.cut(1, 4)])
    assert all(a.tolist() == b.tolist() for a, b in zip(again, rows, strict=True))


@pytest.mark.parametrize("inner", [1, 2, 60, 61, 62, 125, 126, 2000, 3000, 10_000])
def test_products_of_the_largest_residues_are_exact(inner):
    """All entries near ±p/2, where rounding would show first."""
    rng = np.random.default_rng(inner)
    half = PRIME // 2
    left, right = (half - rng.integers(0, 3, shape) for shape in ((2, inner), (inner, 3)))
    right[:, 2] *= rng.choice([-1, 1], inner)
    want = [[sum(int(a) * int(b) for a, b in zip(r, c, strict=True)) % PRIME for c in right.T] for r in left]
    assert (product(left.astype(float), right.astype(float), PRIME) % PRIME).tolist() == want
