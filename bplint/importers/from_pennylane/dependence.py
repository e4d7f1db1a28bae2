"""Which number of the arguments drives which angle, found by evaluating the classical part of a circuit at random points.

Nobody says how a function of Python computes its angles. Two points tell those that are numbers of the arguments themselves.
Of an angle b + c·w the ratio of its differences at three points is that of w, whatever b and c: a third tells those. For what
remains, some numbers are changed at a time, which tells what each angle depends on, and least squares tell whether it is
affine; it is checked at every point. What is not affine is a function of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

Evaluate = Callable[[Numbers], Numbers]
"""From all numbers to all angles."""


class Affine(NamedTuple):
    """constant + Σ coefficient · number over pairs (number, coefficient)."""

    constant: float
    terms: tuple[tuple[int, float], ...]


class Unknown(NamedTuple):
    """A function of the numbers ``sources`` that is not affine: its values at points that all of these have in common."""

    sources: tuple[int, ...]
    values: tuple[float, ...]


class Dependence(NamedTuple):
    """Of each angle the number that it is, -1 for a constant, -2 for what ``other`` has."""

    same: Places
    other: dict[int, Affine | Unknown]


class Explorer:
    """Looks for what drives the angles, known at two points; ``evaluate`` is asked at more, which ``draw`` makes."""

    def __init__(
        self, evaluate: Evaluate, draw: Callable[[], Numbers], points: Sequence[Numbers], angles: Sequence[Numbers]
    ) -> None:
        self._evaluate, self._draw = evaluate, draw
        self._points, self._angles = list(points), list(angles)

    def dependence(self, free: Places, angles: Places | None = None) -> Dependence:
        """What each of some angles, or all, has of the free numbers; the others are the same at every point."""
        points, values = self._points, self._angles
        wanted = np.arange(len(values[0])) if angles is None else angles
        same = np.full(len(values[0]), -1, dtype=np.intp)
        moving = wanted[_differ(values[0][wanted], values[1][wanted])]
        rest = moving
        if len(free) and len(moving):
            order = free[np.argsort(points[0][free])]
            place = np.searchsorted(points[0][order], values[0][moving])
            candidate = order[np.minimum(place, len(order) - 1)]
            copied = (points[0][candidate] == values[0][moving]) & (points[1][candidate] == values[1][moving])
            same[moving[copied]] = candidate[copied]
            rest = moving[~copied]
        same[rest] = -2
        other: dict[int, Affine | Unknown] = {}
        if len(rest):
            self._more(free, 4)
            other = self._scaled(free, rest)
            rest = np.array([angle for angle in rest if int(angle) not in other], dtype=np.intp)
        if len(rest):
            other |= self._by_changes(free, rest)
        return Dependence(same, other)

    def _more(self, free: Places, count: int) -> None:
        while len(self._points) < count:
            self._add(self._fresh(free))

    def _fresh(self, free: Places) -> Numbers:
        point = self._points[0].copy()
        point[free] = self._draw()[free]
        return point

    def _add(self, point: Numbers) -> Numbers:
        self._points.append(point)
        self._angles.append(self._evaluate(point))
        return self._angles[-1]

    def _scaled(self, free: Places, rest: Places) -> dict[int, Affine | Unknown]:
        """Those that are affine in one number: the ratio of differences at three points is its signature."""
        points, values = np.array(self._points), np.array([angles[rest] for angles in self._angles])
        signature = (points[2] - points[0])[free] / (points[1] - points[0])[free]
        with np.errstate(all="ignore"):
            ratio = (values[2] - values[0]) / (values[1] - values[0])
        order = np.argsort(signature)
        place = np.clip(np.searchsorted(signature[order], ratio), 1, max(1, len(order) - 1))
        near = np.stack([order[np.minimum(place, len(order) - 1)], order[place - 1]])
        nearest = np.where(*[_closer(signature[near], ratio), near[0], near[1]])
        x = points[:, free[nearest]]
        centred = x - x.mean(0)
        with np.errstate(all="ignore"):
            slope = recognised((centred * (values - values.mean(0))).sum(0) / (centred**2).sum(0))
            constant = recognised((values - slope * x).mean(0))
            fits = np.all(np.abs(constant + slope * x - values) <= TOLERANCE * (1 + np.abs(values)), axis=0)
        return {
            int(rest[k]): Affine(float(constant[k]), ((int(free[nearest[k]]), float(slope[k])),))
            for k in np.flatnonzero(fits)
        }

    def _by_changes(self, free: Places, rest: Places) -> dict[int, Affine | Unknown]:
        """The others: what they depend on is what can be changed with them, and never without."""
        base = self._angles[0][rest]
        masks = np.array(_masks(len(free)))
        changes = []
        for mask in masks:
            point = self._points[0].copy()
            point[free[mask]] = self._fresh(free)[free[mask]]
            changes.append(_differ(self._add(point)[rest], base))
        changed = np.packbits(np.array(changes), axis=0)
        tried = np.packbits(masks, axis=0)
        points, values = np.array(self._points), np.array([angles[rest] for angles in self._angles])
        rows: dict[int, Affine | Unknown] = {}
        for k, angle in enumerate(rest.tolist()):
            sources = free[~np.any(tried & ~changed[:, k, None], axis=0)]
            affine = _fitted(points[:, sources], values[:, k])
            if affine is None:
                rows[angle] = Unknown(tuple(sources.tolist()), tuple(values[:, k].tolist()))
            else:
                constant, slopes = affine
                terms = tuple((int(s), c) for s, c in zip(sources, slopes.tolist(), strict=True) if c)
                rows[angle] = Affine(constant, terms)
        return rows


def recognised(numbers: Numbers) -> Numbers:
    """Each as the fraction, or the fraction of π, that it is but for rounding; with denominators up to 64."""
    nearest = numbers.copy()
    left = np.ones(len(numbers), dtype=bool)
    for scale in (1.0, np.pi):
        for denominator in range(1, 65):
            with np.errstate(all="ignore"):
                exact = np.rint(numbers * denominator / scale) * scale / denominator
                close = left & (np.abs(exact - numbers) <= _ROUNDING * np.maximum(1.0, np.abs(numbers)))
            nearest[close] = exact[close]
            left &= ~close
    return nearest


def related(left: Unknown, right: Unknown) -> tuple[float, float] | None:
    """(slope, constant) of the right one as a multiple of the left one and a constant; None if it is none."""
    x, y = np.array(left.values), np.array(right.values)
    good = np.isfinite(x) & np.isfinite(y)
    if left.sources != right.sources or not np.array_equal(np.isfinite(x), np.isfinite(y)) or good.sum() < 4:
        return None
    fit = _fitted(x[good, None], y[good])
    return None if fit is None else (float(fit[1][0]), fit[0])


def _masks(count: int) -> Sequence[npt.NDArray[np.bool_]]:
    """Which numbers are changed in each trial: one at a time, or of many a quarter at random, which tells up to four apart."""
    trials = _TRIALS * max(1, count - 1).bit_length()
    if count <= trials:
        return list(np.eye(count, dtype=bool))
    rng = np.random.default_rng(1)
    return [rng.random(count) < 0.25 for _ in range(trials)]


def _fitted(x: Numbers, y: Numbers) -> tuple[float, Numbers] | None:
    """Constant and slopes of an affine function through all points; None if there is none, or too few points to tell."""
    if not np.all(np.isfinite(y)) or len(y) < x.shape[1] + 3:
        return None
    columns = np.concatenate([np.ones((len(y), 1)), x], axis=1)
    solution = recognised(np.linalg.lstsq(columns, y)[0])
    if np.any(np.abs(columns @ solution - y) > TOLERANCE * (1 + np.abs(y))):
        return None
    return float(solution[0]), solution[1:]


def _closer(options: Numbers, to: Numbers) -> npt.NDArray[np.bool_]:
    distance = np.abs(options - to)
    return np.asarray(distance[0] <= distance[1])


def _differ(left: Numbers, right: Numbers) -> npt.NDArray[np.bool_]:
    return np.asarray((left != right) & ~(np.isnan(left) & np.isnan(right)))


TOLERANCE = 1e-9
_ROUNDING = 1e-11
_TRIALS = 16
"""Trials for each bit of the count of numbers: enough that of 100,000 none is taken for one of four sources by chance."""
