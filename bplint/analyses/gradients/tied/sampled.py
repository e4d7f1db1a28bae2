"""Moments over random starts: samples in stages, until bounds decide on the threshold and what is shown is of use."""

from __future__ import annotations

import math

import numpy as np

from bplint.analyses.gradients.answer import Answer, Declined, Number, Slope
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.tied.display import estimate, estimates
from bplint.analyses.gradients.tied.evaluator import LossEvaluator
from bplint.analyses.gradients.tied.presumption import STARTS, presumed
from bplint.analyses.gradients.tied.variables import Drive
from bplint.analyses.gradients.tied.visibility import PILOT, Visibility, upper
from bplint.bounds import Status
from bplint.ir.circuit import Floats

STAGES = (16, 32, 64, 128, 256, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18)
"""Samples drawn in all by the end of each stage, behind the pilot; the last one is as far as the work goes."""

SHOWN = 256
"""Samples for what is shown, once the verdict stands, as far as the work of showing goes."""

SHOWING = 6
"""Halvings of the work that samples may take which the verdict does not need."""


class Range:
    """What is possible: l between ``low`` and ``high``, |∂l| at most ``tops``.

    Rare values of both may be large if not ``trusted``, and of gradients if not ``tame``.
    """

    def __init__(self, low: float, high: float, tops: Floats, *, trusted: bool, tame: bool) -> None:
        self.low, self.high, self.tops, self.trusted, self.tame = low, high, tops, trusted, tame


class _SampleSums:
    """Sums over samples of powers of l and of each ∂l."""

    def __init__(self, parameters: int) -> None:
        self.samples = 0
        self.losses: list[Floats] = []
        self.slopes = np.zeros((3, parameters))
        """Σ ∂l, Σ (∂l)², Σ (∂l)⁴."""

    def add(self, loss: Floats, gradients: Floats) -> None:
        self.samples += len(loss)
        self.losses.append(loss)
        squares = gradients**2
        self.slopes += [gradients.sum(axis=1), squares.sum(axis=1), (squares**2).sum(axis=1)]

    @property
    def presumed(self) -> float:
        """What the largest E[(∂l)²] is presumably below."""
        return presumed(self.slopes[1], self.slopes[2], self.samples)


def sampled(
    method: str, drive: Drive, evaluator: LossEvaluator, possible: Range, constant: float, effort: Effort
) -> Answer | Declined:
    """Estimates; ``Declined`` if the work is too little for a pilot and one stage."""
    most = effort.work // evaluator.work - PILOT
    stages = [s for s in STAGES if s <= most]
    if not stages:
        return Declined(f"{PILOT + STAGES[0]} samples take more work than is allowed")
    share = effort.level / len(stages)
    # A run of few samples costs about as much as one of many.
    together = STAGES[0] if evaluator.batch >= PILOT + STAGES[0] else 0
    loss, gradients = _draw(drive, evaluator, effort.seed, (-PILOT, PILOT), (0, together))
    visibility = Visibility(gradients[:, :PILOT] ** 2)
    sums = _SampleSums(len(possible.tops))
    sums.add(loss[PILOT:], gradients[:, PILOT:])
    visibility.add(gradients[:, PILOT:] ** 2)
    shown = min(SHOWN, effort.share(SHOWING).work // evaluator.work)
    low, high, decided, vanished = 0.0, math.inf, False, False
    for stage in stages:
        while sums.samples < stage:
            effort.clock.check()
            count = min(evaluator.batch, stage - sums.samples)
            loss, gradients = _draw(drive, evaluator, effort.seed, (sums.samples, count))
            sums.add(loss, gradients)
            visibility.add(gradients**2)
        low = max(low, visibility.lower(share))
        high = min(high, upper(sums.slopes[1] / sums.samples, possible.tops, sums.samples, share))
        decided = high < effort.threshold or low > effort.threshold
        if decided and sums.samples >= shown:
            break
        if stage == STARTS and possible.tame and not decided and sums.presumed < effort.threshold:
            vanished = True  # from one look, so that it fails as seldom as is said; what follows can only take it back
        if stage >= STARTS and not decided:
            least = upper(sums.slopes[1] / stage, possible.tops, stages[-1], share)
            if visibility.lower(share, stages[-1]) < effort.threshold <= least:
                break  # as many samples as are allowed would not tell
    ended = f"the plan ended after {sums.samples:,} samples"
    answer = _answer(method, drive, sums, possible, constant, (low, high), effort.level, "" if decided else ended)
    return answer._replace(presumed=sums.presumed) if vanished else answer


def _draw(drive: Drive, evaluator: LossEvaluator, seed: int, *parts: tuple[int, int]) -> tuple[Floats, Floats]:
    """l and ∂l of samples, for each part from this number on so many; the pilot's are numbered below zero."""
    angles = [drive.drawn(seed, first + PILOT, count) for first, count in parts]
    loss, slopes = evaluator.run(np.concatenate(angles, axis=1))
    return loss, drive.gradients(slopes)


def _answer(
    method: str,
    drive: Drive,
    sums: _SampleSums,
    possible: Range,
    constant: float,
    largest: tuple[float, float],
    level: float,
    reason: str,
) -> Answer:
    n, low, high, trusted = sums.samples, possible.low, possible.high, possible.trusted
    loss = np.concatenate(sums.losses) + constant
    mean = estimate(float(loss.sum()), float((loss**2).sum()), n, low, high, trusted=trusted)
    square = loss**2
    second = estimate(float(square.sum()), float((square**2).sum()), n, 0.0, max(low**2, high**2), trusted=trusted)
    centred = (loss - float(loss.mean())) ** 2
    variance = estimate(float(centred.sum()), float((centred**2).sum()), n, 0.0, (high - low) ** 2 / 4, trusted=trusted)
    s, s2, s4 = sums.slopes
    top = possible.tops
    means = estimates(s, s2, n, -top, top, trusted=trusted)
    squares = estimates(s2, s4, n, np.zeros_like(top), top**2, trusted=trusted)
    return Answer(
        method=method,
        status=Status.ESTIMATED,
        mean=mean,
        second_moment=second,
        variance=Number(variance.value, variance.lower, variance.upper),
        slopes=dict(zip(drive.scales, map(Slope, means, squares), strict=True)),
        largest=largest,
        level=level,
        samples=n,
        reason=reason,
    )
