"""How much a program comes to, found out before any of it is expanded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bplint.errors import SourceError
from bplint.importers.qasm.callees import Callees
from bplint.importers.qasm.grammar import PlainCall, ast, extent, walk
from bplint.importers.qasm.scopes import NO_VALUE, NameScope
from bplint.importers.qasm.source import MANY, SourceText
from bplint.importers.qasm.values import Values


class Count(NamedTuple):
    """At least so many operations, and turns of loops. ``leaves`` if the turns after a place in it are not sure."""

    operations: int = 0
    turns: int = 0
    leaves: bool = False


class Counter:
    """Counts from below: what depends on a value that changes counts as nothing, and is counted when it is run."""

    def __init__(self, source: SourceText, callees: Callees, values: Values) -> None:
        self._source = source
        self._callees = callees
        self._values = values
        self._subroutines: dict[str, Count] = {}

    def check(self, loop: ast.ForInLoop, turns: int, scope: NameScope, before: int) -> None:
        """Refuse a loop that is sure to make too many operations or, with the turns before it, too many turns."""
        count = self._loop(loop, turns, scope.constants())
        self._check(count._replace(turns=before + count.turns), *extent(loop))

    def define(self, name: str, body: Sequence[ast.Statement]) -> None:
        """Count what is in a subroutine."""
        self._subroutines[name] = self.count(body, NameScope(idle=True))

    def check_call(self, name: str, start: int, end: int) -> None:
        """Refuse the call of a subroutine, at this place, that is sure to do too much."""
        self._check(self._subroutines[name], start, end)

    def count(self, statements: Iterable[ast.Statement], scope: NameScope) -> Count:
        """What is sure to come from these statements; the calls of gates in them count as 1 operation or more each."""
        operations, turns, leaves = 0, 0, False
        for node in statements:
            more = self._statement(node, scope)
            operations = min(operations + more.operations, MANY)
            turns = turns if leaves else min(turns + more.turns, MANY)
            leaves |= more.leaves
        return Count(operations, turns, leaves)

    def _statement(self, node: ast.Statement, scope: NameScope) -> Count:
        match node:
            case ast.QuantumGate():
                callee = self._callees.known.get(node.name.name)
                return Count(self._factor(node, scope) * (callee.cost if callee else 1))
            case PlainCall():
                callee = self._callees.known.get(node.text[1])
                return Count(callee.cost if callee else 1)
            case ast.ForInLoop():
                return self._loop(node, self._turns(node, scope), scope)
            case ast.Box():
                return self.count(node.body, scope)
            case ast.ExpressionStatement(expression=ast.FunctionCall() as call):
                return self._subroutines.get(call.name.name, Count())._replace(leaves=False)
            case ast.ClassicalDeclaration() | ast.ConstantDeclaration():
                scope.values[node.identifier.name] = NO_VALUE
        return Count(leaves=any(isinstance(inner, _LEAVING) for inner in walk([node])))

    def _check(self, count: Count, start: int, end: int) -> None:
        self._source.check("operations", count.operations, "operations", start, end)
        self._source.check("iterations", count.turns, "turns of loops", start, end)

    def _loop(self, loop: ast.ForInLoop, turns: int, scope: NameScope) -> Count:
        """A loop, the value of its variable not known."""
        name = loop.identifier.name
        outside = scope.values.get(name)
        scope.values[name] = NO_VALUE
        once = self.count(loop.block, scope)
        del scope.values[name]
        if outside is not None:
            scope.values[name] = outside
        inner = once.turns * (min(turns, 1) if once.leaves else turns)
        return Count(min(turns * once.operations, MANY), min(turns + inner, MANY), once.leaves)

    def _turns(self, node: ast.ForInLoop, scope: NameScope) -> int:
        turns = node.set_declaration
        if isinstance(turns, ast.DiscreteSet):
            return len(turns.values)
        try:
            return len(self._values.range(turns, scope)) if isinstance(turns, ast.RangeDefinition) else 0
        except SourceError:
            return 0  # it depends on a variable, or is an error that running it will name

    def _factor(self, node: ast.QuantumGate, scope: NameScope) -> int:
        """How often the whole powers among the modifiers repeat a gate that is not one rotation."""
        factor = 1
        callee = self._callees.known.get(node.name.name)
        for modifier in node.modifiers:
            if modifier.modifier.name == "pow" and modifier.argument and callee is not None and callee.cost > 1:
                try:
                    number = self._values.number(modifier.argument, scope)
                except SourceError:
                    continue
                factor *= abs(int(number)) if float(number).is_integer() else 1
        return min(factor, MANY)


_LEAVING = ast.BreakStatement | ast.ContinueStatement | ast.EndStatement | ast.ReturnStatement
"""Statements that lead elsewhere than to the next one."""
STATEMENT = 5
"""What running a statement counts as, beside a step of arithmetic."""
