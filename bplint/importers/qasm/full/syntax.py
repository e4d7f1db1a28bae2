"""From a text to the reference syntax tree, and from its nodes back to places in the text."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from bplint.errors import SourceError
from bplint.importers.qasm.full import grammar
from bplint.importers.qasm.source import NAME, SourceText
from bplint.importers.quoting import quote

if TYPE_CHECKING:
    from openqasm3 import ast


class Places:
    """Where the nodes of a tree stand in the code.

    ``inserted`` are offsets at which the parsed text has the word that :func:`parse` put in.
    """

    def __init__(self, text: str, inserted: Sequence[int]) -> None:
        self._text = text
        self._lines = [*accumulate((len(line) + 1 for line in text.split("\n")), initial=0)]
        self._inserted = inserted
        self._found: dict[int, tuple[int, int]] = {}

    def of(self, node: ast.QASMNode) -> tuple[int, int]:
        """The range of a node: its span ends at the start of its last token."""
        found = self._found.get(id(node))
        if found is None:
            found = self._found[id(node)] = self._measured(node)
        return found

    def _measured(self, node: ast.QASMNode) -> tuple[int, int]:
        span = node.span
        assert span is not None
        last = self._lines[span.end_line - 1] + span.end_column
        token = _TOKEN.match(self._text, last)
        start = self._lines[span.start_line - 1] + span.start_column
        if type(node).__name__ == "BitType" and not self._text.startswith("bit", start):
            start = span.start_column  # that of a creg counts from the start of the text
        return self._original(start), self._original(token.end() if token else last + 1)

    def name(self, identifier: ast.Identifier) -> tuple[int, int]:
        """The range of an identifier that belongs to a node: such spans count from the start of the text."""
        span = identifier.span
        assert span is not None
        return self._original(span.start_column), self._original(span.end_column + 1)

    def at(self, line: int, column: int) -> int:
        """The offset of a line and column as the parser counts them."""
        return self._original(self._lines[min(line, len(self._lines) - 1) - 1] + column)

    def _original(self, offset: int) -> int:
        return offset - len(_WORD_PUT_IN) * bisect_right(self._inserted, offset - 1)


def parse(source: SourceText) -> tuple[ast.Program, Places]:
    """The tree of a text. Raises SourceError for what the grammar does not allow, LimitError for too much of it."""
    from openqasm3.parser import QASM3ParsingError

    _check(source)
    text, inserted = _prepared(source)
    places = Places(text, inserted)
    try:
        return grammar.tree(text), places
    except QASM3ParsingError as error:
        raise _refusal(source, places, error) from None
    except AttributeError:
        # openqasm3 1.0 stumbles over the size of a creg among the arguments of a def, which the grammar allows.
        register = _CREG_ARGUMENT.search(source.code)
        if register is None:
            raise
        hint = "write it as bit[n]"
        raise source.error("a creg among the arguments of a def", *register.span(1), hint=hint) from None


@contextmanager
def deep() -> Iterator[None]:
    """Lets trees be as deep as the limit on nesting allows: the parser takes several calls for each level."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _CALLS))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


_CALLS = 6_000
_WORD_PUT_IN = "int "
_TOKEN = re.compile(
    rf""""[^"\n]*" | '[^'\n]*' | {NAME} | \$[0-9]++ | (?P<number>(?:[0-9]|\.[0-9])(?:(?<![xX][0-9a-fA-F])(?<=[eE])[+-]|[\w.])*+)
    | -> | \+\+ | \*\*=? | <<=? | >>=? | && | \|\| | [<>=!+\-*/%&|^~]= | [-\[\](){{}};:,=@+*/%<>!~&|^]""",
    re.VERBOSE,
)
_STRING = re.compile(r""""[^"\n]*"|'[^'\n]*'""")
_INPUT_OR_SIGN = re.compile(r"\binput\b|[;={}]")
_CREG_ARGUMENT = re.compile(r"\bdef\b[^(){}]*\([^(){}]*\b(creg)\b")
_UNTYPED_LOOP = re.compile(rf"\bfor\s++(?={NAME}\s++in\b)")
_C_ARRAY = re.compile(rf"\b((?:float|angle|uint|int)\b(?:\s*+\[[^\[\];]*\])?)\s++({NAME})\s*+\[([^\[\];]*)\]")
_PREFIXES = frozenset("-!~")
_HEADS = frozenset({"if", "for", "while"})
_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(")]}")


