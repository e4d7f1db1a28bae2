"""Literals: numbers of all kinds, durations, rows of bits."""

from __future__ import annotations

import math
import re

from bplint.errors import SourceError
from bplint.importers.qasm.grammar.lexer import Lexer
from bplint.importers.qasm.grammar.nodes import ast, placed
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote


class LiteralParser(Lexer):
    """Reads literals. ``old`` says that the text is OpenQASM 2."""

    def __init__(self, source: SourceText, start: int) -> None:
        super().__init__(source, start)
        self.old = source.version == 2

    def unreadable(self) -> SourceError:
        """The error for the token here, which cannot stand here."""
        raise NotImplementedError

    def bits(self, start: int) -> ast.BitstringLiteral:
        """A row of bits, in quotes."""
        digits = self.source.text[start + 1 : self.end - 1].replace("_", "")
        if not digits or digits.strip("01"):
            raise self.unreadable()
        self.advance()
        return placed(ast.BitstringLiteral(int(digits, 2), len(digits)), start, self.before)

    def number(self) -> ast.Expression:
        """A number, or a duration."""
        start, end, text = self.start, self.end, self.text.replace("_", "")
        if len(text) > self.source.limits.digits:
            raise self.source.limit("digits", f"a number of {len(text):,} digits", start, end)
        self.advance()
        node: ast.Expression
        if text.isdigit():
            node = ast.IntegerLiteral(int(text))
        elif _OTHER_BASE.fullmatch(text):
            node = ast.IntegerLiteral(int(text, 0))
        elif _FLOAT.fullmatch(text):
            node = ast.FloatLiteral(float(text))
            if math.isinf(node.value):
                raise self.error(f"angle is not finite: {quote(self.code[start:end])}", start, end)
        else:
            return self._with_unit(start, end, text)
        if self.kind == "name" and (self.text in _UNITS or self.text == "im") and not self.old:
            unit = self.text
            self.advance()
            return self._with_unit(start, self.before, text + unit)
        return placed(node, start, end)

    def _with_unit(self, start: int, end: int, text: str) -> ast.Expression:
        match = _WITH_UNIT.fullmatch(text)
        if match is None or self.old:
            raise self.error(f"{quote(self.code[start:end])} is not a number", start, end)
        if match[2] == "im":
            return placed(ast.ImaginaryLiteral(float(match[1])), start, end)
        return placed(ast.DurationLiteral(float(match[1]), ast.TimeUnit[_UNITS[match[2]]]), start, end)


_UNITS = {"dt": "dt", "ns": "ns", "us": "us", "µs": "us", "ms": "ms", "s": "s"}
_OTHER_BASE = re.compile("0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+")
_FLOAT = re.compile(r"(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")
_WITH_UNIT = re.compile(rf"({_FLOAT.pattern})(im|dt|ns|us|µs|ms|s)")
