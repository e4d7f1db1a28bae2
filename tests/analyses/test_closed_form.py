"""Closed forms of known families."""

import math
import random

import pytest

from bplint.analyses.closed_form import closed_form


def forms(function, sizes):
    found = closed_form({n: function(n) for n in sizes})
    return None if found is None else " | ".join(map(str, found))


def complete_graph(n):
    return (n**3 + 6 * n**2 + 2 * n + 12) // 12 if n % 2 == 0 else (n**3 + 6 * n**2 - n + 18) // 12


@pytest.mark.parametrize(
    ("function", "sizes", "text"),
    [
        (lambda n: 3 * n - 1, range(3, 9), "3n - 1"),
        (lambda n: n * (2 * n - 1), range(2, 7), "2n^2 - n"),
        (lambda n: 7, range(3, 6), "7"),
        (lambda n: n * (n + 1) // 2, range(3, 9), "(n^2 + n)/2"),
        (lambda n: 4**n - 1, range(2, 7), "4^n - 1"),
        (lambda n: (4**n - (-2) ** n) // 2, range(3, 8), "(4^n - (-2)^n)/2"),
        (lambda n: 2 ** (n - 1) * (2**n - 1), range(2, 7), "(4^n - 2^n)/2"),
        (lambda n: 2 * 4**n - 2, range(2, 7), "2·4^n - 2"),
        (lambda n: -n, range(2, 7), "-n"),
        (complete_graph, range(2, 16), "(n^3 + 6n^2 + 2n + 12)/12 for even n | (n^3 + 6n^2 - n + 18)/12 for odd n"),
        (
            lambda n: math.comb(n + 3, 3) - n // 2,
            range(3, 15),
            "(n^3 + 6n^2 + 8n + 6)/6 for even n | (n^3 + 6n^2 + 8n + 9)/6 for odd n",
        ),
    ],
)
def test_forms(function, sizes, text):
    assert forms(function, sizes) == text


def test_a_form_needs_two_sizes_to_spare():
    assert forms(lambda n: 3 * n - 1, [4, 6, 8]) is None
    assert forms(lambda n: 3 * n - 1, [4, 6, 8, 10]) == "3n - 1"
    assert forms(complete_graph, range(2, 12)) is None


def test_what_has_no_form_has_none():
    rng = random.Random(1)
    assert forms(lambda n: rng.randrange(1000), range(2, 20)) is None
    assert forms(lambda n: math.comb(2 * n, n) - n, range(2, 14)) is None
    assert closed_form({}) is None
