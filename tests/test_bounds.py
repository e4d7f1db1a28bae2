"""Bounds that hold for every variable in [0, 1]."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bplint.bounds import divergence, lower_bound, upper_bound


@given(st.integers(0, 200), st.floats(1e-9, 0.5))
def test_bounds_enclose_the_mean_at_the_chernoff_level(hits, level):
    mean = hits / 200
    low, high = lower_bound(mean, 200, level), upper_bound(mean, 200, level)
    assert 0 <= low <= mean <= high <= 1
    assert (low > 0) == (mean > 0)
    assert (high < 1) == (mean < 1)
    assert low == pytest.approx(1 - upper_bound(1 - mean, 200, level), abs=1e-12), "misses are hits of the opposite"
    for q in (low, high):
        if 0 < q < 1 and q != mean:
            # Beside 1 the doubles are 1e-16 apart, and a miss counts for 1/(1 - q) of that.
            assert 200 * divergence(mean, q) == pytest.approx(math.log(1 / level), rel=1e-6, abs=4e-16 / (1 - q))


def test_no_hit_at_all_gives_the_best_bound_there_is():
    assert upper_bound(0.0, 138_155, 1e-6) == pytest.approx(1 - 1e-6 ** (1 / 138_155))
    assert upper_bound(0.0, 138_200, 1e-6) < 1e-4 < upper_bound(0.0, 138_000, 1e-6)


@pytest.mark.parametrize("p", [0.001, 0.05, 0.5])
def test_the_failure_rate_is_at_most_the_level(p):
    rng = np.random.default_rng(3)
    means = rng.binomial(500, p, 4000) / 500
    assert np.mean([upper_bound(m, 500, 0.05) < p for m in means]) <= 0.05
    assert np.mean([lower_bound(m, 500, 0.05) > p for m in means]) <= 0.05
