"""How large the gradients are, from as many paths as the question needs: a staged plan with valid bounds.

The question is whether max_k E[(∂_k l)²], over the trained angles, lies below a threshold. Paths are drawn in stages of
fixed total size, and after each stage bounds are taken at an equal share of the level; so the chance that a bound
fails, whenever the plan stops, is at most the level for each direction. They rest on Hoeffding's theorem 1 (1963), see
:mod:`bplint.bounds`, for the values between 0 and ``most`` that paths count as. Values rounded at random together, as
those of one batch are, are independent given the paths, each with mean V, its chance to hit; so E[e^λX] <= E[Π (1 - V +
V e^λ)] over the paths, as if each were 0 or 1 by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.paths.bounds import lower_bounds, upper_bounds
from bplint.analyses.gradients.paths.chain import Chain
from bplint.analyses.gradients.paths.means import derivative_means
from bplint.analyses.gradients.paths.sampler import Hits, PathSampler
from bplint.analyses.gradients.paths.schedule import Schedule
from bplint.bounds import Status
from bplint.ir.circuit import Floats

STAGES = tuple(1 << k for k in range(15, 24))
"""Paths drawn in all by the end of each stage."""

WORK = 1 << 33
"""Paths times operations of the last stage, at most: some seconds. The first stage is always drawn."""

MAX_BATCH = 1 << 15
"""Paths in one batch, at most."""

MAX_DIFFERENTIATED = 4096
"""Rotations up to which paths may differentiate one each."""

_DISPLAY = 0.05 / 2
"""Level of each side of an interval for display."""


class Outcome(StrEnum):
    """What the bounds say about the largest gradient second moment."""

    VANISHING = "vanishing"
    """Below the threshold."""
    VISIBLE = "visible"
    """Above it."""
    OPEN = "open"
    """Undecided: ``Verdict.reason`` says why."""


class Tally(NamedTuple):
    """One part of some numbers: number k is the sum over parts of scale[k] · (expected counts[k] / paths).

    ``counts`` is float64 (numbers,), sums over the paths of values between 0 and ``most``; ``scale`` is of the same
    shape, of any sign.
    """

    counts: Floats
    paths: int
    scale: Floats
    most: float = 1.0

    @property
    def estimate(self) -> Floats:
        """The estimates of this part."""
        return np.asarray(self.scale * self.counts / max(self.paths, 1))

    def bounds(self, level: float, *, upper: bool) -> Floats:
        """Bounds on this part, each of which fails with probability at most ``level``."""
        if not self.paths:
            return self.scale * 0.0
        above = np.asarray((self.scale > 0) == upper)
        result = np.zeros(len(self.counts))
        for side, bounds in ((above, upper_bounds), (~above, lower_bounds)):
            means = self.counts[side] / (self.paths * self.most)
            result[side] = self.most * bounds(np.minimum(means, 1.0), self.paths, level)
        return np.asarray(self.scale * result)


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What was counted in the paths drawn, and what follows from it.

    ``loss`` are the parts of the variance, ``gradients`` those of E[(∂_k l)²] by the angle of each free rotation in
    circuit order. ``bound_max`` is above the largest second moment of a trained angle's gradient, ``lower_max`` below
    it and ``variance_bound`` above the variance, each but for a chance of at most the level of the whole plan.
    """

    outcome: Outcome
    reason: str
    """Why it is exact or open; empty if it was decided."""
    paths: int
    loss: tuple[Tally, ...]
    gradients: tuple[Tally, ...]
    variance_bound: float
    bound_max: float
    lower_max: float


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Mean and variance of the loss, and E[(∂_k l)²] by the angle of each free rotation in circuit order.

    The mean is exact, the rest estimated unless ``status`` is EXACT. ``slopes`` are the exact means E[∂_k l], None where
    they are not known.
    """

    status: Status
    verdict: Verdict
    mean: float
    slopes: Floats | None
    threshold: float
    level: float
    seed: int

    @property
    def settled(self) -> bool:
        """Whether the bounds decide."""
        return self.verdict.outcome is not Outcome.OPEN

    @property
    def samples(self) -> int:
        """Paths drawn."""
        return self.verdict.paths

    @property
    def variance(self) -> float:
        """Estimate of Var[l]."""
        return float(_estimate(self.verdict.loss)[0])

    @property
    def variance_interval(self) -> tuple[float, float]:
        """95 % interval of Var[l]."""
        ((low, high),) = _intervals(self.verdict.loss).tolist()
        return low, high

    @property
    def gradients(self) -> Floats:
        """Estimates of E[(∂_k l)²], float64 (rotations,)."""
        return _estimate(self.verdict.gradients)

    def gradient_intervals(self) -> Floats:
        """95 % intervals of E[(∂_k l)²], each by itself: float64 (rotations, 2)."""
        return _intervals(self.verdict.gradients)


def estimate(
    found: Chain,
    *,
    threshold: float,
    seed: int,
    deadline: float | None = None,
    level: float = 1e-6,
    work: int = WORK,
) -> Moments:
    """The moments of a loss by its chain. ``threshold`` is in units of E[(∂l)²]: N(O) / shots.

    Past the ``deadline`` (``time.monotonic``) no further batch of paths begins, but one is always drawn.
    """
    schedule = found.schedule()
    if found.constant:
        loss, gradients = (Tally(np.zeros(size), 0, np.zeros(size)) for size in (1, len(schedule.order)))
        verdict = Verdict(Outcome.VANISHING, "the loss is constant", 0, (loss,), (gradients,), 0.0, 0.0, 0.0)
        return Moments(Status.EXACT, verdict, found.mean, gradients.scale, threshold, level, seed)
    plan = _plan(found, schedule, seed, work)
    verdict = staged(plan, threshold=threshold, level=level, deadline=deadline, trained=found.trained)
    slopes = derivative_means(found.frame, schedule, found.starts.terms, found.laws)
    return Moments(Status.ESTIMATED, verdict, found.mean, slopes, threshold, level, seed)


def count_weak(
    found: Chain, *, threshold: float, seed: int, deadline: float | None = None, level: float = 1e-6, work: int = WORK
) -> tuple[int, int]:
    """Of how many trained angles that can matter E[(∂l)²] is surely below the threshold, and how many paths it took.

    Stops when these are more than half, or when half are surely not below it. Wrong with probability at most ``level``.
    """
    trained = found.trained
    plan = _plan(found, found.schedule(), seed, work)
    share = level / (2 * len(plan.stages) * max(len(trained), 1))
    for drawn in _drawn(plan, deadline):
        parts = _only(drawn.gradients, trained)
        weak = int((_bounds(parts, share, upper=True) < threshold).sum())
        strong = int((_bounds(parts, share, upper=False) >= threshold).sum())
        if 2 * weak > len(trained) or 2 * strong >= len(trained):
            break
    return weak, drawn.paths


class Run(NamedTuple):
    """One kind of paths: ``draw(first, paths)`` counts that many, at most a batch; ``total`` is signed.

    ``weights`` are those of a path that hits and meets rotation k, or (2, rotations) of one that stays and of one that
    flips there; None if it says nothing about gradients. ``loss`` tells whether it measures the variance. ``most`` is
    what a path counts at most.
    """

    draw: Callable[[int, int], Hits]
    total: float
    weights: Floats | None
    loss: bool = True
    most: float = 1.0

    def variance(self, hits: Hits) -> list[Tally]:
        """Its parts of the variance."""
        return [Tally(np.array([hits.hits]), hits.paths, np.array([self.total]), self.most)] if self.loss else []

    def gradients(self, hits: Hits) -> list[Tally]:
        """Its parts of the gradients."""
        if self.weights is None:
            return []
        if len(self.weights) == 1:
            return [Tally(hits.met_hits, hits.paths, self.total * self.weights[0], self.most)]
        counts = (hits.met_hits - hits.flip_hits, hits.flip_hits)
        return [Tally(c, hits.paths, self.total * w, self.most) for c, w in zip(counts, self.weights, strict=True)]


class Plan(NamedTuple):
    """The runs of paths, the paths of one batch, and those drawn in all by the end of each stage."""

    runs: Sequence[Run]
    batch: int
    stages: Sequence[int] = STAGES


def staged(
    plan: Plan,
    *,
    threshold: float,
    level: float,
    deadline: float | None = None,
    trained: Sequence[int] | None = None,
) -> Verdict:
    """Draw paths, as many of each run, until the bounds decide about the ``trained`` free rotations, or about all."""
    share = level / len(plan.stages)
    for drawn in _drawn(plan, deadline):
        upper, lower = _largest(_only(drawn.gradients, trained), share)
        outcome = Outcome.VANISHING if upper < threshold else Outcome.VISIBLE if lower > threshold else Outcome.OPEN
        if outcome is not Outcome.OPEN:
            break
    ended = f"{'time ran out' if drawn.late else 'the plan ended'} after {drawn.paths:,} paths"
    reason = ended if outcome is Outcome.OPEN else ""
    variance = float(_bounds(drawn.loss, share, upper=True)[0])
    return Verdict(outcome, reason, drawn.paths, drawn.loss, drawn.gradients, variance, upper, lower)


class _Drawn(NamedTuple):
    """What a plan has come to at the end of a stage, the last one if it is ``late``."""

    paths: int
    late: bool
    loss: tuple[Tally, ...]
    gradients: tuple[Tally, ...]


def _drawn(plan: Plan, deadline: float | None) -> Iterator[_Drawn]:
    paths = min(plan.batch, plan.stages[0])
    hits = [run.draw(0, paths) for run in plan.runs]
    late = False
    for stage in plan.stages:
        while paths < stage and not late:
            late = deadline is not None and time.monotonic() > deadline
            if not late:
                more = min(plan.batch, stage - paths)
                hits = [so_far + run.draw(paths, more) for run, so_far in zip(plan.runs, hits, strict=True)]
                paths += more
        counted = list(zip(plan.runs, hits, strict=True))
        loss = tuple(part for run, found in counted for part in run.variance(found))
        yield _Drawn(paths, late, loss, tuple(part for run, found in counted for part in run.gradients(found)))
        if late:
            return


def _plan(found: Chain, schedule: Schedule, seed: int, work: int) -> Plan:
    """Paths of either sign, and where weights explode others that differentiate; ``work`` is paths times operations."""
    weights, trained = _weights(found), found.trained
    explodes = len(trained) < weights[:, trained].max(initial=0) and len(trained) <= MAX_DIFFERENTIATED
    runs, batch = [], MAX_BATCH
    for sign, blocks in ((1, found.starts.plus), (-1, found.starts.minus)):
        if blocks.constant:
            continue
        sampler = PathSampler(schedule, blocks, seed)
        batch = min(batch, sampler.batch)
        runs.append(Run(sampler.sample, sign * blocks.total, None if explodes else weights, most=sampler.most))
        if explodes:
            differentiate = partial(sampler.differentiate, rotations=np.array(trained))
            runs.append(Run(differentiate, sign * blocks.total, np.ones((1, len(schedule.order))), loss=False))
    each = len(found.circuit) * len(runs)
    return Plan(runs, batch, [paths for paths in STAGES if paths * each <= work] or STAGES[:1])


def _weights(found: Chain) -> Floats:
    """Weights of the gradient of each free rotation: of paths that stay and that flip there, or (1, …) where these agree."""
    law = found.laws
    free = ~np.isnan(law.flip)
    if law.are_uniform:
        return np.ones((1, int(free.sum())))
    flip = law.flip[free]
    with np.errstate(divide="ignore"):
        return np.stack([flip / (1 - flip), (1 - flip) / flip])


def _only(parts: Sequence[Tally], chosen: Sequence[int] | None) -> list[Tally]:
    """The parts of chosen numbers."""
    if chosen is None:
        return list(parts)
    return [p._replace(counts=p.counts[list(chosen)], scale=p.scale[list(chosen)]) for p in parts]


def _largest(parts: Sequence[Tally], level: float) -> tuple[float, float]:
    """Bounds on the largest number from above and from below.

    From above one level is enough for the maximum: it fails only if the bound of the one rotation that is truly the
    largest does, and the largest bound is no lower. From below any rotation may mislead.
    """
    numbers = len(parts[0].counts)
    if not numbers:
        return 0.0, 0.0
    if len(parts) == 1 and np.ptp(parts[0].scale) == 0:  # then bounds are in the order of the counts
        parts = [p._replace(counts=p.counts.max(keepdims=True), scale=p.scale[:1]) for p in parts]
    upper = _bounds(parts, level, upper=True).max()
    return float(upper), float(max(_bounds(parts, level / numbers, upper=False).max(), 0.0))


def _estimate(parts: Sequence[Tally]) -> Floats:
    return np.maximum(sum(part.estimate for part in parts), 0.0)


def _intervals(parts: Sequence[Tally]) -> Floats:
    low, high = (_bounds(parts, _DISPLAY, upper=upper) for upper in (False, True))
    return np.maximum(np.stack([low, high], axis=1), 0.0)


def _bounds(parts: Sequence[Tally], level: float, *, upper: bool) -> Floats:
    """Bounds on sums of parts, each of which fails with probability at most ``level``."""
    return np.asarray(sum(part.bounds(level / len(parts), upper=upper) for part in parts))
