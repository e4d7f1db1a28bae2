"""What ``--show-settings`` prints: the settings of each source, its own comments included, and who stated them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bplint.config.files import shown
from bplint.config.in_force import InForce
from bplint.context_keys import KEYS
from bplint.errors import SourceError
from bplint.importers.program import Directive, Program
from bplint.prepare import given
from bplint.runs.one_source import Job
from bplint.sources.collect import InputSource


def show(job: Job, sources: Sequence[InputSource]) -> str:
    """The settings in force for these sources, those with the same settings together; of the current folder if there are none."""
    groups: dict[str, list[str]] = {}
    for source in sources:
        groups.setdefault("".join(_lines(job, source)), []).append(source.name)
    if not sources:
        groups["".join(_settings(job.configurations.of("-"), ()))] = ["-"]
    return "\n".join("".join(f"{shown(path)}\n" for path in names) + text for text, names in groups.items())


def _lines(job: Job, source: InputSource) -> Iterator[str]:
    settings = job.configurations.of(source.name)
    try:
        program = job.read(source, job.text(source))
        yield from _settings(settings, program.directives if isinstance(program, Program) else ())
    except SourceError as error:
        place = f"line {error.span.line}" if error.span else ""
        yield _line("unreadable", f"{error.message}; without its comments there holds", place)
        yield from _settings(settings, ())


def _settings(settings: InForce, directives: Sequence[Directive]) -> Iterator[str]:
    stated = given(directives, settings)
    yield _line("configuration", ", ".join(settings.files) or "none")
    for key in KEYS:
        held = stated.get(key.name)
        origin = f"{held.source} in line {held.span.line}" if held and held.span else settings.stated(key.name).origin
        yield _line(key.name, key.written(held.value if held else settings.stated(key.name).value), origin)
    fail_on = settings.stated("fail-on")
    yield _line("fail-on", fail_on.value, fail_on.origin)
    if (baseline := settings.stated("baseline")).value:
        yield _line("baseline", shown(baseline.value), baseline.origin)
    for name in ("exclude", "extend-exclude"):
        if (left_out := settings.stated(name)).value is not None:
            yield _line(name, " ".join(glob.pattern for glob in left_out.value), left_out.origin)
    yield _line("rules", " ".join(rule.code for rule in settings.rules))
    for change in settings.changes:
        yield _line("severity", change)
    for rule in settings.rules:
        for name, value in rule.options.items():
            said = settings.options.get(rule.code, {}).get(name)
            yield _line(f"{rule.code}.{name}", _text(value), said.origin if said else "default")


def _line(key: str, value: str, origin: str = "") -> str:
    return f"  {key:<14} {value}".rstrip() + (f"  ({origin})" if origin else "") + "\n"


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
