"""Which engine measures a case, and its answer in one form.

Before all of them, terms that a parity makes zero are dropped (:mod:`.parity`); the scale of the noise, N(O), keeps them.
Slopes are in units of the range of what a parameter turns (:mod:`.coordinates`): their second moments over N(O) are signals.

1. *pauli-path*: the path chain, where every rotation has an angle of its own and fixed rotations do no harm
   (:mod:`.paths.chain`).
2. *sparse*: exact propagation of strings: independent angles too, but with any fixed rotation, and amplitude damping; also
   where the paths left the question open.
3. Whatever parameters share (:mod:`.tied`): *reachable-states*, *symmetric-states* (superpositions of basis states that the
   circuit cannot tell apart, or Dicke states) or *visible-strings*, whichever takes the fewest operations, evaluate the loss at
   given angles; with noise the strings do. What has one value on all reachable states is constant. *quadrature* over a grid of
   angles and, without noise, the *operator-module*, of strings, of matrix units of reachable states or of symmetric ones, are
   exact, and asked first where they are cheap; samples of random starts otherwise; and what is exact again, at any price the
   budget allows, where samples left the question open.

The first that gives a good answer is asked. What none can measure keeps the first reason. Which one that is depends on the
problem and the :mod:`.effort`, which counts work, never on the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.answer import NO_SLOPE, Answer, Declined, certain, exactly
from bplint.analyses.gradients.asked import effort_of, nothing_to_measure, problem_of, unknown_law
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.parity import parity
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.light_cone.alive import passage, reach, visible
from bplint.bounds import Status
from bplint.ir.circuit import Circuit, Parameter, Role
from bplint.ir.context import Case
from bplint.ir.law import Init
from bplint.ir.noise import Noise

if TYPE_CHECKING:
    from bplint.analyses.gradients.paths.chain import Chain
    from bplint.analyses.gradients.paths.obstacle import Obstacle

PATHS = "pauli-path"
"""The name of the engine that samples paths."""

CHEAP = 4
"""Halvings of the work that an exact answer may take before samples are drawn."""

FEW = 5
"""Parameters of which a grid of angles is the first thing to try: fixed angles beside them do not make it larger."""

SECOND_TRY = 1 << 14
"""Pairs of strings that the exact engine may keep where the paths left the question open."""

WIDE = 4.0
"""Ratio of certain bounds beyond which samples are better, if they can be had."""

QUICK = 4
"""Halvings of the work on paths for a rougher answer."""

NOISY = 2
"""Further halvings under noise: a gate with noise takes some four times as long as one without."""


class Weak(NamedTuple):
    """``number`` of the ``live`` trainable parameters have signals surely below 1/shots, as ``samples`` paths told."""

    number: int
    live: int
    level: float = 0.0
    samples: int = 0


def moments(case: Case, ask: Ask, *, init: Init, noise: Noise, quick: bool) -> Answer | Declined:
    """The answer of the first engine that has one, under these laws and this noise; ``quick`` for a rougher one."""
    if skipped := nothing_to_measure(case, ask):
        return skipped
    value = ask(parity, noise=noise).constant
    if value is not None:
        return certain("parity", exactly(value), exactly(value**2), dict.fromkeys(ask(reach).live, NO_SLOPE))
    rows = case.context.rows
    if rows is not None and not rows.drawn:
        return _of_rows(case, ask, init, noise)
    effort, unclear = effort_of(case, ask), unknown_law(case, ask)
    answer = unclear or ask(expanded, init=init, noise=noise)
    if rows is not None and isinstance(answer, Declined):
        exact = unclear or _otherwise(problem_of(case, ask, init, noise), effort.share(CHEAP))
        if isinstance(exact, Answer) and exact.status is Status.EXACT:
            return exact
        drawn = _of_rows(case, ask, init, noise)
        if unclear or isinstance(drawn, Answer):
            return drawn
    if isinstance(answer, Declined):
        if quick or unclear:
            return answer
        exact = _otherwise(problem_of(case, ask, init, noise), effort)
        return exact if isinstance(exact, Answer) else answer._replace(reason=f"{answer.reason}; {exact.reason}")
    # Here and not above: rules that do not measure must not pay for loading the engines.
    from bplint.analyses.gradients.paths.path_moments import path_moments
    from bplint.analyses.gradients.propagation.moments import sparse_moments

    measured = path_moments(answer, effort.share(QUICK + NOISY * noise.follows_gates) if quick else effort)
    if quick or not (measured.reason or isinstance(measured.slopes, str)):
        return measured
    problem = problem_of(case, ask, init, noise)
    if isinstance(measured.slopes, str):
        exact = _otherwise(problem, effort)
        return exact if isinstance(exact, Answer) else measured
    exact = sparse_moments(problem, effort._replace(limit=SECOND_TRY), whole=True)
    return exact if isinstance(exact, Answer) and exact.status is Status.EXACT else measured


def _of_rows(case: Case, ask: Ask, init: Init, noise: Noise) -> Answer | Declined:
    """The answer about the rows of a data set, or those drawn in its place."""
    from bplint.analyses.gradients.over_rows import as_answer, over_rows

    over = ask(over_rows, init=init, noise=noise)
    if isinstance(over, Declined):
        return over
    weights = [Parameter(feature.weight, Role.TRAINABLE) for feature in over.rows.weighted.values()]
    trained = [p for p in case.circuit.parameters if p.role is Role.TRAINABLE]
    uniform = all(init.law(p).is_uniform for p in (*trained, *weights))
    return as_answer(over, 1 / case.context.shots, uniform=uniform)


def weak(case: Case, ask: Ask) -> Weak | None:
    """The parameters whose gradients the shots do not show; None where that is not measured."""
    context, effort = case.context, effort_of(case, ask)
    whole = ask(moments, init=context.init, noise=context.noise, quick=False)
    if isinstance(whole, Declined) or isinstance(whole.slopes, str):
        return None
    slopes = [whole.slopes.get(parameter, NO_SLOPE).second_moment for parameter in ask(reach).live]
    live = len(slopes)
    threshold = _threshold(case, ask, whole)
    if not whole.samples:
        return Weak(sum(slope.upper < threshold for slope in slopes), live)
    if 2 * sum((slope.value or 0.0) < threshold for slope in slopes) <= live:
        return Weak(0, live, whole.level, whole.samples)
    from bplint.analyses.gradients.paths.path_moments import count_weak

    answer = ask(expanded, init=context.init, noise=context.noise)
    if isinstance(answer, Declined) or whole.method != PATHS:
        return None
    count, samples = count_weak(answer, effort.share(2)._replace(level=whole.level))
    return Weak(count, live, whole.level, samples)


def _threshold(case: Case, ask: Ask, answer: Answer) -> float:
    """The second moment that shows as much as the noise."""
    if not answer.of_rows:
        return effort_of(case, ask).threshold
    from bplint.analyses.gradients.over_rows import over_rows

    over = ask(over_rows, init=case.context.init, noise=case.context.noise)
    return 0.0 if isinstance(over, Declined) else over.noise[0] / case.context.shots


def expanded(case: Case, ask: Ask, *, init: Init | None = None, noise: Noise | None = None) -> Chain | Declined:
    """The path chain of the loss, or why it does not apply; under the case's own laws and noise unless others are given."""
    if unclear := nothing_to_measure(case, ask) or unknown_law(case, ask):
        return unclear
    from bplint.analyses.gradients.paths.angle_laws import centred
    from bplint.analyses.gradients.paths.chain import Chain, chain

    context = case.context
    init, noise = context.init if init is None else init, context.noise if noise is None else noise
    circuit = centred(case.circuit, init)
    inner = ask
    if circuit is not case.circuit:
        inner = ask.about(case._replace(circuit=circuit))
    problem = problem_of(inner.case, inner, init, noise)._replace(loss=ask(parity, noise=noise).observable)
    answer = chain(problem)
    if not isinstance(answer, Chain):
        return Declined(answer if isinstance(answer, str) else _sentence(circuit, answer))
    # What no path can make visible to |0…0> is exactly constant, which sampling could never tell from very small.
    moves = visible(inner(passage), problem.frame, problem.loss, inner(reach).alive)
    return answer if answer.constant or moves else answer.frozen()


