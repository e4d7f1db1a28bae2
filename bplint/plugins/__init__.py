"""Where rules, importers and report formats come from: plugins, found, loaded, validated, frozen.

A plugin is a module named by an entry point in group ``bplint``. It says which version of these hooks it was written for
(``BPLINT_API = 1``) and has any of the functions of :class:`Hooks`, which return data. Our own parts enter by the same
door. A plugin that fails or returns nonsense stops the run, and so does a run without rules: a linter with no rules would
say "clean".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pluggy

from bplint.errors import PluginError, UsageError
from bplint.failure import Failure, Fault, Part
from bplint.finding import Kind, Severity
from bplint.importers.program import Importer
from bplint.plugins.found import GROUP, Found, entry_points
from bplint.rule import Rule

if TYPE_CHECKING:
    from pluggy import HookimplOpts

__all__ = ["API", "Hooks", "Importer", "Plugin", "Plugins", "Reporter", "choose", "load"]

API = 1
"""Version of the hooks and of what they return. It grows when a plugin must change to go on working."""


class Reporter(NamedTuple):
    """A report format: ``write(report, exit_code, verbosity)`` returns the text."""

    name: str
    help: str
    write: Callable[..., str]


class Hooks:
    """What a plugin may provide. A function of a hook's name is its implementation; no marker is needed."""

    @pluggy.HookspecMarker(GROUP)
    def bplint_rules(self) -> Sequence[Rule]:  # type: ignore[empty-body]  # a specification has no body
        """Rules."""

    @pluggy.HookspecMarker(GROUP)
    def bplint_importers(self) -> Sequence[Importer]:  # type: ignore[empty-body]
        """Importers, each for the suffixes of its files."""

    @pluggy.HookspecMarker(GROUP)
    def bplint_reporters(self) -> Sequence[Reporter]:  # type: ignore[empty-body]
        """Formats for ``--format``."""


class Plugin(NamedTuple):
    """One plugin, loaded and validated."""

    found: Found
    rules: tuple[Rule, ...]
    importers: tuple[Importer, ...]
    reporters: tuple[Reporter, ...]


class Plugins(NamedTuple):
    """All plugins of a run. ``rules`` are sorted by code; ``importers`` by suffix and ``reporters`` by name are looked up."""

    plugins: tuple[Plugin, ...]
    rules: tuple[Rule, ...]
    importers: Mapping[str, Importer]
    reporters: Mapping[str, Reporter]

    def provider(self, rule: Rule) -> Found:
        """The plugin that a rule comes from."""
        return next(plugin.found for plugin in self.plugins if rule in plugin.rules)

    def failure(self, fault: Fault, circuit: str = "") -> Failure:
        """A fault of a part with the plugin that it comes from: the one whose module is the closest to the part's."""
        found = self._home(fault)
        name = found.name if found else fault.module.partition(".")[0]
        distribution = f"{found.distribution} {found.version}" if found else ""
        return Failure(fault.part, fault.name, name, distribution, fault.lines, circuit)

    def _home(self, fault: Fault) -> Found | None:
        for plugin in self.plugins:
            names = {
                Part.RULE: [rule.code for rule in plugin.rules],
                Part.IMPORTER: [importer.name for importer in plugin.importers],
                Part.FORMAT: [reporter.name for reporter in plugin.reporters],
            }
            if fault.name in names.get(fault.part, ()):
                return plugin.found
        closest = max((plugin.found for plugin in self.plugins), key=partial(_shared, fault.module), default=None)
        return closest if closest and _shared(fault.module, closest) else None


def _shared(module: str, found: Found) -> int:
    """How many packages a module and a plugin have in common."""
    pairs = zip(module.split("."), found.module.split("."))
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


@cache
def load(blocked: tuple[str, ...] = ()) -> Plugins:
    """Every installed plugin but those ``blocked`` by name.

    ``PluginError`` names the plugin at fault and its distribution, ``UsageError`` a blocked name that is not installed.
    """
    points = entry_points()
    if unknown := sorted(set(blocked) - {point.name for point in points}):
        raise UsageError(f"no plugin is called {unknown[0]!r}; `bplint plugins` lists them")
    plugins = [_load(point) for point in points if point.name not in blocked]
    rules = _unique(plugins, lambda p: [(rule.code, rule) for rule in p.rules], "rule")
    _unique(plugins, lambda p: [(rule.name, rule) for rule in p.rules], "rule")
    if not rules:
        raise PluginError("no rules were found: is bplint installed, with its entry points?")
    return Plugins(
        plugins=tuple(plugins),
        rules=tuple(rules[code] for code in sorted(rules)),
        importers=_unique(plugins, lambda p: [(s, i) for i in p.importers for s in i.suffixes], "importer for"),
        reporters=_unique(plugins, lambda p: [(reporter.name, reporter) for reporter in p.reporters], "format"),
    )


