"""Statements: the parser of OpenQASM 2 and 3, one statement at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bplint.importers.qasm.grammar.calls import MODIFIERS
from bplint.importers.qasm.grammar.declarations import DeclarationParser
from bplint.importers.qasm.grammar.expressions import NO_NAMES, TYPES
from bplint.importers.qasm.grammar.nodes import Block, PlainCall, ast, placed
from bplint.importers.qasm.library import NEW_STATEMENTS
from bplint.importers.qasm.source import NAME, SourceText


class Parser(DeclarationParser):
    """Reads statements of the file, each as a node of the reference tree.

    Comments, pragmas and annotations are no part of the tree, nor are empty statements. Raises SourceError with the
    place of the fault. ``running`` leaves plain calls in blocks as they are written, each a ``PlainCall``.
    """

    def __init__(self, source: SourceText, *, running: bool = False) -> None:
        super().__init__(source, source.start)
        self._running = running and not self.old and source.limits.digits >= _LONGEST
        self._words = _OLD_WORDS if self.old else _WORDS

    def program(self) -> list[ast.Statement]:
        """All statements of the text."""
        statements = []
        while self.text:
            if not self.take(";"):
                statements.append(self.statement())
        return statements

    def statement(self) -> ast.Statement:
        """The statement that begins at the current token."""
        start = self.began = self.start
        node = self._statement(self.text)
        if type(node) not in _WITH_BLOCK:
            self.expect(";")
        return placed(node, start, self.before)

    def _statement(self, word: str) -> ast.Statement:
        if self.around and word in _GLOBAL:
            self.refuse_in_gate(word)
            raise self.error_here(f"{_GLOBAL[word]} must be global")
        read = self._words.get(word)
        if read is not None:
            self.word = word
            self.advance()
            return read(self)
        if word == "{" and not self.old:
            return self._compound("{ }")
        if self.kind != "name" and (self.old or (self.kind in ("sign", "dim") and word not in _FIRST)):
            raise self.unreadable_statement()
        if word in TYPES and not self.old:
            return self.variable()
        if self.old and word in NEW_STATEMENTS and word not in self.defined:
            self.source.only_in_3(NEW_STATEMENTS[word], self.start, self.end)
        return self.simple()

    # Blocks

    def block(self, around: str) -> Block:
        opening, block = self.open("{", around), Block()
        plain = self._running and "gate" not in self.around
        while self.text not in ("}", ""):
            if not (plain and self._plain_calls(block)) and not self.take(";"):
                block.append(self.statement())
        self.close(opening)
        return block

    def _plain_calls(self, block: Block) -> bool:
        """Read calls that are plain, as most are, up to the first statement that is not. False if there are none."""
        at = self.start
        while (call := _PLAIN_CALL.match(self.code, at)) is not None and call[1] not in _NO_GATES:
            block.append(PlainCall(call))
            at = call.end()
        if at == self.start:
            return False
        self.move(at)
        return True

    def _body(self, around: str) -> Block:
        """A block, or one statement in place of it."""
        if self.text == "{":
            return self.block(around)
        self.enter(around)
        block = Block([self.statement()])
        self.around.pop()
        return block

    def _compound(self, around: str) -> ast.CompoundStatement:
        start = self.start
        return placed(ast.CompoundStatement(self.block(around)), start, self.before)

    # Statements, behind their first word

    def _if(self) -> ast.Statement:
        condition, first = self.enclosed("("), self._body("if")
        return ast.BranchingStatement(condition, first, self._body("else") if self.take("else") else Block())

    def _while(self) -> ast.Statement:
        return ast.WhileLoop(self.enclosed("("), self._body("while"))

    def _for(self) -> ast.Statement:
        """A loop; the type of its variable may be left out."""
        kind = self.scalar_type() if self.text in TYPES else placed(ast.IntType(), self.start, self.start)
        variable = self.identifier()
        self.expect("in")
        return ast.ForInLoop(kind, variable, self._turns(), self._body("for"))

    def _turns(self) -> ast.RangeDefinition | ast.DiscreteSet | ast.Expression:
        if self.text == "{":
            return self.values()
        if self.text != "[":
            return self.expression()
        opening, turns = self.open("["), self.range_or_expression()
        if not isinstance(turns, ast.RangeDefinition):
            raise self.unreadable()
        self.close(opening)
        return turns

    def _switch(self) -> ast.Statement:
        target, cases = self.enclosed("("), list[tuple[list[ast.Expression], ast.CompoundStatement]]()
        opening = self.open("{", "switch")
        while self.take("case"):
            values = [self.expression(), *(self.listed(self.expression, "{") if self.take(",") else ())]
            cases.append((values, self._compound("case")))
        default = self._compound("default") if self.take("default") else None
        if default is not None and self.text in ("case", "default"):
            raise self.error_here("'default' is the last case of a switch")
        if self.text != "}":
            raise self.unreadable()
        self.close(opening)
        return ast.SwitchStatement(target, cases, default)

    def _box(self) -> ast.Statement:
        return ast.Box(self.designator(), self.block("box"))  # type: ignore[arg-type]

    def _jump(self) -> ast.Statement:
        if self.word != "end" and "for" not in self.around and "while" not in self.around:
            raise self.error(f"'{self.word}' statement outside loop", self.began, self.before)
        return _JUMPS[self.word]()

    def _return(self) -> ast.Statement:
        if "def" not in self.around:
            raise self.error("'return' statement outside subroutine", self.began, self.before)
        return ast.ReturnStatement(None if self.text == ";" else self.value())

    def _barrier(self) -> ast.Statement:
        return ast.QuantumBarrier(self.qubits())  # type: ignore[arg-type]

    def _nop(self) -> ast.Statement:
        """A statement of newer grammars, here the call of a gate of this name."""
        name = placed(ast.Identifier("nop"), self.began, self.before)
        return ast.QuantumGate([], name, [], self.qubits())

    def _delay(self) -> ast.Statement:
        duration = self.designator()
        if duration is None:
            raise self.error_of_statement("want delay[duration] qubits;")
        return ast.DelayInstruction(duration, self.qubits())

    def _reset(self) -> ast.Statement:
        self.refuse_in_gate("reset")
        return ast.QuantumReset(self.place(last=True))

    def _version(self) -> ast.Statement:
        """The version line in its place is read before any statement."""
        first = self.source.version is None
        message = "the version line must be the first statement" if first else "a second version line"
        raise self.error_of_statement(message)


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
_WITH_BLOCK = frozenset({
    ast.Box, ast.BranchingStatement, ast.CalibrationDefinition, ast.CalibrationStatement, ast.CompoundStatement,
    ast.ForInLoop, ast.QuantumGateDefinition, ast.SubroutineDefinition, ast.SwitchStatement, ast.WhileLoop,
})  # fmt: skip
"""Statements without a semicolon."""
_JUMPS = {"break": ast.BreakStatement, "continue": ast.ContinueStatement, "end": ast.EndStatement}
_FIRST = frozenset("(+-!~")
"""Signs that an expression begins with."""
_GLOBAL = {
    "qreg": "qubit declarations",
    "qubit": "qubit declarations",
    "input": "'input' declarations",
    "output": "'output' declarations",
    "include": "'include' statements",
    "defcalgrammar": "'defcalgrammar' statements",
    "array": "arrays",
    "gate": "gate definitions",
    "def": "subroutine definitions",
    "extern": "extern declarations",
}
"""Words of statements that stand in no block, and what these are called."""
_OLD_WORDS: Mapping[str, Callable[[Parser], ast.Statement]] = {
    "OPENQASM": Parser._version,
    "include": Parser.include,
    "qreg": Parser.register,
    "creg": Parser.register,
    "gate": Parser.gate,
    "opaque": Parser.opaque,
    "barrier": Parser._barrier,
    "measure": Parser.measure,
    "reset": Parser._reset,
    "if": Parser._if,
    "nop": Parser._nop,
}
_WORDS: Mapping[str, Callable[[Parser], ast.Statement]] = {
    **_OLD_WORDS,
    "qubit": Parser.qubit,
    "const": Parser.constant,
    "input": Parser.interface,
    "output": Parser.interface,
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
    "delay": Parser._delay,
    "break": Parser._jump,
    "continue": Parser._jump,
    "end": Parser._jump,
    "return": Parser._return,
}
"""What reads the rest of a statement that begins with a word of the language."""
_NO_GATES = _WORDS.keys() | TYPES | MODIFIERS
"""Words that no plain call begins with."""
