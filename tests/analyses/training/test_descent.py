"""Descent from several starts at once, each by itself."""

import numpy as np
import pytest

from bplint.analyses.training.descent import descend


def valley(points):
    """Rosenbrock's, of any number of points."""
    x, y = points
    value = (1 - x) ** 2 + 100 * (y - x**2) ** 2
    return value, np.stack([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])


def test_the_ends_of_a_curved_valley():
    starts = np.array([[-1.2, 0.0, 3.0], [1.0, 0.0, 3.0]])
    found = descend(valley, starts, 300, floor=0.0, tolerance=1e-10)
    assert found.settled
    assert found.points == pytest.approx(np.ones((2, 3)), abs=1e-4)
    assert found.values == pytest.approx(valley(found.points)[0], abs=0)


def test_values_never_rise_and_the_work_is_counted():
    calls = []

    def counted(points):
        calls.append(points.shape)
        return valley(points)

    starts = np.array([[-1.2, 1.0], [1.0, 1.0]])
    before = valley(starts)[0]
    for evaluations in (1, 2, 5, 9):
        calls.clear()
        found = descend(counted, starts, evaluations, floor=-1.0, tolerance=1e-9)
        assert (found.values <= before).all()
        assert len(calls) == evaluations
        assert not found.settled
        before = found.values


def test_it_settles_where_nothing_falls():
    def waves(points):
        return np.cos(points).sum(axis=0), -np.sin(points)

    found = descend(waves, np.array([[0.3, 2.0], [5.0, 3.0]]), 300, floor=-10.0, tolerance=1e-6)
    assert found.settled
    assert found.values == pytest.approx([-2.0, -2.0], abs=1e-9)
    flat = descend(lambda p: (np.zeros(2), np.zeros_like(p)), np.ones((3, 2)), 300, floor=-1.0, tolerance=1e-6)
    assert flat.settled
    assert flat.points == pytest.approx(np.ones((3, 2)))
