"""Counts of paths, estimates and bounds on sums of parts."""

import math

import numpy as np
import pytest

from bplint.analyses.gradients.paths.tally import Tally, bounds_on, estimates, intervals, largest, only
from bplint.bounds import lower_bound, upper_bound


def part(counts, paths=1000, scale=1.0, most=1.0):
    counts = np.asarray(counts, dtype=float)
    return Tally(counts, paths, np.broadcast_to(np.asarray(scale, dtype=float), counts.shape).copy(), most)


def test_one_part_has_the_bounds_of_one_mean():
    """Against the bisection for one number at a time."""
    tally = part([0, 3, 500, 1000], scale=2.0)
    for upper, bound in ((True, upper_bound), (False, lower_bound)):
        want = [2 * bound(c / 1000, 1000, 0.01) for c in (0, 3, 500, 1000)]
        assert np.allclose(tally.bounds(0.01, upper=upper), want, rtol=1e-6, atol=1e-12)


def test_a_negative_scale_takes_the_other_side():
    plus, minus = part([30]), part([30], scale=-1.0)
    assert np.allclose(minus.bounds(0.01, upper=True), -plus.bounds(0.01, upper=False))
    assert np.allclose(minus.bounds(0.01, upper=False), -plus.bounds(0.01, upper=True))


def test_values_up_to_most_are_counted_in_parts_of_it():
    assert np.allclose(part([60], most=4.0).bounds(0.01, upper=True), 4 * part([15]).bounds(0.01, upper=True))


def test_no_paths_say_nothing():
    assert part([0.0], paths=0).estimate.tolist() == [0.0]
    assert part([0.0], paths=0).bounds(0.01, upper=True).tolist() == [0.0]


@pytest.mark.parametrize("seed", range(3))
def test_bounds_on_sums_fail_at_most_as_often_as_their_level(seed):
    rng = np.random.default_rng(seed)
    chances, scales = np.array([0.02, 0.3]), (1.0, -0.5)
    truth = sum(s * p for s, p in zip(scales, chances, strict=True))
    high = low = 0
    for _ in range(400):
        parts = [part([rng.binomial(400, p)], paths=400, scale=s) for p, s in zip(chances, scales, strict=True)]
        high += float(bounds_on(parts, 0.05, upper=True)[0]) < truth
        low += float(bounds_on(parts, 0.05, upper=False)[0]) > truth
    assert max(high, low) / 400 <= 0.05


def test_the_largest_number_is_bounded_by_its_own_counts_and_the_level_is_shared_from_below():
    parts = [part([10, 40, 20])]
    upper, lower = largest(parts, 0.01)
    assert upper == pytest.approx(upper_bound(0.04, 1000, 0.01), rel=1e-6)
    assert lower == pytest.approx(lower_bound(0.04, 1000, 0.01 / 3), rel=1e-6)
    uneven = [part([10, 40, 20], scale=[1.0, 1.0, 2.0])]
    upper, lower = largest(uneven, 0.03)
    assert upper == pytest.approx(max(upper_bound(0.04, 1000, 0.03), 2 * upper_bound(0.02, 1000, 0.03)), rel=1e-6)
    assert lower == pytest.approx(max(lower_bound(0.04, 1000, 0.01), 2 * lower_bound(0.02, 1000, 0.01)), rel=1e-6)
    assert largest([part([])], 0.01) == (0.0, 0.0)


def test_numbers_that_are_not_negative():
    parts = [part([100]), part([300], scale=-1.0)]
    assert estimates(parts).tolist() == [0.0]
    (low, high), *_ = intervals(parts)
    assert 0 <= low <= high
    assert math.isclose(float(estimates([part([100])])[0]), 0.1)


def test_only_chosen_numbers():
    parts = [part([1, 2, 3], scale=[1.0, 2.0, 3.0])]
    (chosen,) = only(parts, [2, 0])
    assert (chosen.counts.tolist(), chosen.scale.tolist()) == ([3.0, 1.0], [3.0, 1.0])
    assert only(parts, None) == parts
