"""The statements that most files consist of, beside calls of gates: read without a tree, by one regular expression each."""

from __future__ import annotations

import re
from collections.abc import Callable

from bplint.importers.qasm.bindable import Place
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.registers import Holds
from bplint.importers.qasm.source import NAME

Read = Callable[["PlainStatements", "re.Match[str]"], None]


class PlainStatements:
    """Reads declarations with numbers for sizes, includes, barriers and measurements of single names."""

    def __init__(self, reading: SourceReading) -> None:
        self._reading = reading
        self._code = reading.source.code
        self._forms = _OLD_FORMS if reading.source.version == 2 else _OLD_FORMS | _NEW_FORMS

    def read(self, start: int) -> int | None:
        """Read the statement at this offset. Returns the offset after it, None if it is not that plain."""
        word = _WORD.match(self._code, start)
        if word is None:
            return None
        form = self._forms.get(word[0])
        if form is None and self._reading.source.version != 2:
            form = _OUTCOME
        if form is None:
            return None
        pattern, read = form
        match = pattern.match(self._code, start)
        if match is None:
            return None
        read(self, match)
        return match.end()

    def _include(self, match: re.Match[str]) -> None:
        self._reading.include(*match.span(1))

    def _register(self, match: re.Match[str]) -> None:
        size = None if match["size"] is None else int(match["size"])
        if match["what"] in ("qreg", "qubit"):
            self._reading.registers.declare_qubits(match.span("name"), size)
        else:
            self._reading.declare_bits(match.span("name"), size)

    def _input(self, match: re.Match[str]) -> None:
        names, array = self._reading.names, match["array"] is not None
        shape = (int(match["size"]),) if array else ()
        whole = match["array" if array else "scalar"].startswith(("int", "uint")) and not array
        names.declare_input(shape, *match.span("name"), whole=whole)

    def _barrier(self, match: re.Match[str]) -> None:
        for operand in _OPERAND.finditer(self._code, match.end(1), match.end() - 1):
            self._place(operand, 1, "qubit")

    def _measure(self, match: re.Match[str]) -> None:
        self._record(match, 1, 3)

    def _outcome(self, match: re.Match[str]) -> None:
        self._record(match, 3, 1)

    def _record(self, match: re.Match[str], qubit: int, bit: int) -> None:
        reading, name = self._reading, match[bit]
        qubits = self._place(match, qubit, "qubit")
        bits = self._place(match, bit, "bit") if reading.bits(name, reading.scope) else qubits
        reading.record_into(name, qubits, bits, match.span(), reading.scope)

    def _place(self, match: re.Match[str], group: int, holds: Holds) -> Place:
        """What the name in this group stands for, or the element of it whose number is in the next group."""
        reading, name, span = self._reading, match[group], match.span(group)
        elements = reading.elements(name, reading.scope, holds, *span)
        if match[group + 1] is None:
            return elements
        if isinstance(elements, int):
            raise reading.registers.single(name, holds, *span)
        end = match.end(group + 1) + 1
        return elements[reading.registers.position(name, int(match[group + 1]), len(elements), holds, span[0], end)]


_WORD = re.compile(NAME)
_ELEMENT = rf"({NAME})\s*+(?:\[([0-9]{{1,18}})\])?"
_OPERAND = re.compile(_ELEMENT)
_SIZE = r"\[\s*+(?P<size>[1-9][0-9]{0,17})\s*+\]"
_TYPE = r"(?:float|angle|uint|int)\b(?:\s*+\[[0-9]++\])?"
_OLD_REGISTER = re.compile(rf"(?P<what>qreg|creg)\s++(?P<name>{NAME})\s*+{_SIZE}\s*+;"), PlainStatements._register
_REGISTER = re.compile(rf"(?P<what>qubit|bit)\b\s*+(?:{_SIZE})?\s*+(?P<name>{NAME})\s*+;"), PlainStatements._register
_INPUT = (
    re.compile(
        rf"input\s++(?:(?P<scalar>{_TYPE})|array\s*+\[\s*+(?P<array>{_TYPE})\s*+,\s*+(?P<size>[1-9][0-9]{{0,17}})\s*+\])"
        rf"\s*+(?P<name>{NAME})\s*+;"
    ),
    PlainStatements._input,
)
_OUTCOME = re.compile(rf"{_ELEMENT}\s*+=\s*+measure\s++{_ELEMENT}\s*+;"), PlainStatements._outcome
_OLD_FORMS: dict[str, tuple[re.Pattern[str], Read]] = {
    "include": (re.compile(r"""include\s*+("[^"\n]*+"|'[^'\n]*+')\s*+;"""), PlainStatements._include),
    "qreg": _OLD_REGISTER,
    "creg": _OLD_REGISTER,
    "measure": (re.compile(rf"measure\s++{_ELEMENT}\s*+->\s*+{_ELEMENT}\s*+;"), PlainStatements._measure),
    "barrier": (re.compile(rf"(barrier)\s++{_ELEMENT}\s*+(?:,\s*+{_ELEMENT}\s*+)*+;"), PlainStatements._barrier),
}
_NEW_FORMS: dict[str, tuple[re.Pattern[str], Read]] = {"qubit": _REGISTER, "bit": _REGISTER, "input": _INPUT}
"""The first word of a statement, its form, and what reads it."""
