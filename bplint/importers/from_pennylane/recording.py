"""A tape at one point, gate by gate: shapes, wires and the numbers that its angles have there."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from bplint.errors import Unsupported
from bplint.importers.framework import refusal
from bplint.importers.from_pennylane.lowering import MEASURING, PennyLaneLowering, number
from bplint.importers.from_pennylane.table import row_of
from bplint.importers.limits import IN_MEMORY
from bplint.importers.lowered import Leaf, total_cost
from bplint.importers.outcomes import Outcomes
from bplint.ir.build import Builder
from bplint.ir.circuit import GateOrigin


class Recording(NamedTuple):
    """The gates as a builder has them, but with numbers for angles, and with wires numbered as they were met.

    The last ``ancillas`` wires stand for what ``kept`` says, with the first statement that needs one; ``deciding`` as of circuits.
    """

    shapes: array[int]
    statements: array[int]
    wires: array[int]
    angles: array[float]
    ancillas: int = 0
    deciding: tuple[int, ...] = ()
    kept: tuple[str, int] = ("", 0)

    def difference(self, other: Recording) -> int | None:
        """The first statement in which the gates or their qubits differ, whatever the angles; None if there is none."""
        if self[:3] == other[:3]:
            return None
        mine, yours = zip(self.shapes, self.statements), zip(other.shapes, other.statements)
        for (shape, statement), (another, _) in zip(mine, yours, strict=False):
            if shape != another:
                return statement
        return max(len(self.statements) and self.statements[-1], len(other.statements) and other.statements[-1])


class Recorder:
    """Records tapes; ``builder`` keeps the shapes that they have in common, ``wires`` the numbers of their wires."""

    def __init__(self, builder: Builder) -> None:
        self.wires: dict[Any, int] = defaultdict(lambda: len(self.wires))
        self._builder = builder
        self._lowering = PennyLaneLowering(self.wires)
        self._outcomes = Outcomes(lambda leaf, statement: None)
        self._measured: dict[str, int] = {}
        """The outcome of each measurement of the tape, by its identity."""
        self._shapes: dict[type[Any], tuple[int, bool]] = {}
        """Of classes with a row of the table that has qubits; and whether the wires of one are slow to put together."""

    def record(self, tape: Any) -> Recording:
        """The tape. ``SourceError`` names the operation at fault."""
        recording = Recording(array("i"), array("i"), array("i"), array("d"))
        shapes, statements, wires, angles = recording[:4]
        self._measured = {}
        self._outcomes = Outcomes(lambda leaf, statement: self._append(leaf, statement, recording, copied=True))
        deferring = False
        number_of, shape_of = self.wires, self._shapes
        statement, operation = 0, None
        try:
            # Circuits have a million gates: nothing is done here for a gate that need not be.
            for statement, operation in enumerate(tape.operations):  # both are named where one is refused
                known = None if deferring else shape_of.get(type(operation))
                if known is None:
                    self._write(operation, statement, recording)
                    deferring = bool(self._outcomes)
                    continue
                shape, controlled = known
                shapes.append(shape)
                statements.append(statement)
                if controlled:
                    for wire in operation.control_wires.labels:
                        wires.append(number_of[wire])
                    for wire in operation.base.wires.labels:
                        wires.append(number_of[wire])
                else:
                    for wire in operation.wires.labels:
                        wires.append(number_of[wire])
                for value in operation.data:
                    angles.append(value if type(value) is float else number(value))
            for measurement in tape.measurements:
                for wire in measurement.wires:
                    number_of[wire]  # is met here at the latest
        except Exception as error:
            fault = refusal(error, "PennyLane")
            raise type(fault)(f"{_place(statement, operation)}: {fault.message}", hint=fault.hint) from error
        if len(shapes) > IN_MEMORY.operations:
            raise IN_MEMORY.exceeded("operations", f"{len(shapes):,} operations")
        return self._settled(recording)

    def _settled(self, recording: Recording) -> Recording:
        """The same with ancillas numbered behind the wires."""
        frame = Builder(len(self.wires))
        frame.wires = recording.wires
        kept = self._outcomes.settle(frame), self._outcomes.first
        return recording._replace(wires=frame.wires, ancillas=frame.ancillas, deciding=frame.deciding, kept=kept)

    def _write(self, operation: Any, statement: int, recording: Recording) -> None:
        from pennylane.operation import StatePrepBase
        from pennylane.ops import Conditional, Controlled

        for wire in operation.wires:
            self.wires[wire]  # is met here at the latest
        if operation.name in MEASURING:
            self._measure(operation, statement, recording)
            return
        if isinstance(operation, Conditional):
            for assumed, runs in self._outcomes.each(lambda: self._holds(operation.meas_val)):
                if runs:
                    with self._outcomes.under(assumed):
                        self._write(operation.base, statement, recording)
            return
        if isinstance(operation, StatePrepBase) and operation.name not in ("BasisState", "BasisEmbedding"):
            self._check_untouched(operation, recording.wires)
            leaves = self._lowering.prepared(operation)
        else:
            leaves = self._lowering.leaves(operation)
        if len(recording.shapes) + total_cost(leaves) > IN_MEMORY.operations:
            raise IN_MEMORY.exceeded("operations", f"more than {IN_MEMORY.operations:,} operations")
        for leaf in leaves:
            if leaf.gate.n_qubits and self._outcomes:
                placed = leaf._replace(qubits=self._outcomes.touch(leaf.qubits, statement))
                (placed,) = self._outcomes.conditional([placed])
                self._append(placed, statement, recording)
            elif leaf.gate.n_qubits:
                self._append(leaf, statement, recording)
        row = row_of(type(operation))
        if row is not None and row.n_qubits:
            self._shapes[type(operation)] = self._shape(leaves[0]), isinstance(operation, Controlled)

    def _append(self, leaf: Leaf[int], statement: int, recording: Recording, *, copied: bool = False) -> None:
        kind = GateOrigin.MEASUREMENT if copied else GateOrigin.PYTHON
        recording.shapes.append(self._builder.shape(leaf.gate, "measure" if copied else leaf.name, kind))
        recording.statements.append(statement)
        recording.wires.extend(leaf.qubits)
        if leaf.gate.steps:
            recording.angles.extend([angle.constant for angle in leaf.angles])

    def _measure(self, operation: Any, statement: int, recording: Recording) -> None:
        if operation.name == "PauliMeasure":
            raise Unsupported("measures something else than a wire in the basis of Z")
        if operation.postselect is not None:
            raise Unsupported(
                "postselects an outcome", hint="leave out postselect=, which is no circuit but a part of its runs"
            )
        if not self._outcomes:
            self._outcomes.know(recording.wires)
        wire = self.wires[operation.wires[0]]
        self._measured[operation.meas_uid] = self._outcomes.measure(wire, statement)
        if operation.reset:
            self._outcomes.reset(wire, statement)

    def _holds(self, condition: Any) -> bool:
        """Whether a condition, a function of measurements, holds where their outcomes are what is assumed."""
        outcomes = [self._measured[measurement.meas_uid] for measurement in condition.measurements]
        return bool(condition.processing_fn(*[int(self._outcomes.value(outcome)) for outcome in outcomes]))

    def _shape(self, leaf: Leaf[int]) -> int:
        return self._builder.shape(leaf.gate, leaf.name, GateOrigin.PYTHON)

    def _check_untouched(self, operation: Any, touched: Sequence[int]) -> None:
        if not set(touched).isdisjoint(self._lowering.qubits(operation)):
            raise Unsupported(
                f"{operation.name} in the middle of the circuit", hint="prepare the state before everything else"
            )


def _place(statement: int, operation: Any) -> str:
    return f"operation {statement} ({getattr(operation, 'name', type(operation).__name__)})"
