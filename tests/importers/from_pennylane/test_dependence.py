"""Which number drives which angle, of functions of Python that say nothing of themselves."""

import numpy as np
import pytest

from bplint.importers.from_pennylane.dependence import Affine, Explorer, Unknown, recognised, related


def explored(function, count, seed=3):
    """What is found of a function of ``count`` numbers, and at how many points it was evaluated."""
    rng = np.random.default_rng(seed)
    asked = []

    def evaluate(point):
        asked.append(point)
        return np.array([float(value) for value in function(point)])

    points = [rng.uniform(-3, 3, count) for _ in range(2)]
    explorer = Explorer(evaluate, lambda: rng.uniform(-3, 3, count), points, [evaluate(point) for point in points])
    return explorer.dependence(np.arange(count)), len(asked)


def test_numbers_themselves_and_constants_take_two_points():
    found, asked = explored(lambda w: [w[3], 0.5, w[0], w[3], np.pi], 5)
    assert found.same.tolist() == [3, -1, 0, 3, -1]
    assert not found.other
    assert asked == 2


def test_scaled_and_shifted_numbers_take_four_points():
    found, asked = explored(lambda w: [2 * w[4999] + 0.1, -w[7] / 3, np.pi * w[8] - np.pi / 2, w[1]], 5000)
    assert found.other == {
        0: Affine(0.1, ((4999, 2.0),)), 1: Affine(0.0, ((7, -1 / 3),)), 2: Affine(-np.pi / 2, ((8, np.pi),))
    }  # fmt: skip
    assert asked == 4


@pytest.mark.parametrize("count", [3, 40, 5000])
def test_sums_are_found_among_few_and_among_many(count):
    rng = np.random.default_rng(count)
    chosen = [sorted(rng.choice(count, 3, replace=False).tolist()) for _ in range(20)]
    found, asked = explored(lambda w: [w[a] - 2 * w[b] + 0.7 * w[c] + 1 for a, b, c in chosen], count)
    for k, (a, b, c) in enumerate(chosen):
        assert found.other[k].constant == 1.0
        assert dict(found.other[k].terms) == pytest.approx({a: 1.0, b: -2.0, c: 0.7}, rel=1e-11)
    assert asked < 300


@pytest.mark.parametrize("count", [4, 3000])
def test_functions_are_known_by_what_they_depend_on_and_by_their_multiples(count):
    last = count - 1

    def function(w):
        return [w[0] * w[last], 3 * w[0] * w[last] - 1, np.sin(w[1]), np.exp(w[1]), w[0] * w[2], abs(w[1])]

    found, _ = explored(function, count)
    assert all(isinstance(what, Unknown) for what in found.other.values())
    assert [found.other[k].sources for k in range(6)] == [(0, last), (0, last), (1,), (1,), (0, 2), (1,)]
    assert related(found.other[0], found.other[1]) == pytest.approx((3.0, -1.0))
    assert related(found.other[2], found.other[3]) is None
    assert related(found.other[0], found.other[4]) is None


def test_what_is_affine_only_nearly_is_not():
    found, _ = explored(lambda w: [w[0] + 1e-7 * w[0] ** 2, w[1] + 1e-7 * np.sin(w[0])], 2)
    assert all(isinstance(what, Unknown) for what in found.other.values())


def test_numbers_that_are_held_are_constants_and_coefficients():
    def evaluate(point):
        return np.array([point[0] * point[1], point[1], point[0] + 0 * point[1]])

    points = [np.array([0.1, 0.5]), np.array([-0.7, 0.5])]
    explorer = Explorer(evaluate, lambda: np.array([0.3, 0.5]), points, [evaluate(point) for point in points])
    found = explorer.dependence(np.array([0]))
    assert found.same.tolist() == [-2, -1, 0]
    assert found.other == {0: Affine(0.0, ((0, 0.5),))}


def test_no_numbers_are_no_dependence():
    found, asked = explored(lambda w: [0.5, 1.0], 0)
    assert (found.same.tolist(), asked) == ([-1, -1], 2)


def test_fractions_are_recognised_and_others_left_alone():
    exact = np.array([0.0, 1.0, -2.0, 1 / 3, 7 / 64, np.pi / 4, 2 * np.pi / 3])
    noise = np.random.default_rng(0).uniform(-1, 1, len(exact)) * 1e-14
    assert recognised(exact + noise).tolist() == pytest.approx(exact.tolist(), abs=1e-16)
    others = np.array([0.3183, np.sqrt(2), 1e-9])
    assert recognised(others).tolist() == pytest.approx(others.tolist(), rel=1e-15)
