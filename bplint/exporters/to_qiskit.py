"""A ``QuantumCircuit`` with some of its gates changed: registers, names, measurements, barriers and all other gates stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import add
from typing import Any

from bplint.exporters.placing import Elementary, NewGate, before_first, changed, elementary
from bplint.importers.from_qiskit.lowering import definition, has_parts
from bplint.importers.from_qiskit.reading import Reader
from bplint.ir.circuit import Circuit
from bplint.ir.pauli import LETTERS
from bplint.rewrite.change import Angle, CannotError, Placed, Rewrite


def rewritten(original: Any, circuit: Circuit, rewrite: Rewrite) -> Any:
    """The ``QuantumCircuit`` that ``circuit`` was read of, with the rewrite; instructions are opened as far as it asks for.

    Whatever Qiskit raises where it cannot be written.
    """
    while True:
        reader = Reader(original)
        statements = reader.read().circuit.gates.columns.statement
        new = changed(circuit, rewrite, statements)
        count = Counter(statements)
        opened = {s for s in new if count[s] > 1 and has_parts(original.data[s].operation)}
        if not opened:
            return _Rewriting(original, reader.expressions(), circuit, rewrite).run(new, statements)
        original = _opened(original, opened)


def _opened(original: Any, opened: set[int]) -> Any:
    """The circuit with the definitions of some instructions in their place."""
    made = _empty_like(original)
    for place, instruction in enumerate(original.data):
        if place not in opened:
            made.append(instruction)
            continue
        inner = definition(instruction.operation)
        wires = dict(zip(inner.qubits, instruction.qubits, strict=True))
        for one in inner.data:
            made.append(one.replace(qubits=[wires[qubit] for qubit in one.qubits], clbits=()))
        made.global_phase += inner.global_phase
    return made


def _empty_like(original: Any) -> Any:
    """Qubits, registers, name and whatever else is no instruction; of a circuit of the library an ordinary one."""
    from qiskit import QuantumCircuit  # type: ignore[import-untyped]

    if type(original) is QuantumCircuit:
        return original.copy_empty_like()
    made = QuantumCircuit(original.qubits, original.clbits, name=original.name, global_phase=original.global_phase)
    for register in (*original.qregs, *original.cregs):
        made.add_register(register)
    made.metadata = original.metadata
    return made


class _Rewriting:
    def __init__(self, original: Any, known: Sequence[Any], circuit: Circuit, rewrite: Rewrite) -> None:
        from qiskit.circuit.library import get_standard_gate_name_mapping  # type: ignore[import-untyped]

        self._original = original
        self._circuit = circuit
        self._rewrite = rewrite
        self._standard = get_standard_gate_name_mapping()
        self._symbols = [*known, *_new(rewrite, len(known))]

    def run(self, new: dict[int, list[NewGate]], statements: Sequence[int]) -> Any:
        made = _empty_like(self._original)
        before = before_first(self._rewrite, statements)
        for place, instruction in enumerate(self._original.data):
            self._append(made, before.get(place, ()))
            if place in new:
                self._append(made, new[place])
            else:
                made.append(instruction)
        return made

    def _append(self, made: Any, gates: Sequence[NewGate]) -> None:
        for gate in gates:
            for operation, qubits in self._operations(gate):
                made.append(operation, [made.qubits[q] for q in qubits])

    def _operations(self, gate: NewGate) -> Iterator[tuple[Any, Sequence[int]]]:
        row = self._standard.get(gate.name) if isinstance(gate, Placed) and not gate.shape else None
        if isinstance(gate, Placed) and row and (len(row.params) == len(gate.angles) or gate.name in _SECOND_IS_ZERO):
            yield type(row)(*map(self._value, gate.angles)), gate.qubits
            return
        for one in elementary(self._circuit, gate):
            yield self._one(one)

    def _one(self, one: Elementary) -> tuple[Any, Sequence[int]]:
        from qiskit.circuit.library import PauliEvolutionGate
        from qiskit.quantum_info import SparsePauliOp  # type: ignore[import-untyped]

        if one.clifford:
            if one.clifford not in self._standard:
                raise CannotError(f"Qiskit has no gate {one.clifford}")
            return self._standard[one.clifford], one.qubits
        factor, letters = one.strings[0]
        name = f"r{''.join(LETTERS[letter].lower() for _, letter in letters)}"
        if len(one.strings) == 1 and name in _ROTATIONS:
            angle = factor * one.angle[0], tuple((p, factor * c) for p, c in one.angle[1])
            return type(self._standard[name])(self._value(angle)), [q for q, _ in letters]
        qubits = sorted({q for _, string in one.strings for q, _ in string})
        terms = [
            ("".join(LETTERS[c] for _, c in string), [qubits.index(q) for q, _ in string], f / 2)
            for f, string in one.strings
        ]
        operator = SparsePauliOp.from_sparse_list(terms, num_qubits=len(qubits))
        return PauliEvolutionGate(operator, self._value(one.angle)), qubits

    def _value(self, angle: Angle) -> Any:
        """A number, a parameter or an expression."""
        constant, terms = angle
        parts = []
        for p, coefficient in terms:
            number = self._rewrite.parameters[p].value
            if number is None:
                parts.append(self._symbols[p] if coefficient == 1.0 else coefficient * self._symbols[p])
            else:
                constant += coefficient * number
        return reduce(add, [*parts, constant] if constant or not parts else parts)


def _new(rewrite: Rewrite, known: int) -> list[Any]:
    """What the parameters of a rewrite are that the circuit does not have; those that are numbers are none."""
    from qiskit.circuit import Parameter, ParameterVector  # type: ignore[import-untyped]

    new = rewrite.parameters[known:]
    bases = Counter(p.name.partition("[")[0] for p in new if p.value is None and "[" in p.name)
    vectors = {base: iter(ParameterVector(base, size)) for base, size in bases.items()}
    symbols = []
    for parameter in new:
        base, bracket, _ = parameter.name.partition("[")
        symbols.append(
            None if parameter.value is not None else next(vectors[base]) if bracket else Parameter(parameter.name)
        )
    return symbols


_ROTATIONS = ("rx", "ry", "rz", "rxx", "ryy", "rzz", "rzx")
_SECOND_IS_ZERO = ("xx_plus_yy", "xx_minus_yy")
"""Exchanges of one angle; Qiskit has a second, zero unless it is given."""
