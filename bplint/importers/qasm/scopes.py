"""What names stand for: whole numbers, angles, arrays of these, qubits, and what has no value before a run; and where."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
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


class Type(NamedTuple):
    """``name`` of the scalar, its width in bits where one is given, and the shape if it is an array."""

    name: str
    width: int = 0
    shape: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.name in ("int", "uint", "bit", "bool")

    @property
    def bits(self) -> bool:
        """Whether it is a row of bits."""
        return self.name == "bit" and len(self.shape) == 1


QUBIT = Type("qubit")


class Variable(NamedTuple):
    """What a name was declared as, and in which block; ``constant`` if nothing else can be assigned."""

    type: Type
    constant: bool
    level: int


class NameScope:
    """What names stand for at one point of a program, the innermost of each name alone.

    ``values`` has what expressions look up. A block calls :meth:`enter` and, at its end, :meth:`leave`, which brings
    back the names that it has hidden. ``free`` says whether an undeclared name may become a parameter here, which it may
    not in gates and subroutines. ``level`` is 0 in the file itself. Where a program is only counted it is ``idle``: no
    subroutine is run.
    """

    __slots__ = ("_closed", "_hidden", "free", "idle", "level", "values", "variables")

    def __init__(self, *, free: bool = False, level: int = 0, idle: bool = False) -> None:
        self.values: dict[str, Bindable] = {}
        self.variables: dict[str, Variable] = {}
        self.level = level
        self.idle = idle
        self.free = False
        self._closed: NameScope | None = None
        self._hidden: list[tuple[str, Variable | None, Bindable | None]] = []
        self._closed = copy(self) if free else None
        self.free = free

    @property
    def closed(self) -> NameScope:
        """The same scope, in which no undeclared name may become a parameter."""
        return self._closed or self

    def declare(self, name: str, kind: Type, value: Bindable, *, constant: bool = False) -> None:
        """A new variable of the innermost block."""
        self._hidden.append((name, self.variables.get(name), self.values.get(name)))
        self.variables[name], self.values[name] = Variable(kind, constant, self.level), value

    def enter(self) -> int:
        """Begin a block. Returns how many names are declared so far, which its end gives to :meth:`leave`."""
        self.level += 1
        return len(self._hidden)

    def leave(self, count: int) -> None:
        """End the innermost block."""
        self.level -= 1
        self.forget(count)

    def forget(self, count: int) -> None:
        """Undo all declarations but so many."""
        while len(self._hidden) > count:
            name, variable, value = self._hidden.pop()
            del self.variables[name], self.values[name]
            if variable is not None and value is not None:
                self.variables[name], self.values[name] = variable, value

    def constants(self) -> NameScope:
        """The names in it whose values cannot change."""
        scope = NameScope(idle=True)
        scope.values = {name: self.values[name] for name, variable in self.variables.items() if variable.constant}
        return scope


NO_VALUE = Unknowable("has no value that is known before the program is run")
NO_DURATION = Unknowable("is a duration, which has no value here")


def each(place: Place) -> Sequence[int]:
    """The elements of a place."""
    return (place,) if isinstance(place, int) else place


def filled(kind: Type) -> Bindable:
    """A variable of this type before anything is assigned."""
    if not kind.shape:
        return NO_DURATION if kind.name == "duration" else NO_VALUE
    inner = kind._replace(shape=kind.shape[1:])
    return Array([filled(inner) for _ in range(kind.shape[0])], kind.bits)


def bits_of(value: int, width: int) -> Array:
    """A row of bits, the lowest first."""
    return Array([value >> i & 1 for i in range(width)], bits=True)


def copied(value: Bindable) -> Bindable:
    """An array that can be changed without changing this one."""
    return Array([copied(v) for v in value.values], value.bits) if isinstance(value, Array) else value
