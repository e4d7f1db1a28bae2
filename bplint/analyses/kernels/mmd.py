"""The gradient of the maximum mean discrepancy to target samples, and its mean and variance.

On few qubits it is evaluated on states; everywhere bounds follow from Z-strings (:mod:`.z_strings`). Its unit is
N = ¼ (1 - e^{-n/2σ})², as for a loss between 0 and the range of the kernel: with σ towards zero that of a projector.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask, analysis
from bplint.analyses.gradients.answer import Answer, Declined, Number
from bplint.analyses.gradients.coordinates import coordinates
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.light_cone.alive import reach
from bplint.analyses.views import framed
from bplint.bounds import Status
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.loss_function import LossKind
from bplint.ir.observable import Observable
from bplint.number_format import number

if TYPE_CHECKING:
    from bplint.analyses.kernels.z_strings import Ends


class DiscrepancySlope(NamedTuple):
    """E[(∂L)²] by one parameter lies between ``lower`` and ``upper``; ``value`` is an estimate, where there is one."""

    name: str
    line: int
    lower: float
    upper: float
    value: float | None


class Discrepancy(NamedTuple):
    """Mean and variance of L over random starts, None where they are not known, and bounds on its gradient.

    ``lower`` and ``upper`` enclose the largest E[(∂L)²] but for a chance of ``level`` on each side; ``scale`` is N, ``share`` that
    of the qubits on which a string of the kernel acts on average.
    """

    status: Status
    reason: str = ""
    mean: Number | None = None
    variance: Number | None = None
    slopes: tuple[DiscrepancySlope, ...] = ()
    lower: float = 0.0
    upper: float = math.inf
    level: float = 0.0
    scale: float = 1.0
    method: str = ""
    share: float = 0.0

    @property
    def signal_ends(self) -> tuple[float, float]:
        """Bounds on the largest signal, E[(∂L)²]/N."""
        return self.lower / self.scale, self.upper / self.scale

    def as_json(self) -> dict[str, object]:
        if not self.status.told:
            return {"status": self.status, "reason": self.reason}
        low, high = self.signal_ends
        return {
            "status": self.status,
            "mean": None if self.mean is None else self.mean.value,
            "variance": None if self.variance is None else self.variance.value,
            "noise_scale": self.scale,
            "signal_lower": low,
            "signal_upper": high,
            "level": self.level,
            "method": self.method,
            "parameters": [
                {"name": s.name, "line": s.line, "second_moment": s.value, "interval": [s.lower, s.upper]}
                for s in self.slopes
            ],
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        if not self.status.told:
            return
        low, high = self.signal_ends
        known = number(low) if low == high else f"between {number(low)} and {number(high)}"
        sure = f", with certainty 1 - {number(self.level)}" if self.level else ""
        yield "mmd", f"largest signal E[(∂L)²]/N, N = {number(self.scale)}: {known} ({self.status}{sure})"
        if self.mean is not None and self.mean.value is not None:
            spread = self.variance.value if self.variance else None
            varies = "" if spread is None else f", variance {number(spread)}"
            yield "mmd", f"the discrepancy is {number(self.mean.value)} on average{varies} ({self.status})"


def of_discrepancy(case: Case) -> bool:
    """Whether the loss of a case is a maximum mean discrepancy."""
    return case.context.loss.kind is LossKind.MMD


@analysis("mmd", in_profile=of_discrepancy)
def mmd(case: Case, ask: Ask) -> Discrepancy:
    """The discrepancy of the case's outcomes to its target; skipped unless that is its loss."""
    context = case.context
    if not of_discrepancy(case):
        return Discrepancy(Status.SKIPPED, "the loss is no maximum mean discrepancy")
    if context.samples is None:
        return Discrepancy(Status.SKIPPED, "no target samples are declared")
    if not context.noise.is_trivial:
        return Discrepancy(Status.INCONCLUSIVE, "a discrepancy is not measured under noise")
    if any(p.role is Role.DATA for p in case.circuit.parameters):
        return Discrepancy(Status.SKIPPED, "data are fed in, and samples are compared with a circuit alone")
    n = case.circuit.n_qubits
    whole = Observable(n, projector=tuple(range(n)), text=f"projector(0..{n - 1})")
    inner = ask.about(case._replace(context=context._replace(observable=whole)))
    reached = inner(reach)
    if not (reached.live or reached.dead):
        return Discrepancy(Status.SKIPPED, "no trainable parameter was found")
    from bplint.analyses.kernels.discrepancy import state_moments  # here, for the circuits that need it
    from bplint.analyses.kernels.target import TargetSamples
    from bplint.analyses.kernels.z_strings import Ends, string_ends

    target = TargetSamples(context.samples, context.loss.value)
    scale = math.expm1(-n / (2 * target.sigma)) ** 2 / 4
    places = inner(coordinates)
    problem = Problem(
        circuit=case.circuit,
        frame=inner(framed),
        loss=whole,
        laws=context.init,
        alive=reached.alive,
        units={parameter: coordinate.unit for parameter, coordinate in places.items()},
    )
    effort = Effort(work=ask.work, threshold=scale / context.shots, seed=context.seed, clock=ask.clock)
    on_states = state_moments(problem, target, effort)
    by_strings: Ends | Declined | None = None
    if isinstance(on_states, Declined) or on_states.status is not Status.EXACT:
        by_strings = string_ends(problem, target, effort)
    if isinstance(on_states, Declined) and not isinstance(by_strings, Ends):
        reason = on_states.reason if by_strings is None else f"{by_strings.reason}; {on_states.reason}"
        return Discrepancy(Status.INCONCLUSIVE, reason)
    ranges = {parameter: (coordinate.range or 1.0) ** 2 for parameter, coordinate in places.items()}
    return _joined(
        case,
        on_states if isinstance(on_states, Answer) else None,
        by_strings if isinstance(by_strings, Ends) else None,
        ranges,
        scale,
    )._replace(share=target.share)


