"""The fast reader of OpenQASM: lists of gates, as 92 % of real files are.

One regular expression reads the common statement ``name(angles) operands;`` and three dictionaries know what its
parts mean; everything else goes to a method of its own, by its first word. What only the full grammar can read
raises :class:`~bplint.importers.qasm.source.NotFlat`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from bplint.importers.lowered import Angle
from bplint.importers.program import Program
from bplint.importers.qasm.angles import Affine
from bplint.importers.qasm.bodies import Bodies
from bplint.importers.qasm.calls import Builtin, Callee, split_call
from bplint.importers.qasm.library import NOT_FLAT
from bplint.importers.qasm.operands import repeated, sizes
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.source import NAME, NotFlat, SourceText
from bplint.importers.quoting import quote
from bplint.ir.circuit import GateOrigin, Spelling


def read(source: SourceText, overrides: Mapping[str, int]) -> Program:
    """The circuit in a flat OpenQASM text.

    Raises SourceError with the place of the fault; NotFlat for what the full grammar could read.
    """
    return _FlatReader(source, overrides).run()


class _FlatReader(SourceReading):
    def __init__(self, source: SourceText, overrides: Mapping[str, int]) -> None:
        super().__init__(source, overrides)
        self._bodies = Bodies(source, self.names, self.angles, self.callees)
        self._qubits: dict[str, tuple[int, ...]] = {}
        self._values: dict[str | None, tuple[Affine, ...]] = {None: ()}
        self._readers: dict[str, Callable[[int], int]] = {
            "OPENQASM": self.passive.version,
            "include": self.passive.include,
            "qreg": self.declarations.old_register,
            "creg": self.declarations.old_register,
            "qubit": self.declarations.register,
            "bit": self.measurement.bit,
            "input": self.declarations.input,
            "const": self.declarations.constant,
            "gate": self._bodies.define,
            "opaque": self.passive.opaque,
            "barrier": self.passive.barrier,
            "nop": self.passive.nop,
            "delay": self.passive.delay,
            "gphase": self.passive.gphase,
            "measure": self.measurement.measure,
            "reset": self.measurement.reset,
            "if": self.passive.condition,
        }

    def run(self) -> Program:
        source, code = self.source, self.source.code
        known, values, qubits = self.callees.known, self._values, self._qubits
        at = source.start
        while True:
            match = _STATEMENT.match(code, at)
            if match is None:
                at = source.skip(at)
                if at == len(code):
                    return self.program()
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
        source = self.source
        word = _WORD.match(source.code, start)
        if word is None:
            return self._nameless(start)
        name = word[0]
        if name in self.callees.known:
            return self._call(start)
        if name in self._readers:
            return self._readers[name](start)
        if name in NOT_FLAT:
            source.only_in_3(NOT_FLAT[name], *word.span())
            raise NotFlat(NOT_FLAT[name], source.span(*word.span()))
        if name == "version" and not self._starts:
            raise source.error("this is cQASM, not OpenQASM", *word.span())
        return self.measurement.assignment(start) or self._call(start)

    def _nameless(self, start: int) -> int:
        """An empty statement; anything else that begins with no word is an error."""
        if self.source.code[start] == ";":
            return start + 1
        if self.source.code[start] == "{" and self.source.version != 2:
            raise NotFlat("block", self.source.span(start, start + 1))
        end = self.source.semicolon(start) + 1
        raise self.source.error(f"cannot read {quote(self.source.code[start:end])}", start, end)

    def _call(self, start: int) -> int:
        """A call of a gate that is new or whose angles the regular expression cannot take apart."""
        end = self.source.semicolon(start)
        call = split_call(self.source, start, end)
        assert call is not None
        callee = self.callees.find(start, start + len(call.name))
        angles = self.angles.arguments(*call.arguments) if call.arguments else ()
        self._spread(callee, angles, call.operands, (start, end + 1))
        return end + 1

    def _evaluate(self, written: str, start: int, end: int) -> tuple[Affine, ...]:
        """The angles of a call. Lone numbers are not kept: there may be as many of them as statements."""
        number = _NUMBER.fullmatch(written)
        if number and len(written) < 40:
            value = float(written)
            if math.isfinite(value):
                few = len(written) < 9 or len(number[1].replace(".", "").lstrip("0")) < 9
                return (Angle(value, (), Spelling.DECIMAL if few else Spelling.PRECISE),)
        symbol = written in self.names.index
        angles = (Angle(0.0, ((written, 1.0),)),) if symbol else self.angles.arguments(start, end)
        self._values[written] = angles
        return angles

    def _single(self, callee: Callee, angles: Sequence[Affine], qubits: tuple[int, ...], start: int, end: int) -> None:
        """A call on single qubits, which are distinct."""
        if len(angles) != callee.n_parameters or len(qubits) != callee.n_qubits:
            raise self.callees.arity_error(callee, len(angles), len(qubits), start, end)
        self.spend(callee.cost, start, end)
        statement = self.statement(start, end)
        self.measurement.touch(qubits, start, end)
        kind = GateOrigin.INCLUDE if self.source.included(start) else GateOrigin.PLAIN
        self._apply(callee, angles, qubits, statement, kind)

    def _spread(
        self, callee: Callee, angles: Sequence[Affine], operands: tuple[int, int], span: tuple[int, int]
    ) -> None:
        """A call as written: on single qubits, or repeated over registers."""
        places = self.registers.places(*operands)
        if len(angles) != callee.n_parameters or len(places) != callee.n_qubits:
            raise self.callees.arity_error(callee, len(angles), len(places), *span)
        wide = sizes(places)
        if len(wide) > 1:
            raise self.source.error(f"registers of different sizes: {' and '.join(map(str, wide))} qubits", *span)
        count = wide[0] if wide else 1
        kind = (
            GateOrigin.INCLUDE if self.source.included(span[0]) else GateOrigin.BROADCAST if wide else GateOrigin.PLAIN
        )
        self.spend(callee.cost * count, *span)
        statement = self.statement(*span)
        written = self.source.code[slice(*operands)]
        for qubits in repeated(places, count):
            if len(set(qubits)) < len(qubits):
                message = f"{quote(callee.name)} acts twice on one qubit: {quote(written)}"
                raise self.source.error(message, *span, hint=f"name {callee.n_qubits} different qubits")
            self.measurement.touch(qubits, *span)
            self._apply(callee, angles, qubits, statement, kind)
            if not wide:
                self._qubits[written] = qubits

    def _apply(
        self,
        callee: Callee,
        angles: Sequence[Affine],
        qubits: tuple[int, ...],
        statement: int,
        kind: GateOrigin,
    ) -> None:
        """Append a gate, or those of a body."""
        if not isinstance(callee, Builtin):
            for gate, values, wires in self._bodies.expand(callee, angles, qubits):
                self._apply(gate, values, wires, statement, GateOrigin.BODY)
            return
        # A gate that does nothing leaves no angle behind: its parameters occur nowhere.
        rows = [self.row(angle, statement) for angle in angles] if callee.gate.steps else ()
        self.builder.gate(callee.gate, qubits, rows, statement, name=callee.name, kind=kind)


_STATEMENT = re.compile(rf"\s*+({NAME})\s*+(?:\(((?:[^();]++|\([^();]*+\))*+)\))?\s*+([^;(){{}}=@\"']*+);")
_WORD = re.compile(NAME)
_NUMBER = re.compile(r"-?([0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]++)?")
