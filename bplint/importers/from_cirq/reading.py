"""Walks a circuit of Cirq, moment by moment, and hands its gates to the builder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

from bplint.errors import SourceError, Span, Unsupported
from bplint.importers.framework import refusal, shown
from bplint.importers.from_cirq.lowering import CirqLowering, Conditional, Measurement, Part, Reset
from bplint.importers.from_cirq.symbols import SympySymbols
from bplint.importers.limits import DEFAULTS
from bplint.importers.lowered import Leaf, total_cost
from bplint.importers.outcomes import Outcomes, writing
from bplint.importers.program import Note, Program
from bplint.ir.build import Builder
from bplint.ir.circuit import GateOrigin
from bplint.ir.context import NotAffine


def from_cirq(circuit: Any, *, spans: Sequence[Span] | None = None) -> Program:
    """A ``cirq.Circuit`` or ``cirq.FrozenCircuit``. Qubits are numbered in the order in which Cirq sorts them.

    ``spans`` are the places of the operations where they are known, moment by moment; otherwise operation k is line k + 1.
    Raises SourceError with moment and operation: LimitError for too much of something, Unsupported for what cannot be
    modelled (channels, loops that a measurement ends, qudits).
    """
    return reader_of(circuit, spans=spans).read(circuit)


def reader_of(circuit: Any, *, spans: Sequence[Span] | None = None) -> CirqReader:
    """The reader for a circuit."""
    import cirq

    if not isinstance(circuit, cirq.AbstractCircuit):
        raise Unsupported(f"want a cirq.Circuit or cirq.FrozenCircuit, got {type(circuit).__name__}")
    try:
        qubits = _qubits(circuit)
    except Exception as error:
        raise refusal(error, "Cirq") from error
    if len(qubits) > DEFAULTS.qubits:
        raise DEFAULTS.exceeded("qubits", f"{len(qubits):,} qubits")
    n_operations = sum(len(moment.operations) for moment in circuit)
    if spans is None or len(spans) != n_operations:
        spans = [Span(line, 1, line, 2) for line in range(1, n_operations + 1)]
    return CirqReader(qubits, spans)


def _qubits(circuit: Any) -> list[Any]:
    """Its qubits in Cirq's order."""
    import cirq

    qubits = circuit.all_qubits()
    for qubit in qubits:
        if not isinstance(qubit, cirq.Qid):
            raise SourceError(f"{shown(qubit)} is no qubit")
        if qubit.dimension != 2:
            raise Unsupported(f"{shown(qubit)} has {qubit.dimension} levels; only qubits are read")
    return sorted(qubits)


class CirqReader:
    """Reads one circuit; afterwards ``symbols`` has what its parameters are."""

    def __init__(self, qubits: Sequence[Any], spans: Sequence[Span]) -> None:
        self.spans = spans
        self.builder = Builder(len(qubits))
        self.symbols = SympySymbols()
        self.lowering = CirqLowering({qubit: wire for wire, qubit in enumerate(qubits)}, self.symbols)
        self.outcomes = Outcomes(writing(self.builder))
        self.records: dict[str, list[list[tuple[int, bool]]]] = defaultdict(list)
        """By key: the outcomes of each measurement, and whether they are inverted."""
        self.left = DEFAULTS.operations

    def read(self, circuit: Any) -> Program:
        """The program."""
        statement = 0
        for moment, layer in enumerate(circuit):
            for index, operation in enumerate(layer.operations):
                span = self.spans[statement]
                try:
                    self._add(self.lowering.parts(operation), self.builder.statement(span))
                except Exception as error:
                    fault = refusal(error, "Cirq")
                    place = f"moment {moment}, operation {index}"
                    message = f"{fault.message} ({place}: {_name(operation)})"
                    raise type(fault)(message, span, hint=fault.hint) from error
                statement += 1
        measured, kept = self.outcomes.measured, self.outcomes.settle(self.builder)
        circuit = self.builder.build(self.symbols.parameters, measured)
        notes = [Note(kept, self.spans[self.outcomes.first])] if kept else []
        return Program(circuit, notes=(*notes, *self._notes()), formulas=self.symbols.formulas)

    def _add(self, parts: Sequence[Part], statement: int) -> None:
        for part in parts:
            if isinstance(part, Measurement):
                self._measure(part, statement)
            elif isinstance(part, Reset):
                self.outcomes.reset(part.wire, statement)
            elif isinstance(part, Conditional):
                for assumed, runs in self.outcomes.each(partial(self._hold, part.conditions)):
                    if runs:
                        with self.outcomes.under(assumed):
                            self._add(part.parts, statement)
            elif part.qubits:  # else a global phase
                self._write(part, statement)

    def _write(self, leaf: Leaf[int], statement: int) -> None:
        leaf = leaf._replace(qubits=self.outcomes.touch(leaf.qubits, statement))
        (leaf,) = self.outcomes.conditional([leaf])
        self.left -= total_cost([leaf])
        if self.left < 0:
            raise DEFAULTS.exceeded("operations", f"more than {DEFAULTS.operations:,} operations")
        angles = [self.builder.angle(a.constant, a.terms, spelling=a.spelling) for a in leaf.angles]
        self.builder.gate(leaf.gate, leaf.qubits, angles, statement, kind=GateOrigin.PYTHON)

    def _measure(self, part: Measurement, statement: int) -> None:
        outcomes = [self.outcomes.measure(wire, statement) for wire in part.wires]
        self.records[part.key].append(list(zip(outcomes, part.inverted, strict=True)))

    def _hold(self, conditions: Sequence[Any]) -> bool:
        """Whether all conditions hold, by what Cirq says of measurements with the outcomes that are assumed."""
        import cirq

        store = cirq.ClassicalDataDictionaryStore()
        for key in dict.fromkeys(key for condition in conditions for key in condition.keys):
            for record in self.records[str(key)]:
                bits = [int(self.outcomes.value(outcome) ^ inverted) for outcome, inverted in record]
                store.record_measurement(key, bits, cirq.LineQubit.range(len(bits)))
        return all(condition.resolve(store) for condition in conditions)

    def _notes(self) -> tuple[Note, ...]:
        opaque = self.symbols.opaque
        if not opaque:
            return ()
        return (NotAffine.of(list(opaque), self.spans[0]),)


def _name(operation: Any) -> str:
    """As Cirq prints it; a subcircuit, which it would draw, by its class."""
    untagged = getattr(operation, "untagged", operation)
    return type(untagged).__name__ if getattr(untagged, "gate", None) is None else shown(operation)
