"""What both readers of OpenQASM share: the tables they fill, and how these become a program."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Mapping

from bplint.errors import SourceError
from bplint.importers.program import Note, Program
from bplint.importers.qasm.angles import Affine, AngleExpressions
from bplint.importers.qasm.calls import Callees
from bplint.importers.qasm.comments import Instructions
from bplint.importers.qasm.declarations import Declarations
from bplint.importers.qasm.measurement import Measurement
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.no_ops import Passive
from bplint.importers.qasm.operands import Registers
from bplint.importers.qasm.source import NAME, SourceText
from bplint.importers.quoting import listed, quote
from bplint.ir.build import Builder
from bplint.ir.circuit import Circuit


class SourceReading:
    """One source while it is being read."""

    def __init__(self, source: SourceText, overrides: Mapping[str, int]) -> None:
        self.source = source
        self.names = Names(source, overrides)
        self.angles = AngleExpressions(source, self.names)
        self.registers = Registers(source, self.names, self.angles)
        self.callees = Callees(source, self.names)
        self.declarations = Declarations(source, self.names, self.angles, self.registers)
        self.measurement = Measurement(source, self.registers, self.declarations)
        self.passive = Passive(source, self.angles, self.registers, self.callees)
        # Registers may be declared after gates, so the number of qubits is cut to size at the end.
        self.builder = Builder(source.limits.qubits)
        self.spent = 0
        """Operations entered so far."""
        self._starts, self._ends = array("q"), array("q")

    def spend(self, cost: int, start: int, end: int) -> None:
        """Enter operations before any of them is made."""
        self.spent += cost
        if self.spent > self.source.limits.operations:
            amount = f"{self.spent:,}" if self.spent < 10**15 else "more than 10^15"
            raise self.source.limit("operations", f"{amount} operations", start, end)

    def statement(self, start: int, end: int) -> int:
        """A new gate statement at this place. Returns its number."""
        self._starts.append(start)
        self._ends.append(end)
        return self.builder.statement(self.source.span(start, end))

    def row(self, angle: Affine, statement: int) -> int:
        """A new row of the angle table; an expression that is not affine becomes a parameter here."""
        constant, terms, spelling = angle
        if not terms:
            return self.builder.angle(constant, spelling=spelling)
        row, start, end = self.names.row, self._starts[statement], self._ends[statement]
        return self.builder.angle(constant, [(row(name, start, end), c) for name, c in terms], spelling=spelling)

    def inside(self, start: int) -> Collection[int]:
        """The gate statements in the block, or in the subroutine called, that stands at this offset; none elsewhere."""
        return ()

    def program(self) -> Program:
        source, builder, names = self.source, self.builder, self.names
        if not self.registers.n_qubits:
            what = "the file declares no qubit" if _WORD.search(source.code) else "no OpenQASM statement"
            raise SourceError(f"nothing to read: {what}")
        names.check_overrides()
        told = Instructions(source, self._starts, self._ends, self.inside, self.registers.qubit, self.angles.spend)
        builder.n_qubits = self.registers.n_qubits
        circuit = builder.build(names.parameters, self.measurement.qubits)
        notes = [*self.declarations.notes, *self.passive.notes, *told.notes, *self._summary(circuit)]
        notes.sort(key=lambda note: (note.span.line, note.span.column))
        return Program(circuit, tuple(told.directives), tuple(notes), told.roles)

    def _summary(self, circuit: Circuit) -> list[Note]:
        """One note for each thing that was taken in a certain sense, however often it occurs."""
        source, names = self.source, self.names
        notes: list[Note] = []
        for text, places in (
            ("used without being declared: {}; taken as Qiskit or Braket define them", self.callees.undeclared),
            ("not declared: {}; taken as parameters", names.undeclared),
            ("not affine in the parameters: {}; taken as parameters of their own", names.opaque),
        ):
            if places:
                start = min(places.values())
                notes.append(Note(text.format(listed(list(places))), source.span(start, start + 1)))
        divided = self.angles.divided
        if divided:
            text = f"{quote(source.code[divided.start : divided.end])} is taken as a fraction"
            notes.append(
                Note(f"{text}; to the letter, OpenQASM 3 cuts it off", source.span(divided.start, divided.end))
            )
        used = [parameter for parameter, turns in zip(names.parameters, circuit.used(), strict=True) if turns]
        occurring = {parameter.name for parameter in used}.union(*(parameter.sources for parameter in used))
        idle = [parameter for parameter in names.parameters if parameter.name not in occurring]
        if idle and idle[0].span:
            notes.append(Note(f"in no gate: {listed([parameter.name for parameter in idle])}", idle[0].span))
        return notes


_WORD = re.compile(NAME)
