"""A configuration file, read and checked: unknown keys, wrong types and unknown rules are errors that name file and key."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bplint.config.files import content, shown
from bplint.config.globs import Glob, fault
from bplint.config.key import Place
from bplint.config.settings import FAIL_ON, Configuration, Stated
from bplint.config.targets import Target, target
from bplint.config.toml import parse
from bplint.context_keys import Key, Said, WrongValue, keys
from bplint.errors import BplintError, UsageError
from bplint.finding import Severity
from bplint.importers.quoting import quote
from bplint.ir.trainable import POLICIES
from bplint.plugins import choose
from bplint.rule import Rule

_DEEPEST = 10
"""Files that extend one another."""


def read(
    path: str, data: bytes, rules: Sequence[Rule], *, required: bool = False, above: tuple[str, ...] = ()
) -> Configuration | None:
    """The configuration in a file (absolute path) and in those it extends; None for a pyproject.toml without our table.

    ``required`` makes that an error. ``UsageError`` for whatever is wrong with it.
    """
    file = shown(path)
    table: Any = parse(data, file)
    key = ""
    if os.path.basename(path) == "pyproject.toml":
        key = "tool.bplint"
        tool = table.get("tool")
        table = tool.get("bplint") if isinstance(tool, dict) else None
        if table is None:
            if required:
                raise UsageError(f"{file}: there is no table tool.bplint in it")
            return None
    place = Place(file, key, os.path.dirname(path))
    own = _configuration(place.table(table), place, rules)
    if "extend" not in table:
        return own
    base = os.path.normpath(os.path.join(place.folder, _text(table["extend"], place.at("extend"), rules)))
    return own.over(_extended(base, (*above, path), place.at("extend"), rules))


def _extended(path: str, above: tuple[str, ...], place: Place, rules: Sequence[Rule]) -> Configuration:
    chain = " -> ".join(shown(file) for file in (*above, path))
    try:
        circle = os.path.realpath(path) in map(os.path.realpath, above)
        data = content(path)
    except ValueError as error:  # a null byte
        raise place.error(f"no path of a file: {error}") from error
    if circle:
        raise place.error(f"files extend one another in a circle: {chain}")
    if len(above) > _DEEPEST:
        raise place.error(f"more than {_DEEPEST} files extend one another: {chain}")
    if data is None:
        raise place.error(f"no such file: {chain}")
    above_it = read(path, data, rules, required=True, above=above)
    assert above_it is not None  # required
    return above_it


def _configuration(table: Mapping[str, Any], place: Place, rules: Sequence[Rule]) -> Configuration:
    for key in table:
        if key not in _VALUES and key not in _TABLES:
            raise place.unknown(key, [*_VALUES, *_TABLES])
    tables = {key: place.at(key).table(table.get(key, {})) for key in _TABLES if key != "extend"}
    severities, options = place.at("severity"), place.at("rules")
    return Configuration(
        files=(place.file,),
        folder=place.folder,
        values=_stated(table, _VALUES, place, rules),
        circuits=tuple(
            (glob, _stated(part.table(value), _CONTEXT, part, rules, closed=True))
            for glob, part, value in _globs(tables["circuits"], place.at("circuits"))
        ),
        ignores=tuple(
            (glob, Stated(_ignored(value, part, rules), str(part)))
            for glob, part, value in _globs(tables["per-file-ignores"], place.at("per-file-ignores"))
        ),
        severities={
            rule.code: Stated(_severity(value, severities.at(key), rule), str(severities.at(key)))
            for key, value in tables["severity"].items()
            for rule in [_rule(key, severities, rules)]
        },
        options={
            rule.code: _options(options.at(key).table(value), options.at(key), rule)
            for key, value in tables["rules"].items()
            for rule in [_rule(key, options, rules)]
        },
    )


Reader = Callable[[Any, Place, Sequence[Rule]], Any]
"""(value, place, rules) -> the value as settings hold it; ``UsageError`` if it is none."""


def _stated(
    table: Mapping[str, Any],
    readers: Mapping[str, Reader],
    place: Place,
    rules: Sequence[Rule],
    *,
    closed: bool = False,
) -> dict[str, Stated]:
    """The values that have a reader; with ``closed`` any other key is an error."""
    for key in table:
        if closed and key not in readers:
            raise place.unknown(key, [*readers])
    return {
        key: Stated(reader(table[key], place.at(key), rules), str(place.at(key)))
        for key, reader in readers.items()
        if key in table
    }


def _globs(table: Mapping[str, Any], place: Place) -> Iterator[tuple[Glob, Place, Any]]:
    for pattern, value in table.items():
        if wrong := fault(pattern):
            raise place.at(pattern).error(wrong)
        yield Glob(pattern, place.folder), place.at(pattern), value


def _rule(word: str, place: Place, rules: Sequence[Rule]) -> Rule:
    """The one rule of this code or name."""
    for rule in rules:
        if word in (rule.code, rule.name):
            return rule
    known = _known(word, place, rules)
    raise place.error(f"want the code or name of one rule, got {word!r}, which {len(known):,} codes begin with")


def _known(word: str, place: Place, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    try:
        return choose(rules, [word], ())
    except UsageError as error:
        message = str(error) if len(word) <= 60 else f'no rule is called "{quote(word)}"'
        raise place.error(message) from error


def _options(table: Mapping[str, Any], place: Place, rule: Rule) -> dict[str, Stated]:
    for name in table:
        if not rule.options:
            raise place.error(f"{rule.code} {rule.name} has no options")
        if name not in rule.options:
            raise place.unknown(name, [*rule.options])
    return {
        name: Stated(_like(rule.options[name], value, place.at(name)), str(place.at(name)))
        for name, value in table.items()
    }


def _like(default: object, value: Any, place: Place) -> object:
    """The value, if it is of the default's type; a whole number will do for a float."""
    if isinstance(default, float) and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    if type(value) is type(default) and not isinstance(default, float):
        return value
    raise place.wrong(
        {float: "a number", int: "a whole number", bool: "true or false"}.get(type(default), "a string"), value
    )


