"""One operation of Qiskit as gates of the table.

Named gates are rows of the table, controls and powers go through its algebra, and what has neither is read by its
definition, one level at a time: ``decompose`` would cut one generator into halves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bplint.errors import Unsupported
from bplint.importers.from_qiskit import evolution
from bplint.importers.from_qiskit.symbols import QiskitSymbols
from bplint.importers.limits import IN_MEMORY
from bplint.importers.lowered import Angle, Leaf, cost, to_power, total_cost, under_controls, undone
from bplint.ir.circuit import Spelling
from bplint.ir.gates import GLOBAL_PHASE, Gate, gate

PASSIVE = frozenset({"barrier", "delay"})
NOT_UNITARY = {
    "measure": "measurement inside a gate",
    "reset": "reset inside a gate",
    "initialize": "initialize inside a gate",
}

STRINGS = 4096
"""Rotations that one controlled gate may come to; one with more is read by its definition."""


class QiskitLowering:
    """Lowers operations; ``notes`` are texts on how one was understood."""

    def __init__(self, symbols: QiskitSymbols) -> None:
        self._symbols = symbols
        self.notes: list[str] = []

    def angle(self, value: Any, fixed: bool) -> Angle[int]:
        """An angle; a number that belongs to the synthesis of a ``fixed`` matrix is nobody's choice."""
        angle = self._symbols.angle(value)
        return angle._replace(spelling=Spelling.BUILTIN) if fixed else angle

    def gates(self, operation: Any, qubits: Sequence[int], fixed: bool = False) -> list[Leaf[int]]:
        """What an operation comes to. ``Unsupported`` where it is not unitary or nothing says what it does."""
        lowered = self.named(operation, qubits, fixed)
        if lowered is not None:
            return lowered
        circuit = definition(operation)
        index = dict(zip(circuit.qubits, qubits, strict=True))
        inner = fixed or is_fixed(operation)
        leaves = [
            leaf
            for instruction in circuit.data
            for leaf in self.gates(instruction.operation, [index[q] for q in instruction.qubits], inner)
        ]
        if _is_not_zero(circuit.global_phase):
            leaves.append(Leaf(GLOBAL_PHASE, "gphase", (), (self.angle(circuit.global_phase, inner),)))
        return leaves

    def named(self, operation: Any, qubits: Sequence[int], fixed: bool) -> list[Leaf[int]] | None:
        """The same, but None for what is its definition and no more."""
        from qiskit.circuit import AnnotatedOperation, ControlledGate  # type: ignore[import-untyped]

        name = operation.name
        if name in PASSIVE or getattr(operation, "_directive", False):
            return []
        if name in NOT_UNITARY:
            raise Unsupported(NOT_UNITARY[name])
        row = standard(operation)
        if row is not None:
            return [Leaf(row, name, tuple(qubits), tuple([self.angle(p, fixed) for p in operation.params]))]
        if isinstance(operation, AnnotatedOperation):
            return self._annotated(operation, list(qubits), fixed)
        if isinstance(operation, ControlledGate):
            return self._controlled(operation, qubits, fixed)
        if name == "PauliEvolution":
            return self._evolution(operation, qubits, fixed)
        if name == "unitary":
            return self._unitary(operation, qubits)
        if name == "pauli":
            letters = reversed(operation.params[0])
            return [_fixed(letter.lower(), q) for letter, q in zip(letters, qubits, strict=True) if letter != "I"]
        return None

    def _controlled(self, operation: Any, qubits: Sequence[int], fixed: bool) -> list[Leaf[int]] | None:
        count = operation.num_ctrl_qubits
        own = qubits[count:]
        if operation.base_gate.num_qubits != len(own):  # one base on each of several targets
            return None
        leaves = self.gates(operation.base_gate, own, fixed)
        if operation.base_gate.name == "u" and len(operation.params) == 4:  # CU has a phase that its base lacks
            leaves.append(Leaf(GLOBAL_PHASE, "gphase", (), (self.angle(operation.params[3], fixed),)))
        if max([cost(leaf.gate) for leaf in leaves], default=0) << count > STRINGS:
            return None
        controlled = _under_controls(leaves, qubits[:count], operation.ctrl_state)
        return [leaf._replace(name=operation.name) for leaf in controlled] if len(controlled) == 1 else controlled

    def _annotated(self, operation: Any, qubits: list[int], fixed: bool) -> list[Leaf[int]]:
        from qiskit.circuit import ControlModifier, InverseModifier

        controls = [m.num_ctrl_qubits if isinstance(m, ControlModifier) else 0 for m in operation.modifiers]
        rest, own = qubits[: sum(controls)], qubits[sum(controls) :]
        leaves = self.gates(operation.base_op, own, fixed)
        for modifier, count in zip(operation.modifiers, controls, strict=True):
            if count:
                leaves = _under_controls(leaves, rest[len(rest) - count :], modifier.ctrl_state)
                del rest[len(rest) - count :]
            elif isinstance(modifier, InverseModifier):
                leaves = undone(leaves)
            else:
                if sum([len(leaf.gate.steps) for leaf in leaves]) > 1:
                    _check(abs(modifier.power) * total_cost(leaves))
                powered = to_power(leaves, modifier.power)
                if powered is None:
                    name = operation.base_op.name
                    raise Unsupported(f"the power {modifier.power:g} of {name}: it is not one rotation")
                leaves = powered
        return leaves

    def _evolution(self, operation: Any, qubits: Sequence[int], fixed: bool) -> list[Leaf[int]] | None:
        row = evolution.exact(operation)
        if row is None:
            self.notes.append(
                f"the terms of {_shortened(operation.label or operation.name)} do not commute: "
                f"read as the product that {type(operation.synthesis).__name__} makes of them"
            )
            row = evolution.product(operation)
        if row is None:
            return None
        return [Leaf(row, operation.name, tuple(qubits), (self.angle(operation.time, fixed),))]

    def _unitary(self, operation: Any, qubits: Sequence[int]) -> list[Leaf[int]] | None:
        """A matrix: a Clifford as such, others by Qiskit's synthesis."""
        from qiskit.quantum_info import Clifford, Operator  # type: ignore[import-untyped]

        if len(qubits) > 2:
            raise Unsupported(
                f"a matrix on {len(qubits)} qubits; matrices are read on one and two",
                hint="append its decomposition: operation.definition",
            )
        matrix = operation.to_matrix()
        try:
            circuit = Clifford.from_matrix(matrix).to_circuit()
        except Exception:  # Qiskit raises QiskitError for what is not a Clifford
            return None
        leaves = self.gates(circuit.to_instruction(), qubits, fixed=True)
        phase = (Operator(circuit).data.conj() * matrix).sum()
        return [*leaves, Leaf(GLOBAL_PHASE, "gphase", (), (Angle(_argument(phase), (), Spelling.BUILTIN),))]


