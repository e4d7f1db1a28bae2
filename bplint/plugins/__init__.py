"""Where rules, analyses, importers and report formats come from: plugins, found, loaded, validated, frozen.

A plugin is a module named by an entry point in group ``bplint``. It says which version of these hooks it was written for
(``BPLINT_API = 1``) and has any of the functions of :class:`Hooks`, which return data. Our own parts enter by the same
door. A plugin that fails to load or returns nonsense is left out and named as a failure, and so is a part whose name is taken
already. A run without rules raises: a linter with no rules would say "clean".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import pluggy

from bplint.analyses.ask import Analysis
from bplint.errors import PluginError, UsageError
from bplint.failure import Failure, Fault, PartKind, last_lines
from bplint.finding import Kind, Severity
from bplint.importers.choice import ImportersBySuffix
from bplint.importers.program import Importer
from bplint.plugins.entry_points import GROUP, EntryPoint, installed
from bplint.rule import Rule

if TYPE_CHECKING:
    from pluggy import HookimplOpts

__all__ = ["API", "Hooks", "Importer", "Plugin", "Plugins", "Reporter", "choose", "load"]

API = 1
"""Version of the hooks and of what they return. It grows when a plugin must change to go on working."""


class Reporter(NamedTuple):
    """A report format: ``write(report, exit_code, verbosity)`` returns the text.

    ``for_machines`` says that a program reads it, which nothing else on the screen may disturb. ``is_default`` is for the
    format that the screen shows where none is asked for, behind what is told as the run goes on. ``stream(settings, rules,
    verbosity, count)`` returns a function of an entry: what it says of each of ``count`` sources as soon as it is finished, in
    their order; ``write`` begins with these texts. ``ready()`` raises ``UsageError`` where it lacks what it needs, before
    anything is run. ``embedded(report)`` is a report, or that of a family, as HTML within another page: what a notebook shows.
    """

    name: str
    help: str
    write: Callable[..., str]
    for_machines: bool = False
    is_default: bool = False
    stream: Callable[..., Callable[..., str]] | None = None
    ready: Callable[[], None] | None = None
    embedded: Callable[..., str] | None = None


class Hooks:
    """What a plugin may provide. A function of a hook's name is its implementation; no marker is needed."""

    @pluggy.HookspecMarker(GROUP)
    def bplint_rules(self) -> Sequence[Rule]:  # type: ignore[empty-body]  # a specification has no body
        """Rules."""

    @pluggy.HookspecMarker(GROUP)
    def bplint_analyses(self) -> Sequence[Analysis[Any]]:  # type: ignore[empty-body]
        """Analyses that are reported; those with ``in_profile`` are asked for by ``bplint profile``."""

    @pluggy.HookspecMarker(GROUP)
    def bplint_importers(self) -> Sequence[Importer]:  # type: ignore[empty-body]
        """Importers, each for the suffixes of its files."""

    @pluggy.HookspecMarker(GROUP)
    def bplint_reporters(self) -> Sequence[Reporter]:  # type: ignore[empty-body]
        """Formats for ``--format``."""


class Plugin(NamedTuple):
    """One plugin, loaded and validated; its analyses are loaded when they are wanted, see :func:`load_analyses`."""

    point: EntryPoint
    rules: tuple[Rule, ...]
    importers: tuple[Importer, ...]
    reporters: tuple[Reporter, ...]

    @property
    def built_in(self) -> bool:
        """Whether it is of bplint itself."""
        return self.point.distribution == GROUP


