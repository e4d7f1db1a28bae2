"""The moments of a loss from sampled paths: the mean is exact, the rest estimated."""

from __future__ import annotations

from functools import partial

import numpy as np

from bplint.analyses.gradients.answer import Answer, Number, Slope, certain, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.paths.chain import Chain
from bplint.analyses.gradients.paths.means import derivative_means
from bplint.analyses.gradients.paths.sampler import PathSampler
from bplint.analyses.gradients.paths.schedule import Schedule
from bplint.analyses.gradients.paths.staged_plan import STAGES, Plan, Run, follow, staged
from bplint.analyses.gradients.paths.tally import bounds_on, estimates, intervals, only
from bplint.bounds import Status
from bplint.ir.circuit import Floats, Role
from bplint.ir.frame import Turning

METHOD = "pauli-path"

PRICE = 1 << 3
"""Operations a path costs at each operation of the circuit, eight times what it takes: other engines can do the rest."""

MAX_BATCH = 1 << 15
"""Paths in one batch, at most."""

MAX_DIFFERENTIATED = 4096
"""Rotations up to which paths may differentiate one each."""


def path_moments(chain: Chain, effort: Effort) -> Answer:
    """The moments of a loss by its chain. The first stage of paths is always drawn."""
    schedule = chain.schedule()
    if chain.constant:
        still = dict.fromkeys(range(len(schedule.order)), Slope(exactly(0.0), exactly(0.0)))
        zero = certain(METHOD, exactly(chain.mean), exactly(chain.mean**2), _by_parameter(chain, still))
        return zero._replace(level=effort.level)
    counted = staged(plan(chain, schedule, effort), effort, chain.trained)
    means = derivative_means(chain.problem.frame, schedule, chain.starts.terms, chain.laws)
    (spread,), (ends,) = estimates(counted.loss).tolist(), intervals(counted.loss).tolist()
    square = chain.mean**2
    slopes = {
        k: Slope(None if means is None else exactly(float(means[k])), Number(value, *interval))
        for k, (value, interval) in enumerate(
            zip(estimates(counted.gradients).tolist(), intervals(counted.gradients).tolist(), strict=True)
        )
    }
    return Answer(
        method=METHOD,
        status=Status.ESTIMATED,
        mean=exactly(chain.mean),
        second_moment=Number(square + spread, square + ends[0], square + ends[1]),
        variance=Number(spread, *ends),
        slopes=_by_parameter(chain, slopes),
        largest=counted.largest,
        level=effort.level,
        samples=counted.paths,
        reason=counted.reason,
    )


def count_weak(chain: Chain, effort: Effort) -> tuple[int, int]:
    """Of how many trained angles that can matter E[(∂l)²] is surely below the threshold, and how many paths it took.

    Stops when these are more than half, or when half are surely not below it. Wrong with probability at most the level.
    """
    trained = chain.trained
    paths = plan(chain, chain.schedule(), effort)
    share = effort.level / (2 * len(paths.stages) * max(len(trained), 1))
    for drawn in follow(paths, effort):
        parts = only(drawn.gradients, trained)
        weak = int((bounds_on(parts, share, upper=True) < effort.threshold).sum())
        strong = int((bounds_on(parts, share, upper=False) >= effort.threshold).sum())
        if 2 * weak > len(trained) or 2 * strong >= len(trained):
            break
    return weak, drawn.paths


def plan(chain: Chain, schedule: Schedule, effort: Effort) -> Plan:
    """Paths of either sign, and where weights explode others that differentiate."""
    weights, trained = _weights(chain), chain.trained
    heaviest = weights[:, trained].max(initial=0)
    explodes = len(trained) < heaviest and (len(trained) <= MAX_DIFFERENTIATED or np.isinf(heaviest))
    weights = np.where(np.isinf(weights), 0.0, weights)  # of angles that cannot matter, which nobody asks about
    runs, batch = [], MAX_BATCH
    for sign, blocks in ((1, chain.starts.plus), (-1, chain.starts.minus)):
        if blocks.constant:
            continue
        sampler = PathSampler(schedule, blocks, effort.seed)
        batch = min(batch, sampler.batch)
        runs.append(Run(sampler.sample, sign * blocks.total, None if explodes else weights, most=sampler.most))
        if explodes:
            differentiate = partial(sampler.differentiate, rotations=np.array(trained))
            runs.append(Run(differentiate, sign * blocks.total, np.ones((1, len(schedule.order))), loss=False))
    each = PRICE * len(chain.problem.circuit) * len(runs)
    return Plan(runs, batch, [paths for paths in STAGES if paths * each <= effort.work] or STAGES[:1])


def _weights(chain: Chain) -> Floats:
    """Weights of the gradient of each free rotation: of paths that stay and that flip there, or (1, …) where these agree."""
    law = chain.laws
    flip = np.array(law.flip)
    flip = flip[~np.isnan(flip)]
    if law.are_uniform:
        return np.ones((1, len(flip)))
    with np.errstate(divide="ignore"):
        return np.stack([flip / (1 - flip), (1 - flip) / flip])


def _by_parameter(chain: Chain, slopes: dict[int, Slope]) -> dict[int, Slope] | str:
    """The numbers of the live rotation of each trainable parameter; a sentence if one drives several."""
    circuit, frame, alive = chain.problem.circuit, chain.problem.frame, chain.problem.alive
    result: dict[int, Slope] = {}
    free = [i for i, turning in enumerate(frame.turning) if turning is Turning.FREE]
    for k, i in enumerate(free):
        for parameter, _ in circuit.operations[frame.operations[i]].terms if alive is None or alive[i] else ():
            p = circuit.parameters[parameter]
            if p.role is not Role.TRAINABLE:
                continue
            if parameter in result:
                return f"{p.name} drives several rotations"
            result[parameter] = slopes[k]
    return result
