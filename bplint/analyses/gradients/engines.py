"""Which engine measures a case, and its answer in one form.

Before all of them, terms that a parity makes zero are dropped (:mod:`.parity`); the scale of the noise, N(O), keeps them.

1. *pauli-path*: the path chain, where every rotation has an angle of its own and fixed rotations do no harm (:mod:`.chain`).
2. *sparse*: exact propagation of strings: independent angles too, but with any fixed rotation, and amplitude damping; also
   where the paths left the question open.
3. *operator-module*: exact, for parameters that turn several rotations; without noise.
4. *state-vector*: samples of the same on few qubits, where the module is not small (:mod:`.dense`).

The first that gives an answer is asked. What none can measure keeps the first reason.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.parity import parity
from bplint.analyses.light_cone.alive import passage, reach, visible
from bplint.analyses.views import framed
from bplint.bounds import Status
from bplint.ir.circuit import Circuit, Role
from bplint.ir.context import Case
from bplint.ir.frame import Turning
from bplint.ir.law import Init
from bplint.ir.noise import Noise

if TYPE_CHECKING:
    from bplint.analyses.gradients.answer import Bounded, Exact
    from bplint.analyses.gradients.paths.chain import Chain
    from bplint.analyses.gradients.paths.obstacle import Obstacle
    from bplint.analyses.gradients.paths.staged_plan import Moments
    from bplint.analyses.gradients.problem import Declined
    from bplint.analyses.gradients.state_vectors import Sampled

PATHS = "pauli-path"
"""The name of the engine that samples paths."""

SMALL = 1 << 9
"""Strings of an operator module that is preferred to state vectors."""

SECOND_TRY = 1 << 14
"""Pairs of strings that the exact engine may keep where the paths left the question open."""

BRIEF_MODULE, BRIEF_DENSE = 1 << 25, 1 << 28
"""Work on one of several candidates: matrix entries of all events; samples times rotations times amplitudes."""

QUICK = 4
"""Halvings of the work on paths for a rougher answer."""

NOISY = 2
"""Further halvings under noise: a gate with noise takes some four times as long as one without."""

Interval = tuple[float, float]


class Unknown(NamedTuple):
    """No engine applies, or nothing is trained."""

    status: Status
    reason: str


class Slope(NamedTuple):
    """E[(∂C)²] of one parameter in the normalised coordinate, its interval, and its variance if the mean is known."""

    second_moment: float
    interval: Interval
    variance: float | None


class Weak(NamedTuple):
    """``number`` of the ``live`` trainable parameters have E[(∂C)²] surely below N(O)/shots, as ``samples`` paths told."""

    number: int
    live: int
    level: float = 0.0
    samples: int = 0


class Measured(NamedTuple):
    """The moments of a loss; ``slopes`` by live trainable parameter, or why they are not known.

    ``interval`` is that of the variance, ``means`` that of the mean; where the status is BOUNDED they are certain, and a
    value is the middle of its interval. ``bounds`` enclose the largest second moment of a slope but for a chance of
    ``level``, zero unless it is estimated. ``reason`` says why bounds do not decide about the threshold; empty if they do.
    """

    method: str
    status: Status
    reason: str
    mean: float
    variance: float
    interval: Interval
    slopes: Mapping[int, Slope] | str
    bounds: Interval
    level: float = 0.0
    samples: int = 0
    means: Interval | None = None
    """None if the mean is exact."""


def moments(case: Case, ask: Ask, *, init: Init, noise: Noise, quick: bool) -> Measured | Unknown:
    """The answer of the first engine that has one, under these laws and this noise; ``quick`` for a rougher one."""
    if unclear := _unclear(case, ask):
        return unclear
    value = ask(parity, noise=noise).constant
    if value is not None:
        slopes = {parameter: Slope(0.0, (0.0, 0.0), 0.0) for parameter in ask(reach).live}
        return Measured("parity", Status.EXACT, "", value, 0.0, (0.0, 0.0), slopes, (0.0, 0.0))
    found = ask(expanded, init=init, noise=noise)
    if isinstance(found, Unknown):
        if quick:
            return found
        exact = _otherwise(case, ask, init, noise)
        return exact if isinstance(exact, Measured) else found._replace(reason=f"{found.reason}; {exact.reason}")
    # Here and not above: rules that do not measure must not pay for loading the sampler.
    from bplint.analyses.gradients.paths.staged_plan import WORK, estimate

    threshold = case.context.observable.scale / case.context.shots
    work = WORK >> (QUICK + NOISY * noise.follows_gates) if quick else WORK
    answer = estimate(found, threshold=threshold, seed=case.context.seed, deadline=ask.deadline, work=work)
    measured = _sampled(case, ask, answer)
    if quick or not (measured.reason or isinstance(measured.slopes, str)):
        return measured
    open_question = not isinstance(measured.slopes, str)
    exact = _sparse(case, ask, init, noise, SECOND_TRY) if open_question else _otherwise(case, ask, init, noise)
    if isinstance(exact, Measured) and (exact.status is Status.EXACT or not open_question):
        return exact
    return measured


def weak(case: Case, ask: Ask) -> Weak | None:
    """The parameters whose gradients the shots do not show; None where that is not measured."""
    context = case.context
    threshold = context.observable.scale / context.shots
    whole = ask(moments, init=context.init, noise=context.noise, quick=False)
    if isinstance(whole, Unknown) or isinstance(whole.slopes, str):
        return None
    slopes = [whole.slopes[parameter] for parameter in ask(reach).live]
    live = len(slopes)
    if not whole.samples:
        return Weak(sum(slope.interval[1] < threshold for slope in slopes), live)
    if 2 * sum(slope.second_moment < threshold for slope in slopes) <= live:
        return Weak(0, live, whole.level, whole.samples)
    from bplint.analyses.gradients.paths.staged_plan import WORK, count_weak

    found = ask(expanded, init=context.init, noise=context.noise)
    if isinstance(found, Unknown) or whole.method != PATHS:
        return None
    count, samples = count_weak(
        found, threshold=threshold, seed=context.seed, deadline=ask.deadline, level=whole.level, work=WORK >> 2
    )
    return Weak(count, live, whole.level, samples)


def expanded(case: Case, ask: Ask, *, init: Init | None = None, noise: Noise | None = None) -> Chain | Unknown:
    """The path chain of the loss, or why it does not apply; under the case's own laws and noise unless others are given."""
    if unclear := _unclear(case, ask):
        return unclear
    from bplint.analyses.gradients.paths.angle_laws import centred
    from bplint.analyses.gradients.paths.chain import Chain, chain

    context = case.context
    init, noise = context.init if init is None else init, context.noise if noise is None else noise
    circuit = centred(case.circuit, init)
    inner = ask if circuit is case.circuit else Ask(case._replace(circuit=circuit), deadline=ask.deadline)
    frame, alive = inner(framed), inner(reach).alive
    observable = ask(parity, noise=noise).observable
    found = chain(circuit, frame, observable, alive, init, noise)
    if not isinstance(found, Chain):
        return Unknown(Status.INCONCLUSIVE, found if isinstance(found, str) else _sentence(circuit, found))
    # What no path can make visible to |0…0> is exactly constant, which sampling could never tell from very small.
    return found if found.constant or visible(inner(passage), frame, observable, alive) else found.frozen()


