"""Operands of the tree: registers, aliases and arguments, and parts of them."""

from __future__ import annotations

from collections.abc import Sequence

from bplint.importers.qasm.grammar import Memo, ast, extent
from bplint.importers.qasm.measurement import each
from bplint.importers.qasm.reading import Range, SourceReading
from bplint.importers.qasm.registers import Holds, Place
from bplint.importers.qasm.scopes import NameScope
from bplint.importers.qasm.values import Values
from bplint.importers.quoting import quote

Index = ast.DiscreteSet | list[ast.Expression | ast.RangeDefinition]


class Operands:
    """Finds the qubits and bits that operands name."""

    def __init__(self, reading: SourceReading, values: Values) -> None:
        self._reading = reading
        self._source = reading.source
        self._values = values

    def place(self, node: ast.QASMNode, scope: NameScope, holds: Holds = Holds.QUBITS) -> Place:
        """What a name, with indices or without, or a ``++`` of such, stands for."""
        parts = _PARTS.of(node) or _PARTS.keep(node, _parts(node))
        if parts.element is not None:
            variable = scope.variables.get(parts.name)
            elements = self._reading.registers.place(parts.name, holds) if variable is None else None
            if variable is not None and variable.holds is holds:
                elements = variable.place
            if elements is not None and not isinstance(elements, int):
                number = self._values.whole(parts.element, scope, "an index")
                if not 0 <= number < len(elements):
                    self._check_old(parts.element)
                    number = self._reading.registers.position(parts.name, number, len(elements), holds, *extent(node))
                return elements[number]
        if isinstance(node, ast.Concatenation):
            return self._joined(node, scope, holds)
        start, end = extent(node)
        if parts.base is None:
            shown = quote(self._source.code[start:end])
            raise self._source.error(f"want the name of a {holds}, got {shown}", start, end)
        return self._indexed(parts, (start, end), scope, holds)

    def _indexed(self, parts: _Parts, span: Range, scope: NameScope, holds: Holds) -> Place:
        assert parts.base is not None
        base = extent(parts.base)
        if parts.indices and parts.name.startswith("$"):
            written = quote(self._source.code[slice(*span)])
            raise self._source.error(f"{written} is not a {holds}", *base)
        elements = self._reading.elements(parts.name, scope, holds, *base)
        for index in parts.indices:
            if isinstance(elements, int):
                raise self._reading.registers.single(parts.name, holds, *base)
            elements = self._picked(parts.name, elements, index, span, scope, holds)
        return elements

    def _picked(
        self, name: str, elements: Sequence[int], index: Index, span: Range, scope: NameScope, holds: Holds
    ) -> Place:
        size = len(elements)

        def position(node: ast.Expression) -> int:
            number = self._values.whole(node, scope, "an index")
            return self._reading.registers.position(name, number, size, holds, *span)

        if isinstance(index, ast.DiscreteSet):
            self._check_old(index)
            self._reading.angles.spend(len(index.values), *span)
            return self._distinct([elements[position(value)] for value in index.values], span)
        if len(index) != 1:
            raise self._source.error(f"{quote(name)} has 1 dimension; here {len(index)} indices", *span)
        (only,) = index
        self._check_old(only)
        if not isinstance(only, ast.RangeDefinition):
            return elements[position(only)]
        step = self._values.whole(only.step, scope, "the step of a slice") if only.step is not None else 1
        if not step:
            raise self._source.error("the step of a slice cannot be 0", *span)
        first = position(only.start) if only.start is not None else (0 if step > 0 else size - 1)
        last = position(only.end) if only.end is not None else (size - 1 if step > 0 else 0)
        chosen = range(first, last + (1 if step > 0 else -1), step)
        if not chosen:
            raise self._source.error(f"{quote(self._source.code[slice(*span)])} names no element", *span)
        self._reading.angles.spend(len(chosen), *span)
        return [elements[i] for i in chosen]

    def _check_old(self, index: ast.QASMNode) -> None:
        """In OpenQASM 2 an index is a number."""
        if not isinstance(index, ast.IntegerLiteral):
            start, end = extent(index)
            self._source.only_in_3(f"the index {quote(self._source.code[start:end])}", start, end)

    def _joined(self, node: ast.Expression, scope: NameScope, holds: Holds) -> Place:
        parts: list[ast.Expression] = []
        while isinstance(node, ast.Concatenation):
            parts.append(node.rhs)
            node = node.lhs
        parts.append(node)
        qubits = [qubit for part in reversed(parts) for qubit in each(self.place(part, scope, holds))]
        span = extent(parts[-1])[0], extent(parts[0])[1]
        self._reading.angles.spend(len(qubits), *span)
        return self._distinct(qubits, span)

    def _distinct(self, elements: list[int], span: Range) -> list[int]:
        if len(set(elements)) < len(elements):
            raise self._source.error(f"{quote(self._source.code[slice(*span)])} names an element twice", *span)
        return elements


class _Parts:
    """An operand taken apart: the name, all indices behind it, and ``element`` if it is one element such as ``q[i]``."""

    __slots__ = ("base", "element", "indices", "name")

    def __init__(self, base: ast.Identifier | None, indices: Sequence[Index]) -> None:
        self.base = base
        self.name = base.name if base is not None else ""
        self.indices = indices
        self.element: ast.Expression | None = None
        if len(indices) == 1 and isinstance(indices[0], list) and len(indices[0]) == 1:
            (only,) = indices[0]
            self.element = None if isinstance(only, ast.RangeDefinition) else only


def _parts(node: ast.QASMNode) -> _Parts:
    if isinstance(node, ast.IndexedIdentifier):
        return _Parts(node.name, node.indices)
    indices: list[Index] = []
    while isinstance(node, ast.IndexExpression):
        indices.insert(0, node.index)
        node = node.collection
    return _Parts(node if isinstance(node, ast.Identifier) else None, indices)


_PARTS = Memo[_Parts]("parts")
