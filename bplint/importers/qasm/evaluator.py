"""Runs the classical part of an OpenQASM program, as far as it is known before a run, and writes down its gates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from bplint.errors import SourceError
from bplint.importers.outcomes import NotUnitary, Value
from bplint.importers.qasm.angles import Expression
from bplint.importers.qasm.counting import STATEMENT
from bplint.importers.qasm.feedback import answers, compared
from bplint.importers.qasm.grammar import Block, Memo, OpaqueGate, Parser, PlainCall, ast, extent
from bplint.importers.qasm.numbering import is_gate
from bplint.importers.qasm.plain import PlainStatements
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import NO_VALUE, Affine, Array, Bindable, NameScope, Type
from bplint.importers.qasm.source import NAME
from bplint.importers.qasm.subroutines import Flow, Subroutines
from bplint.importers.qasm.survey import may_train
from bplint.importers.quoting import quote

Run = Callable[[Any, NameScope], Flow | None]
"""Runs a statement of one class."""


class _Plan(NamedTuple):
    """What runs each statement of a block, how many steps those without a gate count as and where, and whether a
    name is declared in it.
    """

    steps: tuple[tuple[Run, ast.Statement], ...]
    price: tuple[int, int, int] | None
    declares: bool


class Evaluator(Subroutines):
    """Runs statements of one source; ``plain`` writes down the calls that it can."""

    def __init__(self, reading: SourceReading, plain: PlainStatements) -> None:
        super().__init__(reading)
        self._parser = Parser(reading.source, running=True)
        self._plain = plain
        self._compiled: dict[str, list[Expression]] = {}
        """The angles of calls, by their text."""
        reading.inside = self._numbering.inside
        self._iterations = 0
        self._do: Mapping[type, Run] = {
            ast.AliasStatement: self._alias,
            ast.Box: lambda node, scope: self._block(node.body, scope),
            ast.BranchingStatement: self._branch,
            ast.BreakStatement: lambda node, scope: Flow.BREAK,
            ast.CalibrationDefinition: self._calibration,
            ast.CalibrationGrammarDeclaration: self._calibration_grammar,
            ast.ClassicalAssignment: self._assign,
            ast.ClassicalDeclaration: self._declare,
            ast.CompoundStatement: lambda node, scope: self._block(node.statements, scope),
            ast.ConstantDeclaration: self._declare_constant,
            ast.ContinueStatement: lambda node, scope: Flow.CONTINUE,
            ast.DelayInstruction: self._pass_over,
            ast.EndStatement: lambda node, scope: Flow.END,
            ast.ExpressionStatement: self._expression,
            ast.ForInLoop: self._for,
            ast.Include: self._include,
            ast.IODeclaration: self._declare_input,
            OpaqueGate: self._opaque,
            PlainCall: self._run_plain,
            ast.QuantumBarrier: self._pass_over,
            ast.QuantumGate: self._gate,
            ast.QuantumGateDefinition: self._definitions.define,
            ast.QuantumMeasurementStatement: self._measure,
            ast.QuantumPhase: self._phase,
            ast.QuantumReset: self._reset,
            ast.QubitDeclaration: self._declare_qubits,
            ast.ReturnStatement: self._return,
            ast.SubroutineDefinition: self._define,
            ast.SwitchStatement: self._switch,
            ast.WhileLoop: self._while,
        }

    def read(self, start: int) -> int:
        """Run the statement at this offset of the text. Returns the offset after it, after ``end`` that of the text's end."""
        parser, scope = self._parser, self.reading.scope
        parser.move(start)
        node = parser.statement()
        self._numbering.enter(node)
        if not is_gate(node):
            self.angles.spend(STATEMENT, *extent(node))
        after = parser.before
        if self._do.get(type(node), self._refuse)(node, scope) is not Flow.END:
            return after
        parser.move(after)
        for rest in parser.program():
            self._numbering.enter(rest)
        return len(self.source.code)

    def arguments(self, written: str, start: int, end: int, scope: NameScope) -> Sequence[Affine]:
        """The angles in code[start:end], which is this text, in the parentheses of a call."""
        known = self._compiled.get(written)
        if known is not None:
            try:
                return [self.angles.evaluate(expression, scope.closed) for expression in known]
            except SourceError:
                pass  # what is wrong is told of the place where it stands
        parser = self._parser
        parser.began = start
        parser.move(start - 1)
        known = [self._values.compile(node) for node in parser.bracketed("(", parser.expression)]
        if not any(expression.calls for expression in known):
            self._compiled[written] = known
        return [self.angles.evaluate(expression, scope) for expression in known]

    def close(self) -> None:
        """Let go of everything, trees above all: methods that are kept hold the evaluator and its parts in circles."""
        for part in (self._numbering, self):
            vars(part).clear()

    def may_train(self) -> bool:
        """Whether there is anything in the whole text that could be trained."""
        return may_train(Parser(self.source).program(), self._values)

    def run_all(self, statements: Block, scope: NameScope) -> Flow | None:
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

    def _plan(self, statements: Block) -> _Plan:
        plan = _PLAN.of(statements)
        if plan is None:
            others = [node for node in statements if not is_gate(node)]
            price = (STATEMENT * len(others), *extent(others[0])) if others else None
            steps = tuple([(self._do.get(type(node), self._refuse), node) for node in statements])
            declares = any(isinstance(node, _DECLARING) for node in statements)
            plan = _PLAN.keep(statements, _Plan(steps, price, declares))
        return plan

    def _block(self, statements: Any, scope: NameScope) -> Flow | None:
        """Run the statements of a block, whose declarations end with it."""
        plan = self._plan(statements)
        if not plan.declares:
            return self._follow(plan, scope)
        mark = scope.enter()
        flow = self._follow(plan, scope)
        scope.leave(mark)
        return flow

    def _run_plain(self, call: PlainCall, scope: NameScope) -> None:
        """A call that is plain, or else is parsed to its end and run by the tree."""
        number = self._numbering.of(call)
        if not self.reading.outcomes.assumed and self._plain.call(call.text, scope, self._kind(), number):
            return
        node = _IN_FULL.of(call)
        if node is None:
            self._parser.move(extent(call)[0])
            node = _IN_FULL.keep(call, self._numbering.stand_in(self._parser.statement(), call))
        self._do[type(node)](node, scope)

    def _refuse(self, node: ast.Statement, scope: NameScope) -> None:
        what = _REFUSED.get(type(node), type(node).__name__)
        raise self._unsupported(f"{what} cannot be modelled", node)

    def _expression(self, node: ast.ExpressionStatement, scope: NameScope) -> None:
        expression, place = node.expression, extent(node)
        if isinstance(expression, ast.FunctionCall):
            self._call(expression, scope, what="subroutine or function")
            return
        if isinstance(expression, ast.Identifier) and expression.name not in scope.variables:
            callee = self.reading.callees.find(*extent(expression))
            raise self.reading.callees.arity_error(callee, 0, 0, *place)
        raise self.source.error("this expression does nothing", *place)

    # Pulses

    def _calibration(self, node: ast.CalibrationDefinition, scope: NameScope) -> None:
        """What a calibration makes of a gate is not known; one that nothing calls makes no difference."""
        name = node.name.name
        if name in self._words_outside_of_calibrations:
            raise self._unsupported("pulse calibration (defcal) cannot be modelled", node)
        self.reading.note(f"the calibration of {quote(name)} is passed over: nothing calls it", *extent(node))

    def _calibration_grammar(self, node: ast.CalibrationGrammarDeclaration, scope: NameScope) -> None:
        self.reading.note("defcalgrammar is passed over", *extent(node))

    @cached_property
    def _words_outside_of_calibrations(self) -> frozenset[str]:
        """The words of the program that stand in no calibration."""
        pieces, done, parser = [], 0, Parser(self.source)
        for match in re.finditer(r"\bdefcal\b", self.source.code):
            if match.start() < done:
                continue
            parser.move(match.start())
            parser.statement()
            pieces.append(self.source.code[done : match.start()])
            done = parser.before
        return frozenset(re.findall(NAME, " ".join([*pieces, self.source.code[done:]])))

    # Control flow

    def _branch(self, node: ast.BranchingStatement, scope: NameScope) -> Flow | None:
        return self._on_each(
            lambda: self._decides(node.condition, scope),
            lambda holds: self._block(node.if_block if holds else node.else_block, scope),
            node,
        )

    def _switch(self, node: ast.SwitchStatement, scope: NameScope) -> Flow | None:
        return self._on_each(
            lambda: self._values.whole(node.target, scope, "the value of a switch"),
            lambda value: self._case(node, value, scope),
            node,
        )

    def _case(self, node: ast.SwitchStatement, value: int, scope: NameScope) -> Flow | None:
        for choices, block in node.cases:
            self.angles.spend(STATEMENT * len(choices), *extent(choices[0]))
            if any(self._values.whole(choice, scope, "a case") == value for choice in choices):
                return self._block(block.statements, scope)
        return self._block(node.default.statements, scope) if node.default else None

    def _on_each(
        self, ask: Callable[[], Value], run: Callable[[Value], Flow | None], node: ast.Statement
    ) -> Flow | None:
        """Run what follows from the answer; if it depends on outcomes, for each of them with gates that depend on them."""
        cases = answers(ask, self.reading)
        if len(cases) == 1:
            return run(cases[0][1])
        for controls, answer in cases:
            with self.reading.outcomes.under(controls):
                flow = run(answer)
            if flow is not None:
                raise NotUnitary(f"{flow.value} that depends on a measurement", self.source.span(*extent(node)))
        return None

    def _while(self, node: ast.WhileLoop, scope: NameScope) -> Flow | None:
        self._loops += 1
        flow = None
        while flow is None and self._decides(node.while_condition, scope):
            self._turn(1, node)
            before, made = self.reading.changes, self.reading.spent
            flow = self._block(node.block, scope)
            if flow is Flow.CONTINUE:
                flow = None
            # What this loop makes is not counted before it runs, and so is limited more tightly.
            self.angles.spend(_OPERATION * (self.reading.spent - made), *extent(node))
            if flow is None and self.reading.changes == before:
                raise self.source.error("this loop never ends: nothing in it changes", *extent(node))
        self._loops -= 1
        return None if flow is Flow.BREAK else flow

    def _for(self, node: ast.ForInLoop, scope: NameScope) -> Flow | None:
        kind = self._values.type(node.type, scope)
        turns = self._turns(node.set_declaration, kind, scope)
        count = len(turns)
        if not self._loops:
            self._counter.check(node, count, scope, self._iterations)
        self._turn(count, node)
        name = node.identifier.name
        self.names.check("loop variable", *extent(node.identifier))
        self._loops += 1
        before = scope.enter()
        scope.declare(name, kind, NO_VALUE, constant=True)
        plan = self._plan(node.block)  # type: ignore[arg-type]
        flow = None
        for value in turns:
            scope.values[name] = value
            flow = self._follow(plan, scope)
            if plan.declares:
                scope.forget(before + 1)  # all but the loop variable
            if flow is not None and flow is not Flow.CONTINUE:
                break
            flow = None
        scope.leave(before)
        self._loops -= 1
        return None if flow is Flow.BREAK else flow

    def _turns(self, node: ast.QASMNode, kind: Type, scope: NameScope) -> Sequence[int | Bindable]:
        """The values of a loop variable."""
        if isinstance(node, ast.RangeDefinition):
            return self._values.range(node, scope)
        if isinstance(node, ast.DiscreteSet):
            return [self._values.of_type(value, kind, scope) for value in node.values]
        if isinstance(node, ast.Identifier):
            array = self.names.find(node.name, scope)
            if isinstance(array, Array):
                return list(array.values)
        raise self.source.error("a loop runs over [first:last], {a, b} or an array", *extent(node))

    def _turn(self, count: int, node: ast.Statement) -> None:
        self._iterations += count
        self.source.check("iterations", self._iterations, "turns of loops", *extent(node))

    def _decides(self, node: ast.Expression, scope: NameScope) -> bool:
        """A condition, which must be known."""
        if self.source.code.find("~", *extent(node)) >= 0:
            # ~ of a bit is another bit, but of a whole number all its other bits: the type decides.
            raise self.source.error("~ in a condition", *extent(node), hint="write ! for not")
        holds = compared(node, scope, self.reading, self._values)
        return bool(self._values.number(node, scope, whole=True)) if holds is None else holds


_PLAN = Memo[_Plan]("plan")
_IN_FULL = Memo[ast.Statement]("in_full")
_OPERATION = 20
"""What an operation counts as, beside a step of arithmetic, in a loop whose turns cannot be counted before."""
_DECLARING = ast.AliasStatement | ast.ClassicalDeclaration | ast.ConstantDeclaration | ast.IODeclaration
_REFUSED: Mapping[type, str] = {
    ast.CalibrationStatement: "pulse calibration (cal)",
    ast.ExternDeclaration: "extern function",
}
