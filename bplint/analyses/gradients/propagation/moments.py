"""Exact second moments of circuits whose rotations have independent angles, by propagation of strings.

Nothing is sampled: a dictionary of pairs of strings goes through the circuit (:mod:`.dictionary`). Angles may follow any
law, with offsets; fixed rotations, sums of interfering terms and noise need no condition (compare :mod:`.coherence`).
What can be too much is the number of strings. Then the smallest are dropped, and the moments lie between bounds.

All is seen in the frame of the start, where Cliffords are no steps; noise multiplies a string by the letters that its
image has there.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from bplint.analyses.gradients.answer import NO_SLOPE, Answer, Declined, Number, Slope, certain, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.paths.interfering_terms import signatures
from bplint.analyses.gradients.problem import Problem, Rotation, rotations, scales, steepness
from bplint.analyses.gradients.propagation.noise_steps import behind_gates
from bplint.analyses.gradients.propagation.propagate import (
    Pairs,
    PropagatedSum,
    PropagationLimits,
    SplitStep,
    Step,
    propagate,
)
from bplint.analyses.gradients.propagation.string_table import n_words
from bplint.ir.circuit import Circuit, Role
from bplint.ir.law import Init
from bplint.ir.pauli import weight

METHOD = "sparse"

PAIRS = 1 << 19
"""Pairs of strings that are kept at a time on up to 32 qubits; on more as much fewer as strings are longer."""

TAPE = 1 << 23
"""Pairs remembered over all steps, some 30 bytes each."""

PRICE = 1 << 9
"""Operations a remembered pair costs, there and back."""

_ROUNDING = 1e-15
"""Of an exact sum whose parts may cancel, beside its largest possible value."""

PROJECTOR = 12
"""Qubits of a projector: its terms are listed."""


def sparse_moments(problem: Problem, effort: Effort, *, whole: bool = False) -> Answer | Declined:
    """Moments of the loss and of the derivative by each trainable parameter; between bounds if the pairs are too few, unless
    a ``whole`` answer is wanted.

    Rotations that cannot matter may be tied or unknown. Declined where a live rotation shares a parameter with another one,
    or turns by an expression that is not affine.
    """
    circuit, n = problem.circuit, problem.circuit.n_qubits
    if not problem.noise.is_unital:
        problem = problem._replace(alive=None)  # damping lets strings shrink, which ``alive`` does not reckon with
    turns = rotations(problem)
    if isinstance(turns, Declined):
        return turns
    if reason := _dependent(circuit, problem.laws, turns):
        return Declined(reason)
    alive = problem.alive
    live = [operation for i, operation in enumerate(problem.frame.operations) if alive is None or alive[i]]
    steps, drives = _steps(problem, dict(zip(live, turns, strict=True)))
    limit = min(effort.limit, PAIRS) // n_words(n)
    terms = _terms(problem)
    pairs = None if terms is None else _pairs(terms, steps, n, limit)
    if terms is None or pairs is None:
        return Declined("the loss has too many terms to pair")
    limits = PropagationLimits(limit, min(TAPE, effort.work // PRICE), effort, whole)
    first = propagate(_with_identity(terms), steps, n, limits, mean=True)
    second = None if first is None else propagate(pairs, steps, n, limits)
    if first is None or second is None:
        return Declined("too many pairs of strings are made")
    # Branches that a fixed rotation makes can cancel each other, and leave their rounding; others only add up.
    coherent = any(not turn.terms for turn in turns)
    return _moments(problem, drives, first, second, _ROUNDING if coherent else 0.0)


def _dependent(circuit: Circuit, init: Init, turns: Sequence[Rotation]) -> str:
    """Why the angles of these rotations are not independent, or nothing.

    They are if no two rotations share a parameter, or if each that does has a uniform one of its own, which hides what is
    shared; but then no derivative by a shared parameter is that of one rotation.
    """
    uses = Counter(parameter for turn in turns for parameter in dict(turn.terms))
    for turn in turns:
        parameters = [(circuit.parameters[p], uses[p] == 1) for p in dict(turn.terms)]
        hidden = any(own and init.law(p).is_uniform for p, own in parameters)
        for p, own in parameters:
            if p.sources:
                return f"{p.name} is not affine in its parameters: its law is not known"
            if not own and (p.role is Role.TRAINABLE or not hidden):
                return f"{p.name} drives several rotations"
    return ""


def _steps(problem: Problem, turns: Mapping[int, Rotation]) -> tuple[list[Step], dict[int, Rotation]]:
    """The steps, the last operation first, and which of them, by number, are rotations with trainable parameters."""
    steps: list[tuple[Step, Rotation | None]] = []
    circuit, noise = problem.circuit, problem.noise
    noisy = behind_gates(circuit, noise) if noise.follows_gates else {}
    for operation in range(len(circuit)):
        if turn := turns.get(operation):
            trained = any(circuit.parameters[p].role is Role.TRAINABLE for p, _ in turn.terms)
            steps.append((_split(circuit, problem.laws, turn, trained), turn if trained else None))
        steps += [(step, None) for step in noisy.get(operation, ())]
    steps.reverse()
    return [step for step, _ in steps], {number: turn for number, (_, turn) in enumerate(steps) if turn}


def _split(circuit: Circuit, init: Init, turn: Rotation, trained: bool) -> SplitStep:
    """A rotation with the moments of its angle: E[e^{imφ}] = e^{imμ} Π E[cos(m·a(θ - mean))] for m = 1, 2."""
    shift, once, twice = turn.offset, 1.0, 1.0
    for parameter, coefficient in _collected(turn).items():
        law = init.law(circuit.parameters[parameter])
        shift += coefficient * law.mean
        once *= law.characteristic(coefficient)
        twice *= law.characteristic(2 * coefficient)
    cos, sin = _clean(once * math.cos(shift)), _clean(once * math.sin(shift))
    cos_twice, sin_twice = _clean(twice * math.cos(2 * shift)), _clean(twice * math.sin(2 * shift))
    square = ((1 + cos_twice) / 2, (1 - cos_twice) / 2, sin_twice / 2)
    return SplitStep(turn.axis, square, (cos, sin), trained)


def _collected(turn: Rotation) -> dict[int, float]:
    """The coefficient of each parameter."""
    total: dict[int, float] = defaultdict(float)
    for parameter, coefficient in turn.terms:
        total[parameter] += coefficient
    return total


def _clean(value: float) -> float:
    """Without rounding errors of what is exactly 0, ½ or 1 in theory: each would open branches for nothing."""
    return next((x for x in (0.0, 1.0, -1.0) if abs(value - x) < 1e-15), value)


def _terms(problem: Problem) -> list[tuple[int, float]] | None:
    """The loss in the frame as (string, coefficient), the constant as identity; None for too large a projector."""
    frame, observable, noise = problem.frame, problem.loss, problem.noise
    if len(observable.projector) > PROJECTOR:
        return None
    whole = observable.written_out()
    terms = list(whole.terms)
    if whole.constant or not terms:
        terms.append((0, whole.constant))
    table = []
    for (string, _), (image, coefficient) in zip(terms, frame.pull_sum(terms), strict=True):
        table.append((image, coefficient * noise.readout_factor(weight(string, frame.n_qubits))))
    return table


def _with_identity(terms: Sequence[tuple[int, float]]) -> Pairs:
    """Each term and the identity."""
    strings, coefficients = zip(*terms, strict=True)
    places = np.arange(len(terms))
    return Pairs((*strings, 0), places, np.full(len(terms), len(terms)), np.array(coefficients))


def _pairs(terms: Sequence[tuple[int, float]], steps: Sequence[Step], n_qubits: int, limit: int) -> Pairs | None:
    """Pairs of terms that do not vanish; None if there are more than ``limit``.

    Rotations that average out each string that they split keep the product of a pair, so it must commute with their axes.
    """
    axes = []
    for step in steps:
        if isinstance(step, SplitStep):
            if step.image is not None or any(step.plain) or step.square[2]:
                break
            axes.append(step.axis)
    strings, coefficients = zip(*terms, strict=True)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, key in enumerate(signatures(strings, axes, n_qubits)):
        groups[key].append(place)
    if sum(len(group) * (len(group) + 1) // 2 for group in groups.values()) > limit:
        return None
    halves = [np.array(group)[np.array(np.tril_indices(len(group)))] for group in groups.values()]
    left, right = np.concatenate(halves, axis=1)
    c = np.array(coefficients)
    return Pairs(strings, left, right, np.where(left == right, 1.0, 2.0) * c[left] * c[right])


def _moments(
    problem: Problem, drives: Mapping[int, Rotation], first: PropagatedSum, second: PropagatedSum, rounding: float
) -> Answer:
    """The sums by parameter; exact ones that are as small as ``rounding``, beside the largest possible, are zero.

    Parameters that turn nothing alive have derivative zero.
    """
    largest, size = scales(problem), max(map(abs, problem.ends))
    floors = rounding * size, rounding * size**2
    slopes = dict.fromkeys(largest, NO_SLOPE)
    for number, turn in drives.items():
        for parameter, coefficient in _collected(turn).items():
            if parameter in largest:
                ratio = coefficient / largest[parameter]
                (mean, mean_radius), (square, radius) = first.slopes[number], second.slopes[number]
                slopes[parameter] = Slope(
                    _number(ratio * mean, abs(ratio) * mean_radius, floor=floors[0]),
                    _number(ratio**2 * square, ratio**2 * radius, least=0.0, floor=floors[1]),
                )
    (mean, mean_radius), (square, radius) = first.value, second.value
    whole = _number(mean, mean_radius), _number(square, radius, least=0.0)
    numbers = (*whole, *(n for slope in slopes.values() for n in slope))
    cut = any(n is not None and n.value is None for n in numbers)
    if not cut:
        return certain(METHOD, *whole, slopes)
    answer = certain(METHOD, *whole, slopes, "the smallest strings were left out")
    return answer.clipped(*problem.ends, steepness(problem, drives.values()))


def _number(centre: float, radius: float, least: float = -math.inf, floor: float = 0.0) -> Number:
    if radius:
        return Number(None, max(centre - radius, least), centre + radius)
    return exactly(0.0 if abs(centre) <= floor else centre)
