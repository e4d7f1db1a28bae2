"""The one circuit type: a struct of arrays, one row an operation.

An operation is a named Clifford on one or two qubits, or a Pauli rotation
exp(-i · factor · angle · P/2). Everything else is lowered to these by the gate table on import.
Four things that other representations mix are kept apart:

* a *rotation* is not a *parameter*: its angle is a row of :class:`Angles`, affine in the parameters;
* a *gate* of the source may be several operations (CRX is one gate and two rotations);
* a *statement* of the source may be several gates (``ry(a) q;`` on a register);
* a *parameter*'s role (trainable, data, fixed) is decided after import, by policy.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache, cached_property
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bplint.errors import Span
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.column import Column
from bplint.ir.operations import Operation

if TYPE_CHECKING:  # loading it takes longer than reading a small file
    import numpy as np
    import numpy.typing as npt

Ints: TypeAlias = "npt.NDArray[np.int32]"
Offsets: TypeAlias = "npt.NDArray[np.int64]"
Codes: TypeAlias = "npt.NDArray[np.uint8]"
Floats: TypeAlias = "npt.NDArray[np.float64]"
Index: TypeAlias = "npt.NDArray[np.intp]"
Turns: TypeAlias = "npt.NDArray[np.int8]"
Flags: TypeAlias = "npt.NDArray[np.bool_]"

ROTATION = 0
"""The operation code of a Pauli rotation; other codes are Cliffords (``clifford.CODES``)."""


class Role(StrEnum):
    """What a parameter is to the optimiser."""

    TRAINABLE = "trainable"
    DATA = "data"
    FIXED = "fixed"


class GateOrigin(IntEnum):
    """How a gate came to stand in the circuit."""

    PLAIN = 0
    BROADCAST = 1
    LOOP = 2
    BODY = 3
    INCLUDE = 4
    PYTHON = 5
    MEASUREMENT = 6
    """A measured qubit copied to an ancilla: no gate of the source, and without noise."""


class Spelling(IntEnum):
    """How the constant of an angle was written: decides whether a literal may be a trained value."""

    DECIMAL = 0
    PRECISE = 1
    """With pi, or with nine or more significant digits."""
    BUILTIN = 2
    """Not in the source: part of a named gate, such as the pi/4 of T."""


class Parameter(NamedTuple):
    """One symbol. ``sources`` names the symbols it is computed from when it stands for an expression that is not affine.

    ``value`` is the number in the source when the parameter was a literal angle, else None.
    """

    name: str
    role: Role
    span: Span | None = None
    sources: tuple[str, ...] = ()
    value: float | None = None


class AngleColumns(NamedTuple):
    """What :class:`Angles` keeps: arrays of types d, q, i, d and B."""

    constant: array[float]
    start: array[int]
    parameter: array[int]
    coefficient: array[float]
    spelling: array[int]


@dataclass(frozen=True)
class Angles:
    """Affine angles in radians: row i is constant[i] + Σ coefficient[j] · parameter[j], j in start[i]:start[i+1].

    ``spelling`` is a :class:`Spelling` a row.
    """

    columns: AngleColumns

    constant = Column["Floats"]()
    start = Column["Offsets"]()
    parameter = Column["Ints"]()
    coefficient = Column["Floats"]()
    spelling = Column["Codes"]()

    def __post_init__(self) -> None:
        start = self.columns.start
        if len(start) != len(self) + 1 or start[-1] != len(self.columns.parameter):
            raise ValueError(f"want {len(self) + 1} offsets up to {len(self.columns.parameter)}, got {start!r}")

    def __len__(self) -> int:
        return len(self.columns.constant)

    def rows(self) -> list[list[tuple[int, float]]]:
        """The (parameter, coefficient) pairs of every row."""
        pairs = list(zip(self.columns.parameter, self.columns.coefficient, strict=True))
        return [pairs[a:b] for a, b in pairwise(self.columns.start)]

    def terms(self, row: int) -> list[tuple[int, float]]:
        """The (parameter, coefficient) pairs of one row."""
        part = slice(*self.columns.start[row : row + 2])
        return list(zip(self.columns.parameter[part], self.columns.coefficient[part], strict=True))


def angle_table(
    constant: Iterable[float], terms: Sequence[Sequence[tuple[int, float]]], spelling: Iterable[int]
) -> Angles:
    """The table of angles constant + Σ coefficient · parameter, the last as pairs (parameter, coefficient)."""
    pairs = list(chain.from_iterable(terms))
    return Angles(
        AngleColumns(
            constant=array("d", constant),
            start=array("q", accumulate(map(len, terms), initial=0)),
            parameter=array("i", [parameter for parameter, _ in pairs]),
            coefficient=array("d", [coefficient for _, coefficient in pairs]),
            spelling=array("B", spelling),
        )
    )


class GateColumns(NamedTuple):
    """What :class:`Gates` keeps: arrays of type i, kinds of type B."""

    name: array[int]
    arity: array[int]
    statement: array[int]
    kind: array[int]


@dataclass(frozen=True)
class Gates:
    """The source's gates: ``name`` indexes ``names``; ``statement`` gives the origin."""

    names: tuple[str, ...]
    columns: GateColumns

    name = Column["Ints"]()
    arity = Column["Ints"]()
    statement = Column["Ints"]()
    kind = Column["Codes"]()

    def __len__(self) -> int:
        return len(self.columns.name)


