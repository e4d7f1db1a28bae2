"""The bytes of a file that somebody named: a FIFO, a device or a folder of that name must not hang a run."""

from __future__ import annotations

import os
import stat


class NotReadable(Exception):
    """Why there is nothing to read, as a message says it."""


def content(path: str | os.PathLike[str], limit: int) -> bytes:
    """The bytes of a regular file, links followed; of a longer one ``limit`` + 1 of them. ``NotReadable`` for anything else."""
    try:
        # Opened without blocking: a FIFO would wait for somebody to write.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise NotReadable("not a regular file")
            return file.read(limit + 1)
    except OSError as error:
        raise NotReadable(f"cannot be read: {error.strerror}") from error
    except ValueError as error:  # a path with a NUL in it
        raise NotReadable(f"cannot be read: {error}") from error