class Plugins(NamedTuple):
    """All plugins of a run. ``rules`` are sorted by code; ``importers`` by suffix and ``reporters`` by name are looked up."""

    plugins: tuple[Plugin, ...]
    rules: tuple[Rule, ...]
    importers: ImportersBySuffix
    reporters: Mapping[str, Reporter]
    failures: tuple[Failure, ...] = ()
    """Of plugins, or parts of them, that are left out."""

    @property
    def default_format(self) -> str:
        """The name of the format that is shown where none is asked for; empty where none is for that."""
        return next((name for name, reporter in self.reporters.items() if reporter.is_default), "")

    def provider(self, rule: Rule) -> EntryPoint:
        """The plugin that a rule comes from."""
        return next(plugin.point for plugin in self.plugins if rule in plugin.rules)

    def failure(self, fault: Fault, circuit: str = "") -> Failure:
        """A fault of a part with the plugin that it comes from."""
        home = self._home(fault)
        name = home.name if home else fault.module.partition(".")[0]
        own = next((f"{p.point.distribution} {p.point.version}" for p in self.plugins if p.built_in), "")
        distribution = f"{home.distribution} {home.version}" if home else own if name == GROUP else ""
        return Failure(fault.part, fault.name, name, distribution, fault.lines, circuit)

    def _home(self, fault: Fault) -> EntryPoint | None:
        for plugin in self.plugins:
            names = {
                PartKind.RULE: [rule.code for rule in plugin.rules],
                PartKind.REPAIR: [rule.code for rule in plugin.rules],
                PartKind.IMPORTER: [importer.name for importer in plugin.importers],
                PartKind.FORMAT: [reporter.name for reporter in plugin.reporters],
            }
            if fault.name in names.get(fault.part, ()):
                return plugin.point
        root = fault.module.partition(".")[0]
        roots = {plugin.point.module.partition(".")[0]: plugin.point for plugin in self.plugins if not plugin.built_in}
        return roots.get(root)


@cache
def load(blocked: tuple[str, ...] = ()) -> Plugins:
    """Every installed plugin but those ``blocked`` by name; what could not be loaded stands among the ``failures``.

    ``UsageError`` for a blocked name that is not installed, ``PluginError`` where there are no rules.
    """
    points = installed()
    if unknown := sorted(set(blocked) - {point.name for point in points}):
        raise UsageError(f"no plugin is called {unknown[0]!r}; `bplint plugins` lists them")
    plugins: list[Plugin] = []
    failures: list[Failure] = []
    for point in points:
        if point.name in blocked:
            continue
        try:
            plugins.append(_load(point))
        except PluginError as error:
            failures.append(_left_out(point, PartKind.PLUGIN, point.name, error))
    sources = [(plugin.point, plugin) for plugin in sorted(plugins, key=lambda p: not p.built_in)]
    by_code = _unique([(f, r.code, r) for f, p in sources for r in p.rules], PartKind.RULE, failures)
    owner = {id(rule): origin for origin, plugin in sources for rule in plugin.rules}
    by_name = _unique([(owner[id(r)], r.name, r) for r in by_code.values()], PartKind.RULE, failures)
    if not by_name:
        told = "".join(f"; {failure.title}: {failure.reason}" for failure in failures)
        raise PluginError(f"no rules were found: is bplint installed, with its entry points?{told}")
    return Plugins(
        plugins=tuple(plugins),
        rules=tuple(sorted(by_name.values(), key=lambda rule: rule.code)),
        importers=_by_suffix(sources, failures),
        reporters=_unique([(f, r.name, r) for f, p in sources for r in p.reporters], PartKind.FORMAT, failures),
        failures=tuple(failures),
    )


class Analyses(NamedTuple):
    """The analyses of a run by name, and who failed to bring any."""

    by_name: Mapping[str, Analysis[Any]]
    homes: Mapping[str, EntryPoint]
    failures: tuple[Failure, ...]


@cache
def load_analyses(blocked: tuple[str, ...] = ()) -> Analyses:
    """Every analysis: apart from :func:`load`, since a small file is linted sooner than all of ours are loaded."""
    failures: list[Failure] = []
    analyses: list[tuple[EntryPoint, str, Analysis[Any]]] = []
    for plugin in sorted(load(blocked).plugins, key=lambda p: not p.built_in):
        point = plugin.point
        try:
            analyses += [(point, a.name, a) for a in _answer(_manager(point), point, "bplint_analyses", Analysis)]
        except PluginError as error:
            failures.append(_left_out(point, PartKind.PLUGIN, point.name, error))
    by_name = _unique(analyses, PartKind.ANALYSIS, failures)
    homes = {name: point for point, name, analysis in analyses if by_name[name] is analysis}
    return Analyses(by_name, homes, tuple(failures))


def check_analyses(blocked: tuple[str, ...] = ()) -> tuple[Failure, ...]:
    """What is wrong with the analyses of a run; loads them only where another than bplint brings some."""
    strangers = [plugin.point for plugin in load(blocked).plugins if not plugin.built_in]
    brought = any(hasattr(import_module(point.module), "bplint_analyses") for point in strangers)
    return load_analyses(blocked).failures if brought else ()


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


def _manager(point: EntryPoint) -> _Manager:
    """A plugin imported, its hooks registered. One manager a plugin: whose answer is whose is then plain."""
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
    return manager


