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

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from bplint.errors import Span
from bplint.ir.clifford import CLIFFORDS

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


class Kind(IntEnum):
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


@dataclass(frozen=True, slots=True)
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

    def span(self, operation: int) -> Span:
        """The source text of the statement an operation came from."""
        return Span(*self.spans[self.gates.statement[self.gate[operation]]].tolist())

    def operands(self, operation: int) -> list[int]:
        """The qubits of one operation, in the gate's order."""
        found: list[int] = self.qubits[self.start[operation] : self.start[operation + 1]].tolist()
        return found


def _lock(*arrays: npt.NDArray[np.generic]) -> None:
    for array in arrays:
        array.flags.writeable = False
