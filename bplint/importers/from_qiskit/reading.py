"""From a ``QuantumCircuit`` to a program, in one pass over its instructions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bplint.errors import SourceError, Span, Unsupported
from bplint.importers.framework import refusal
from bplint.importers.from_qiskit.feedback import computed, holds
from bplint.importers.from_qiskit.listing import qubit_name
from bplint.importers.from_qiskit.lowering import QiskitLowering, definition, is_fixed, row_of, standard
from bplint.importers.from_qiskit.symbols import QiskitFormula, QiskitSymbols
from bplint.importers.limits import IN_MEMORY
from bplint.importers.lowered import Angle, Leaf, bound
from bplint.importers.outcomes import Outcomes, writing
from bplint.importers.program import Note, Program
from bplint.importers.rotated_states import state_calls
from bplint.ir.build import Builder
from bplint.ir.circuit import GateOrigin
from bplint.ir.context import NotAffine


class Reader:
    """Reads one circuit. A statement is an entry of ``circuit.data``; there being no text, entry i is line i + 1."""

    def __init__(self, circuit: Any) -> None:
        from qiskit import QuantumCircuit  # type: ignore[import-untyped]

        if not isinstance(circuit, QuantumCircuit):
            raise Unsupported(f"want a QuantumCircuit, got {type(circuit).__name__}")
        self._circuit = circuit
        self._builder = Builder(circuit.num_qubits)
        self._symbols = QiskitSymbols()
        self._lowering = QiskitLowering(self._symbols)
        self._shapes: dict[str, int] = {}
        self._outcomes = Outcomes(writing(self._builder))
        self._bits: dict[Any, int] = {}
        """By classical bit: the outcome that it is; others are 0."""
        self._seen = 0
        """The wires in the builder that the outcomes know of."""
        self._notes: dict[str, Span] = {}
        """Each once, however often it is true."""

    def read(self) -> Program:
        """The program. ``SourceError`` names the instruction at fault."""
        if not self._circuit.num_qubits:
            raise SourceError("the circuit has no qubits")
        try:
            self._run(self._circuit, range(self._circuit.num_qubits), fixed=False)
            if len(self._symbols) < self._circuit.num_parameters:  # some occur in the global phase alone
                for parameter in self._circuit.parameters:
                    self._symbols.number(parameter)
        except Exception as error:
            raise self._placed(refusal(error, "Qiskit")) from error
        parameters, places, opaque = self._symbols.ordered()
        self._builder.lines(len(self._circuit.data))
        measured, first = self._outcomes.measured, self._outcomes.first
        kept = self._outcomes.settle(self._builder)
        circuit = self._builder.build(parameters, measured, places)
        notes = [Note(text, span) for text, span in self._notes.items()]
        notes += [Note(kept, _span(first))] if kept else []
        if opaque:
            notes.append(NotAffine.of([expression.text for expression in opaque], _span(opaque[0].statement)))
        return Program(
            circuit,
            notes=tuple(sorted(notes, key=lambda note: note.span)),
            formulas={one.text: QiskitFormula(one.expression) for one in opaque},
        )

    def expressions(self) -> list[Any]:
        """What each parameter of the program is in Qiskit: a parameter or an expression, whole multiples aside."""
        return self._symbols.expressions()

    def _run(self, circuit: Any, wires: Sequence[int], *, fixed: bool, bits: Sequence[Any] = ()) -> None:
        """Write down a circuit on these qubits and bits: the whole one, a definition or a block in it."""
        from qiskit.circuit import Parameter, ParameterVectorElement  # type: ignore[import-untyped]

        builder, shapes_of, at = self._builder, self._shapes, self._symbols
        shapes, statements, qubits, angles = builder.shapes, builder.statements, builder.wires, builder.angles
        symbols = {Parameter, ParameterVectorElement}
        top = circuit is self._circuit
        index = dict(zip(circuit.qubits, wires, strict=True))
        outer = dict(zip(circuit.clbits, bits or circuit.clbits, strict=True))
        numbers: dict[str, int] = {}
        instructions = _instructions(circuit)
        conditional = len(instructions) > 0 and hasattr(instructions[0], "condition")  # in Qiskit 1
        # Circuits have a million gates: nothing is done here for a gate that need not be.
        for place, instruction in enumerate(instructions):
            if top:
                at.statement = place
            if conditional and instruction.condition is not None:
                self._conditional(instruction, index, outer, fixed)
                continue
            shape = shapes_of.get(instruction.name) if instruction.is_standard_gate() else None
            if shape is None:
                own = [outer[bit] for bit in instruction.clbits]
                self._operation(instruction.operation, [index[q] for q in instruction.qubits], fixed, own, outer)
                continue
            shapes.append(shape)
            statements.append(at.statement)
            for qubit in instruction.qubits:
                qubits.append(index[qubit])
            for value in instruction.params:
                if type(value) in symbols:
                    name = value.name
                    number = numbers.get(name)
                    if number is None:
                        number = numbers[name] = at.number(value)
                    angles.append(number)
                else:
                    angles.append(self._row(self._lowering.angle(value, fixed)))

    def _operation(
        self, operation: Any, qubits: list[int], fixed: bool, bits: Sequence[Any], outer: Mapping[Any, Any]
    ) -> None:
        """Any operation that is not a standard gate met before. ``outer`` has the circuit's bit by the block's."""
        name = operation.name
        if name == "measure":
            self._know()
            at, before = self._symbols.statement, self._bits.get(bits[0])
            self._bits[bits[0]] = self._outcomes.measure(qubits[0], at, before)
            self._shapes.clear()
        elif name == "reset":
            self._reset(qubits)
        elif name in ("if_else", "switch_case"):
            self._branch(operation, qubits, fixed, bits, outer)
        elif name == "initialize":
            self._reset(qubits)
            self._prepare(operation, qubits)
        elif name == "state_preparation":
            self._check_untouched(qubits, f"{name} in the middle of the circuit")
            self._prepare(operation, qubits)
        else:
            self._unitary(operation, qubits, fixed, bits)

    def _branch(
        self, operation: Any, qubits: list[int], fixed: bool, bits: Sequence[Any], outer: Mapping[Any, Any]
    ) -> None:
        """The block that a condition or a switch leads to, on each outcome that decides."""
        bit = self._bit_in(outer)

        def chosen() -> Any:
            if operation.name == "if_else":
                return operation.blocks[0] if holds(operation.condition, bit) else operation.params[1]
            found = computed(operation.target, bit)
            cases = operation.cases_specifier()
            return next((block for labels, block in cases if found in labels or CASE_DEFAULT in labels), None)

        from qiskit.circuit import CASE_DEFAULT

        for assumed, block in self._outcomes.each(chosen):
            if block is not None:
                with self._outcomes.under(assumed):
                    self._run(block, qubits, fixed=fixed, bits=bits)

    def _conditional(self, instruction: Any, index: Mapping[Any, int], outer: Mapping[Any, Any], fixed: bool) -> None:
        """An instruction with a condition of its own, as Qiskit 1 has them."""
        qubits, bits = [index[q] for q in instruction.qubits], [outer[bit] for bit in instruction.clbits]
        for assumed, runs in self._outcomes.each(lambda: holds(instruction.condition, self._bit_in(outer))):
            if runs:
                with self._outcomes.under(assumed):
                    self._operation(instruction.operation, qubits, fixed, bits, outer)

    def _bit_in(self, outer: Mapping[Any, Any]) -> Callable[[Any], bool]:
        """What a bit is in a block whose bits are these of the circuit; Qiskit's bits begin as 0."""

        def bit(name: Any) -> bool:
            outcome = self._bits.get(outer.get(name, name))
            return outcome is not None and self._outcomes.value(outcome)

        return bit

    def _reset(self, qubits: list[int]) -> None:
        self._know()
        for qubit in qubits:
            self._outcomes.reset(qubit, self._symbols.statement)
        if self._outcomes:
            self._shapes.clear()

    def _know(self) -> None:
        """Tell the outcomes of what has been written without them: all gates before the first measurement."""
        if not self._outcomes:
            self._outcomes.know(self._builder.wires[self._seen :])
            self._seen = len(self._builder.wires)

    def _unitary(self, operation: Any, qubits: list[int], fixed: bool, bits: Sequence[Any]) -> None:
        leaves = self._lowering.named(operation, qubits, fixed)
        for text in self._lowering.notes:
            self._notes.setdefault(text, _span(self._symbols.statement))
        self._lowering.notes.clear()
        if leaves is None:
            self._run(definition(operation), qubits, fixed=fixed or is_fixed(operation), bits=bits)
            return
        for leaf in leaves:
            self._write(leaf)
        row = standard(operation)
        if row is not None and row.n_qubits and not self._outcomes:  # whose gates go through them one by one
            self._shapes[operation.name] = self._builder.shape(row, operation.name, GateOrigin.PYTHON)

    def _write(self, leaf: Leaf[int]) -> None:
        builder = self._builder
        if not leaf.gate.n_qubits:
            return  # a global phase
        if len(builder.shapes) > IN_MEMORY.operations:
            raise IN_MEMORY.exceeded("operations", f"more than {IN_MEMORY.operations:,} operations")
        statement = self._symbols.statement
        if self._outcomes:
            leaf = leaf._replace(qubits=self._outcomes.touch(leaf.qubits, statement))
            (leaf,) = self._outcomes.conditional([leaf])
        rows = [self._row(angle) for angle in leaf.angles] if leaf.gate.steps else ()
        builder.gate(leaf.gate, leaf.qubits, rows, statement, name=leaf.name, kind=GateOrigin.PYTHON)

    def _row(self, angle: Angle[int]) -> int:
        return self._builder.angle(angle.constant, angle.terms, spelling=angle.spelling)

    def _prepare(self, operation: Any, qubits: list[int]) -> None:
        """A state to begin with: a label, a number or a vector."""
        values = list(operation.params)
        if len(values) == 1 or all(isinstance(value, str) for value in values):
            from qiskit.circuit.library import StatePreparation  # type: ignore[import-untyped]

            label = values[0] if len(values) == 1 else "".join(values)
            if isinstance(label, str):
                circuit = StatePreparation(label).definition
            else:
                circuit = StatePreparation(int(label.real), num_qubits=len(qubits)).definition
            self._run(circuit, qubits, fixed=True)
            return
        for name, places, angle in state_calls(operation.name, np.array(values, dtype=np.complex128)):
            row = row_of(name)
            assert row is not None, name
            made = row if angle is None else bound(row, (angle,))
            self._write(Leaf(made, name, tuple([qubits[place] for place in places])))

    def _check_untouched(self, qubits: list[int], what: str) -> None:
        self._know()
        for qubit in qubits:
            if self._outcomes.is_used(qubit):
                raise Unsupported(
                    f"{what}: something was done before to {self._name(qubit)}",
                    hint="split the circuit here, or begin with a fresh qubit",
                )

    def _name(self, qubit: int) -> str:
        return qubit_name(self._circuit, self._circuit.qubits[qubit])

    def _placed(self, error: SourceError) -> SourceError:
        """The error with the instruction it speaks of."""
        statement = self._symbols.statement
        if not len(self._circuit.data):
            return error
        name = self._circuit.data[statement].name
        message = f"circuit.data[{statement}] ({name}): {error.message}"
        return type(error)(message, _span(statement), hint=error.hint)


def _instructions(circuit: Any) -> Any:
    """The instructions of a circuit, as Qiskit stores them; ``data`` wraps each once more."""
    data = circuit.data  # builds the circuits that are built late
    return getattr(circuit, "_data", data)


def _span(statement: int) -> Span:
    return Span(statement + 1, 1, statement + 1, 2)
