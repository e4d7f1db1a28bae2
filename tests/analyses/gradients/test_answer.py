"""Numbers with their intervals: a variance lies in its interval wherever mean and second moment lie in theirs."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Number, Slope, between, certain, exactly, variance
from bplint.bounds import Status


@pytest.mark.parametrize("seed", range(200))
def test_the_interval_of_a_variance_holds_for_every_pair_of_moments(seed):
    """Random variables of a few values each: their true variance, whatever the intervals of their moments."""
    rng = np.random.default_rng(seed)
    values = rng.normal(rng.choice([-1, 0, 1]), 1, 3)
    mean, second = values.mean(), (values**2).mean()
    below, above = rng.exponential(rng.choice([0.01, 1.0]), (2, 2))
    found = variance(between(mean - below[0], mean + above[0]), between(max(second - below[1], 0.0), second + above[1]))
    assert found.value is None
    assert found.lower - 1e-12 <= values.var() <= found.upper + 1e-12


def test_both_ends_are_attained():
    """Nothing narrower is certain: means -1 … 2, second moments 5 … 6."""
    assert variance(between(-1.0, 2.0), between(5.0, 6.0)) == (None, 1.0, 6.0)
    assert variance(between(-2.0, -1.0), between(5.0, 6.0)) == (None, 1.0, 5.0)
    assert variance(between(1.0, 2.0), between(5.0, 6.0)) == (None, 1.0, 5.0)


def test_an_estimate_keeps_its_value_within_the_interval():
    assert variance(Number(0.5, -1.0, 1.0), Number(1.0, 0.5, 2.0)) == (0.75, 0.0, 2.0)


def test_rounding_does_not_make_a_variance_negative():
    assert variance(exactly(0.1), exactly(0.1**2 - 1e-18)) == (0.0, 0.0, 0.0)


def test_what_is_exact_has_one_value_and_bounds_have_none():
    assert between(2.0, 2.0) == exactly(2.0) == (2.0, 2.0, 2.0)
    assert between(1.0, 2.0).value is None


def test_the_variance_of_a_slope_is_known_where_both_moments_are():
    assert Slope(exactly(0.5), exactly(1.0)).variance == 0.75
    assert Slope(None, exactly(1.0)).variance is None
    assert Slope(exactly(0.5), between(0.0, 1.0)).variance is None
    assert Slope(between(0.0, 1.0), exactly(1.0)).variance is None


def test_the_largest_slope_lies_between_the_largest_ends():
    slopes = {0: Slope(None, between(0.1, 0.5)), 1: Slope(None, between(0.2, 0.3))}
    answer = certain("m", exactly(0.0), exactly(1.0), slopes, "some strings were left out")
    assert (answer.status, answer.largest, answer.level, answer.samples) == (Status.BOUNDED, (0.2, 0.5), 0.0, 0)
    assert certain("m", exactly(0.0), exactly(1.0), {}).status is Status.EXACT


def test_a_loss_in_another_unit():
    slope = Slope(exactly(1.0), Number(None, 1.0, 4.0))
    answer = certain("test", exactly(3.0), exactly(10.0), {0: slope}, "bounds").times(4.0)
    assert (answer.mean, answer.second_moment, answer.variance) == (exactly(12.0), exactly(160.0), exactly(16.0))
    assert answer.slopes == {0: Slope(exactly(4.0), Number(None, 16.0, 64.0))}
    assert answer.largest == (16.0, 64.0)
    assert certain("test", exactly(1.0), exactly(1.0), "unknown").times(2.0).slopes == "unknown"


@pytest.mark.parametrize("seed", range(50))
def test_a_clipped_variance_is_possible_and_holds_the_true_one(seed):
    """Random values between two ends, of which nothing is known but an interval of the mean."""
    rng = np.random.default_rng(seed)
    low, high = np.sort(rng.normal(0, 3, 2))
    values = rng.choice([low, high, rng.uniform(low, high)], 4)
    below, above = rng.exponential(rng.choice([0.0, 0.01, 1.0]), 2)
    mean = between(values.mean() - below, values.mean() + above)
    found = certain("m", mean, between(0.0, 1e6), {}, "cut").clipped(low, high, {}).variance
    assert found.lower - 1e-12 <= values.var() <= found.upper + 1e-12
    assert found.upper <= (high - low) ** 2 / 4 + 1e-12


def test_the_variance_about_an_exact_mean_near_an_end_is_small():
    found = certain("m", exactly(0.9), between(0.0, 81.0), {}, "cut").clipped(-1.0, 1.0, {})
    assert found.variance.upper == pytest.approx(0.19)
