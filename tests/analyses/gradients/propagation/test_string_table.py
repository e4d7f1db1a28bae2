"""Columns of words against strings one by one, also where strings have several words."""

import numpy as np
import pytest

from bplint.analyses.gradients.propagation.string_table import anticommute, first_equal, ordered, packed, times
from bplint.ir.pauli import anticommute as anticommute_one
from bplint.ir.pauli import multiply

SIZES = [1, 5, 31, 32, 33, 64, 70]


def random_strings(n, count):
    rng = np.random.default_rng(n)
    return [int.from_bytes(rng.bytes(n // 4 + 1), "little") % 4**n for _ in range(count)]


@pytest.mark.parametrize("n", SIZES)
def test_products_and_their_signs(n):
    axis, *strings = random_strings(n, 60)
    columns = packed(strings, n)
    product, sign = times(columns, axis, n)
    against = anticommute(columns, axis, n)
    for i, string in enumerate(strings):
        expected, phase = multiply(axis, string, n)
        assert against[i] == anticommute_one(axis, string, n)
        assert (product[:, i] == packed([expected], n)[:, 0]).all()
        assert sign[i] == (1j ** (phase + against[i])).real


@pytest.mark.parametrize("n", SIZES)
def test_equal_pairs_are_found_whichever_string_is_first(n):
    """Also pairs whose strings differ in their highest bits only."""
    rng = np.random.default_rng(n)
    base = random_strings(n, 3)
    strings = [
        s ^ bits for s in base for bits in (0, 1 << (2 * n - 1), 1 << (n - 1), (1 << (2 * n - 1)) | (1 << (n - 1)))
    ]
    pairs = [tuple(strings[i] for i in rng.integers(0, len(strings), 2)) for _ in range(300)]
    sides = ordered(packed([p for p, _ in pairs], n), packed([q for _, q in pairs], n))
    first = {}
    expected = [first.setdefault(frozenset(pair), i) for i, pair in enumerate(pairs)]
    assert first_equal(np.concatenate(sides)).tolist() == expected
