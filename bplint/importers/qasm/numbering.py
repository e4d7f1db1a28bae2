"""The gate statements of a tree, numbered in the order of its text, and which of them a block consists of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bplint.importers.qasm.grammar import Memo, PlainCall, ast, extent, walk
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.source import Range
from bplint.importers.quoting import quote


class Numbering:
    """Gives numbers to gate statements. Those in the bodies of gates have none: what they make belongs to the call."""

    def __init__(self, reading: SourceReading) -> None:
        self._reading = reading
        self._statements: dict[int, ast.Statement] = {}
        """What may consist of gate statements, by its offset."""
        self._subroutines: dict[str, ast.Statement] = {}
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
            statement = self._statements.get(start)
            self._found[start] = {} if statement is None else dict.fromkeys(self._within(statement, set()))
        return self._found[start]

    def enter(self, statement: ast.Statement) -> None:
        """Number the gate statements in a statement, or the one that it is."""
        for node in walk([statement]):
            if is_gate(node) or (isinstance(node, ast.QuantumPhase) and node.modifiers):
                _NUMBER.keep(node, self._reading.statement(*extent(node)))
            elif isinstance(node, _CONSISTING):
                self._statements[extent(node)[0]] = node
                if isinstance(node, ast.SubroutineDefinition):
                    self._subroutines[node.name.name] = node

    def _within(self, statement: ast.Statement, seen: set[str]) -> Iterator[int]:
        for node in walk([statement]):
            number = _NUMBER.of(node)
            if number is not None:
                yield number
            call = node.expression if isinstance(node, ast.ExpressionStatement) else None
            if not isinstance(call, ast.FunctionCall) or call.name.name in seen:
                continue
            subroutine = self._subroutines.get(call.name.name)
            if subroutine is not None:
                seen.add(call.name.name)
                self._check_only_call(call.name.name, extent(call))
                yield from self._within(subroutine, seen)

    def _check_only_call(self, name: str, place: Range) -> None:
        source = self._reading.source
        if len(re.findall(rf"\b{name}\s*\(", source.code)) > 2:  # its definition and this call
            message = f"{quote(name)} is called in other places too, so an annotation here cannot speak of its gates"
            raise source.error(message, *place, hint="annotate the gates in the subroutine")


def is_gate(node: ast.Statement) -> bool:
    """Whether this is the call of a gate; ``nop`` is a statement of newer grammars."""
    return isinstance(node, PlainCall) or (isinstance(node, ast.QuantumGate) and node.name.name != "nop")


_CONSISTING = (
    ast.Box | ast.BranchingStatement | ast.CompoundStatement | ast.ExpressionStatement | ast.ForInLoop
    | ast.SubroutineDefinition | ast.SwitchStatement | ast.WhileLoop
)  # fmt: skip
_NUMBER = Memo[int]("number")
