"""The loss and the gradient of a case, as they are reported; :mod:`.engines` measures them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask, analysis
from bplint.analyses.gradients.answer import NO_SLOPE, Answer, Declined, Slope
from bplint.analyses.gradients.coordinates import Coordinate, coordinates
from bplint.analyses.gradients.engines import PATHS, moments
from bplint.analyses.light_cone.alive import Reach, reach_under
from bplint.analyses.views import framed
from bplint.bounds import Status
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case
from bplint.ir.frame import Frame, Turning
from bplint.ir.law import Init
from bplint.ir.noise import Noise
from bplint.number_format import number, plural

if TYPE_CHECKING:
    from bplint.analyses.gradients.over_rows import OverRows
    from bplint.analyses.gradients.row_figures import RowFigures


class Loss(NamedTuple):
    """Mean and variance of the loss over random starts; None where they are not known, or only between bounds.

    ``interval`` is that of the variance, ``mean_interval`` that of the mean, None if the mean is exact.
    """

    status: Status
    reason: str = ""
    mean: float | None = None
    variance: float | None = None
    interval: tuple[float, float] | None = None
    samples: int = 0
    method: str = ""
    mean_interval: tuple[float, float] | None = None

    @property
    def sampled_paths(self) -> bool:
        """Whether paths were sampled: then the mean is exact."""
        return self.method == PATHS

    @property
    def drawn(self) -> str:
        """How much was drawn: ``32,768 paths``."""
        return drawn(self.samples, self.method)

    def as_json(self) -> dict[str, object]:
        if self.interval is None:
            return {"status": self.status, "reason": self.reason}
        return {
            "status": self.status,
            "mean": self.mean,
            **({"mean_interval": list(self.mean_interval)} if self.mean_interval else {}),
            "second_moment": None if self.mean is None or self.variance is None else self.mean**2 + self.variance,
            "variance": self.variance,
            "interval": list(self.interval),
            "method": self.method,
            "samples": self.samples,
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        if not self.status.told:
            return
        mean, variance = number(self.mean or 0.0), number(self.variance or 0.0)
        low, high = (number(end) for end in self.interval or (0.0, 0.0))
        if self.status is Status.EXACT:
            yield "loss", f"mean {mean} (exact), variance {variance} (exact)"
        elif self.status is Status.BOUNDED:
            least, most = (number(end) for end in self.mean_interval or (self.mean or 0.0,) * 2)
            yield "loss", f"mean {least if least == most else f'{least} … {most}'}, variance {low} … {high} (bounded)"
        else:
            how = f"estimated, {self.drawn}, 95 % interval {low} … {high}"
            known = "exact" if self.sampled_paths else "estimated"
            yield "loss", f"mean {mean} ({known}), variance {variance} ({how})"


class GradientComponent(NamedTuple):
    """E[(∂C)²] of one parameter in the normalised coordinate, with its 95 % interval; ``operation`` is its rotation.

    ``coordinate`` says which coordinate that is; ``noise`` is the variance of one shot in it. ``variance`` is the second
    moment without the mean squared, None where the mean is not known. Where only bounds are known, ``second_moment`` is the
    one from above: it has no likeliest value.
    """

    parameter: int
    operation: int
    second_moment: float
    interval: tuple[float, float]
    dead: bool
    coordinate: Coordinate
    noise: float
    variance: float | None

    @property
    def signal(self) -> float:
        """S = E[(∂C)²] / (R² N(O))."""
        return self.second_moment / self.noise if self.noise else 0.0

    @property
    def signal_interval(self) -> tuple[float, float]:
        """The interval in the same unit."""
        low, high = self.interval
        return (low / self.noise, high / self.noise) if self.noise else (0.0, 0.0)


class Gradient(NamedTuple):
    """Every gradient component, and bounds ``lower`` and ``upper`` on the largest signal, each failing with chance ``level``.

    ``scale`` is N(O), or N_L/M of the loss of M rows, of which ``data`` tells more.
    ``reason`` says why the bounds decide nothing, or why there are none. ``presumed`` is what the largest
    signal is below unless rare starts carry it; infinite where that is not known.
    """

    status: Status
    reason: str = ""
    components: tuple[GradientComponent, ...] = ()
    lower: float = 0.0
    upper: float = 0.0
    level: float = 0.0
    samples: int = 0
    names: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    method: str = ""
    scale: float = 1.0
    presumed: float = math.inf
    data: RowFigures | None = None

    @property
    def drawn(self) -> str:
        """How much was drawn: ``32,768 paths``."""
        return drawn(self.samples, self.method)

    @property
    def unknown(self) -> str:
        """Why nothing is known of the largest; empty where something is."""
        if self.components and (self.upper or self.status is Status.EXACT or self.moves):
            return ""
        return self.reason or "no bound is known"

    @property
    def moves(self) -> bool:
        """Whether a second moment may be above zero, be it so small beside N(O) that no double holds the signal."""
        return any(component.interval[1] for component in self.components)

    def unsettled(self, threshold: float) -> str:
        """Why it is not known whether the largest signal is above this; empty where it is."""
        if self.unknown or not self.lower <= threshold < self.upper:
            return self.unknown
        return self.reason or "whether the largest signal shows is not settled"

    @property
    def largest(self) -> GradientComponent:
        """The component with the largest estimate of a signal; the first of the live ones where none was seen."""
        return max(self.components, key=lambda c: (c.signal, not c.dead))

    @property
    def signal(self) -> float:
        """The largest estimate of a signal, or what it is surely below where only bounds are known."""
        return self.largest.signal

    @property
    def ranges_known(self) -> bool:
        """Whether every range is exact; one that is only bounded may make a signal look smaller than it is."""
        return all(c.coordinate.exact for c in self.components)

    def as_json(self) -> dict[str, object]:
        if not self.components:
            return {"status": self.status, "reason": self.reason}
        values = sorted(c.second_moment for c in self.components)
        signals = sorted(c.signal for c in self.components)
        bounded = self.status is Status.BOUNDED
        scales = {c.coordinate.scale for c in self.components}
        noises = sorted(c.noise for c in self.components if not c.dead) or [self.scale]
        return {
            "status": self.status,
            **({"reason": self.reason} if self.reason else {}),
            "scale": scales.pop() if len(scales) == 1 else None,
            "noise_scale": self.scale,
            "signal": None if bounded else signals[-1],
            "signal_median": None if bounded else _median(signals),
            "signal_lower": self.lower,
            "signal_upper": self.upper,
            "max": None if bounded else values[-1],
            **({"lower": self.lower * noises[0], "upper": self.upper * noises[-1]} if bounded else {}),
            "median": None if bounded else _median(values),
            "min": None if bounded else values[0],
            "bound_max": self.upper * noises[-1],
            "level": self.level,
            "method": self.method,
            "samples": self.samples,
            **({} if self.data is None else {"data": self.data.as_json()}),
            "parameters": [
                {
                    **({} if self.data is None else self.data.parameters[place].as_json()),
                    "name": name,
                    "line": line,
                    "second_moment": None if bounded and c.interval[0] < c.interval[1] else c.second_moment,
                    "variance": c.variance,
                    "interval": list(c.interval),
                    "signal": None if bounded and c.interval[0] < c.interval[1] else c.signal,
                    "scale": c.coordinate.scale,
                    "range": c.coordinate.range,
                    "range_exact": c.coordinate.exact,
                    "dead": c.dead,
                }
                for place, (name, line, c) in enumerate(zip(self.names, self.lines, self.components, strict=True))
            ],
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        if not self.status.told:
            return
        values = sorted(c.signal for c in self.components)
        dead = sum(c.dead for c in self.components)
        sure = f"all below {number(self.upper)} with certainty 1 - {number(self.level)}"
        how = "(exact)" if self.status is Status.EXACT else f"(estimated, {self.drawn}); {sure}"
        middle = number(values[len(values) // 2])
        of_all = f"largest {number(values[-1])}, median {middle}, smallest {number(values[0])} {how}"
        if self.status is Status.BOUNDED:
            of_all = f"largest between {number(self.lower)} and {number(self.upper)} (bounded)"
        none = f"; {dead:,} of {plural(len(values), 'parameter')} dead" if dead else ""
        bound = "" if self.ranges_known else "; ranges R of tied rotations are bounds, and signals from below"
        if self.data is None:
            yield "gradient", f"signal E[(∂C)²]/(R² N(O)), N(O) = {number(self.scale)}: {of_all}{none}{bound}"
            return
        yield "gradient", f"signal of the loss ({self.data.loss}) M E[(∂L)²]/(R² N_L): {of_all}{none}{bound}"
        yield from self.data.sentences()


@analysis("loss", in_profile=True)
def loss(case: Case, ask: Ask, *, init: Init | None = None, noise: Noise | None = None) -> Loss:
    """Mean and variance of the loss, under the laws and noise of the case unless others are given."""
    answer = _measured(case, ask, init, noise, False)
    if isinstance(answer, Declined):
        return Loss(answer.status, answer.reason)
    mean, variance, bounded = answer.mean, answer.variance, answer.status is Status.BOUNDED or answer.of_rows
    return Loss(
        status=Status.BOUNDED if answer.of_rows else answer.status,
        mean=mean.value,
        variance=variance.value,
        interval=(variance.lower, variance.upper),
        samples=answer.samples,
        method=answer.method,
        mean_interval=(mean.lower, mean.upper) if bounded or mean.lower < mean.upper else None,
    )


@analysis("gradient", in_profile=True)
def gradient(
    case: Case, ask: Ask, *, init: Init | None = None, noise: Noise | None = None, quick: bool = False
) -> Gradient:
    """The second moment of every trainable parameter's gradient, under the case's laws and noise unless others are given.

    ``quick`` is for a rougher answer, as for one of several questions.
    """
    answer = _measured(case, ask, init, noise, quick)
    if isinstance(answer, Declined):
        return Gradient(answer.status, answer.reason)
    if isinstance(answer.slopes, str):
        return Gradient(Status.INCONCLUSIVE, answer.slopes)
    channels, scale = case.context.noise if noise is None else noise, case.context.observable.scale
    where = ask(coordinates, noise=channels)
    over = _over(case, ask, init, channels) if answer.of_rows else None
    scale = scale if over is None else over.noise[0] or over.noise[1]
    components = _components(case.circuit, ask(framed), answer.slopes, reach_under(ask, channels), where, scale)
    lower, upper = (end / scale if scale else 0.0 for end in answer.largest) if over is None else over.signal_ends
    return Gradient(
        status=answer.status,
        reason=answer.reason,
        components=components,
        lower=lower,
        upper=upper,
        level=answer.level,
        samples=answer.samples,
        names=tuple(case.circuit.parameters[c.parameter].name for c in components),
        lines=tuple(case.circuit.span(c.operation).line for c in components),
        method=answer.method,
        scale=scale,
        presumed=answer.presumed / scale if scale else math.inf,
        data=None if over is None else _figures(case, over, components),
    )


def _over(case: Case, ask: Ask, init: Init | None, noise: Noise) -> OverRows:
    from bplint.analyses.gradients.over_rows import OverRows, over_rows  # here, for circuits with data

    over = ask(over_rows, init=case.context.init if init is None else init, noise=noise)
    assert isinstance(over, OverRows)
    return over


def _figures(case: Case, over: OverRows, components: tuple[GradientComponent, ...]) -> RowFigures:
    from bplint.analyses.gradients.row_figures import figures

    units = {component.parameter: component.coordinate.range or 1.0 for component in components}
    return figures(case, over, [component.parameter for component in components], units)


def _measured(case: Case, ask: Ask, init: Init | None, noise: Noise | None, quick: bool) -> Answer | Declined:
    context = case.context
    law, channels = context.init if init is None else init, context.noise if noise is None else noise
    return ask(moments, init=law, noise=channels, quick=quick)


def _components(
    circuit: Circuit,
    frame: Frame,
    slopes: Mapping[int, Slope],
    reached: Reach,
    known: Mapping[int, Coordinate],
    scale: float,
) -> tuple[GradientComponent, ...]:
    """One component a trainable parameter, in the order of first use, at its first rotation that can matter."""
    places: dict[int, tuple[bool, int]] = {}
    for i, operation in enumerate(frame.operations):
        for parameter, _ in circuit.operations[operation].terms if frame.turning[i] is Turning.FREE else ():
            if parameter in known:
                place = not reached.alive[i], operation
                places[parameter] = min(place, places.get(parameter, place))
    components = []
    for parameter, coordinate in known.items():
        inert, operation = places[parameter]
        cancels = coordinate.range == 0  # its rotations undo each other, whatever the angles
        slope = NO_SLOPE if inert or cancels else slopes.get(parameter, NO_SLOPE)
        square, range_squared = slope.second_moment, (coordinate.range or 1.0) ** 2
        component = GradientComponent(
            parameter=parameter,
            operation=operation,
            second_moment=range_squared * (square.upper if square.value is None else square.value),
            interval=(range_squared * square.lower, range_squared * square.upper),
            dead=inert,
            coordinate=coordinate,
            noise=range_squared * scale,
            variance=None if slope.variance is None else range_squared * slope.variance,
        )
        components.append(component)
    return tuple(components)


def drawn(samples: int, method: str) -> str:
    """Samples of an engine in words."""
    return f"{samples:,} {'paths' if method == PATHS else 'random starts'}"


def _median(values: list[float]) -> float:
    """Of sorted values."""
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
