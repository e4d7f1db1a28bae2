"""Names of parameters as people select them: ``w``, ``w*``, one element ``x[2]`` or ``x[1,2]``, or a range of them ``x[0:4]``;
and as they are listed in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

_ELEMENTS = re.compile(r"(?P<name>.*)\[(?P<places>\d+(?::\d+)?(?:,\d+(?::\d+)?)*)\]", re.ASCII | re.DOTALL)

_LISTED = 4
"""Names and ranges in a sentence."""


def selects(pattern: str, name: str) -> bool:
    """Whether a pattern selects a name. Digits in brackets at its end are elements, both ends of a range as in OpenQASM; the
    rest is a glob."""
    wanted = _ELEMENTS.fullmatch(pattern)
    if wanted is None:
        return fnmatchcase(name, pattern)
    element = _ELEMENTS.fullmatch(name)
    if element is None or ":" in element["places"] or not fnmatchcase(element["name"], wanted["name"]):
        return False
    ranges = [part.split(":") for part in wanted["places"].split(",")]
    places = [int(part) for part in element["places"].split(",")]
    return len(ranges) == len(places) and all(
        int(ends[0]) <= place <= int(ends[-1]) for ends, place in zip(ranges, places, strict=True)
    )


def listed(names: Sequence[str]) -> str:
    """Different names in a sentence: ``w[0], w[2] to w[7]``, a range only where it has no gap; of many the first few."""
    ranges = list(_ranges(names))
    if len(ranges) <= _LISTED:
        return ", ".join(text for text, _ in ranges)
    shown = ranges[: _LISTED - 1]
    more = len(names) - sum(count for _, count in shown)
    return f"{', '.join(text for text, _ in shown)} and {more:,} more"


def patterns(names: Sequence[str]) -> list[str]:
    """What selects these names, neighbours in an array by one range: ``w[0:5]``, ``w[7]``."""
    return [
        name if first is None else f"{name}{first}]" if first == last else f"{name}{first}:{last}]"
        for name, first, last in _runs(names)
    ]


def _ranges(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The names, those of an array together and in order, runs of three or more as one; with how many each text stands for."""
    for name, first, last in _runs(names):
        if first is None:
            yield name, 1
        elif last - first > 1:
            yield f"{name}{first}] to {name}{last}]", last - first + 1
        else:
            yield from ((f"{name}{place}]", 1) for place in range(first, last + 1))


def _runs(names: Sequence[str]) -> Iterator[tuple[str, int | None, int]]:
    """The names, those of an array together and in order: of a run ``w[`` with the first place and the last."""
    arrays: dict[str, list[int]] = {}
    for name in names:
        element = _ELEMENTS.fullmatch(name)
        if element is None or ":" in element["places"]:
            arrays[name] = []
        else:
            *row, place = element["places"].split(",")  # a run is one of the last place
            arrays.setdefault(f"{element['name']}[{''.join(f'{p},' for p in row)}", []).append(int(place))
    for name, places in arrays.items():
        if not places:
            yield name, None, 0
        runs: list[list[int]] = []
        for place in sorted(places):
            if runs and place == runs[-1][1] + 1:
                runs[-1][1] = place
            else:
                runs.append([place, place])
        yield from ((name, first, last) for first, last in runs)
