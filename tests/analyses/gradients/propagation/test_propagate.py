"""Pairs of strings carried through rotations at known angles, against transfer matrices; bounds of what is dropped."""

import math

import numpy as np
import pytest

from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.propagation.propagate import Pairs, PropagationLimits, Scale, SplitStep, propagate
from dense import _initial, _rotation, _slope

N = 2
FREELY = PropagationLimits(1 << 20, 1 << 20, Effort())


def label(string):
    return "".join("IXZY"[(string >> q & 1) | (string >> (q + N) & 1) << 1] for q in range(N))


def at(axis, angle):
    c, s = math.cos(angle), math.sin(angle)
    return SplitStep(axis, (c * c, s * s, s * c), (c, s), slope=True)


def random_case(rng, rotations=6):
    strings = [int(s) for s in rng.integers(0, 4**N, 4)]
    left, right = (rng.integers(0, 4, 6) for _ in range(2))
    axes, angles = [int(a) for a in rng.integers(1, 4**N, rotations)], rng.uniform(0, 6, rotations)
    pairs = Pairs(strings, np.minimum(left, right), np.maximum(left, right), rng.normal(size=6))
    return pairs, axes, angles


def expectations(strings, axes, angles, sloped=None):
    """<P> of each string after the rotations, whose first is the last step; differentiated by one angle."""
    vectors = np.eye(4**N)[:, strings]
    for k, (axis, angle) in enumerate(zip(axes, angles, strict=True)):
        vectors = (_slope if k == sloped else _rotation)(label(axis), angle) @ vectors
    return _initial(N) @ vectors


def dense(pairs, axes, angles, sloped=None):
    values = expectations(pairs.strings, axes, angles, sloped)
    return float(pairs.weight @ (values[pairs.left] * values[pairs.right]))


@pytest.mark.parametrize("seed", range(15))
def test_pairs_at_known_angles(seed):
    pairs, axes, angles = random_case(np.random.default_rng(seed))
    found = propagate(pairs, [at(a, x) for a, x in zip(axes, angles, strict=True)], N, FREELY)
    assert found.value == (pytest.approx(dense(pairs, axes, angles), abs=1e-12), 0.0)
    for k in range(len(axes)):
        centre, radius = found.slopes.get(k, (0.0, 0.0))
        assert (centre, radius) == (pytest.approx(dense(pairs, axes, angles, k), abs=1e-12), 0.0)


@pytest.mark.parametrize("seed", range(10))
def test_means_and_their_derivatives(seed):
    pairs, axes, angles = random_case(np.random.default_rng(50 + seed))
    single = Pairs([*pairs.strings, 0], pairs.left, np.full(6, 4), pairs.weight)
    found = propagate(single, [at(a, x) for a, x in zip(axes, angles, strict=True)], N, FREELY, mean=True)
    values = expectations(pairs.strings, axes, angles)
    assert found.value[0] == pytest.approx(float(pairs.weight @ values[pairs.left]), abs=1e-12)
    for k, (centre, _) in found.slopes.items():
        slopes = expectations(pairs.strings, axes, angles, k)
        assert centre == pytest.approx(float(pairs.weight @ slopes[pairs.left]), abs=1e-12)


@pytest.mark.parametrize("most", [0, 1, 2, 5])
def test_what_is_dropped_is_inside_the_radius(most):
    cut = 0
    for seed in range(8):
        pairs, axes, angles = random_case(np.random.default_rng(100 + seed))
        steps = [at(a, x) for a, x in zip(axes, angles, strict=True)]
        centre, radius = (found := propagate(pairs, steps, N, PropagationLimits(most, 1 << 20, Effort()))).value
        assert abs(dense(pairs, axes, angles) - centre) <= radius + 1e-12
        for k, (slope, doubt) in found.slopes.items():
            assert abs(dense(pairs, axes, angles, k) - slope) <= doubt + 1e-12
        cut += radius > 0
    assert cut


def test_a_short_tape_drops_pairs_too():
    pairs, axes, angles = random_case(np.random.default_rng(7), 8)
    steps = [at(a, x) for a, x in zip(axes, angles, strict=True)]
    centre, radius = propagate(pairs, steps, N, PropagationLimits(1 << 20, 8, Effort())).value
    assert radius > 0
    assert abs(dense(pairs, axes, angles) - centre) <= radius


def test_a_whole_sum_is_the_same_or_none():
    pairs, axes, angles = random_case(np.random.default_rng(7), 8)
    steps = [at(a, x) for a, x in zip(axes, angles, strict=True)]
    whole, free = FREELY._replace(whole=True), propagate(pairs, steps, N, FREELY)
    assert propagate(pairs, steps, N, whole) == free
    for limits in (whole._replace(pairs=2), whole._replace(tape=8)):
        assert propagate(pairs, steps, N, limits) is None
        assert propagate(pairs, steps, N, limits._replace(whole=False)).value[1] > 0


def test_noise_scales_both_strings_of_a_pair():
    """X and Z on qubit 0, Y on qubits 0 and 1: factors 0.9, 0.8, 0.7 of letters on qubit 0 alone, 0.5 if it has any."""
    n = 2
    z0, zz, z1 = 4, 12, 8
    pairs = Pairs([z0, zz, z1], np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2]), np.array([1.0, 10.0, 100.0, 1000.0]))
    step = Scale(((1, 4),), (0.9, 0.8, 0.7), 0.5)
    assert propagate(pairs, [step], n, FREELY).value[0] == pytest.approx(111 * 0.4**2 + 1000)


def test_damping_feeds_the_identity():
    """Z becomes (1-γ) Z + γ: on |0> it stays 1, its square too; behind it an X turns a minus into the feed."""
    fed = SplitStep(2, (0.7**2, 0.3**2, 0.7 * 0.3), (0.7, 0.3), image=1)
    pairs = Pairs([2], np.array([0]), np.array([0]), np.array([1.0]))
    assert propagate(pairs, [fed], 1, FREELY).value == (pytest.approx(1.0), 0.0)
    flipped = SplitStep(2, (0.7**2, 0.3**2, -0.7 * 0.3), (0.7, -0.3), image=1)
    assert propagate(pairs, [flipped], 1, FREELY).value == (pytest.approx(0.4**2), 0.0)


def test_pairs_that_end_outside_the_vacuum_are_worth_nothing():
    pairs = Pairs([1, 2], np.array([0]), np.array([1]), np.array([1.0]))
    assert propagate(pairs, [], 1, FREELY).value == (0.0, 0.0)


def test_no_time_is_no_answer():
    pairs, axes, angles = random_case(np.random.default_rng(0))
    late = PropagationLimits(1 << 20, 1 << 20, Effort(clock=Clock(-1.0)))
    with pytest.raises(BudgetError, match="stopped by the clock"):
        propagate(pairs, [at(axes[0], angles[0])], N, late)
