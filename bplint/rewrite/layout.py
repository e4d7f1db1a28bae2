"""An OpenQASM text as an editor sees it: where its statements begin and end, what it includes, declares and defines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from bplint.openqasm_comments import split

NAME = r"[^\W\d]\w*+"


class Statement(NamedTuple):
    """A statement outside of all blocks: text[start:end], and its first word."""

    start: int
    end: int
    word: str


class Layout:
    """One text. ``code`` is the text with comments, pragmas, annotations and the insides of strings blanked out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.code, _ = split(text)
        self.lines = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self.newline = (_LINE_END.search(text) or ("\n",))[0]
        self.statements = list(_statements(self.code))
        self._starts = [statement.start for statement in self.statements]
        self.words = frozenset(re.findall(NAME, self.code))

    @property
    def version(self) -> int | None:
        """2 or 3; None where the text does not say."""
        match = _VERSION.match(self.code)
        return int(match[1]) if match else None

    def offset(self, line: int, column: int) -> int:
        """The offset of a 1-based line and column."""
        return self.lines[line - 1] + column - 1

    def place(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an offset."""
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def around(self, offset: int) -> Statement:
        """The statement that an offset lies in."""
        return self.statements[bisect_right(self._starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, its line end excluded."""
        match = _LINE_END.search(self.text, offset)
        return match.start() if match else len(self.text)

    def next_line(self, offset: int) -> int:
        """Where the line after that of an offset begins, or the end of the text."""
        match = _LINE_END.search(self.text, offset)
        return match.end() if match else len(self.text)

    def begins(self, *words: str) -> list[Statement]:
        """The statements that begin with one of these words."""
        return [statement for statement in self.statements if statement.word in words]

    @cached_property
    def libraries(self) -> list[str]:
        """The files that are included."""
        quoted = [re.search(r"""["'](.*)["']""", self.text[s.start : s.end]) for s in self.begins("include")]
        return [match[1] for match in quoted if match]

    @cached_property
    def defined(self) -> frozenset[str]:
        """The gates that the text defines."""
        return frozenset(self._second_words("gate"))

    @cached_property
    def subroutines(self) -> frozenset[str]:
        """The subroutines that the text defines."""
        return frozenset(self._second_words("def"))

    def size_in(self, start: int, end: int) -> str:
        """The first name in text[start:end] that ``--set`` may give another value, or whose size depends on one; "" if none."""
        registers = (match for match in re.finditer(NAME, self.code[start:end]) if match[0] in self._sizes)
        for match in registers:
            if self._sizes[match[0]] or not _INDEX.match(self.code, start + match.end()):
                return match[0]
        return ""

    @cached_property
    def _sizes(self) -> dict[str, bool]:
        """Constants that ``--set`` can set (True); registers and aliases that depend on them (False), which matter whole."""
        sizes: dict[str, bool] = {}
        for statement in self.statements:
            code = self.code[statement.start : statement.end]
            if match := _SIZE.match(code):
                sizes[match[1]] = True
            elif (match := _SIZED.match(code)) and any(word in sizes for word in re.findall(NAME, code)):
                sizes[match["old"] or match["alias"] or match["new"]] = False
        return sizes

    def registers(self, n_qubits: int) -> list[tuple[str, int | None]] | None:
        """Names of the qubit registers in order, the size None for a single qubit; None if the sizes are not clear."""
        registers: list[tuple[str, int | None]] = []
        unknown = []
        for statement in self.begins("qreg", "qubit"):
            match = _REGISTER.match(self.code, statement.start)
            if not match:
                return None
            size = match["old"] or match["size"]
            if size is not None and not size.strip().isdecimal():
                unknown.append(len(registers))
                size = "0"
            registers.append((match["name_old"] or match["name_new"], None if size is None else int(size)))
        rest = n_qubits - sum(1 if size is None else size for _, size in registers)
        if len(unknown) > 1 or (rest != 0 and not unknown):
            return [] if not registers else None
        for k in unknown:
            registers[k] = (registers[k][0], rest)
        return registers

    def _second_words(self, word: str) -> Iterator[str]:
        for statement in self.begins(word):
            match = re.compile(rf"{word}\s+({NAME})").match(self.code, statement.start)
            if match:
                yield match[1]


@lru_cache(maxsize=2)
def layout_of(text: str) -> Layout:
    """The layout of a text, known from the last change of it."""
    return Layout(text)


def _statements(code: str) -> Iterator[Statement]:
    start, depth, sets = 0, 0, 0
    for match in _MARK.finditer(code):
        mark, end = match[0], match.end()
        if mark == "{":
            # A set of numbers, of a loop or an index, or the values of an array.
            if sets or _BEFORE_SET.search(code, max(0, match.start() - 20), match.start()):
                sets += 1
            else:
                depth += 1
            continue
        if mark == "}":
            if sets:
                sets -= 1
                continue
            depth -= 1
        if depth or sets or _ELSE.match(code, end):
            continue
        begin = _SPACE.match(code, start)
        at = begin.end() if begin else start
        word = _WORD.match(code, at)
        yield Statement(at, end, word[0] if word else "")
        start = end


_LINE_END = re.compile(r"\r\n|\r|\n")
_MARK = re.compile(r"[;{}]")
_BEFORE_SET = re.compile(r"(?:\bin|[\[=,])\s*\Z")
_ELSE = re.compile(r"\s*else\b")
_SPACE = re.compile(r"\s*+")
_WORD = re.compile(NAME)
_VERSION = re.compile(r"\s*+OPENQASM\s++(\d)")
_REGISTER = re.compile(
    rf"(?:qreg\s+(?P<name_old>{NAME})\s*(?:\[(?P<old>[^\[\]]*)\])?|qubit\s*(?:\[(?P<size>[^\[\]]*)\])?\s*(?P<name_new>{NAME}))\s*;"
)
_SIZE = re.compile(rf"(?:const|input)\s+u?int\b\s*(?:\[[^\[\]]*\])?\s*({NAME})")
_SIZED = re.compile(rf"qreg\s+(?P<old>{NAME})|let\s+(?P<alias>{NAME})|qubit\s*(?:\[[^\[\]]*\])?\s*(?P<new>{NAME})")
_INDEX = re.compile(r"\s*\[")
