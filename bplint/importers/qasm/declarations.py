"""Declarations: registers of both dialects, inputs and constants."""

from __future__ import annotations

import re

from bplint.errors import SourceError
from bplint.importers.program import Note
from bplint.importers.qasm.angles import AngleExpressions
from bplint.importers.qasm.expressions import parse
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.operands import Holds, Registers
from bplint.importers.qasm.source import NAME, NotFlat, SourceText
from bplint.importers.quoting import quote


class Declarations:
    """Reads the declarations of one file. Each method takes the offset of its keyword and returns that after it."""

    def __init__(self, source: SourceText, names: Names, angles: AngleExpressions, registers: Registers) -> None:
        self.notes: list[Note] = []
        self._source = source
        self._names = names
        self._angles = angles
        self._registers = registers

    def old_register(self, start: int) -> int:
        """``qreg q[4];`` or ``creg c[4];``, which OpenQASM 3 reads too, there also without a size."""
        match = _OLD_REGISTER.match(self._source.code, start)
        if not match:
            raise self._unreadable(start, "want qreg name[size]; or creg name[size];")
        if match[3] is None:
            self._source.only_in_3("a register without a size", *match.span(2))
        holds = Holds.QUBITS if match[1] == "qreg" else Holds.BITS
        self._registers.declare(holds, match.span(2), self._size(match, 3))
        return match.end()

    def register(self, start: int) -> int:
        """``qubit[4] q;`` or ``qubit q;``"""
        self._source.only_in_3("qubit", start, start + len("qubit"))
        match = _REGISTER.match(self._source.code, start)
        if not match or match[3] != ";":
            raise self._unreadable(start, "want qubit[size] name;")
        self._registers.declare(Holds.QUBITS, match.span(2), self._size(match, 1))
        return match.end()

    def bits(self, start: int) -> tuple[int, tuple[int, int]]:
        """``bit[4] c`` up to and with the semicolon or equals sign; returns the range of the name as well."""
        self._source.only_in_3("bit", start, start + len("bit"))
        match = _REGISTER.match(self._source.code, start)
        if not match:
            raise self._unreadable(start, "want bit[size] name;")
        self._registers.declare(Holds.BITS, match.span(2), self._size(match, 1))
        return match.end(), match.span(2)

    def input(self, start: int) -> int:
        """``input float[64] x;`` or ``input array[float[64], 8] theta;``"""
        self._source.only_in_3("input", start, start + len("input"))
        match = _INPUT.match(self._source.code, start)
        if not match:
            raise self._unreadable_input(start)
        shape: tuple[int, ...] = ()
        if match["size"] is not None:
            shape = (self._angles.whole(*match.span("size"), "the size of an array"),)
            if shape[0] < 1:
                raise self._source.error(f"an array needs at least one element, here {shape[0]}", *match.span("size"))
        self._names.declare_input(shape, *match.span("name"), whole=match["whole"] is not None)
        self._note_default(match)
        return match.end()

    def note_default(self, start: int) -> None:
        """Note the default of the input declared at this offset, if it has one."""
        match = _INPUT.match(self._source.code, start)
        if match:
            self._note_default(match)

    def constant(self, start: int) -> int:
        """``const int n = 4;`` or ``const float x = pi / 4;``"""
        self._source.only_in_3("const", start, start + len("const"))
        match = _CONSTANT.match(self._source.code, start)
        if not match:
            other = _CONSTANT_TYPE.match(self._source.code, start)
            if other and other[1] in _OTHER_TYPES:
                raise NotFlat(f"constant of type {other[1]}", self._source.span(*other.span()))
            raise self._unreadable(start, "want const type name = value;")
        if match[1] in ("int", "uint"):
            self._names.declare_constant(
                self._angles.whole(*match.span(3), "a constant of type int"), False, *match.span(2)
            )
            return match.end()
        expressions = parse(self._source, *match.span(3))
        if len(expressions) != 1:
            raise self._unreadable(start, "want const type name = value;")
        self._names.declare_constant(*self._angles.constant(expressions[0]), *match.span(2))
        return match.end()

    def _note_default(self, match: re.Match[str]) -> None:
        if match["default"] is not None:
            name, default = quote(match["name"]), quote(match["default"])
            text = f"the default {default} of {name} is not used: {name} is a parameter"
            self.notes.append(Note(text, self._source.span(*match.span("default"))))

    def _size(self, match: re.Match[str], group: int) -> int | None:
        """The size in brackets; None for a register that has none and is a single element."""
        return None if match[group] is None else self._angles.whole(*match.span(group), "the size of a register")

    def _unreadable_input(self, start: int) -> SourceError:
        code = self._source.code
        array = _C_ARRAY.match(code, start)
        if array:
            hint = f"write input array[{array[1]}, {array[3].strip()}] {array[2]};"
            return self._source.error("the size of an array stands in its type", start, array.end(), hint=hint)
        other = _INPUT_TYPE.match(code, start)
        if other and other[1] in _OTHER_TYPES:
            return NotFlat(f"input of type {other[1]}", self._source.span(*other.span()))
        return self._unreadable(start, "want input float name;")

    def _unreadable(self, start: int, hint: str) -> SourceError:
        end = self._source.semicolon(start)
        return self._source.error(f"cannot read {quote(self._source.code[start:end])}", start, end + 1, hint=hint)


_OTHER_TYPES = frozenset({"bit", "bool", "complex", "duration", "stretch", "array"})
_TYPE = r"(?:float|angle|uint|int)\b(?:\s*+\[[^\[\];]*\])?"
_OLD_REGISTER = re.compile(rf"(qreg|creg)\s++({NAME})\s*+(?:\[([^\[\];]*)\])?\s*+;")
_REGISTER = re.compile(rf"(?:qubit|bit)\b\s*+(?:\[([^\[\];]*)\])?\s*+({NAME})\s*+([;=])")
_INPUT = re.compile(
    rf"""input\s++(?:(?P<whole>u?int\b(?:\s*+\[[^\[\];]*\])?)|{_TYPE}|array\s*+\[\s*+{_TYPE}\s*+,(?P<size>[^,\[\];]*)\])
    \s*+(?P<name>{NAME})\s*+(?:=(?P<default>[^;]*))?;""",
    re.VERBOSE,
)
_C_ARRAY = re.compile(rf"input\s++({_TYPE})\s*+({NAME})\s*+\[([^\[\];]*)\]\s*+;")
_INPUT_TYPE = re.compile(rf"input\s++({NAME})")
_CONSTANT = re.compile(rf"const\s++(float|angle|uint|int)\b(?:\s*+\[[^\[\];]*\])?\s*+({NAME})\s*+=([^;]*);")
_CONSTANT_TYPE = re.compile(rf"const\s++({NAME})")
