"""What engines are asked about a case: its problem, what they may spend on it, and what none of them can answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.coordinates import coordinates
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.parity import parity
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.light_cone.alive import reach, reach_under
from bplint.analyses.views import framed
from bplint.bounds import Status
from bplint.ir.circuit import Parameter, Role
from bplint.ir.context import Case
from bplint.ir.law import Init
from bplint.ir.naming import selects
from bplint.ir.noise import Noise


def problem_of(case: Case, ask: Ask, init: Init, noise: Noise) -> Problem:
    """The problem of a case under these laws and this noise, its loss without what a parity makes zero."""
    return Problem(
        circuit=case.circuit,
        frame=ask(framed),
        loss=ask(parity, noise=noise).observable,
        laws=init,
        noise=noise,
        alive=reach_under(ask, noise).alive,
        units={parameter: coordinate.unit for parameter, coordinate in ask(coordinates, noise=noise).items()},
    )


def effort_of(case: Case, ask: Ask) -> Effort:
    """What one question about a case may take."""
    return Effort(
        work=ask.work,
        threshold=case.context.observable.scale / case.context.shots,
        seed=case.context.seed,
        clock=ask.clock,
    )


def nothing_to_measure(case: Case, ask: Ask) -> Declined | None:
    """Where there is no gradient of an observable to speak of."""
    loss = case.context.loss
    if loss.is_kernel:
        return Declined("a kernel trains nothing", Status.SKIPPED)
    if loss.of_samples:
        return Declined(f"the loss {loss} is no function of one observable", Status.SKIPPED)
    reached = ask(reach)
    if not (reached.live or reached.dead):
        return Declined("no trainable parameter was found", Status.SKIPPED)
    return None


def unknown_law(case: Case, ask: Ask, *, data: bool = True) -> Declined | None:
    """An angle that is an expression of parameters; ``data``: also where these carry data alone, or rows make it affine."""
    circuit = case.circuit
    weighted = case.context.rows.weighted if case.context.rows is not None and not data else {}
    for number, matters in zip(ask(framed).operations, ask(reach).alive, strict=True):
        driving = (circuit.parameters[p] for p, _ in circuit.operations[number].terms) if matters else ()
        if opaque := next((p for p in driving if _is_unknown(p, data, weighted)), None):
            return Declined(_why_unknown(opaque, case.context.data))
    return None


def _why_unknown(parameter: Parameter, patterns: Sequence[str]) -> str:
    """What cannot be measured about an expression, and what can be in its place."""
    features = [name for name in parameter.sources if any(selects(pattern, name) for pattern in patterns)]
    weights = len(parameter.sources) - len(features)
    if parameter.role is Role.TRAINABLE and features and weights > 1:
        return f"{parameter.name} has {weights} weights in one expression with data; rotations by one of them each are measured"
    return f"{parameter.name} is not affine in its parameters: its law is not known"


def _is_unknown(parameter: Parameter, data: bool, weighted: Collection[str]) -> bool:
    return bool(parameter.sources) and (data or (parameter.role is not Role.DATA and parameter.name not in weighted))
