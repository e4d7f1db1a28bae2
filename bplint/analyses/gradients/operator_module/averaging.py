"""Exact second moments of a module where one parameter may turn several rotations: tied, controlled, shared.

The first coordinate is 1 in v and in o and never turns, so that row 0 of a second moment carries the means. In the eigenbasis
of an event's A, with frequencies ω, averaging over θ multiplies M_ij = E[o_i o_j*] by E[e^{iθ(ω_i - ω_j)}], whatever the
law and the ratios of the frequencies, and a derivative by θ brings iω_i. Forwards the same is done to V_ij = E[v_i v_j*].
The moments of a gradient are one contraction of M and V at its event.

A parameter may have several events. Its derivative is a sum over them, and the cross terms come from W_ij = E[v'_i v_j*],
v' the derivative by the events so far. What turns several events is no product of averages: given its angle they are
known rotations, so all is summed over a rule that is exact for each frequency that occurs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from bplint.analyses.gradients.angle_rule import angle_rule
from bplint.analyses.gradients.answer import Answer, Declined, Slope, certain, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module.action import OVERHEAD, Action, Matrix, Module
from bplint.analyses.gradients.operator_module.events import FIXED, Phase, certainly, laws_of
from bplint.analyses.gradients.problem import Problem, base, phases, scales
from bplint.ir.circuit import Floats
from bplint.ir.law import Law

_ZERO = 1e-14
"""A moment this small beside its largest possible value is zero."""

MEMORY = 1 << 30
"""Bytes of the matrices kept at once."""


def averaged(problem: Problem, module: Module, effort: Effort) -> Answer | Declined:
    """The exact moments of a problem that has this module. A moment below 1e-14 of its largest possible value is 0."""
    size, actions = len(module.start), module.actions
    if module.end.itemsize * size**2 * (2 * math.isqrt(len(actions)) + 24) > MEMORY:
        return Declined(f"the moments of {size:,} coordinates exceed {MEMORY >> 20:,} MB")
    laws = laws_of(problem, module.events)
    points = _points(module, laws)
    if isinstance(points, Declined):
        return points
    n_points = math.prod(len(p) for p in points.values())
    if n_points * sum(action.price * (action.size**2 + OVERHEAD) for action in actions) > effort.work:
        return Declined(
            f"{size:,} coordinates, {len(actions):,} events and {n_points:,} settings of the shared angles are too many"
        )
    trained = scales(problem)
    sums = _sum_over_points(module, laws, points, set(trained), effort)
    return _exact(module, sums, trained, 0.0 if problem.loss.projector else problem.loss.constant)


def _points(module: Module, laws: Mapping[Phase, Law]) -> dict[Phase, list[tuple[float, float]]] | Declined:
    """Angles and weights for each phase that turns several events."""
    count = Counter(event.phase for event in module.events)
    by_degree = {}
    for phase in count:
        if count[phase] == 1 or phase == FIXED:
            continue
        split = phases(c for e in module.events if e.phase == phase for c in e.generator.values())
        top = sum(float(np.abs(action.frequencies).max()) for action in module.actions if action.phase == phase)
        rule = angle_rule(laws[phase], 2 * top, base(split[0]) if len(split) == 1 else 0.0)
        if rule is None:
            return Declined("a shared parameter turns rotations without a common period")
        theta, weights = rule
        by_degree[phase] = list(zip(theta.tolist(), weights.tolist(), strict=True))
    return by_degree


class _Sums:
    """Moments of the loss without its constant, and of its derivatives by each parameter, not normalised."""

    def __init__(self) -> None:
        self.mean = 0.0
        self.second = 0.0
        self.slope: dict[int, float] = defaultdict(float)
        self.slope_second: dict[int, float] = defaultdict(float)


def _sum_over_points(
    module: Module,
    laws: Mapping[Phase, Law],
    points: Mapping[Phase, Sequence[tuple[float, float]]],
    trained: set[int],
    effort: Effort,
) -> _Sums:
    sums = _Sums()
    known = [None if action.phase in points else _Map(action, laws[action.phase]) for action in module.actions]
    for choice in product(*points.values()):
        given = {phase: certainly(theta) for phase, (theta, _) in zip(points, choice, strict=True)}
        maps = [m or _Map(action, given[action.phase]) for action, m in zip(module.actions, known, strict=True)]
        _measure(maps, module.start, module.end, math.prod(weight for _, weight in choice), trained, sums, effort)
    return sums


class _Map:
    """One event averaged over its angle."""

    def __init__(self, action: Action, law: Law) -> None:
        self.action = action
        gaps = action.frequencies[:, None] - action.frequencies
        self.kept: Matrix = law.characteristics(gaps) * np.exp(1j * law.mean * gaps)

    @property
    def factors(self) -> Matrix:
        """E[e^{iθ(ω_i - ω_j)}] of each pair of coordinates."""
        code = self.action.code
        return self.kept[code[:, None], code]

    @property
    def frequencies(self) -> Floats:
        """ω of each coordinate."""
        return self.action.frequencies[self.action.code]

    def backward(self, moment: Matrix) -> Matrix:
        """M in front of the event from M behind it."""
        return self.action.composed(self.factors * self.action.analysed(moment))


def _measure(
    maps: Sequence[_Map],
    start: Matrix,
    end: Matrix,
    weight: float,
    trained: set[int],
    sums: _Sums,
    effort: Effort,
) -> None:
    """Add the moments, times ``weight``, to ``sums``."""
    left = Counter(m.action.phase[0] for m in maps)
    several = {p for p, count in left.items() if count > 1 and p in trained}
    forward: Matrix = np.outer(start, start.conj())
    slopes: dict[int, Matrix] = {}
    for step, moment in zip(maps, _moments(maps, np.outer(end, end.conj()), effort), strict=True):
        effort.clock.check()
        parameter = step.action.phase[0]
        left[parameter] -= 1
        omega, factors = step.frequencies, step.factors
        v = step.action.analysed(forward)
        if parameter in trained:
            both = factors * step.action.analysed(moment)
            inner = v.conj() * both
            sums.slope[parameter] += weight * float((1j * omega * inner[:, 0]).sum().real)
            sums.slope_second[parameter] += weight * float((omega @ inner @ omega).real)
            if parameter in slopes:
                w = step.action.analysed(slopes[parameter])
                cross = (w.conj() * both) @ (-1j * omega)
                sums.slope_second[parameter] += 2 * weight * float(cross.sum().real)
        if not left[parameter]:
            slopes.pop(parameter, None)
        elif parameter in several:
            slopes.setdefault(parameter, np.zeros_like(forward))
        turned = factors.conj()
        for p, slope in slopes.items():
            w = step.action.analysed(slope)
            slopes[p] = step.action.composed(turned * (w - 1j * omega[:, None] * v if p == parameter else w))
        forward = step.action.composed(turned * v)
    behind = forward[: len(end), : len(end)]
    sums.mean += weight * float((behind[0, 1:] @ end[1:]).real)
    sums.second += weight * float((end[1:].conj() @ behind[1:, 1:] @ end[1:]).real)


def _moments(maps: Sequence[_Map], moment: Matrix, effort: Effort) -> Iterator[Matrix]:
    """M behind each event, the first event first. Every √k-th is kept, the others are computed twice."""
    length = math.isqrt(len(maps)) + 1
    marks: dict[int, Matrix] = {}
    for k in range(len(maps) - 1, -1, -1):
        effort.clock.check()
        if k == len(maps) - 1 or k % length == length - 1:
            marks[k] = moment
        moment = maps[k].backward(moment)
    for begin in range(0, len(maps), length):
        last = min(begin + length, len(maps)) - 1
        segment = [marks.pop(last)]
        for k in range(last, begin, -1):
            effort.clock.check()
            segment.append(maps[k].backward(segment[-1]))
        yield from reversed(segment)


def _exact(module: Module, sums: _Sums, trained: Mapping[int, float], constant: float) -> Answer:
    """Normalised, with the constant, and without rounding noise."""
    steepest: dict[int, float] = defaultdict(float)
    for event in module.events:
        steepest[event.phase[0]] += math.fsum(map(abs, event.generator.values()))
    size = module.size
    mean = _clean(sums.mean, size)
    second = _clean(sums.second, size**2)
    slopes = {}
    for parameter, scale in trained.items():
        top = size * steepest[parameter] / scale
        slope = _clean(sums.slope[parameter] / scale, top)
        square = _clean(sums.slope_second[parameter] / scale**2, top**2)
        slopes[parameter] = Slope(exactly(slope), exactly(square))
    still = constant + module.offset
    answer = certain(module.method, exactly(mean + still), exactly(second + 2 * still * mean + still**2), slopes)
    return answer._replace(variance=exactly(max(second - mean**2, 0.0)))  # a large constant would drown it


def _clean(value: float, largest: float) -> float:
    return 0.0 if abs(value) <= _ZERO * largest else value
