"""Rules for angles average waves as the law does."""

import numpy as np
import pytest

from bplint.analyses.gradients.angle_rule import angle_rule
from bplint.ir.law import UNIFORM, Law, Shape


def error(law, frequencies, rule):
    theta, weights = rule
    expected = [law.characteristic(w) * np.exp(1j * w * law.mean) for w in frequencies]
    return np.abs([weights @ np.exp(1j * w * theta) for w in frequencies] - np.array(expected)).max()


@pytest.mark.parametrize("shape", [Shape.NORMAL, Shape.RANGE])
@pytest.mark.parametrize("width", [0.0, 0.05, 0.4, 1.7, 4.0])
@pytest.mark.parametrize("frequency", [0.5, 2, 11])
def test_waves_up_to_the_frequency(shape, width, frequency):
    law = Law(shape, width, 0.3)
    assert error(law, np.arange(-frequency, frequency + 0.1, 0.5), angle_rule(law, frequency, 0.5)) < 1e-14
    free = angle_rule(law, frequency, 0.0)
    if free is not None:
        assert error(law, np.linspace(-frequency, frequency, 23), free) < 1e-14


def test_the_shorter_rule_is_taken():
    """Equally spaced points are one more than twice the degree of a law with a mean; the narrower, the fewer Gauss needs."""
    assert [len(angle_rule(Law(Shape.NORMAL, w), 18, 1.0)[0]) for w in (3.0, 0.1, 0.0)] == [37, 18, 1]
    theta, weights = angle_rule(UNIFORM, 2, 0.5)
    assert theta == pytest.approx(np.arange(5) * 4 * np.pi / 5)
    assert weights.tolist() == [0.2] * 5


def test_no_rule_without_a_common_measure_of_wide_laws():
    assert angle_rule(UNIFORM, 2, 0.0) is None
    assert angle_rule(Law(Shape.RANGE, 1e6), 2, 0.0) is None
    assert angle_rule(Law(Shape.NORMAL, 5.0), 40, 0.0) is None


def test_a_rule_of_more_angles_than_memory_has_is_none():
    assert angle_rule(UNIFORM, 1.0, 1e-8) is None
    assert angle_rule(Law(Shape.RANGE, 6.0), 400.0, 1e-8) is None
