"""Grows a :class:`~bplint.ir.circuit.Circuit` gate by gate; every importer ends here."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bplint.errors import Span
from bplint.ir.circuit import Angles, Circuit, Gates, Ints, Kind, Parameter, Spelling
from bplint.ir.gates import Fixed, Gate, Turn


class _Step(NamedTuple):
    """A step of a gate: a Clifford, or rotations by its ``parameter``, by a ``constant`` where that is -1.

    Each of ``strings`` is one operation: its factor, and where and with which letters it acts.
    """

    code: int
    parameter: int
    constant: float
    strings: list[tuple[float, tuple[int, ...], bytes]]


class Builder:
    """Collects gates into typed arrays (about 100 bytes an operation) and hands out a frozen circuit."""

    def __init__(self, n_qubits: int) -> None:
        self.n_qubits = n_qubits
        self._operations, self._factor = array("i"), array("d")
        """Rows of code, angle, gate and moment."""
        self._start, self._qubits, self._letters = array("q", [0]), array("i"), array("B")
        self._constant, self._row = array("d"), array("q", [0])
        self._parameter, self._coefficient = array("i"), array("d")
        self._spelling = array("B")
        self._gates = array("i")
        """Rows of name, arity, statement, index and kind."""
        self._names: dict[str, int] = {}
        self._spans = array("i")
        self._depth: dict[int, int] = {}
        self._flattened: dict[int, tuple[Gate, list[_Step]]] = {}

    @property
    def n_operations(self) -> int:
        """How many operations stand so far."""
        return len(self._factor)

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
        number, names, depth = len(self._gates) // 5, self._names, self._depth
        label = names.setdefault(name or gate.name, len(names))
        self._gates.extend((label, len(qubits), statement, index, kind))
        for code, parameter, constant, strings in self._steps(gate):
            if code:
                angle = -1
            elif parameter >= 0:
                angle = angles[parameter]
            else:
                angle = self.angle(constant, spelling=Spelling.BUILTIN)
            for factor, places, letters in strings:
                wires = [qubits[place] for place in places]
                moment = max([depth.get(wire, 0) for wire in wires])
                for wire in wires:
                    depth[wire] = moment + 1
                self._operations.extend((code, angle, number, moment))
                self._factor.append(factor)
                self._qubits.extend(wires)
                self._letters.extend(letters)
                self._start.append(len(self._qubits))

    def _steps(self, gate: Gate) -> list[_Step]:
        found = self._flattened.get(id(gate))
        if found is None:
            if len(self._flattened) >= _KEPT:
                self._flattened.clear()
            # The gate is kept beside, so that no other can have its number.
            found = self._flattened[id(gate)] = gate, [_step(step) for step in gate.steps]
        return found[1]

    def build(self, parameters: Sequence[Parameter] = (), measured: Sequence[int] = ()) -> Circuit:
        """The circuit as it stands. The builder is spent."""
        code, angle, gate, moment = _columns(self._operations, 4)
        name, arity, statement, index, kind = _columns(self._gates, 5)
        return Circuit(
            n_qubits=self.n_qubits,
            code=code.astype(np.uint8),
            start=np.frombuffer(self._start, dtype=np.int64),
            qubits=_ints(self._qubits),
            letters=np.frombuffer(self._letters or b"", dtype=np.uint8),
            angle=angle,
            factor=np.frombuffer(self._factor or b"", dtype=np.float64),
            gate=gate,
            moment=moment,
            angles=Angles(
                np.frombuffer(self._constant or b"", dtype=np.float64),
                np.frombuffer(self._row, dtype=np.int64),
                _ints(self._parameter),
                np.frombuffer(self._coefficient or b"", dtype=np.float64),
                np.frombuffer(self._spelling or b"", dtype=np.uint8),
            ),
            gates=Gates(tuple(self._names), name, arity, statement, index, kind.astype(np.uint8)),
            spans=_ints(self._spans).reshape(-1, 4),
            parameters=tuple(parameters),
            measured=tuple(measured),
        )


_KEPT = 1_000
"""Gates whose steps are kept at a time."""


def _step(step: Turn | Fixed) -> _Step:
    if isinstance(step, Fixed):
        return _Step(step.code, -1, 0.0, [(0.0, step.arguments, bytes(len(step.arguments)))])
    strings = [
        (factor, tuple([a for a, _ in letters]), bytes([code for _, code in letters]))
        for factor, letters in step.strings
    ]
    return _Step(0, step.parameter, step.constant, strings)


def _columns(values: array[int], count: int) -> list[Ints]:
    return [column.copy() for column in _ints(values).reshape(-1, count).T]


def _ints(values: array[int]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.frombuffer(values or b"", dtype=np.int32)
