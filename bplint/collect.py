"""Which sources a run reads: files as named, directories searched for OpenQASM."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bplint.errors import LimitError, SourceError, Unsupported, UsageError

SUFFIXES = (".qasm", ".qasm2", ".qasm3")
FILE_LIMIT = 20_000_000
"""Bytes of one source."""

_SKIPPED = {"node_modules", "__pycache__", "build", "dist", "venv"}


class Source(NamedTuple):
    """One source to read; ``path`` as the user would write it, ``-`` for standard input."""

    path: str
    name: str

    def read(self) -> bytes:
        """The bytes. ``SourceError`` if it is no regular file, cannot be read, or is over the size limit."""
        if self.path == "-":
            return _limited(sys.stdin.buffer.read(FILE_LIMIT + 1))
        suffix = os.path.splitext(self.path)[1].lower()
        if suffix not in SUFFIXES:
            raise Unsupported(_refusal(suffix), hint=_HINTS.get(suffix))
        try:
            # Opened without blocking: a FIFO named x.qasm must not hang the run.
            descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise SourceError("not a regular file")
                return _limited(file.read(FILE_LIMIT + 1))
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}") from error


def collect(paths: Sequence[str], *, stdin_filename: str = "-") -> list[Source]:
    """The sources under these paths, each once, in the order given and sorted within a directory.

    ``UsageError`` for a path that does not exist.
    """
    found: dict[str, Source] = {}
    for path in paths:
        if path == "-":
            found.setdefault("-", Source("-", stdin_filename))
        elif os.path.isdir(path):
            for file in _walk(path):
                found.setdefault(os.path.normpath(file), Source(file, file))
        elif os.path.lexists(path):
            found.setdefault(os.path.normpath(path), Source(path, path))
        else:
            raise UsageError(f"no such file or directory: {path}")
    return list(found.values())


def _walk(directory: str) -> Iterator[str]:
    for folder, folders, files in os.walk(directory):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED)
        for file in sorted(files):
            if file.lower().endswith(SUFFIXES) and not file.startswith("."):
                yield os.path.join(folder, file)


def _limited(data: bytes) -> bytes:
    if len(data) > FILE_LIMIT:
        raise LimitError(f"over the limit of {FILE_LIMIT:,} bytes for one file")
    return data


def _refusal(suffix: str) -> str:
    if suffix == ".qpy":
        return "QPY files are not read: old versions of the format ran code on loading"
    return f"not a circuit that bplint reads: want {', '.join(SUFFIXES)}, got {suffix or 'no suffix'}"


_HINTS = {
    ".qpy": "export it in Python: `from qiskit import qasm3, qpy` and "
    "`qasm3.dump(qpy.load(open('x.qpy', 'rb'))[0], open('x.qasm', 'w'))`"
}
