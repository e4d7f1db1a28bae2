"""Draws the angle of every rotation from the laws of the parameters.

*Uniform* means uniform over the common period of the rotations that a parameter turns. With scales of two classes without
a ratio it means two independent angles, and with more of them a stretch of 2^20 periods.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from bplint.analyses.gradients.problem import Problem, Rotation, base, phases
from bplint.ir.circuit import Floats
from bplint.ir.law import Law, Shape

_LONG = 1 << 20


class SampledAngles:
    """Draws the angle of every rotation."""

    def __init__(self, problem: Problem, found: Sequence[Rotation]) -> None:
        self._offsets = np.array([r.offset for r in found])[:, None]
        self._sources: list[tuple[Callable[[np.random.Generator, int], Floats], Floats]] = []
        for parameter in sorted({p for r in found for p, _ in r.terms}):
            law = problem.laws.law(problem.circuit.parameters[parameter])
            column = np.array([math.fsum(c for p, c in r.terms if p == parameter) for r in found])
            if not column.any():
                continue
            classes = phases(column[column != 0].tolist()) if law.is_uniform else [[]]
            if len(classes) > 2:
                width = _LONG * 2 * math.pi / min(abs(c) for c in column if c)
                self._sources.append((_sampler(Law(Shape.RANGE, width / 2)), column))
                continue
            for members in classes:
                chosen = np.isin(np.abs(column), members) if members else np.ones(len(column), dtype=bool)
                source = Law(Shape.RANGE, math.pi / base(members)) if members else law
                self._sources.append((_sampler(source), np.where(chosen, column, 0.0)))

    def drawn(self, seed: int, first: int, samples: int) -> Floats:
        """Angles of samples number ``first`` and following, float64 (rotations, samples). Equal arguments give equal ones."""
        random = np.random.Generator(np.random.PCG64([seed, first]))
        angles = np.repeat(self._offsets, samples, axis=1)
        for source, column in self._sources:
            angles += column[:, None] * source(random, samples)
        return angles


def _sampler(law: Law) -> Callable[[np.random.Generator, int], Floats]:
    if law.shape is Shape.NORMAL:
        return lambda random, samples: law.mean + law.width * random.standard_normal(samples)
    return lambda random, samples: law.mean + law.width * random.uniform(-1, 1, samples)
