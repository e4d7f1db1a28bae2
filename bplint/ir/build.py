"""Grows a :class:`~bplint.ir.circuit.Circuit` gate by gate; every importer ends here.

Sources have a million gates. A gate leaves only its shape, its qubits and its angles; :mod:`~bplint.ir.expansion` writes
out the operations of all of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from bplint.errors import Span
from bplint.ir.circuit import AngleColumns, Angles, Circuit, GateColumns, GateOrigin, Gates, Parameter, Spelling
from bplint.ir.expansion import constants, expanded
from bplint.ir.gates import Gate


class GateShape(NamedTuple):
    """What many gates have in common: the row of the table, the name in the source, and how they came to stand there."""

    gate: Gate
    name: str
    kind: GateOrigin


class Builder:
    """The gates so far, about 40 bytes each.

    ``shapes`` and ``statements`` have an entry a gate, ``wires`` its qubits and ``angles`` its angles, one after the other for
    all gates. An entry of ``angles`` is the number of a parameter, which stands for itself, or comes from :meth:`angle`.
    :meth:`gate` appends to all four; a reader in a hurry may do so itself.
    """

    def __init__(self, n_qubits: int) -> None:
        self.n_qubits = n_qubits
        self.ancillas = 0
        self.deciding: tuple[int, ...] = ()
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
        terms = [term for term in terms if term[1]]  # 0·t is no use of t
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
        shapes, statements = self.shapes, self.statements
        gates = [shape.gate for shape in self._catalogue]
        place = range(self._highest(len(parameters))) if places is None else places
        own = constants(gates)
        row_of = {constant: row for row, constant in enumerate(own, len(place) + len(self._constant))}
        rows = array("i", [place[entry] if entry >= 0 else len(place) - 1 - entry for entry in self.angles])
        names: dict[str, int] = {}
        copied = GateOrigin.MEASUREMENT  # no gate, and on no qubits as far as noise is concerned
        arity = [0 if shape.kind is copied else shape.gate.n_qubits for shape in self._catalogue]
        label = [names.setdefault(shape.name, len(names)) for shape in self._catalogue]
        return Circuit(
            n_qubits=self.n_qubits,
            columns=expanded(self.n_qubits, gates, shapes, self.wires, rows, row_of),
            angles=self._table(place, own),
            gates=Gates(
                tuple(names),
                GateColumns(
                    name=array("i", [label[shape] for shape in shapes]),
                    arity=array("i", [arity[shape] for shape in shapes]),
                    statement=statements,
                    kind=array("B", [self._catalogue[shape].kind for shape in shapes]),
                ),
            ),
            places=self._spans,
            parameters=tuple(parameters),
            measured=tuple(measured),
            ancillas=self.ancillas,
            deciding=self.deciding,
        )

    def _highest(self, n_parameters: int) -> int:
        """How many parameters there are, those that nobody described included."""
        return max(n_parameters, 1 + max(self.angles, default=-1), 1 + max(self._parameter, default=-1))

    def _table(self, place: Sequence[int], constants: Sequence[float]) -> Angles:
        """A row for each parameter, for each other angle, and for each constant of a named gate."""
        n, m = len(place), len(constants)
        width = (*[1] * n, *self._width, *[0] * m)
        return Angles(
            AngleColumns(
                constant=array("d", (*[0.0] * n, *self._constant, *constants)),
                start=array("q", accumulate(width, initial=0)),
                parameter=array("i", (*range(n), *[place[parameter] for parameter in self._parameter])),
                coefficient=array("d", (*[1.0] * n, *self._coefficient)),
                spelling=array("B", (*[Spelling.PRECISE] * n, *self._spelling, *[Spelling.BUILTIN] * m)),
            )
        )
