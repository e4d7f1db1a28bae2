"""Grows a :class:`~bplint.ir.circuit.Circuit` gate by gate; every importer ends here."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from bplint.errors import Span
from bplint.ir.circuit import Angles, Circuit, Gates, Kind, Parameter, Spelling
from bplint.ir.gates import Fixed, Gate


class Builder:
    """Collects gates into typed arrays (about 100 bytes an operation) and hands out a frozen circuit."""

    def __init__(self, n_qubits: int) -> None:
        self.n_qubits = n_qubits
        self._code, self._letters, self._kind = array("B"), array("B"), array("B")
        self._start, self._qubits = array("q", [0]), array("i")
        self._angle, self._factor, self._gate, self._moment = array("i"), array("d"), array("i"), array("i")
        self._constant, self._row = array("d"), array("q", [0])
        self._parameter, self._coefficient = array("i"), array("d")
        self._spelling = array("B")
        self._name, self._arity, self._statement, self._index = array("i"), array("i"), array("i"), array("i")
        self._names: dict[str, int] = {}
        self._spans = array("i")
        self._depth = [0] * n_qubits

    @property
    def n_operations(self) -> int:
        """How many operations stand so far."""
        return len(self._code)

    def angle(
        self,
        constant: float,
        terms: Sequence[tuple[int, float]] = (),
        *,
        spelling: Spelling = Spelling.PRECISE,
    ) -> int:
        """A new row of the angle table: constant + Σ coefficient · parameter. Returns its index.

        A literal that occurs in two gates is two rows: whether equal values are tied is not decided here.
        """
        self._constant.append(constant)
        self._spelling.append(spelling)
        for parameter, coefficient in terms:
            self._parameter.append(parameter)
            self._coefficient.append(coefficient)
        self._row.append(len(self._parameter))
        return len(self._constant) - 1

    def statement(self, span: Span) -> int:
        """A new statement of the source. Returns its index."""
        self._spans.extend((span.line, span.column, span.end_line, span.end_column))
        return len(self._spans) // 4 - 1

    def gate(
        self,
        gate: Gate,
        qubits: Sequence[int],
        angles: Sequence[int],
        statement: int,
        *,
        name: str | None = None,
        index: int = 0,
        kind: Kind = Kind.PLAIN,
    ) -> None:
        """Append one gate of the table; ``angles`` are rows from :meth:`angle`, one for each of its parameters.

        ``name`` is as the source spells it.
        """
        number = len(self._name)
        self._name.append(self._names.setdefault(name or gate.name, len(self._names)))
        self._arity.append(len(qubits))
        self._statement.append(statement)
        self._index.append(index)
        self._kind.append(kind)
        depth = self._depth
        for step in gate.steps:
            if isinstance(step, Fixed):
                places = step.arguments
                moment = max(depth[qubits[a]] for a in places)
                self._operation(step.code, -1, 0.0, number, moment)
                for a in places:
                    depth[qubits[a]] = moment + 1
                    self._qubits.append(qubits[a])
                    self._letters.append(0)
                self._start.append(len(self._qubits))
                continue
            angle = (
                angles[step.parameter] if step.parameter >= 0 else self.angle(step.constant, spelling=Spelling.BUILTIN)
            )
            for factor, letters in step.strings:
                moment = max(depth[qubits[a]] for a, _ in letters)
                self._operation(0, angle, factor, number, moment)
                for a, code in letters:
                    depth[qubits[a]] = moment + 1
                    self._qubits.append(qubits[a])
                    self._letters.append(code)
                self._start.append(len(self._qubits))

    def _operation(self, code: int, angle: int, factor: float, gate: int, moment: int) -> None:
        self._code.append(code)
        self._angle.append(angle)
        self._factor.append(factor)
        self._gate.append(gate)
        self._moment.append(moment)

    def build(self, parameters: Sequence[Parameter] = (), measured: Sequence[int] = ()) -> Circuit:
        """The circuit as it stands. The builder is spent."""
        return Circuit(
            n_qubits=self.n_qubits,
            code=np.frombuffer(self._code or b"", dtype=np.uint8),
            start=np.frombuffer(self._start, dtype=np.int64),
            qubits=_ints(self._qubits),
            letters=np.frombuffer(self._letters or b"", dtype=np.uint8),
            angle=_ints(self._angle),
            factor=np.frombuffer(self._factor or b"", dtype=np.float64),
            gate=_ints(self._gate),
            moment=_ints(self._moment),
            angles=Angles(
                np.frombuffer(self._constant or b"", dtype=np.float64),
                np.frombuffer(self._row, dtype=np.int64),
                _ints(self._parameter),
                np.frombuffer(self._coefficient or b"", dtype=np.float64),
                np.frombuffer(self._spelling or b"", dtype=np.uint8),
            ),
            gates=Gates(
                tuple(self._names),
                _ints(self._name),
                _ints(self._arity),
                _ints(self._statement),
                _ints(self._index),
                np.frombuffer(self._kind or b"", dtype=np.uint8),
            ),
            spans=_ints(self._spans).reshape(-1, 4),
            parameters=tuple(parameters),
            measured=tuple(measured),
        )


def _ints(values: array[int]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.frombuffer(values or b"", dtype=np.int32)