def _under_controls(leaves: list[Leaf[int]], controls: Sequence[int], state: int) -> list[Leaf[int]]:
    """The gates where control i is in the state that bit i of ``state`` says."""
    _check(total_cost(leaves) << len(controls))
    return under_controls(leaves, controls, [bool(state >> place & 1) for place in range(len(controls))])


def _check(operations: float) -> None:
    if operations > IN_MEMORY.operations:
        raise IN_MEMORY.exceeded("operations", f"more than {IN_MEMORY.operations:,} operations")


def standard(operation: Any) -> Gate | None:
    """The row of one of Qiskit's standard gates, controlled on 1 if it is controlled."""
    if getattr(operation, "_standard_gate", None) is None:
        return None
    if getattr(operation, "ctrl_state", 0) != (1 << getattr(operation, "num_ctrl_qubits", 0)) - 1:
        return None
    return row_of(operation.name)


def row_of(name: str) -> Gate | None:
    """The row of a standard gate by its name in Qiskit; None for those that share a name."""
    if name == "global_phase":
        return GLOBAL_PHASE
    return None if name == "mcx" else gate(name)


def definition(operation: Any) -> Any:
    """The circuit that defines an operation. ``Unsupported`` if there is none."""
    from qiskit.circuit import ControlFlowOp

    name = operation.name
    if name == "box" and hasattr(operation, "blocks"):
        return operation.blocks[0]
    if isinstance(operation, ControlFlowOp):
        raise Unsupported(f"control flow ({name})", hint="build the circuit with the branch that is taken")
    if name == "permutation":
        from qiskit.synthesis import synth_permutation_basic  # type: ignore[import-untyped]

        return synth_permutation_basic(operation.pattern)
    try:
        circuit = operation.to_circuit() if hasattr(operation, "to_circuit") else operation.definition
    except Exception as error:
        raise Unsupported(f"the definition of {name} cannot be built: {error}") from error
    if circuit is None:
        raise Unsupported(f"{name} has no definition", hint="append gates, or an instruction made of a circuit")
    return circuit


def has_parts(operation: Any) -> bool:
    """Whether an operation is its definition and no more, which can stand in its place."""
    whole = {"initialize", "state_preparation", *NOT_UNITARY}
    wires = range(operation.num_qubits)
    return operation.name not in whole and QiskitLowering(QiskitSymbols()).named(operation, wires, False) is None


def is_fixed(operation: Any) -> bool:
    """Whether the numbers in the definition follow from a matrix, a vector or a label, and are no angles of the user's."""
    return any(
        not isinstance(p, int | float) and not hasattr(p, "parameters") for p in getattr(operation, "params", ())
    )


def _fixed(name: str, *qubits: int) -> Leaf[int]:
    row = gate(name)
    assert row is not None, name
    return Leaf(row, name, qubits)


def _is_not_zero(phase: Any) -> bool:
    return hasattr(phase, "parameters") or phase != 0


def _argument(value: complex) -> float:
    from cmath import phase

    return phase(complex(value))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
