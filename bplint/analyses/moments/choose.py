"""The loss and the gradient of a case: which engine measures them, and what to say where none can.

So far there is one engine, the path chain: independent angles, uniform on a full period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask, reported
from bplint.analyses.framed import framed
from bplint.analyses.reach import Reach, reach, visible
from bplint.bounds import Status
from bplint.ir.circuit import Circuit, Role
from bplint.ir.context import Case
from bplint.ir.frame import Frame, Turning

if TYPE_CHECKING:
    from bplint.analyses.moments.blocks import Blocks
    from bplint.analyses.moments.coherence import Obstacle
    from bplint.analyses.moments.verdict import Moments


class Loss(NamedTuple):
    """Mean and variance of the loss over random starts; None where the status says that they are not known."""

    status: Status
    reason: str = ""
    mean: float | None = None
    variance: float | None = None
    interval: tuple[float, float] | None = None
    samples: int = 0

    def as_json(self) -> dict[str, object]:
        if self.mean is None or self.variance is None:
            return {"status": self.status, "reason": self.reason}
        return {
            "status": self.status,
            "mean": self.mean,
            "second_moment": self.mean**2 + self.variance,
            "variance": self.variance,
            "interval": list(self.interval or (self.variance, self.variance)),
            "method": "pauli-path",
            "samples": self.samples,
        }


class Component(NamedTuple):
    """E[(∂C)²] of one parameter in the normalised coordinate, with its 95 % interval; ``operation`` is its rotation.

    ``scale`` is d(rotation angle)/d(parameter), which the normalised coordinate divides out.
    """

    parameter: int
    operation: int
    second_moment: float
    interval: tuple[float, float]
    dead: bool
    scale: float


class Gradient(NamedTuple):
    """The second moment of every gradient component, and a bound on the largest that fails with chance ``level``."""

    status: Status
    reason: str = ""
    components: tuple[Component, ...] = ()
    bound_max: float = 0.0
    level: float = 0.0
    samples: int = 0
    names: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()

    @property
    def largest(self) -> Component:
        """The component with the largest estimate; the first of the live ones where none was seen."""
        return max(self.components, key=lambda c: (c.second_moment, not c.dead))

    @property
    def max(self) -> float:
        """The largest estimate."""
        return self.largest.second_moment

    def as_json(self) -> dict[str, object]:
        if not self.components:
            return {"status": self.status, "reason": self.reason}
        values = sorted(c.second_moment for c in self.components)
        scales = {c.scale for c in self.components}
        return {
            "status": self.status,
            **({"reason": self.reason} if self.reason else {}),
            "scale": scales.pop() if len(scales) == 1 else None,
            "max": values[-1],
            "median": _median(values),
            "min": values[0],
            "bound_max": self.bound_max,
            "level": self.level,
            "method": "pauli-path",
            "samples": self.samples,
            "parameters": [
                {
                    "name": name,
                    "line": line,
                    "second_moment": c.second_moment,
                    "variance": c.second_moment,
                    "interval": list(c.interval),
                    "scale": c.scale,
                    "dead": c.dead,
                }
                for name, line, c in zip(self.names, self.lines, self.components, strict=True)
            ],
        }


@reported
def loss(case: Case, ask: Ask) -> Loss:
    """Mean and variance of the loss."""
    found = ask(moments)
    if isinstance(found, Unknown):
        return Loss(found.status, found.reason)
    return Loss(found.status, "", found.mean, found.variance, found.variance_interval, found.samples)


@reported
def gradient(case: Case, ask: Ask) -> Gradient:
    """The second moment of every trainable parameter's gradient. Its mean is zero under the uniform law."""
    found = ask(moments)
    if isinstance(found, Unknown):
        return Gradient(found.status, found.reason)
    components = _components(case, ask(framed), found, ask(reach))
    if isinstance(components, str):
        return Gradient(Status.INCONCLUSIVE, components)
    names = tuple(case.circuit.parameters[c.parameter].name for c in components)
    lines = tuple(case.circuit.span(c.operation).line for c in components)
    reason = "" if found.settled else found.verdict.reason
    return Gradient(found.status, reason, components, found.verdict.bound_max, found.level, found.samples, names, lines)


