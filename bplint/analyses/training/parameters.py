"""A loss as a function of the parameters that training moves, and where it begins."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.training.descent import Function
from bplint.analyses.training.evaluators import TrainingLoss
from bplint.ir.circuit import Circuit, Floats
from bplint.ir.law import Init, Shape


def by_parameter(loss: TrainingLoss, names: Sequence[int], sign: float) -> Function:
    """The loss, times a sign, as a function of the parameters ``names``."""
    place = {p: k for k, p in enumerate(names)}
    entries = [(g, place[p], c) for g, group in enumerate(loss.groups) for p, c in group.terms]
    row, column = (np.array([entry[k] for entry in entries], dtype=np.intp) for k in (0, 1))
    factor = np.array([c for _, _, c in entries])[:, None]
    offset = np.array([group.offset for group in loss.groups])[:, None]

    def function(points: Floats) -> tuple[Floats, Floats]:
        angles = np.repeat(offset, points.shape[1], axis=1)
        np.add.at(angles, row, factor * points[column])
        value, by_angle = loss(angles)
        slopes = np.zeros_like(points)
        np.add.at(slopes, column, factor * by_angle[row])
        return sign * value, sign * slopes

    return function


def drawn(circuit: Circuit, init: Init, groups: Sequence[RotationGroup], names: Sequence[int], starts: int) -> Floats:
    """Where training begins, drawn by the laws of the parameters, (parameters, starts); equal for equal circuits."""
    slowest: dict[int, float] = defaultdict(lambda: math.inf)
    for group in groups:
        for p, c in group.terms:
            slowest[p] = min(slowest[p], abs(c))
    random = np.random.default_rng(0)
    points = np.empty((len(names), starts))
    for k, p in enumerate(names):
        law = init.law(circuit.parameters[p])
        if law.shape is Shape.NORMAL:
            points[k] = random.normal(law.mean, law.width, starts)
        else:
            width = math.pi / slowest[p] if law.is_uniform else law.width
            points[k] = law.mean + random.uniform(-width, width, starts)
    return points
