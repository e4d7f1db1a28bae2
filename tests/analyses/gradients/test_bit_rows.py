"""Rows of bits and the table that finds them, against Python integers and dictionaries."""

import numpy as np
import pytest

from bplint.analyses.gradients.bit_rows import KeyCollision, Keys, Table, odd, packed


def integers(rng, width, number):
    return [int.from_bytes(rng.bytes((width + 7) // 8), "little") % 2**width for _ in range(number)]


@pytest.mark.parametrize("width", [1, 63, 64, 65, 128, 200])
def test_rows_keep_their_bits_and_parities(width):
    rng = np.random.default_rng(width)
    rows, mask = integers(rng, width, 20), integers(rng, width, 1)[0]
    words = packed(rows, width)
    assert words.shape == (20, -(-width // 64))
    assert [sum(int(w) << 64 * i for i, w in enumerate(row)) for row in words] == rows
    assert odd(words, packed([mask], width)).tolist() == [(row & mask).bit_count() % 2 == 1 for row in rows]


@pytest.mark.parametrize("width", [8, 64, 65, 200])
def test_keys_are_linear_and_short_rows_are_their_own(width):
    rng, keys = np.random.default_rng(width), Keys(width, 3)
    for a, b in zip(integers(rng, width, 20), integers(rng, width, 20), strict=True):
        assert keys.of(a ^ b) == keys.of(a) ^ keys.of(b)
        if width <= 64:
            assert keys.of(a) == a


@pytest.mark.parametrize("width", [10, 130])
def test_a_table_numbers_rows_in_the_order_in_which_they_come(width):
    rng, keys = np.random.default_rng(width), Keys(width)
    known = {}
    table = Table([0], keys)
    known[0] = 0
    for _ in range(30):
        batch = list(dict.fromkeys(row % 500 << (width - 10) | row % 3 for row in integers(rng, width, 25)))
        words, own = packed(batch, width), np.array([keys.of(row) for row in batch], dtype=np.uint64)
        assert table.find(words, own).tolist() == [known.get(row, -1) for row in batch]
        for row in batch:
            known.setdefault(row, len(known))
        assert table.add(words, own).tolist() == [known[row] for row in batch]
        assert len(table) == len(known)


def test_equal_keys_of_different_rows_are_noticed(monkeypatch):
    keys = Keys(70)
    with pytest.raises(KeyCollision):
        Table([0, 0], keys)
    table = Table([0, 1, 1 << 69], keys)
    with pytest.raises(KeyCollision):
        table.find(packed([2], 70), np.array([keys.of(1)], dtype=np.uint64))
    with pytest.raises(KeyCollision):
        table.add(packed([4, 8], 70), np.array([77, 77], dtype=np.uint64))
