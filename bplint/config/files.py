"""The bytes of a configuration file: found, opened with care, limited."""

from __future__ import annotations

import os
import stat

from bplint.errors import UsageError
from bplint.importers.quoting import quote

NAMES = ("bplint.toml", "pyproject.toml")
"""Of two in one folder the first is used."""

LIMIT = 1_000_000
"""Bytes of one file."""


def content(path: str) -> bytes | None:
    """The bytes of a file; None if there is none. ``UsageError`` for what is there and cannot be read."""
    try:
        # Opened without blocking: a FIFO of this name must not hang the run.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UsageError(f"{shown(path)}: not a regular file")
            data = file.read(LIMIT + 1)
    except OSError as error:
        if not os.path.lexists(path):
            return None
        raise UsageError(f"{shown(path)}: cannot be read: {error.strerror}") from error
    if len(data) > LIMIT:
        raise UsageError(f"{shown(path)}: over the limit of {LIMIT:,} bytes for a configuration file")
    return data


def shown(path: str) -> str:
    """A path as messages name it: from the current folder, safe on a terminal."""
    relative = os.path.relpath(path)
    name = path if relative.startswith(os.path.join("..", "..", "..")) else relative
    return "".join(c if c.isprintable() else quote(c) for c in name)
