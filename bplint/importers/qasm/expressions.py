"""Arithmetic expressions as postfix steps, by operator precedence and without recursion."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from bplint.errors import SourceError
from bplint.importers.qasm.library import FULL_FUNCTIONS
from bplint.importers.qasm.operations import FUNCTIONS, Number
from bplint.importers.qasm.source import NAME, NotFlat, SourceText
from bplint.importers.quoting import quote


class Item(NamedTuple):
    """One step in postfix order, with the place of the expression that it completes.

    ``kind`` is ``number`` (its value in ``value``), ``name``, ``index`` (element of ``name`` by the ``value`` many
    values before it), ``size`` (of dimension ``value`` of the array ``name``), ``operator`` or ``call`` (``name``
    applied to the ``value`` many values before it).
    """

    kind: str
    start: int
    end: int
    name: str = ""
    value: Number = 0


class Expression(NamedTuple):
    """A parsed expression. ``rounded`` says that it is one literal with fewer than nine significant digits."""

    items: tuple[Item, ...]
    rounded: bool

    @property
    def start(self) -> int:
        """Offset of its first character."""
        return self.items[-1].start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.items[-1].end


def parse(source: SourceText, start: int, end: int, *, whole: bool = False) -> tuple[Expression, ...]:
    """The expressions in code[start:end], separated by commas; none if there is only white space.

    ``whole`` cuts off quotients of whole numbers, as OpenQASM 3 does; inside of an index this is always so.
    Raises SourceError, NotFlat for an operator or function that only the full grammar knows.
    """
    if not source.code[start:end].strip():
        return ()
    return _Parser(source, start, end, whole).run()


def is_rounded(code: str, items: Sequence[Item]) -> bool:
    """Whether the steps are one literal, signs apart, with fewer than nine significant digits."""
    literal = [item for item in items if item.name != "negate"]
    return len(literal) == 1 and literal[0].kind == "number" and _few_digits(code, literal[0])


class _Token(NamedTuple):
    """A ``number``, ``name`` or ``sign``; a name with the ``(`` or ``[`` after it is a ``call`` or an ``index``."""

    kind: str
    text: str
    start: int
    end: int


class _Open(NamedTuple):
    """What waits for its right operand or closing bracket: an operator, or ``(``, ``call`` or ``index``."""

    kind: str
    name: str
    start: int
    level: int = 0
    before: int = 0
    """How many values stood before a bracket."""


class _Parser:
    def __init__(self, source: SourceText, start: int, end: int, whole: bool) -> None:
        self._source = source
        self._start, self._end = start, end
        self._whole = int(whole)
        self._depth = 0
        self._waiting: list[_Open] = []
        self._items: list[Item] = []
        self._extents: list[tuple[int, int]] = []
        self._done: list[Expression] = []

    def run(self) -> tuple[Expression, ...]:
        operand = True
        at = self._start
        while (token := self._token(at)) is not None:
            at = token.end
            operand = self._operand(token) if operand else self._operator(token)
        if operand:
            raise self._error("an operand is missing at the end", self._start, self._end)
        self._finish()
        return tuple(self._done)

    def _operand(self, token: _Token) -> bool:
        """Take a token where a value must come. Returns whether one is still expected."""
        if token.kind == "number":
            self._push(Item("number", token.start, token.end, value=self._number(token)), 0)
            return False
        if token.kind == "name":
            self._push(Item("name", token.start, token.end, token.text), 0)
            return False
        if token.kind in ("call", "index"):
            self._open_named(token)
            return True
        if token.text == "-":
            self._waiting.append(_Open("operator", "negate", token.start, 3))
        elif token.text == "(":
            self._open("(", "", token.start)
        elif token.text != "+":
            raise self._error(f"want a number or a name, got {token.text}", token.start, token.end)
        return True

    def _operator(self, token: _Token) -> bool:
        """Take a token where a value has just ended. Returns whether another must come."""
        if token.text in _LEVELS:
            if token.text == "^" and self._source.version == 3:
                span = self._source.span(token.start, token.end)
                raise NotFlat("operator ^ (exclusive or)", span, hint="a power is written **")
            level = _LEVELS[token.text]
            self._reduce(level + (token.text in ("^", "**")))
            name = "//" if token.text == "/" and self._whole else token.text
            self._waiting.append(_Open("operator", name, token.start, level))
            return True
        if token.text == ",":
            self._reduce(0)
            if not self._waiting:
                self._finish()
            elif self._waiting[-1].kind != "call":
                raise self._error("unexpected comma", token.start, token.end)
            return True
        if token.text in (")", "]"):
            self._close(token)
            return False
        raise self._error(f"want an operator before {quote(token.text)}", token.start, token.end)

    def _open_named(self, token: _Token) -> None:
        """A function's parenthesis or an array's bracket, up to and with the opening mark."""
        end = token.start + len(token.text)
        if token.kind == "index":
            self._whole += 1
        elif token.text in FULL_FUNCTIONS:
            raise NotFlat(f"function {token.text}", self._source.span(token.start, end))
        elif token.text not in FUNCTIONS:
            raise self._error(f"there is no function {quote(token.text)}", token.start, end)
        self._open(token.kind, token.text, token.start)

    def _open(self, kind: str, name: str, start: int) -> None:
        self._depth += 1
        if self._depth > self._source.limits.nesting:
            raise self._source.limit("nesting", "parentheses nested too deeply", start, start + 1)
        self._waiting.append(_Open(kind, name, start, before=len(self._extents)))

    def _close(self, token: _Token) -> None:
        self._reduce(0)
        if not self._waiting or (self._waiting[-1].kind == "index") != (token.text == "]"):
            raise self._error(f"{token.text} closes nothing", token.start, token.end)
        opened = self._waiting.pop()
        self._depth -= 1
        count = len(self._extents) - opened.before
        if opened.kind == "(":
            self._extents[-1] = opened.start, token.end
        elif opened.kind == "index":
            self._whole -= 1
            self._push(Item("index", opened.start, token.end, opened.name, 1), 1)
        elif count != FUNCTIONS[opened.name]:
            want = "1 argument" if FUNCTIONS[opened.name] == 1 else f"{FUNCTIONS[opened.name]} arguments"
            raise self._error(f"{opened.name} takes {want}; here {count}", opened.start, token.end)
        else:
            self._push(Item("call", opened.start, token.end, opened.name, count), count)

    def _reduce(self, level: int) -> None:
        """Emit the waiting operators that bind at least this strongly, down to the last open bracket."""
        while self._waiting and self._waiting[-1].kind == "operator" and self._waiting[-1].level >= level:
            opened = self._waiting.pop()
            count = 1 if opened.name == "negate" else 2
            start = opened.start if count == 1 else self._extents[-2][0]
            self._push(Item("operator", start, self._extents[-1][1], opened.name, count), count)

    def _push(self, item: Item, operands: int) -> None:
        self._items.append(item)
        if operands:
            del self._extents[-operands:]
        self._extents.append((item.start, item.end))

    def _finish(self) -> None:
        """The end of one expression of the list."""
        self._reduce(0)
        if self._waiting:
            opened = self._waiting[-1]
            raise self._error(f"{'[' if opened.kind == 'index' else '('} is not closed", opened.start, self._end)
        self._done.append(Expression(tuple(self._items), is_rounded(self._source.code, self._items)))
        self._items, self._extents = [], []

    def _token(self, at: int) -> _Token | None:
        match = _TOKEN.match(self._source.code, at, self._end)
        if match is None:
            self._refuse_rest(at)
            return None
        kind = match.lastgroup or ""
        return _Token(kind, match[kind], match.start(kind), match.end())

    def _refuse_rest(self, at: int) -> None:
        """Raise the error for what stands there, unless it is only white space."""
        start, end = self._source.skip(at, self._end), self._end
        if start >= end:
            return
        sign = _OTHER_OPERATOR.match(self._source.code, start, end)
        if sign:
            raise NotFlat(f"operator {sign[0]}", self._source.span(*sign.span()))
        raise self._error(f"unexpected {self._source.code[start]} in an expression", start, start + 1)

    def _number(self, token: _Token) -> Number:
        text = token.text.replace("_", "")
        if len(text) > self._source.limits.digits:
            raise self._source.limit("digits", f"a number of {len(text):,} digits", token.start, token.end)
        if not _NUMBER.fullmatch(text):
            raise self._error(f"{quote(token.text)} is not a number", token.start, token.end)
        if text[1:2] in tuple("xXbBoO"):
            return int(text, 0)
        if text.isdigit():
            return int(text)
        value = float(text)
        if math.isinf(value):
            raise self._error(f"angle is not finite: {quote(token.text)}", token.start, token.end)
        return value

    def _error(self, message: str, start: int, end: int) -> SourceError:
        return self._source.error(message, *self._source.trim(start, end))


def _few_digits(code: str, item: Item) -> bool:
    mantissa = re.split("[eE]", code[item.start : item.end])[0]
    return len(re.sub("[^0-9]", "", mantissa).lstrip("0")) < 9


_LEVELS = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "^": 4, "**": 4}
_TOKEN = re.compile(
    rf"""\s*+(?: (?P<number>(?:[0-9]|\.[0-9])(?:[eE][+-]|[\w.])*+)
    | (?P<call>{NAME})\s*+\( | (?P<index>{NAME})\s*+\[ | (?P<name>{NAME}) | (?P<sign>\*\*|[-+*/^%(),\[\]]) )""",
    re.VERBOSE,
)
_OTHER_OPERATOR = re.compile(r"<<|>>|&&|\|\||[<>=!]=|[&|~<>!?]")
_NUMBER = re.compile(
    r"0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"
)
