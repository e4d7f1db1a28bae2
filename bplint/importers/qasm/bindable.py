"""What names stand for: whole numbers, angles, arrays of these, qubits, and what has no value before a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bplint.importers.lowered import Angle

Affine = Angle[str]
"""An angle of parameters by their names."""


class Array(NamedTuple):
    """Values by position, arrays of arrays where there are several dimensions; ``bits`` if it reads as one number."""

    values: list[Bindable]
    bits: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """Its size in each dimension."""
        inner = self.values[0]
        return (len(self.values), *(inner.shape if isinstance(inner, Array) else ()))


class Unknowable(NamedTuple):
    """A name whose value cannot be had, and why: ``is the outcome of a measurement``, for one.

    Then it is ``measured``, and has the number of the ``outcome`` if it is a single bit.
    """

    why: str
    outcome: int | None = None
    measured: bool = False


Place = int | Sequence[int]
"""One element, or several that a statement is spread over."""


class Qubits(NamedTuple):
    """What a register, an alias or an argument that is made of qubits stands for."""

    place: Place


Bindable = int | Affine | Array | Unknowable | Qubits

NO_VALUE = Unknowable("has no value that is known before the program is run")
NO_DURATION = Unknowable("is a duration, which has no value here")


def each(place: Place) -> Sequence[int]:
    """The elements of a place."""
    return (place,) if isinstance(place, int) else place


def filled(shape: tuple[int, ...], *, bits: bool) -> Bindable:
    """A variable of this shape before anything is assigned."""
    return Array([filled(shape[1:], bits=bits) for _ in range(shape[0])], bits) if shape else NO_VALUE


def bits_of(value: int, width: int) -> Array:
    """A row of bits, the lowest first."""
    return Array([value >> i & 1 for i in range(width)], bits=True)


def copied(value: Bindable) -> Bindable:
    """An array that can be changed without changing this one."""
    return Array([copied(v) for v in value.values], value.bits) if isinstance(value, Array) else value