def _joined(
    case: Case, states: Answer | None, strings: Ends | None, ranges: Mapping[int, float], scale: float
) -> Discrepancy:
    """What both roads say together: bounds of either hold."""
    slopes = []
    lines = _lines(case)
    for parameter, square in ranges.items():
        low, high, value = 0.0, math.inf, None
        if strings is not None:
            low, high = strings.slopes.get(parameter, (0.0, 0.0))
        if states is not None and not isinstance(states.slopes, str) and parameter in states.slopes:
            second = states.slopes[parameter].second_moment
            low, high, value = max(low, second.lower), min(high, second.upper), second.value
        name = case.circuit.parameters[parameter].name
        told = square * low if low == high else None if value is None else square * value
        slopes.append(DiscrepancySlope(name, lines[parameter], square * low, square * max(high, low), told))
    largest = [ends.largest for ends in (states, strings) if ends is not None]
    exact = (states is not None and states.status is Status.EXACT) or all(s.lower == s.upper for s in slopes)
    sure = strings is not None and not strings.level
    return Discrepancy(
        status=Status.EXACT if exact else Status.BOUNDED if states is None and sure else Status.ESTIMATED,
        mean=strings.mean if strings is not None and (sure or states is None) else states.mean if states else None,
        variance=states.variance if states else None,
        slopes=tuple(slopes),
        lower=max(low for low, _ in largest),
        upper=min(high for _, high in largest),
        level=sum(ends.level for ends in (states, strings) if ends is not None),
        scale=scale,
        method=" and ".join(name for name, known in (("states", states), ("z-strings", strings)) if known is not None),
    )


def _lines(case: Case) -> Mapping[int, int]:
    """Of each parameter the line in which it is first used."""
    by_line: dict[int, int] = {}
    for operation in case.circuit.operations:
        for parameter, _ in operation.terms:
            by_line.setdefault(parameter, case.circuit.span(operation.number).line)
    return by_line
