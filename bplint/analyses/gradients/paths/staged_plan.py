"""How large the gradients are, from as many paths as the question needs: a staged plan with valid bounds.

The question is whether max_k E[(∂_k l)²], over the trained angles, lies below a threshold. Paths are drawn in stages of
fixed total size, and after each stage bounds (:mod:`.tally`) are taken at an equal share of the level; so the chance that
a bound fails, whenever the plan stops, is at most the level for each direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.paths.sampler import Hits
from bplint.analyses.gradients.paths.tally import Tally, largest, only
from bplint.ir.circuit import Floats

STAGES = tuple(1 << k for k in range(15, 24))
"""Paths drawn in all by the end of each stage."""


class Outcome(StrEnum):
    """What the bounds say about the largest gradient second moment."""

    VANISHING = "vanishing"
    """Below the threshold."""
    VISIBLE = "visible"
    """Above it."""
    OPEN = "open"
    """Undecided: ``Verdict.reason`` says why."""


class Counted(NamedTuple):
    """What was counted in the paths drawn, and what follows from it.

    ``loss`` are the parts of the variance, ``gradients`` those of E[(∂_k l)²] by the angle of each free rotation in
    circuit order. ``largest`` are bounds from below and above on the largest second moment of a trained angle's gradient,
    each but for a chance of at most the level of the whole plan.
    """

    outcome: Outcome
    reason: str
    """Why it is open; empty if it was decided."""
    paths: int
    loss: tuple[Tally, ...]
    gradients: tuple[Tally, ...]
    largest: tuple[float, float]


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


def staged(plan: Plan, effort: Effort, trained: Sequence[int] | None = None) -> Counted:
    """Draw paths, as many of each run, until the bounds decide about the ``trained`` free rotations, or about all."""
    share, threshold = effort.level / len(plan.stages), effort.threshold
    for drawn in follow(plan, effort):
        upper, lower = largest(only(drawn.gradients, trained), share)
        outcome = Outcome.VANISHING if upper < threshold else Outcome.VISIBLE if lower > threshold else Outcome.OPEN
        if outcome is not Outcome.OPEN:
            break
    return Counted(
        outcome=outcome,
        reason=f"the plan ended after {drawn.paths:,} paths" if outcome is Outcome.OPEN else "",
        paths=drawn.paths,
        loss=drawn.loss,
        gradients=drawn.gradients,
        largest=(lower, upper),
    )


class Drawn(NamedTuple):
    """What a plan has come to at the end of a stage."""

    paths: int
    loss: tuple[Tally, ...]
    gradients: tuple[Tally, ...]


def follow(plan: Plan, effort: Effort) -> Iterator[Drawn]:
    """Draw the paths of one stage after the other. One batch is always drawn."""
    paths = min(plan.batch, plan.stages[0])
    hits = [run.draw(0, paths) for run in plan.runs]
    for stage in plan.stages:
        while paths < stage:
            effort.clock.check()
            more = min(plan.batch, stage - paths)
            hits = [so_far + run.draw(paths, more) for run, so_far in zip(plan.runs, hits, strict=True)]
            paths += more
        counted = list(zip(plan.runs, hits, strict=True))
        loss = tuple(part for run, counts in counted for part in run.variance(counts))
        yield Drawn(paths, loss, tuple(part for run, counts in counted for part in run.gradients(counts)))
