"""One operation of Cirq as gates of the table: by its row, under controls, by its decomposition, from its matrix."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from bplint.errors import SourceError, Unsupported
from bplint.importers.from_cirq.symbols import SympySymbols, Weighted
from bplint.importers.from_cirq.table import row_of
from bplint.importers.from_cirq.unitaries import phase_between, synthesised
from bplint.importers.limits import DEFAULTS
from bplint.importers.lowered import Leaf, bound, merged, under_controls
from bplint.ir.gates import Gate


class Measurement(NamedTuple):
    """A measurement of these wires; each outcome, flipped where it is ``inverted``, is one of the key's."""

    key: str
    wires: tuple[int, ...]
    inverted: tuple[bool, ...]


class Reset(NamedTuple):
    """A reset of this wire."""

    wire: int


class Conditional(NamedTuple):
    """Parts that take place where all conditions hold, which are Cirq's own."""

    conditions: tuple[Any, ...]
    parts: tuple[Part, ...]


Part = Leaf[int] | Measurement | Reset | Conditional
"""What an operation consists of: gates, and what depends on outcomes or makes some."""

_MATRIX = 6
"""Qubits up to which the matrix of a gate is looked at: for its global phase under a control, or for want of more."""


class CirqLowering:
    """Lowers operations one by one; those of subcircuits are counted before they are expanded.

    ``wires`` numbers the qubits.
    """

    def __init__(self, wires: Mapping[Any, int], symbols: SympySymbols) -> None:
        self._wires = wires
        self._symbols = symbols
        self._counts: dict[int, tuple[Any, int]] = {}

    def parts(self, operation: Any) -> list[Part]:
        """The parts of an operation, in order."""
        count = self._count(operation, 0)
        if count > DEFAULTS.operations:
            raise DEFAULTS.exceeded("operations", f"{_rounded(count)} operations")
        return self._lower(operation, 0)

    def _leaf(self, gate: Gate, qubits: Sequence[Any], angles: Sequence[Weighted] = ()) -> Leaf[int]:
        wires = tuple([self._wires[qubit] for qubit in qubits])
        return Leaf(gate, gate.name, wires, tuple([self._symbols.angle(angle) for angle in angles]))

    def _count(self, operation: Any, depth: int) -> int:
        """At least so many gates."""
        import cirq

        _check_depth(depth)
        operation = getattr(operation, "untagged", operation)
        if not isinstance(operation, cirq.Operation):
            raise SourceError(f"a {type(operation).__name__} stands where an operation is wanted")
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

    def _gates(self, operation: Any, depth: int) -> list[Leaf[int]]:
        """The gates of an operation that is no more than gates, global phases included."""
        leaves = []
        for part in self._lower(operation, depth, phased=True):
            if not isinstance(part, Leaf):
                raise Unsupported("has a measurement or a reset under a control")
            leaves.append(part)
        return leaves

    def _lower(self, operation: Any, depth: int, phased: bool = False) -> list[Part]:
        """``phased`` if the global phase matters: under a control."""
        import cirq

        _check_depth(depth)
        operation = operation.untagged
        if isinstance(operation, cirq.CircuitOperation):
            return self._subcircuit(operation, depth, phased)
        if isinstance(operation, cirq.ControlledOperation):
            inner = self._gates(operation.sub_operation, depth + 1)
            return self._controlled(inner, operation.controls, operation.control_values)
        if isinstance(operation, cirq.ClassicallyControlledOperation):
            inside = self._lower(operation.without_classical_controls(), depth + 1, phased=False)
            return [Conditional(tuple(operation.classical_controls), tuple(inside))]
        if isinstance(operation.gate, cirq.MeasurementGate):
            if operation.gate.confusion_map:
                raise Unsupported("has a confusion map")
            wires = tuple([self._wires[qubit] for qubit in operation.qubits])
            return [Measurement(cirq.measurement_key_name(operation), wires, operation.gate.full_invert_mask())]
        if cirq.is_measurement(operation):
            raise Unsupported("measures something else than qubits in the basis of Z")
        if isinstance(operation.gate, cirq.ResetChannel):
            return [Reset(self._wires[operation.qubits[0]])]
        if isinstance(operation.gate, cirq.ControlledGate):
            n = operation.gate.num_controls()
            sub_operation = operation.gate.sub_gate.on(*operation.qubits[n:])
            inner = self._gates(sub_operation, depth + 1)
            return self._controlled(inner, operation.qubits[:n], operation.gate.control_values)
        row = None if operation.gate is None else row_of(operation.gate)
        if row is not None:
            if not (row.gate.n_qubits or phased):
                return []  # a global phase, whose parameters occur nowhere
            return [self._leaf(row.gate, operation.qubits, row.angles)]
        if isinstance(operation.gate, cirq.MatrixGate):
            return self._matrix(operation, cirq.unitary(operation), depth)
        return self._composite(operation, depth, phased)

    def _subcircuit(self, operation: Any, depth: int, phased: bool) -> list[Part]:
        if operation.repeat_until is not None:
            raise Unsupported("is repeated until a measurement says so")
        repetitions = int(operation.repetitions)
        if not repetitions:
            return []
        once = operation.replace(
            repetitions=1 if repetitions > 0 else -1, repetition_ids=None, use_repetition_ids=False
        ).mapped_circuit()
        body = [part for inner in once.all_operations() for part in self._lower(inner, depth + 1, phased)]
        return body * abs(repetitions)

    def _composite(self, operation: Any, depth: int, phased: bool) -> list[Part]:
        """By its own decomposition, or from its matrix where it has none."""
        import cirq

        parts = cirq.decompose_once(operation, None)
        if parts is None:
            if cirq.has_kraus(operation) and not cirq.has_unitary(operation):
                raise Unsupported("is a channel", hint='leave it out and declare noise, as noise="depolarizing:0.01"')
            if cirq.is_parameterized(operation):
                raise Unsupported("has symbols, and neither a row in the gate table nor a decomposition")
            small = len(operation.qubits) <= _MATRIX
            matrix = cirq.unitary(operation, None) if small else None
            if matrix is None:
                raise Unsupported("says neither its matrix nor its decomposition, or acts on too many qubits")
            return self._matrix(operation, matrix, depth)
        parts = list(islice(parts, DEFAULTS.operations + 1))
        if len(parts) > DEFAULTS.operations:
            raise DEFAULTS.exceeded("operations", f"more than {DEFAULTS.operations:,} operations")
        if not set(operation.qubits).issuperset(qubit for part in parts for qubit in part.qubits):
            raise Unsupported("is decomposed with further qubits")
        if phased and len(operation.qubits) <= _MATRIX:
            matrix = cirq.unitary(operation, None)
            if matrix is not None:
                parts += phase_between(parts, matrix, operation.qubits)
        return [lowered for part in parts for lowered in self._lower(part, depth + 1, phased)]

    def _matrix(self, operation: Any, matrix: Any, depth: int) -> list[Part]:
        """One gate: its angles are not the source's."""
        parts = synthesised(matrix, operation.qubits)
        places = {self._wires[qubit]: place for place, qubit in enumerate(operation.qubits)}
        leaves = [leaf for part in parts for leaf in self._gates(part, depth + 1)]
        gates = [
            (bound(leaf.gate, tuple([angle.constant for angle in leaf.angles])), [places[q] for q in leaf.qubits])
            for leaf in leaves
        ]
        return [self._leaf(merged("matrix", gates, len(places)), operation.qubits)]

    def _controlled(self, leaves: Sequence[Leaf[int]], controls: Sequence[Any], values: Any) -> list[Part]:
        """The gates for each combination of control values that lets them act; a control that may be 0 or 1 is none."""
        import cirq

        if len(controls) > DEFAULTS.controls:
            raise DEFAULTS.exceeded("controls", f"{len(controls)} controls")
        places = list(range(len(controls)))
        if isinstance(values, cirq.ProductOfSums):
            allowed = [set(value) for value in values]
            if not all(allowed):
                raise SourceError("has a control that no value of its qubit lets act")
            places = [place for place in places if len(allowed[place]) == 1]
            combinations = [tuple(min(value) for value in allowed)]
        else:
            combinations = list(values.expand())
        wires = [self._wires[controls[place]] for place in places]
        states = [[bool(combination[place]) for place in places] for combination in combinations]
        return [
            controlled for leaf in leaves for state in states for controlled in under_controls([leaf], wires, state)
        ]


def _check_depth(depth: int) -> None:
    if depth > DEFAULTS.levels:
        raise DEFAULTS.exceeded("levels", "operations are nested too deeply")


def _rounded(count: int) -> str:
    return f"{count:,}" if count < 10**15 else f"about 10^{math.floor(math.log10(count))}"