def _load(point: EntryPoint) -> Plugin:
    """Import a plugin and ask its hooks, but for its analyses."""
    manager = _manager(point)
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


_CODE = r"[A-Z]{2,5}\d{3}"


def _fault(rule: Rule) -> str | None:
    """What is wrong with a rule as an object; its page and examples are the test kit's concern."""
    if not re.fullmatch(_CODE, rule.code) or not re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name):
        return f"want a code like EX101 and a name like wide-loss, got {rule.code} {rule.name}"
    if not isinstance(rule.severity, Severity) or not isinstance(rule.kind, Kind):
        return f"{rule.code}: want a Severity and a Kind, got {rule.severity!r} and {rule.kind!r}"
    for check, what in (
        (rule.check, "(case, ask) as check"),
        (rule.family, "(family, ask) as family"),
        (rule.change, "(versions, ask) as check of a change"),
    ):
        if check is not None and not callable(check):
            return f"{rule.code}: want a function {what}, got {type(check).__name__}"
    if rule.worst is not None and not isinstance(rule.worst, Severity):
        return f"{rule.code}: want a Severity as worst, got {rule.worst!r}"
    for repair in rule.repairs:
        if not callable(repair):
            return f"{rule.code}: want functions (case, ask, hit) as repairs, got {type(repair).__name__}"
    for code in rule.explains:
        if not re.fullmatch(_CODE, code):
            return f"{rule.code}: want the codes of rules as explains, got {code!r}"
    for name, default in rule.options.items():
        if type(default) not in (bool, int, float, str):
            return f"{rule.code}: option {name}: want a boolean, number or string, got {type(default).__name__}"
    return None


T = TypeVar("T", Rule, Analysis[Any], Importer, Reporter)


def _answer(manager: pluggy.PluginManager, point: EntryPoint, hook: str, kind: type[T]) -> tuple[T, ...]:
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


def _left_out(point: EntryPoint, part: PartKind, name: str, error: PluginError) -> Failure:
    """The failure of a plugin or a part of it, with where it was raised if that is in its own code."""
    cause = error.__cause__
    lines = (*(last_lines(cause)[:-1] if cause else ()), str(error))
    return Failure(part, name, point.name, f"{point.distribution} {point.version}", lines)


def _unique(brought: Iterable[tuple[EntryPoint, str, T]], part: PartKind, failures: list[Failure]) -> dict[str, T]:
    """Name -> part, the first of a name. Where two provide one, the other is left out, and the failure names both."""
    parts: dict[str, T] = {}
    owner: dict[str, EntryPoint] = {}
    for point, name, item in brought:
        if name in parts:
            error = PluginError(f"{part} {name} is provided twice, by plugin {owner[name]} and by plugin {point}")
            failures.append(_left_out(point, part, name, error))
        else:
            parts[name], owner[name] = item, point
    return parts


def _by_suffix(sources: Sequence[tuple[EntryPoint, Plugin]], failures: list[Failure]) -> ImportersBySuffix:
    """The importers of each suffix: those that claim texts, and one at most that takes all others."""
    every = [(point, suffix, i) for point, plugin in sources for i in plugin.importers for suffix in i.suffixes]
    rest = _unique([part for part in every if part[2].claims is None], PartKind.IMPORTER, failures)
    by_suffix: dict[str, tuple[Importer, ...]] = {}
    for _, suffix, importer in every:
        if importer.claims is not None or rest[suffix] is importer:
            by_suffix[suffix] = (*by_suffix.get(suffix, ()), importer)
    return by_suffix


def choose(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]) -> tuple[Rule, ...]:
    """The rules named by ``select`` (all if empty) without those named by ``ignore``: codes, code prefixes or names."""
    chosen = set().union(*(_matching(rules, word) for word in select)) if select else {rule.code for rule in rules}
    dropped = set().union(*(_matching(rules, word) for word in ignore))
    return tuple(rule for rule in rules if rule.code in chosen - dropped)


def _matching(rules: Sequence[Rule], word: str) -> set[str]:
    codes = {rule.code for rule in rules if rule.name == word or (word and rule.code.startswith(word))}
    if codes:
        return codes
    from difflib import get_close_matches

    close = get_close_matches(word, [w for rule in rules for w in (rule.code, rule.name)], n=1)
    raise UsageError(f"no rule is called {word!r}" + (f"; did you mean {close[0]}?" if close else ""))
