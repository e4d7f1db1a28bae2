"""What can go wrong, as types: each carries what its message needs and nothing else."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of source text: 1-based lines and columns (in characters), the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class BplintError(Exception):
    """Base of every error that bplint raises on purpose."""


class UsageError(BplintError):
    """The command line or an argument asks for something that does not exist (exit code 2)."""


class PluginError(BplintError):
    """A plugin failed to load or returned nonsense (exit code 3)."""


class SourceError(BplintError):
    """A source that cannot be read or modelled: finding BP001.

    ``span`` is the place, or None when the whole file is at fault; ``hint`` says what to change.
    """

    def __init__(self, message: str, span: Span | None = None, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint
        if hint:
            self.add_note(hint)


class Unsupported(SourceError):
    """Valid input that bplint cannot model, or cannot model yet."""


class LimitError(SourceError):
    """A limit on the size of the input was hit; the message names the limit and how to raise it."""
