"""Statements: the parser of OpenQASM 2 and 3, one statement at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bplint.errors import SourceError
from bplint.importers.qasm.grammar.declarations import TYPES
from bplint.importers.qasm.grammar.definitions import DefinitionParser
from bplint.importers.qasm.grammar.expressions import NO_NAMES
from bplint.importers.qasm.grammar.nodes import Block, PlainCall, ast, extent, placed
from bplint.importers.qasm.library import NEW_STATEMENTS
from bplint.importers.qasm.source import NAME, SourceText
from bplint.importers.quoting import quote


class Parser(DefinitionParser):
    """Reads statements of the file, each as a node of the reference tree.

    Comments, pragmas and annotations are no part of the tree, nor are empty statements. Raises SourceError with the
    place of the fault. ``running`` leaves plain calls in blocks as they are written, each a ``PlainCall``.
    """

    def __init__(self, source: SourceText, *, running: bool = False) -> None:
        super().__init__(source, source.start)
        self._loops = 0
        self._running = running and not self.old and source.limits.digits >= _LONGEST

    def program(self) -> list[ast.Statement]:
        """All statements of the text."""
        statements = []
        while self.text:
            self.began = self.start
            if not self.take(";"):
                statements.append(self.statement())
        return statements

    def statement(self) -> ast.Statement:
        """The statement that begins at the current token."""
        self.began = self.start
        if self.kind == "name":
            read = (_OLD_STATEMENTS if self.old else _STATEMENTS).get(self.text)
            if read is not None:
                return read(self)
            if self.old:
                self._check_old()
            return self.named()
        if self.text == "{" and not self.old:
            start = self.start
            return placed(ast.CompoundStatement(self.block()), start, self.before)
        if self.text in _NOT_FIRST or self.old:
            raise self._unreadable_statement()
        return self._expression(self.start)

    def block(self) -> Block:
        """The statements in braces."""
        if self.text != "{":
            raise self.unreadable()
        opening, block = self.start, Block()
        self._enter_block(opening)
        self.advance()
        while self.text != "}":
            if not self.text:
                raise self.error("{ is not closed", opening, opening + 1)
            if self._running and not self.gate:
                self._plain_calls(block)
            elif not self.take(";"):
                block.append(self.statement())
        self.level -= 1
        self._depth -= 1
        self.advance()
        return block

    def _plain_calls(self, block: Block) -> None:
        """Read calls that are plain, as most are, up to the first statement that is not, and that one too."""
        at = self.start
        while (call := _PLAIN_CALL.match(self.code, at)) is not None and call[1] not in _STATEMENTS:
            block.append(PlainCall(call))
            at = call.end()
        if at > self.start:
            self.move(at)
        elif not self.take(";"):
            block.append(self.statement())

    def scope_of_duration(self) -> list[ast.Statement]:
        """The block in ``durationof({ … })``."""
        return self.block()

    def _body(self) -> Block:
        """A block, or one statement in place of it."""
        if self.text == "{":
            return self.block()
        self._enter_block(self.start)
        statement = self.statement()
        self.level -= 1
        self._depth -= 1
        return Block([statement])

    def _enter_block(self, start: int) -> None:
        self.level += 1
        self._depth += 1
        if self._depth > self.source.limits.nesting:
            raise self.source.limit("nesting", "statements nested too deeply", start, start + 1)

    def _if(self) -> ast.Statement:
        start = self.start
        self.advance()
        condition = self._condition()
        first = self._body()
        second = self._body() if self.take("else") else Block()
        return placed(ast.BranchingStatement(condition, first, second), start, self.before)

    def _condition(self) -> ast.Expression:
        if self.text != "(":
            raise self.unreadable()
        return self.enclosed(")")

    def _while(self) -> ast.Statement:
        start = self.start
        self.advance()
        condition = self._condition()
        return placed(ast.WhileLoop(condition, self._turn()), start, self.before)

    def _for(self) -> ast.Statement:
        """A loop; the type of its variable may be left out."""
        start = self.start
        self.advance()
        kind: ast.ClassicalType = placed(ast.IntType(), self.start, self.start)
        if self.text in TYPES:
            kind = self.scalar_type()
        variable = self.identifier()
        self.expect("in")
        turns: ast.RangeDefinition | ast.DiscreteSet | ast.Expression
        if self.text == "{":
            turns = self.values()
        elif self.take("["):
            turns = self.range_or_expression()
            if not isinstance(turns, ast.RangeDefinition):
                raise self.unreadable()
            self.expect("]")
        else:
            turns = self.expression()
        return placed(ast.ForInLoop(kind, variable, turns, self._turn()), start, self.before)

    def _turn(self) -> Block:
        """The body of a loop."""
        self._loops += 1
        body = self._body()
        self._loops -= 1
        return body

    def _switch(self) -> ast.Statement:
        start = self.start
        self.advance()
        target, cases, default = self._condition(), list[tuple[list[ast.Expression], ast.CompoundStatement]](), None
        self.expect("{")
        while not self.take("}"):
            place_of_case, word = self.start, self.text
            self.advance()
            if default is not None:
                raise self.error("'default' is the last case of a switch", place_of_case, place_of_case + len(word))
            if word == "case":
                values = [self.expression()]
                while self.take(",") and self.text != "{":
                    values.append(self.expression())
                cases.append((values, self._case()))
            elif word == "default":
                default = self._case()
            else:
                self.move(place_of_case)
                raise self.unreadable()
        return placed(ast.SwitchStatement(target, cases, default), start, self.before)

    def _case(self) -> ast.CompoundStatement:
        start = self.start
        return placed(ast.CompoundStatement(self.block()), start, self.before)

    def _box(self) -> ast.Statement:
        start = self.start
        self.advance()
        duration = self.designator()
        return placed(ast.Box(duration, self.block()), start, self.before)  # type: ignore[arg-type]

    def _jump(self) -> ast.Statement:
        start, word = self.start, self.text
        if word != "end" and not self._loops:
            raise self.source.error(f"'{word}' statement outside loop", start, start + 1)
        self.advance()
        return placed(_JUMPS[word](), start, self.semicolon())

    def _return(self) -> ast.Statement:
        start = self.start
        if not self.in_subroutine:
            raise self.source.error("'return' statement outside subroutine", start, start + 1)
        self.advance()
        value: ast.Expression | ast.QuantumMeasurement | None = None
        if self.text == "measure":
            value = self.measurement()
        elif self.text != ";":
            value = self.expression()
        return placed(ast.ReturnStatement(value), start, self.semicolon())

    def _barrier(self) -> ast.Statement:
        start = self.start
        self.advance()
        return placed(ast.QuantumBarrier(self.operands()), start, self.before)  # type: ignore[arg-type]

    def _nop(self) -> ast.Statement:
        """A statement of newer grammars, here the call of a gate of this name."""
        start, name = self.start, self.identifier()
        return placed(ast.QuantumGate([], name, [], self.operands()), start, self.before)

    def _delay(self) -> ast.Statement:
        start = self.start
        self.source.only_in_3("delay", start, self.end)
        self.advance()
        if self.text != "[":
            raise self.error("want delay[duration] qubits;", start, self.source.semicolon(start) + 1)
        duration = self.designator()
        assert duration is not None
        return placed(ast.DelayInstruction(duration, self.operands()), start, self.before)

    def _reset(self) -> ast.Statement:
        start = self.start
        if self.gate:
            raise self.not_in_gate()
        self.advance()
        qubits = self.operand()
        if self.text != ";":
            raise self.unreadable_operand(extent(qubits)[0])
        return placed(ast.QuantumReset(qubits), start, self.semicolon())

    def _version(self) -> ast.Statement:
        """The version line in its place is read before any statement."""
        second = self.source.version is not None
        message = "a second version line" if second else "the version line must be the first statement"
        raise self.source.error(message, self.start, self.source.semicolon(self.start) + 1)

    def _check_old(self) -> None:
        """Refuse a statement of OpenQASM 3 in a file that says 2.0, unless a gate has the name of its first word."""
        word = self.text
        if word in self.defined or (word not in NEW_STATEMENTS and word not in _NEW):
            return
        self.source.only_in_3(NEW_STATEMENTS.get(word, word), self.start, self.end)

    def _unreadable_statement(self) -> SourceError:
        start = self.start
        if self.text in (")", "]", "}") and self.code.find(";", start) < 0:
            return self.error(f"{self.text} closes nothing", start, self.end)
        end = self.source.semicolon(start) + 1
        return self.error(f"cannot read {quote(self.code[start:end])}", start, end)


_WORD = rf"(?!(?:{'|'.join(sorted(NO_NAMES))})\b){NAME}"
_LONGEST = 40
"""Characters of a number in a plain call, at most."""
_NUMBER = r"(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,2})?"
_SIMPLE = rf"(?:{_NUMBER}|{_WORD}(?:\[[0-9]{{1,18}}\])?)"
_ANGLE = rf"\s*+-?{_SIMPLE}(?:\s*+[-+*/]\s*+{_SIMPLE})*+\s*+"
_OPERAND = rf"{NAME}(?:\[[0-9]{{1,18}}\])?"
_PLAIN_CALL = re.compile(
    rf"\s*+({NAME})(?:\(({_ANGLE}(?:,{_ANGLE})*+)\))?\s++({_OPERAND}(?:\s*+,\s*+{_OPERAND})*+)\s*+;"
)
"""A call in which nothing can be wrong but what its names mean."""
_NOT_FIRST = frozenset(
    [")", "]", "}", ",", ":", "=", "@", "->", "++", "*", "/", "%", "^", "<", ">", "&", "|", "**", "#dim"]
)
_NEW = frozenset(["qubit", "bit", "input", "const"])
_JUMPS = {"break": ast.BreakStatement, "continue": ast.ContinueStatement, "end": ast.EndStatement}
_OLD_STATEMENTS: Mapping[str, Callable[[Parser], ast.Statement]] = {
    "OPENQASM": Parser._version,
    "include": Parser.include,
    "qreg": Parser.old_register,
    "creg": Parser.old_register,
    "gate": Parser.gate_definition,
    "opaque": Parser.opaque,
    "barrier": Parser._barrier,
    "measure": Parser.measure,
    "reset": Parser._reset,
    "if": Parser._if,
    "nop": Parser._nop,
    "delay": Parser._delay,
    "gphase": Parser.gate_call,
}
_STATEMENTS: Mapping[str, Callable[[Parser], ast.Statement]] = {
    **_OLD_STATEMENTS,
    **dict.fromkeys(TYPES, Parser.variable),
    **dict.fromkeys(("inv", "pow", "ctrl", "negctrl"), Parser.gate_call),
    **dict.fromkeys(("break", "continue", "end"), Parser._jump),
    **dict.fromkeys(("input", "output"), Parser.interface),
    "qubit": Parser.qubit,
    "const": Parser.constant,
    "let": Parser.alias,
    "def": Parser.subroutine,
    "extern": Parser.extern,
    "defcalgrammar": Parser.calibration_grammar,
    "cal": Parser.calibration,
    "defcal": Parser.calibrated,
    "for": Parser._for,
    "while": Parser._while,
    "switch": Parser._switch,
    "box": Parser._box,
    "return": Parser._return,
}
"""What reads the statements that begin with a word of the language."""
