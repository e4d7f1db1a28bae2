"""The statements that most files consist of, read from their text, by one regular expression each and without a tree.

Calls of gates without modifiers, on single qubits or on one register, are read so in blocks too. Their operands and angles
are worked out once for all calls that write them alike, as long as none of their names is hidden by a variable.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from bplint.importers.lowered import Angle, Leaf
from bplint.importers.outcomes import Undetermined
from bplint.importers.qasm.angles import few_digits
from bplint.importers.qasm.callees import Definition
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import Affine, NameScope, Place, Qubits
from bplint.importers.qasm.source import NAME
from bplint.ir.circuit import GateOrigin, Spelling
from bplint.ir.gates import gate

Uses = tuple[list[tuple[int, ...]], bool]
"""The qubits of each use of a gate, and whether they are those of a register."""


class Tree(Protocol):
    """What works out angles and bodies of gates that are more than plain."""

    def arguments(self, written: str, start: int, end: int, scope: NameScope) -> Sequence[Affine]:
        """The angles in code[start:end], which is this text."""

    def body(self, callee: Definition, angles: Sequence[Affine], qubits: tuple[int, ...]) -> Iterable[Leaf[str]]:
        """The gates in the body of a defined gate."""


class _Operands(NamedTuple):
    """Operands as they are written; ``uses`` where no variable hides their names."""

    names: tuple[str, ...]
    indices: tuple[str | None, ...]
    uses: Uses | None = None


class PlainStatements:
    """Reads the plain statements of one source; ``tree`` is asked for where it is needed."""

    def __init__(self, reading: SourceReading, tree: Callable[[], Tree]) -> None:
        self._reading = reading
        self._code = reading.source.code
        self._tree = tree
        self._forms = _OLD_FORMS if reading.source.version == 2 else _FORMS
        self._operands: dict[str, _Operands | None] = {}
        self._angles: dict[str, tuple[list[str], Sequence[Affine]]] = {}
        self._longest = min(_LONGEST, reading.source.limits.digits)

    def read(self, start: int) -> int | None:
        """Read what is no call at this offset. Returns the offset after it; None if it is not plain: nothing was done."""
        for pattern, read in self._forms:
            match = pattern.match(self._code, start)
            if match is not None and read(self, match):
                return match.end()
        return None

    def call(self, call: re.Match[str], scope: NameScope, kind: GateOrigin, number: int | None = None) -> bool:
        """Write down what a call comes to, ``number`` being that of its statement. False if it is more than plain: then
        nothing was done.
        """
        name, written, operands = call.groups()
        uses = self._uses(operands, scope)
        if uses is None:
            return False
        reading, start, end = self._reading, call.start(1), call.end()
        callee = reading.callees.known.get(name)
        if callee is None:
            if gate(name) is None or name in scope.variables:
                return False
            callee = reading.callees.find(start, start + len(name))
        try:
            angles = self._evaluated(written, call, scope) if written is not None else ()
        except Undetermined:
            return False
        repeated, wide = uses
        if len(angles) != callee.n_parameters or len(repeated[0]) != callee.n_qubits:
            raise reading.callees.arity_error(callee, len(angles), len(repeated[0]), start, end)
        reading.spend(callee.cost * len(repeated), start, end)
        statement = reading.statement(start, end) if number is None else number
        kind = reading.origin(kind, start, wide=wide)
        for qubits in repeated:
            wires = reading.outcomes.touch(qubits, statement)
            if isinstance(callee, Definition):
                reading.write(self._tree().body(callee, angles, wires), statement, kind)
            else:
                # A gate that does nothing leaves no angle behind: its parameters occur nowhere.
                rows = [reading.row(angle, statement) for angle in angles] if callee.gate.steps else ()
                reading.builder.gate(callee.gate, wires, rows, statement, name=callee.name, kind=kind)
        return True

    # Operands

    def _qubits(self, name: str, index: str | None, scope: NameScope) -> Place | None:
        """What a name stands for, or the element of it with this index; None if that is not there."""
        found = self._reading.names.find(name, scope)
        return _element(found.place, index) if isinstance(found, Qubits) else None

    def _places(self, operands: _Operands, scope: NameScope) -> list[Place | None]:
        return [self._qubits(name, index, scope) for name, index in zip(operands.names, operands.indices, strict=True)]

    def _uses(self, written: str, scope: NameScope) -> Uses | None:
        """Of operands such as ``q[0], r[1]``, which are distinct, or one register; None if they are anything else."""
        if written not in self._operands:
            self._operands[written] = _operands(written)
        operands = self._operands[written]
        if operands is None:
            return None
        plain = scope.variables.keys().isdisjoint(operands.names)
        if plain and operands.uses is not None:
            return operands.uses
        uses = self._found(operands, scope)
        if plain and uses is not None:
            self._operands[written] = operands._replace(uses=uses)
        return uses

    def _found(self, operands: _Operands, scope: NameScope) -> Uses | None:
        places = self._places(operands, scope)
        qubits = tuple([place for place in places if isinstance(place, int)])
        if len(qubits) == len(places):
            return ([qubits], False) if len({*qubits}) == len(qubits) else None
        register, *others = places
        return None if others or register is None or isinstance(register, int) else ([(q,) for q in register], True)

    # Angles

    def _evaluated(self, written: str, call: re.Match[str], scope: NameScope) -> Sequence[Affine]:
        """The angles of a call. Lone numbers are not kept: there may be as many of them as statements."""
        number = self._literal(written)
        if number is not None:
            return (number,)
        kept = self._angles.get(written)
        if kept is not None and scope.variables.keys().isdisjoint(kept[0]):
            return kept[1]
        angles = self._simple(written, call.start(2), scope)
        if angles is None:
            angles = self._tree().arguments(written, *call.span(2), scope)
        names = _NAME.findall(written)
        # A variable may have another value next time, and a subroutine more to do.
        if "(" not in written and scope.variables.keys().isdisjoint(names):
            self._angles[written] = names, angles
        return angles

    def _simple(self, written: str, start: int, scope: NameScope) -> Sequence[Affine] | None:
        """Numbers, fractions of pi, names and elements, with commas between; None if there is anything else."""
        angles: list[Affine] = []
        for part in written.split(","):
            angle = self._simple_angle(part, start, scope)
            if angle is None:
                return None
            angles.append(angle)
            start += len(part) + 1
        return angles

    def _simple_angle(self, written: str, start: int, scope: NameScope) -> Affine | None:
        match = _SIMPLE.fullmatch(written)
        if match is None:
            return self._literal(written.strip())
        if match["name"] is None:
            factor = -1 if match["sign"] else int(match["factor"] or 1)
            return Angle(factor * math.pi / int(match["divisor"] or 1))
        place = start + match.start("name"), start + len(written.rstrip())
        indices = [int(match["index"])] if match["index"] else []
        return self._reading.angles.named(match["name"], indices, *place, scope)

    def _literal(self, written: str) -> Affine | None:
        number = _NUMBER.fullmatch(written)
        if not number or len(written) > self._longest or not math.isfinite(value := float(written)):
            return None
        few = len(written) < _FEW or few_digits(number[1])
        return Angle(value, (), Spelling.DECIMAL if few else Spelling.PRECISE)

    # Other statements

    def _include(self, match: re.Match[str]) -> bool:
        self._reading.include(*match.span(1))
        return True

    def _register(self, match: re.Match[str]) -> bool:
        size = None if match["size"] is None else int(match["size"])
        if match["what"] in ("qreg", "qubit"):
            self._reading.registers.declare_qubits(match.span("name"), size)
        else:
            self._reading.registers.declare_bits(match.span("name"), size)
        return True

    def _input(self, match: re.Match[str]) -> bool:
        shape = (int(match["size"]),) if match["size"] else ()
        whole = match["type"].startswith(("int", "uint")) and not shape
        self._reading.names.declare_input(shape, *match.span("name"), whole=whole)
        return True

    def _barrier(self, match: re.Match[str]) -> bool:
        operands = _operands(match[1])
        return operands is not None and None not in self._places(operands, self._reading.scope)

    def _measure(self, match: re.Match[str]) -> bool:
        reading, scope, to = self._reading, self._reading.scope, match["bit"]
        qubits = bits = self._qubits(match["qubit"], match["of_qubits"], scope)
        row = None if qubits is None else reading.registers.bits(to, scope, *match.span("bit"))
        if row is not None:
            bits = _element(row, match["of_bits"])
        if qubits is None or bits is None:
            return False
        reading.record_into(to, qubits, bits, match.span(), scope)
        return True


def _operands(written: str) -> _Operands | None:
    """Operands that are names or elements by a number; None if there are others."""
    matches = [_ELEMENT.fullmatch(operand) for operand in written.split(",")]
    parts = [match.groups() for match in matches if match]
    return _Operands(*zip(*parts, strict=True)) if len(parts) == len(matches) else None


def _element(place: Place, index: str | None) -> Place | None:
    """All of a place without an index; None for one that it does not have."""
    if index is None:
        return place
    return place[int(index)] if not isinstance(place, int) and int(index) < len(place) else None


CALL = re.compile(rf"\s*+({NAME})\s*+(?:\(((?:[^();]++|\([^();]*+\))*+)\))?\s*+([^;(){{}}=@\"']*+);")
"""A statement that may be a plain call: name, angles, operands."""

_LONGEST, _FEW = 40, 9
_NAME = re.compile(NAME)
_ELEMENT = re.compile(rf"\s*({NAME})\s*(?:\[\s*([0-9]{{1,18}})\s*\]\s*)?")
_NUMBER = re.compile(r"-?([0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?")
_SIMPLE = re.compile(
    rf"""\s*(?: (?:(?P<factor>-?[0-9]{{1,9}})\s?\*\s?|(?P<sign>-))?pi(?:\s?/\s?(?P<divisor>[1-9][0-9]{{0,8}}))?
    | (?P<name>{NAME})(?:\[(?P<index>[0-9]{{1,9}})\])? )\s*""",
    re.VERBOSE,
)

_SIZE_OF_ARRAY = r"(?P<size>[1-9][0-9]{0,17})\s*+\]\s*+"
_SIZE = rf"\[\s*+{_SIZE_OF_ARRAY}"
_NAMED = rf"(?P<name>{NAME})\s*+"
_TYPE = r"(?P<type>(?:float|angle|uint|int)\b(?:\s*+\[[0-9]++\])?)\s*+"
_QUBIT = rf"(?P<qubit>{NAME})\s*+(?:\[(?P<of_qubits>[0-9]{{1,18}})\]\s*+)?"
_BIT = rf"(?P<bit>{NAME})\s*+(?:\[(?P<of_bits>[0-9]{{1,18}})\]\s*+)?"
_OLD_FORMS = (
    (re.compile(r"""include\s*+("[^"\n]*+"|'[^'\n]*+')\s*+;"""), PlainStatements._include),
    (re.compile(rf"(?P<what>qreg|creg)\s++{_NAMED}{_SIZE};"), PlainStatements._register),
    (re.compile(rf"measure\s++{_QUBIT}->\s*+{_BIT};"), PlainStatements._measure),
    (re.compile(r"barrier\s++([^;(){}=@\"']++);"), PlainStatements._barrier),
)
_FORMS = (
    *_OLD_FORMS,
    (re.compile(rf"(?P<what>qubit|bit)\b\s*+(?:{_SIZE})?{_NAMED};"), PlainStatements._register),
    (re.compile(rf"input\s++(array\s*+\[\s*+)?{_TYPE}(?(1),\s*+{_SIZE_OF_ARRAY}){_NAMED};"), PlainStatements._input),
    (re.compile(rf"{_BIT}=\s*+measure\s++{_QUBIT};"), PlainStatements._measure),
)
"""The forms of other statements, and what reads them."""
