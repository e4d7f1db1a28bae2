"""Definitions of gates: checked where they stand, before any call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bplint.importers.lowered import Angle
from bplint.importers.qasm.angles import Expression
from bplint.importers.qasm.callees import Definition, Step
from bplint.importers.qasm.counting import Counter
from bplint.importers.qasm.grammar import ast, extent, walk
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import NameScope
from bplint.importers.qasm.source import MANY
from bplint.importers.qasm.values import Values
from bplint.importers.quoting import quote


class Definitions:
    """The gates that one program defines. ``bodies`` has the node of each by its name."""

    def __init__(self, reading: SourceReading, counter: Counter, values: Values) -> None:
        self.bodies: dict[str, ast.QuantumGateDefinition] = {}
        self._reading = reading
        self._counter = counter
        self._compile = values.compile

    def define(self, node: ast.QuantumGateDefinition, scope: NameScope) -> None:
        """A gate definition."""
        reading, place = self._reading, extent(node.name)
        name = reading.names.check("gate", *place)
        reading.callees.refuse_second(name, *place)
        parameters = self._check_formals("angle", node.arguments)
        qubits = self._check_formals("qubit", node.qubits)
        self._check_body(name, node.body, qubits)
        steps = self._steps(node.body, parameters, qubits)
        cost = min(1 + self._counter.count(node.body, NameScope(idle=True)).operations, MANY)
        self.bodies[name] = node
        reading.callees.known[name] = Definition(name, tuple(parameters), len(qubits), steps, cost, place[0])

    def _check_formals(self, what: str, identifiers: Sequence[ast.Identifier]) -> list[str]:
        seen: dict[str, None] = {}
        for identifier in identifiers:
            place = extent(identifier)
            name = self._reading.names.check(what, *place)
            if name in seen:
                raise self._reading.source.error(f"two {what}s of the gate are named {quote(name)}", *place)
            seen[name] = None
        return list(seen)

    def _check_body(self, name: str, statements: Iterable[ast.Statement], qubits: Sequence[str]) -> None:
        """Refuse, before any call, gates that do not exist and operands that are no qubits of the gate."""
        reading = self._reading
        for node in walk(statements):
            if isinstance(node, ast.QuantumGate):
                if node.name.name == name:
                    raise reading.source.error(f"gate {quote(name)} calls itself", *extent(node))
                reading.callees.find(*extent(node.name))
            for operand in getattr(node, "qubits", ()):
                start, end = extent(operand)
                if not isinstance(operand, ast.Identifier):
                    message = f"want the name of a qubit of the gate, got {reading.source.shown(start, end)}"
                    hint = "a qubit of a gate is one qubit, without an index"
                    raise reading.source.error(message, start, end, hint=hint)
                if operand.name not in qubits:
                    raise reading.names.unknown(operand.name, "qubit of the gate", [*qubits], start, end)

    def _steps(
        self, statements: Iterable[ast.Statement], parameters: Sequence[str], qubits: Sequence[str]
    ) -> tuple[Step, ...] | None:
        """The calls that a body is a list of; None if it is more than that."""
        steps: list[Step] = []
        places = {qubit: place for place, qubit in enumerate(qubits)}
        for node in statements:
            match node:
                case ast.QuantumBarrier():
                    continue
                case ast.QuantumGate(modifiers=[]):
                    arguments = tuple([self._compile(argument) for argument in node.arguments])
                    if any(argument.calls for argument in arguments):
                        return None
                    self._check_names(arguments, parameters)
                    steps.append(self._step(node, arguments, places))
                case _:
                    return None
        return tuple(steps)

    def _step(self, node: ast.QuantumGate, arguments: tuple[Expression, ...], places: dict[str, int]) -> Step:
        reading = self._reading
        callee = reading.callees.find(*extent(node.name))
        wires = tuple([places[qubit.name] for qubit in node.qubits if isinstance(qubit, ast.Identifier)])
        if (len(arguments), len(wires)) != (callee.n_parameters, callee.n_qubits):
            raise reading.callees.arity_error(callee, len(arguments), len(wires), *extent(node))
        if len(set(wires)) < len(wires):
            raise reading.source.error(f"{quote(callee.name)} acts twice on one qubit of the gate", *extent(node))
        return Step(callee, arguments, wires)

    def _check_names(self, arguments: tuple[Expression, ...], parameters: Sequence[str]) -> None:
        """A name in a body is an angle of the gate, a constant or a parameter of the file."""
        names = self._reading.names
        for name, start, end in (place for argument in arguments for place in argument.names):
            if name not in parameters and not isinstance(names.known.get(name), int | Angle):
                raise names.unknown(name, "angle of the gate", [*parameters], start, end)
