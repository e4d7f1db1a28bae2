"""Where rules come from: found as entry points, loaded, validated, frozen. Built-in rules enter by the same door.

A plugin that fails or returns nonsense stops the run, and so does a run without rules: a linter with no rules would say
"clean".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

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
    try:
        manager.load_setuptools_entrypoints(GROUP)
    except Exception as error:
        raise PluginError(f"a plugin failed to load: {type(error).__name__}: {error}") from error
    rules: dict[str, Rule] = {}
    for plugin in manager.get_plugins():
        name = manager.get_name(plugin) or repr(plugin)
        for rule in _rules_of(plugin, name):
            if other := rules.get(rule.code):
                raise PluginError(f"plugin {name}: rule {rule.code} exists already, as {other.name} in {other.module}")
            rules[rule.code] = rule
    if not rules:
        raise PluginError("no rules were found: is bplint installed, with its entry points?")
    return tuple(rules[code] for code in sorted(rules))


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
            raise PluginError(f"plugin {name}: want a code like BP201 and a name like global-observable, got {rule.code} {rule.name}")
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