class Unknown(NamedTuple):
    """No engine applies, or nothing is trained."""

    status: Status
    reason: str


def moments(case: Case, ask: Ask) -> Moments | Unknown:
    """The path chain's answer, or why there is none."""
    parts = ask(expanded)
    if isinstance(parts, Unknown):
        return parts
    # Here and not above: rules that do not measure must not pay for loading the sampler.
    from bplint.analyses.moments.verdict import estimate

    context = case.context
    return estimate(
        case.circuit,
        ask(framed),
        parts,
        threshold=context.observable.scale / context.shots,
        seed=context.seed,
        deadline=ask.deadline,
    )


def expanded(case: Case, ask: Ask) -> Blocks | Unknown:
    """The loss as blocks of strings that the path chain carries, or why it does not apply."""
    frame, found = ask(framed), ask(reach)
    if not (found.live or found.dead):
        return Unknown(Status.SKIPPED, "no trainable parameter was found")
    if opaque := _opaque(case.circuit, frame, found.alive):
        return Unknown(Status.INCONCLUSIVE, f"{opaque} is not affine in its parameters: its law is not uniform")
    from bplint.analyses.moments.coherence import Obstacle, expand

    parts = expand(case.circuit, frame, case.context.observable, found.alive)
    if isinstance(parts, Obstacle):
        return Unknown(Status.INCONCLUSIVE, _sentence(case.circuit, parts))
    # What no path can make visible to |0…0> is exactly constant, which sampling could never tell from very small.
    return parts if parts.constant or visible(frame, case.context.observable) else parts.frozen()


def _median(values: list[float]) -> float:
    """Of sorted values."""
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _opaque(circuit: Circuit, frame: Frame, alive: tuple[bool, ...]) -> str | None:
    """The name of an expression that drives a rotation which matters."""
    driven = circuit.driven([bool(p.sources) for p in circuit.parameters])
    for operation, matters in zip(frame.operations, alive, strict=True):
        if matters and driven[operation]:
            terms = circuit.angles.terms(int(circuit.angle[operation]))
            return next(circuit.parameters[p].name for p, _ in terms if circuit.parameters[p].sources)
    return None


def _sentence(circuit: Circuit, obstacle: Obstacle) -> str:
    gate = int(circuit.gate[obstacle.operation])
    name = circuit.gates.names[circuit.gates.name[gate]]
    return f"{name} in line {circuit.span(obstacle.operation).line} {obstacle.reason}"


def _components(case: Case, frame: Frame, found: Moments, reached: Reach) -> tuple[Component, ...] | str:
    """One component a trainable parameter, in the order of first use; a sentence if one drives several live rotations."""
    circuit = case.circuit
    gradients, intervals = found.gradients.tolist(), found.gradient_intervals().tolist()
    components: dict[int, Component] = {}
    rows, angle = circuit.angles.rows(), circuit.angle.tolist()
    free = [i for i, turning in enumerate(frame.turning) if turning is Turning.FREE]
    for k, i in enumerate(free):
        operation, alive = frame.operations[i], reached.alive[i]
        for parameter, coefficient in rows[angle[operation]]:
            p = circuit.parameters[parameter]
            if p.role is not Role.TRAINABLE or not coefficient:
                continue
            if parameter in components and not alive:
                continue
            if parameter in components and not components[parameter].dead:
                return f"{p.name} drives several rotations"
            scale = abs(coefficient * float(circuit.factor[operation]))
            if alive:
                low, high = intervals[k]
                components[parameter] = Component(parameter, operation, gradients[k], (low, high), False, scale)
            else:
                components[parameter] = Component(parameter, operation, 0.0, (0.0, 0.0), True, scale)
    return tuple(components.values())
