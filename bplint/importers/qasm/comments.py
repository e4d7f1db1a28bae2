"""Comments, pragmas and annotations of an OpenQASM text, and the statements they speak of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Sequence

from bplint.errors import SourceError, Span
from bplint.importers.directives import from_annotation, from_comment, from_pragma
from bplint.importers.program import Directive, Note
from bplint.importers.qasm.source import SourceText
from bplint.ir.circuit import Role
from bplint.openqasm_comments import Comment


class Instructions:
    """What the comments, pragmas and annotations of a source tell bplint.

    ``starts`` and ``ends`` are the offsets of its gate statements, in order; without them nothing is said of statements.
    ``inside`` has the numbers of those that another statement, such as a loop, at an offset consists of; ``qubit``
    numbers the qubit that a text such as ``q[0]`` names; ``spend`` enters work, as by AngleEvaluator.
    Raises SourceError for an instruction that is not understood or speaks of no statement.
    """

    def __init__(
        self,
        source: SourceText,
        starts: Sequence[int] | None,
        ends: Sequence[int],
        inside: Callable[[int], Collection[int]],
        qubit: Callable[[str], int | None],
        spend: Callable[[int, int, int], None],
    ) -> None:
        self.directives: list[Directive] = []
        self.notes: list[Note] = []
        self.roles: dict[int, Role] = {}
        self._source = source
        self._starts: Sequence[int] = starts or ()
        self._of_statements = starts is not None
        self._ends = ends
        self._inside = inside
        self._qubit = qubit
        roles: list[tuple[Collection[int], Role]] = []
        for comment in source.comments:
            said = self._take(comment, source.span(comment.start, comment.end))
            if said is not None:
                spend(len(said[0]), comment.start, comment.end)
                roles.append(said)
        # What is said of fewer statements wins.
        for statements, role in sorted(roles, key=lambda said: -len(said[0])):
            self.roles.update(dict.fromkeys(statements, role))

    def _take(self, comment: Comment, span: Span) -> tuple[Collection[int], Role] | None:
        """The role that a comment gives to statements, if it does."""
        instruction: Directive | Role | Note | None
        if comment.kind == "comment":
            self._note_characters(comment, span)
            instruction = from_comment(comment.text, span)
        elif comment.kind == "pragma":
            instruction = from_pragma(comment.text, span, self._qubit)
        else:
            instruction = from_annotation(comment.text, span)
        if isinstance(instruction, Directive):
            self.directives.append(instruction)
        elif isinstance(instruction, Note):
            self.notes.append(instruction)
        elif instruction is not None and self._of_statements:
            return self._on_line(comment, span) if comment.kind == "comment" else self._next(comment, span), instruction
        return None

    def _note_characters(self, comment: Comment, span: Span) -> None:
        if comment.text.isascii():
            return
        if _NOT_UTF8.search(comment.text):
            self.notes.append(Note("a comment has bytes that are not UTF-8", span))
        if _DIRECTION.search(comment.text):
            self.notes.append(Note("a comment has marks that change the direction of writing", span))

    def _on_line(self, comment: Comment, span: Span) -> range:
        """The gate statements that share the line with a comment."""
        line_start = comment.start - span.column + 1
        inside = range(bisect_right(self._ends, line_start), bisect_left(self._starts, comment.start))
        if not inside:
            hint = "a header line reads // bplint: key = value"
            raise SourceError("no gate statement stands on the line of this comment", span, hint=hint)
        return inside

    def _next(self, comment: Comment, span: Span) -> Collection[int]:
        """The gate statement that follows an annotation, or those in the block that does; comments are passed over."""
        start = self._source.skip(comment.end)
        place = bisect_left(self._starts, start)
        if place < len(self._starts) and self._starts[place] == start:
            return range(place, place + 1)
        inside = self._inside(start)
        if not inside:
            raise SourceError("no gate statement follows this annotation", span)
        return inside


_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