def _unclear(case: Case, ask: Ask) -> Unknown | None:
    """What no engine can answer."""
    reached = ask(reach)
    if not (reached.live or reached.dead):
        return Unknown(Status.SKIPPED, "no trainable parameter was found")
    circuit = case.circuit
    driven = circuit.driven([bool(p.sources) for p in circuit.parameters])
    for operation, matters in zip(ask(framed).operations, reached.alive, strict=True):
        if matters and driven[operation]:
            names = [circuit.parameters[p] for p, _ in circuit.angles.terms(int(circuit.angle[operation]))]
            opaque = next(p.name for p in names if p.sources)
            return Unknown(Status.INCONCLUSIVE, f"{opaque} is not affine in its parameters: its law is not known")
    return None


def _sampled(case: Case, ask: Ask, found: Moments) -> Measured:
    slopes = _by_parameter(case, ask, found)
    verdict = found.verdict
    return Measured(
        PATHS,
        found.status,
        "" if found.settled else verdict.reason,
        found.mean,
        found.variance,
        found.variance_interval,
        slopes,
        (verdict.lower_max, verdict.bound_max),
        found.level,
        found.samples,
    )


def _by_parameter(case: Case, ask: Ask, found: Moments) -> dict[int, Slope] | str:
    """The numbers of the live rotation of each trainable parameter; a sentence if one drives several."""
    circuit, frame, alive = case.circuit, ask(framed), ask(reach).alive
    gradients, intervals = found.gradients.tolist(), found.gradient_intervals().tolist()
    means: list[float | None] = [None] * len(gradients) if found.slopes is None else found.slopes.tolist()
    slopes: dict[int, Slope] = {}
    rows, angle = circuit.angles.rows(), circuit.angle.tolist()
    free = [i for i, turning in enumerate(frame.turning) if turning is Turning.FREE]
    for k, i in enumerate(free):
        for parameter, coefficient in rows[angle[frame.operations[i]]] if alive[i] else ():
            p = circuit.parameters[parameter]
            if p.role is not Role.TRAINABLE or not coefficient:
                continue
            if parameter in slopes:
                return f"{p.name} drives several rotations"
            mean, (low, high) = means[k], intervals[k]
            variance = None if mean is None else max(gradients[k] - mean**2, 0.0)
            slopes[parameter] = Slope(gradients[k], (low, high), variance)
    return slopes