class _Manager(pluggy.PluginManager):
    """Knows a hook's implementation by its name, as pytest does."""

    def parse_hookimpl_opts(self, plugin: object, name: str) -> HookimplOpts | None:
        if not name.startswith(f"{GROUP}_"):
            return None
        return {
            "wrapper": False,
            "hookwrapper": False,
            "optionalhook": False,
            "tryfirst": False,
            "trylast": False,
            "specname": None,
        }


def _load(point: Found) -> Plugin:
    """Import a plugin and ask its hooks. One manager a plugin: whose answer is whose is then plain."""
    try:
        module = import_module(point.module)
    except Exception as error:
        raise PluginError(f"plugin {point} failed to load: {type(error).__name__}: {error}") from error
    version = getattr(module, "BPLINT_API", None)
    if version != API:
        raise PluginError(f"plugin {point} was written for plugin API {version}, this bplint has {API}: BPLINT_API")
    manager = _Manager(GROUP)
    manager.add_hookspecs(Hooks)
    try:
        manager.register(module, point.name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"plugin {point}: {error}") from error
    rules = _answer(manager, point, "bplint_rules", Rule)
    importers = _answer(manager, point, "bplint_importers", Importer)
    reporters = _answer(manager, point, "bplint_reporters", Reporter)
    for rule in rules:
        if fault := _fault(rule):
            raise PluginError(f"plugin {point}: {fault}")
    for suffix in (suffix for importer in importers for suffix in importer.suffixes):
        if not re.fullmatch(r"(\.[a-z0-9]+)+", suffix):
            raise PluginError(f"plugin {point}: want a suffix like .qasm in lower case, got {suffix!r}")
    return Plugin(point, rules, importers, reporters)


def _fault(rule: Rule) -> str | None:
    """What is wrong with a rule as an object; its page and examples are the test kit's concern."""
    if not re.fullmatch(r"[A-Z]{2,5}\d{3}", rule.code) or not re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name):
        return f"want a code like BP201 and a name like global-observable, got {rule.code} {rule.name}"
    if not isinstance(rule.severity, Severity) or not isinstance(rule.kind, Kind):
        return f"{rule.code}: want a Severity and a Kind, got {rule.severity!r} and {rule.kind!r}"
    for check, what in ((rule.check, "(case, ask) as check"), (rule.family, "(family, ask) as family")):
        if check is not None and not callable(check):
            return f"{rule.code}: want a function {what}, got {type(check).__name__}"
    if rule.worst is not None and not isinstance(rule.worst, Severity):
        return f"{rule.code}: want a Severity as worst, got {rule.worst!r}"
    for name, default in rule.options.items():
        if type(default) not in (bool, int, float, str):
            return f"{rule.code}: option {name}: want a boolean, number or string, got {type(default).__name__}"
    return None


T = TypeVar("T", Rule, Importer, Reporter)


def _answer(manager: pluggy.PluginManager, point: Found, hook: str, kind: type[T]) -> tuple[T, ...]:
    """What the plugin returns from one hook, each item of the right type."""
    try:
        answers = [tuple(answer) for answer in getattr(manager.hook, hook)()]
    except Exception as error:
        raise PluginError(f"plugin {point}: {hook}() failed: {type(error).__name__}: {error}") from error
    items = answers[0] if answers else ()
    for item in items:
        if not isinstance(item, kind):
            raise PluginError(f"plugin {point}: want {kind.__name__} objects from {hook}(), got {type(item).__name__}")
    return items


def _unique(plugins: Sequence[Plugin], of: Callable[[Plugin], Iterable[tuple[str, T]]], what: str) -> dict[str, T]:
    """Name -> part. ``PluginError`` names both plugins where two provide one."""
    parts: dict[str, T] = {}
    owner: dict[str, Found] = {}
    for plugin in plugins:
        for name, part in of(plugin):
            if name in parts:
                raise PluginError(
                    f"{what} {name} is provided twice, by plugin {owner[name]} and by plugin {plugin.found}"
                )
            parts[name], owner[name] = part, plugin.found
    return parts


def choose(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]) -> tuple[Rule, ...]:
    """The rules named by ``select`` (all if empty) without those named by ``ignore``: codes, code prefixes or names."""
    chosen = set().union(*(_matching(rules, word) for word in select)) if select else {rule.code for rule in rules}
    dropped = set().union(*(_matching(rules, word) for word in ignore))
    return tuple(rule for rule in rules if rule.code in chosen - dropped)


def _matching(rules: Sequence[Rule], word: str) -> set[str]:
    found = {rule.code for rule in rules if rule.name == word or (word and rule.code.startswith(word))}
    if found:
        return found
    from difflib import get_close_matches

    close = get_close_matches(word, [w for rule in rules for w in (rule.code, rule.name)], n=1)
    raise UsageError(f"no rule is called {word!r}" + (f"; did you mean {close[0]}?" if close else ""))
