"""Samples the loss and all its derivatives on state vectors.

Angles are drawn from their laws; one sweep forwards and one back gives the loss and its derivative by every rotation.
Samples are drawn in stages until bounds decide whether the largest second moment of a gradient lies below a threshold, each
at an equal share of the level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bplint.analyses.gradients.answer import Answer, Declined, Number, Slope, variance
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem, Rotation, rotations, scales
from bplint.analyses.gradients.state_vectors.angles import Angles
from bplint.analyses.gradients.state_vectors.simulator import MAX_QUBITS, Simulator, moved_qubits
from bplint.analyses.gradients.state_vectors.totals import Totals, estimate, largest
from bplint.bounds import Status
from bplint.ir.circuit import Floats

METHOD = "state-vector"

STAGES = (1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18)
"""Samples drawn in all by the end of each stage; the last one is as far as the work goes."""

FEWEST = 8
"""Samples without which there is no answer."""

PRICE = 1 << 5
"""Operations an amplitude costs at each rotation of each sample."""

_BATCH = 1 << 14
"""Amplitudes of one batch: a few of them fit in a cache."""


def dense_cost(problem: Problem) -> int | Declined:
    """Operations of the first stage, or why there are no state vectors."""
    if not problem.noise.is_trivial:
        return Declined("state vectors know no noise")
    found = rotations(problem)
    if isinstance(found, Declined):
        return found
    n_qubits = len(moved_qubits(found, problem))
    if n_qubits > MAX_QUBITS:
        return Declined(f"{n_qubits} qubits are too many for state vectors")
    return STAGES[0] * _each(found, n_qubits)


def dense_moments(problem: Problem, effort: Effort) -> Answer | Declined:
    """Estimates; ``Declined`` for more than 14 qubits, an angle that is not given or less work than a few samples take."""
    if not problem.noise.is_trivial:
        return Declined("state vectors know no noise")
    found = rotations(problem)
    if isinstance(found, Declined):
        return found
    simulator = Simulator.of(found, problem)
    if isinstance(simulator, Declined):
        return simulator
    n_qubits = len(simulator.qubits)
    most = effort.work // _each(found, n_qubits)
    if most < FEWEST:
        return Declined(f"{FEWEST} samples of {len(found):,} rotations on {n_qubits} qubits are too many")
    stages = [samples for samples in STAGES if samples <= most] or [most]
    trained = scales(problem)
    draw = Angles(problem, found)
    slopes = _slopes(found, trained)
    tops = simulator.spread * np.abs(slopes).sum(axis=1)
    totals = Totals.zero(tops)
    share = effort.level / len(stages)
    batch = simulator.batch
    late = False
    upper = lower = 0.0
    for stage in stages:
        while totals.samples < stage and not late:
            size = min(batch, stage - totals.samples)
            angles = draw.drawn(effort.seed, totals.samples, size)
            totals = totals.plus(*simulator.run(angles), slopes, tops)
            late = effort.late
        upper, lower = largest(totals, tops, share)
        if late or upper < effort.threshold or lower > effort.threshold:
            break
    decided = upper < effort.threshold or lower > effort.threshold
    ended = f"{'stopped by the clock' if late else 'the plan ended'} after {totals.samples:,} samples"
    mean, second, gradients = _numbers(totals, problem, tops, list(trained))
    return Answer(
        method=METHOD,
        status=Status.ESTIMATED,
        mean=mean,
        second_moment=second,
        variance=variance(mean, second),
        slopes=gradients,
        largest=(lower, upper),
        level=effort.level,
        samples=totals.samples,
        reason="" if decided else ended,
    )


def _each(found: Sequence[Rotation], n_qubits: int) -> int:
    """Operations of one sample."""
    return PRICE * max(len(found), 1) << n_qubits


def _slopes(found: Sequence[Rotation], trained: Mapping[int, float]) -> Floats:
    """d(angle of the rotation)/d(normalised parameter), (parameters, rotations)."""
    result = np.zeros((len(trained), len(found)))
    row = {parameter: i for i, parameter in enumerate(trained)}
    for k, rotation in enumerate(found):
        for parameter, coefficient in rotation.terms:
            if parameter in row:
                result[row[parameter], k] += coefficient / trained[parameter]
    return result


def _numbers(
    totals: Totals, problem: Problem, tops: Floats, parameters: Sequence[int]
) -> tuple[Number, Number, dict[int, Slope]]:
    """E[l], E[l²] and the slopes with their 95 % intervals."""
    samples, (low, high) = totals.samples, problem.ends
    slopes = {
        parameter: Slope(
            estimate(totals.slope[i], samples, -float(tops[i]), float(tops[i])),
            estimate(totals.slope_second[i], samples, 0.0, float(tops[i]) ** 2),
        )
        for i, parameter in enumerate(parameters)
    }
    mean = estimate(totals.loss, samples, low, high)
    return mean, estimate(totals.loss_second, samples, 0.0, max(low**2, high**2)), slopes