def _severity(value: object, place: Place, rule: Rule) -> Severity | None:
    if rule.code == "BP001":
        raise place.error("what cannot be read is an error, whatever the configuration")
    word = _one_of(*(severity.label for severity in reversed(Severity)), "off")(value, place, ())
    return None if word == "off" else Severity[word.upper()]


def _text(value: object, place: Place, rules: Sequence[Rule]) -> str:
    if not isinstance(value, str):
        raise place.wrong("a string", value)
    if not value.strip():
        raise place.error("the string is empty")
    return value


def _file(value: object, place: Place, rules: Sequence[Rule]) -> str:
    """A path from the folder of the file, absolute."""
    text = _text(value, place, rules)
    if "\0" in text:
        raise place.wrong("a path", text)
    return os.path.normpath(os.path.join(place.folder, text))


def _texts(value: object, place: Place, rules: Sequence[Rule]) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise place.wrong("a list of strings", value)
    for item in value:
        if not isinstance(item, str) or not item.strip():
            raise place.wrong("a list of strings", item)
    return tuple(item.strip() for item in value)


def _excluded(value: object, place: Place, rules: Sequence[Rule]) -> tuple[Glob, ...]:
    patterns = _texts(value, place, rules)
    for pattern in patterns:
        if wrong := fault(pattern):
            raise place.error(f'"{quote(pattern)}": {wrong}')
    return tuple(Glob(pattern, place.folder) for pattern in patterns)


def _targets(value: object, place: Place, rules: Sequence[Rule]) -> tuple[Target, ...]:
    targets = [target(text, place.folder) for text in _texts(value, place, rules)]
    for one in targets:
        if isinstance(one, str):
            raise place.error(one)
    return tuple(one for one in targets if isinstance(one, Target))


def _codes(value: object, place: Place, rules: Sequence[Rule]) -> tuple[str, ...]:
    words = _texts(value, place, rules)
    for word in words:
        _known(word, place, rules)
    return words


def _selected(value: object, place: Place, rules: Sequence[Rule]) -> tuple[str, ...]:
    words = _codes(value, place, rules)
    if not words:
        raise place.error("the list is empty: no rule would run")
    return words


def _ignored(value: object, place: Place, rules: Sequence[Rule]) -> tuple[str, ...]:
    words = _codes(value, place, rules)
    if {"BP001", "unreadable"} & set(words):
        raise place.error("BP001 cannot be ignored: what cannot be read is an error")
    return words


def _flag(value: object, place: Place, rules: Sequence[Rule]) -> bool:
    if not isinstance(value, bool):
        raise place.wrong("true or false", value)
    return value


def _reader(key: Key) -> Reader:
    """The reader of the table, whose errors speak of this place."""

    def reader(value: object, place: Place, rules: Sequence[Rule]) -> object:
        # Here a string is a policy: names that no circuit has are no error in what speaks of many.
        if key.name == "trainable" and not isinstance(value, list) and value not in POLICIES:
            raise place.wrong(f"one of {', '.join(POLICIES)}, or a list of names", value)
        try:
            return key.read(value)
        except WrongValue as error:
            raise place.wrong(error.want, error.got) from error
        except BplintError as error:
            raise place.error(str(error)) from error

    return reader


def _one_of(*words: str) -> Callable[[object, Place, Sequence[Rule]], str]:
    def reader(value: object, place: Place, rules: Sequence[Rule]) -> str:
        if value not in words:
            raise place.wrong(f"one of {', '.join(words)}", value)
        return str(value)

    return reader


_CONTEXT: Mapping[str, Reader] = {name: _reader(key) for name, key in keys(Said.CONFIGURATION | Said.SOURCE).items()}
"""What a circuit file can also say itself: these keys may stand in a table of ``circuits``."""

_VALUES: Mapping[str, Reader] = {
    **{name: _reader(key) for name, key in keys(Said.CONFIGURATION).items()},
    "select": _selected,
    "ignore": _ignored,
    "extend-select": _codes,
    "fail-on": _one_of(*FAIL_ON),
    "require-observable": _flag,
    "baseline": _file,
    "exclude": _excluded,
    "extend-exclude": _excluded,
    "targets": _targets,
    "cache-dir": _file,
}
_TABLES = ("extend", "per-file-ignores", "severity", "circuits", "rules")
