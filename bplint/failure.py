"""A wall around every part: what fails behind it is recorded, and everything else goes on.

A part is a rule, an analysis, an importer, a format, a plugin as it is loaded. What a part hands over for machines has to be
plain data, checked by :func:`not_plain`: JSON knows neither NaN nor the scalars of NumPy.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import NamedTuple


class PartKind(StrEnum):
    """What kind of thing failed."""

    RULE = "rule"
    REPAIR = "repair of"
    ANALYSIS = "analysis"
    IMPORTER = "importer"
    FORMAT = "format"
    PLUGIN = "plugin"
    ITSELF = "bplint"
    """What no wall is around: a bug in bplint."""


class Fault(NamedTuple):
    """What a wall caught. ``module`` is where the part is defined, ``lines`` are the exception's last."""

    part: PartKind
    name: str
    module: str
    lines: tuple[str, ...]


class Failure(NamedTuple):
    """A fault with the plugin it comes from and the circuit it happened on; empty ``circuit`` for the whole run."""

    part: PartKind
    name: str
    plugin: str
    distribution: str
    lines: tuple[str, ...]
    circuit: str = ""

    @property
    def title(self) -> str:
        """``rule EX101 of plugin example (bplint-example 1.0) failed``."""
        if self.part is PartKind.ITSELF:
            return "bplint failed, and this is a bug in it: please report it with the lines below"
        if self.part is PartKind.PLUGIN:
            return f"plugin {self.plugin} ({self.distribution}) failed"
        origin = f"{self.plugin} ({self.distribution})" if self.distribution else self.plugin
        return f"{self.part} {self.name} of plugin {origin} failed"

    @property
    def reason(self) -> str:
        """The exception in one line."""
        return self.lines[-1] if self.lines else ""

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "part": self.part,
            "name": self.name,
            "plugin": self.plugin,
            "distribution": self.distribution,
            "circuit": self.circuit or None,
            "lines": list(self.lines),
        }


class MalformedError(Exception):
    """A part handed over something else than it should; the message has what was wanted and what was got."""


def caught(part: PartKind, name: str, module: str, error: Exception) -> Fault:
    """The fault of a part that raised."""
    return Fault(part, name, module, last_lines(error))


def last_lines(error: BaseException) -> tuple[str, ...]:
    """Where it was raised, the last two calls, and what; the same on every machine and in every process."""
    import traceback  # for those who fail

    frames = [] if isinstance(error, MalformedError) else traceback.extract_tb(error.__traceback__)[-2:]
    places = [f"{os.path.basename(f.filename)}:{f.lineno} in {f.name}: {f.line}" for f in frames]
    said = str(error) if isinstance(error, MalformedError) else f"{type(error).__name__}: {error}".removesuffix(": ")
    lines = [*places, " ".join(said.split())]
    return tuple(re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", line)[:_LENGTH] for line in lines)


def not_plain(value: object, place: str) -> str:
    """What keeps a value out of JSON, with its place in the whole; empty where nothing does.

    Plain are None, booleans, whole numbers, finite floats, strings, and lists, tuples and mappings (from strings) of these.
    """
    if value is None or type(value) in (bool, int, str) or isinstance(value, StrEnum):
        return ""
    if type(value) is float:
        return "" if math.isfinite(value) else f"{place}: want a finite number, got {value}"
    if isinstance(value, Mapping):
        for key in value:
            if type(key) is not str and not isinstance(key, StrEnum):
                return f"{place}: want strings as keys, got {_type(key)}"
        return next(filter(None, (not_plain(item, f"{place}[{key!r}]") for key, item in value.items())), "")
    if isinstance(value, list | tuple):
        return next(filter(None, (not_plain(item, f"{place}[{i}]") for i, item in enumerate(value))), "")
    if isinstance(value, Enum):
        return f"{place}: want plain data, got {value!r}"
    return f"{place}: want plain data, got {_type(value)}"


def _type(value: object) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.partition('.')[0]}.{kind.__name__}"


_LENGTH = 300
