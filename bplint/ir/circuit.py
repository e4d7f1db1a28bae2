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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from bplint.errors import Span
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.operations import Operation

if TYPE_CHECKING:  # loading it takes longer than reading a small file
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


@dataclass(frozen=True, slots=True)
class Angles:
    """Affine angles in radians: row i is constant[i] + Σ coefficient[j] · parameter[j], j in start[i]:start[i+1].

    ``spelling`` is a :class:`Spelling` a row.
    """

    constant: Floats
    start: Offsets
    parameter: Ints
    coefficient: Floats
    spelling: Codes

    def __post_init__(self) -> None:
        _lock(self.constant, self.start, self.parameter, self.coefficient, self.spelling)
        if len(self.start) != len(self.constant) + 1 or self.start[-1] != len(self.parameter):
            raise ValueError(f"want {len(self.constant) + 1} offsets up to {len(self.parameter)}, got {self.start!r}")

    def __len__(self) -> int:
        return len(self.constant)

    def rows(self) -> list[list[tuple[int, float]]]:
        """The (parameter, coefficient) pairs of every row."""
        pairs = list(zip(self.parameter.tolist(), self.coefficient.tolist(), strict=True))
        return [pairs[a:b] for a, b in pairwise(self.start.tolist())]

    def terms(self, row: int) -> list[tuple[int, float]]:
        """The (parameter, coefficient) pairs of one row."""
        a, b = int(self.start[row]), int(self.start[row + 1])
        return list(zip(self.parameter[a:b].tolist(), self.coefficient[a:b].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Gates:
    """The source's gates: ``name`` indexes ``names``; ``statement`` and ``index`` (within it) give the origin."""

    names: tuple[str, ...]
    name: Ints
    arity: Ints
    statement: Ints
    index: Ints
    kind: Codes

    def __post_init__(self) -> None:
        _lock(self.name, self.arity, self.statement, self.index, self.kind)

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Circuit:
    """A circuit from |0…0>, first operation first.

    Row k acts on ``qubits[start[k]:start[k+1]]``; for a rotation (``code[k] == ROTATION``) ``letters`` at the
    same places are X = 1, Z = 2, Y = 3, and it is exp(-i · factor[k] · angle[k] · P/2), angle[k] a row of ``angles``.
    For a Clifford the letters are 0 and ``angle`` is -1. ``moment`` is the earliest layer an operation fits in.
    ``spans`` holds (line, column, end_line, end_column) of each statement.
    """

    n_qubits: int
    code: Codes
    start: Offsets
    qubits: Ints
    letters: Codes
    angle: Ints
    factor: Floats
    gate: Ints
    moment: Ints
    angles: Angles
    gates: Gates
    spans: Ints
    parameters: tuple[Parameter, ...]
    measured: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _lock(
            self.code,
            self.start,
            self.qubits,
            self.letters,
            self.angle,
            self.factor,
            self.gate,
            self.moment,
            self.spans,
        )
        if len(self.start) != len(self.code) + 1 or self.start[-1] != len(self.qubits):
            raise ValueError(f"want {len(self.code) + 1} offsets up to {len(self.qubits)}, got {self.start!r}")
        if len(self.qubits) and not 0 <= int(self.qubits.min()) <= int(self.qubits.max()) < self.n_qubits:
            raise ValueError(f"want qubits in 0..{self.n_qubits - 1}, got {self.qubits.min()}..{self.qubits.max()}")
        if int(self.code.max(initial=0)) > len(CLIFFORDS):
            raise ValueError(f"want codes up to {len(CLIFFORDS)}, got {self.code.max()}")

    def __len__(self) -> int:
        return len(self.code)

    def driven(self, chosen: Sequence[bool]) -> Flags:
        """For each operation, whether its angle moves with one of the chosen parameters (a flag a parameter)."""
        angles = self.angles
        row = np.repeat(np.arange(len(angles)), np.diff(angles.start))
        moving = np.zeros(len(angles) + 1, dtype=bool)  # the last for Cliffords, whose angle is -1
        if self.parameters:
            moving[row[np.array(chosen, dtype=bool)[angles.parameter] & (angles.coefficient != 0)]] = True
        return moving[self.angle]

    def used(self) -> list[bool]:
        """For each parameter, whether the angle of an operation has it."""
        turning = np.zeros(len(self.angles), dtype=bool)
        turning[self.angle[self.angle >= 0]] = True
        found = np.zeros(len(self.parameters), dtype=bool)
        found[self.angles.parameter[np.repeat(turning, np.diff(self.angles.start))]] = True
        return found.tolist()

    def driven_by(self, *roles: Role) -> Flags:
        """For each operation, whether its angle moves with a parameter of one of these roles."""
        return self.driven([p.role in roles for p in self.parameters])

    @cached_property
    def trained(self) -> Flags:
        """For each operation, whether a trainable parameter moves its angle."""
        trained = self.driven_by(Role.TRAINABLE)
        _lock(trained)
        return trained

    @cached_property
    def quarters(self) -> Turns:
        """For each operation: 0..3 quarter turns of a fixed Clifford rotation, -1 for a free rotation, -2 for one fixed
        elsewhere, 0 for a Clifford.

        Decimals count as multiples of π/2 within 1e-5 rad (exporters print six digits), other spellings within 1e-9.
        """
        result = np.zeros(len(self), dtype=np.int8)
        rotations = np.flatnonzero(self.code == ROTATION)
        rows = self.angle[rotations]
        turns = self.factor[rotations] * self.angles.constant[rows] / (math.pi / 2)
        nearest = np.rint(turns)
        tolerance = np.where(self.angles.spelling[rows] == Spelling.DECIMAL, 1e-5, 1e-9) / (math.pi / 2)
        value = np.where(np.abs(turns - nearest) <= tolerance, np.mod(nearest, 4), -2)
        value[self.driven_by(*Role)[rotations]] = -2
        value[self.driven_by(Role.TRAINABLE, Role.DATA)[rotations]] = -1
        result[rotations] = value.astype(np.int8)
        _lock(result)
        return result

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The rows one by one, listed when first asked for."""
        constants = [*self.angles.constant.tolist(), 0.0]  # the last for Cliffords, whose angle is -1
        rows = [*self.angles.rows(), []]
        gates = self.gate.tolist()
        columns = zip(
            self.code.tolist(),
            self._parts(self.qubits),
            self._parts(self.letters),
            self.quarters.tolist(),
            self.angle.tolist(),
            self.factor.tolist(),
            gates,
            [*gates, -1][1:],
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
                    constant=factor * constants[angle],
                    terms=tuple([(parameter, factor * c) for parameter, c in rows[angle] if c]),
                    gate=gate,
                    ends_gate=gate != following,
                )
                for number, (code, qubits, letters, quarter, angle, factor, gate, following) in enumerate(columns)
            ]
        )

    def _parts(self, values: Ints | Codes) -> Iterator[tuple[int, ...]]:
        """The values of each operation; equal ones are one object."""
        flat = values.tolist()
        parts = [tuple(flat[a:b]) for a, b in pairwise(self.start.tolist())]
        known: dict[tuple[int, ...], tuple[int, ...]] = {}
        return map(known.setdefault, parts, parts)

    def operands(self, operation: int) -> list[int]:
        """The qubits of one operation, in the gate's order."""
        found: list[int] = self.qubits[self.start[operation] : self.start[operation + 1]].tolist()
        return found

    def span(self, operation: int) -> Span:
        """The source text of the statement an operation came from."""
        return Span(*self.spans[self.gates.statement[self.gate[operation]]].tolist())

    def gate_name(self, operation: int) -> str:
        """The name, as the source spells it, of the gate an operation is part of."""
        return self.gates.names[int(self.gates.name[self.gate[operation]])]

    def place(self, operation: int) -> str:
        """The gate of an operation and where it stands, in words: ``rx in line 7``."""
        return f"{self.gate_name(operation)} in line {self.span(operation).line}"


def _lock(*arrays: npt.NDArray[np.generic]) -> None:
    for array in arrays:
        array.flags.writeable = False
