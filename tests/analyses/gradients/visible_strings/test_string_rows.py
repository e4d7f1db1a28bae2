"""Rows of strings against strings as integers, on one word and on two."""

import numpy as np
import pytest

from bplint.analyses.gradients.visible_strings.string_rows import StringRows
from bplint.ir.pauli import anticommute, multiply


@pytest.mark.parametrize("n", [1, 5, 64, 70])
def test_products_and_commutation(n):
    rng = np.random.default_rng(n)
    strings = [int.from_bytes(rng.bytes(18), "little") % 4**n for _ in range(30)]
    strings = list(dict.fromkeys([0, 1, *strings]))
    rows = StringRows(n)
    words = rows.table(strings).words
    for one in strings:
        products = [multiply(one, other, n) for other in strings]
        assert rows.against(words, one).tolist() == [anticommute(one, other, n) for other in strings]
        assert rows.power(one, words).tolist() == [power & 3 for _, power in products]
        assert np.array_equal(words ^ rows.packed(one), np.concatenate([rows.packed(r) for r, _ in products]))
