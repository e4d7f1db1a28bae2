"""Numbers along the qubits, cuts or parameters of a circuit, drawn as one line of block characters.

A strip is as wide as there is room: of more values than columns, a column stands for several and the legend says so. A
terminal that cannot print blocks gets ASCII. Nearly equal bars are not drawn: they say nothing, or show the sampling.
"""

from __future__ import annotations

import math
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import click

from bplint.analyses.entanglement import Entanglement
from bplint.analyses.gradients.gradient import Gradient
from bplint.analyses.light_cone.locality import Locality
from bplint.ir.context import Case
from bplint.number_format import number

BLOCKS, ASCII = "▁▂▃▄▅▆▇█", ".:-=+*#@"
"""Heights, the lowest first."""


class Strip(NamedTuple):
    """Values from left to right, None where there is none; ``low`` and ``high`` are the ends of the scale.

    ``what`` is what a column stands for, ``scale`` says what the ends mean. Columns below ``red`` are red, and so is
    the part of ``scale`` that says why, ``key``.
    """

    values: Sequence[float | None]
    low: float
    high: float
    what: str
    scale: str
    red: float = -math.inf
    key: str = ""


def strip_of(name: str, result: Any, case: Case, width: int, indent: int) -> list[str]:
    """The strip of an analysis, by its label, and its legend; no lines where there is nothing to draw."""
    strip = _STRIPS[name](result, case) if name in _STRIPS else None
    if strip is None:
        return []
    room = width - indent
    size = max(-(-len(strip.values) // room), 1)
    columns = [_largest(strip.values[i : i + size]) for i in range(0, len(strip.values), size)]
    ramp, none = _ramp()
    heights = {_height(value, strip) for value in columns if value is not None}
    if not heights or (max(heights) - min(heights) < 2 and None not in columns):
        return []
    bars = "".join(none if value is None else _bar(value, strip, ramp) for value in columns)
    each = f"a column a {strip.what}" if size == 1 else f"a column the largest of {size} {strip.what}s"
    legend = f"{strip.scale}; {each}"
    if ramp is ASCII:
        legend = legend.replace("·", none).replace("…", "..")
    margin = " " * indent
    if len(columns) + 2 + len(legend) <= room:
        return [f"{margin}{bars}  {_keyed(legend, strip.key)}"]
    return [f"{margin}{bars}", *(f"{margin}{_keyed(line, strip.key)}" for line in textwrap.wrap(legend, room))]


def bars(values: Sequence[float | None], low: float, high: float, red: float = -math.inf) -> str:
    """A column a value, in parts of a scale from ``low`` to ``high``; red below ``red``."""
    strip = Strip(values, low, high, "", "", red)
    ramp, none = _ramp()
    return "".join(none if value is None else _bar(value, strip, ramp) for value in values)


def _cuts(entanglement: Entanglement, case: Case) -> Strip | None:
    high = max(entanglement.cuts.bounds, default=0)
    if not high:
        return None
    return Strip(entanglement.cuts.bounds, 0, high, "cut", f"0 … {high:,} ebits")


def _purity(entanglement: Entanglement, case: Case) -> Strip | None:
    """Of single qubits, from the first to the last of the light cone."""
    measured = {r.qubits[0]: r.purity for r in entanglement.regions if len(r.qubits) == 1}
    if not measured:
        return None
    first, last = min(entanglement.cone), max(entanglement.cone)
    values = [measured.get(q) for q in range(first, last + 1)]
    ends = (f"qubits {first:,}", f"{last:,}")
    if case.circuit.ancillas:
        ends = case.circuit.wire_name(first), case.circuit.wire_name(last)
    absent = "; · not on the light cone" if len(entanglement.cone) < len(values) else ""
    return Strip(values, 0.5, 1.0, "qubit", f"½ mixed … 1 pure{absent}; {' to '.join(ends)}")


def _locality(locality: Locality, case: Case) -> Strip:
    high = max((t.light_cone for t in locality.terms), default=0)
    return Strip([t.light_cone for t in locality.terms], 0, high, "term", f"light cone 0 … {high:,} qubits")


def _gradient(gradient: Gradient, case: Case) -> Strip | None:
    """Logarithms in circuit order, on whole decades, at least two: less is noise. What was never seen is at the low end."""
    seen = [c.signal for c in gradient.components if c.signal]
    if not seen:
        return None
    noise = 1 / case.context.shots
    high = math.ceil(math.log10(max(seen)))
    low = min(math.floor(math.log10(min(seen))), high - 2)
    values = [
        None if c.dead else math.log10(c.signal) if c.signal else low for c in gradient.components
    ]  # fmt: skip
    dead = "; · dead" if None in values else ""
    key = f"noise of {case.context.shots:,} shots {number(noise)}"
    scale = f"signal {number(10.0**low)} … {number(10.0**high)}, logarithmic{dead}; {key}"
    return Strip(values, low, high, "parameter", scale, math.log10(noise), key)


_STRIPS: dict[str, Callable[[Any, Case], Strip | None]] = {
    "cuts": _cuts,
    "purity": _purity,
    "locality": _locality,
    "gradient": _gradient,
}


def _largest(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _height(value: float, strip: Strip) -> int:
    share = (value - strip.low) / (strip.high - strip.low)
    return min(max(int(share * len(BLOCKS)), 0), len(BLOCKS) - 1)


def _bar(value: float, strip: Strip, ramp: str) -> str:
    bar = ramp[_height(value, strip)]
    return click.style(bar, fg="red") if value < strip.red else bar


def _keyed(line: str, key: str) -> str:
    return line.replace(key, click.style(key, fg="red")) if key else line


def _ramp() -> tuple[str, str]:
    """The heights, and what stands where there is no value."""
    return (BLOCKS, "·") if _prints(BLOCKS) else (ASCII, "_")


def _prints(text: str) -> bool:
    """Whether the screen can show this."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
