"""Which sources a run reads: files as named, directories searched for what importers claim."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from bplint.errors import LimitError, SourceError, Unsupported, UsageError
from bplint.files import regular_file
from bplint.importers.choice import BEGINNING, ImportersBySuffix, candidates, wanted
from bplint.importers.limits import DEFAULTS
from bplint.importers.program import Importer
from bplint.number_format import plural
from bplint.sources.excluded import ExcludedIn, walk

FILE_LIMIT = DEFAULTS.file
"""Bytes of one source."""

STANDARD_INPUT = ".qasm"
"""The suffix of standard input without a name."""

PYTHON = (".py", ".ipynb")


class InputSource(NamedTuple):
    """One source to read; ``path`` as the user would write it, ``-`` for standard input."""

    path: str
    name: str

    @property
    def suffix(self) -> str:
        """Of the name, in lower case; that of OpenQASM for standard input without a name."""
        return STANDARD_INPUT if self.name == "-" else os.path.splitext(self.name)[1].lower()

    @property
    def is_python(self) -> bool:
        """Whether it is code, which is not run."""
        return self.suffix in PYTHON

    def candidates(self, importers: ImportersBySuffix) -> tuple[Importer, ...]:
        """The importers of its suffix. ``SourceError`` says why there is none, of Python also where the code is at fault."""
        importers_left = candidates(self.suffix if self.name == "-" else self.name, importers)
        if not importers_left:
            raise self._refusal(importers)
        return importers_left

    def _refusal(self, suffixes: Iterable[str]) -> Unsupported:
        if self.is_python:
            return self._not_run()
        if self.suffix == ".qpy":
            return Unsupported("QPY files are not read: old versions of the format ran code on loading", hint=_FROM_QPY)
        return Unsupported(
            f"not a circuit that bplint reads: want {', '.join(suffixes)}, got {self.suffix or 'no suffix'}"
        )

    def _not_run(self) -> Unsupported:
        from bplint.sources.builders import builders  # the syntax trees of Python are for those who name a Python file

        found = builders(module_text(self))
        names = [builder.name for builder in found]
        shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
        held = f"{plural(len(names), 'circuit builder')} ({shown})" if names else "no circuit builder"
        run = f"to run it, here or under pytest --bplint:  bplint --exec {shlex.quote(self.name)}"
        return Unsupported(
            f"Python files are not run, and this one holds {held}",
            hint=run if any(builder.declared for builder in found) else _BUILDER,
        )

    def read(self) -> bytes:
        """The bytes. ``SourceError`` if it is no regular file, cannot be read, or is over the size limit."""
        if self.path == "-":
            return _limited(sys.stdin.buffer.read(FILE_LIMIT + 1))
        try:
            return _limited(regular_file.content(self.path, FILE_LIMIT))
        except regular_file.NotReadable as error:
            raise SourceError(str(error)) from error


def collect(
    paths: Sequence[str],
    importers: ImportersBySuffix,
    *,
    stdin_filename: str = "-",
    excluded: ExcludedIn | None = None,
) -> list[InputSource]:
    """The sources under these paths, each once, in the order given and sorted within a directory.

    In directories these are the files that an importer claims, without what is ``excluded`` and what git ignores; a file that
    is named is taken whatever it is.

    ``UsageError`` for a path that does not exist.
    """
    sources: dict[str, InputSource] = {}
    for path in paths:
        if path == "-":
            sources.setdefault("-", InputSource("-", stdin_filename))
        elif os.path.isdir(path):
            for file in filter(partial(claimed, importers=importers), walk(path, excluded)):
                sources.setdefault(os.path.abspath(file), InputSource(file, file))
        elif os.path.lexists(path):
            sources.setdefault(os.path.abspath(path), InputSource(path, path))
        else:
            raise UsageError(f"no such file or directory: {path}")
    return list(sources.values())


def collect_python(
    paths: Sequence[str],
    excluded: ExcludedIn | None = None,
    *,
    is_target: Callable[[str], object] = lambda file: False,
) -> list[InputSource]:
    """The Python files and notebooks that may hold builders: those named, and in directories those whose text speaks of them,
    or that are targets of configuration."""
    sources: dict[str, InputSource] = {}
    for path in paths:
        files = (f for f in walk(path, excluded) if _is_python(f) and (may_hold_builders(f) or is_target(f)))
        for file in files if os.path.isdir(path) else [path]:
            source = InputSource(file, file)
            if source.is_python:
                sources.setdefault(os.path.normpath(file), source)
    return list(sources.values())


def module_text(source: InputSource) -> bytes:
    """The code of a Python file or of a notebook. ``SourceError`` where it cannot be read."""
    data = source.read()
    if source.suffix == PYTHON[0]:
        return data
    from bplint.sources.notebooks import module_of  # for those who keep circuits in notebooks

    return module_of(data)


def claimed(path: str, importers: ImportersBySuffix) -> bool:
    """Whether an importer reads the file at this path, told from its name and, where that says too little, its beginning."""
    return wanted(candidates(path, importers), lambda: _beginning(path, BEGINNING).decode(errors="replace"))


def _is_python(path: str) -> bool:
    return path.lower().endswith(PYTHON)


def may_hold_builders(path: str) -> bool:
    """Whether a file speaks of bplint or of a function called ``ansatz_…``: worth a syntax tree."""
    text = _beginning(path, FILE_LIMIT)
    return b"bplint" in text or b"def ansatz_" in text


def _beginning(path: str, length: int) -> bytes:
    """The first bytes of a regular file; none of anything else."""
    try:
        return regular_file.content(path, length)
    except regular_file.NotReadable:
        return b""


def _limited(data: bytes) -> bytes:
    if len(data) > FILE_LIMIT:
        raise LimitError(f"over the limit of {FILE_LIMIT:,} bytes for one file")
    return data


_SHOWN = 5
_BUILDER = (
    'declare a builder with @bplint.circuit(sizes=[4, 6, 8], observable="mean(Z)") and lint it by '
    "`bplint --exec FILE` or `pytest --bplint FILE`, or in Python by bplint.lint_family(builder)"
)
_FROM_QPY = (
    "export it in Python: `from qiskit import qasm3, qpy` and "
    "`qasm3.dump(qpy.load(open('x.qpy', 'rb'))[0], open('x.qasm', 'w'))`"
)
