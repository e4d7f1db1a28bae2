"""Runs the classical part of an OpenQASM 3 program, as far as it is known before a run, and writes down its gates."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bplint.importers.lowered import Angle
from bplint.importers.program import Note, Program
from bplint.importers.qasm.angles import Array, Bindable
from bplint.importers.qasm.full.counting import STATEMENT
from bplint.importers.qasm.full.definitions import Definitions
from bplint.importers.qasm.full.gates import GateCalls
from bplint.importers.qasm.full.numbering import Numbering, is_gate
from bplint.importers.qasm.full.scopes import NO_VALUE, NameScope, Type, Variable
from bplint.importers.qasm.full.subroutines import Flow, Subroutines
from bplint.importers.qasm.grammar import extent
from bplint.importers.qasm.source import NAME, SourceText
from bplint.importers.quoting import quote
from bplint.ir.circuit import GateOrigin

if TYPE_CHECKING:
    from openqasm3 import ast


class _Plan(NamedTuple):
    """What runs each statement of a block, how many steps those without a gate count as and where, and whether a
    name is declared in it.
    """

    steps: tuple[tuple[Callable[[Any, NameScope], Flow | None], Any], ...]
    price: tuple[int, int, int] | None
    declares: bool


class Evaluator(Subroutines):
    """One program while it is being run."""

    def __init__(self, source: SourceText, overrides: Mapping[str, int], statements: Sequence[Any]) -> None:
        super().__init__(source, overrides)
        self._statements = statements
        self._numbering = Numbering(source, self.statement, statements)
        definitions = Definitions(self, self._counter)
        self._gates = GateCalls(
            self, self._values, self._operands, definitions.bodies, self.run_all, self._kind, self._numbering
        )
        self._iterations = 0
        self._plans: dict[int, _Plan] = {}
        self._words: frozenset[str] | None = None
        """Of the code outside of calibrations, once one was met."""
        self._conditions: set[int] = set()
        """Those that are written well, by their node."""
        self._do: dict[str, Callable[[Any, NameScope], Flow | None]] = {
            "AliasStatement": self._alias,
            "Box": self._box,
            "BranchingStatement": self._branch,
            "BreakStatement": lambda node, scope: Flow.BREAK,
            "CalibrationDefinition": self._calibration,
            "CalibrationGrammarDeclaration": self._calibration_grammar,
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
            "QuantumGateDefinition": definitions.define,
            "QuantumMeasurementStatement": self._measure,
            "QuantumPhase": self._gates.run_phase,
            "QuantumReset": self._reset,
            "QubitDeclaration": self._declare_qubits,
            "ReturnStatement": self._return,
            "SubroutineDefinition": self._define,
            "SwitchStatement": self._switch,
            "WhileLoop": self._while,
        }

    def run(self) -> Program:
        """The program."""
        self.run_all(self._statements, NameScope(free=True))
        return self.program()

    def inside(self, start: int) -> Collection[int]:
        return self._numbering.inside(start)

    def run_all(self, statements: Sequence[Any], scope: NameScope) -> Flow | None:
        """Run statements up to one that leads elsewhere."""
        return self._follow(self._plan(statements), scope)

    def _follow(self, plan: _Plan, scope: NameScope) -> Flow | None:
        if plan.price:
            self.angles.spend(*plan.price)
        for do, node in plan.steps:
            flow = do(node, scope)
            if flow is not None:
                return flow
        return None

    def _plan(self, statements: Sequence[Any]) -> _Plan:
        found = self._plans.get(id(statements))
        if found is None:
            kinds = [type(node).__name__ for node in statements]
            others = [node for node in statements if not is_gate(node)]
            price = (STATEMENT * len(others), *extent(others[0])) if others else None
            steps = tuple(
                [(self._do.get(kind, self._refuse), node) for node, kind in zip(statements, kinds, strict=True)]
            )
            found = self._plans[id(statements)] = _Plan(steps, price, not _DECLARING.isdisjoint(kinds))
        return found

    def _block(self, statements: Sequence[Any], scope: NameScope) -> Flow | None:
        """Run statements whose declarations end with them."""
        plan = self._plan(statements)
        if not plan.declares:
            return self._follow(plan, scope)
        mark = scope.enter()
        flow = self._follow(plan, scope)
        scope.leave(mark)
        return flow

    def _kind(self) -> GateOrigin:
        """How a gate comes to stand in the circuit just now."""
        return GateOrigin.BODY if self._running else GateOrigin.LOOP if self._loops else GateOrigin.PLAIN

    def _refuse(self, node: Any, scope: NameScope) -> None:
        what = _REFUSED.get(type(node).__name__, type(node).__name__)
        raise self._unsupported(f"{what} cannot be modelled", node)

    def _box(self, node: Any, scope: NameScope) -> Flow | None:
        return self._block(node.body if type(node).__name__ == "Box" else node.statements, scope)

    def _expression(self, node: ast.ExpressionStatement, scope: NameScope) -> None:
        if type(node.expression).__name__ != "FunctionCall":
            raise self.source.error("this expression does nothing", *extent(node))
        self._call(node.expression, scope)

    # Pulses

    def _calibration(self, node: ast.CalibrationDefinition, scope: NameScope) -> None:
        """What a calibration makes of a gate is not known; one that nothing calls makes no difference."""
        name = node.name.name
        if self._words is None:
            self._words = self._outside_of_calibrations()
        if name in self._words:
            raise self._unsupported("pulse calibration (defcal) cannot be modelled", node)
        self._note(f"the calibration of {quote(name)} is passed over: nothing calls it", node)

    def _calibration_grammar(self, node: ast.CalibrationGrammarDeclaration, scope: NameScope) -> None:
        self._note("defcalgrammar is passed over", node)

    def _outside_of_calibrations(self) -> frozenset[str]:
        """The words of the program that stand in no calibration."""
        code, words, done = self.source.code, set[str](), 0
        for node in self._statements:
            if type(node).__name__ == "CalibrationDefinition":
                start, end = extent(node)
                words.update(_WORD.findall(code, done, start))
                done = end
        return frozenset(words.union(_WORD.findall(code, done)))

    def _note(self, text: str, node: Any) -> None:
        self.passive.notes.append(Note(text, self.source.span(*extent(node))))

    # Control flow

    def _branch(self, node: ast.BranchingStatement, scope: NameScope) -> Flow | None:
        return self._block(node.if_block if self._decides(node.condition, scope) else node.else_block, scope)

    def _switch(self, node: ast.SwitchStatement, scope: NameScope) -> Flow | None:
        value = self._values.whole(node.target, scope, "the value of a switch")
        for choices, block in node.cases:
            self.angles.spend(STATEMENT * len(choices), *extent(choices[0]))
            if any(self._values.whole(choice, scope, "a case") == value for choice in choices):
                return self._block(block.statements, scope)
        return self._block(node.default.statements, scope) if node.default else None

    def _while(self, node: ast.WhileLoop, scope: NameScope) -> Flow | None:
        self._loops += 1
        flow = None
        while flow is None and self._decides(node.while_condition, scope):
            self._turn(1, node)
            before, made = self._changes, self.spent
            flow = self._block(node.block, scope)
            if flow is Flow.CONTINUE:
                flow = None
            # What this loop makes is not counted before it runs, and so is limited more tightly.
            self.angles.spend(_OPERATION * (self.spent - made), *extent(node))
            if flow is None and self._changes == before:
                raise self.source.error("this loop never ends: nothing in it changes", *extent(node))
        self._loops -= 1
        return None if flow is Flow.BREAK else flow

    def _for(self, node: ast.ForInLoop, scope: NameScope) -> Flow | None:
        kind = self._values.type(node.type, scope)
        turns = self._turns(node.set_declaration, kind, scope)
        count = len(turns)
        if not self._loops:
            self._counter.check(node, count, scope)
        self._turn(count, node)
        name = node.identifier.name
        self.names.check("loop variable", *extent(node.identifier))
        self._loops += 1
        before = scope.enter()
        scope.declare(name, Variable(kind, constant=True), NO_VALUE)
        inside = scope.mark()
        plan = self._plan(node.block)
        flow = None
        for value in turns:
            scope.values[name] = value
            flow = self._follow(plan, scope)
            if plan.declares:
                scope.forget(inside)
            if flow is not None and flow is not Flow.CONTINUE:
                break
            flow = None
        scope.leave(before)
        self._loops -= 1
        return None if flow is Flow.BREAK else flow

    def _turns(self, node: Any, kind: Type, scope: NameScope) -> Sequence[int | Bindable]:
        """The values of a loop variable."""
        name = type(node).__name__
        if name == "RangeDefinition":
            return self._values.range(node, scope)
        if name == "DiscreteSet":
            return [self._values.of_type(value, kind, scope) for value in node.values]
        value = scope.values.get(node.name) if name == "Identifier" else None
        if isinstance(value, Array):
            return list(value.values)
        if name == "Identifier" and node.name in self.names.arrays and len(self.names.arrays[node.name]) == 1:
            (size,) = self.names.arrays[node.name]
            return [Angle(0.0, ((f"{node.name}[{i}]", 1.0),)) for i in range(size)]
        raise self.source.error("a loop runs over [first:last], {a, b} or an array", *extent(node))

    def _turn(self, count: int, node: Any) -> None:
        self._iterations += count
        if self._iterations > self.source.limits.iterations:
            amount = f"{self._iterations:,}" if self._iterations < 10**15 else "more than 10^15"
            raise self.source.limit("iterations", f"{amount} turns of loops", *extent(node))

    def _decides(self, node: ast.Expression, scope: NameScope) -> bool:
        """A condition, which must be known."""
        if id(node) not in self._conditions:
            if "~" in self.source.code[slice(*extent(node))]:
                # ~ of a bit is another bit, but of a whole number all its other bits: the type decides.
                raise self.source.error("~ in a condition", *extent(node), hint="write ! for not")
            self._conditions.add(id(node))
        return bool(self._values.number(node, scope, whole=True))


_WORD = re.compile(NAME)
_OPERATION = 20
"""What an operation counts as, beside a step of arithmetic, in a loop whose turns cannot be counted before."""
_DECLARING = frozenset({"AliasStatement", "ClassicalDeclaration", "ConstantDeclaration", "IODeclaration"})
_REFUSED = {
    "CalibrationStatement": "pulse calibration (cal)",
    "ExternDeclaration": "extern function",
}
