"""One operation of Cirq as gates of the table: by its row, under controls, by its decomposition, from its matrix."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from bplint.errors import LimitError, Unsupported
from bplint.importers.from_cirq import rows
from bplint.importers.from_cirq.symbols import Weighted
from bplint.importers.from_cirq.table import row_of
from bplint.importers.from_cirq.unitaries import phase_between, synthesised
from bplint.ir.gates import Gate, controlled

MEASURED = Gate("measure", 0, 0, (), (0.0,))
"""Stands for a measurement of all its qubits."""

NESTING_LIMIT = 100
CONTROL_LIMIT = 16
MATRIX_LIMIT = 6
"""Qubits up to which the matrix of a gate is looked at: for its global phase under a control, or for want of more."""


class Leaf(NamedTuple):
    """A gate of the table at angles in radians, on qubits of Cirq."""

    gate: Gate
    angles: tuple[Weighted, ...]
    qubits: tuple[Any, ...]


class Lowering:
    """Lowers operations one by one; subcircuits may come to ``limit`` operations, counted before they are expanded."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: dict[int, tuple[Any, int]] = {}

    def leaves(self, operation: Any) -> list[Leaf]:
        """The gates of an operation, in order."""
        count = self._count(operation, 0)
        if count > self._limit:
            raise LimitError(f"{_rounded(count)} operations: the limit `operations` is {self._limit:,}")
        return self._lower(operation, 0)

    def _count(self, operation: Any, depth: int) -> int:
        """At least so many gates."""
        import cirq

        _check_depth(depth)
        operation = operation.untagged
        if isinstance(operation, cirq.ControlledOperation):
            return self._count(operation.sub_operation, depth + 1)
        if not isinstance(operation, cirq.CircuitOperation):
            return 1
        repetitions = operation.repetitions
        if getattr(repetitions, "free_symbols", None):
            raise Unsupported("the number of repetitions is a symbol", hint="resolve it first: cirq.resolve_parameters")
        known = self._counts.get(id(operation.circuit))
        if known is None:
            count = sum(self._count(inner, depth + 1) for inner in operation.circuit.all_operations())
            known = self._counts[id(operation.circuit)] = operation.circuit, count
        return abs(int(repetitions)) * max(1, known[1])

    def _lower(self, operation: Any, depth: int, phased: bool = False) -> list[Leaf]:
        """``phased`` if the global phase matters: under a control."""
        import cirq

        _check_depth(depth)
        operation = operation.untagged
        if isinstance(operation, cirq.CircuitOperation):
            return self._subcircuit(operation, depth, phased)
        if isinstance(operation, cirq.ControlledOperation):
            inner = self._lower(operation.sub_operation, depth + 1, phased=True)
            return [c for leaf in inner for c in _controlled(leaf, operation.controls, operation.control_values)]
        if isinstance(operation, cirq.ClassicallyControlledOperation):
            raise Unsupported("is controlled by a measurement")
        if isinstance(operation.gate, cirq.MeasurementGate):
            return [Leaf(MEASURED, (), operation.qubits)]
        if cirq.is_measurement(operation):
            raise Unsupported("measures something else than qubits in the basis of Z")
        if isinstance(operation.gate, cirq.ResetChannel):
            raise Unsupported("resets a qubit")
        if isinstance(operation.gate, cirq.ControlledGate):
            n = operation.gate.num_controls()
            sub_operation = operation.gate.sub_gate.on(*operation.qubits[n:])
            inner = self._lower(sub_operation, depth + 1, phased=True)
            values = operation.gate.control_values
            return [c for leaf in inner for c in _controlled(leaf, operation.qubits[:n], values)]
        row = None if operation.gate is None else row_of(operation.gate)
        if row is not None:
            return [Leaf(row.gate, row.angles, operation.qubits)]
        if isinstance(operation.gate, cirq.MatrixGate):
            return self._matrix(operation, cirq.unitary(operation), depth)
        return self._composite(operation, depth, phased)

    def _subcircuit(self, operation: Any, depth: int, phased: bool) -> list[Leaf]:
        if operation.repeat_until is not None:
            raise Unsupported("is repeated until a measurement says so")
        repetitions = int(operation.repetitions)
        if not repetitions:
            return []
        once = operation.replace(
            repetitions=1 if repetitions > 0 else -1, repetition_ids=None, use_repetition_ids=False
        ).mapped_circuit()
        body = [leaf for inner in once.all_operations() for leaf in self._lower(inner, depth + 1, phased)]
        return body * abs(repetitions)

    def _composite(self, operation: Any, depth: int, phased: bool) -> list[Leaf]:
        """By its own decomposition, or from its matrix where it has none."""
        import cirq

        parts = cirq.decompose_once(operation, None)
        if parts is None:
            if cirq.is_parameterized(operation):
                raise Unsupported("has symbols, and neither a row in the gate table nor a decomposition")
            small = len(operation.qubits) <= MATRIX_LIMIT
            matrix = cirq.unitary(operation, None) if small else None
            if matrix is None:
                raise Unsupported("is not unitary, or is too large, or says neither its matrix nor its decomposition")
            return self._matrix(operation, matrix, depth)
        parts = list(islice(parts, self._limit + 1))
        if len(parts) > self._limit:
            raise LimitError(f"more than {self._limit:,} operations: the limit `operations`")
        if not set(operation.qubits).issuperset(qubit for part in parts for qubit in part.qubits):
            raise Unsupported("is decomposed with further qubits")
        if phased and len(operation.qubits) <= MATRIX_LIMIT:
            matrix = cirq.unitary(operation, None)
            if matrix is not None:
                parts += phase_between(parts, matrix, operation.qubits)
        return [leaf for part in parts for leaf in self._lower(part, depth + 1, phased)]

    def _matrix(self, operation: Any, matrix: Any, depth: int) -> list[Leaf]:
        """One gate: its angles are not the source's."""
        parts = synthesised(matrix, operation.qubits)
        places = {qubit: place for place, qubit in enumerate(operation.qubits)}
        leaves = [leaf for part in parts for leaf in self._lower(part, depth + 1)]
        gates = [(_constant(leaf), [places[qubit] for qubit in leaf.qubits]) for leaf in leaves]
        return [Leaf(rows.merged("matrix", gates, len(places)), (), operation.qubits)]


