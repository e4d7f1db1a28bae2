"""Where training comes with as many shots as are declared: what another start is worth, and no end without noise can tell.

A start changes nothing that can be reached, and without noise the smallest slope leads down. With shots it does not. The steps are
those of Adam (arXiv:1412.6980), with a rate that falls in the second half; gradients carry the noise of shift rules.
"""

from __future__ import annotations

import math

import numpy as np

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.coordinates import Coordinate, coordinates
from bplint.analyses.training.descent import Function
from bplint.analyses.training.end import End, end, training, work_of
from bplint.analyses.training.parameters import by_parameter, drawn
from bplint.ir.circuit import Floats
from bplint.ir.context import Case
from bplint.ir.noise import Noise

STEPS, RATE = 100, 0.1
"""Of Adam, at most, and radians of the first ones."""

MEAN, SQUARE = 0.9, 0.99
"""What is kept of the averages of gradients and of their squares, a step."""


def with_shots(case: Case, ask: Ask) -> End:
    """The losses after :data:`STEPS` steps with the declared shots a component, from as many starts as without noise."""
    whole, loss = ask(end), case.context.observable
    if whole.unknown:
        return whole
    chosen = ask(training).chosen
    if chosen is None or not chosen.starts:
        return End(unknown="of so large a circuit, as training it takes too long")
    own, starts = chosen.loss, chosen.starts
    names = sorted({p for group in own.groups for p, _ in group.terms})
    units = ask(coordinates, noise=Noise())
    noise = [units.get(p, _ALONE).unit * math.sqrt(loss.scale / case.context.shots) for p in names]
    sign = -1.0 if loss.projector else 1.0
    values = _adam(
        by_parameter(own, names, sign),
        drawn(case.circuit, case.context.init, own.groups, names, starts),
        np.array(noise)[:, None],
        min(STEPS, work_of(ask) // own.work(starts)),
    )
    return End(tuple(sorted((sign * values + loss.constant).tolist())), whole.spectrum, own.size)


def _adam(function: Function, points: Floats, noise: Floats, steps: int) -> Floats:
    """The values after so many steps from ``points`` (parameters, starts), gradients with normal noise of this deviation."""
    random = np.random.default_rng(0)
    mean, square = np.zeros_like(points), np.zeros_like(points)
    for step in range(1, steps + 1):
        slopes = function(points)[1] + noise * random.standard_normal(points.shape)
        mean += (1 - MEAN) * (slopes - mean)
        square += (1 - SQUARE) * (slopes**2 - square)
        rate = RATE * min(1.0, 2 - 2 * step / steps)
        points = points - rate * mean / (1 - MEAN**step) / np.maximum(np.sqrt(square / (1 - SQUARE**step)), _LEAST)
    return function(points)[0]


_ALONE = Coordinate(1.0, 1.0, 1.0, True)
_LEAST = 1e-12
"""Slopes that are smaller do not move a parameter by the whole rate."""
