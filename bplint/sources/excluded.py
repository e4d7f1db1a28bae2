"""What a walk through a directory passes over: what configuration excludes, and what git ignores.

A path that is named is taken whatever excludes it, and so is what lies below a folder that is named.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bplint.config.globs import Glob
from bplint.files import regular_file

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

ALWAYS = ("node_modules", "__pycache__", "build", "dist", "venv")
"""Names that are passed over unless configuration says ``exclude``; those with a dot before are so in any case."""

ExcludedIn: TypeAlias = Callable[[str], tuple[Sequence[Glob] | None, Sequence[Glob]]]
"""What configuration excludes in a folder (absolute): in place of the usual names, None for these, and beside them."""


def walk(directory: str, excluded: ExcludedIn | None = None) -> Iterator[str]:
    """The files below a directory, sorted within each folder; links to folders are not followed."""
    passed = _Passed(os.path.abspath(directory), excluded or (lambda folder: (None, ())))
    for folder, folders, files in os.walk(directory):
        place = os.path.abspath(folder)
        folders[:] = sorted(f for f in folders if not passed.over(place, f, is_folder=True))
        for file in sorted(files):
            if not passed.over(place, file, is_folder=False):
                yield os.path.join(folder, file)


def passed_over(path: str, directory: str, excluded: ExcludedIn | None = None) -> bool:
    """Whether a walk through a directory (both absolute) does not come to a file below it."""
    passed = _Passed(directory, excluded or (lambda folder: (None, ())))
    folder, names = directory, os.path.relpath(path, directory).split(os.sep)
    for place, name in enumerate(names, start=1):
        if passed.over(folder, name, is_folder=place < len(names)):
            return True
        folder = os.path.join(folder, name)
    return False


class _Ignoring(NamedTuple):
    """The ``.gitignore`` of a folder."""

    folder: str
    spec: GitIgnoreSpec

    def says(self, path: str, *, is_folder: bool) -> bool | None:
        """Whether it ignores a path, or asks for it; None where it says nothing."""
        inner = path[len(os.path.join(self.folder, "")) :].replace(os.sep, "/")
        inner = os.fsencode(inner.replace("\n", " ")).decode(
            "latin-1"
        )  # byte by byte, as git; no pattern has a line end
        return self.spec.check_file(inner + "/" * is_folder).include


class _Passed:
    """What is passed over below ``top``, the folder that was named."""

    def __init__(self, top: str, excluded: ExcludedIn) -> None:
        self._top = top
        self._excluded = excluded
        self._globs: dict[str, list[Glob]] = {}
        self._ignoring: dict[str, list[_Ignoring]] = {}

    def over(self, folder: str, name: str, *, is_folder: bool) -> bool:
        path = os.path.join(folder, name)
        if name.startswith(".") or any(glob.matches(path) for glob in self._globs_in(folder)):
            return True
        told = (one.says(path, is_folder=is_folder) for one in reversed(self._ignoring_in(folder)))
        return next((says for says in told if says is not None), False)

    def _globs_in(self, folder: str) -> list[Glob]:
        if folder not in self._globs:
            instead, beside = self._excluded(folder)
            usual = [Glob(name, self._top) for name in ALWAYS] if instead is None else instead
            self._globs[folder] = [glob for glob in (*usual, *beside) if not glob.matches(self._top)]
        return self._globs[folder]

    def _ignoring_in(self, folder: str) -> list[_Ignoring]:
        """The ignoring files that hold in a folder, from the root of the repository on; the last that says something wins."""
        if folder not in self._ignoring:
            own = _read(folder)
            above = self._above() if folder == self._top else self._ignoring_in(os.path.dirname(folder))
            self._ignoring[folder] = [*above, own] if own else above
        return self._ignoring[folder]

    def _above(self) -> list[_Ignoring]:
        """The ignoring files above the top, without those that ignore it as a whole: it was named."""
        ignoring: list[_Ignoring] = []
        folder = self._top
        while not os.path.lexists(os.path.join(folder, ".git")):
            above = os.path.dirname(folder)
            if above == folder:
                return []  # no repository
            folder = above
            if (own := _read(folder)) and not own.says(self._top, is_folder=True):
                ignoring.append(own)
        return ignoring[::-1]


def _read(folder: str) -> _Ignoring | None:
    """What the ``.gitignore`` of a folder says; None without one. What git would not understand is passed over, as by git."""
    try:
        data = regular_file.content(os.path.join(folder, ".gitignore"), _LIMIT)
    except regular_file.NotReadable:
        return None
    from pathspec import GitIgnoreSpec  # for those who have such a file

    lines = data.removeprefix(b"\xef\xbb\xbf").decode("latin-1").split("\n")
    return _Ignoring(folder, GitIgnoreSpec.from_lines(filter(_is_pattern, (line.removesuffix("\r") for line in lines))))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    if any(name.count("*") > _STARS for name in line.split("/") if name != "**"):
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


_LIMIT = 1_000_000
"""Bytes of one file that are read."""
_STARS = 3
"""In one name: the time to match grows with the length of the name to this power."""
