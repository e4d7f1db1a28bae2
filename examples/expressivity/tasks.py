"""Three binary tasks of two features that no straight line settles, and one that has nothing to learn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TRAIN, TEST = 40, 1000
TASKS = ("moons", "circles", "xor", "random labels")


class Task(NamedTuple):
    """Features, float64 (rows, 2), within about ±π/2, and labels -1 or +1, for training and for the test."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    test_x: NDArray[np.float64]
    test_y: NDArray[np.float64]


def task(name: str, seed: int) -> Task:
    """The rows of one seed. Labels at random belong to the points of the moons, also those of the test."""
    from sklearn.datasets import make_circles, make_moons

    random = np.random.RandomState(seed)
    total = TRAIN + TEST
    if name == "circles":
        x, labels = make_circles(total, noise=0.2, factor=0.4, random_state=random)
    elif name == "xor":
        corners = random.choice([-1.0, 1.0], (total, 2))
        x, labels = corners + 0.4 * random.standard_normal((total, 2)), corners.prod(axis=1) > 0
    else:
        x, labels = make_moons(total, noise=0.3, random_state=random)
        x = x - np.array([0.5, 0.25])
    y = np.where(labels, 1.0, -1.0)
    if name == "random labels":
        y = random.choice([-1.0, 1.0], total)
    x = x * (np.pi / 2) / 1.5
    return Task(x[:TRAIN], y[:TRAIN], x[TRAIN:], y[TRAIN:])
