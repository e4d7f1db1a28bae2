"""Selection of circuits by an expression over their node ids, as pytest's ``-k``: ``vqe and not (hea or deep)``.

A word matches if it occurs in the id, whatever the case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from bplint.errors import UsageError

Matcher: TypeAlias = Callable[[str], bool]


def matcher(expression: str) -> Matcher:
    """The test that an expression stands for. ``UsageError`` with the place of what is wrong in it."""
    if not expression.strip():
        return lambda name: True
    parser = _SelectionParser(expression)
    match = parser.either()
    if parser.token:
        parser.fail("the end")
    return lambda name: match(name.lower())


class _SelectionParser:
    """Recursive descent; every level is one kind of operator."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = list(re.finditer(r"[()]|[^\s()]+", expression))
        if len(self._tokens) > 200:
            raise UsageError(f"-k: want at most 200 words, got {len(self._tokens):,}")
        self._next = 0

    @property
    def token(self) -> str:
        """The next token; empty at the end."""
        return self._tokens[self._next].group() if self._next < len(self._tokens) else ""

    def either(self) -> Matcher:
        """``both or both or …``."""
        left = self._both()
        while self._take("or"):
            left = _or(left, self._both())
        return left

    def _both(self) -> Matcher:
        left = self._unary()
        while self._take("and"):
            left = _and(left, self._unary())
        return left

    def _unary(self) -> Matcher:
        if self._take("not"):
            inner = self._unary()
            return lambda name: not inner(name)
        if self._take("("):
            inner = self.either()
            if not self._take(")"):
                self.fail("a closing parenthesis")
            return inner
        word = self.token
        if word in ("", "and", "or", "not", "(", ")"):
            self.fail("a word")
        self._next += 1
        return lambda name: word.lower() in name

    def _take(self, token: str) -> bool:
        if self.token != token:
            return False
        self._next += 1
        return True

    def fail(self, wanted: str) -> None:
        """``UsageError`` at the next token."""
        at = self._tokens[self._next].start() + 1 if self.token else len(self._expression) + 1
        raise UsageError(f"-k {self._expression!r}: at column {at}: want {wanted}, got {self.token or 'the end'}")


def _and(left: Matcher, right: Matcher) -> Matcher:
    return lambda name: left(name) and right(name)


def _or(left: Matcher, right: Matcher) -> Matcher:
    return lambda name: left(name) or right(name)
