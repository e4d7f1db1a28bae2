"""Names, lists and brackets, and what is said where a text does not go on as it has to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from bplint.errors import SourceError
from bplint.importers.qasm.grammar.lexer import Lexer
from bplint.importers.qasm.grammar.nodes import ast, placed
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote

Part = TypeVar("Part")


class Phrases(Lexer):
    """Knows where it is: the statement begins at ``began``, with ``word`` if that is one of the language. ``around`` has what
    is open around the token here, the outermost first: brackets, and the first words of the statements of blocks.
    """

    def __init__(self, source: SourceText, start: int) -> None:
        self.began = start
        self.word = ""
        self.around: list[str] = []
        super().__init__(source, start)

    def expect(self, text: str) -> None:
        """Go on behind this token, which has to stand here."""
        if not self.take(text):
            raise self.unreadable()

    def identifier(self, *, physical: bool = False) -> ast.Identifier:
        """A name, or a qubit such as ``$0`` where that may be ``physical``."""
        if self.kind != "name" and not (physical and self.kind == "qubit"):
            raise self.unreadable()
        node = placed(ast.Identifier(self.text), self.start, self.end)
        self.advance()
        return node

    def listed(self, read: Callable[[], Part], *closing: str) -> list[Part]:
        """Parts with commas between, one may follow the last, up to one of the closing signs; there may be none."""
        parts: list[Part] = []
        while self.text not in closing:
            parts.append(read())
            if not self.take(","):
                break
        return parts

    def enter(self, around: str) -> None:
        """Be inside of a bracket, or of a statement with this first word. Raises LimitError if that is too deep."""
        self.around.append(around)
        if len(self.around) - 1 > self.source.limits.nesting:  # the outermost is in nothing
            what = "parentheses" if around in _CLOSING else "statements"
            raise self.source.limit("nesting", f"{what} nested too deeply", self.start, self.start + 1)

    def open(self, bracket: str, around: str = "") -> int:
        """Go on behind the bracket here. Returns its place."""
        opening = self.start
        if self.text != bracket:
            raise self.unreadable()
        self.enter(around or bracket)
        self.advance()
        return opening

    def close(self, opening: int) -> None:
        """Go on behind the bracket here, which closes the one at this place."""
        if self.text != _CLOSING[self.code[opening]]:
            raise self.unclosed(opening)
        self.around.pop()
        self.advance()

    def within(self, bracket: str, read: Callable[[], Part]) -> Part:
        """What stands in brackets, which begin here."""
        opening = self.open(bracket)
        part = read()
        self.close(opening)
        return part

    def bracketed(self, bracket: str, read: Callable[[], Part]) -> list[Part]:
        """A list in brackets, which begin here."""
        return self.within(bracket, lambda: self.listed(read, _CLOSING[bracket]))

    # Faults

    def error(self, message: str, start: int, end: int, *, hint: str | None = None) -> SourceError:
        """An error at code[start:end], white space at its ends apart."""
        return self.source.error(message, *self.source.trim(start, end), hint=hint)

    def error_here(self, message: str) -> SourceError:
        """An error at the token here."""
        return self.source.error(message, self.start, self.end)

    def error_of_statement(self, message: str, *, hint: str | None = None) -> SourceError:
        """An error at the whole statement, up to its semicolon."""
        return self.error(message, self.began, self.source.semicolon(self.began) + 1, hint=hint)

    def unreadable(self) -> SourceError:
        """The error for a token that cannot stand here."""
        start, before = self.start, self.before
        if not self.text:
            self.source.semicolon(self.began)
            last = len(self.code)
            return self.error("the text ends in the middle of a statement", last - 1, last)
        if self.text == "}" and "gate" in self.around:
            message = f"cannot read {quote(self.code[self.began : start])} in a gate body"
            return self.error(message, self.began, start, hint="is a ; missing?")
        line = self.source.line(before - 1) if before else 0
        missing = before and self.code[before - 1] not in ";{}" and line < self.source.line(start)
        hint = f"is a ; missing at the end of line {line}?" if missing else None
        return self.error(f"cannot read {quote(self.text)} here", start, self.end, hint=hint)

    def unreadable_statement(self) -> SourceError:
        """The error for a token that no statement begins with."""
        if self.text in (")", "]", "}") and self.code.find(";", self.start) < 0:
            return self.error_here(f"{self.text} closes nothing")
        shown = self.source.shown(self.start, self.source.semicolon(self.start) + 1)
        return self.error_of_statement(f"cannot read {shown}")

    def unreadable_operand(self, start: int) -> SourceError:
        """The error for what stands from this offset to the end of the statement in place of an operand of a gate."""
        if self.text == ";" and start == self.start:
            return self.error_here("an operand is missing")
        if self.text == "," and self.code[self.before - 1] == ",":
            return self.error("an operand is missing", self.before - 1, self.before)
        end = self.code.find(";", start)
        if end < 0 or self.text in ("{", "}"):
            return self.unreadable()
        start, end = self.source.trim(start, end)
        line, _, more = self.code[start:end].partition("\n")
        hint = f"is a ; missing at the end of line {self.source.line(start)}?" if more else None
        return self.error(f"cannot read the operand {quote(line)}", start, end, hint=hint)

    def unexpected(self, otherwise: str) -> SourceError:
        """The error for a token that cannot stand here in an expression, ``otherwise`` if it could stand in another."""
        if not self.text:
            return self.unreadable()
        if self.text in ("{", "}", ":", "=", "@", "->"):
            otherwise = f"unexpected {self.text} in an expression"
        return self.error_here(otherwise)

    def unclosed(self, opening: int) -> SourceError:
        """The error for a token that does not go on with what the bracket at this offset has opened."""
        if not self._is_closed(opening):
            return self.error(f"{self.code[opening]} is not closed", opening, opening + 1)
        if self.text == ",":
            return self.error_here("unexpected comma")
        if self.kind != "sign" or self.text in ("(", "["):
            return self.error_here(f"want an operator before {quote(self.text)}")
        if self.text in (")", "]", "}"):
            return self.error_here(f"{self.text} closes nothing")
        return self.unexpected(f"cannot read {self.text} here")

    def refuse_in_gate(self, what: str) -> None:
        """Raise SourceError if this statement, which no such body can hold, stands in the body of a gate."""
        if "gate" in self.around:
            raise self.error(f"a gate body cannot hold {what}", self.began, self.source.semicolon(self.began))

    def _is_closed(self, opening: int) -> bool:
        """Whether the statement goes on behind the bracket that closes this one."""
        depth, end = 0, self.code.find(";", opening)
        for bracket in _BRACKET.finditer(self.code, opening, end if self.text and end >= 0 else len(self.code)):
            depth += 1 if bracket[0] in "([{" else -1
            if not depth:
                return True
        return False


_CLOSING = {"(": ")", "[": "]", "{": "}"}
_BRACKET = re.compile(r"[()\[\]{}]")
