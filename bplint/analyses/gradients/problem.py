"""What engines are asked about, and what turns each rotation of it: an angle as a sum over parameters.

Under the uniform law, scales a, b with a rational ratio share a period. Two that do not are as good as two independent
angles (Bohr's mean): that is how one parameter may stand for two *phases*.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.gradients.answer import Declined
from bplint.ir.circuit import Circuit, Role
from bplint.ir.frame import Frame, Turning, frame
from bplint.ir.law import Init
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable

if TYPE_CHECKING:
    from fractions import Fraction

MAX_DENOMINATOR = 64
"""Ratios of scales with a larger denominator count as irrational."""


class Problem(NamedTuple):
    """The moments of this loss of a circuit over angles from these laws, under noise, are wanted.

    ``frame`` is that of the circuit. ``alive`` tells which of its rotations can matter; None if that is not known.
    Derivatives are divided by ``units``, by trainable parameter (:mod:`.coordinates`); without them they are by the
    normalised coordinate.
    """

    circuit: Circuit
    frame: Frame
    loss: Observable
    laws: Init = Init()
    noise: Noise = Noise()
    alive: Sequence[bool] | None = None
    units: Mapping[int, float] | None = None

    @classmethod
    def of(cls, circuit: Circuit, loss: Observable, laws: Init = Init(), noise: Noise = Noise()) -> Problem:  # noqa: B008
        """The problem of a circuit about which nothing else is known yet."""
        return cls(circuit=circuit, frame=frame(circuit), loss=loss, laws=laws, noise=noise)

    @property
    def spread(self) -> float:
        """No |l - constant| of a sum is larger, and no derivative by a rotation angle, of a projector neither."""
        return 0.5 if self.loss.projector else math.fsum(abs(c) for _, c in self.loss.terms)

    @property
    def unit(self) -> float:
        """The power of two next to what a sum can be; 1 for a projector."""
        most = self.spread + abs(self.loss.constant)
        return 1.0 if self.loss.projector or not most else 2.0 ** round(math.log2(most))

    @property
    def ends(self) -> tuple[float, float]:
        """The loss lies between them for all angles."""
        constant, spread = self.loss.constant, self.spread
        return (0.0, 1.0) if self.loss.projector else (constant - spread, constant + spread)


class Rotation(NamedTuple):
    """exp(-iφP/2) about P_axis, φ = offset + Σ coefficient · parameter over ``terms``."""

    axis: int
    terms: tuple[tuple[int, float], ...]
    offset: float


def rotations(problem: Problem) -> list[Rotation] | Declined:
    """The rotations of the frame that are alive, in circuit order. Fixed parameters are part of the offset.

    Their signs and factors are included.
    """
    circuit, frame, alive = problem.circuit, problem.frame, problem.alive
    turning = []
    for i, number in enumerate(frame.operations):
        if alive is not None and not alive[i]:
            continue
        operation = circuit.operations[number]
        offset, terms = operation.constant, []
        for parameter, coefficient in operation.terms:
            p = circuit.parameters[parameter]
            if p.role is Role.FIXED:
                offset += coefficient * (math.nan if p.value is None else p.value)
            else:
                terms.append((parameter, coefficient))
        if math.isnan(offset):
            return Declined("a rotation is fixed at an angle that is not given")
        sign = -1.0 if frame.negative[i] else 1.0
        turning.append(Rotation(frame.axes[i], tuple((p, sign * c) for p, c in terms if c), sign * offset))
    return turning


def scales(problem: Problem) -> Mapping[int, float]:
    """What the derivative by each trainable parameter is divided by: its unit, or the largest d(live rotation angle)/d(it)."""
    if problem.units is not None:
        return problem.units
    every: dict[int, float] = {}
    live: dict[int, float] = {}
    circuit, frame = problem.circuit, problem.frame
    alive = [True] * len(frame.axes) if problem.alive is None else problem.alive
    for number, turning, matters in zip(frame.operations, frame.turning, alive, strict=True):
        for parameter, scale in circuit.operations[number].terms if turning is Turning.FREE else ():
            if scale and circuit.parameters[parameter].role is Role.TRAINABLE:
                for largest in (every, live) if matters else (every,):
                    largest[parameter] = max(abs(scale), largest.get(parameter, 0.0))
    return every | live


def steepness(problem: Problem, turns: Iterable[Rotation]) -> dict[int, float]:
    """The largest |∂l| that each trained parameter can have, in its unit.

    |½<[G, O]>| is at most R times what O - constant can be: in units of R no more than that.
    """
    largest = scales(problem)
    total = dict.fromkeys(largest, 0.0)
    for rotation in turns:
        for parameter, coefficient in rotation.terms:
            if parameter in largest:
                total[parameter] += abs(coefficient) / largest[parameter]
    most = 1.0 if problem.units is not None else math.inf
    return {parameter: min(sum_, most) * problem.spread for parameter, sum_ in total.items()}


def phases(coefficients: Iterable[float]) -> list[list[float]]:
    """The distinct |coefficients| in classes with rational ratios."""
    classes: list[list[float]] = []
    for value in sorted({abs(c) for c in coefficients}):
        for known in classes:
            if _ratio(value, known[0]) is not None:
                known.append(value)
                break
        else:
            classes.append([value])
    return classes


def base(values: Sequence[float]) -> float:
    """The largest number of which all ``values``, one class of :func:`phases`, are integer multiples."""
    from fractions import Fraction  # most circuits have no such classes

    ratios = [_ratio(value, values[0]) or Fraction(1) for value in values]
    denominator = math.lcm(*(r.denominator for r in ratios))
    return values[0] * math.gcd(*(int(r * denominator) for r in ratios)) / denominator


def _ratio(value: float, unit: float) -> Fraction | None:
    from fractions import Fraction

    quotient = value / unit
    if math.isinf(quotient):
        return None
    ratio = Fraction(quotient).limit_denominator(MAX_DENOMINATOR)
    return ratio if abs(float(ratio) - quotient) <= 1e-9 * float(ratio) else None
