"""Coins of every chance: how many ones, and that they are independent enough to be useful."""

import numpy as np
import pytest

from bplint.analyses.gradients.paths.bit_planes import coins, count, planes_of
from bplint.bounds import lower_bound, upper_bound

LEVEL = 1e-7


@pytest.mark.parametrize(
    "chance", [0.0, 1e-12, 1e-4, 0.01, 0.03, 0.05, 0.3, 0.5, 0.503, 0.75, 0.96, 0.968, 0.98, 0.9999, 1.0]
)
def test_a_share_of_the_bits_is_one(chance):
    found = coins(np.random.default_rng(1), chance, (16, 512))
    assert found.shape == (16, 512)
    ones, bits = int(count(found).sum()), 64 * found.size
    assert lower_bound(ones / bits, bits, LEVEL) <= chance <= upper_bound(ones / bits, bits, LEVEL)


@pytest.mark.parametrize("chance", [0.02, 0.5, 0.985])
def test_every_place_has_its_share(chance):
    """Rows, words and bits of a word: none is drawn more often than the others."""
    found = coins(np.random.default_rng(2), chance, (64, 512))
    bits = np.unpackbits(found.view(np.uint8).reshape(64, 512, 8), axis=2, bitorder="little")
    for axes in ((0, 1), (0, 2), (1, 2)):
        means, samples = bits.mean(axis=axes), bits.size // bits.sum(axis=axes).size
        assert np.abs(means - chance).max() < 6 * np.sqrt(chance * (1 - chance) / samples)


def test_strings_come_as_often_as_asked():
    planes = planes_of([0b0101, 0b1010], np.array([3, 61]), 2)
    assert count(planes).tolist() == [3, 61, 3, 61]
