"""Runs the classical part of an OpenQASM 3 program, as far as it is known before a run, and writes down its gates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from bplint.importers.program import Program
from bplint.importers.qasm.angles import Angle, Array, Bindable, Unknown
from bplint.importers.qasm.full.classical import Classical
from bplint.importers.qasm.full.counting import Counter
from bplint.importers.qasm.full.gates import GateCalls
from bplint.importers.qasm.full.scopes import QUANTUM, Scope, Type, Variable, copied
from bplint.importers.qasm.full.syntax import Places
from bplint.importers.qasm.measurement import each
from bplint.importers.qasm.source import Source
from bplint.importers.quoting import quote
from bplint.ir.circuit import Kind

if TYPE_CHECKING:
    from openqasm3 import ast


class Flow(Enum):
    """Where to go on after a statement."""

    NEXT = "next"
    CONTINUE = "continue"
    BREAK = "break"
    RETURN = "return"
    END = "end"


class Evaluator(Classical):
    """One program while it is being run."""

    def __init__(self, source: Source, overrides: Mapping[str, int], places: Places) -> None:
        super().__init__(source, overrides, places)
        self._counter = Counter(source, places, self.callees, self._values)
        self._gates = GateCalls(
            self, places, self._values, self._operands, self._counter, self.block, lambda: self.kind
        )
        self._subroutines: dict[str, Any] = {}
        self._result: Bindable | None = None
        self._iterations = 0
        self._loops = 0
        self._do: dict[str, Callable[[Any, Scope], Flow | None]] = {
            "AliasStatement": self._alias,
            "Box": self._box,
            "BranchingStatement": self._branch,
            "BreakStatement": lambda node, scope: Flow.BREAK,
            "ClassicalAssignment": self._assign,
            "ClassicalDeclaration": self._declare,
            "CompoundStatement": self._box,
            "ConstantDeclaration": self._declare_constant,
            "ContinueStatement": lambda node, scope: Flow.CONTINUE,
            "DelayInstruction": self._pass_over,
            "EndStatement": lambda node, scope: Flow.END,
            "ExpressionStatement": self._expression,
            "ForInLoop": self._for,
            "Include": self._include,
            "IODeclaration": self._declare_input,
            "QuantumBarrier": self._pass_over,
            "QuantumGate": self._gates.run,
            "QuantumGateDefinition": self._gates.define,
            "QuantumMeasurementStatement": self._measure,
            "QuantumPhase": self._gates.run_phase,
            "QuantumReset": self._reset,
            "QubitDeclaration": self._declare_qubits,
            "ReturnStatement": self._return,
            "SubroutineDefinition": self._define,
            "SwitchStatement": self._switch,
            "WhileLoop": self._while,
        }

    def run(self, statements: Sequence[Any]) -> Program:
        """The program in these statements."""
        self._gates.enter(statements)
        self.block(statements, Scope(free=True))
        return self.program()

    @property
    def kind(self) -> Kind:
        """How a gate comes to stand in the circuit just now."""
        return Kind.BODY if self._running else Kind.LOOP if self._loops else Kind.PLAIN

    def block(self, statements: Iterable[Any], scope: Scope) -> Flow:
        """Run statements in a scope, up to one that leads elsewhere."""
        for node in statements:
            do = self._do.get(type(node).__name__)
            if do is None:
                what = _REFUSED.get(type(node).__name__, type(node).__name__)
                raise self._unsupported(f"{what} cannot be modelled", node)
            flow = do(node, scope)
            if flow is not None and flow is not Flow.NEXT:
                return flow
        return Flow.NEXT

    def _define(self, node: ast.SubroutineDefinition, scope: Scope) -> None:
        self.names.claim("subroutine", *self._places.name(node.name))
        self._subroutines[node.name.name] = node

    def _box(self, node: Any, scope: Scope) -> Flow:
        body = node.body if type(node).__name__ == "Box" else node.statements
        return self.block(body, scope.inner())

    def _expression(self, node: ast.ExpressionStatement, scope: Scope) -> None:
        if type(node.expression).__name__ != "FunctionCall":
            raise self.source.error("this expression does nothing", *self._places.of(node))
        self._call(node.expression, scope)

    # Control flow

    def _branch(self, node: ast.BranchingStatement, scope: Scope) -> Flow:
        taken = node.if_block if self._decides(node.condition, scope) else node.else_block
        return self.block(taken, scope.inner())

    def _switch(self, node: ast.SwitchStatement, scope: Scope) -> Flow:
        value = self._values.whole(node.target, scope, "the value of a switch")
        for choices, block in node.cases:
            if any(self._values.whole(choice, scope, "a case") == value for choice in choices):
                return self.block(block.statements, scope.inner())
        return self.block(node.default.statements, scope.inner()) if node.default else Flow.NEXT

    def _while(self, node: ast.WhileLoop, scope: Scope) -> Flow:
        self._loops += 1
        while self._decides(node.while_condition, scope):
            self._turn(1, node)
            before = self._changes
            flow = self.block(node.block, scope.inner())
            if flow in (Flow.RETURN, Flow.END):
                self._loops -= 1
                return flow
            if flow is Flow.BREAK:
                break
            if self._changes == before:
                raise self.source.error("this loop never ends: nothing in it changes", *self._places.of(node))
        self._loops -= 1
        return Flow.NEXT

    def _for(self, node: ast.ForInLoop, scope: Scope) -> Flow:
        kind = self._values.type(node.type, scope)
        turns = self._turns(node.set_declaration, kind, scope)
        count = len(turns)
        if not self._loops:
            self._counter.check(node, count, scope)
        self._turn(count, node)
        self._loops += 1
        name = node.identifier.name
        self.names.check("loop variable", *self._places.name(node.identifier))
        for value in turns:
            inner = scope.inner()
            inner.variables[name] = Variable(kind, Angle(value) if isinstance(value, int) else value, constant=True)
            flow = self.block(node.block, inner)
            if flow in (Flow.RETURN, Flow.END):
                self._loops -= 1
                return flow
            if flow is Flow.BREAK:
                break
        self._loops -= 1
        return Flow.NEXT

    def _turns(self, node: Any, kind: Type, scope: Scope) -> Sequence[int | Bindable]:
        """The values of a loop variable."""
        name = type(node).__name__
        if name == "RangeDefinition":
            return self._counter.range(node, scope)
        if name == "DiscreteSet":
            return [self._values.of_type(value, kind, scope) for value in node.values]
        value = scope.get(node.name) if name == "Identifier" else None
        if isinstance(value, Array):
            return list(value.values)
        if name == "Identifier" and node.name in self.names.arrays and len(self.names.arrays[node.name]) == 1:
            (size,) = self.names.arrays[node.name]
            return [Angle(0.0, ((f"{node.name}[{i}]", 1.0),)) for i in range(size)]
        raise self.source.error("a loop runs over [first:last], {a, b} or an array", *self._places.of(node))

    def _turn(self, count: int, node: Any) -> None:
        self._iterations += count
        if self._iterations > self.source.limits.iterations:
            amount = f"{self._iterations:,}" if self._iterations < 10**15 else "more than 10^15"
            raise self.source.limit("iterations", f"{amount} turns of loops", *self._places.of(node))

    def _decides(self, node: ast.Expression, scope: Scope) -> bool:
        """A condition, which must be known."""
        if "~" in self.source.code[slice(*self._places.of(node))]:
            # ~ of a bit is another bit, but of a whole number all its other bits: which it is depends on the type.
            raise self.source.error("~ in a condition", *self._places.of(node), hint="write ! for not")
        return bool(self._values.number(node, scope, whole=True))

    # Subroutines

    def _call(self, node: Any, scope: Scope) -> Bindable | None:
        """Run a subroutine, in place of its call. Returns its value."""
        name = node.name.name
        start, end = self._places.name(node.name)
        subroutine = self._subroutines.get(name)
        if subroutine is None:
            raise self.names.unknown(name, "subroutine or function", [*self._subroutines], start, end)
        if name in self._running:
            raise self._unsupported(f"subroutine {quote(name)} calls itself", node)
        if len(node.arguments) != len(subroutine.arguments):
            want, here = len(subroutine.arguments), len(node.arguments)
            raise self.source.error(f"{quote(name)} takes {want} arguments; here {here}", start, end)
        inner = Scope(free=False)
        for formal, actual in zip(subroutine.arguments, node.arguments, strict=True):
            inner.variables[formal.name.name] = self._argument(formal, actual, scope)
        self._running.append(name)
        self._result = None
        flow = self.block(subroutine.body, inner)
        self._running.pop()
        if flow is Flow.END:
            raise self._unsupported("end inside of a subroutine", node)
        result, self._result = self._result, None
        return result

    def _argument(self, formal: Any, actual: Any, scope: Scope) -> Variable:
        if type(formal).__name__ == "QuantumArgument":
            place = self._operands.place(actual, scope)
            size = None if formal.size is None else self._values.whole(formal.size, scope, "the size of an argument")
            self._check_size(formal.name.name, size, len(each(place)), actual)
            if size is None:
                (place,) = each(place)
            else:
                place = each(place)
            return Variable(Type("qubit"), QUANTUM, place=place)
        kind = self._values.type(formal.type, scope)
        variable = scope.find(actual.name) if type(actual).__name__ == "Identifier" else None
        if kind.shape and variable is not None and variable.type.shape == kind.shape:
            shared = formal.access is not None and formal.access.name == "mutable"
            return Variable(kind, variable.value if shared else copied(variable.value))
        if kind.shape and type(actual).__name__ == "Identifier" and self.names.arrays.get(actual.name) == kind.shape:
            return Variable(kind, self._parameters(actual.name, kind.shape), constant=True)
        return Variable(kind, self._values.of_type(actual, kind, scope))

    def _parameters(self, name: str, shape: tuple[int, ...]) -> Bindable:
        """An array of parameters as a value."""
        if not shape:
            return Angle(0.0, ((name, 1.0),))
        return Array([self._parameters(f"{name}[{i}]", shape[1:]) for i in range(shape[0])])

    def _check_size(self, name: str, size: int | None, here: int, actual: Any) -> None:
        if here != (size or 1):
            message = f"the argument {quote(name)} takes {size or 1} qubits; here {here}"
            raise self.source.error(message, *self._places.of(actual))

    def _return(self, node: ast.ReturnStatement, scope: Scope) -> Flow:
        value: Any = node.expression
        subroutine = self._subroutines[self._running[-1]]
        if type(value).__name__ == "QuantumMeasurement":
            qubits = self._operands.place(value.qubit, scope)
            self.measurement.record(qubits, qubits, *self._places.of(node))
            self._result = Unknown(
                f"is the outcome of the measurement on line {self.source.line(self._places.of(node)[0])}"
            )
        elif value is not None:
            if subroutine.return_type is None:
                raise self.source.error("this subroutine declares no type to return", *self._places.of(node))
            self._result = self._values.of_type(value, self._values.type(subroutine.return_type, scope), scope)
        return Flow.RETURN


_REFUSED = {
    "CalibrationDefinition": "pulse calibration (defcal)",
    "CalibrationGrammarDeclaration": "pulse calibration (defcalgrammar)",
    "CalibrationStatement": "pulse calibration (cal)",
    "ExternDeclaration": "extern function",
}
