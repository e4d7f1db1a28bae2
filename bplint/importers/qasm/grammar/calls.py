"""Operands, calls of gates, and what else begins with a name: assignments and calls of subroutines."""

from __future__ import annotations

from bplint.errors import SourceError
from bplint.importers.qasm.grammar.expressions import ExpressionParser
from bplint.importers.qasm.grammar.nodes import ast, extent, placed
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote

Operand = ast.Identifier | ast.IndexedIdentifier


class CallParser(ExpressionParser):
    """``began`` is where the statement that is being read begins, ``gate`` the name of the gate around it, if any."""

    def __init__(self, source: SourceText, start: int) -> None:
        super().__init__(source, start)
        self.began = start
        self.gate = ""

    def operand(self) -> Operand:
        """A qubit, a register or a part of one."""
        start, text = self.start, self.text
        if self.kind == "qubit":
            self.advance()
            return placed(ast.Identifier(text), start, self.before)
        if self.kind != "name":
            raise self._no_operand_here(start)
        name = self.identifier()
        if self.text != "[":
            return name
        indices = []
        while self.text == "[":
            opening = self.start
            indices.append(self.index())
            if not indices[-1] and isinstance(indices[-1], list):
                shown = quote(self.code[start : self.before])
                raise self.error(f"an index is missing: {shown}", start, max(opening, self.before))
        return placed(ast.IndexedIdentifier(name, indices), start, self.before)

    def operands(self) -> list[Operand]:
        """Operands with commas between, one may follow the last, up to and with the semicolon."""
        operands = list[Operand]()
        while self.text != ";":
            start = self.start
            operands.append(self.operand())
            if self.text == ",":
                self.advance()
            elif self.text != ";":
                raise self.unreadable_operand(start)
        self.advance()
        return operands

    def unreadable_operand(self, start: int) -> SourceError:
        """The error for what stands from this offset to the end of the statement."""
        end = self.code.find(";", start)
        if end < 0 or self.text in ("{", "}"):
            return self.unreadable()
        start, end = self.source.trim(start, end)
        line, _, more = self.code[start:end].partition("\n")
        hint = f"is a ; missing at the end of line {self.source.line(start)}?" if more else None
        return self.error(f"cannot read the operand {quote(line)}", start, end, hint=hint)

    def semicolon(self) -> int:
        """Go on behind the semicolon. Returns the offset behind it."""
        if self.text != ";":
            raise self.unreadable()
        self.advance()
        return self.before

    def gate_call(self) -> ast.QuantumStatement:
        """The call of a gate with modifiers, or of the global phase."""
        start, modifiers = self.start, []
        while self.text in _MODIFIERS:
            modifiers.append(self._modifier())
        phase = self.text == "gphase"
        name = self.identifier()
        arguments = self._arguments() if self.text == "(" else []
        duration = self.designator()
        qubits = self.operands()
        if not phase:
            if not qubits:
                raise self.source.error("an operand is missing", self.before - 1, self.before)
            return placed(ast.QuantumGate(modifiers, name, arguments, qubits, duration), start, self.before)
        if len(arguments) != 1:
            raise self.error("gphase takes 1 angle and no qubit", start, self.before)
        return placed(ast.QuantumPhase(modifiers, arguments[0], qubits), start, self.before)

    def measurement(self) -> ast.QuantumMeasurement:
        """``measure q``"""
        start = self.start
        if self.gate:
            raise self.not_in_gate()
        self.advance()
        qubit = self.operand()
        if self.text == ",":
            end = self.source.semicolon(start)
            raise self.error("a measurement takes one operand on each side", self.began, end + 1)
        return placed(ast.QuantumMeasurement(qubit), start, self.before)

    def measure(self) -> ast.Statement:
        """``measure q;`` or ``measure q -> c;``"""
        start, measured, target = self.start, self.measurement(), None
        if self.take("->"):
            target = self.operand()
        if self.text != ";":
            raise self.unreadable_operand(extent(target or measured.qubit)[0])
        self.advance()
        if target is None:
            self.source.only_in_3("measure without ->", start, self.before)
        return placed(ast.QuantumMeasurementStatement(measured, target), start, self.before)

    def named(self) -> ast.Statement:
        """A statement that begins with a name which is no word of the language."""
        start, name = self.start, self.identifier()
        if self.kind in ("name", "qubit"):
            return self._call(name, [], None)
        if self.text == "(":
            return self._called(name)
        if self.text == "[":
            return self._indexed(name)
        if self.text in ASSIGNMENTS:
            return self._assignment(name)
        if self.text == ";":
            return self._expression(start)
        if self.text in (",", "{", "}", ")", "]", "", ":", "@"):
            raise self._no_operand_here(self.start)
        return self._expression(start)

    def _called(self, name: ast.Identifier) -> ast.Statement:
        """A name with arguments: of a gate if operands follow, else of a subroutine."""
        arguments = self._arguments()
        if self.kind in ("name", "qubit"):
            return self._call(name, arguments, None)
        if self.text == "[":
            duration = self.designator()
            if self.kind in ("name", "qubit"):
                return self._call(name, arguments, duration)
        start = extent(name)[0]
        if self.text == ";" and name.name != "sizeof":
            call = placed(ast.FunctionCall(name, arguments), start, self.before)
            return placed(ast.ExpressionStatement(call), start, self.semicolon())
        if self.text not in self._levels and self.text not in ("[", ";"):
            raise self._no_operand_here(self.start)
        return self._expression(start)

    def _indexed(self, name: ast.Identifier) -> ast.Statement:
        """A name with an index: of a variable that is assigned to, or of a gate that takes this long."""
        start, after = extent(name)
        indices = []
        while self.text == "[":
            indices.append(self.index())
        if self.text in ASSIGNMENTS:
            return self._assignment(placed(ast.IndexedIdentifier(name, indices), start, self.before))
        if self.kind not in ("name", "qubit"):
            return self._expression(start)
        self.move(after)
        duration = self.designator()
        return self._call(name, [], duration)

    def _call(
        self, name: ast.Identifier, arguments: list[ast.Expression], duration: ast.Expression | None
    ) -> ast.QuantumGate:
        qubits = self.operands()
        return placed(ast.QuantumGate([], name, arguments, qubits, duration), extent(name)[0], self.before)

    def _assignment(self, target: Operand) -> ast.Statement:
        start, operator = extent(target)[0], self.text
        if self.gate:
            raise self.not_in_gate("an assignment")
        self.advance()
        assignment: ast.Statement
        if self.text == "measure":
            assignment = ast.QuantumMeasurementStatement(self.measurement(), target)
        else:
            assignment = ast.ClassicalAssignment(target, ast.AssignmentOperator[operator], self.expression())
        placed(assignment, start, self.semicolon())
        self.source.only_in_3("an assignment", start, self.before)
        return assignment

    def _expression(self, start: int) -> ast.Statement:
        """The expression that begins at this offset, as a statement."""
        self.move(start)
        expression = self.expression()
        return placed(ast.ExpressionStatement(expression), start, self.semicolon())

    def _arguments(self) -> list[ast.Expression]:
        self.advance()
        return self.expressions(")")

    def _modifier(self) -> ast.QuantumGateModifier:
        start, kind, argument = self.start, self.text, None
        self.source.only_in_3(f"gate modifier {kind} @", start, self.end)
        self.advance()
        if self.text == "(" and kind != "inv":
            argument = self.enclosed(")")
        elif kind == "pow":
            raise self.unreadable()
        self.expect("@")
        return placed(ast.QuantumGateModifier(ast.GateModifierName[kind], argument), start, self.before)

    def _no_operand_here(self, start: int) -> SourceError:
        if self.text == ";":
            return self.source.error("an operand is missing", start, start + 1)
        if self.text == "," and self.code[self.before - 1] == ",":
            return self.source.error("an operand is missing", self.before - 1, self.before)
        return self.unreadable_operand(start)

    def not_in_gate(self, what: str = "") -> SourceError:
        """The error for a statement that the body of a gate cannot hold."""
        start, end = self.source.trim(self.began, self.source.semicolon(self.began))
        return self.error(f"a gate body cannot hold {what or self.text}", start, end)

    def unreadable(self) -> SourceError:
        """The error for the token here, which cannot stand here."""
        start = self.start
        if not self.text:
            self.source.semicolon(self.began)
            last = len(self.code)
            return self.source.error("the text ends in the middle of a statement", last - 1, last)
        if self.gate and self.text == "}":
            message = f"cannot read {quote(self.code[self.began : start])} in a gate body"
            return self.error(message, self.began, start, hint="is a ; missing?")
        line = self.source.line(self.before - 1) if self.before else 0
        missing = self.before and self.code[self.before - 1] not in ";{}" and line < self.source.line(start)
        hint = f"is a ; missing at the end of line {line}?" if missing else None
        return self.error(f"cannot read {quote(self.text)} here", start, self.end, hint=hint)


_MODIFIERS = frozenset(["inv", "pow", "ctrl", "negctrl"])
ASSIGNMENTS = frozenset(["=", "+=", "-=", "*=", "/=", "&=", "|=", "~=", "^=", "<<=", ">>=", "%=", "**="])
