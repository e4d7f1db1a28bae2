"""OpenQASM 2 and 3: text in, :class:`~bplint.importers.program.Program` out."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike, fspath

from bplint.errors import LimitError
from bplint.importers.limits import DEFAULTS, Limits
from bplint.importers.program import Importer, Program
from bplint.importers.qasm.includes import joined
from bplint.importers.qasm.reader import SourceReader, undisturbed
from bplint.importers.qasm.source import SourceText

__all__ = ["Limits", "bplint_importers", "read"]

BPLINT_API = 1


def bplint_importers() -> list[Importer]:
    """This importer, for the plugin manager."""
    return [Importer("openqasm", (".qasm", ".qasm2", ".qasm3"), read, editable=True)]


def read(
    text: str,
    *,
    limits: Limits = DEFAULTS,
    path: str | PathLike[str] | None = None,
    overrides: Mapping[str, int] | None = None,
) -> Program:
    """The circuit in an OpenQASM text, and what the text says about it.

    ``path`` is the file it was read from: without it the text can include the standard libraries only.
    ``overrides`` are values for ``const int`` and ``input int`` of the file.
    Raises SourceError with the place of the fault: LimitError for too much of something, Unsupported for what
    cannot be modelled.
    """
    source = joined(SourceText(text, limits), None if path is None else fspath(path))
    try:
        with undisturbed():
            return SourceReader(source, overrides or {}).run()
    except RecursionError:
        hint = "name parts of it with const, or nest less"
        raise LimitError("an expression or a block is nested too deeply", hint=hint) from None
