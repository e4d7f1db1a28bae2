"""Which sources a run reads: files as named, directories searched for OpenQASM."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from bplint.errors import LimitError, SourceError, Unsupported, UsageError
from bplint.number_format import plural

FILE_LIMIT = 20_000_000
"""Bytes of one source."""

_SKIPPED = {"node_modules", "__pycache__", "build", "dist", "venv"}


class Source(NamedTuple):
    """One source to read; ``path`` as the user would write it, ``-`` for standard input."""

    path: str
    name: str

    @property
    def suffix(self) -> str:
        """What tells the importer: of the name, in lower case; OpenQASM for standard input without a name."""
        return ".qasm" if self.name == "-" else os.path.splitext(self.name)[1].lower()

    def refusal(self, suffixes: Iterable[str]) -> Unsupported:
        """Why no importer reads it, given the suffixes that are read. ``SourceError`` for Python with a fault in it."""
        if self.suffix == ".qpy":
            message = "QPY files are not read: old versions of the format ran code on loading"
        elif self.suffix == ".py":
            message = f"Python files are not run, and this one holds {_builders(self.read())}"
        else:
            message = f"not a circuit that bplint reads: want {', '.join(suffixes)}, got {self.suffix or 'no suffix'}"
        return Unsupported(message, hint=_HINTS.get(self.suffix))

    def read(self) -> bytes:
        """The bytes. ``SourceError`` if it is no regular file, cannot be read, or is over the size limit."""
        if self.path == "-":
            return _limited(sys.stdin.buffer.read(FILE_LIMIT + 1))
        try:
            # Opened without blocking: a FIFO named x.qasm must not hang the run.
            descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise SourceError("not a regular file")
                return _limited(file.read(FILE_LIMIT + 1))
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}") from error


def collect(paths: Sequence[str], suffixes: tuple[str, ...], *, stdin_filename: str = "-") -> list[Source]:
    """The sources under these paths, each once, in the order given and sorted within a directory.

    In directories these are the files with one of the ``suffixes``, of ``.json`` those that Cirq wrote; a file that is named
    is taken whatever it is.

    ``UsageError`` for a path that does not exist.
    """
    found: dict[str, Source] = {}
    for path in paths:
        if path == "-":
            found.setdefault("-", Source("-", stdin_filename))
        elif os.path.isdir(path):
            for file in _walk(path, suffixes):
                found.setdefault(os.path.normpath(file), Source(file, file))
        elif os.path.lexists(path):
            found.setdefault(os.path.normpath(path), Source(path, path))
        else:
            raise UsageError(f"no such file or directory: {path}")
    return list(found.values())


def collect_python(paths: Sequence[str]) -> list[Source]:
    """The Python files that may hold builders: those named, and in directories those whose text speaks of them."""
    found: dict[str, Source] = {}
    for path in paths:
        if os.path.isdir(path):
            files = [file for file in _walk(path, (".py",)) if _content(file, _may_hold_builders)]
        else:
            files = [path] if path.lower().endswith(".py") else []
        for file in files:
            found.setdefault(os.path.normpath(file), Source(file, file))
    return list(found.values())


def _walk(directory: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    for folder, folders, files in os.walk(directory):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED)
        for file in sorted(files):
            if file.lower().endswith(suffixes) and not file.startswith("."):
                path = os.path.join(folder, file)
                if not file.lower().endswith(".json") or _content(path, _is_of_cirq, 4096):
                    yield path


def _is_of_cirq(beginning: bytes) -> bool:
    """Whether a JSON file says so near its beginning; most have nothing to do with circuits."""
    return b'"cirq_type"' in beginning


def _may_hold_builders(text: bytes) -> bool:
    """Whether Python code speaks of bplint or of a function called ``ansatz_…``: worth a syntax tree."""
    return b"bplint" in text or b"def ansatz_" in text


def _content(path: str, test: Callable[[bytes], bool], length: int = FILE_LIMIT) -> bool:
    """Whether so many bytes of a regular file pass a test."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            return stat.S_ISREG(os.fstat(descriptor).st_mode) and test(file.read(length))
    except OSError:
        return False


def _builders(data: bytes) -> str:
    """``2 circuit builders (hea, ring)``."""
    from bplint.builders import builders  # the syntax trees of Python are for those who name a Python file

    names = [builder.name for builder in builders(data)]
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return f"{plural(len(names), 'circuit builder')} ({shown})" if names else "no circuit builder"


def _limited(data: bytes) -> bytes:
    if len(data) > FILE_LIMIT:
        raise LimitError(f"over the limit of {FILE_LIMIT:,} bytes for one file")
    return data


_SHOWN = 5
_HINTS = {
    ".py": 'declare a builder with @bplint.circuit(sizes=[4, 6, 8], observable="mean(Z)") and lint it by '
    "`pytest --bplint FILE`, or in Python by bplint.lint_family(builder)",
    ".qpy": "export it in Python: `from qiskit import qasm3, qpy` and "
    "`qasm3.dump(qpy.load(open('x.qpy', 'rb'))[0], open('x.qasm', 'w'))`",
}
