"""The bytes of a configuration file: found, opened with care, limited."""

from __future__ import annotations

import os

from bplint.errors import UsageError
from bplint.files import regular_file
from bplint.importers.quoting import quote

NAMES = ("bplint.toml", "pyproject.toml")
"""Of two in one folder the first is used."""

LIMIT = 1_000_000
"""Bytes of one file."""


def content(path: str) -> bytes | None:
    """The bytes of a file; None if there is none. ``UsageError`` for what is there and cannot be read."""
    try:
        data = regular_file.content(path, LIMIT)
    except regular_file.NotReadable as error:
        if not os.path.lexists(path):
            return None
        raise UsageError(f"{shown(path)}: {error}") from error
    if len(data) > LIMIT:
        raise UsageError(f"{shown(path)}: over the limit of {LIMIT:,} bytes for a configuration file")
    return data


def shown(path: str) -> str:
    """A path as messages name it: from the current folder, safe on a terminal."""
    relative = os.path.relpath(path)
    name = path if relative.startswith(os.path.join("..", "..", "..")) else relative
    return "".join(c if c.isprintable() else quote(c) for c in name)
