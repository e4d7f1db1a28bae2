"""Where rules come from: found as entry points, loaded, validated, frozen. Built-in rules enter by the same door.

A plugin that fails or returns nonsense stops the run, and so does a run without rules: a linter with no rules would say
"clean".
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module

import pluggy

from bplint.errors import PluginError, UsageError
from bplint.rule import Rule

GROUP = "bplint"

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


class Hooks:
    """What a plugin may provide."""

    @hookspec
    def bplint_rules(self) -> Sequence[Rule]:  # type: ignore[empty-body]  # a specification has no body
        """The rules of this plugin."""


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule of every installed plugin, by code. ``PluginError`` names the plugin at fault."""
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(Hooks)
    for name, module in entry_points().items():
        try:
            manager.register(import_module(module), name)
        except Exception as error:
            raise PluginError(f"plugin {name} failed to load: {type(error).__name__}: {error}") from error
    rules: dict[str, Rule] = {}
    for name, plugin in manager.list_name_plugin():
        for rule in _rules_of(plugin, name):
            if other := rules.get(rule.code):
                raise PluginError(f"plugin {name}: rule {rule.code} exists already, as {other.name} in {other.module}")
            rules[rule.code] = rule
    if not rules:
        raise PluginError("no rules were found: is bplint installed, with its entry points?")
    return tuple(rules[code] for code in sorted(rules))


def entry_points() -> dict[str, str]:
    """Name -> module of the entry points in group ``bplint`` of what is installed; the first of a name on the path wins.

    Reads the metadata folders itself: ``importlib.metadata`` loads an e-mail parser and more, a quarter of the time that a
    small file may take. It is asked where the folders hold nothing, as for packages in archives.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        for metadata in _metadata(folder):
            for name, module in _section(metadata):
                found.setdefault(name, module)
    if found:
        return found
    from importlib import metadata as installed

    return {point.name: point.value for point in installed.entry_points(group=GROUP)}


def _metadata(folder: str) -> list[str]:
    """The entry point files of the packages in one folder of the path, sorted."""
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return []
    kept = sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))
    return [os.path.join(folder, name, "entry_points.txt") for name in kept]


def _section(file: str) -> Iterator[tuple[str, str]]:
    """The pairs (name, module) of one file in our group."""
    try:
        with open(file, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
    except OSError:
        return
    inside = False
    for line in lines:
        if line.startswith("["):
            inside = line.strip() == f"[{GROUP}]"
        elif inside and "=" in line:
            name, _, module = line.partition("=")
            yield name.strip(), module.strip()


def _rules_of(plugin: object, name: str) -> Sequence[Rule]:
    hook = getattr(plugin, "bplint_rules", None)
    if hook is None:
        return ()
    try:
        rules = list(hook())
    except Exception as error:
        raise PluginError(f"plugin {name}: bplint_rules() failed: {type(error).__name__}: {error}") from error
    for rule in rules:
        if not isinstance(rule, Rule):
            raise PluginError(f"plugin {name}: want Rule objects from bplint_rules(), got {type(rule).__name__}")
        if not re.fullmatch(r"[A-Z]{2,5}\d{3}", rule.code) or not re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name):
            raise PluginError(
                f"plugin {name}: want a code like BP201 and a name like global-observable, got {rule.code} {rule.name}"
            )
    return rules


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
