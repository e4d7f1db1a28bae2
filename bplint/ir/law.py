"""Where training starts: the law from which each parameter's first value is drawn.

A law is symmetric about its mean, so all that averaging needs is E[cos ω(θ - mean)] =: φ(ω), real. *Uniform* is uniform
over the common period of all rotations that a parameter drives, or the long-time mean where they have none: φ(ω) = 0 for
every ω but 0.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum
from typing import NamedTuple

from bplint.errors import BplintError
from bplint.ir.circuit import Floats, Parameter, Role
from bplint.ir.naming import selects


class LawError(BplintError):
    """The text is not an angle law."""


class Shape(StrEnum):
    """The family of a law."""

    UNIFORM = "uniform"
    RANGE = "range"
    NORMAL = "normal"


class Law(NamedTuple):
    """``range``: uniform on mean ± width; ``normal``: standard deviation ``width``; radians of the parameter."""

    shape: Shape
    width: float = 0.0
    mean: float = 0.0

    def characteristic(self, frequency: float) -> float:
        """E[cos ω(θ - mean)] at ω = ``frequency``; E[e^{iωθ}] is e^{iω·mean} times this."""
        phase = frequency * self.width
        if frequency == 0:
            return 1.0
        if self.shape is Shape.UNIFORM:
            return 0.0
        if self.shape is Shape.NORMAL:
            return math.exp(-phase * phase / 2)
        return math.sin(phase) / phase if phase else 1.0

    def characteristics(self, frequencies: Floats) -> Floats:
        """The same of many, float64 of any shape."""
        import numpy as np  # readers of circuits do without

        if self.shape is Shape.UNIFORM:
            return np.asarray(frequencies == 0, dtype=np.float64)
        phases = frequencies * self.width
        return np.asarray(np.exp(-(phases**2) / 2) if self.shape is Shape.NORMAL else np.sinc(phases / math.pi))

    @property
    def is_uniform(self) -> bool:
        """Whether every angle is as likely as any other."""
        return self.shape is Shape.UNIFORM

    def __str__(self) -> str:
        if self.is_uniform:
            return "uniform"
        return f"{self.shape}:{self.width:g}" + (f"@{_angle(self.mean)}" if self.mean else "")


def _angle(radians: float) -> str:
    """As it is read: ``pi/2``, ``-3*pi/4`` where it is that exactly, else six digits."""
    for parts in (1, 2, 4):
        count = round(radians * parts / math.pi)
        if 0 < abs(count) <= 4 * parts and count * math.pi / parts == radians:
            number = {1: "", -1: "-"}.get(count, f"{count}*")
            return f"{number}pi" + (f"/{parts}" if parts > 1 else "")
    return f"{radians:g}"


UNIFORM = Law(Shape.UNIFORM)


class Init(NamedTuple):
    """The laws of a circuit's parameters: ``named`` pairs (glob, law), the first that matches wins, else ``default``.

    ``data`` are the laws of parameters that carry data, where they are said apart.
    """

    default: Law = UNIFORM
    named: tuple[tuple[str, Law], ...] = ()
    data: Init | None = None

    def law(self, parameter: Parameter) -> Law:
        """The law of one parameter. The default is for trained ones: data is uniform unless a glob names it."""
        if parameter.role is Role.DATA and self.data is not None:
            return self.data.law(parameter._replace(role=Role.TRAINABLE))
        names = (parameter.name, *parameter.sources)
        for glob, law in self.named:
            if any(selects(glob, name) for name in names):
                return law
        return UNIFORM if parameter.role is Role.DATA else self.default

    @property
    def is_uniform(self) -> bool:
        """Whether all parameters start uniformly."""
        laws = [self.default, *(law for _, law in self.named)]
        return all(law.is_uniform for law in laws) and (self.data is None or self.data.is_uniform)

    @property
    def anywhere(self) -> Init:
        """The same data, and trained parameters that start uniformly."""
        return Init(data=self.data)

    def __str__(self) -> str:
        return ", ".join([str(self.default), *(f"{glob}={law}" for glob, law in self.named)])


def parse_init(text: str) -> Init:
    """``LAW`` and ``GLOB=LAW`` parts, by commas: ``normal:0.1``, ``uniform, w*=range:0.5, b=normal:0.1@pi/2``."""
    default: Law | None = None
    named: list[tuple[str, Law]] = []
    for part in _COMMAS.split(text):
        glob, equals, law = part.rpartition("=")
        if equals and glob.strip():
            named.append((glob.strip(), parse_law(law)))
        elif equals or default is not None:
            raise LawError(f"want one law, and others as NAME=LAW, got {text[:60]!r}")
        else:
            default = parse_law(law)
    return Init(default or UNIFORM, tuple(named))


_COMMAS = re.compile(r",(?![^\[\]]*\])")
"""Those between parts: ``w[0,1]=range:1`` is one."""


def parse_law(text: str) -> Law:
    """``uniform``, ``range:R`` or ``normal:SIGMA``, the last two with ``@MEAN`` if they are not about zero."""
    shape, colon, rest = text.strip().partition(":")
    if shape == Shape.UNIFORM and not colon:
        return UNIFORM
    width, at, mean = rest.partition("@")
    if shape not in (Shape.RANGE, Shape.NORMAL) or not colon:
        raise LawError(f"want uniform, normal:SIGMA or range:R, got {text.strip()[:40]!r}")
    law = Law(Shape(shape), _number(width, text), _number(mean, text) if at else 0.0)
    if law.width < 0:
        raise LawError(f"want a width of at least zero, got {text.strip()[:40]!r}")
    if 0 < law.width < _NARROWEST:
        raise LawError(f"want a width of zero or at least {_NARROWEST:g}, got {text.strip()[:40]!r}")
    return law


_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?:(?P<number>\d++(?:\.\d*+)?(?:[eE][-+]?\d++)?|\.\d++)\*?)?(?P<pi>pi|π)?(?:/(?P<by>\d+(?:\.\d+)?))?",
    re.ASCII,
)


_NARROWEST = 1e-50
"""Radians; the square of what is smaller is no number."""

_LARGEST = 1e9
"""Radians; beyond them an angle has lost its place on the circle."""


def _number(text: str, whole: str) -> float:
    """A number such as 0.1, pi/2 or -3*pi/4."""
    match = _NUMBER.fullmatch(text.strip().replace(" ", ""))
    if match is None or not (match["number"] or match["pi"]):
        raise LawError(f"want a number such as 0.1 or pi/2 in {whole.strip()[:40]!r}, got {text.strip()[:20]!r}")
    value = float(match["number"] or 1) * (math.pi if match["pi"] else 1.0)
    divisor = float(match["by"] or 1)
    if not divisor or not math.isfinite(value := value / divisor):
        raise LawError(f"want a finite number in {whole.strip()[:40]!r}, got {text.strip()[:20]!r}")
    if value > _LARGEST:
        raise LawError(f"want at most {_LARGEST:,.0f} radians in {whole.strip()[:40]!r}, got {text.strip()[:20]!r}")
    return -value if match["sign"] == "-" else value
