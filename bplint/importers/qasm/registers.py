"""Registers of qubits and of bits, and their elements."""

from __future__ import annotations

import re
from typing import Literal

from bplint.errors import SourceError, Unsupported
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.scopes import Array, NameScope, Place, Qubits, Type, each, filled
from bplint.importers.qasm.source import NAME, Range, SourceText
from bplint.importers.quoting import quote

Holds = Literal["qubit", "bit"]
"""What a register is made of."""


class Registers:
    """The qubits and bits of one file, whose own scope this is."""

    def __init__(self, source: SourceText, names: Names, scope: NameScope) -> None:
        self.n_qubits = 0
        self._source = source
        self._names = names
        self._scope = scope
        self._n_bits = 0
        self._physical = False

    def declare_qubits(self, name: Range, size: int | None) -> None:
        """A register, its name a range of the code; the size is None for a single element."""
        if self._physical:
            raise self._mixed(*name)
        text, first = self._claimed("qubit", name, size), self.n_qubits
        self.n_qubits = first + (size or 1)
        self._source.check("qubits", self.n_qubits, "qubits", *name)
        self._names.known[text] = Qubits(first if size is None else range(first, self.n_qubits))

    def declare_bits(self, name: Range, size: int | None) -> Type:
        """The same of bits, whose values are not known. Returns their type."""
        text, kind = self._claimed("bit", name, size), Type("bit", size or 1, () if size is None else (size,))
        self._n_bits += kind.width
        self._source.check("qubits", self._n_bits, "bits", *name)
        self._scope.declare(text, kind, filled(kind))
        return kind

    def qubits(self, name: str, scope: NameScope, start: int, end: int) -> Place:
        """All qubits of the register, alias or argument that is named at this place."""
        found = self._names.find(name, scope)
        if isinstance(found, Qubits):
            return found.place
        if name.startswith("$"):
            return self._hardware(name, start, end)
        raise self._other("qubit", name, scope, start, end)

    def bits(self, name: str, scope: NameScope, start: int, end: int) -> Place | None:
        """All places in the row of bits that is named at this place; None for a variable of another type, which takes any."""
        scope = self.holder(name, scope)
        variable, row = scope.variables.get(name), scope.values.get(name)
        if variable is not None and variable.type.name != "bit" and not isinstance(row, Qubits | Array):
            return None
        if variable is None or variable.type.name != "bit":
            raise self._other("bit", name, scope, start, end)
        return range(len(row.values)) if isinstance(row, Array) else 0

    def holder(self, name: str, scope: NameScope) -> NameScope:
        """Where the variable of this name is: in this scope, or in that of the file if it is made of bits."""
        outside = self._scope.variables.get(name)
        return scope if name in scope.variables or outside is None or outside.type.name != "bit" else self._scope

    def qubit(self, text: str) -> int | None:
        """The number of the qubit that a text outside of the code names, such as ``q[0]``; None if it names none."""
        match = _SINGLE.fullmatch(text.strip())
        if not match:
            return None
        if match[3]:
            return int(match[3]) if self._physical and int(match[3]) < self.n_qubits else None
        register = self._names.known.get(match[1])
        if not isinstance(register, Qubits):
            return None
        elements = each(register.place)
        index = int(match[2] or 0)
        return elements[index] if index < len(elements) and (match[2] or len(elements) == 1) else None

    def _hardware(self, name: str, start: int, end: int) -> int:
        """A qubit of the machine, ``$7``, at this place: there are as many as the highest number needs."""
        self._source.only_in_3("a physical qubit", start, end)
        if self.n_qubits and not self._physical:
            raise self._mixed(start, end)
        self._physical = True
        number = int(name[1:]) if len(name) < 20 else 10**18
        self.n_qubits = max(self.n_qubits, number + 1)
        self._source.check("qubits", self.n_qubits, "qubits", start, end)
        self._names.known[name] = Qubits(number)
        return number

    def _other(self, want: Holds, name: str, scope: NameScope, start: int, end: int) -> SourceError:
        """The error for a name that does not stand for what is wanted."""
        variable, known = scope.variables.get(name), self._names.known
        if variable is None and not isinstance(known.get(name), Qubits) and name[0] != "$":
            return self._undeclared(want, name, start, end)
        made = variable.type.name if variable is not None else "qubit"
        other = f"is made of {made}s, not of" if made in ("qubit", "bit") else "is not made of"
        return self._source.error(f"{quote(name)} {other} {want}s", start, end)

    def _undeclared(self, want: Holds, name: str, start: int, end: int) -> SourceError:
        if want == "qubit":
            made = [other for other, found in self._names.known.items() if isinstance(found, Qubits)]
            known = [other for other in made if other[0] != "$"]
            return self._names.unknown(name, "qubit register", known, start, end)
        known = [other for other, variable in self._scope.variables.items() if variable.type.name == "bit"]
        size, text = self.n_qubits, quote(name)
        hint = f"declare it: {f'bit[{size}] {text}' if self._source.version == 3 else f'creg {text}[{size}]'};"
        return self._names.unknown(name, "bit register", known, start, end, hint=hint)

    def _claimed(self, holds: Holds, name: Range, size: int | None) -> str:
        if size is not None and size < 1:
            raise self._source.error(f"a register needs at least one {holds}, here {size}", *name)
        return self._names.claim(holds if size is None else f"{holds} register", *name)

    def _mixed(self, start: int, end: int) -> SourceError:
        return Unsupported("physical qubits and declared qubits in one file", self._source.span(start, end))


_SINGLE = re.compile(rf"({NAME})\s*+(?:\[\s*+([0-9]{{1,9}})\s*+\])?|\$([0-9]{{1,9}})")
