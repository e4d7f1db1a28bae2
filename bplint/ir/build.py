"""Grows a :class:`~bplint.ir.circuit.Circuit` gate by gate; every importer ends here.

Sources have a million gates. A gate leaves only its shape, its qubits and its angles; :mod:`~bplint.ir.expansion` writes
out the operations of all gates of one shape together.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bplint.errors import Span
from bplint.ir.circuit import Angles, Circuit, GateOrigin, Gates, Ints, Parameter, Spelling
from bplint.ir.expansion import expanded, moments
from bplint.ir.gates import Gate


class GateShape(NamedTuple):
    """What many gates have in common: the row of the table, the name in the source, and how they came to stand there."""

    gate: Gate
    name: str
    kind: GateOrigin

    @property
    def n_angles(self) -> int:
        """Angles of each: a gate that does nothing leaves none behind, and its parameters occur nowhere."""
        return self.gate.n_parameters if self.gate.steps else 0


class Builder:
    """The gates so far, about 40 bytes each.

    ``shapes`` and ``statements`` have an entry a gate, ``wires`` its qubits and ``angles`` its angles, one after the other for
    all gates. An entry of ``angles`` is the number of a parameter, which stands for itself, or comes from :meth:`angle`.
    :meth:`gate` appends to all four; a reader in a hurry may do so itself.
    """

    def __init__(self, n_qubits: int) -> None:
        self.n_qubits = n_qubits
        self.shapes, self.statements, self.wires, self.angles = array("i"), array("i"), array("i"), array("i")
        self._catalogue: list[GateShape] = []
        self._numbers: dict[GateShape, int] = {}
        self._known: dict[tuple[int, str | None, GateOrigin], int] = {}
        """The same by the identity of the gate: only those of the catalogue, which stay alive."""
        self._constant, self._spelling = array("d"), array("B")
        self._width, self._parameter, self._coefficient = array("i"), array("i"), array("d")
        self._spans = array("i")

    def angle(
        self,
        constant: float,
        terms: Sequence[tuple[int, float]] = (),
        *,
        spelling: Spelling = Spelling.PRECISE,
    ) -> int:
        """The entry of ``angles`` for constant + Σ coefficient · parameter, in radians.

        A literal that occurs in two gates is two rows of the angle table: whether equal values are tied is not decided here.
        """
        if len(terms) == 1 and terms[0][1] == 1.0 and not constant:
            return terms[0][0]
        self._constant.append(constant)
        self._spelling.append(spelling)
        self._width.append(len(terms))
        for parameter, coefficient in terms:
            self._parameter.append(parameter)
            self._coefficient.append(coefficient)
        return -len(self._constant)

    def statement(self, span: Span) -> int:
        """A new statement of the source. Returns its number."""
        self._spans.extend(span)
        return len(self._spans) // 4 - 1

    def lines(self, count: int) -> None:
        """So many statements of a source that has no text: statement i is line i + 1."""
        for line in range(1, count + 1):
            self._spans.extend((line, 1, line, 2))

    def shape(self, gate: Gate, name: str | None = None, kind: GateOrigin = GateOrigin.PLAIN) -> int:
        """The entry of ``shapes`` for a gate that the source calls ``name``."""
        number = self._known.get((id(gate), name, kind))
        if number is None:
            shape = GateShape(gate, name or gate.name, kind)
            number = self._numbers.get(shape)
        if number is None:
            number = self._numbers[shape] = self._known[id(gate), name, kind] = len(self._catalogue)
            self._catalogue.append(shape)
        return number

    def arity(self, shape: int) -> int:
        """How many qubits a gate of this shape has."""
        return self._catalogue[shape].gate.n_qubits

    def gate(
        self,
        gate: Gate,
        qubits: Sequence[int],
        angles: Sequence[int],
        statement: int,
        *,
        name: str | None = None,
        kind: GateOrigin = GateOrigin.PLAIN,
    ) -> None:
        """Append one gate; ``angles`` are entries from :meth:`angle`, one for each of its parameters."""
        self.shapes.append(self.shape(gate, name, kind))
        self.statements.append(statement)
        self.wires.extend(qubits)
        if gate.steps:
            self.angles.extend(angles)

    def build(
        self, parameters: Sequence[Parameter] = (), measured: Sequence[int] = (), places: Sequence[int] | None = None
    ) -> Circuit:
        """The circuit as it stands; the builder is spent. Parameter k of the gates is ``parameters[places[k]]``, or number k."""
        catalogue = self._catalogue
        shape, statement, wires, entries = map(_ints, (self.shapes, self.statements, self.wires, self.angles))
        place = self._places(entries, len(parameters)) if places is None else np.array(places, dtype=np.int32)
        own = entries >= 0
        rows = len(place) - 1 - entries
        rows[own] = place[entries[own]]
        n_angles = [row.n_angles for row in catalogue]
        parts = expanded(
            [row.gate for row in catalogue], n_angles, shape, wires, rows, len(place) + len(self._constant)
        )
        names: dict[str, int] = {}
        label = [names.setdefault(row.name, len(names)) for row in catalogue]
        return Circuit(
            n_qubits=self.n_qubits,
            code=parts.code,
            start=parts.start,
            qubits=parts.qubits,
            letters=parts.letters,
            angle=parts.angle,
            factor=parts.factor,
            gate=parts.gate,
            moment=moments(self.n_qubits, parts.qubits, parts.start),
            angles=self._table(place, parts.constants),
            gates=Gates(
                names=tuple(names),
                name=np.array(label, dtype=np.int32)[shape],
                arity=np.array([row.gate.n_qubits for row in catalogue], dtype=np.int32)[shape],
                statement=statement,
                index=_ranks(statement),
                kind=np.array([row.kind for row in catalogue], dtype=np.uint8)[shape],
            ),
            spans=_ints(self._spans).reshape(-1, 4),
            parameters=tuple(parameters),
            measured=tuple(measured),
        )

    def _places(self, entries: Ints, n_parameters: int) -> Ints:
        """Each parameter in its own place, also those that nobody described."""
        highest = max(int(entries.max(initial=-1)), max(self._parameter, default=-1))
        return np.arange(max(n_parameters, highest + 1), dtype=np.int32)

    def _table(self, place: Ints, constants: Sequence[float]) -> Angles:
        """A row for each parameter, for each other angle, and for each constant of a named gate."""
        n, m = len(place), len(constants)
        width = np.concatenate((np.ones(n, np.int64), _ints(self._width), np.zeros(m, np.int64)))
        own = np.arange(n, dtype=np.int32)
        return Angles(
            constant=np.concatenate((np.zeros(n), np.array(self._constant), np.array(constants, dtype=np.float64))),
            start=np.concatenate((np.zeros(1, np.int64), np.cumsum(width))),
            parameter=np.concatenate((own, place[_ints(self._parameter)])),
            coefficient=np.concatenate((np.ones(n), np.array(self._coefficient))),
            spelling=np.concatenate(
                (
                    np.full(n, Spelling.PRECISE, np.uint8),
                    np.array(self._spelling, dtype=np.uint8),
                    np.full(m, Spelling.BUILTIN, np.uint8),
                )
            ),
        )


def _ranks(statement: Ints) -> Ints:
    """Of each gate, how many of the same statement stand before it."""
    order = np.argsort(statement, kind="stable")
    ordered = statement[order]
    rank = np.empty(len(statement), dtype=np.int32)
    rank[order] = np.arange(len(statement)) - np.searchsorted(ordered, ordered)
    return rank


def _ints(values: array[int]) -> Ints:
    return np.frombuffer(values or b"", dtype=np.int32)
