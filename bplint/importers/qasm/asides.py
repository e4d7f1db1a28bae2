"""Comments, pragmas and annotations of an OpenQASM text, and the statements they speak of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from bplint.errors import SourceError, Span
from bplint.importers.directives import from_annotation, from_comment, from_pragma
from bplint.importers.program import Directive, Note
from bplint.importers.qasm.source import Aside, Source
from bplint.ir.circuit import Role


class Asides:
    """What the asides of a source say. ``starts`` and ``ends`` are the offsets of its gate statements, in order.

    ``qubit`` numbers the qubit that a text such as ``q[0]`` names. Raises SourceError for an instruction that is
    not understood or speaks of no statement.
    """

    def __init__(
        self, source: Source, starts: Sequence[int], ends: Sequence[int], qubit: Callable[[str], int | None]
    ) -> None:
        self.directives: list[Directive] = []
        self.notes: list[Note] = []
        self.roles: dict[int, Role] = {}
        self._source = source
        self._starts = starts
        self._ends = ends
        for aside in source.asides:
            self._take(aside, source.span(aside.start, aside.end), qubit)

    def _take(self, aside: Aside, span: Span, qubit: Callable[[str], int | None]) -> None:
        found: Directive | Role | Note | None
        if aside.kind == "comment":
            self._note_characters(aside, span)
            found = from_comment(aside.text, span)
        elif aside.kind == "pragma":
            found = from_pragma(aside.text, span, qubit)
        else:
            found = from_annotation(aside.text, span)
        if isinstance(found, Directive):
            self.directives.append(found)
        elif isinstance(found, Note):
            self.notes.append(found)
        elif found is not None:
            statements = self._on_line(aside, span) if aside.kind == "comment" else self._next(aside, span)
            self.roles.update(dict.fromkeys(statements, found))

    def _note_characters(self, aside: Aside, span: Span) -> None:
        if aside.text.isascii():
            return
        if _NOT_UTF8.search(aside.text):
            self.notes.append(Note("a comment has bytes that are not UTF-8", span))
        if _DIRECTION.search(aside.text):
            self.notes.append(Note("a comment has marks that change the direction of writing", span))

    def _on_line(self, aside: Aside, span: Span) -> range:
        """The gate statements that share the line with a comment."""
        line_start = aside.start - span.column + 1
        found = range(bisect_right(self._ends, line_start), bisect_left(self._starts, aside.start))
        if not found:
            hint = "a header line reads // bplint: key = value"
            raise SourceError("no gate statement stands on the line of this comment", span, hint=hint)
        return found

    def _next(self, aside: Aside, span: Span) -> range:
        """The gate statement that follows an annotation, comments between them passed over."""
        place = bisect_left(self._starts, aside.end)
        if place == len(self._starts) or self._source.code[aside.end : self._starts[place]].strip():
            raise SourceError("no gate statement follows this annotation", span)
        return range(place, place + 1)


_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
