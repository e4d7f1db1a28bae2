"""Gate definitions of the tree: checked where they stand, before any call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bplint.importers.qasm.calls import Definition
from bplint.importers.qasm.full.counting import Counter
from bplint.importers.qasm.full.scopes import NameScope
from bplint.importers.qasm.full.values import MANY
from bplint.importers.qasm.grammar import extent
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.quoting import quote


class Definitions:
    """The gates that one program defines. ``bodies`` has the node of each by its name."""

    def __init__(self, reading: SourceReading, counter: Counter) -> None:
        self.bodies: dict[str, Any] = {}
        self._reading = reading
        self._counter = counter

    def define(self, node: Any, scope: NameScope) -> None:
        """A gate definition."""
        reading = self._reading
        place = extent(node.name)
        name = reading.names.check("gate", *place)
        reading.callees.refuse_second(name, *place)
        self._check_formals("angle", node.arguments)
        qubits = self._check_formals("qubit", node.qubits)
        if not qubits:
            raise reading.source.error(f"gate {quote(name)} acts on no qubit", *place)
        self._check_body(name, node.body, qubits)
        cost = min(1 + self._counter.operations(node.body, NameScope(free=False)), MANY)
        parameters = tuple([argument.name for argument in node.arguments])
        self.bodies[name] = node
        reading.callees.known[name] = Definition(name, parameters, len(qubits), (), cost, place[0])

    def _check_formals(self, what: str, identifiers: Sequence[Any]) -> set[str]:
        found: set[str] = set()
        for identifier in identifiers:
            place = extent(identifier)
            name = self._reading.names.check(what, *place)
            if name in found:
                raise self._reading.source.error(f"two {what}s of the gate are named {quote(name)}", *place)
            found.add(name)
        return found

    def _check_body(self, name: str, statements: Iterable[Any], qubits: set[str]) -> None:
        """Refuse, before any call, gates that do not exist and operands that are no qubits of the gate."""
        reading = self._reading
        for node in statements:
            for operand in getattr(node, "qubits", ()):
                start, end = extent(operand)
                if type(operand).__name__ != "Identifier":
                    message = f"want the name of a qubit of the gate, got {quote(reading.source.code[start:end])}"
                    raise reading.source.error(
                        message, start, end, hint="a qubit of a gate is one qubit, without an index"
                    )
                if operand.name not in qubits:
                    raise reading.names.unknown(operand.name, "qubit of the gate", sorted(qubits), start, end)
            if type(node).__name__ == "QuantumGate":
                if node.name.name == name:
                    raise reading.source.error(f"gate {quote(name)} calls itself", *extent(node))
                reading.callees.find(*extent(node.name))
            for part in ("body", "block", "if_block", "else_block"):
                self._check_body(name, getattr(node, part, ()), qubits)
