"""How much a program comes to, found out before any of it is expanded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bplint.errors import SourceError
from bplint.importers.qasm.bindable import NO_VALUE
from bplint.importers.qasm.callees import Callees
from bplint.importers.qasm.grammar import PlainCall, ast, extent
from bplint.importers.qasm.scopes import NameScope
from bplint.importers.qasm.source import SourceText
from bplint.importers.qasm.values import MANY, Values


class Counter:
    """Counts from below: what depends on a value that changes counts as nothing, and is counted when it is run."""

    def __init__(self, source: SourceText, callees: Callees, values: Values) -> None:
        self._source = source
        self._callees = callees
        self._values = values
        self._subroutines: dict[str, int] = {}

    def check(self, loop: ast.ForInLoop, turns: int, scope: NameScope) -> None:
        """Refuse a loop that is sure to make too many operations."""
        known = scope.constants()
        known.values[loop.identifier.name] = NO_VALUE
        operations = min(turns * self.operations(loop.block, known), MANY)
        if operations > self._source.limits.operations:
            raise self._too_many(operations, *extent(loop))

    def define(self, name: str, body: Sequence[ast.Statement]) -> None:
        """Count the operations of a subroutine."""
        self._subroutines[name] = self.operations(body, NameScope(idle=True))

    def check_call(self, name: str, start: int, end: int) -> None:
        """Refuse the call of a subroutine, at this place, that is sure to make too many operations."""
        operations = self._subroutines[name]
        if operations > self._source.limits.operations:
            raise self._too_many(operations, start, end)

    def operations(self, statements: Iterable[ast.Statement], scope: NameScope) -> int:
        """At least so many come from these statements; the calls of gates in them count as 1 or more each."""
        total = 0
        for node in statements:
            match node:
                case ast.QuantumGate():
                    callee = self._callees.known.get(node.name.name)
                    total += self._factor(node, scope) * (callee.cost if callee else 1)
                case PlainCall():
                    callee = self._callees.known.get(node.text[1])
                    total += callee.cost if callee else 1
                case ast.ForInLoop():
                    total += self._turns(node, scope) * self._inside(node, scope)
                case ast.Box():
                    total += self.operations(node.body, scope)
                case ast.ExpressionStatement(expression=ast.FunctionCall() as call):
                    total += self._subroutines.get(call.name.name, 0)
                case ast.ClassicalDeclaration() | ast.ConstantDeclaration():
                    scope.values[node.identifier.name] = NO_VALUE
        return min(total, MANY)

    def _too_many(self, operations: int, start: int, end: int) -> SourceError:
        amount = f"{operations:,}" if operations < MANY else "more than 10^18"
        return self._source.limit("operations", f"{amount} operations", start, end)

    def _inside(self, loop: ast.ForInLoop, scope: NameScope) -> int:
        """The operations of one turn, the value of the loop variable not known."""
        name = loop.identifier.name
        outside = scope.values.get(name)
        scope.values[name] = NO_VALUE
        count = self.operations(loop.block, scope)
        del scope.values[name]
        if outside is not None:
            scope.values[name] = outside
        return count

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


STATEMENT = 5
"""What running a statement counts as, beside a step of arithmetic."""
