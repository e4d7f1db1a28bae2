"""Measurement and reset: accepted at the end and at the start of a circuit, refused between."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bplint.errors import SourceError, Unsupported
from bplint.importers.qasm.declarations import Declarations
from bplint.importers.qasm.operands import Holds, Place, Registers
from bplint.importers.qasm.source import NAME, NotFlat, SourceText
from bplint.number_format import plural


class Measurement:
    """What was measured, by qubit, and which qubits gates have touched.

    The methods named after statements take the offset of the statement and return that after it.
    """

    def __init__(self, source: SourceText, registers: Registers, declarations: Declarations) -> None:
        self._source = source
        self._registers = registers
        self._declarations = declarations
        self._touched: set[int] = set()
        self._measured: dict[int, int] = {}

    @property
    def qubits(self) -> tuple[int, ...]:
        """The measured qubits, sorted."""
        return tuple(sorted(self._measured))

    def touch(self, qubits: Sequence[int], start: int, end: int) -> None:
        """A gate, at this place, acts on these qubits. Raises Unsupported if one was measured before."""
        self._touched.update(qubits)
        if self._measured and not self._measured.keys().isdisjoint(qubits):
            place = next(self._measured[qubit] for qubit in qubits if qubit in self._measured)
            message = f"mid-circuit measurement: this qubit was measured on line {self._source.line(place)}"
            raise Unsupported(message, self._source.span(start, end))

    def measure(self, start: int) -> int:
        """``measure q -> c;``, in OpenQASM 3 also without a target."""
        end = self._source.semicolon(start)
        arrow = self._source.code.find("->", start, end)
        if arrow < 0:
            self._source.only_in_3("measure without ->", start, end + 1)
        operands = start + len("measure"), end if arrow < 0 else arrow
        self._into(operands, None if arrow < 0 else (arrow + 2, end), (start, end + 1))
        return end + 1

    def assignment(self, start: int) -> int | None:
        """``c = measure q;`` if this is an assignment, else None. Any other one is left to the full grammar."""
        end = self._source.semicolon(start)
        match = _ASSIGNMENT.match(self._source.code, start, end)
        if not match:
            return None
        self._source.only_in_3("an assignment", start, end + 1)
        self._outcome(match.end(), end, match.span(1), start, "assignment")
        return end + 1

    def bit(self, start: int) -> int:
        """``bit[2] c;`` or ``bit[2] c = measure q;``"""
        after, name = self._declarations.bits(start)
        if self._source.code[after - 1] == ";":
            return after
        end = self._source.semicolon(after)
        self._outcome(after, end, name, start, "classical variable (bit)")
        return end + 1

    def reset(self, start: int) -> int:
        """A reset before any gate on the qubit, which it leaves in its initial state. Raises Unsupported for others."""
        end = self._source.semicolon(start)
        for place in self._registers.places(start + len("reset"), end):
            self.initialise(place, start, end + 1)
        return end + 1

    def initialise(self, place: Place, start: int, end: int) -> None:
        """A reset of these qubits by the statement at this place."""
        if not self._touched.isdisjoint(each(place)) or not self._measured.keys().isdisjoint(each(place)):
            raise Unsupported("mid-circuit reset: something was done to this qubit", self._source.span(start, end))

    def record(self, qubits: Place, bits: Place, start: int, end: int) -> None:
        """A measurement of these qubits into these bits by the statement at this place."""
        if len(each(qubits)) != len(each(bits)):
            message = f"{plural(len(each(qubits)), 'qubit')} cannot be measured into {plural(len(each(bits)), 'bit')}"
            raise self._source.error(message, start, end)
        for qubit in each(qubits):
            self._measured.setdefault(qubit, start)

    def _outcome(self, equals: int, end: int, target: tuple[int, int], start: int, otherwise: str) -> None:
        """What stands after an equals sign: a measurement, or something that only the full grammar reads."""
        measure = _MEASURE.match(self._source.code, equals, end)
        if not measure:
            raise NotFlat(f"{otherwise}", self._source.span(start, end + 1))
        self._into((measure.end(), end), target, (start, end + 1))

    def _into(self, operands: tuple[int, int], target: tuple[int, int] | None, span: tuple[int, int]) -> None:
        places = self._registers.places(*operands)
        bits = self._registers.places(*target, Holds.BITS) if target else places
        if len(places) != 1 or len(bits) != 1:
            raise self._error("a measurement takes one operand on each side", span)
        self.record(places[0], bits[0], *span)

    def _error(self, message: str, span: tuple[int, int]) -> SourceError:
        return self._source.error(message, *span)


def each(place: Place) -> Sequence[int]:
    """The elements of a place."""
    return (place,) if isinstance(place, int) else place


_ASSIGNMENT = re.compile(rf"({NAME}\s*+(?:\[[^\]]*+\])?)\s*+[-+*/&|^%<>~]*+=(?!=)")
_MEASURE = re.compile(r"\s*+measure\b")
