"""The names that blocks, gates and subroutines bring with them, and the types of classical values."""

from __future__ import annotations

from copy import copy
from typing import NamedTuple

from bplint.importers.qasm.bindable import Bindable


class Type(NamedTuple):
    """``name`` of the scalar, its width in bits where one is given, and the shape if it is an array."""

    name: str
    width: int = 0
    shape: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.name in ("int", "uint", "bit", "bool")


class Variable(NamedTuple):
    """What a name was declared as; ``constant`` if nothing else can be assigned."""

    type: Type
    constant: bool = False


class NameScope:
    """What names stand for at one point of a program, the innermost of each name alone.

    ``values`` has what expressions look up. A block calls :meth:`enter` and, at its end, :meth:`leave`, which brings
    back the names that it has hidden. ``free`` says whether an undeclared name may become a parameter here, which it may
    not in gates and subroutines; ``closed`` is the same scope without that. ``level`` is 0 in the file itself. Where a
    program is only counted it is ``idle``: no subroutine is run.
    """

    __slots__ = ("_hidden", "_levels", "closed", "free", "idle", "level", "values", "variables")

    def __init__(self, *, free: bool = False, level: int = 0, idle: bool = False) -> None:
        self.values: dict[str, Bindable] = {}
        self.variables: dict[str, Variable] = {}
        self.level = level
        self.idle = idle
        self.free = False
        self._levels: dict[str, int] = {}
        self._hidden: list[tuple[str, Variable | None, Bindable | None, int]] = []
        self.closed = self
        if free:
            self.closed = copy(self)
            self.free = True

    def declare(self, name: str, variable: Variable, value: Bindable) -> None:
        """A new variable of the innermost block."""
        self._hidden.append((name, self.variables.get(name), self.values.get(name), self._levels.get(name, -1)))
        self.variables[name], self.values[name], self._levels[name] = variable, value, self.level

    def has_own(self, name: str) -> bool:
        """Whether the innermost block declares this name."""
        return self._levels.get(name) == self.level

    def enter(self) -> int:
        """Begin a block. Returns what its end gives to :meth:`leave`."""
        self.level += 1
        return len(self._hidden)

    def leave(self, mark: int) -> None:
        """End the innermost block."""
        self.level -= 1
        self.forget(mark)

    def mark(self) -> int:
        """What :meth:`forget` takes to undo the declarations from here on."""
        return len(self._hidden)

    def forget(self, mark: int) -> None:
        """Undo the declarations since this mark."""
        while len(self._hidden) > mark:
            name, variable, value, level = self._hidden.pop()
            del self.variables[name], self.values[name], self._levels[name]
            if variable is not None and value is not None:
                self.variables[name], self.values[name], self._levels[name] = variable, value, level

    def constants(self) -> NameScope:
        """The names in it whose values cannot change."""
        scope = NameScope(idle=True)
        scope.values = {name: self.values[name] for name, variable in self.variables.items() if variable.constant}
        return scope
