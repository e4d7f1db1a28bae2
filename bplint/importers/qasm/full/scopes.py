"""The names that blocks, gates and subroutines bring with them, and the types of classical values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bplint.importers.qasm.angles import Angle, Array, Bindable, Unknown
from bplint.importers.qasm.operands import Holds, Place


@dataclass(frozen=True, slots=True)
class Type:
    """``name`` of the scalar, its width in bits where one is given, and the shape if it is an array."""

    name: str
    width: int = 0
    shape: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.name in ("int", "uint", "bit", "bool")


@dataclass(slots=True)
class Variable:
    """A classical value, or, with a ``place``, an alias of qubits or bits."""

    type: Type
    value: Bindable
    constant: bool = False
    place: Place | None = None
    holds: Holds = Holds.QUBITS


class Scope(Mapping[str, Bindable]):
    """The variables of one block, and through ``outer`` of those around it.

    ``free`` says whether an undeclared name may become a parameter here: not in gates and subroutines.
    """

    def __init__(self, outer: Scope | None = None, *, free: bool) -> None:
        self.variables: dict[str, Variable] = {}
        self.outer = outer
        self.free = free

    def find(self, name: str) -> Variable | None:
        """The innermost variable of this name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.variables:
                return scope.variables[name]
            scope = scope.outer
        return None

    def inner(self) -> Scope:
        """A block within."""
        return Scope(self, free=self.free)

    def __getitem__(self, name: str) -> Bindable:
        variable = self.find(name)
        if variable is None:
            raise KeyError(name)
        return variable.value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.find(name) is not None

    def __iter__(self) -> Iterator[str]:
        scope: Scope | None = self
        while scope is not None:
            yield from scope.variables
            scope = scope.outer

    def __len__(self) -> int:
        return sum(1 for _ in self)


NO_VALUE = Unknown("has no value that is known before the program is run")
QUANTUM = Unknown("is made of qubits and has no value")


def blank(kind: Type) -> Bindable:
    """The value of a variable before anything is assigned."""
    return filled(kind.shape, kind)


def filled(shape: tuple[int, ...], kind: Type) -> Bindable:
    """An array of this shape without values."""
    if not shape:
        return NO_VALUE
    return Array([filled(shape[1:], kind) for _ in range(shape[0])], bits=kind.name == "bit" and len(shape) == 1)


def bits_of(value: int, width: int) -> Array:
    """A row of bits, the lowest first."""
    return Array([Angle(value >> i & 1) for i in range(width)], bits=True)


def copied(value: Bindable) -> Bindable:
    """An array that can be changed without changing this one."""
    return Array([copied(v) for v in value.values], value.bits) if isinstance(value, Array) else value
