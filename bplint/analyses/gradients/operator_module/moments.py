"""Exact second moments where one parameter turns several rotations: tied, controlled, shared.

Seen backwards from the start the loss is l = v·o, with o the coordinates of O on its operator module (:mod:`.module`) and
v_P = <0|P|0>. An event takes o to exp(θA) o. In the eigenbasis of A, with frequencies ω, averaging over θ multiplies the
second moment M_ij = E[o_i o_j] by E[e^{iθ(ω_i - ω_j)}], whatever the law and the ratios of the frequencies, and a
derivative by θ brings iω_i. Forwards the same is done to V_ij = E[v_i v_j]. The moments of a gradient are one contraction
of M and V at its event. The identity is string 0, so that row 0 carries the means.

A parameter may have several events. Its derivative is a sum over them, and the cross terms come from W_ij = E[v'_i v_j],
v' the derivative by the events so far. What turns several events is no product of averages: given its angle they are
known rotations, so all is summed over a quadrature that is exact for each frequency that occurs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, product

import numpy as np

from bplint.analyses.gradients.answer import Answer, Declined, Slope, certain, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module.events import (
    Action,
    Complex,
    Event,
    Phase,
    actions,
    merged,
    reach,
    terms_of,
)
from bplint.analyses.gradients.problem import Problem, Rotation, base, phases, rotations, scales
from bplint.ir.circuit import Floats
from bplint.ir.law import Law, Shape
from bplint.ir.pauli import x_part

METHOD = "operator-module"

LIMIT = 2_048
"""Strings of one operator module, at most."""

PRICE = 1 << 8
"""Operations a matrix entry of an event costs, at one point of the quadrature."""

MEMORY = 1 << 30
"""Bytes of the matrices kept at once."""

_OVERHEAD = 1 << 16
"""What handling one event costs besides, in matrix entries."""

_FIXED: Phase = (-1, 0)
"""Turns the offsets, by one radian: their generator carries the angle."""

_ZERO = 1e-14
"""A moment this small beside its largest possible value is zero."""


def module_moments(problem: Problem, effort: Effort) -> Answer | Declined:
    """The moments, exact up to rounding, or the budget that is too small.

    A moment below 1e-14 of its largest possible value is 0. Parameters count as independent, whatever expressions they
    stand for; no noise.
    """
    if not problem.noise.is_trivial:
        return Declined("the operator module knows no noise")
    found = rotations(problem)
    if isinstance(found, Declined):
        return found
    loss, n, limit = problem.loss, problem.circuit.n_qubits, min(effort.limit, LIMIT)
    too_many = Declined(f"the observable reaches more than {limit:,} strings")
    if len(loss.terms) >= limit or len(loss.projector) >= limit.bit_length():
        return too_many
    terms, constant = terms_of(problem.frame, loss)
    strings = [0, *terms]
    met = reach(strings, [[r.axis] for r in found], n, limit)
    if met is None:
        return too_many
    events = _events(problem, list(compress(found, met)))
    if 8 * len(strings) ** 2 * (2 * math.isqrt(len(events)) + 24) > MEMORY:
        return Declined(f"the moments of {len(strings):,} strings exceed {MEMORY >> 20:,} MB")
    try:
        return _measured(problem, events, terms, constant, effort)
    except TimeoutError:
        return Declined("stopped by the clock in the operator module")


def _measured(
    problem: Problem, events: Sequence[Event], terms: Mapping[int, float], constant: float, effort: Effort
) -> Answer | Declined:
    strings, n = [0, *terms], problem.circuit.n_qubits
    steps: list[Action] = []
    for step in actions(events, strings, n):
        _in_time(effort)
        steps.append(step)
    steps.reverse()
    parameters, init = problem.circuit.parameters, problem.laws
    laws = {e.phase: init.law(parameters[e.phase[0]]) if e.phase != _FIXED else _at(1.0) for e in events}
    points = _points(events, steps, laws)
    if isinstance(points, Declined):
        return points
    n_points = math.prod(len(p) for p in points.values())
    if PRICE * n_points * sum(step.size**2 + _OVERHEAD for step in steps) > effort.work:
        return Declined(
            f"{len(strings):,} strings, {len(steps):,} events and {n_points:,} settings of the shared angles are too many"
        )
    start = np.array([float(x_part(s, n) == 0) for s in strings])
    end = np.array([1.0, *terms.values()])
    trained = scales(problem)
    sums = _sum_over_points(steps, laws, points, start, end, set(trained), effort)
    return _exact(sums, events, trained, float(np.abs(end[1:]).sum()), constant)


class _Sums:
    """Moments of the loss without its constant, and of its derivatives by each parameter, not normalised."""

    def __init__(self) -> None:
        self.mean = 0.0
        self.second = 0.0
        self.slope: dict[int, float] = defaultdict(float)
        self.slope_second: dict[int, float] = defaultdict(float)


def _events(problem: Problem, found: Sequence[Rotation]) -> list[Event]:
    parameters, init = problem.circuit.parameters, problem.laws
    uses: dict[int, list[float]] = defaultdict(list)
    for rotation in found:
        for parameter, coefficient in rotation.terms:
            uses[parameter].append(coefficient)
    uniform = {p for p in uses if init.law(parameters[p]).is_uniform}
    # Two angles without a common period are independent; three may still be related, as 1, √2 and 1 + √2 are.
    classes = {p: phases(uses[p]) for p in uniform}
    second = {p: split[1] for p, split in classes.items() if len(split) == 2}
    pieces = []
    for rotation in found:
        hidden = any(p in uniform and len(uses[p]) == 1 for p, _ in rotation.terms)
        if rotation.offset and not hidden:
            pieces.append((_FIXED, rotation.axis, rotation.offset))
        pieces += [((p, int(abs(c) in second.get(p, ()))), rotation.axis, c) for p, c in rotation.terms]
    return merged(pieces, problem.circuit.n_qubits)


def _points(
    events: Sequence[Event], steps: Sequence[Action], laws: Mapping[Phase, Law]
) -> dict[Phase, list[tuple[float, float]]] | Declined:
    """Angles and weights for each phase that turns several events."""
    count = Counter(event.phase for event in events)
    found = {}
    for phase in count:
        if count[phase] == 1 or phase == _FIXED:
            continue
        split = phases(c for e in events if e.phase == phase for c in e.generator.values())
        if len(split) > 1:
            return Declined("a shared parameter turns rotations without a common period")
        top = sum(float(np.abs(step.frequencies).max()) for step in steps if step.phase == phase)
        found[phase] = _quadrature(laws[phase], base(split[0]), round(2 * top / base(split[0])))
    return found


def _quadrature(law: Law, unit: float, degree: int) -> list[tuple[float, float]]:
    """Angles and weights that are exact for e^{ikθ·unit}, |k| <= degree. Weights may be negative.

    Equal weights on m points do not tell k from k ± m; that matters only where both have a mean.
    """
    m = degree + 1 if law.is_uniform else 2 * degree + 1
    theta = 2 * math.pi / (unit * m) * np.arange(m)
    weight = np.full(m, 1 / m)
    for k in range(1, 0 if law.is_uniform else degree + 1):
        weight += 2 / m * law.characteristic(k * unit) * np.cos(k * unit * theta)
    return list(zip((theta + law.mean).tolist(), weight.tolist(), strict=True))


def _sum_over_points(
    steps: Sequence[Action],
    laws: Mapping[Phase, Law],
    points: Mapping[Phase, Sequence[tuple[float, float]]],
    start: Floats,
    end: Floats,
    trained: set[int],
    effort: Effort,
) -> _Sums:
    sums = _Sums()
    averaged = [None if step.phase in points else _Map(step, laws[step.phase]) for step in steps]
    for choice in product(*points.values()):
        given = {phase: _at(theta) for phase, (theta, _) in zip(points, choice, strict=True)}
        maps = [known or _Map(step, given[step.phase]) for step, known in zip(steps, averaged, strict=True)]
        _measure(maps, start, end, math.prod(weight for _, weight in choice), trained, sums, effort)
    return sums


class _Map:
    """One event averaged over its angle."""

    def __init__(self, action: Action, law: Law) -> None:
        self.action = action
        gaps = action.frequencies[:, None] - action.frequencies
        kept = [[law.characteristic(gap) for gap in row] for row in gaps.tolist()]
        self.kept: Complex = np.array(kept) * np.exp(1j * law.mean * gaps)

    @property
    def factors(self) -> Complex:
        """E[e^{iθ(ω_i - ω_j)}] of each pair of coordinates."""
        code = self.action.code
        return self.kept[code[:, None], code]

    @property
    def frequencies(self) -> Floats:
        """ω of each coordinate."""
        return self.action.frequencies[self.action.code]

    def backward(self, moment: Floats) -> Floats:
        """M in front of the event from M behind it."""
        return self.action.composed(self.factors * self.action.analysed(moment))


def _measure(
    maps: Sequence[_Map],
    start: Floats,
    end: Floats,
    weight: float,
    trained: set[int],
    sums: _Sums,
    effort: Effort,
) -> None:
    """Add the moments, times ``weight``, to ``sums``."""
    left = Counter(m.action.phase[0] for m in maps)
    several = {p for p, count in left.items() if count > 1 and p in trained}
    forward: Floats = np.outer(start, start)
    slopes: dict[int, Floats] = {}
    for step, moment in zip(maps, _moments(maps, np.outer(end, end), effort), strict=True):
        _in_time(effort)
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
    size = len(end)
    sums.mean += weight * float(forward[0, 1:size] @ end[1:])
    sums.second += weight * float(end[1:] @ forward[1:size, 1:size] @ end[1:])


def _moments(maps: Sequence[_Map], moment: Floats, effort: Effort) -> Iterator[Floats]:
    """M behind each event, the first event first. Every √k-th is kept, the others are computed twice."""
    length = math.isqrt(len(maps)) + 1
    marks: dict[int, Floats] = {}
    for k in range(len(maps) - 1, -1, -1):
        _in_time(effort)
        if k == len(maps) - 1 or k % length == length - 1:
            marks[k] = moment
        moment = maps[k].backward(moment)
    for begin in range(0, len(maps), length):
        last = min(begin + length, len(maps)) - 1
        segment = [marks.pop(last)]
        for k in range(last, begin, -1):
            _in_time(effort)
            segment.append(maps[k].backward(segment[-1]))
        yield from reversed(segment)


def _exact(sums: _Sums, events: Sequence[Event], trained: Mapping[int, float], size: float, constant: float) -> Answer:
    """Normalised, with the constant, and without rounding noise; ``size`` is the largest |l - constant| possible."""
    steepest: dict[int, float] = defaultdict(float)
    for event in events:
        steepest[event.phase[0]] += math.fsum(map(abs, event.generator.values()))
    mean = _clean(sums.mean, size)
    second = _clean(sums.second, size**2)
    slopes = {}
    for parameter, scale in trained.items():
        top = size * steepest[parameter] / scale
        slope = _clean(sums.slope[parameter] / scale, top)
        square = _clean(sums.slope_second[parameter] / scale**2, top**2)
        slopes[parameter] = Slope(exactly(slope), exactly(square))
    whole = second + 2 * constant * mean + constant**2
    return certain(METHOD, exactly(mean + constant), exactly(whole), slopes)


def _clean(value: float, largest: float) -> float:
    return 0.0 if abs(value) <= _ZERO * largest else value


def _at(angle: float) -> Law:
    """The law of one certain angle."""
    return Law(Shape.NORMAL, 0.0, angle)


def _in_time(effort: Effort) -> None:
    if effort.late:
        raise TimeoutError