def _otherwise(case: Case, ask: Ask, init: Init, noise: Noise) -> Measured | Declined:
    """The answer of the first other engine that has one, or why the last one asked has none."""
    found = _sparse(case, ask, init, noise)
    if isinstance(found, Measured) or not noise.is_trivial:
        return found
    from bplint.analyses.gradients.operator_module.moments import LIMIT

    for engine in (partial(_module, limit=SMALL), _dense, partial(_module, limit=LIMIT)):
        found = engine(case, ask, init)
        if isinstance(found, Measured):
            break
    return found


def _module(case: Case, ask: Ask, init: Init, *, limit: int) -> Measured | Declined:
    from bplint.analyses.gradients.operator_module.moments import module_moments
    from bplint.analyses.gradients.problem import Declined

    work = BRIEF_MODULE if ask.brief else None
    if work:
        limit = min(limit, math.isqrt(work // max(len(ask(framed).axes), 1)))
    found = module_moments(
        case.circuit,
        ask(framed),
        ask(parity, noise=Noise()).observable,
        init,
        alive=ask(reach).alive,
        deadline=ask.deadline,
        limit=limit,
        work=work,
    )
    return found if isinstance(found, Declined) else _solved("operator-module", found)


def _dense(case: Case, ask: Ask, init: Init) -> Measured | Declined:
    from bplint.analyses.gradients.problem import Declined
    from bplint.analyses.gradients.state_vectors import dense_moments

    context = case.context
    found = dense_moments(
        case.circuit,
        ask(framed),
        ask(parity, noise=Noise()).observable,
        init,
        threshold=context.observable.scale / context.shots,
        seed=context.seed,
        alive=ask(reach).alive,
        deadline=ask.deadline,
        work=BRIEF_DENSE if ask.brief else None,
    )
    return found if isinstance(found, Declined) else _drawn(found)


def _sparse(case: Case, ask: Ask, init: Init, noise: Noise, limit: int | None = None) -> Measured | Declined:
    from bplint.analyses.gradients.problem import Declined
    from bplint.analyses.gradients.propagation.moments import PAIRS, sparse_moments

    alive, observable = ask(reach).alive, ask(parity, noise=noise).observable
    found = sparse_moments(
        case.circuit, ask(framed), observable, init, noise, alive=alive, limit=limit or PAIRS, deadline=ask.deadline
    )
    return found if isinstance(found, Declined) else _solved("sparse", found)


def _solved(method: str, found: Exact | Bounded) -> Measured:
    """Exact moments, or certain bounds with their middles; a slope between bounds has no variance of its own."""
    if isinstance(found.mean, float):
        means, status, reason = None, Status.EXACT, ""
    else:
        means, status, reason = found.mean, Status.BOUNDED, "the smallest strings were left out"
    variance, interval = _variance(_pair(found.mean), _pair(found.second_moment))
    slopes = {}
    for parameter, (slope, second) in found.gradients.items():
        ends = _pair(second)
        slopes[parameter] = Slope(_middle(ends), ends, None if means else _variance(_pair(slope), ends)[0])
    tops = [s.interval for s in slopes.values()] or [(0.0, 0.0)]
    bounds = max(low for low, _ in tops), max(high for _, high in tops)
    mean = _middle(_pair(found.mean))
    return Measured(method, status, reason, mean, variance, interval, slopes, bounds, means=means)


def _drawn(found: Sampled) -> Measured:
    """Estimates from state vectors."""
    slopes = {}
    for parameter, (slope, square) in found.gradients.items():
        variance = max(square.value - slope.value**2, 0.0)
        slopes[parameter] = Slope(square.value, (square.lower, square.upper), variance)
    second, mean = found.second_moment, found.mean
    _, interval = _variance((mean.lower, mean.upper), (second.lower, second.upper))
    return Measured(
        "state-vector",
        Status.ESTIMATED,
        found.reason,
        mean.value,
        max(second.value - mean.value**2, 0.0),
        interval,
        slopes,
        (found.lower_max, found.bound_max),
        found.level,
        found.samples,
        (mean.lower, mean.upper),
    )


def _variance(mean: Interval, second: Interval) -> tuple[float, Interval]:
    """E[x²] - E[x]² and its interval, without rounding below zero."""
    squares = sorted((mean[0] ** 2, mean[1] ** 2))
    least = 0.0 if mean[0] <= 0 <= mean[1] else squares[0]
    low, high = max(second[0] - squares[1], 0.0), max(second[1] - least, 0.0)
    return (low + high) / 2, (low, high)


def _middle(interval: Interval) -> float:
    return sum(interval) / 2


def _pair(value: float | Interval) -> Interval:
    return value if isinstance(value, tuple) else (value, value)


def _sentence(circuit: Circuit, obstacle: Obstacle) -> str:
    gate = int(circuit.gate[obstacle.operation])
    name = circuit.gates.names[circuit.gates.name[gate]]
    return f"{name} in line {circuit.span(obstacle.operation).line} {obstacle.reason}"
