"""The counts of a rewrite in words."""

import pytest

from bplint.rewrite.change import Counts


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(), "0 gates kept"),
        (Counts(1), "1 gate kept"),
        (Counts(12, 4), "12 gates kept, 4 dropped"),
        (Counts(1_000, 0, 2_000, 3, 4), "1,000 gates kept, 2,000 replaced, 3 tied, 4 added"),
    ],
)
def test_counts_that_are_zero_are_not_said(counts, words):
    assert str(counts) == words
