"""Calls of gates as most are, without modifiers on single qubits or on one register: read from their text, without a tree.

They are read alike at the top of a file and in blocks. Operands and angles are worked out once for all calls that write
them alike, as long as none of their names is hidden by a variable.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from bplint.importers.lowered import Angle, Leaf
from bplint.importers.qasm.angles import few_digits
from bplint.importers.qasm.bindable import Affine, Qubits
from bplint.importers.qasm.callees import Callee, Definition
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import NameScope
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
    """Names with the number in brackets behind each, if there is one; ``uses`` where no variable hides the names."""

    names: tuple[str, ...]
    numbers: tuple[int | None, ...]
    uses: Uses | None = None


class PlainCalls:
    """Writes down plain calls of one source; ``tree`` is asked for where it is needed."""

    def __init__(self, reading: SourceReading, tree: Callable[[], Tree]) -> None:
        self._reading = reading
        self._tree = tree
        self._operands: dict[str, _Operands | None] = {}
        self._angles: dict[str, tuple[list[str], Sequence[Affine]]] = {}
        self._longest = min(_LONGEST, reading.source.limits.digits)

    def run(self, call: re.Match[str], scope: NameScope, kind: GateOrigin, number: int | None = None) -> bool:
        """Write down what a call comes to, ``number`` being that of its statement. False if it is more than plain: then
        nothing was done.
        """
        name, written, operands = call.groups()
        uses = self._uses(operands, scope)
        if uses is None:
            return False
        reading, start, end = self._reading, call.start(1), call.end()
        callee = reading.callees.known.get(name) or self._new(name, start, scope)
        if callee is None:
            return False
        angles = self._evaluated(written, call, scope) if written is not None else ()
        repeated, wide = uses
        if len(angles) != callee.n_parameters or len(repeated[0]) != callee.n_qubits:
            raise reading.callees.arity_error(callee, len(angles), len(repeated[0]), start, end)
        reading.spend(callee.cost * len(repeated), start, end)
        statement = reading.statement(start, end) if number is None else number
        kind = reading.origin(kind, start, wide=wide)
        for qubits in repeated:
            reading.measurement.touch(qubits, start, end)
            if isinstance(callee, Definition):
                reading.write(self._tree().body(callee, angles, qubits), statement, kind)
            else:
                # A gate that does nothing leaves no angle behind: its parameters occur nowhere.
                rows = [reading.row(angle, statement) for angle in angles] if callee.gate.steps else ()
                reading.builder.gate(callee.gate, qubits, rows, statement, name=callee.name, kind=kind)
        return True

    def _new(self, name: str, start: int, scope: NameScope) -> Callee | None:
        """The gate of this name, at this place, that is called for the first time; None if it is none of the table."""
        if gate(name) is None or name in scope.variables:
            return None
        return self._reading.callees.find(start, start + len(name))

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
        uses: list[int] = []
        for name, number in zip(operands.names, operands.numbers, strict=True):
            found = self._reading.angles.find(name, scope)
            place = found.place if isinstance(found, Qubits) else None
            if place is None or isinstance(place, int):
                if place is None or number is not None:
                    return None
                uses.append(place)
            elif number is None:
                return ([(qubit,) for qubit in place], True) if len(operands.names) == 1 else None
            elif number >= len(place):
                return None
            else:
                uses.append(place[number])
        return ([tuple(uses)], False) if len({*uses}) == len(uses) else None

    def _evaluated(self, written: str, call: re.Match[str], scope: NameScope) -> Sequence[Affine]:
        """The angles of a call. Lone numbers are not kept: there may be as many of them as statements."""
        number = self._number(written)
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
            return self._number(written.strip())
        if match["name"] is None:
            factor = -1 if match["sign"] else int(match["factor"] or 1)
            return Angle(factor * math.pi / int(match["divisor"] or 1))
        place = start + match.start("name"), start + len(written.rstrip())
        index = None if match["index"] is None else int(match["index"])
        return self._reading.angles.named(match["name"], index, *place, scope)

    def _number(self, written: str) -> Affine | None:
        number = _NUMBER.fullmatch(written)
        if not number or len(written) > self._longest or not math.isfinite(value := float(written)):
            return None
        few = len(written) < _FEW or few_digits(number[1])
        return Angle(value, (), Spelling.DECIMAL if few else Spelling.PRECISE)


def _operands(written: str) -> _Operands | None:
    """Operands that are names or elements by a number; None if there are others."""
    matches = [_OPERAND.fullmatch(operand) for operand in written.split(",")]
    parts = [(match[1], int(match[2]) if match[2] else None) for match in matches if match]
    return _Operands(*zip(*parts, strict=True)) if len(parts) == len(matches) else None


CALL = re.compile(rf"\s*+({NAME})\s*+(?:\(((?:[^();]++|\([^();]*+\))*+)\))?\s*+([^;(){{}}=@\"']*+);")
"""A statement that may be a plain call: name, angles, operands."""

_LONGEST, _FEW = 40, 9
_NAME = re.compile(NAME)
_OPERAND = re.compile(rf"\s*({NAME})\s*(?:\[\s*([0-9]{{1,18}})\s*\]\s*)?")
_NUMBER = re.compile(r"-?([0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?")
_SIMPLE = re.compile(
    rf"""\s*(?: (?:(?P<factor>-?[0-9]{{1,9}})\s?\*\s?|(?P<sign>-))?pi(?:\s?/\s?(?P<divisor>[1-9][0-9]{{0,8}}))?
    | (?P<name>{NAME})(?:\[(?P<index>[0-9]{{1,9}})\])? )\s*""",
    re.VERBOSE,
)
