"""The coordinate in which each parameter's gradient is told, and the noise of one shot in it.

Only rotations that the loss can see count. In the *normalised* coordinate the largest |d(rotation angle)/d(parameter)| is 1.
There the parameter turns by exp(-iθG/2), G = Σ a_j P_j over its rotations, and whatever shift rule measures the component
asks for the loss at angles as far apart as its spectral range R = (λ_max - λ_min)/2 tells: one shot carries the noise
R² N(O), with R = 1 for one rotation. Groups of rotations that do not commute are shifted one after the other, and their
ranges add up, as do those of rotations that noise parts. So the signal of a component is S = E[(∂C)²] / (R² N(O)). For a
weight that multiplies data the root mean square of d(rotation angle)/d(weight) over the rows takes the place of the largest: the
noise of the mean over all rows goes with it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import compress
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.light_cone.alive import reach_under
from bplint.analyses.views import framed
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.frame import Frame, Turning
from bplint.ir.generators import generators
from bplint.ir.noise import Noise
from bplint.ir.spectral_range import spectral_range


class Coordinate(NamedTuple):
    """Of one trainable parameter: ``scale`` is d(normalised coordinate)/d(parameter), ``range`` is R, ``total`` is Σ|a|.

    Where R is not ``exact`` it is a bound from above. A parameter that turns nothing alive has the scale of what it turns,
    and R = 0.
    """

    scale: float
    range: float
    total: float
    exact: bool

    @property
    def unit(self) -> float:
        """What a derivative by the parameter is divided by, so that its second moment is S·N(O)."""
        return self.scale * (self.range or 1.0)


def coordinates(case: Case, ask: Ask, *, noise: Noise | None = None) -> Mapping[int, Coordinate]:
    """Of each trainable parameter that turns a rotation, in the order of first use; under the case's noise unless another is
    given.
    """
    circuit, frame, noise = case.circuit, ask(framed), case.context.noise if noise is None else noise
    alive = reach_under(ask, noise).alive
    weighted = case.context.rows.weighted if case.context.rows is not None else {}
    uses: dict[int, list[float]] = defaultdict(list)
    seen: dict[int, list[float]] = defaultdict(list)
    for number, turning, matters in zip(frame.operations, frame.turning, alive, strict=True):
        for parameter, coefficient in circuit.operations[number].terms if turning is Turning.FREE else ():
            if circuit.parameters[parameter].role is Role.TRAINABLE and coefficient:
                uses[parameter].append(abs(coefficient))
                if matters:
                    seen[parameter].append(abs(coefficient))
    ranges = _ranges(case, frame, alive) if any(len(sizes) > 1 for sizes in seen.values()) else {}
    by_parameter = {}
    for parameter, every in uses.items():
        sizes = seen.get(parameter, [])
        scale = max(sizes or every)
        total = math.fsum(sizes)
        widest, exact = ranges[parameter] if len(sizes) > 1 else (total, True)
        if noise.follows_gates:  # it parts them: what would undo each other, or share a bond, does not
            widest, exact = total, exact and math.isclose(widest, total)
        feature = weighted.get(circuit.parameters[parameter].name)
        size = 1.0 if feature is None else feature.size
        by_parameter[parameter] = Coordinate(scale * size, widest / scale, total / scale, exact)
    return by_parameter


def _ranges(case: Case, frame: Frame, alive: tuple[bool, ...]) -> Mapping[int, tuple[float, bool]]:
    """The range of each parameter's generator, summed over its groups, and whether all are exact."""
    kept = frame._replace(
        operations=tuple(compress(frame.operations, alive)),
        axes=tuple(compress(frame.axes, alive)),
        negative=tuple(compress(frame.negative, alive)),
        turning=tuple(compress(frame.turning, alive)),
    )
    ranges: dict[int, tuple[float, bool]] = defaultdict(lambda: (0.0, True))
    known = {}
    for group in generators(case.circuit, kept).groups:
        if group.terms not in known:
            known[group.terms] = spectral_range(group.terms, frame.n_qubits)
        one, (value, exact) = known[group.terms], ranges[group.parameter]
        ranges[group.parameter] = value + one.value, exact and one.exact
    return ranges
