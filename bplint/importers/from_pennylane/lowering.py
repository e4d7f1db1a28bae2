"""One operation of PennyLane as gates of the table, at numbers: by its row, its generator, its decomposition, its matrix."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from bplint.errors import SourceError, Unsupported
from bplint.importers import clifford_matrices
from bplint.importers.framework import shown
from bplint.importers.from_pennylane.exponentials import exponential, fermionic
from bplint.importers.from_pennylane.operators import pauli_terms
from bplint.importers.from_pennylane.table import row_of
from bplint.importers.from_pennylane.untouched import Untouched
from bplint.importers.limits import DEFAULTS, IN_MEMORY
from bplint.importers.lowered import Angle, Leaf, bound, cost, merged, to_power, total_cost, under_controls, undone
from bplint.importers.rotated_states import state_calls
from bplint.ir.gates import GLOBAL_PHASE, Gate, gate

PASSIVE = frozenset({"Barrier", "Snapshot", "WireCut", "Identity"})
MEASURING = frozenset({"MidMeasure", "MidMeasureMP", "PauliMeasure"})

STRINGS = 4096
"""Rotations that one controlled gate may come to; one with more is read by its decomposition."""


class PennyLaneLowering:
    """Lowers operations one by one; ``wires`` numbers the wires."""

    def __init__(self, wires: Mapping[Any, int]) -> None:
        self._wires = wires
        self._generated: dict[tuple[object, ...], Gate | None] = {}

    def leaves(self, operation: Any) -> list[Leaf[int]]:
        """The gates of an operation, in order, all angles constants. ``Unsupported`` where nothing says what it does."""
        return self._lower(operation, 0)

    def qubits(self, operation: Any) -> tuple[int, ...]:
        """The numbers of its wires."""
        return tuple([self._wires[wire] for wire in operation.wires])

    def prepared(self, operation: Any) -> list[Leaf[int]]:
        """The gates that make the state of a ``StatePrep`` of |0…0>."""
        import numpy as np
        import pennylane as qml

        order = operation.wires
        vector = np.asarray(qml.math.unwrap([operation.state_vector(wire_order=order)])[0]).reshape(-1)
        qubits = self.qubits(operation)[::-1]  # the first wire is the highest bit
        return [
            _named(name, [qubits[place] for place in places], operation.name)._replace(
                angles=() if angle is None else (Angle(angle),)
            )
            for name, places, angle in state_calls(operation.name, vector)
        ]

    def _lower(self, operation: Any, depth: int) -> list[Leaf[int]]:
        from pennylane import ops
        from pennylane.operation import Channel

        if depth > DEFAULTS.levels:
            raise DEFAULTS.exceeded("levels", "operations are nested too deeply")
        name = operation.name
        if name in PASSIVE:
            return []
        if name in MEASURING:
            raise Unsupported("is a measurement inside of an operation")
        row = row_of(type(operation))
        if row is not None:
            qubits = self.qubits(operation) if row.n_qubits else ()
            return [Leaf(row, name, qubits, [Angle(number(value)) for value in operation.data])]
        if isinstance(operation, ops.Adjoint):
            return _renamed(undone(self._lower(operation.base, depth + 1)), name)
        if isinstance(operation, ops.Controlled):
            leaves = self._controlled(operation, depth)
            if leaves is not None:
                return leaves
        elif isinstance(operation, ops.Pow):
            return _renamed(self._power(operation, depth), name)
        elif isinstance(operation, ops.Conditional):
            raise Unsupported(f"{name} inside of an operation depends on a measurement")
        elif isinstance(operation, Channel):
            raise Unsupported(
                f"{name} is a channel", hint='leave it out and declare noise, as noise="depolarizing:0.01"'
            )
        elif isinstance(operation, ops.QubitUnitary):
            return self._matrix(operation, depth)
        else:
            leaves = self._generator(operation)
            if leaves is not None:
                return leaves
        return [leaf for part in self._decomposed(operation) for leaf in self._lower(part, depth + 1)]

    def _controlled(self, operation: Any, depth: int) -> list[Leaf[int]] | None:
        """None where its own decomposition is shorter."""
        controls = [self._wires[wire] for wire in operation.control_wires]
        states = [bool(value) for value in operation.control_values]
        if len(controls) > DEFAULTS.controls and not operation.has_decomposition:
            raise DEFAULTS.exceeded("controls", f"{len(controls)} controls")
        leaves = self._lower(operation.base, depth + 1)
        if max([cost(leaf.gate) for leaf in leaves], default=0) << len(controls) > STRINGS:
            return None
        return _renamed(under_controls(leaves, controls, states), operation.name)

    def _power(self, operation: Any, depth: int) -> list[Leaf[int]]:
        exponent = number(operation.z)
        leaves = self._lower(operation.base, depth + 1)
        if len(leaves) > 1 and abs(exponent) * total_cost(leaves) > IN_MEMORY.operations:
            raise IN_MEMORY.exceeded("operations", f"{exponent:g} times {operation.base.name}")
        powered = to_power(leaves, exponent)
        if powered is None:
            powered = self._generator(operation)
        if powered is None:
            raise Unsupported(f"the power {exponent:g} of {operation.base.name}: it is not one rotation")
        return powered

    def _generator(self, operation: Any) -> list[Leaf[int]] | None:
        """exp(iφG) as one gate; None where there is no generator that says so."""
        from pennylane import FermionicDoubleExcitation, FermionicSingleExcitation, ops

        if isinstance(operation, FermionicSingleExcitation | FermionicDoubleExcitation):
            second = len(operation.hyperparameters.get("wires2", ()))
            excitation = fermionic(operation.name, len(operation.wires) - second, second)
            return [Leaf(excitation, operation.name, self.qubits(operation), [Angle(number(operation.data[0]))])]
        if isinstance(operation, ops.Exp):  # Evolution is exp(-itG)
            coefficient = complex(operation.coeff)
            if abs(coefficient.real) > 1e-12 * abs(coefficient):
                raise Unsupported(f"exp with the coefficient {coefficient:g} is not unitary")
            base, angle = operation.base, coefficient.imag
        elif operation.num_params == 1 and operation.has_generator and not _is_array(operation.data[0]):
            base, angle = None, number(operation.data[0])
        else:
            return None
        row = self._generated_by(operation, base)
        if row is None and not operation.has_decomposition:
            raise Unsupported(
                f"the terms of {operation.name} do not commute",
                hint="qml.ApproxTimeEvolution and qml.TrotterProduct say how it is split",
            )
        return None if row is None else [Leaf(row, operation.name, self.qubits(operation), [Angle(angle)])]

    def _generated_by(self, operation: Any, base: Any) -> Gate | None:
        """The gate of a generator, worked out once for all operations that have the same."""
        own = operation.hyperparameters
        shared = base is None and "base" not in own
        key = (type(operation), len(operation.wires), *[f"{name}={value!r}" for name, value in own.items()])
        if shared and key in self._generated:
            return self._generated[key]
        places = {wire: place for place, wire in enumerate(operation.wires)}
        try:
            terms = pauli_terms(operation.generator() if base is None else base, places)
        except Unsupported:
            if not operation.has_decomposition:
                raise
            return None
        leaves = exponential(operation.name, terms, len(places))
        if shared:
            self._generated[key] = leaves
        return leaves

    def _matrix(self, operation: Any, depth: int) -> list[Leaf[int]]:
        """A matrix: a Clifford as such, others on one and two qubits by PennyLane's synthesis; its angles are nobody's choice."""
        import numpy as np
        import pennylane as qml

        matrix = np.asarray(qml.math.unwrap([operation.matrix()])[0], dtype=np.complex128)
        n = len(operation.wires)
        if matrix.ndim != 2:
            raise batched(operation.data[0])
        calls = clifford_matrices.synthesised(matrix)
        if calls is not None:
            overlap = np.vdot(clifford_matrices.matrix_of(calls, n), matrix)
            phase = bound(GLOBAL_PHASE, (float(np.angle(overlap)),))
            qubits = self.qubits(operation)
            leaves = [_named(name, [qubits[place] for place in places], operation.name) for name, places in calls]
            return [*leaves, Leaf(phase, "gphase", ())]
        if n > 2:
            raise Unsupported(
                f"a matrix on {n} qubits that is not a Clifford", hint="apply the gates that it is made of instead"
            )
        places = {self._wires[wire]: place for place, wire in enumerate(operation.wires)}
        parts = [leaf for part in operation.decomposition() for leaf in self._lower(part, depth + 1)]
        gates = [
            (bound(leaf.gate, tuple([angle.constant for angle in leaf.angles])), [places[q] for q in leaf.qubits])
            for leaf in parts
        ]
        return [Leaf(merged("matrix", gates, n), operation.name, self.qubits(operation))]

    def _decomposed(self, operation: Any) -> Sequence[Any]:
        import pennylane as qml

        if not operation.has_decomposition:
            raise Unsupported(f"{operation.name} has no row in the gate table, no generator and no decomposition")
        with qml.queuing.QueuingManager.stop_recording():
            parts: Sequence[Any] = operation.decomposition()
        if len(parts) > IN_MEMORY.operations:
            raise IN_MEMORY.exceeded("operations", f"{operation.name} has {len(parts):,} operations")
        for part in parts:
            if any(wire not in self._wires for wire in part.wires):
                raise Unsupported(f"{operation.name} is decomposed with further wires")
            if not hasattr(part, "decomposition"):
                raise Unsupported(f"{operation.name} measures a wire")
        return parts


def number(value: Any) -> float:
    """One angle. ``SourceError`` where it is not real and finite; ``Unsupported`` for several at once."""
    if type(value) is Untouched:
        return value.value
    if type(value) is not float:
        if _is_array(value):
            raise batched(value)
        try:
            exact = complex(value)
        except (TypeError, ValueError) as error:
            raise SourceError(f"the angle {shown(value)} is not a number") from error
        if exact.imag:
            raise SourceError(f"the angle {shown(value)} is not real")
        value = exact.real
    if not math.isfinite(value):
        raise NotFinite(f"the angle {value} is not finite")
    return float(value)


class NotFinite(SourceError):
    """An angle that is no number, or infinite."""


def batched(value: Any) -> Unsupported:
    """The refusal of broadcasting."""
    shape = tuple(getattr(value, "shape", ()))
    return Unsupported(
        f"an angle is {math.prod(shape)} numbers at once (shape {shape})",
        hint="broadcasting is several circuits: give the data of one of them",
    )


def _is_array(value: Any) -> bool:
    return bool(getattr(value, "ndim", 0))


@cache
def _gate(name: str) -> Gate:
    row = gate(name)
    assert row is not None, name
    return row


def _named(name: str, qubits: Sequence[int], label: str) -> Leaf[int]:
    return Leaf(_gate(name), label, tuple(qubits))


def _renamed(leaves: Sequence[Leaf[int]], name: str) -> list[Leaf[int]]:
    """One gate is called as PennyLane calls it."""
    return [leaf._replace(name=name) for leaf in leaves] if len(leaves) == 1 else list(leaves)