def _otherwise(problem: Problem, effort: Effort) -> Answer | Declined:
    """The answer of the first other engine whose bounds are not wide, or why the last one asked has none.

    Wide bounds stop no engine that can do better; they stand if no other answers, or if they decide and what is better does
    not. The loss is told to them in a unit in which its largest value is about one: they take fourth powers.
    """
    unit = problem.unit
    problem = problem._replace(loss=problem.loss.over(unit))
    answer = _first_good(problem, effort._replace(threshold=effort.threshold / unit / unit))
    return answer.times(unit) if isinstance(answer, Answer) else answer


def _first_good(problem: Problem, effort: Effort) -> Answer | Declined:
    wide: Answer | None = None
    for answer in _others(problem, effort):
        if isinstance(answer, Declined):
            continue
        if _is_wide(answer):
            wide = wide or answer
        elif wide is None or not (answer.reason and _decides(wide, effort)):
            return answer
    return wide or answer


def _is_wide(answer: Answer) -> bool:
    """Whether certain bounds leave the largest slope, or the variance, open by more than :data:`WIDE`."""
    if answer.status is not Status.BOUNDED:
        return False
    ends = answer.largest, (answer.variance.lower, answer.variance.upper)
    return any(upper > WIDE * lower for lower, upper in ends)


def _decides(answer: Answer, effort: Effort) -> bool:
    lower, upper = answer.largest
    return upper < effort.threshold or lower > effort.threshold


def _others(problem: Problem, effort: Effort) -> Iterator[Answer | Declined]:
    """What the other engines say, one after the other."""
    from bplint.analyses.gradients.operator_module.moments import dicke_moments, module_moments
    from bplint.analyses.gradients.propagation.moments import sparse_moments
    from bplint.analyses.gradients.tied.tied_moments import Tied, made_ready

    cheap, quiet = effort.share(CHEAP), problem.noise.is_trivial
    few = quiet and _turning(problem) <= FEW
    if quiet:
        yield dicke_moments(problem, cheap)
    if few and isinstance(ready := made_ready(problem, effort), Tied):
        yield ready.exact(cheap)
    yield sparse_moments(problem, effort)
    ready = ready if few else made_ready(problem, effort)
    if not isinstance(ready, Tied):
        yield ready
        if quiet:
            yield module_moments(problem, effort)
        return
    yield ready.exact(cheap)
    if quiet:
        yield module_moments(problem, cheap)
    drawn = ready.sampled(effort)
    if isinstance(drawn, Answer) and drawn.reason:
        if quiet:
            yield dicke_moments(problem, effort)
        yield ready.exact(effort)
        if quiet:
            yield module_moments(problem, effort)
    yield drawn


def _turning(problem: Problem) -> int:
    """How many parameters turn a live rotation."""
    operations, alive = problem.frame.operations, problem.alive
    live = operations if alive is None else compress(operations, alive)
    return len({parameter for number in live for parameter, _ in problem.circuit.operations[number].terms})


def _sentence(circuit: Circuit, obstacle: Obstacle) -> str:
    return f"{circuit.place(obstacle.operation)} {obstacle.reason}"
