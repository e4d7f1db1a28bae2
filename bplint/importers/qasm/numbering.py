"""The gate statements of a tree, numbered in the order of its text, and which of them a block consists of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from bplint.importers.qasm.grammar import Block, Memo, PlainCall, ast, extent
from bplint.importers.qasm.reading import Range, SourceReading
from bplint.importers.quoting import quote


class _Inside(NamedTuple):
    """What a statement consists of: the gate statements from one number to another, and calls of subroutines."""

    numbers: range
    calls: list[ast.FunctionCall]


class Numbering:
    """Gives numbers to gate statements. Those in the bodies of gates have none: what they make belongs to the call."""

    def __init__(self, reading: SourceReading) -> None:
        self._reading = reading
        self._blocks: dict[int, _Inside] = {}
        self._subroutines: dict[str, _Inside] = {}
        self._found: dict[int, Collection[int]] = {}

    def of(self, node: ast.Statement) -> int:
        """The number of a gate statement; -1 in the body of a gate."""
        number = _NUMBER.of(node)
        return -1 if number is None else number

    def stand_in(self, node: ast.Statement, plain: PlainCall) -> ast.Statement:
        """Give this statement the number of the plain call that it is in full."""
        _NUMBER.keep(node, self.of(plain))
        return node

    def inside(self, start: int) -> Collection[int]:
        """The gate statements in the block, or in the subroutine called, that stands at this offset; none elsewhere.

        Raises SourceError for a subroutine that is called in other places too.
        """
        if start not in self._found:
            block = self._blocks.get(start)
            self._found[start] = {} if block is None else dict.fromkeys(self._within(block, set()))
        return self._found[start]

    def enter(self, node: ast.Statement) -> list[ast.FunctionCall]:
        """Number the gate statements in a statement, or the one that it is. Returns the calls of subroutines in it."""
        if is_gate(node) or (isinstance(node, ast.QuantumPhase) and node.modifiers):
            _NUMBER.keep(node, self._reading.statement(*extent(node)))
            return []
        first, calls = self._reading.n_statements, list[ast.FunctionCall]()
        if isinstance(node, ast.ExpressionStatement) and isinstance(node.expression, ast.FunctionCall):
            calls.append(node.expression)
        for part in parts(node):
            for inner in part:
                calls += self.enter(inner)
        inside = _Inside(range(first, self._reading.n_statements), calls)
        if isinstance(node, ast.SubroutineDefinition):
            self._subroutines[node.name.name] = inside
            calls = []
        if inside.numbers or inside.calls:
            self._blocks[extent(node)[0]] = inside
        return calls

    def _within(self, block: _Inside, seen: set[str]) -> Iterator[int]:
        yield from block.numbers
        for call in block.calls:
            name = call.name.name
            if name in self._subroutines and name not in seen:
                seen.add(name)
                self._check_only_call(name, extent(call))
                yield from self._within(self._subroutines[name], seen)

    def _check_only_call(self, name: str, place: Range) -> None:
        definition_and_call = 2
        source = self._reading.source
        if len(re.findall(rf"\b{name}\s*\(", source.code)) > definition_and_call:
            message = f"{quote(name)} is called in other places too, so an annotation here cannot speak of its gates"
            raise source.error(message, *place, hint="annotate the gates in the subroutine")


def is_gate(node: ast.Statement) -> bool:
    """Whether this is the call of a gate; ``nop`` is a statement of newer grammars."""
    return isinstance(node, PlainCall) or (isinstance(node, ast.QuantumGate) and node.name.name != "nop")


def parts(node: ast.Statement) -> Iterator[Block]:
    """The lists of statements in a statement that is no definition of a gate."""
    if isinstance(node, ast.SwitchStatement):
        yield from (block.statements for _, block in node.cases)  # type: ignore[misc]
        if node.default:
            yield node.default.statements  # type: ignore[misc]
    elif not isinstance(node, ast.QuantumGateDefinition):
        yield from (part for part in vars(node).values() if isinstance(part, Block))


_NUMBER = Memo[int]("number")
