"""Purities with their bounds, and known values."""

import numpy as np
import pytest

from bplint.analyses.entanglement.purity import Average, Paths, SampledPurities, bounded, page_purity
from bplint.bounds import upper_bound


def test_page_purity_is_that_of_random_states():
    rng = np.random.default_rng(0)
    for size, n in ((1, 2), (1, 4), (2, 4), (2, 3)):
        states = rng.normal(size=(2000, 2**size, 2 ** (n - size), 2)) @ [1, 1j]
        states /= np.linalg.norm(states, axis=(1, 2), keepdims=True)
        reduced = states @ states.conj().transpose(0, 2, 1)
        assert np.mean(np.abs(reduced) ** 2) * 4**size == pytest.approx(page_purity(size, n), rel=0.02)
    assert page_purity(1, 5000) == 0.5


def test_averages_pool_the_paths_and_count_pure_regions():
    paths = Paths({(0,): 100, (1,): 300}, 1000)
    pooled = paths.average([(0,), (1,)], level=1e-6)
    assert pooled.value == pytest.approx((1 + 3 * 0.2) / 2)
    assert pooled.bound == pytest.approx((1 + 3 * upper_bound(0.2, 2000, 1e-6)) / 2)
    assert pooled.excess == pytest.approx(3 * upper_bound(0.2, 2000, 1e-6))
    with_pure = paths.average([(0,), (1,), (2,), (3,)])
    assert with_pure.value == pytest.approx((2 + 2 * pooled.value) / 4)
    assert paths.average([(2,)]) == Average(1, 1, 1.0, (1.0, 1.0), 1.0)
    assert paths.samples == 2000


def test_bounds_fail_as_often_as_they_may():
    """At level 5 % each, over 2,000 repetitions."""
    rng = np.random.default_rng(0)
    draws = rng.binomial(400, 0.03, size=2000) / 400
    below = [bounded(size=2, count=1, mean=mean, unit=15 / 4, samples=400, level=0.05) for mean in draws.tolist()]
    assert np.mean([a.bound < (1 + 15 * 0.03) / 4 for a in below]) < 0.05


def test_averages_count_states_not_regions():
    values = np.array([0.5, 0.7, 0.9, 1.0])
    found = SampledPurities({(0,): values, (1,): values}, 4)
    both = found.average([(0,), (1,)], 1e-3)
    assert both.value == pytest.approx(values.mean())
    assert both.bound == pytest.approx(0.5 + 0.5 * upper_bound(2 * (values.mean() - 0.5), 4, 1e-3))