def _controlled(leaf: Leaf, controls: Sequence[Any], values: Any) -> Iterable[Leaf]:
    """A leaf for each combination of control values that lets it act; a control that may be 0 or 1 is none."""
    import cirq

    if leaf.gate is MEASURED:
        raise Unsupported("is a measurement under a control")
    if len(controls) > CONTROL_LIMIT:
        raise LimitError(f"{len(controls)} controls: the limit `controls` is {CONTROL_LIMIT}")
    places = list(range(len(controls)))
    if isinstance(values, cirq.ProductOfSums):
        allowed = [set(value) for value in values]
        places = [place for place in places if len(allowed[place]) == 1]
        combinations = [tuple(min(value) for value in allowed)]
    else:
        combinations = list(values.expand())
    for combination in combinations:
        row = leaf.gate
        for place in reversed(places):
            row = controlled(row, bool(combination[place]))
        yield Leaf(row, leaf.angles, (*[controls[place] for place in places], *leaf.qubits))


def _constant(leaf: Leaf) -> Gate:
    """Its gate at its angles, which are numbers."""
    angles = tuple(math.fsum(weight * float(value) for value, weight in angle) for angle in leaf.angles)
    return rows.bound(leaf.gate, angles)


def _check_depth(depth: int) -> None:
    if depth > NESTING_LIMIT:
        raise LimitError(f"operations are nested more than {NESTING_LIMIT} deep: the limit `nesting`")


def _rounded(count: int) -> str:
    return f"{count:,}" if count < 10**15 else f"about 10^{math.floor(math.log10(count))}"
