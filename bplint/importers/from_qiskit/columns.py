"""Many gates at once: collected in plain lists, turned into a circuit column by column.

:class:`~bplint.ir.build.Builder` writes out each operation as its gate comes, which takes longer than Qiskit takes to build
the gate. Here a gate leaves only its shape, its qubits and its angles; equal shapes are expanded together by numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from bplint.ir.circuit import ROTATION, Angles, Circuit, Gates, Index, Kind, Offsets, Parameter, Spelling
from bplint.ir.gates import Fixed, Gate


class Angle(NamedTuple):
    """constant + Σ coefficient · parameter in radians; ``terms`` are (parameter, coefficient)."""

    constant: float
    terms: tuple[tuple[int, float], ...] = ()
    spelling: Spelling = Spelling.PRECISE


class Columns:
    """The gates so far.

    ``shapes`` and ``statements`` have an entry a gate; ``wires`` its qubits and ``angles`` its angles, one after the other
    for all gates. An entry of ``angles`` is the number of a parameter, which stands for itself, or comes from
    :meth:`angle`.
    """

    def __init__(self, n_qubits: int) -> None:
        self.n_qubits = n_qubits
        self.shapes: list[int] = []
        self.statements: list[int] = []
        self.wires: list[int] = []
        self.angles: list[int] = []
        self._catalogue: list[tuple[Gate, str]] = []
        self._numbers: dict[tuple[int, str], int] = {}
        self._rows: list[Angle] = []
        self._constants: dict[float, int] = {}

    def shape(self, gate: Gate, name: str) -> int:
        """The entry of ``shapes`` for a gate that the source calls ``name``."""
        key = id(gate), name  # the catalogue keeps the gate, so that no other can have its number
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._catalogue)
            self._catalogue.append((gate, name))
        return number

    def angle(self, angle: Angle) -> int:
        """The entry of ``angles`` for an angle that is not just a parameter: negative."""
        self._rows.append(angle)
        return -len(self._rows)

    def gate(self, gate: Gate, name: str, qubits: Sequence[int], angles: Sequence[int], statement: int) -> None:
        """Append one gate."""
        self.shapes.append(self.shape(gate, name))
        self.statements.append(statement)
        self.wires.extend(qubits)
        self.angles.extend(angles)

    def arity(self, shape: int) -> int:
        """How many qubits a gate of this shape has."""
        return self._catalogue[shape][0].n_qubits

    def build(
        self, parameters: Sequence[Parameter], places: Sequence[int], measured: Sequence[int], n_statements: int
    ) -> Circuit:
        """The circuit; statement i is line i + 1. Parameter k of the gates is ``parameters[places[k]]``."""
        arity = [gate.n_qubits for gate, _ in self._catalogue]
        counts = [gate.n_parameters for gate, _ in self._catalogue]
        templates = [self._template(gate, len(parameters)) for gate, _ in self._catalogue]
        shape = np.array(self.shapes, dtype=np.intp)
        operation = _starts(shape, [len(t.code) for t in templates])
        incidence = _starts(shape, [len(t.places) for t in templates])
        first_wire, first_angle = _starts(shape, arity), _starts(shape, counts)
        wires = np.array(self.wires, dtype=np.int32)
        rows = np.array(self.angles, dtype=np.int32)
        place = np.array(places, dtype=np.int32)
        own = rows >= 0
        rows[own] = place[rows[own]]
        rows[~own] = len(parameters) - 1 - rows[~own]
        n_operations, n_incidences = int(operation[-1]), int(incidence[-1])
        code, factor = np.zeros(n_operations, dtype=np.uint8), np.zeros(n_operations)
        angle, owner = np.full(n_operations, -1, dtype=np.int32), np.zeros(n_operations, dtype=np.int32)
        width = np.zeros(n_operations, dtype=np.int64)
        qubits, letters = np.zeros(n_incidences, dtype=np.int32), np.zeros(n_incidences, dtype=np.uint8)
        for gates in _by_value(shape):
            t = templates[shape[gates[0]]]
            at = operation[gates][:, None] + np.arange(len(t.code))
            code[at], factor[at], width[at], owner[at] = t.code, t.factor, t.width, gates[:, None]
            angle[at] = t.row
            taken = np.flatnonzero(t.parameter >= 0)
            if len(taken):
                angle[at[:, taken]] = rows[first_angle[gates][:, None] + t.parameter[taken]]
            at = incidence[gates][:, None] + np.arange(len(t.places))
            letters[at] = t.letters
            qubits[at] = wires[first_wire[gates][:, None] + t.places]
        start = np.concatenate(([0], np.cumsum(width)))
        statement = np.array(self.statements, dtype=np.int32)
        line = np.arange(1, n_statements + 1, dtype=np.int32)
        one = np.ones_like(line)
        names: dict[str, int] = {}
        label = np.array([names.setdefault(name, len(names)) for _, name in self._catalogue], dtype=np.int32)
        return Circuit(
            n_qubits=self.n_qubits,
            code=code,
            start=start,
            qubits=qubits,
            letters=letters,
            angle=angle,
            factor=factor,
            gate=owner,
            moment=_moments(self.n_qubits, qubits.tolist(), width.tolist()),
            angles=self._table(place),
            gates=Gates(
                tuple(names),
                label[shape],
                np.array(arity, dtype=np.int32)[shape],
                statement,
                (np.arange(len(shape)) - np.searchsorted(statement, statement)).astype(np.int32),
                np.full(len(shape), Kind.PYTHON, dtype=np.uint8),
            ),
            spans=np.stack((line, one, line, one + 1), axis=1),
            parameters=tuple(parameters),
            measured=tuple(measured),
        )

    def _template(self, gate: Gate, n_parameters: int) -> _Template:
        code, factor, width, parameter, row = [], [], [], [], []
        places: list[int] = []
        letters: list[int] = []
        for step in gate.steps:
            if isinstance(step, Fixed):
                code.append(step.code)
                factor.append(0.0)
                width.append(len(step.arguments))
                parameter.append(-1)
                row.append(-1)
                places += step.arguments
                letters += [0] * len(step.arguments)
                continue
            constant = -1
            if step.parameter < 0:
                constant = self._constants.setdefault(step.constant, len(self._constants))
                constant += n_parameters + len(self._rows)
            for share, string in step.strings:
                code.append(ROTATION)
                factor.append(share)
                width.append(len(string))
                parameter.append(step.parameter)
                row.append(constant)
                places += [place for place, _ in string]
                letters += [letter for _, letter in string]
        return _Template(
            np.array(code, dtype=np.uint8),
            np.array(factor, dtype=np.float64),
            np.array(width, dtype=np.int64),
            np.array(parameter, dtype=np.intp),
            np.array(row, dtype=np.int32),
            np.array(places, dtype=np.intp),
            np.array(letters, dtype=np.uint8),
        )

    def _table(self, place: Any) -> Angles:
        """A row for each parameter, for each other angle, and for each constant of a named gate."""
        n_parameters = len(place)
        width = [1] * n_parameters + [len(row.terms) for row in self._rows] + [0] * len(self._constants)
        terms = [term for row in self._rows for term in row.terms]
        own = np.arange(n_parameters, dtype=np.int32)
        return Angles(
            np.array([0.0] * n_parameters + [row.constant for row in self._rows] + list(self._constants)),
            np.concatenate(([0], np.cumsum(width, dtype=np.int64))).astype(np.int64),
            np.concatenate((own, place[np.array([p for p, _ in terms], dtype=np.intp)])),
            np.concatenate((np.ones(n_parameters), np.array([c for _, c in terms], dtype=np.float64))),
            np.array(
                [Spelling.PRECISE] * n_parameters
                + [row.spelling for row in self._rows]
                + [Spelling.BUILTIN] * len(self._constants),
                dtype=np.uint8,
            ),
        )


class _Template(NamedTuple):
    """The operations of one shape: ``parameter`` of the gate or -1, ``row`` where the angle is a constant of the gate."""

    code: Any
    factor: Any
    width: Any
    parameter: Any
    row: Any
    places: Any
    letters: Any


def _starts(shape: Index, counts: Sequence[int]) -> Offsets:
    """Where the entries of each gate begin if its shape has so many, and where all end."""
    return np.concatenate(([0], np.cumsum(np.array(counts, dtype=np.int64)[shape])))


def _by_value(shape: Index) -> list[Index]:
    """The gates of each shape."""
    if not len(shape):
        return []
    order = np.argsort(shape, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(shape[order])) + 1)


def _moments(n_qubits: int, qubits: list[int], widths: list[int]) -> Any:
    """The earliest layer each operation fits in."""
    depth = [0] * n_qubits
    found = []
    begin = 0
    for width in widths:
        if width == 1:
            wire = qubits[begin]
            moment = depth[wire]
            depth[wire] = moment + 1
        else:
            wires = qubits[begin : begin + width]
            moment = max([depth[wire] for wire in wires])
            for wire in wires:
                depth[wire] = moment + 1
        found.append(moment)
        begin += width
    return np.array(found, dtype=np.int32)
