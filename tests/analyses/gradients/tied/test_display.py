"""Shown intervals: how often they hold the truth, and where they are as wide as what is possible."""

import numpy as np
import pytest

from bplint.analyses.gradients.tied.display import estimate


@pytest.mark.parametrize("draw", [lambda rng: rng.standard_normal(256) ** 2, lambda rng: rng.uniform(0, 9, 256)])
def test_shown_intervals_hold_the_truth(draw):
    rng = np.random.default_rng(2)
    truth = np.mean([draw(rng).mean() for _ in range(4_000)])
    held = 0
    for _ in range(300):
        x = draw(rng)
        found = estimate(float(x.sum()), float((x**2).sum()), 256, 0.0, 50.0)
        held += found.lower <= truth <= found.upper
        assert found.upper - found.lower < 2
    assert held >= 285


def test_a_mean_that_rare_samples_carry_is_shown_with_all_that_is_possible():
    x = np.zeros(256)
    x[0] = 30.0
    found = estimate(float(x.sum()), float((x**2).sum()), 256, 0.0, 50.0)
    assert found.upper > 1
    certain = estimate(128.0, 128.0, 256, 0.0, 1.0, trusted=False)
    assert certain.upper - certain.lower > estimate(128.0, 128.0, 256, 0.0, 1.0).upper - 0.5
    assert estimate(3.0, 9.0, 1, 3.0, 3.0).lower == 3.0


def test_few_samples_are_shown_with_what_holds_for_any_variable():
    """At 0.5 ± 0.5: three standard errors of 64 samples, but Bernoulli bounds of 63."""
    enough, few = estimate(32.0, 32.0, 64, 0.0, 1.0), estimate(31.5, 31.5, 63, 0.0, 1.0)
    assert enough.upper == pytest.approx(0.5 + 3 * 0.5 / 8)
    assert few.upper == pytest.approx(1 - few.lower)
    assert few.upper != pytest.approx(0.5 + 3 * 0.5 / 63**0.5, rel=1e-3)


def test_intervals_stay_inside_the_range():
    sure = estimate(256.0, 256.0, 256, 0.0, 1.0)
    assert (sure.value, sure.lower, sure.upper) == (1.0, 1.0, 1.0)
    signed = estimate(-250.0, 256.0, 256, -1.0, 1.0)
    assert signed.lower == -1.0
    assert signed.value < signed.upper < 1.0
    rounded = estimate(256 * (1 + 1e-15), 256.0, 256, 0.0, 1.0)
    assert rounded.value == 1.0
