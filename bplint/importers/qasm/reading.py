"""One OpenQASM source while it is being read: the tables that its statements fill, and how these become a program."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from bplint.errors import SourceError, Unsupported
from bplint.importers.lowered import Leaf
from bplint.importers.outcomes import NotUnitary, Outcomes, writing
from bplint.importers.program import Note, Program
from bplint.importers.qasm.angles import AngleEvaluator
from bplint.importers.qasm.callees import Callees
from bplint.importers.qasm.comments import Instructions
from bplint.importers.qasm.library import DECLARED
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.registers import Registers
from bplint.importers.qasm.scopes import NO_VALUE, Affine, Array, Bindable, NameScope, Place, Unknowable, each
from bplint.importers.qasm.source import NAME, Range, SourceText
from bplint.importers.quoting import listed, quote
from bplint.ir.build import Builder
from bplint.ir.circuit import Circuit, GateOrigin
from bplint.ir.context import NotAffine, NotVariational
from bplint.number_format import plural


class SourceReading:
    """The tables of one source. ``scope`` has the variables of the file itself."""

    def __init__(self, source: SourceText, overrides: Mapping[str, int]) -> None:
        self.source = source
        self.names = Names(source, overrides)
        # Registers may be declared after gates, so the number of qubits is cut to size at the end.
        self.builder = Builder(source.limits.qubits)
        self.outcomes = Outcomes(writing(self.builder))
        self.angles = AngleEvaluator(source, self.names, self.outcomes)
        self.scope = NameScope(free=True)
        self.registers = Registers(source, self.names, self.scope)
        self.callees = Callees(source, self.names)
        self.inside: Callable[[int], Collection[int]] = lambda start: ()
        """The gate statements in the block, or in the subroutine called, that stands at an offset; none elsewhere."""
        self.spent = 0
        """Operations entered so far."""
        self.changes = 0
        """How often a variable was given another value."""
        self._resets: dict[int, Range] = {}
        """By qubit: where it was reset last."""
        self._notes: list[Note] = []
        self._starts, self._ends = array("q"), array("q")

    def note(self, text: str, start: int, end: int) -> None:
        """Something to be told of this place."""
        self._notes.append(Note(text, self.source.span(start, end)))

    def spend(self, cost: int, start: int, end: int) -> None:
        """Enter operations before any of them is made."""
        self.spent += cost
        if self.spent > self.source.limits.operations:
            self.source.check("operations", self.spent, "operations", start, end)

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

    def origin(self, kind: GateOrigin, start: int, *, wide: bool) -> GateOrigin:
        """How a gate of the statement at this place comes to stand in the circuit; ``wide`` if for a register."""
        if kind is not GateOrigin.PLAIN:
            return kind
        return GateOrigin.INCLUDE if self.source.included(start) else GateOrigin.BROADCAST if wide else kind

    def write(self, leaves: Iterable[Leaf[str]], statement: int, kind: GateOrigin) -> None:
        """Append gates to the circuit."""
        for gate, name, wires, angles, inlined in leaves:
            if not gate.n_qubits:
                continue  # a global phase
            # A gate that does nothing leaves no angle behind: its parameters occur nowhere.
            rows = [self.row(angle, statement) for angle in angles] if gate.steps else ()
            self.builder.gate(gate, wires, rows, statement, name=name, kind=GateOrigin.BODY if inlined else kind)

    def include(self, start: int, end: int) -> None:
        """The include of one of the two standard libraries, which are built in, by the string at this place."""
        path = self.source.text[start + 1 : end - 1]
        if path not in DECLARED:
            message = f"include of other files, here {quote(self.source.text[start:end])}"
            raise Unsupported(message, self.source.span(start, end))
        if path == "stdgates.inc":
            self.source.only_in_3(path, start, end)
        elif self.source.version == 3:
            self.note("qelib1.inc belongs to OpenQASM 2, the first line says 3", start, end)
        self.callees.include(path, start, end)

    def record(
        self, qubits: Place, bits: Place, start: int, end: int, before: Sequence[Bindable] | None = None
    ) -> list[Unknowable]:
        """A measurement of these qubits into these bits, which were ``before``. Returns what the outcome of each is."""
        self.angles.spend(len(each(qubits)), start, end)
        if len(each(qubits)) != len(each(bits)):
            message = f"{plural(len(each(qubits)), 'qubit')} cannot be measured into {plural(len(each(bits)), 'bit')}"
            raise self.source.error(message, start, end)
        self.changes += 1
        why = f"is the outcome of the measurement on line {self.source.line(start)}"
        olds = [self._before(bit, start, end) for bit in before or [NO_VALUE] * len(each(qubits))]
        measure, statement = self.outcomes.measure, self._statement_around(start, end)
        return [Unknowable(why, measure(q, statement, old), True) for q, old in zip(each(qubits), olds, strict=True)]

    def record_into(self, name: str, qubits: Place, bits: Place, span: Range, scope: NameScope) -> None:
        """A measurement into these places of a row of bits, or into the variable of this name: its value is not known then."""
        values = self.registers.holder(name, scope).values
        row = values.get(name)
        if isinstance(row, Array):
            before = [row.values[place] for place in each(bits)]
            for place, outcome in zip(each(bits), self.record(qubits, bits, *span, before), strict=True):
                row.values[place] = outcome
        else:
            outcomes = self.record(qubits, bits, *span, [values.get(name, NO_VALUE)] * len(each(qubits)))
            values[name] = outcomes[0] if len(outcomes) == 1 else outcomes[0]._replace(outcome=None)

    def reset(self, qubits: Place, start: int, end: int) -> None:
        """A reset of these qubits by the statement at this place."""
        self.angles.spend(len(each(qubits)), start, end)
        for qubit in each(qubits):
            self.outcomes.reset(qubit, self._statement_around(start, end))
            self._resets[qubit] = start, end

    def _before(self, bit: Bindable, start: int, end: int) -> int | None:
        """The outcome that a bit is; None if it is 0 or has no value yet."""
        if self.outcomes.assumed and not (isinstance(bit, Unknowable) or bit == 0):
            what = "a measurement into a bit that is 1, which depends on a measurement"
            raise NotUnitary(what, self.source.span(start, end))
        return bit.outcome if isinstance(bit, Unknowable) else None

    def _statement_around(self, start: int, end: int) -> int:
        """The gate statement that stands for one that is none."""
        if self.outcomes.assumed and not self._starts:
            return self.statement(start, end)
        return len(self._starts) - 1

    def program(self) -> Program:
        """What has been read."""
        source, builder, names = self.source, self.builder, self.names
        if not self.registers.n_qubits:
            what = "the file declares no qubit" if re.search(NAME, source.code) else "no OpenQASM statement"
            raise SourceError(f"nothing to read: {what}")
        names.check_overrides()
        told = Instructions(source, self._starts, self._ends, self.inside, self.registers.qubit, self.angles.spend)
        builder.n_qubits = self.registers.n_qubits
        measured, kept = self.outcomes.measured, self._settled()
        circuit = builder.build(names.parameters, measured)
        notes = [*self._notes, *kept, *told.notes, *self._summary(circuit)]
        notes.sort(key=lambda note: (note.span.line, note.span.column))
        return Program(circuit, tuple(told.directives), tuple(notes), told.roles, names.formulas)

    def _settled(self) -> list[Note]:
        """Number the ancillas. What has to be said of measurement before the end."""
        outcomes, source = self.outcomes, self.source
        text = "a reset is passed over: its qubits were measured, and are left alone then"
        passed = sorted({self._resets[qubit] for qubit in outcomes.idle})
        notes = [Note(text, source.span(*place)) for place in passed]
        kept = outcomes.settle(self.builder)
        if not kept:
            return notes
        first = self._starts[outcomes.first], self._ends[outcomes.first]
        source.check("qubits", self.builder.n_qubits, "qubits and ancillas", *first)
        return [*notes, Note(kept, source.span(*first))]

    def nothing_to_train(self, why: NotUnitary) -> Program:
        """A program that is not modelled for this reason, and has nothing in it to train: a circuit without gates."""
        assert why.span is not None
        text = f"line {why.span.line}: {why.message}, and no angle looks trained"
        told = Instructions(self.source, None, self._ends, self.inside, self.registers.qubit, self.angles.spend)
        circuit = Builder(max(self.registers.n_qubits, 1)).build(())
        return Program(circuit, tuple(told.directives), (NotVariational(text, why.span),))

    def _summary(self, circuit: Circuit) -> list[Note]:
        """One note for each thing that was taken in a certain sense, however often it occurs."""
        source, names = self.source, self.names
        notes: list[Note] = []
        for text, places in (
            ("used without being declared: {}; taken as Qiskit or Braket define them", self.callees.undeclared),
            ("not declared: {}; taken as parameters", names.undeclared),
        ):
            if places:
                start = min(places.values())
                notes.append(Note(text.format(listed(list(places))), source.span(start, start + 1)))
        if names.opaque:
            start = min(names.opaque.values())
            notes.append(NotAffine.of(list(names.opaque), source.span(start, start + 1)))
        divided = self.angles.divided
        if divided:
            text = f"{source.shown(*divided)} is taken as a fraction"
            notes.append(Note(f"{text}; to the letter, OpenQASM 3 cuts it off", source.span(*divided)))
        used = [parameter for parameter, turns in zip(names.parameters, circuit.used(), strict=True) if turns]
        occurring = {parameter.name for parameter in used}.union(*(parameter.sources for parameter in used))
        idle = [parameter for parameter in names.parameters if parameter.name not in occurring]
        if idle and idle[0].span:
            notes.append(Note(f"in no gate: {listed([parameter.name for parameter in idle])}", idle[0].span))
        return notes
