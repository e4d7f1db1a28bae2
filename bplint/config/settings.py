"""What a caller asks for, what configuration says, and the two types that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from bplint.config.globs import Glob

if TYPE_CHECKING:
    from bplint.dataset.table import DataTable
    from bplint.ir.observable import Observable

FAIL_ON = ("error", "warning", "note", "never")
"""Severities from which on a finding fails the run."""


DEFAULT_BASELINE = ".bplint-baseline.json"
"""Where a baseline is written that nobody names, in the working folder."""


class Settings(NamedTuple):
    """What the command line or a caller asks for; None and () leave it to the source and to configuration.

    The first fields are the keys of :mod:`bplint.context_keys`.
    """

    observable: str | Observable | None = None
    init: str | None = None
    noise: str | None = None
    shots: int | None = None
    trainable: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    dataset: str | DataTable | None = None
    data_law: str | None = None
    loss: str | None = None
    target: str | tuple[str, ...] | None = None
    seed: int | None = None
    budget: float | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    fail_on: str | None = None
    stdin_filename: str = "-"
    config: str | None = None
    """The one configuration file to use, instead of the closest one of each source."""
    isolated: bool = False
    """Whether no configuration file is read."""
    blocked: tuple[str, ...] = ()
    """Plugins that are not loaded, by name."""
    sizes: tuple[tuple[str, int], ...] = ()
    """Values for ``const int`` and ``input int`` of the files, by name."""
    baseline: str | None = None
    """The file of known findings."""
    write_baseline: bool = False
    """Whether what is found is to become the baseline."""
    diff_base: str | None = None
    """The commit that a run compares with, as git calls it."""
    suggest: bool = True
    """Whether findings carry suggestions, which takes measuring changed circuits."""


class Stated(NamedTuple):
    """A value of a configuration file; ``origin`` is the file and the key, as in ``pyproject.toml: tool.bplint.shots``."""

    value: Any
    origin: str


_NONE: Mapping[str, Any] = MappingProxyType({})


class Configuration(NamedTuple):
    """One configuration file and what it extends: checked, every value with its origin.

    ``folder`` (absolute) is that of the file. ``values`` are the plain keys. In ``circuits``, ``ignores`` and ``values`` the
    file stands before what it extends. ``severities`` (None is off) and ``options`` are by rule code.
    """

    files: tuple[str, ...] = ()
    folder: str = ""
    values: Mapping[str, Stated] = _NONE
    circuits: tuple[tuple[Glob, Mapping[str, Stated]], ...] = ()
    ignores: tuple[tuple[Glob, Stated], ...] = ()
    severities: Mapping[str, Stated] = _NONE
    options: Mapping[str, Mapping[str, Stated]] = _NONE

    def over(self, base: Configuration) -> Configuration:
        """This file over the one it extends: value by value, the lists of ``extend-select`` and ``extend-exclude`` joined."""
        values = {**base.values, **self.values}
        if "select" not in self.values and (more := base.values.get("extend-select")):
            own = self.values.get("extend-select")
            values["extend-select"] = Stated((*own.value, *more.value), own.origin) if own else more
        elif "select" in self.values and "extend-select" not in self.values:
            values.pop("extend-select", None)
        if more := base.values.get("extend-exclude"):
            own = self.values.get("extend-exclude")
            values["extend-exclude"] = Stated((*own.value, *more.value), own.origin) if own else more
        return Configuration(
            files=(*self.files, *base.files),
            folder=self.folder,
            values=values,
            circuits=(*self.circuits, *base.circuits),
            ignores=(*self.ignores, *base.ignores),
            severities={**base.severities, **self.severities},
            options={
                code: {**base.options.get(code, {}), **self.options.get(code, {})}
                for code in (*base.options, *self.options)
            },
        )