def _check(source: SourceText) -> None:
    """Refuse, before the slow parser sees them, characters it does not know and texts beyond the limits."""
    limits, code = source.limits, source.code
    nesting = _Nesting()
    at = 0
    for count, token in enumerate(_TOKEN.finditer(code), start=1):
        if token.start() > at:
            _refuse_strange(source, at, token.start())
        at = token.end()
        if count > limits.tokens:
            raise source.limit("tokens", f"more than {limits.tokens:,} words and signs", *token.span())
        text = token[0]
        if token.lastgroup == "number" and len(text) > limits.digits:
            raise source.limit("digits", f"a number of {len(text):,} digits", *token.span())
        if len(text) > limits.name and not token.lastgroup:
            raise source.limit("name", f"a name of {len(text):,} characters, {quote(text)}", *token.span())
        if not nesting.take(text):
            raise source.error(f"{text} closes nothing", *token.span())
        if nesting.depth > limits.nesting:
            raise source.limit("nesting", "brackets, signs or statements nested too deeply", *token.span())
    _refuse_strange(source, at, len(code))


class _Nesting:
    """How deep a text is at a place: open brackets, signs before one operand, and statements within statements that
    no brackets show, as in ``if (a) x q; else if (b) y q;``.
    """

    def __init__(self) -> None:
        self.depth = 0
        self._waiting: list[str] = []
        self._heads = [0]
        """How many statements wait for their inner one, inside of each bracket."""
        self._signs = 0
        self._before = ""

    def take(self, text: str) -> bool:
        """Go on by one word or sign. Returns whether it may stand there: False if it closes nothing."""
        if self._before in (";", "}") and text != "else":
            self.depth -= self._heads[-1]
            self._heads[-1] = 0
        if text in _PREFIXES:
            self._signs += 1
            self.depth += 1
        elif self._signs:
            self.depth -= self._signs
            self._signs = 0
        if text in _HEADS:
            self._heads[-1] += 1
            self.depth += 1
        elif text in _OPENING:
            self._waiting.append(_OPENING[text])
            self._heads.append(0)
            self.depth += 1
        elif text in _CLOSING:
            if not self._waiting or self._waiting.pop() != text:
                return False
            self.depth -= 1 + self._heads.pop()
        self._before = text
        return True


def _refuse_strange(source: SourceText, start: int, end: int) -> None:
    """Raise the error for what is no token, unless it is only white space."""
    place = source.skip(start, end)
    if place < end:
        raise source.error(f"unexpected {quote(source.code[place])}", place, place + 1)


def _prepared(source: SourceText) -> tuple[str, list[int]]:
    """The text for the parser, and the offsets at which a type was put into loops that name none.

    Strings are filled in again, and the defaults of inputs, which no version of the grammar has, blanked out.
    """
    code = _STRING.sub(lambda match: source.text[match.start() : match.end()], source.code)
    code = _without_defaults(code)
    inserted = [match.end() + i * len(_WORD_PUT_IN) for i, match in enumerate(_UNTYPED_LOOP.finditer(code))]
    return _UNTYPED_LOOP.sub(lambda match: match[0] + _WORD_PUT_IN, code), inserted


def _without_defaults(code: str) -> str:
    """The code with ``= value`` of each ``input`` blanked out."""
    pieces = []
    done, waiting = 0, False
    for match in _INPUT_OR_SIGN.finditer(code):
        if match.start() < done:
            continue
        end = code.find(";", match.start()) if waiting and match[0] == "=" else -1
        if end >= 0:
            pieces += [code[done : match.start()], _blank(code[match.start() : end])]
            done = end
        waiting = match[0] == "input"
    return "".join([*pieces, code[done:]])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _refusal(source: SourceText, places: Places, error: Exception) -> SourceError:
    """The error for what the parser refused, placed, with what to write instead where the mistake is a common one."""
    told = re.fullmatch(r"L(\d+):C(\d+): (.*)", str(error), re.DOTALL)
    if told:
        start = places.at(int(told[1]), int(told[2]))
        return source.error(quote(told[3]), start, start + 1)
    cause: Any = error.__cause__
    token = getattr(cause.args[0] if cause is not None and cause.args else cause, "offendingToken", None)
    if token is None or token.type == -1:
        return source.error("the text ends in the middle of a statement", len(source.code) - 1, len(source.code))
    start, end = places.at(token.line, token.column), places.at(token.line, token.column) + len(token.text)
    array = next((m for m in _C_ARRAY.finditer(source.code) if m.start() <= start < m.end()), None)
    if array:
        instead = f"write array[{quote(array[1])}, {quote(array[3].strip())}] {quote(array[2])}"
        return source.error("the size of an array stands in its type", *array.span(), hint=instead)
    before = source.code[:start].rstrip()
    line = source.line(len(before) - 1) if before else 0
    missing = before and before[-1] not in ";{}" and line < source.line(start)
    hint = f"is a ; missing at the end of line {line}?" if missing else None
    return source.error(f"cannot read {quote(token.text)} here", start, end, hint=hint)
