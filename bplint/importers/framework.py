"""What a framework, or the standard library, throws at a source it cannot take: a fault of the source, and not of bplint."""

from __future__ import annotations

from types import TracebackType

from bplint.errors import BplintError, LimitError, SourceError
from bplint.importers.quoting import quote


def refusal(error: Exception, framework: str) -> SourceError:
    """The error as a fault of the source, whose reason is the framework's own words.

    What was raised by a line of bplint itself is a mistake of bplint's, and raised again.
    """
    if isinstance(error, SourceError):
        return error
    if isinstance(error, RecursionError):
        return LimitError(f"an expression or an operation is nested too deeply for {framework}")
    if isinstance(error, BplintError) or _raised_here(error.__traceback__):
        raise error
    reason = " ".join(str(error).split()) or type(error).__name__
    return SourceError(f"{framework} refuses it: {quote(reason)}")


def shown(value: object) -> str:
    """An object of a framework as a message shows it; its class where it cannot print itself."""
    try:
        return quote(str(value))
    except Exception:  # as of expressions that are nested too deeply, of numbers with thousands of digits
        return f"this {type(value).__name__}"


def _raised_here(traceback: TracebackType | None) -> bool:
    """Whether the line that raised is one of bplint's."""
    module = ""
    while traceback is not None:
        module = traceback.tb_frame.f_globals.get("__name__", "")
        traceback = traceback.tb_next
    return module.partition(".")[0] == __name__.partition(".")[0]
