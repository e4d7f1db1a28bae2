"""Operands of the tree: registers, aliases and arguments, and parts of them."""

from __future__ import annotations

from collections.abc import Sequence

from bplint.importers.qasm.grammar import ast, extent
from bplint.importers.qasm.grammar.expressions import Index
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.registers import Holds
from bplint.importers.qasm.scopes import NameScope, Place, each
from bplint.importers.qasm.source import Range
from bplint.importers.qasm.values import Values
from bplint.importers.quoting import quote


class Operands:
    """Finds the qubits and bits that operands name."""

    def __init__(self, reading: SourceReading, values: Values) -> None:
        self._registers = reading.registers
        self._spend = reading.angles.spend
        self._source = reading.source
        self._values = values

    def place(self, node: ast.QASMNode, scope: NameScope) -> Place:
        """The qubits that a name, with indices or without, or a ``++`` of such, stands for."""
        if isinstance(node, ast.Concatenation):
            return self._joined(node, scope)
        base, indices = parts_of(node)
        if base is None:
            message = f"want the name of a qubit, got {self._source.shown(*extent(node))}"
            raise self._source.error(message, *extent(node))
        qubits = self._registers.qubits(base.name, scope, *extent(base))
        return self._part(base, qubits, indices, extent(node), scope, "qubit")

    def bits(self, node: ast.QASMNode, scope: NameScope) -> tuple[str, Place | None]:
        """The name of a variable that an outcome goes into, and the places in it; None if it is no row of bits."""
        base, indices = parts_of(node)
        assert base is not None
        row = self._registers.bits(base.name, scope, *extent(base))
        return base.name, None if row is None else self._part(base, row, indices, extent(node), scope, "bit")

    def _part(
        self, base: ast.Identifier, place: Place, indices: Sequence[Index], span: Range, scope: NameScope, holds: Holds
    ) -> Place:
        for index in indices:
            if isinstance(place, int):
                name = quote(base.name)
                raise self._source.error(f"{name} is a single {holds}: write {name} alone", *extent(base))
            place = self._picked(base.name, place, index, span, scope, holds)
        return place

    def _picked(
        self, name: str, elements: Sequence[int], index: Index, span: Range, scope: NameScope, holds: Holds
    ) -> Place:
        size = len(elements)

        def position(node: ast.Expression) -> int:
            number = self._values.whole(node, scope, "an index")
            return self._source.position(name, number, size, holds, *span)

        if isinstance(index, ast.DiscreteSet):
            self._check_old(index)
            self._spend(len(index.values), *span)
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
            raise self._source.error(f"{self._source.shown(*span)} names no element", *span)
        self._spend(len(chosen), *span)
        return [elements[i] for i in chosen]

    def _check_old(self, index: ast.QASMNode) -> None:
        """In OpenQASM 2 an index is a number."""
        if self._source.version == 2 and not isinstance(index, ast.IntegerLiteral):
            self._source.only_in_3(f"the index {self._source.shown(*extent(index))}", *extent(index))

    def _joined(self, node: ast.Expression, scope: NameScope) -> Place:
        parts: list[ast.Expression] = []
        while isinstance(node, ast.Concatenation):
            parts.append(node.rhs)
            node = node.lhs
        parts.append(node)
        qubits = [qubit for part in reversed(parts) for qubit in each(self.place(part, scope))]
        span = extent(parts[-1])[0], extent(parts[0])[1]
        self._spend(len(qubits), *span)
        return self._distinct(qubits, span)

    def _distinct(self, elements: list[int], span: Range) -> list[int]:
        if len(set(elements)) < len(elements):
            raise self._source.error(f"{self._source.shown(*span)} names an element twice", *span)
        return elements


def parts_of(node: ast.QASMNode) -> tuple[ast.Identifier | None, Sequence[Index]]:
    """The name of an operand, None if there is none, and all indices behind it."""
    if isinstance(node, ast.IndexedIdentifier):
        return node.name, node.indices
    indices: list[Index] = []
    while isinstance(node, ast.IndexExpression):
        indices.insert(0, node.index)
        node = node.collection
    return node if isinstance(node, ast.Identifier) else None, indices
