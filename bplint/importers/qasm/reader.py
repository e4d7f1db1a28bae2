"""The reader of OpenQASM: one statement after the other, the plain ones by regular expressions, all others by the tree.

A file of plain gates, as most are, is read without any tree: one regular expression takes apart the statement
``name(angles) operands;``, and three dictionaries know what its parts mean.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from bplint.importers.lowered import Angle
from bplint.importers.program import Program
from bplint.importers.qasm.angles import Affine
from bplint.importers.qasm.callees import Callee, Definition
from bplint.importers.qasm.plain import PlainStatements, Uses
from bplint.importers.qasm.postfix import Expression, Item, few_digits
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.source import NAME, NotUnitary, SourceText
from bplint.ir.circuit import GateOrigin, Spelling
from bplint.ir.gates import gate

if TYPE_CHECKING:
    from bplint.importers.qasm.evaluator import Evaluator


class SourceReader:
    """Reads one source. Raises SourceError with the place of the fault."""

    def __init__(self, source: SourceText, overrides: Mapping[str, int]) -> None:
        self._source = source
        self._reading = SourceReading(source, overrides)
        self._plain = PlainStatements(self._reading)
        self._uses: dict[str, Uses] = {}
        self._values: dict[str | None, Sequence[Affine]] = {None: ()}
        self._longest = min(_LONGEST, source.limits.digits)

    def run(self) -> Program:
        """The program; one without gates where it is not modelled, and has nothing in it to train."""
        try:
            return self._run()
        except NotUnitary as error:
            if self._evaluator.may_train():
                raise
            return self._reading.nothing_to_train(error)
        finally:
            if "_evaluator" in vars(self):
                self._evaluator.close()

    def _run(self) -> Program:
        code, known, kept = self._source.code, self._reading.callees.known, self._uses
        at = self._source.start
        while True:
            match = _CALL.match(code, at)
            if match is None:
                at = self._source.skip(at)
                if at == len(code):
                    return self._reading.program()
                at = self._other(at)
                continue
            name, written, operands = match.groups()
            uses = kept.get(operands)
            if uses is None:
                uses = self._plain.uses(operands)
                if uses is None:
                    at = self._other(match.start(1))
                    continue
                kept[operands] = uses
            callee = known.get(name)
            if callee is None:
                callee = self._new(name, match.start(1))
                if callee is None:
                    at = self._other(match.start(1))
                    continue
            angles = self._values.get(written)
            if angles is None:
                angles = self._evaluate(written, *match.span(2))
            at = match.end()
            self._call(callee, angles, uses, match.start(1), at)

    def _new(self, name: str, start: int) -> Callee | None:
        """The gate of this name, at this place, that is called for the first time; None if it is none of the table."""
        if gate(name) is None or name in self._reading.scope.variables:
            return None
        return self._reading.callees.find(start, start + len(name))

    @cached_property
    def _evaluator(self) -> Evaluator:
        from bplint.importers.qasm.evaluator import Evaluator  # loads the classes of the tree

        return Evaluator(self._reading)

    def _other(self, start: int) -> int:
        """Read a statement of another form. Returns the offset after it."""
        if self._source.code[start] == ";":
            return start + 1
        callee = _NAME.match(self._source.code, start)
        if callee is None or callee[0] not in self._reading.callees.known:
            end = self._plain.read(start)
            if end is not None:
                return end
        return self._evaluator.read(start)

    def _evaluate(self, written: str, start: int, end: int) -> Sequence[Affine]:
        """The angles of a call. Lone numbers are not kept: there may be as many of them as statements."""
        if (number := self._number(written)) is not None:
            return (number,)
        angles: list[Affine] = []
        at = start
        for part in written.split(","):
            angle = self._plain_angle(part, at)
            if angle is None:
                angles = [*self._evaluator.arguments(start, end)]
                break
            angles.append(angle)
            at += len(part) + 1
        # A variable may have another value next time.
        if self._reading.scope.variables.keys().isdisjoint(_NAME.findall(written)):
            self._values[written] = angles
        return angles

    def _plain_angle(self, written: str, start: int) -> Affine | None:
        """A number, a fraction of pi, a name or an element; None for what is none of these."""
        match = _PLAIN_ANGLE.fullmatch(written)
        if match is None:
            return self._number(written.strip())
        if match["name"] is None:
            factor = -1 if match["sign"] else int(match["factor"] or 1)
            return Angle(factor * math.pi / int(match["divisor"] or 1))
        place = start + match.start("name"), start + len(written.rstrip())
        items = [Item("name", *place, match["name"])]
        if match["index"] is not None:
            items = [Item("number", *place, value=int(match["index"])), Item("index", *place, match["name"], 1)]
        return self._reading.angles.evaluate(Expression(tuple(items), False), self._reading.scope.values)

    def _number(self, written: str) -> Affine | None:
        number = _NUMBER.fullmatch(written)
        if not number or len(written) > self._longest or not math.isfinite(value := float(written)):
            return None
        few = len(written) < _FEW or few_digits(number[1])
        return Angle(value, (), Spelling.DECIMAL if few else Spelling.PRECISE)

    def _call(self, callee: Callee, angles: Sequence[Affine], uses: Uses, start: int, end: int) -> None:
        """A call of a gate on qubits, which are distinct in each of its uses."""
        reading, (operands, wide) = self._reading, uses
        if len(angles) != callee.n_parameters or len(operands[0]) != callee.n_qubits:
            raise reading.callees.arity_error(callee, len(angles), len(operands[0]), start, end)
        reading.spend(callee.cost * len(operands), start, end)
        statement = reading.statement(start, end)
        kind = GateOrigin.BROADCAST if wide else GateOrigin.PLAIN
        kind = GateOrigin.INCLUDE if self._source.included(start) else kind
        for qubits in operands:
            reading.measurement.touch(qubits, start, end)
            if isinstance(callee, Definition):
                leaves = self._evaluator.gates.expanded(callee, angles, qubits)
                self._evaluator.gates.write(leaves, statement, kind)
            else:
                # A gate that does nothing leaves no angle behind: its parameters occur nowhere.
                rows = [reading.row(angle, statement) for angle in angles] if callee.gate.steps else ()
                reading.builder.gate(callee.gate, qubits, rows, statement, name=callee.name, kind=kind)


_LONGEST, _FEW = 40, 9
_CALL = re.compile(rf"\s*+({NAME})\s*+(?:\(((?:[^();]++|\([^();]*+\))*+)\))?\s*+([^;(){{}}=@\"']*+);")
_NAME = re.compile(NAME)
_NUMBER = re.compile(r"-?([0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?")
_PLAIN_ANGLE = re.compile(
    rf"""\s*(?: (?:(?P<factor>-?[0-9]{{1,9}})\s?\*\s?|(?P<sign>-))?pi(?:\s?/\s?(?P<divisor>[1-9][0-9]{{0,8}}))?
    | (?P<name>{NAME})(?:\[(?P<index>[0-9]{{1,9}})\])? )\s*""",
    re.VERBOSE,
)
