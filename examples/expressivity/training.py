"""Adam with exact gradients on the logistic loss of all rows, all seeds at once; what each training came to."""

from __future__ import annotations

import numpy as np
from circuits import Model
from numpy.typing import NDArray
from simulator import Simulator
from tasks import Task, task

STEPS, RATE, SHARPNESS = 200, 0.05, 5.0
EVERY = 10
"""Steps between two records of a run."""

Floats = NDArray[np.float64]


def trained(model: Model, name: str, seeds: range) -> dict[str, list[object]]:
    """Train a model on a task, a seed each of rows and start: plain data, a list over seeds each.

    ``train`` and ``test`` are accuracies at the end, ``losses`` and ``slopes`` the loss and the mean of squares of its
    derivatives along the run, every :data:`EVERY` steps, ``norm`` the length of the gradient at the end.
    """
    simulator = Simulator(model)
    tasks = [task(name, seed) for seed in seeds]
    x, y = (np.stack([getattr(one, part) for one in tasks]) for part in ("x", "y"))
    theta = np.stack([np.random.default_rng(seed).uniform(-np.pi, np.pi, simulator.parameters) for seed in seeds])
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    losses, slopes = [], []

    def outer(values: Floats) -> Floats:
        return np.asarray(-y * SHARPNESS / (1 + np.exp(SHARPNESS * y * values)) / y.shape[1])

    for step in range(1, STEPS + 1):
        values, gradient = simulator.values_and_gradient(theta, x, outer)
        if step % EVERY == 1:
            losses.append(np.log1p(np.exp(-SHARPNESS * y * values)).mean(axis=1))
            slopes.append((gradient**2).mean(axis=1))
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        theta -= RATE * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return {
        "train": _accuracies(simulator, theta, [(one.x, one.y) for one in tasks]),
        "test": _accuracies(simulator, theta, [(one.test_x, one.test_y) for one in tasks]),
        "losses": np.stack(losses, axis=1).tolist(),
        "slopes": np.stack(slopes, axis=1).tolist(),
        "norm": np.sqrt((gradient**2).sum(axis=1)).tolist(),
    }


def row_signal(model: Model, rows: Task, samples: int, seed: int = 0) -> tuple[float, float]:
    """The mean over parameters of E[(∂⟨O⟩)²]/(R² N(O)) over random starts and these rows, and its standard error."""
    simulator = Simulator(model)
    random = np.random.default_rng(seed)
    kept = []
    while sum(map(len, kept)) < samples:
        theta = random.uniform(-np.pi, np.pi, (64, simulator.parameters))
        x = rows.x[random.integers(len(rows.x), size=(64, 1))]
        slopes = simulator.values_and_gradient(theta, x, np.ones_like)[1]
        kept.append((slopes**2 / simulator.ranges**2).mean(axis=1) * model.n)  # N(mean(Z)) is 1/n
    every = np.concatenate(kept)
    return float(every.mean()), float(every.std(ddof=1) / np.sqrt(len(every)))


def _accuracies(simulator: Simulator, theta: Floats, sets: list[tuple[Floats, Floats]]) -> list[object]:
    shares = []
    for start, (x, y) in zip(theta, sets, strict=True):
        right = [
            np.sign(simulator.values(start[None], part[None])[0]) == labels
            for part, labels in zip(
                np.array_split(x, 1 + len(x) // 200), np.array_split(y, 1 + len(y) // 200), strict=True
            )
        ]
        shares.append(float(np.concatenate(right).mean()))
    return list(shares)
