"""The words and signs of a text, one after the other."""

from __future__ import annotations

import re

from bplint.errors import SourceError
from bplint.importers.qasm.source import NAME, SourceText
from bplint.importers.quoting import quote


class Lexer:
    """Stands at one token: ``text`` is code[start:end], ``kind`` name, number, string, qubit or sign, empty at the end.

    ``before`` is where the token before it ended. Raises SourceError for what is no token.
    """

    def __init__(self, source: SourceText, start: int) -> None:
        self.source = source
        self.code = source.code
        self.kind = self.text = ""
        self.start = self.end = self.before = start
        self.advance()

    def move(self, offset: int) -> None:
        """Stand at the first token from this offset on."""
        self.end = offset
        self.advance()

    def advance(self) -> None:
        """Go on to the next token."""
        self.before = self.end
        match = _TOKEN.match(self.code, self.end)
        if match is None:
            self._end(self.end)
            return
        self.kind = match.lastgroup or ""
        self.start, self.end = match.span(match.lastindex or 0)
        self.text = match[match.lastindex or 0]

    def take(self, text: str) -> bool:
        """Go on if this token stands here."""
        if self.text != text or self.kind == "string":
            return False
        self.advance()
        return True

    def next_is(self, text: str) -> bool:
        """Whether the token after this one begins with this text."""
        return self.code.startswith(text, self.source.skip(self.end))

    def _end(self, offset: int) -> None:
        offset = self.source.skip(offset)
        if offset < len(self.code):
            raise self.source.error(f"unexpected {quote(self.code[offset])}", offset, offset + 1)
        self.kind = self.text = ""
        self.start = self.end = offset

    def error(self, message: str, start: int, end: int, *, hint: str | None = None) -> SourceError:
        """An error at code[start:end], white space at its ends apart."""
        return self.source.error(message, *self.source.trim(start, end), hint=hint)


_TOKEN = re.compile(
    rf"""\s*+(?: (?P<name>{NAME}) | (?P<number>(?:[0-9]|\.[0-9])(?:(?<![xX][0-9a-fA-F])(?<=[eE])[+-]|[\w.])*+)
    | (?P<sign>->|\+\+|\*\*=?|<<=?|>>=?|&&|\|\||[<>=!+\-*/%&|^~]=|[-\[\](){{}}:;,=@+*/%<>!~&|^])
    | (?P<string>"[^"\n]*"|'[^'\n]*') | (?P<qubit>\$[0-9]++) | (?P<dim>\#dim\b) )""",
    re.VERBOSE,
)
