"""Statements that leave the state alone: includes, barriers, pauses, global phases; and those that are refused."""

from __future__ import annotations

import re

from bplint.errors import Unsupported
from bplint.importers.program import Note
from bplint.importers.qasm.angles import AngleExpressions
from bplint.importers.qasm.calls import Callees, split_call
from bplint.importers.qasm.library import DECLARED, NOT_FLAT
from bplint.importers.qasm.operands import Registers
from bplint.importers.qasm.source import NAME, NotFlat, SourceText
from bplint.importers.quoting import quote


class Passive:
    """Each method takes the offset of its keyword and returns the offset after the statement."""

    def __init__(self, source: SourceText, angles: AngleExpressions, registers: Registers, callees: Callees) -> None:
        self.notes: list[Note] = []
        self._source = source
        self._angles = angles
        self._registers = registers
        self._callees = callees

    def include(self, start: int) -> int:
        """One of the two standard libraries, which are built in: no file is ever opened."""
        source = self._source
        match = _INCLUDE.match(source.code, start)
        if not match:
            raise source.error("want include and a file name in quotes", start, source.semicolon(start) + 1)
        place = match.span(1)
        path = source.text[place[0] + 1 : place[1] - 1]
        if path not in DECLARED:
            message = f"include of other files, here {quote(source.text[slice(*place)])}"
            raise Unsupported(message, source.span(*place))
        if path == "stdgates.inc":
            source.only_in_3(path, *place)
        elif source.version == 3:
            self.notes.append(Note("qelib1.inc belongs to OpenQASM 2, the first line says 3", source.span(*place)))
        self._callees.include(path, *place)
        return match.end()

    def barrier(self, start: int) -> int:
        """The operands must exist, and that is all."""
        end = self._source.semicolon(start)
        self._operands(start + len("barrier"), end)
        return end + 1

    def nop(self, start: int) -> int:
        """As a barrier."""
        end = self._source.semicolon(start)
        self._operands(start + len("nop"), end)
        return end + 1

    def delay(self, start: int) -> int:
        """As a barrier: the length of the pause is not read."""
        self._source.only_in_3("delay", start, start + len("delay"))
        end = self._source.semicolon(start)
        match = _DELAY.match(self._source.code, start, end)
        if not match:
            raise self._source.error("want delay[duration] qubits;", start, end + 1)
        self._operands(match.end(), end)
        return end + 1

    def gphase(self, start: int) -> int:
        """The angle must have a value, and that is all."""
        end = self._source.semicolon(start)
        call = split_call(self._source, start, end)
        angles = self._angles.arguments(*call.arguments) if call and call.arguments else ()
        if call is None or len(angles) != 1 or self._source.code[slice(*call.operands)].strip():
            raise self._source.error("gphase takes 1 angle and no qubit", start, end + 1)
        return end + 1

    def opaque(self, start: int) -> int:
        """A gate that only hardware knows: nothing, until it is called."""
        end = self._source.semicolon(start) + 1
        match = _OPAQUE.match(self._source.code, start, end)
        if not match:
            raise self._source.error("want opaque name(angles) qubits;", start, end)
        self._callees.declare_opaque(*match.span(1))
        text = f"the opaque gate {quote(match[1])} is passed over: nothing calls it"
        self.notes.append(Note(text, self._source.span(start, end)))
        return end

    def condition(self, start: int) -> int:
        """In OpenQASM 2 it is always on a measured value; in 3 it may be on a constant."""
        span = self._source.span(start, start + len("if"))
        if self._source.version == 2:
            raise Unsupported("a gate that depends on a measurement: if", span)
        raise NotFlat(f"{NOT_FLAT['if']}", span)

    def version(self, start: int) -> int:
        """The version line in its place is read before any statement."""
        second = self._source.version is not None
        message = "a second version line" if second else "the version line must be the first statement"
        raise self._source.error(message, start, self._source.semicolon(start) + 1)

    def _operands(self, start: int, end: int) -> None:
        if self._source.skip(start, end) < end:
            self._registers.places(start, end)


_OPAQUE = re.compile(rf"opaque\s++({NAME})\s*+(?:\([^();]*+\))?[^();]*+;")
_INCLUDE = re.compile(r"""include\s*+("[^"\n]*+"|'[^'\n]*+')\s*+;""")
_DELAY = re.compile(r"delay\s*+\[[^\]]*+\]")
