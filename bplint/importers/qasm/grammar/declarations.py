"""Declarations: registers, variables, constants, inputs and aliases; includes; gates, subroutines and calibrations.

A method reads what stands behind the first word of its statement.
"""

from __future__ import annotations

from collections.abc import Callable

from bplint.importers.qasm.grammar.calls import CallParser
from bplint.importers.qasm.grammar.expressions import SCALARS
from bplint.importers.qasm.grammar.nodes import OpaqueGate, ast, extent, placed
from bplint.importers.qasm.grammar.phrases import Part
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote


class DeclarationParser(CallParser):
    """``defined`` are the names of the gates so far."""

    def __init__(self, source: SourceText, start: int) -> None:
        super().__init__(source, start)
        self.defined: set[str] = set()

    # Registers and variables

    def register(self) -> ast.Statement:
        """``qreg q[4];`` or ``creg c[4];``; the size may be left out in OpenQASM 3."""
        holds_bits, name, size = self.word == "creg", self.identifier(), self.designator()
        if size is None:
            self.source.only_in_3("a register without a size", *extent(name))
        if holds_bits:
            return ast.ClassicalDeclaration(placed(ast.BitType(size), self.began, self.before), name)
        return ast.QubitDeclaration(name, size)

    def qubit(self) -> ast.Statement:
        """``qubit[4] q;``"""
        size, name = self.designator(), self.identifier()
        return ast.QubitDeclaration(name, size)

    def variable(self) -> ast.Statement:
        """``float[64] x = 1;``, read from its type on, or an expression that begins with a cast."""
        kind = self.any_type()
        if self.text == "(":
            self.move(self.began)
            return ast.ExpressionStatement(self.expression())
        name = self._declared(kind)
        value = self._initial() if self.take("=") else None
        self.refuse_in_gate(self.source.shown(*extent(kind)))
        return ast.ClassicalDeclaration(kind, name, value)

    def constant(self) -> ast.Statement:
        """``const int n = 4;``"""
        kind = self.scalar_type()
        name = self._declared(kind)
        self.expect("=")
        return ast.ConstantDeclaration(kind, name, self._initial())  # type: ignore[arg-type]

    def interface(self) -> ast.Statement:
        """``input float x;`` or ``output bit c;``. A default of an input, which no grammar has, is passed over."""
        word, kind = self.word, self.any_type()
        name = self._declared(kind, f"{word} ")
        if self.text == "=" and word == "input":
            self.move(self.source.semicolon(self.start))
        return ast.IODeclaration(ast.IOKeyword[word], kind, name)

    def alias(self) -> ast.Statement:
        """``let a = q[0:1] ++ r;``"""
        target = self.identifier()
        self.expect("=")
        value = self.expression()
        while self.take("++"):
            value = placed(ast.Concatenation(value, self.expression()), extent(value)[0], self.before)
        return ast.AliasStatement(target, value)  # type: ignore[arg-type]

    def include(self) -> ast.Statement:
        """``include "stdgates.inc";``"""
        name = self.string()
        if not name or self.text != ";":
            raise self.error_of_statement("want include and a file name in quotes")
        return ast.Include(name)

    def string(self) -> str:
        """What stands in quotes here; nothing if no quotes do."""
        if self.kind != "string":
            return ""
        text = self.source.text[self.start + 1 : self.end - 1]
        self.advance()
        return text

    def _declared(self, kind: ast.ClassicalType, word: str = "") -> ast.Identifier:
        """The name that is declared. Raises SourceError for a size behind it, as C has it."""
        name = self.identifier()
        if self.text != "[" or isinstance(kind, ast.ArrayType):
            return name
        (start, end), opening = extent(kind), self.start
        self.designator()
        size = self.code[opening + 1 : self.before - 1].strip()
        hint = f"write {word}array[{quote(self.code[start:end])}, {quote(size)}] {quote(name.name)}"
        message = "the size of an array stands in its type"
        if word == "input ":
            raise self.error_of_statement(message, hint=f"{hint};")
        raise self.error(message, start, self.before, hint=hint)

    def _initial(self) -> ast.Expression | ast.QuantumMeasurement:
        return self._array() if self.text == "{" else self.value()

    def _array(self) -> ast.ArrayLiteral:
        """``{a, {b, c}}``"""
        start = self.start
        elements = self.bracketed("{", lambda: self._array() if self.text == "{" else self.expression())
        return placed(ast.ArrayLiteral(elements), start, self.before)

    # Gates, subroutines, functions of the outside

    def gate(self) -> ast.Statement:
        """``gate g(t) a, b { … }``"""
        if self.kind != "name":
            hint = "want gate name(angles) qubits { … }"
            raise self.error("cannot read this gate definition", self.began, self.began + len("gate"), hint=hint)
        name, arguments = self.identifier(), list[ast.Identifier]()
        if self.take("("):
            arguments = self._formals("angle", ")")
            self.advance()
        if self.text == "{":
            raise self.error(f"gate {quote(name.name)} acts on no qubit", *extent(name))
        qubits = self._formals("qubit", "{")
        if self.code.find("}", self.start) < 0:
            raise self.error(f"the body of gate {quote(name.name)} is never closed", *extent(name))
        body = self.block("gate")
        self.defined.add(name.name)
        return ast.QuantumGateDefinition(name, arguments, qubits, body)  # type: ignore[arg-type]

    def opaque(self) -> ast.Statement:
        """``opaque g(t) a, b;``"""
        if self.kind != "name":
            raise self.error_of_statement("want opaque name(angles) qubits;")
        name = self.identifier()
        if self.take("("):
            self._formals("angle", ")")
            self.advance()
        self._formals("qubit", ";")
        self.defined.add(name.name)
        return OpaqueGate(name)

    def _formals(self, what: str, closing: str) -> list[ast.Identifier]:
        """Names with commas between, up to this sign."""
        names = list[ast.Identifier]()
        while self.text != closing:
            start = self.start
            if self.kind == "name":
                names.append(self.identifier())
            if self.before <= start or not (self.take(",") or self.text == closing):
                end = next((i for i in range(start, len(self.code)) if self.code[i] in f"{closing};{{"), len(self.code))
                raise self.error(f"want the name of one {what} of the gate", start, end)
        return names

    def subroutine(self) -> ast.Statement:
        """``def f(float x, qubit[2] q) -> bit { … }``"""
        name, arguments = self.identifier(), self._arguments(self._argument)
        returned = self._returned()
        return ast.SubroutineDefinition(name, arguments, self.block("def"), returned)

    def extern(self) -> ast.Statement:
        """``extern f(float) -> int;``"""
        return ast.ExternDeclaration(self.identifier(), self._arguments(self._argument_of_extern), self._returned())

    def _arguments(self, read: Callable[[], Part]) -> list[Part]:
        self.expect("(")
        arguments = self.listed(read, ")")
        self.expect(")")
        return arguments

    def _returned(self) -> ast.ClassicalType | None:
        return self.scalar_type() if self.take("->") else None

    def _argument(self) -> ast.ClassicalArgument | ast.QuantumArgument:
        start = self.start
        node: ast.ClassicalArgument | ast.QuantumArgument
        if self.take("qubit"):
            size = self.designator()
            node = ast.QuantumArgument(self.identifier(), size)
        elif self.take("qreg"):
            node = ast.QuantumArgument(self.identifier(), self.designator())
        elif self.take("creg"):
            name = self.identifier()
            node = ast.ClassicalArgument(placed(ast.BitType(self.designator()), start, self.before), name)
        else:
            kind, access = self._type_of_argument()
            node = ast.ClassicalArgument(kind, self.identifier(), access)
        return placed(node, start, self.before)

    def _argument_of_extern(self) -> ast.ExternArgument:
        start, (kind, access) = self.start, self._type_of_argument()
        return placed(ast.ExternArgument(kind, access), start, self.before)

    def _type_of_argument(self) -> tuple[ast.ClassicalType, ast.AccessControl | None]:
        """A scalar, or an array that may be changed or not."""
        start, word = self.start, self.text
        if self.take("creg"):
            return placed(ast.BitType(self.designator()), start, self.before), None
        if word not in ("readonly", "mutable"):
            return self.scalar_type(), None
        self.advance()
        opening, base = self.array_of()
        is_count = self.take("#dim")
        if is_count:
            self.expect("=")
        sizes = self.expression() if is_count else self.listed(self.expression, "]")
        self.close(opening)
        return placed(ast.ArrayReferenceType(base, sizes), start, self.before), ast.AccessControl[word]

    # Pulses

    def calibration_grammar(self) -> ast.Statement:
        """``defcalgrammar "openpulse";``"""
        if self.kind != "string":
            raise self.unreadable()
        return ast.CalibrationGrammarDeclaration(self.string())

    def calibration(self) -> ast.Statement:
        """``cal { … }``"""
        return ast.CalibrationStatement(self._pulses())

    def calibrated(self) -> ast.Statement:
        """``defcal x(angle t) $0 { … }``"""
        name, arguments = self.identifier(), list[ast.ClassicalArgument | ast.QuantumArgument | ast.Expression]()
        if self.text == "(":
            arguments = self._arguments(self._argument_of_calibration)
        qubits = self.listed(lambda: self.identifier(physical=True), "{", "->")
        returned = self._returned()
        return ast.CalibrationDefinition(name, arguments, qubits, returned, self._pulses())  # type: ignore[arg-type]

    def _argument_of_calibration(self) -> ast.ClassicalArgument | ast.QuantumArgument | ast.Expression:
        return self._argument() if self.text in _ARGUMENTS else self.expression()

    def _pulses(self) -> str:
        """What stands in braces, which is another language."""
        if self.text != "{":
            raise self.unreadable()
        depth, start = 0, self.end
        for at in range(self.start, len(self.code)):
            depth += {"{": 1, "}": -1}.get(self.code[at], 0)
            if not depth:
                self.move(at + 1)
                return self.source.text[start:at]
        raise self.error("{ is not closed", self.start, self.end)


_ARGUMENTS = SCALARS | {"qubit", "qreg", "creg", "readonly", "mutable"}
"""The words that an argument of a definition begins with."""
