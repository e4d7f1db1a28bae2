"""Closed forms of known families, and the models of decays."""

import math
import random

import numpy as np
import pytest

from bplint.analyses.scaling import Model, Point, closed_form, trend


def forms(function, sizes):
    found = closed_form({n: function(n) for n in sizes})
    return None if found is None else " | ".join(map(str, found))


def complete_graph(n):
    return (n**3 + 6 * n**2 + 2 * n + 12) // 12 if n % 2 == 0 else (n**3 + 6 * n**2 - n + 18) // 12


@pytest.mark.parametrize(
    ("function", "sizes", "text"),
    [
        (lambda n: 3 * n - 1, range(3, 9), "3n - 1"),
        (lambda n: n * (2 * n - 1), range(2, 7), "2n^2 - n"),
        (lambda n: 7, range(3, 6), "7"),
        (lambda n: n * (n + 1) // 2, range(3, 9), "(n^2 + n)/2"),
        (lambda n: 4**n - 1, range(2, 7), "4^n - 1"),
        (lambda n: (4**n - (-2) ** n) // 2, range(3, 8), "(4^n - (-2)^n)/2"),
        (lambda n: 2 ** (n - 1) * (2**n - 1), range(2, 7), "(4^n - 2^n)/2"),
        (lambda n: 2 * 4**n - 2, range(2, 7), "2·4^n - 2"),
        (lambda n: -n, range(2, 7), "-n"),
        (complete_graph, range(2, 16), "(n^3 + 6n^2 + 2n + 12)/12 for even n | (n^3 + 6n^2 - n + 18)/12 for odd n"),
        (
            lambda n: math.comb(n + 3, 3) - n // 2,
            range(3, 15),
            "(n^3 + 6n^2 + 8n + 6)/6 for even n | (n^3 + 6n^2 + 8n + 9)/6 for odd n",
        ),
    ],
)
def test_forms(function, sizes, text):
    assert forms(function, sizes) == text


def test_a_form_needs_two_sizes_to_spare():
    assert forms(lambda n: 3 * n - 1, [4, 6, 8]) is None
    assert forms(lambda n: 3 * n - 1, [4, 6, 8, 10]) == "3n - 1"
    assert forms(complete_graph, range(2, 12)) is None


def test_what_has_no_form_has_none():
    rng = random.Random(1)
    assert forms(lambda n: rng.randrange(1000), range(2, 20)) is None
    assert forms(lambda n: math.comb(2 * n, n) - n, range(2, 14)) is None
    assert closed_form({}) is None


def exact(function, sizes):
    return [Point(n, function(n), (function(n), function(n))) for n in sizes]


def test_exponential_decay_is_told_from_a_power():
    found = trend(exact(lambda n: 1 / (2**n + 1), [4, 6, 8, 10, 12]))
    assert found.model is Model.EXPONENTIAL
    assert found.decays
    assert found.rate == pytest.approx(-1, abs=0.02)
    assert found.interval[0] < -1 < found.interval[1] + 0.02


def test_a_power_is_told_from_exponential_decay():
    found = trend(exact(lambda n: 1 / n**2, [4, 6, 8, 10, 12, 14]))
    assert found.model is Model.POLYNOMIAL
    assert found.rate == pytest.approx(-2)


def test_a_constant_does_not_decay():
    assert not trend(exact(lambda n: 0.1, range(4, 12))).decays


def test_fewer_than_five_sizes_are_undecided():
    found = trend(exact(lambda n: 2.0**-n, [4, 6, 8, 10]))
    assert found.model is Model.UNDECIDED
    assert "at least 5" in found.reason


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (exact(lambda n: 0.0 if n == 6 else 0.1, range(4, 10)), "zero"),
        (exact(lambda n: 1 + n % 2, range(4, 12)), "as well"),
        (exact(lambda n: 2.0 ** (-n + 3 * (n % 3)), range(4, 14)), "describe"),
        ([Point(n, 2.0**-n, (2.0**-n / 30, 2.0**-n * 30)) for n in range(8, 13)], "as well"),
    ],
)
def test_what_the_data_do_not_tell_is_undecided(points, reason):
    found = trend(points)
    assert found.model is Model.UNDECIDED
    assert reason in found.reason


def test_the_order_of_the_sizes_does_not_matter():
    points = exact(lambda n: 2.0**-n + 0.05, [4, 6, 8, 10, 12])
    assert trend(points) == trend(points[::-1])


def test_both_misfits_are_told_once_both_were_tried():
    found = trend(exact(lambda n: 2.0**-n, range(4, 12)))
    assert found.misfits[0] == pytest.approx(0, abs=1e-9)
    assert found.misfits[1] > 10
    assert trend(exact(lambda n: 2.0**-n, range(4, 8))).misfits == (0, 0)


def test_a_decay_that_flattens_is_no_exponential():
    """An exponential that saturates, measured to 5 %: the quadratic fit of numpy tells the slope at its end."""
    rng = random.Random(7)
    flattened = straight = 0
    for _ in range(400):
        floor, sizes = rng.choice([0, 0.002, 0.005, 0.01]), range(4, rng.randrange(9, 15))
        values = [(2 ** (-n / 2) + floor) * math.exp(rng.gauss(0, 0.05)) for n in sizes]
        found = trend([Point(n, v, (v * math.exp(-0.098), v * math.exp(0.098))) for n, v in zip(sizes, values)])
        error = 0.05 / math.log(2)
        (bend, slope, _), cov = np.polyfit(sizes, np.log2(values), 2, w=[1 / error] * len(sizes), cov="unscaled")
        (mean, _) = np.polyfit(sizes, np.log2(values), 1)
        curved = bend**2 > 9 * cov[0, 0] and slope + 2 * bend * sizes[-1] > 0.8 * mean
        assert not (found.model is Model.EXPONENTIAL and curved)
        assert found.reason != "the decay is exponential at first and flattens" or curved
        flattened += "flattens" in found.reason
        straight += found.model is Model.EXPONENTIAL and floor == 0
    assert flattened > 5
    assert straight > 50


def test_powers_are_never_taken_for_exponentials():
    for power in (0.5, 1, 2, 3, 4, 6):
        for shift in (-1, 0, 1, 2, 5):
            for sizes in ([4, 6, 8, 10, 12], range(4, 13), range(2, 25, 2), [10, 20, 30, 40, 50, 60]):
                assert trend(exact(lambda n: (n + shift) ** -power, sizes)).model is not Model.EXPONENTIAL  # noqa: B023


def test_the_interval_covers_the_rate_of_noisy_exponentials():
    rng = random.Random(3)
    covered = decided = 0
    for _ in range(200):
        points = []
        for n in (4, 6, 8, 10, 12, 14):
            value = 2 ** (-n / 2) * math.exp(rng.gauss(0, 0.05))
            points.append(Point(n, value, (value * math.exp(-0.098), value * math.exp(0.098))))
        found = trend(points)
        decided += found.model is Model.EXPONENTIAL
        covered += found.interval[0] <= -0.5 <= found.interval[1]
    assert decided > 150
    assert covered >= 0.93 * decided
