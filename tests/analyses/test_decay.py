"""The models of decays."""

import math
import random

import numpy as np
import pytest

from bplint.analyses.decay import Model, Point, trend


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


def test_a_constant_is_called_one():
    for law in (lambda n: 0.1, lambda n: 0.1 * (1 + n % 2)):
        found = trend(exact(law, range(4, 12)))
        assert found.model is Model.CONSTANT
        assert not found.decays
    assert trend(exact(lambda n: 0.1 + 1 / n, range(4, 12))).model is not Model.CONSTANT


def test_fewer_than_five_sizes_are_undecided():
    found = trend(exact(lambda n: 2.0**-n, [4, 6, 8, 10]))
    assert found.model is Model.UNDECIDED
    assert "at least 5" in found.reason


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (exact(lambda n: 0.0 if n == 6 else 0.1, range(4, 10)), "zero"),
        (exact(lambda n: 1 + 1 / n, range(4, 12)), "as well"),
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
        flattened += "flattens" in found.reason
        straight += found.model is Model.EXPONENTIAL and floor == 0
    assert flattened
    assert straight > 50


def test_a_decay_that_steepens_is_one():
    """It is curved, and at the largest size steeper than over all."""
    assert trend(exact(lambda n: 2.0 ** (-n - n * n / 50), range(4, 11))).model is Model.EXPONENTIAL


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


EXPONENTIALS = {
    "2^-n": lambda n: 2.0**-n,
    "1/(2^n - (-1)^n)": lambda n: 1 / (2**n - (-1) ** n),
    "a factor at odd sizes": lambda n: 2.0**-n * (1 + 0.5 * (n % 2)),
    "a ring": lambda n: 1 / (2 ** (n - 1) - 1 + 2 * (n % 2)),
    "(3/8)^n": lambda n: 0.375**n,
    "2^(-n/2)": lambda n: 2 ** (-n / 2),
    "(2/3)^n": lambda n: (2 / 3) ** n,
}
OTHERS = {
    "1/n": lambda n: 1 / n,
    "1/(2n - 1)": lambda n: 1 / (2 * n - 1),
    "1/(n + 1)": lambda n: 1 / (n + 1),
    "2/(n(n + 1))": lambda n: 2 / (n * (n + 1)),
    "matchgates, two Majoranas of four": lambda n: math.comb(n, 2) / math.comb(2 * n, 4),
    "a factor at odd sizes": lambda n: (1 + 0.6 * (n % 2)) / n,
    "n^-3": lambda n: n**-3.0,
    "a shifted power": lambda n: (n + 2.0) ** -6,
    "a floor": lambda n: 1 / n + 0.05,
    "constant": lambda n: 0.1,
    "two constants": lambda n: 0.1 * (1 + n % 2),
    "constant in the end": lambda n: 0.1 + 2.0**-n,
}
SIZES = ([4, 6, 8, 10, 12], range(3, 10), range(4, 13), range(3, 13), [6, 8, 10, 12, 14, 16])


def measured(laws, seed):
    """The trends of known laws over several sets of sizes, exact and with errors of 2, 5 and 8 %."""
    rng = random.Random(seed)
    for law in laws.values():
        for sizes in SIZES:
            for noise in (0.0, 0.02, 0.05, 0.08):
                values = [(n, law(n) * math.exp(rng.gauss(0, noise))) for n in sizes]
                error = math.exp(1.96 * noise)
                yield trend([Point(n, v, (v / error, v * error)) for n, v in values])


def test_no_law_that_ends_otherwise_is_called_exponential():
    found = [t.model for seed in range(4) for t in measured(OTHERS, seed)]
    assert Model.EXPONENTIAL not in found
    assert found.count(Model.UNDECIDED) < 0.6 * len(found)


def test_most_exponentials_are_found_in_spite_of_parity_and_small_sizes():
    found = [t.model for seed in range(4) for t in measured(EXPONENTIALS, seed)]
    assert not {Model.POLYNOMIAL, Model.CONSTANT}.intersection(found)
    assert found.count(Model.EXPONENTIAL) > 0.85 * len(found)


def test_what_levels_off_is_a_constant_from_there_on():
    """A cone that goes around a small ring: larger ones do not matter to it. Four sizes are not enough to say so."""
    values = exact(lambda n: 0.1 + 0.05 * (n == 4), range(4, 17, 2))
    found = trend(values, "L")
    assert (found.model, found.since) == (Model.CONSTANT, 6)
    assert (trend(values[:5]).model, trend(values[:5]).since) == (Model.UNDECIDED, None)
    assert trend(exact(lambda n: 0.1, range(4, 17, 2))).since is None


def test_reasons_call_the_size_by_its_name():
    assert "a power of L" in trend(exact(lambda n: 1 + 1 / n, range(4, 12)), "L").reason
