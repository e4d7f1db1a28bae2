"""Operands of the tree: registers, aliases and arguments, and parts of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bplint.errors import SourceError
from bplint.importers.qasm.full.scopes import NameScope
from bplint.importers.qasm.full.values import Values
from bplint.importers.qasm.grammar import extent
from bplint.importers.qasm.measurement import each
from bplint.importers.qasm.operands import Holds, Place, Registers
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote


class Operands:
    """Finds the qubits and bits that operands name."""

    def __init__(self, source: SourceText, registers: Registers, values: Values) -> None:
        self._source = source
        self._registers = registers
        self._values = values
        self._single: dict[int, tuple[str, Any]] = {}
        """The name and the index of operands such as ``q[i]``, by node; the index is None for the others."""

    def place(self, node: Any, scope: NameScope, holds: Holds = Holds.QUBITS) -> Place:
        """What a name, with indices or without, or a ``++`` of such, stands for."""
        single = self._single.get(id(node))
        if single is None:
            single = self._single[id(node)] = _name_and_index(node)
        name, index = single
        if index is not None:
            elements = self._elements_of(name, scope, holds)
            if elements:
                number = self._values.whole(index, scope, "an index")
                if not 0 <= number < len(elements):
                    number = self._registers.position(name, number, len(elements), holds, *extent(node))
                return elements[number]
        return self._any(node, scope, holds)

    def _elements_of(self, name: str, scope: NameScope, holds: Holds) -> Sequence[int]:
        """Those of a register or an alias; none where there is more to look at, such as an error."""
        variable = scope.variables.get(name)
        if variable is None:
            place = self._registers.place(name, holds)
        elif variable.holds is holds:
            place = variable.place
        else:
            place = None
        return () if place is None or isinstance(place, int) else place

    def _any(self, node: Any, scope: NameScope, holds: Holds) -> Place:
        kind = type(node).__name__
        if kind == "Identifier":
            start = extent(node)[0]
            return self._whole(node.name, (start, start + len(node.name)), scope, holds)
        if kind == "IndexedIdentifier":
            return self._indexed(node.name.name, extent(node.name), node.indices, node, scope, holds)
        if kind == "IndexExpression":
            indices: list[Any] = []
            base = node
            while type(base).__name__ == "IndexExpression":
                indices.insert(0, base.index)
                base = base.collection
            if type(base).__name__ == "Identifier":
                start = extent(base)[0]
                return self._indexed(base.name, (start, start + len(base.name)), indices, node, scope, holds)
        if kind == "Concatenation":
            return self._joined(node, scope, holds)
        start, end = extent(node)
        raise self._source.error(f"want the name of a {holds}, got {quote(self._source.code[start:end])}", start, end)

    def _whole(self, name: str, place: tuple[int, int], scope: NameScope, holds: Holds) -> Place:
        variable = scope.variables.get(name)
        if variable is None:
            return self._registers.whole(name, holds, *place)
        if variable.place is None or variable.holds is not holds:
            raise self._source.error(f"{quote(name)} is not made of {holds}s", *place)
        return variable.place

    def _indexed(
        self, name: str, place: tuple[int, int], indices: Sequence[Any], node: Any, scope: NameScope, holds: Holds
    ) -> Place:
        found = self._whole(name, place, scope, holds)
        span = extent(node)
        for index in indices:
            if isinstance(found, int):
                raise self._registers.single(name, holds, *place)
            found = self._picked(name, found, index, span, scope, holds)
        return found

    def _picked(
        self, name: str, elements: Sequence[int], index: Any, span: tuple[int, int], scope: NameScope, holds: Holds
    ) -> Place:
        size = len(elements)

        def position(node: Any) -> int:
            number = self._values.whole(node, scope, "an index")
            return self._registers.position(name, number, size, holds, *span)

        if type(index).__name__ == "DiscreteSet":
            self._values.spend(len(index.values), *span)
            return self._distinct([elements[position(value)] for value in index.values], span)
        if len(index) != 1:
            raise self._source.error(f"{quote(name)} has 1 dimension; here {len(index)} indices", *span)
        (only,) = index
        if type(only).__name__ != "RangeDefinition":
            return elements[position(only)]
        step = self._values.whole(only.step, scope, "the step of a slice") if only.step is not None else 1
        if not step:
            raise self._source.error("the step of a slice cannot be 0", *span)
        first = position(only.start) if only.start is not None else (0 if step > 0 else size - 1)
        last = position(only.end) if only.end is not None else (size - 1 if step > 0 else 0)
        chosen = range(first, last + (1 if step > 0 else -1), step)
        if not chosen:
            raise self._source.error(f"{quote(self._source.code[slice(*span)])} names no element", *span)
        self._values.spend(len(chosen), *span)
        return [elements[i] for i in chosen]

    def _joined(self, node: Any, scope: NameScope, holds: Holds) -> Place:
        parts: list[Any] = []
        while type(node).__name__ == "Concatenation":
            parts.append(node.rhs)
            node = node.lhs
        parts.append(node)
        found = [qubit for part in reversed(parts) for qubit in each(self.place(part, scope, holds))]
        start, end = extent(parts[-1])[0], extent(parts[0])[1]
        self._values.spend(len(found), start, end)
        return self._distinct(found, (start, end))

    def _distinct(self, elements: list[int], span: tuple[int, int]) -> list[int]:
        if len(set(elements)) < len(elements):
            raise self._twice(span)
        return elements

    def _twice(self, span: tuple[int, int]) -> SourceError:
        return self._source.error(f"{quote(self._source.code[slice(*span)])} names an element twice", *span)


def _name_and_index(node: Any) -> tuple[str, Any]:
    """The parts of ``q[i]``; an index None for what is not written so."""
    kind = type(node).__name__
    if kind == "IndexedIdentifier" and len(node.indices) == 1:
        name, index = node.name.name, node.indices[0]
    elif kind == "IndexExpression" and type(node.collection).__name__ == "Identifier":
        name, index = node.collection.name, node.index
    else:
        return "", None
    if not isinstance(index, list) or len(index) != 1 or type(index[0]).__name__ == "RangeDefinition":
        return "", None
    return name, index[0]
