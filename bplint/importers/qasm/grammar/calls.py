"""Operands, measurements and what begins with a name: calls of gates, assignments, expressions that are statements."""

from __future__ import annotations

from bplint.importers.qasm.grammar.expressions import ExpressionParser, Index
from bplint.importers.qasm.grammar.nodes import ast, extent, placed

Operand = ast.Identifier | ast.IndexedIdentifier


class CallParser(ExpressionParser):
    """Reads statements that begin with no word of the language."""

    def qubits(self) -> list[Operand]:
        """Operands of a gate up to the semicolon, with commas between, one may follow the last; there may be none."""
        operands: list[Operand] = []
        while self.text != ";":
            start = self.start
            operands.append(self.place())
            if not self.take(",") and self.text != ";":
                raise self.unreadable_operand(start)
        return operands

    def place(self, *, last: bool = False) -> Operand:
        """A qubit, a bit, a register or a part of one; the ``last`` of a statement has to stand before the semicolon."""
        start = self.start
        if self.kind not in ("name", "qubit"):
            raise self.unreadable_operand(start)
        name = self.identifier(physical=True)
        indices: list[Index] = []
        while self.text == "[" and not name.name.startswith("$"):
            indices.append(self.index(start))
        if last and self.text != ";":
            raise self.unreadable_operand(start)
        return placed(ast.IndexedIdentifier(name, indices), start, self.before) if indices else name

    def measurement(self, start: int) -> ast.QuantumMeasurement:
        """What is measured, behind the word ``measure`` at this offset."""
        self.refuse_in_gate("measure")
        qubit = self.place()
        if self.text == ",":
            raise self.error_of_statement("a measurement takes one operand on each side")
        return placed(ast.QuantumMeasurement(qubit), start, self.before)

    def measure(self) -> ast.Statement:
        """``measure q;`` or ``measure q -> c;``"""
        measured = self.measurement(self.began)
        if self.take("->"):
            return ast.QuantumMeasurementStatement(measured, self.place(last=True))
        if self.text != ";":
            raise self.unreadable_operand(extent(measured.qubit)[0])
        self.source.only_in_3("measure without ->", self.began, self.end)
        return ast.QuantumMeasurementStatement(measured, None)

    def value(self) -> ast.Expression | ast.QuantumMeasurement:
        """An expression, or ``measure q``."""
        start = self.start
        return self.measurement(start) if self.take("measure") else self.expression()

    def simple(self) -> ast.Statement:
        """The call of a gate, an assignment or an expression, which differ in what follows the first operand."""
        modifiers: list[ast.QuantumGateModifier] = []
        while self.text in MODIFIERS and not self.old:
            modifiers.append(self._modifier())
        if self.kind != "name":
            if modifiers:
                raise self.unreadable()
            return ast.ExpressionStatement(self.expression())
        is_phase, first = self.text == "gphase", self.operand()
        if modifiers or is_phase or self.kind in ("name", "qubit"):
            return self._call(modifiers, first)
        if self.text in _ASSIGNMENTS:
            return self._assignment(first)
        if self.text in _NEVER_NEXT:
            raise self.unreadable_operand(self.start)
        return ast.ExpressionStatement(self.expression(first=first))

    def _call(self, modifiers: list[ast.QuantumGateModifier], called: ast.Expression) -> ast.Statement:
        """The call of a gate, as ``g``, ``g(angles)``, ``g[duration]`` or ``g(angles)[duration]``, or the global phase."""
        duration: ast.Expression | None = None
        match called:
            case ast.IndexExpression(collection=ast.Expression() as callee, index=[ast.Expression() as size]):
                called, duration = callee, size
        match called:
            case ast.Identifier():
                name, arguments = called, []
            case ast.FunctionCall():
                name, arguments = called.name, called.arguments
            case _:
                raise self.unreadable()
        qubits = self.qubits()
        if name.name == "gphase":
            if len(arguments) != 1:
                raise self.error_of_statement("gphase takes 1 angle and no qubit")
            return ast.QuantumPhase(modifiers, arguments[0], qubits)
        if not qubits:
            raise self.error_here("an operand is missing")
        return ast.QuantumGate(modifiers, name, arguments, qubits, duration)

    def _modifier(self) -> ast.QuantumGateModifier:
        start, kind = self.start, self.text
        self.advance()
        argument = self.enclosed("(") if kind == "pow" or (kind != "inv" and self.text == "(") else None
        self.expect("@")
        return placed(ast.QuantumGateModifier(ast.GateModifierName[kind], argument), start, self.before)

    def _assignment(self, to: ast.Expression) -> ast.Statement:
        self.refuse_in_gate("an assignment")
        operator, name, indices = ast.AssignmentOperator[self.text], to, list[Index]()
        while isinstance(name, ast.IndexExpression):
            indices.insert(0, name.index)
            name = name.collection
        if not isinstance(name, ast.Identifier):
            raise self.unreadable()
        self.advance()
        target = placed(ast.IndexedIdentifier(name, indices), *extent(to)) if indices else name
        value = self.value()
        self.source.only_in_3("an assignment", self.began, self.end)
        if not isinstance(value, ast.QuantumMeasurement):
            return ast.ClassicalAssignment(target, operator, value)
        return ast.QuantumMeasurementStatement(value, target)


MODIFIERS = frozenset(["inv", "pow", "ctrl", "negctrl"])
_ASSIGNMENTS = frozenset(["=", "+=", "-=", "*=", "/=", "&=", "|=", "~=", "^=", "<<=", ">>=", "%=", "**="])
_NEVER_NEXT = frozenset([",", ":", "@", "{", "}", ")", "]", ""])
"""What follows neither a gate nor a first operand."""
