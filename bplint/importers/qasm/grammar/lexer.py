"""The words and signs of a text, one after the other."""

from __future__ import annotations

import re

from bplint.importers.qasm.source import NAME, SourceText
from bplint.importers.quoting import quote


class Lexer:
    """Stands at one token: ``text`` is code[start:end], ``kind`` name, number, string, qubit or sign, empty at the end.

    ``before`` is where the token before it ended. Raises SourceError for what is no token.
    """

    def __init__(self, source: SourceText, start: int) -> None:
        self.source = source
        self.code = source.code
        self.move(start)

    def move(self, offset: int) -> None:
        """Stand at the first token from this offset on."""
        self.end = offset
        self.advance()

    def advance(self) -> None:
        """Go on to the next token."""
        self.before = self.end
        match = _TOKEN.match(self.code, self.end)
        if match is not None:
            self.kind = match.lastgroup or ""
            self.start, self.end = match.span(match.lastindex or 0)
            self.text = match[match.lastindex or 0]
            return
        self.kind = self.text = ""
        self.start = self.end = self.source.skip(self.end)
        if self.end < len(self.code):
            raise self.source.error(f"unexpected {quote(self.code[self.end])}", self.end, self.end + 1)

    def take(self, text: str) -> bool:
        """Go on if this token stands here."""
        if self.text != text:
            return False
        self.advance()
        return True


_TOKEN = re.compile(
    rf"""\s*+(?: (?P<name>{NAME}) | (?P<number>(?:[0-9]|\.[0-9])(?:(?<![xX][0-9a-fA-F])(?<=[eE])[+-]|[\w.])*+)
    | (?P<sign>->|\+\+|\*\*=?|<<=?|>>=?|&&|\|\||[<>=!+\-*/%&|^~]=|[-\[\](){{}}:;,=@+*/%<>!~&|^])
    | (?P<string>"[^"\n]*"|'[^'\n]*') | (?P<qubit>\$[0-9]++) | (?P<dim>\#dim\b) )""",
    re.VERBOSE,
)
