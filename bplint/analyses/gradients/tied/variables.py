"""The independent angles of a circuit, and how groups of rotations depend on them.

*Uniform* means uniform over the common period of the rotations that a parameter turns. With scales of two classes without
a ratio it means two independent angles, and with more of them a stretch of 2^20 periods.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup, groups
from bplint.analyses.gradients.problem import Problem, Rotation, base, phases, scales
from bplint.analyses.gradients.propagation.propagate import Step
from bplint.ir.circuit import Floats, Index
from bplint.ir.law import Law, Shape

_LONG = 1 << 20


class AngleVariable(NamedTuple):
    """An angle that is drawn by itself. All frequencies are multiples of ``unit``; 0 if they have no common measure.

    ``periodic``: the law is uniform over the period 2π/unit.
    """

    parameter: int
    law: Law
    unit: float
    periodic: bool


class Drive:
    """The groups of a problem as functions of its variables u: ψ = offset + A u, and derivatives by parameters.

    No group reaches over noise: ``noise`` has the steps in front of each group, by its number, and those behind all.
    """

    def __init__(self, problem: Problem, rotations: Sequence[Rotation]) -> None:
        self.variables, turning = _variables(problem, rotations)
        self.groups: list[RotationGroup] = []
        self.noise: dict[int, list[Step]] = defaultdict(list)
        for part, steps in _parts(problem, turning):
            self.groups += groups(part, problem.frame.n_qubits)
            self.noise[len(self.groups)] += steps
        self.scales = scales(problem)
        """By trained parameter that turns a rotation: the unit that derivatives are divided by."""
        entries = [(k, v, c) for k, group in enumerate(self.groups) for v, c in group.terms]
        self._group: Index = np.array([k for k, _, _ in entries], dtype=np.intp)
        self._variable: Index = np.array([v for _, v, _ in entries], dtype=np.intp)
        self._coefficient: Floats = np.array([c for _, _, c in entries], dtype=np.float64)
        self._offsets = np.array([group.offset for group in self.groups], dtype=np.float64)
        row = {parameter: i for i, parameter in enumerate(self.scales)}
        owner = [self.variables[v].parameter for v in self._variable.tolist()]
        trained = [i for i, parameter in enumerate(owner) if parameter in row]
        self._taken: Index = np.array(trained, dtype=np.intp)
        self._row: Index = np.array([row[owner[i]] for i in trained], dtype=np.intp)
        self._share = np.array([self._coefficient[i] / self.scales[owner[i]] for i in trained], dtype=np.float64)

    @property
    def tied(self) -> bool:
        """Whether each variable turns several axes."""
        axes = np.array([len(group.generator) for group in self.groups], dtype=np.intp)
        turned = np.zeros(len(self.variables), dtype=np.intp)
        np.add.at(turned, self._variable, axes[self._group])
        return bool((turned > 1).all())

    def angles(self, values: Floats) -> Floats:
        """ψ of the groups, float64 (groups, samples), at values (variables, samples)."""
        psi = np.repeat(self._offsets[:, None], values.shape[1], axis=1)
        np.add.at(psi, self._group, self._coefficient[:, None] * values[self._variable])
        return psi

    def gradients(self, slopes: Floats) -> Floats:
        """Derivatives by the parameters in their units, (parameters, samples), from those by ψ, (groups, samples)."""
        total = np.zeros((len(self.scales), slopes.shape[1]))
        np.add.at(total, self._row, self._share[:, None] * slopes[self._group[self._taken]])
        return total

    def steepest(self) -> Floats:
        """Σ |dφ/d(parameter in its unit)| over the axes of each parameter, (parameters,)."""
        norm = np.array([math.fsum(map(abs, group.generator.values())) for group in self.groups])
        total = np.zeros(len(self.scales))
        np.add.at(total, self._row, np.abs(self._share) * norm[self._group[self._taken]])
        return total

    def degrees(self, degrees: Floats) -> Floats:
        """The largest frequency of l in each variable, (variables,), from that in each ψ."""
        total = np.zeros(len(self.variables))
        np.add.at(total, self._variable, np.abs(self._coefficient) * degrees[self._group])
        return total

    def drawn(self, seed: int, first: int, samples: int) -> Floats:
        """ψ of samples number ``first`` and following, float64 (groups, samples). Equal arguments give equal ones."""
        return self.angles(self.values(seed, first, samples))

    def values(self, seed: int, first: int, samples: int) -> Floats:
        """The variables of these samples, float64 (variables, samples)."""
        random = np.random.Generator(np.random.PCG64([seed, first]))
        values = [drawn_angles(variable.law, random, samples) for variable in self.variables]
        return np.array(values).reshape(len(values), samples)


def _parts(problem: Problem, rotations: Sequence[Rotation]) -> Iterator[tuple[Sequence[Rotation], Sequence[Step]]]:
    """The living rotations between which nothing else acts, and the noise behind them."""
    done = 0
    if problem.noise.follows_gates:
        from bplint.analyses.gradients.propagation.noise_steps import behind_gates  # few circuits have noise

        alive = [True] * len(problem.frame.axes) if problem.alive is None else problem.alive
        living = list(compress(problem.frame.operations, alive))
        for operation, steps in behind_gates(problem.circuit, problem.noise).items():
            if steps:
                end = bisect_right(living, operation)
                yield rotations[done:end], steps
                done = end
    yield rotations[done:], ()


def drawn_angles(law: Law, random: np.random.Generator, samples: int) -> Floats:
    """Angles from a law with a width, float64 (samples,)."""
    spread = random.standard_normal(samples) if law.shape is Shape.NORMAL else random.uniform(-1, 1, samples)
    return np.asarray(law.mean + law.width * spread)


def _variables(problem: Problem, rotations: Sequence[Rotation]) -> tuple[list[AngleVariable], list[Rotation]]:
    """The variables, and the rotations with variables in the place of parameters."""
    summed = [_summed(rotation) for rotation in rotations]
    used: dict[int, list[float]] = defaultdict(list)
    for terms in summed:
        for parameter, coefficient in terms.items():
            used[parameter].append(coefficient)
    variables: list[AngleVariable] = []
    number: dict[tuple[int, float], int] = {}
    for parameter, coefficients in used.items():  # as they are met: equal circuits draw equal angles, however numbered
        law = problem.laws.law(problem.circuit.parameters[parameter])
        classes = phases(coefficients)
        for variable, members in _split(parameter, law, classes):
            number |= {(parameter, size): len(variables) for size in members}
            variables.append(variable)
    replaced = [
        Rotation(r.axis, tuple((number[p, abs(c)], c) for p, c in terms.items()), r.offset)
        for r, terms in zip(rotations, summed, strict=True)
    ]
    return variables, replaced


def _summed(rotation: Rotation) -> Mapping[int, float]:
    parts: dict[int, list[float]] = defaultdict(list)
    for parameter, coefficient in rotation.terms:
        parts[parameter].append(coefficient)
    return {parameter: total for parameter, cs in parts.items() if (total := math.fsum(cs))}


def _split(parameter: int, law: Law, classes: list[list[float]]) -> list[tuple[AngleVariable, list[float]]]:
    """A parameter as one variable, or two, with the sizes of the coefficients that belong to each."""
    every = [size for members in classes for size in members]
    if not law.is_uniform:
        return [(AngleVariable(parameter, law, base(classes[0]) if len(classes) == 1 else 0.0, False), every)]
    if len(classes) > 2:
        width = _LONG * 2 * math.pi / min(every)
        return [(AngleVariable(parameter, Law(Shape.RANGE, width / 2), 0.0, False), every)]
    units = [base(members) for members in classes]
    laws = [Law(Shape.RANGE, math.pi / unit) for unit in units]
    return [(AngleVariable(parameter, own, unit, True), m) for own, unit, m in zip(laws, units, classes, strict=True)]
