"""Subroutines of an OpenQASM 3 program: each call runs the body in a scope of its own."""

from __future__ import annotations

from enum import Enum

from bplint.importers.qasm.counting import STATEMENT
from bplint.importers.qasm.gates import GateEvaluator
from bplint.importers.qasm.grammar import ast, extent
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import QUBIT, Array, Bindable, NameScope, Qubits, each
from bplint.importers.quoting import quote


class Flow(Enum):
    """Where to go on after a statement, if not at the next one."""

    CONTINUE = "continue"
    BREAK = "break"
    RETURN = "return"
    END = "end"


class Subroutines(GateEvaluator):
    """Runs calls."""

    def __init__(self, reading: SourceReading) -> None:
        super().__init__(reading)
        self._subroutines: dict[str, ast.SubroutineDefinition] = {}
        self._result: Bindable | None = None

    def _define(self, node: ast.SubroutineDefinition, scope: NameScope) -> None:
        name = self.names.claim("subroutine", *extent(node.name))
        self._subroutines[name] = node
        self._counter.define(name, node.body)

    def _call(self, node: ast.FunctionCall, scope: NameScope, *, what: str = "function") -> Bindable | None:
        """Run a subroutine, in place of its call. Returns its value. ``what`` is expected at this place."""
        if scope.idle:
            raise self._unsupported("a subroutine is run when its turn comes", node)
        name = node.name.name
        start, end = extent(node.name)
        subroutine = self._subroutines.get(name)
        if subroutine is None:
            raise self.names.unknown(name, what, [*self._subroutines], start, end)
        if name in self._running:
            raise self._unsupported(f"subroutine {quote(name)} calls itself", node)
        if len(node.arguments) != len(subroutine.arguments):
            want, here = len(subroutine.arguments), len(node.arguments)
            raise self.source.error(f"{quote(name)} takes {want} arguments; here {here}", start, end)
        self.angles.spend(STATEMENT * (1 + len(node.arguments)), start, end)
        if not self._running and not self._loops:
            self._counter.check_call(name, start, end)
        inner = NameScope(level=1)
        for formal, actual in zip(subroutine.arguments, node.arguments, strict=True):
            self._pass(formal, actual, scope, inner)
        self._running.append(name)
        self._result = None
        flow = self.run_all(subroutine.body, inner)  # type: ignore[arg-type]
        self._running.pop()
        if flow is Flow.END:
            raise self._unsupported("end inside of a subroutine", node)
        result, self._result = self._result, None
        return result

    def _pass(self, formal: _Formal, actual: ast.Expression, scope: NameScope, inner: NameScope) -> None:
        """Declare an argument in the scope of the body."""
        name = formal.name.name
        if isinstance(formal, ast.QuantumArgument):
            qubits = each(self._operands.place(actual, scope))
            size = None if formal.size is None else self._values.whole(formal.size, scope, "the size of an argument")
            if len(qubits) != (size or 1):
                message = f"the argument {quote(name)} takes {size or 1} qubits; here {len(qubits)}"
                raise self.source.error(message, *extent(actual))
            inner.declare(name, QUBIT, Qubits(qubits[0] if size is None else qubits))
            return
        kind = self._values.type(formal.type, scope)
        array = self.names.find(actual.name, scope) if isinstance(actual, ast.Identifier) else None
        if isinstance(actual, ast.Identifier) and isinstance(array, Array) and array.shape == kind.shape:
            variable = scope.variables.get(actual.name)
            constant = variable is None or variable.constant
            if constant or (formal.access is not None and formal.access.name == "mutable"):
                inner.declare(name, kind, array, constant=constant)
                return
        inner.declare(name, kind, self._values.of_type(actual, kind, scope))

    def _return(self, node: ast.ReturnStatement, scope: NameScope) -> Flow:
        value = node.expression
        subroutine = self._subroutines[self._running[-1]]
        if isinstance(value, ast.QuantumMeasurement):
            qubits = self._operands.place(value.qubit, scope)
            outcomes = self.reading.record(qubits, qubits, *extent(node))
            self._result = outcomes[0] if len(outcomes) == 1 else Array([*outcomes], bits=True)
        elif value is not None:
            if subroutine.return_type is None:
                raise self.source.error("this subroutine declares no type to return", *extent(node))
            self._result = self._values.of_type(value, self._values.type(subroutine.return_type, scope), scope)
        return Flow.RETURN


_Formal = ast.ClassicalArgument | ast.QuantumArgument
