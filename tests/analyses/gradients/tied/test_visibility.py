"""How often bounds from few samples fail, and how near they are."""

import numpy as np
import pytest

from bplint.analyses.gradients.tied.visibility import PILOT, Visibility, upper


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, n: rng.standard_normal((5, n)) ** 2,
        lambda rng, n: rng.exponential(size=(5, n)) ** 4,
        lambda rng, n: (rng.random((5, n)) < 0.05).astype(float),
    ],
)
def test_bounds_from_below_fail_no_more_often_than_allowed(draw):
    """At a level of 5 %, over 400 runs; the truth from many samples."""
    rng = np.random.default_rng(0)
    truth = draw(rng, 400_000).mean(axis=1).max()
    failed = 0
    for _ in range(400):
        visibility = Visibility(draw(rng, PILOT))
        visibility.add(draw(rng, 16))
        failed += visibility.lower(0.05) > truth
    assert failed <= 20 + 3 * 20**0.5


def test_sixteen_samples_of_many_alike_parameters_come_near_the_truth():
    rng = np.random.default_rng(1)
    visibility = Visibility(rng.standard_normal((50, PILOT)) ** 2)
    visibility.add(rng.standard_normal((50, 16)) ** 2)
    assert 0.01 < visibility.lower(1e-6) < 1


def test_many_samples_come_nearer_and_few_tell_how_near():
    rng = np.random.default_rng(2)
    visibility = Visibility(rng.standard_normal((3, PILOT)) ** 2)
    visibility.add(rng.standard_normal((3, 256)) ** 2)
    foreseen = visibility.lower(1e-6, 4096)
    visibility.add(rng.standard_normal((3, 4096 - 256)) ** 2)
    assert visibility.lower(1e-6) == pytest.approx(foreseen, rel=0.1)
    assert 0.7 < visibility.lower(1e-6) < 1


def test_no_parameters_and_no_gradients_have_no_bound():
    for pilot in (np.zeros((0, 8)), np.zeros((3, 8))):
        visibility = Visibility(pilot)
        visibility.add(pilot)
        assert visibility.lower(1e-6) == 0


def test_bounds_from_above_are_those_of_zero_hits():
    level, samples = 1e-6, 1_000
    assert upper(np.array([0.0, 0.0]), np.array([2.0, 1.0]), samples, level) == pytest.approx(
        4 * (1 - level ** (1 / samples))
    )
    assert upper(np.array([0.5]), np.array([0.0]), samples, level) == 0
