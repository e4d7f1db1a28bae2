"""How much a program comes to, found out before any of it is expanded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bplint.errors import SourceError
from bplint.importers.qasm.calls import Callees
from bplint.importers.qasm.full.scopes import Scope
from bplint.importers.qasm.full.syntax import Places
from bplint.importers.qasm.full.values import Values
from bplint.importers.qasm.source import Source


class Counter:
    """Counts from below: what depends on a value that changes counts as nothing, and is counted when it is run."""

    def __init__(self, source: Source, places: Places, callees: Callees, values: Values) -> None:
        self._source = source
        self._places = places
        self._callees = callees
        self._values = values

    def check(self, loop: Any, turns: int, scope: Scope) -> None:
        """Refuse a loop that is sure to make too many operations."""
        operations = min(turns * self.operations(loop.block, Scope(scope, free=False)), MANY)
        if operations > self._source.limits.operations:
            amount = f"{operations:,}" if operations < MANY else "more than 10^18"
            raise self._source.limit("operations", f"{amount} operations", *self._places.of(loop))

    def operations(self, statements: Iterable[Any], scope: Scope) -> int:
        """At least so many come from these statements; the calls of gates in them count as 1 or more each."""
        total = 0
        for node in statements:
            kind = type(node).__name__
            if kind == "QuantumGate":
                callee = self._callees.known.get(node.name.name)
                total += self._factor(node, scope) * (callee.cost if callee else 1)
            elif kind == "ForInLoop":
                total += self._turns(node, scope) * self.operations(node.block, scope)
            elif kind == "Box":
                total += self.operations(node.body, scope)
        return min(total, MANY)

    def range(self, node: Any, scope: Scope) -> range:
        """The whole numbers from first to last, both included."""
        if node.start is None or node.end is None:
            raise self._source.error("a loop needs a first and a last value", *self._places.of(node))
        step = self._values.whole(node.step, scope, "the step of a range") if node.step is not None else 1
        if not step:
            raise self._source.error("the step of a range cannot be 0", *self._places.of(node))
        first = self._values.whole(node.start, scope, "the first value")
        last = self._values.whole(node.end, scope, "the last value")
        found = range(first, last + (1 if step > 0 else -1), step)
        if (last - first) // step >= MANY:
            raise self._source.limit("iterations", "more than 10^18 turns of loops", *self._places.of(node))
        return found

    def _turns(self, node: Any, scope: Scope) -> int:
        kind = type(node.set_declaration).__name__
        if kind == "DiscreteSet":
            return len(node.set_declaration.values)
        try:
            return len(self.range(node.set_declaration, scope)) if kind == "RangeDefinition" else 0
        except SourceError:
            return 0  # it depends on a variable, or is an error that running it will name

    def _factor(self, node: Any, scope: Scope) -> int:
        """How often the whole powers among the modifiers repeat a gate that is not one rotation."""
        factor = 1
        callee = self._callees.known.get(node.name.name)
        for modifier in node.modifiers:
            if modifier.modifier.name == "pow" and callee is not None and callee.cost > 1:
                try:
                    number = self._values.number(modifier.argument, scope)
                except SourceError:
                    continue
                factor *= abs(int(number)) if float(number).is_integer() else 1
        return min(factor, MANY)


MANY = 10**18
"""Counts stop growing here, far above any limit."""
