"""What no circuit can have: numbers of the machine output that lie outside their possible range, and text that no number is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bplint.ir.context import Context

ROUNDING = 1e-9
"""Relative; what a number may lie beyond its range by."""

_NO_NUMBER = re.compile(r"(?<![\w.-])(nan|inf|-inf|-0)(?!\w|\.\d)")
_SIGNALS = ("signal", "signal_median", "signal_lower")
_OF_SIGNALS = (
    "signal",
    "signal_max",
    "signal_median",
    "signal_lower",
    "signal_without",
    "signal_with",
    "signal_uniform",
    "signal_bound",
)


def impossible(circuit: Mapping[str, Any], context: Context) -> Iterator[str]:
    """What lies outside its range in one circuit of the JSON; ``context`` is that of the circuit."""
    n, loss = circuit["n_qubits"], context.observable
    spread = 0.5 if loss.projector else math.fsum(abs(c) for _, c in loss.terms)
    low, high = (0.0, 1.0) if loss.projector else (loss.constant - spread, loss.constant + spread)
    most = spread**2 / loss.scale if loss.scale else 0.0
    ranges: list[tuple[str, object, float, float]] = []
    found = circuit["analyses"]
    for name in ("loss", "deep_limit"):
        ranges += [(f"{name}.{key}", value, a, b) for key, value, a, b in _of_loss(found.get(name, {}), low, high)]
    ranges += [
        (f"gradient.{key}", value, a, b) for key, value, a, b in _of_gradient(found.get("gradient", {}), spread, most)
    ]
    ranges += [(f"dla.{key}", found.get("dla", {}).get(key), 0, 4**n) for key in ("dimension", "lower", "upper")]
    for part in ("purity", "average"):
        for region in found.get("entanglement", {}).get(part, ()):
            size = len(region["qubits"]) if part == "purity" else region["qubits"]
            for value in (region["value"], *region["interval"], region.get("bound")):
                ranges.append((f"entanglement.{part}", value, 0.5**size, 1.0))
    for bound in found.get("entanglement", {}).get("cut_bound", ()):
        ranges.append(("entanglement.cut_bound", bound, 0, n / 2))
    for finding in circuit["findings"]:
        for key in _OF_SIGNALS:
            ranges.append((f"{finding['code']}.{key}", finding["evidence"].get(key), 0.0, most))
        for suggestion in finding["suggestions"]:
            for share in suggestion["effect"].get("reaches") or ():
                ranges.append((f"{finding['code']}.reaches", share, -math.inf, 1.0))
    slack = ROUNDING * max(abs(low), abs(high), most, 1e-300)
    for where, value, least, largest in ranges:
        if value is not None and not least - slack <= float(str(value)) <= largest + slack:
            yield f"{where} = {value}, outside {least:g} … {largest:g}"
    yield from _disordered(found)


def no_numbers(text: str) -> list[str]:
    """What a reader would stumble over in a text: ``nan``, ``inf``, ``-0``."""
    return _NO_NUMBER.findall(text)


def _of_loss(found: Mapping[str, Any], low: float, high: float) -> Iterator[tuple[str, object, float, float]]:
    square, width = max(low**2, high**2), ((high - low) / 2) ** 2
    yield "mean", found.get("mean"), low, high
    yield "second_moment", found.get("second_moment"), 0.0, square
    yield "variance", found.get("variance"), 0.0, width
    for end in found.get("interval") or ():
        yield "interval", end, 0.0, width
    for end in found.get("mean_interval") or ():
        yield "mean_interval", end, low, high


def _of_gradient(found: Mapping[str, Any], spread: float, most: float) -> Iterator[tuple[str, object, float, float]]:
    for key in (*_SIGNALS, "signal_upper"):
        yield key, found.get(key), 0.0, most
    yield "level", found.get("level"), 0.0, 1.0
    for row in found.get("parameters", ()):
        top = (max(row["range"], 1e-300) * spread) ** 2
        yield "signal of one", row["signal"], 0.0, most
        for value in (row["second_moment"], row["variance"], *row["interval"]):
            yield "second moment of one", value, 0.0, top
        yield "scale of one", row["scale"], 5e-324, math.inf


def _disordered(found: Mapping[str, Any]) -> Iterator[str]:
    """Intervals whose ends are the wrong way round, and values outside their own interval."""
    for where, interval, value in _intervals(found):
        lower, upper = interval
        slack = ROUNDING * max(abs(lower), abs(upper))
        if lower > upper + slack or (value is not None and not lower - slack <= value <= upper + slack):
            yield f"{where}: {value} in {lower} … {upper}"


def _intervals(found: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[float], float | None]]:
    loss, gradient = found.get("loss", {}), found.get("gradient", {})
    if "lower" in (algebra := found.get("dla", {})):
        yield "dla", (float(algebra["lower"]), float(algebra["upper"])), None
    if "interval" in loss:
        yield "loss.variance", loss["interval"], loss["variance"]
    if "mean_interval" in loss:
        yield "loss.mean", loss["mean_interval"], loss["mean"]
    for row in gradient.get("parameters", ()):
        yield f"gradient of {row['name']}", row["interval"], row["second_moment"]
    if "signal_lower" in gradient and gradient["signal_upper"]:
        yield "gradient.signal", (gradient["signal_lower"], gradient["signal_upper"]), None
    for part in ("purity", "average"):
        for region in found.get("entanglement", {}).get(part, ()):
            yield f"entanglement.{part}", region["interval"], region["value"]
