"""Globs over the paths of sources, as configuration writes them."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import NamedTuple


class Glob(NamedTuple):
    """A pattern, and the folder (absolute) of the file that has it.

    Without a slash it is a name at any depth, with one a path below the folder; ``*`` stays within a name, ``**`` is any
    number of folders. What matches a folder matches all that is in it.
    """

    pattern: str
    folder: str

    def matches(self, path: str) -> bool:
        """Whether it matches a path (absolute)."""
        base = os.path.join(self.folder, "")
        if not path.startswith(base):
            return False
        wanted = self.pattern.rstrip("/").split("/")
        return _match(wanted if "/" in self.pattern.rstrip("/") else ["**", *wanted], path[len(base) :].split(os.sep))


def fault(pattern: str) -> str | None:
    """What is wrong with a pattern."""
    parts = pattern.split("/")
    if not pattern.strip("/ "):
        return "want a path or a name, got an empty glob"
    if len(pattern) > 1000:
        return f"want a glob of at most 1,000 characters, got {len(pattern):,}"
    if pattern.startswith(("/", "~")) or ".." in parts or "\\" in pattern:
        return "want a path below the folder of this file, with / between names"
    if any(part.count("[") > part.count("]") for part in parts):
        return "a [ is never closed"
    return None


def _match(wanted: list[str], parts: list[str]) -> bool:
    """Whether the globs, name by name, match the path or one of the folders it is in."""
    places = _with_skips({0}, wanted)
    if len(wanted) in places:
        return True  # nothing but **
    for part in parts:
        places = {
            i if wanted[i] == "**" else i + 1 for i in places if wanted[i] == "**" or fnmatchcase(part, wanted[i])
        }
        places = _with_skips(places, wanted)
        if len(wanted) in places:
            return True
    return False


def _with_skips(places: set[int], wanted: list[str]) -> set[int]:
    """The places in the pattern that are reached from these without a name: ``**`` may stand for no folder."""
    reached = set(places)
    for place in sorted(places):
        while place < len(wanted) and wanted[place] == "**":
            place += 1
            reached.add(place)
    return reached
