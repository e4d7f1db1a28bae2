"""The lines before a run: what holds for the sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import click

from bplint import __version__
from bplint.config.in_force import InForce, rules_of
from bplint.errors import SourceError
from bplint.number_format import plural
from bplint.report.layout import prose
from bplint.runs.entries import Source
from bplint.sources.building.circuit import BuiltCircuit

_SHOTS = re.compile(rb"\bbplint[ \t]*[:.]?[ \t]*shots\b[ \t]*=?[ \t]*(\d{1,18})(?!\d)")
"""A comment, pragma or annotation that declares shots: read before the run, by which the source is read in full."""

_LISTED = 3
"""Numbers that are listed one by one."""


def header(sources: Sequence[Source], settings: Sequence[InForce], deselected: int = 0, remark: str = "") -> str:
    """What holds for the sources, and which severities configuration changes.

    ``settings`` are those of each source, or of the working folder where there is none.
    """
    left_out = f", {deselected:,} deselected" if deselected else ""
    seeds = _listed(one.seed for one in settings)
    shots = _listed(map(shots_of, sources, settings) if sources else (one.shots for one in settings))
    otherwise = ", unless standard input says otherwise" if any(source.path == "-" for source in sources) else ""
    what = f"{plural(len(rules_of(settings)), 'rule')} · seed {seeds} · {shots} shots a component{otherwise}"
    files = ", ".join(dict.fromkeys(file for s in settings for file in s.files))
    name = f"bplint {__version__}"
    first, *more = prose(f"{name} · {what} · {plural(len(sources), 'circuit')}{left_out}", "")
    lines = [
        first.replace(name, click.style(name, bold=True), 1),
        *more,
        *([f"configuration {files}"] if files else []),
        *dict.fromkeys(change for s in settings for change in s.changes),
        *([remark] if remark else []),
        "",
    ]
    return "\n".join(lines)


def shots_of(source: Source, settings: InForce) -> int:
    """The shots that hold for a source: an option, what it declares itself, configuration, the default, in this order."""
    if settings.asked.shots is not None or source.path == "-":
        return settings.shots
    if isinstance(source, BuiltCircuit):
        return next((d.read for d in source.directives if d.key == "shots"), settings.shots)
    try:
        declared = _SHOTS.search(source.read())
    except SourceError:  # the run says so
        return settings.shots
    return int(declared[1]) if declared else settings.shots


def _listed(numbers: Iterable[int]) -> str:
    """``100, 10,000`` for few numbers, ``100 to 10,000`` for many."""
    listed = [f"{number:,}" for number in sorted(set(numbers))]
    return ", ".join(listed) if len(listed) <= _LISTED else f"{listed[0]} to {listed[-1]}"
