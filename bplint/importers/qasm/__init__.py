"""OpenQASM 2 and 3: text in, :class:`~bplint.importers.program.Program` out."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike, fspath

from bplint.errors import SourceError
from bplint.importers.limits import DEFAULTS, Limits
from bplint.importers.program import Importer, Program
from bplint.importers.qasm import flat
from bplint.importers.qasm.includes import joined
from bplint.importers.qasm.source import NotFlat, SourceText

__all__ = ["Limits", "NotFlat", "bplint_importers", "read"]

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
        return flat.read(source, overrides or {})
    except NotFlat as error:
        if source.version == 2:
            hint = "change the first line to OPENQASM 3.0;"
            raise SourceError(
                f"{error.message} is OpenQASM 3; the first line says 2.0", error.span, hint=hint
            ) from None
    from bplint.importers.qasm import full  # slow to load, and most files do not need it

    return full.read(source, overrides or {})
