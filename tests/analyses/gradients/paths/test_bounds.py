"""The bounds of many means against those of one, which are found by bisection."""

import numpy as np
import pytest

from bplint.analyses.gradients.paths.bounds import lower_bounds, upper_bounds
from bplint.bounds import lower_bound, upper_bound


@pytest.mark.parametrize("samples", [64, 1000, 1 << 23])
@pytest.mark.parametrize("level", [0.4, 0.025, 1e-12])
def test_bounds_of_many_means_are_those_of_each(samples, level):
    random = np.random.default_rng(samples)
    small = np.concatenate([[0, 1e-320, 1e-300, 1e-16], np.arange(1, 9) / samples, 10 ** random.uniform(-9, 0, 40)])
    means = np.concatenate([small, 1 - small, random.random(40)])
    for bounds, bound, outwards in ((upper_bounds, upper_bound, 1), (lower_bounds, lower_bound, -1)):
        found = bounds(means, samples, level)
        expected = np.array([bound(mean, samples, level) for mean in means])
        assert (outwards * (found - expected) >= -1e-15).all()
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=5e-12)