class OperationColumns(NamedTuple):
    """What :class:`Circuit` keeps of its operations."""

    code: array[int]
    start: array[int]
    qubits: array[int]
    letters: array[int]
    angle: array[int]
    factor: array[float]
    gate: array[int]
    moment: array[int]

    @classmethod
    def empty(cls) -> OperationColumns:
        """No operations yet."""
        return cls(
            code=array("B"),
            start=array("q", [0]),
            qubits=array("i"),
            letters=array("B"),
            angle=array("i"),
            factor=array("d"),
            gate=array("i"),
            moment=array("i"),
        )


@dataclass(frozen=True)
class Circuit:
    """A circuit from |0…0>, first operation first.

    Row k acts on ``qubits[start[k]:start[k+1]]``; for a rotation (``code[k] == ROTATION``) ``letters`` at the
    same places are X = 1, Z = 2, Y = 3, and it is exp(-i · factor[k] · angle[k] · P/2), angle[k] a row of ``angles``.
    For a Clifford the letters are 0 and ``angle`` is -1. ``moment`` is the earliest layer an operation fits in.
    ``places`` holds line, column, end_line and end_column of each statement, one after the other.

    The last ``ancillas`` qubits are none of the source's: they hold what is measured or reset before the end
    (``importers/outcomes.py``). Gates depend on outcomes that ``deciding`` qubits hold.
    """

    n_qubits: int
    columns: OperationColumns
    angles: Angles
    gates: Gates
    places: array[int]
    parameters: tuple[Parameter, ...]
    measured: tuple[int, ...] = ()
    ancillas: int = 0
    deciding: tuple[int, ...] = ()

    code = Column["Codes"]()
    start = Column["Offsets"]()
    qubits = Column["Ints"]()
    letters = Column["Codes"]()
    angle = Column["Ints"]()
    factor = Column["Floats"]()
    gate = Column["Ints"]()
    moment = Column["Ints"]()

    def __post_init__(self) -> None:
        start, qubits = self.columns.start, self.columns.qubits
        if len(start) != len(self) + 1 or start[-1] != len(qubits):
            raise ValueError(f"want {len(self) + 1} offsets up to {len(qubits)}, got {start!r}")
        if qubits and not 0 <= min(qubits) <= max(qubits) < self.n_qubits:
            raise ValueError(f"want qubits in 0..{self.n_qubits - 1}, got {min(qubits)}..{max(qubits)}")
        if max(self.columns.code, default=0) > len(CLIFFORDS):
            raise ValueError(f"want codes up to {len(CLIFFORDS)}, got {max(self.columns.code)}")

    def __len__(self) -> int:
        return len(self.columns.code)

    def __hash__(self) -> int:
        return hash((self.n_qubits, len(self)))  # cheap, as no more than a few circuits are told apart by it

    @property
    def n_declared(self) -> int:
        """The qubits of the source: all but the ancillas."""
        return self.n_qubits - self.ancillas

    def wire_name(self, qubit: int) -> str:
        """``q3``, or ``a0`` for the first ancilla."""
        declared = qubit < self.n_declared
        return f"q{qubit:,}" if declared else f"a{qubit - self.n_declared:,}"

    def driven(self, chosen: Sequence[bool]) -> tuple[bool, ...]:
        """For each operation, whether its angle moves with one of the chosen parameters (a flag a parameter)."""
        if not any(chosen):
            return (False,) * len(self)
        moving = [any(c and chosen[p] for p, c in terms) for terms in self.angles.rows()]
        moving.append(False)  # for Cliffords, whose angle is -1
        return tuple([moving[row] for row in self.columns.angle])

    def used(self) -> list[bool]:
        """For each parameter, whether the angle of an operation has it."""
        rows, turning = self.angles.rows(), set(self.columns.angle)
        parameters = {parameter for row in turning if row >= 0 for parameter, _ in rows[row]}
        return [parameter in parameters for parameter in range(len(self.parameters))]

    def driven_by(self, *roles: Role) -> tuple[bool, ...]:
        """For each operation, whether its angle moves with a parameter of one of these roles."""
        return self.driven([p.role in roles for p in self.parameters])

    @cached_property
    def trained(self) -> tuple[bool, ...]:
        """For each operation, whether a trainable parameter moves its angle."""
        return self.driven_by(Role.TRAINABLE)

    @cached_property
    def quarters(self) -> tuple[int, ...]:
        """For each operation: 0..3 quarter turns of a fixed Clifford rotation, -1 for a free rotation, -2 for one fixed
        elsewhere, 0 for a Clifford.

        Decimals count as multiples of π/2 within 1e-5 rad (exporters print six digits), other spellings within 1e-9.
        """
        columns, constant, spelling = self.columns, self.angles.columns.constant, self.angles.columns.spelling

        def turns(row: int, factor: float) -> int:
            exact = factor * constant[row] / (math.pi / 2)
            tolerance = (1e-5 if spelling[row] == Spelling.DECIMAL else 1e-9) / (math.pi / 2)
            return round(exact) % 4 if abs(exact - round(exact)) <= tolerance else -2

        moves, held = self.driven_by(Role.TRAINABLE, Role.DATA), self.driven_by(Role.FIXED)
        rows = zip(columns.code, columns.angle, columns.factor, moves, held, strict=True)
        return tuple(
            [
                0 if code != ROTATION else -1 if free else -2 if tied else turns(row, f)
                for code, row, f, free, tied in rows
            ]
        )

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The rows one by one, listed when first asked for."""
        constants = [*self.angles.columns.constant, 0.0]  # the last for Cliffords, whose angle is -1
        rows = [*self.angles.rows(), []]

        @cache  # one object for all rotations that turn by the same
        def turned(angle: int, factor: float) -> tuple[float, tuple[tuple[int, float], ...]]:
            terms = tuple([(parameter, factor * c) for parameter, c in rows[angle] if c])
            return factor * constants[angle], terms

        columns = zip(
            self.columns.code,
            self._parts(self.columns.qubits),
            self._parts(self.columns.letters),
            self.quarters,
            map(turned, self.columns.angle, self.columns.factor),
            self.columns.gate,
            [*self.columns.gate, -1][1:],
            strict=True,
        )
        return tuple(
            [
                Operation(
                    number=number,
                    code=code,
                    qubits=qubits,
                    letters=letters,
                    quarter=quarter,
                    constant=constant,
                    terms=terms,
                    gate=gate,
                    ends_gate=gate != following,
                )
                for number, (code, qubits, letters, quarter, (constant, terms), gate, following) in enumerate(columns)
            ]
        )

    def _parts(self, values: array[int]) -> Iterator[tuple[int, ...]]:
        """The values of each operation; equal ones are one object."""
        flat = values.tolist()
        parts = [tuple(flat[a:b]) for a, b in pairwise(self.columns.start)]
        known: dict[tuple[int, ...], tuple[int, ...]] = {}
        return map(known.setdefault, parts, parts)

    def operands(self, operation: int) -> list[int]:
        """The qubits of one operation, in the gate's order."""
        return self.columns.qubits[slice(*self.columns.start[operation : operation + 2])].tolist()

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The source text of each statement."""
        return tuple(map(self._span, range(len(self.places) // 4)))

    def _span(self, statement: int) -> Span:
        return Span(*self.places[4 * statement : 4 * statement + 4])

    def span(self, operation: int) -> Span:
        """The source text of the statement an operation came from."""
        return self._span(self.gates.columns.statement[self.columns.gate[operation]])

    def gate_name(self, operation: int) -> str:
        """The name, as the source spells it, of the gate an operation is part of."""
        return self.gates.names[self.gates.columns.name[self.columns.gate[operation]]]

    def place(self, operation: int) -> str:
        """The gate of an operation and where it stands, in words: ``rx in line 7``."""
        return f"{self.gate_name(operation)} in line {self.span(operation).line}"
