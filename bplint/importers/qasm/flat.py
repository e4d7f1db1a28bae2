"""The fast reader of OpenQASM: lists of gates, as 92 % of real files are.

One regular expression reads the common statement ``name(angles) operands;`` and three dictionaries know what its
parts mean; everything else goes to a method of its own, by its first word. What only the full grammar can read
raises :class:`~bplint.importers.qasm.source.NotFlat`.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Callable, Sequence

from bplint.errors import SourceError
from bplint.importers.program import Note, Program
from bplint.importers.qasm.angles import Angle, Angles
from bplint.importers.qasm.asides import Asides
from bplint.importers.qasm.bodies import Bodies
from bplint.importers.qasm.calls import Builtin, Callee, Callees, split_call
from bplint.importers.qasm.declarations import Declarations
from bplint.importers.qasm.library import NOT_FLAT
from bplint.importers.qasm.measurement import Measurement
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.operands import Registers, repeated, sizes
from bplint.importers.qasm.passive import Passive
from bplint.importers.qasm.source import DEFAULTS, NAME, Limits, NotFlat, Source
from bplint.importers.quoting import listed, quote
from bplint.ir.build import Builder
from bplint.ir.circuit import Circuit, Kind, Spelling


def read(text: str, *, limits: Limits = DEFAULTS) -> Program:
    """The circuit in an OpenQASM text, and what the text says about it.

    Raises SourceError with the place of the fault: LimitError for too much of something, Unsupported for what
    cannot be modelled, and among those NotFlat for what the full grammar could read.
    """
    return _Reader(Source(text, limits)).run()


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._names = Names(source)
        self._angles = Angles(source, self._names)
        self._registers = Registers(source, self._names, self._angles)
        self._callees = Callees(source, self._names)
        self._bodies = Bodies(source, self._names, self._angles, self._callees)
        self._declarations = Declarations(source, self._names, self._angles, self._registers)
        self._measurement = Measurement(source, self._registers, self._declarations)
        self._passive = Passive(source, self._angles, self._registers, self._callees)
        # Registers may be declared after gates, so the number of qubits is cut to size at the end.
        self._builder = Builder(source.limits.qubits)
        self._operations = 0
        self._starts, self._ends = array("q"), array("q")
        self._qubits: dict[str, tuple[int, ...]] = {}
        self._values: dict[str | None, tuple[Angle, ...]] = {None: ()}
        self._readers: dict[str, Callable[[int], int]] = {
            "OPENQASM": self._passive.version,
            "include": self._passive.include,
            "qreg": self._declarations.old_register,
            "creg": self._declarations.old_register,
            "qubit": self._declarations.register,
            "bit": self._measurement.bit,
            "input": self._declarations.input,
            "const": self._declarations.constant,
            "gate": self._bodies.define,
            "opaque": self._passive.opaque,
            "barrier": self._passive.barrier,
            "nop": self._passive.nop,
            "delay": self._passive.delay,
            "gphase": self._passive.gphase,
            "measure": self._measurement.measure,
            "reset": self._measurement.reset,
            "if": self._passive.condition,
        }

    def run(self) -> Program:
        source, code = self._source, self._source.code
        known, values, qubits = self._callees.known, self._values, self._qubits
        at = source.start
        while True:
            match = _STATEMENT.match(code, at)
            if match is None:
                at = source.skip(at)
                if at == len(code):
                    return self._program()
                at = self._other(at)
                continue
            name, written, operands = match.groups()
            callee = known.get(name)
            if callee is None:
                at = self._other(match.start(1))
                continue
            angles = values.get(written)
            if angles is None:
                angles = self._evaluate(written, *match.span(2))
            single = qubits.get(operands)
            at = match.end()
            if single is None:
                self._spread(callee, angles, match.span(3), (match.start(1), at))
            else:
                self._single(callee, angles, single, match.start(1), at)

    def _other(self, start: int) -> int:
        """Read the statement at this offset by its first word. Returns the offset after it."""
        source = self._source
        word = _WORD.match(source.code, start)
        if word is None:
            return self._nameless(start)
        name = word[0]
        if name in self._callees.known:
            return self._call(start)
        if name in self._readers:
            return self._readers[name](start)
        if name in NOT_FLAT:
            source.only_in_3(NOT_FLAT[name], *word.span())
            raise NotFlat(f"not read yet: {NOT_FLAT[name]}", source.span(*word.span()))
        if name == "version" and not self._starts:
            raise source.error("this is cQASM, not OpenQASM", *word.span())
        return self._measurement.assignment(start) or self._call(start)

    def _nameless(self, start: int) -> int:
        """An empty statement; anything else that begins with no word is an error."""
        if self._source.code[start] == ";":
            return start + 1
        end = self._source.semicolon(start) + 1
        raise self._source.error(f"cannot read {quote(self._source.code[start:end])}", start, end)

    def _call(self, start: int) -> int:
        """A call of a gate that is new or whose angles the regular expression cannot take apart."""
        end = self._source.semicolon(start)
        call = split_call(self._source, start, end)
        assert call is not None
        callee = self._callees.find(start, start + len(call.name))
        angles = self._angles.arguments(*call.arguments) if call.arguments else ()
        self._spread(callee, angles, call.operands, (start, end + 1))
        return end + 1

    def _evaluate(self, written: str, start: int, end: int) -> tuple[Angle, ...]:
        """The angles of a call. Lone numbers are not kept: there may be as many of them as statements."""
        number = _NUMBER.fullmatch(written)
        if number and len(written) < 40:
            value = float(written)
            if math.isfinite(value):
                few = len(written) < 9 or len(number[1].replace(".", "").lstrip("0")) < 9
                return (Angle(value, (), Spelling.DECIMAL if few else Spelling.PRECISE),)
        symbol = written in self._names.index
        angles = (Angle(0.0, ((written, 1.0),)),) if symbol else self._angles.arguments(start, end)
        self._values[written] = angles
        return angles

    def _single(self, callee: Callee, angles: Sequence[Angle], qubits: tuple[int, ...], start: int, end: int) -> None:
        """A call on single qubits, which are distinct."""
        if len(angles) != callee.n_parameters or len(qubits) != callee.n_qubits:
            raise self._callees.arity_error(callee, len(angles), len(qubits), start, end)
        statement = self._statement(callee.cost, start, end)
        self._measurement.touch(qubits, start, end)
        self._apply(callee, angles, qubits, statement, 0, Kind.PLAIN)

    def _spread(
        self, callee: Callee, angles: Sequence[Angle], operands: tuple[int, int], span: tuple[int, int]
    ) -> None:
        """A call as written: on single qubits, or repeated over registers."""
        places = self._registers.places(*operands)
        if len(angles) != callee.n_parameters or len(places) != callee.n_qubits:
            raise self._callees.arity_error(callee, len(angles), len(places), *span)
        wide = sizes(places)
        if len(wide) > 1:
            raise self._source.error(f"registers of different sizes: {' and '.join(map(str, wide))} qubits", *span)
        count = wide[0] if wide else 1
        kind = Kind.BROADCAST if wide else Kind.PLAIN
        statement = self._statement(callee.cost * count, *span)
        written = self._source.code[slice(*operands)]
        index = 0
        for qubits in repeated(places, count):
            if len(set(qubits)) < len(qubits):
                message = f"{quote(callee.name)} acts twice on one qubit: {quote(written)}"
                raise self._source.error(message, *span, hint=f"name {callee.n_qubits} different qubits")
            self._measurement.touch(qubits, *span)
            index = self._apply(callee, angles, qubits, statement, index, kind)
            if not wide:
                self._qubits[written] = qubits

    def _statement(self, cost: int, start: int, end: int) -> int:
        """Enter a gate statement that comes to ``cost`` operations, before any of them is made."""
        self._operations += cost
        if self._operations > self._source.limits.operations:
            amount = f"{self._operations:,}" if self._operations < 10**15 else "more than 10^15"
            raise self._source.limit("operations", f"{amount} operations", start, end)
        self._starts.append(start)
        self._ends.append(end)
        return self._builder.statement(self._source.span(start, end))

    def _apply(
        self,
        callee: Callee,
        angles: Sequence[Angle],
        qubits: tuple[int, ...],
        statement: int,
        index: int,
        kind: Kind,
    ) -> int:
        """Append a gate, or those of a body. Returns the index for the next gate of the statement."""
        if not isinstance(callee, Builtin):
            for gate, values, wires in self._bodies.expand(callee, angles, qubits):
                index = self._apply(gate, values, wires, statement, index, Kind.BODY)
            return index
        # A gate that does nothing leaves no angle behind: its parameters occur nowhere.
        rows = [self._row(angle, statement) for angle in angles] if callee.gate.steps else ()
        self._builder.gate(callee.gate, qubits, rows, statement, name=callee.name, index=index, kind=kind)
        return index + 1

    def _row(self, angle: Angle, statement: int) -> int:
        """A new row of the angle table; an expression that is not affine becomes a parameter here."""
        constant, terms, spelling = angle
        if not terms:
            return self._builder.angle(constant, spelling=spelling)
        row, start, end = self._names.row, self._starts[statement], self._ends[statement]
        return self._builder.angle(constant, [(row(name, start, end), c) for name, c in terms], spelling=spelling)

    def _program(self) -> Program:
        source, builder, names = self._source, self._builder, self._names
        if not self._registers.n_qubits:
            what = "the file declares no qubit" if _WORD.search(source.code) else "no OpenQASM statement"
            raise SourceError(f"nothing to read: {what}")
        asides = Asides(source, self._starts, self._ends, self._registers.qubit)
        builder.n_qubits = self._registers.n_qubits
        circuit = builder.build(names.parameters, self._measurement.qubits)
        notes = [*self._declarations.notes, *self._passive.notes, *asides.notes, *self._summary(circuit)]
        notes.sort(key=lambda note: (note.span.line, note.span.column))
        return Program(circuit, tuple(asides.directives), tuple(notes), asides.roles)

    def _summary(self, circuit: Circuit) -> list[Note]:
        """One note for each thing that was taken in a certain sense, however often it occurs."""
        source, names = self._source, self._names
        notes: list[Note] = []
        for text, places in (
            ("used without being declared: {}; taken as Qiskit or Braket define them", self._callees.undeclared),
            ("not declared: {}; taken as parameters", names.undeclared),
            ("not affine in the parameters: {}; taken as parameters of their own", names.opaque),
        ):
            if places:
                start = min(places.values())
                notes.append(Note(text.format(listed(list(places))), source.span(start, start + 1)))
        divided = self._angles.divided
        if divided:
            text = f"{quote(source.code[divided.start : divided.end])} is taken as a fraction"
            notes.append(
                Note(f"{text}; to the letter, OpenQASM 3 cuts it off", source.span(divided.start, divided.end))
            )
        used = [names.parameters[row] for row in set(circuit.angles.parameter.tolist())]
        occurring = {parameter.name for parameter in used}.union(*(parameter.sources for parameter in used))
        idle = [parameter for parameter in names.parameters if parameter.name not in occurring]
        if idle and idle[0].span:
            notes.append(Note(f"in no gate: {listed([parameter.name for parameter in idle])}", idle[0].span))
        return notes


_STATEMENT = re.compile(rf"\s*+({NAME})\s*+(?:\(((?:[^();]++|\([^();]*+\))*+)\))?\s*+([^;(){{}}=@\"']*+);")
_WORD = re.compile(NAME)
_NUMBER = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
