"""What holds for one source: the caller's wishes over the configuration of its place."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from bplint.config.files import NAMES, content, shown
from bplint.config.globs import Glob
from bplint.config.settings import DEFAULT_BASELINE, Configuration, Settings, Stated
from bplint.config.targets import Target
from bplint.context_keys import KEYS
from bplint.errors import BplintError, UsageError
from bplint.finding import Severity
from bplint.plugins import choose
from bplint.rule import Rule

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {key.name: key.default for key in KEYS} | {"fail-on": "error", "require-observable": False}
)
"""Where neither the caller nor the source nor configuration says."""


class InForce(NamedTuple):
    """The settings of one source. ``rules`` have their severities and options, ``changes`` says which severities differ.

    ``configured`` are the plain keys of configuration for this source. A key that the source may state too is asked for
    in two steps, :attr:`asked` before the source and ``configured`` after it.
    """

    asked: Settings
    configured: Mapping[str, Stated] = MappingProxyType({})
    rules: tuple[Rule, ...] = ()
    changes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, Stated]] = MappingProxyType({})
    """Options of rules that configuration states, by code; the rules have them."""
    root: str = ""
    """The folder of the configuration, else of the repository, else the working folder: ids are relative to it."""
    working: str = ""
    """The folder that relative paths start from; empty for the working folder of this process."""

    def id_of(self, path: str) -> str:
        """The node id of a source, however its path was typed; a path outside of the root is absolute."""
        if path == "-":
            return path
        place, base = self._absolute(path), os.path.join(self.root, "")
        return place.removeprefix(base).replace(os.sep, "/")

    @property
    def baseline(self) -> str | None:
        """The file of known findings, if there is one."""
        value = self.stated("baseline").value or (DEFAULT_BASELINE if self.asked.write_baseline else None)
        return None if value is None else self._absolute(value)

    def targets_in(self, path: str) -> tuple[Target, ...]:
        """The builders of a Python file that configuration names."""
        place = self._absolute(path)
        return tuple(target for target in self.stated("targets").value or () if target.file == place)

    @property
    def data_files(self) -> list[str]:
        """The data set and the samples that the caller or configuration names, where they exist."""
        named = [self.stated(key) for key in ("dataset", "target")]
        places = [
            os.path.join(self.working if one.origin.startswith("--") else self.root, one.value)
            for one in named
            if isinstance(one.value, str)
        ]
        return [os.path.realpath(place) for place in places if os.path.isfile(place)]

    @property
    def seed(self) -> int:
        """Of the sampling."""
        return int(self.stated("seed").value)

    @property
    def budget(self) -> float:
        """Seconds for the sampling of one circuit."""
        return float(self.stated("budget").value)

    @property
    def shots(self) -> int:
        """Shots per gradient component, unless the source says."""
        return int(self.stated("shots").value)

    @property
    def fail_on(self) -> Severity | None:
        """The severity from which on a finding fails the run; None is never."""
        word = self.stated("fail-on").value
        return None if word == "never" else Severity[word.upper()]

    def _absolute(self, path: str) -> str:
        return os.path.abspath(os.path.join(self.working, path))

    def stated(self, key: str) -> Stated:
        """The value of a key and where it comes from, what the source says left aside; None where nothing is said."""
        if (value := getattr(self.asked, key.replace("-", "_"), None)) not in (None, ()):
            return Stated(value, f"--{key}")
        return self.configured.get(key) or Stated(DEFAULTS.get(key), "default")


def rules_of(settings: Sequence[InForce]) -> tuple[Rule, ...]:
    """Every rule that is in force for some source, by code."""
    rules = {rule.code: rule for one in settings for rule in one.rules}
    return tuple(rules[code] for code in sorted(rules))


class Configurations:
    """The configuration of each source, every file read once. ``rules`` are those that configuration may speak of.

    ``UsageError`` for a wrong file or code, and for a wish of the caller's that no source could grant.
    ``settings`` are those of the caller, every key read.
    """

    def __init__(self, settings: Settings, rules: Sequence[Rule]) -> None:
        self.settings = settings = _read(settings)
        self._rules = rules
        self._of_folder: dict[str, Configuration] = {}
        self._repository: dict[str, str] = {}
        self._fixed = self._chosen() if settings.config is not None or settings.isolated else None

    def of(self, path: str | None) -> InForce:
        """What holds for the source of this path; ``-``, and a circuit that has none, stand in the current folder."""
        place = os.path.abspath(path or "-")
        configuration = self._closest(os.path.dirname(place)) if self._fixed is None else self._fixed
        rules, changes = _rules(self.settings, configuration, place, self._rules)
        values = dict(configuration.values)
        for glob, table in reversed(configuration.circuits):  # the first that states a key wins
            if glob.matches(place):
                values.update(table)
        return InForce(
            asked=self.settings,
            configured=values,
            rules=rules,
            changes=changes,
            files=configuration.files,
            options=configuration.options,
            root=self._root(os.path.dirname(place), configuration.folder),
        )

    def excluded(self, folder: str) -> tuple[tuple[Glob, ...] | None, tuple[Glob, ...]]:
        """What configuration excludes in a folder (absolute): in place of the usual names, None for these, and beside them."""
        values = (self._closest(folder) if self._fixed is None else self._fixed).values
        instead, beside = values.get("exclude"), values.get("extend-exclude")
        return instead.value if instead else None, beside.value if beside else ()

    def _root(self, folder: str, configured: str) -> str:
        """The folder that ids of sources in this folder are relative to; a file named by the caller may lie elsewhere."""
        if configured and os.path.join(folder, "").startswith(os.path.join(configured, "")):
            return configured
        if folder not in self._repository:
            above = folder
            while not os.path.lexists(os.path.join(above, ".git")) and above != os.path.dirname(above):
                above = os.path.dirname(above)
            self._repository[folder] = above if above != os.path.dirname(above) else os.getcwd()
        return self._repository[folder]

    def _chosen(self) -> Configuration:
        """The file that the caller names, or none."""
        name = self.settings.config
        if name is None:
            return Configuration()
        if self.settings.isolated:
            raise UsageError("--isolated ignores every configuration file, and --config names one: want one of the two")
        if not isinstance(name, str) or not name:
            raise UsageError(f"--config: want the path of a file, got {name!r}")
        data = content(name)
        if data is None:
            raise UsageError(f"--config: no such file: {shown(name)}")
        return self._read(os.path.abspath(name), data, required=True) or Configuration()

    def _closest(self, folder: str) -> Configuration:
        """The configuration of the folder or of the closest one above it."""
        passed = []
        while folder not in self._of_folder:
            passed.append(folder)
            above = os.path.dirname(folder)
            if (configuration := self._in(folder)) or above == folder:
                self._of_folder[folder] = configuration or Configuration()
                break
            folder = above
        configuration = self._of_folder[folder]
        self._of_folder.update(dict.fromkeys(passed, configuration))
        return configuration

    def _in(self, folder: str) -> Configuration | None:
        for name in NAMES:
            path = os.path.join(folder, name)
            data = content(path)
            # A cheap look first: most projects have no table of ours, and should not wait for the TOML parser.
            if data is not None and (name == NAMES[0] or b"bplint" in data):
                configuration = self._read(path, data)
                if configuration is not None:
                    return configuration
        return None

    def _read(self, path: str, data: bytes, *, required: bool = False) -> Configuration | None:
        from bplint.config.reading import read  # most runs find no file

        try:
            return read(path, data, self._rules, required=required)
        except (ValueError, OSError, RecursionError, OverflowError, TypeError) as error:
            raise UsageError(f"{shown(path)}: cannot be read: {error}") from error


def _read(settings: Settings) -> Settings:
    """The settings with every key of the table read."""
    read = {}
    for key in KEYS:
        if (value := getattr(settings, key.attribute)) not in (None, ()):
            try:
                read[key.attribute] = key.read(value)
            except BplintError as error:
                raise UsageError(f"--{key.name}: {error}") from error
    return settings._replace(**read)


def _rules(
    asked: Settings, configuration: Configuration, path: str, every: Sequence[Rule]
) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """The rules for one source with the severities and options in force, and a line for each severity that differs.

    The caller's ``select`` replaces what configuration selects and ignores; ``per-file-ignores``, severities and options stay.
    """
    codes = {rule.code for rule in choose(every, asked.select or _words(configuration, "select"), ())}
    if not asked.select:
        codes |= _codes(every, _words(configuration, "extend-select"))
        codes -= _codes(every, _words(configuration, "ignore"))
    if {"BP001", "unreadable"} & set(asked.ignore):
        raise UsageError("--ignore: BP001 cannot be ignored: what cannot be read is an error")
    codes |= _codes(every, asked.extend_select)
    codes -= _codes(every, asked.ignore)
    off = {code for code, stated in configuration.severities.items() if stated.value is None}
    if every and not codes - off:
        raise UsageError("no rule is left to run: see --select, --ignore and their like in the configuration")
    for glob, stated in configuration.ignores:
        if glob.matches(path):
            codes -= _codes(every, stated.value)
    rules, changes = [], []
    for rule in every:
        if rule.code not in codes:
            continue
        severity = configuration.severities.get(rule.code)
        if severity and severity.value is not rule.severity:
            word = severity.value.label if severity.value else "off"
            changes.append(f"{rule.code} {rule.name} is {word} instead of {rule.severity.label} ({severity.origin})")
        if severity and severity.value is None:
            continue
        options = {name: stated.value for name, stated in configuration.options.get(rule.code, {}).items()}
        rules.append(
            rule._replace(
                severity=severity.value if severity else rule.severity,
                worst=None if severity else rule.worst,
                options={**rule.options, **options} if options else rule.options,
            )
        )
    return tuple(rules), tuple(changes)


def _words(configuration: Configuration, key: str) -> tuple[str, ...]:
    stated = configuration.values.get(key)
    return tuple(stated.value) if stated else ()


def _codes(every: Sequence[Rule], words: Sequence[str]) -> set[str]:
    return {rule.code for rule in choose(every, words, ())} if words else set()
