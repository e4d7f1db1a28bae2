"""How large the gradients are, from as many paths as the question needs: a staged plan with valid bounds.

The question is whether max_k E[(∂_k l)²], over the trained angles, lies below a threshold. Paths are drawn in stages of
fixed total size, and after each stage bounds are taken at an equal share of the level; so the chance that a bound
fails, whenever the plan stops, is at most the level for each direction. They rest on Hoeffding's theorem 1 (1963), see
:mod:`bplint.bounds`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bplint.analyses.moments.blocks import Blocks
from bplint.analyses.moments.paths import Counts, Hits, PathSampler
from bplint.bounds import Status, lower_bound, upper_bound
from bplint.ir.circuit import Circuit, Floats, Role
from bplint.ir.frame import Frame, Turning

STAGES = (1 << 15, 1 << 17, 1 << 19, 1 << 21, 1 << 23)
"""Paths drawn in all by the end of each stage."""

WORK = 1 << 33
"""Paths times operations of the last stage, at most: some seconds. The first stage is always drawn."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Counts of paths and what follows from them.

    ``bound_max`` is above the largest second moment of a trained angle's gradient, ``lower_max`` below it and
    ``variance_bound`` above the variance of the loss, each but for a chance of at most the level of the whole plan.
    """

    outcome: Outcome
    reason: str
    """Why it is exact or open; empty if it was decided."""
    hits: Hits
    variance_bound: float
    bound_max: float
    lower_max: float


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Mean and variance of the loss, and E[(∂_k l)²] by the angle of each free rotation in circuit order.

    The mean is exact, the rest estimated unless ``status`` is EXACT. ``total`` is no less than the variance (0.0 also
    where that is below 2^-1074).
    """

    status: Status
    verdict: Verdict
    mean: float
    total: float
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
        return self.verdict.hits.paths

    @property
    def variance(self) -> float:
        """Estimate of Var[l]."""
        return self.total * self.verdict.hits.hits / max(self.samples, 1)

    @property
    def variance_interval(self) -> tuple[float, float]:
        """95 % interval of Var[l]."""
        return self._interval(self.verdict.hits.hits)

    @property
    def gradients(self) -> Floats:
        """Estimates of E[(∂_k l)²], float64 (rotations,)."""
        return self.total * self.verdict.hits.met_hits / max(self.samples, 1)

    def gradient_intervals(self) -> Floats:
        """95 % intervals of E[(∂_k l)²], each by itself: float64 (rotations, 2)."""
        counts, place = np.unique(self.verdict.hits.met_hits, return_inverse=True)
        return np.array([self._interval(int(count)) for count in counts]).reshape(-1, 2)[place]

    def _interval(self, hits: int) -> tuple[float, float]:
        if not self.samples:
            return 0.0, 0.0
        mean, samples = hits / self.samples, self.samples
        return self.total * lower_bound(mean, samples, _DISPLAY), self.total * upper_bound(mean, samples, _DISPLAY)


def estimate(
    circuit: Circuit,
    frame: Frame,
    parts: Blocks,
    *,
    threshold: float,
    seed: int,
    deadline: float | None = None,
    level: float = 1e-6,
) -> Moments:
    """The moments under independent uniform angles, for a loss that nothing keeps from being measured by paths.

    ``parts`` are its blocks, see :func:`~bplint.analyses.moments.coherence.expand`. ``threshold`` is in units of
    E[(∂l)²]: N(O) / shots. Past the ``deadline`` (``time.monotonic``) no further batch of paths begins, but one is
    always drawn.
    """
    sampler = PathSampler(circuit, parts, seed)
    if parts.constant:
        none = Hits(0, 0, np.zeros(sampler.n_free, dtype=np.int64))
        verdict = Verdict(Outcome.VANISHING, "the loss is constant", none, 0.0, 0.0, 0.0)
        return Moments(Status.EXACT, verdict, parts.mean, 0.0, threshold, level, seed)
    stages = [paths for paths in STAGES if paths * len(circuit) <= WORK] or STAGES[:1]
    verdict = staged(
        sampler.sample,
        batch=sampler.batch,
        total=parts.total,
        threshold=threshold,
        level=level,
        deadline=deadline,
        stages=stages,
        trained=_trained(circuit, frame),
    )
    return Moments(Status.ESTIMATED, verdict, parts.mean, parts.total, threshold, level, seed)


def staged(
    draw: Callable[[int, int], Hits],
    *,
    batch: int,
    total: float,
    threshold: float,
    level: float,
    deadline: float | None = None,
    stages: Sequence[int] = STAGES,
    trained: Sequence[int] | None = None,
) -> Verdict:
    """Draw paths until the bounds decide about the ``trained`` free rotations, or about all of them.

    ``draw(first, paths)`` counts that many paths, at most ``batch``.
    """
    share = level / len(stages)
    hits = draw(0, min(batch, stages[0]))
    late = False
    for stage in stages:
        while hits.paths < stage and not late:
            late = deadline is not None and time.monotonic() > deadline
            if not late:
                hits += draw(hits.paths, min(batch, stage - hits.paths))
        met_hits = hits.met_hits if trained is None else hits.met_hits[list(trained)]
        verdict = _judge(hits, met_hits, total, threshold, share, "time ran out" if late else "the plan ended")
        if late or verdict.outcome is not Outcome.OPEN:
            break
    return verdict


def _trained(circuit: Circuit, frame: Frame) -> list[int]:
    """Which free rotations turn by a trainable parameter; data turns the others."""
    trained = circuit.driven([p.role is Role.TRAINABLE for p in circuit.parameters])
    free = (o for o, turning in zip(frame.operations, frame.turning, strict=True) if turning is Turning.FREE)
    return [k for k, operation in enumerate(free) if trained[operation]]


def _judge(hits: Hits, met_hits: Counts, total: float, threshold: float, level: float, ended: str) -> Verdict:
    paths, largest = hits.paths, int(met_hits.max(initial=0)) / hits.paths
    # From above one bound is enough for the maximum: it fails only if the count of the one rotation that is truly the
    # largest is too low, and the largest count is no lower. From below any rotation may mislead.
    upper = total * upper_bound(largest, paths, level)
    lower = total * lower_bound(largest, paths, level / max(len(met_hits), 1))
    variance = total * upper_bound(hits.hits / paths, paths, level)
    if upper < threshold:
        return Verdict(Outcome.VANISHING, "", hits, variance, upper, lower)
    if lower > threshold:
        return Verdict(Outcome.VISIBLE, "", hits, variance, upper, lower)
    return Verdict(Outcome.OPEN, f"{ended} after {paths:,} paths", hits, variance, upper, lower)
