"""What ``--show-settings`` prints: the settings of each source, and who stated them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bplint.config.files import shown
from bplint.config.in_force import Configurations, InForce
from bplint.config.settings import Settings
from bplint.rule import Rule

_KEYS = ("observable", "init", "noise", "shots", "trainable", "data", "seed", "budget", "fail-on")


def show(settings: Settings, rules: Sequence[Rule], paths: Sequence[str]) -> str:
    """The settings in force for these sources, those with the same settings together; of the current folder if there are none.

    What a source says in its own comments is not among them.
    """
    configurations = Configurations(settings, rules)
    groups: dict[str, list[str]] = {}
    for path in paths or ["-"]:
        groups.setdefault("".join(_lines(configurations.of(path))), []).append(path)
    blocks = ["".join(f"{shown(path)}\n" for path in names) + text for text, names in groups.items()]
    return "\n".join([*blocks, "A source's own `// bplint:` comments win over configuration and defaults.\n"])


def _lines(settings: InForce) -> Iterator[str]:
    yield _line("configuration", ", ".join(settings.files) or "none")
    for key in _KEYS:
        stated = settings.stated(key)
        yield _line(key, _text(stated.value), stated.origin)
    yield _line("rules", " ".join(rule.code for rule in settings.rules))
    for change in settings.changes:
        yield _line("severity", change)
    for rule in settings.rules:
        for name, value in rule.options.items():
            said = settings.options.get(rule.code, {}).get(name)
            yield _line(f"{rule.code}.{name}", _text(value), said.origin if said else "default")


def _line(key: str, value: str, origin: str = "") -> str:
    return f"  {key:<14} {value}".rstrip() + (f"  ({origin})" if origin else "") + "\n"


def _text(value: object) -> str:
    if value in (None, ()):
        return "none"
    return (
        ", ".join(map(str, value))
        if isinstance(value, tuple)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
