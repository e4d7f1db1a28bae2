"""Descent from several starts at once: L-BFGS with backtracking, each start with steps and memory of its own.

All starts are evaluated together, since a batch costs little more than one of them. What is done is counted in evaluations,
so that the same input ends the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.ir.circuit import Floats

Function: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]
"""Values (starts,) and derivatives (parameters, starts), both float64, at points (parameters, starts)."""

MEMORY = 12
"""Steps from which curvature is read."""

_ENOUGH = 1e-4
"""Of the decrease that the slope promises, a step has to bring so much (Armijo)."""

_LONGEST = 1.0
"""No parameter moves further in one step, in radians."""

_PATIENCE = 12
"""So many evaluations in a row without a decrease worth the name, for any start, end the descent."""

_LEAST = 1e-200
"""What is smaller has no inverse among doubles that can be multiplied by another."""


class Descent(NamedTuple):
    """The best ``points`` found, float64 (parameters, starts), and the ``values`` there; ``settled`` where none moved."""

    points: Floats
    values: Floats
    settled: bool


def descend(function: Function, points: Floats, evaluations: int, *, floor: float, tolerance: float) -> Descent:
    """Descend from ``points``, in at most so many ``evaluations`` of all starts.

    Ends where every start is within ``tolerance`` of the ``floor``, or none has fallen by a tenth of it for a while.
    """
    points = points.copy()
    values, slopes = function(points)
    memory: list[tuple[Floats, Floats, Floats]] = []
    step = np.ones(len(values))
    direction = -slopes / np.maximum(np.linalg.norm(slopes, axis=0), _LEAST)
    mark, since, settled = values.copy(), 0, False
    for _ in range(evaluations - 1):
        settled = since >= _PATIENCE or bool((values <= floor + tolerance).all())
        if settled:
            break
        moved = step * direction
        trial, trial_slopes = function(points + moved)
        better = trial <= values + _ENOUGH * np.einsum("ps,ps->s", moved, slopes)
        step = np.where(better, 1.0, step / 4)
        if better.any():
            memory.append(_pair(np.where(better, moved, 0.0), trial_slopes - slopes))
            del memory[:-MEMORY]
            points, values = points + np.where(better, moved, 0.0), np.where(better, trial, values)
            slopes = np.where(better, trial_slopes, slopes)
            direction = np.where(better, _direction(slopes, memory), direction)
        fallen = values < mark - tolerance / 10
        mark, since = np.where(fallen, values, mark), 0 if fallen.any() else since + 1
    return Descent(points, values, settled)


def _pair(moved: Floats, turned: Floats) -> tuple[Floats, Floats, Floats]:
    """What curvature is read from: step, change of slope, 1 / their product; 0 where there is none to be read."""
    product = np.einsum("ps,ps->s", moved, turned)
    firm = product > np.maximum(1e-10 * np.einsum("ps,ps->s", turned, turned), _LEAST)
    return moved, turned, np.where(firm, 1.0 / np.where(firm, product, 1.0), 0.0)


def _direction(slopes: Floats, memory: list[tuple[Floats, Floats, Floats]]) -> Floats:
    """The two loops of L-BFGS (Nocedal and Wright, algorithm 7.4), of steepest descent where nothing is remembered."""
    rest = slopes.copy()
    weights = []
    for moved, turned, inverse in reversed(memory):
        weights.append(inverse * np.einsum("ps,ps->s", moved, rest))
        rest -= weights[-1] * turned
    scale = 1.0 / np.maximum(np.linalg.norm(slopes, axis=0), _LEAST)
    for _, turned, inverse in memory:  # the latest that is firm has the last word
        size = np.einsum("ps,ps->s", turned, turned)
        scale = np.where(inverse > 0, 1.0 / np.where(inverse > 0, inverse * size, 1.0), scale)
    rest *= scale
    for (moved, turned, inverse), weight in zip(memory, reversed(weights), strict=True):
        rest += (weight - inverse * np.einsum("ps,ps->s", turned, rest)) * moved
    rest = np.where(np.einsum("ps,ps->s", rest, slopes) > 0, rest, slopes)
    return np.asarray(-rest / np.maximum(np.abs(rest).max(axis=0) / _LONGEST, 1.0))
