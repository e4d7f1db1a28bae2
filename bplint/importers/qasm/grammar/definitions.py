"""Definitions: gates, subroutines, functions of the outside, calibrations."""

from __future__ import annotations

from collections.abc import Callable

from bplint.importers.qasm.grammar.declarations import DeclarationParser
from bplint.importers.qasm.grammar.expressions import SCALARS, Part
from bplint.importers.qasm.grammar.nodes import Block, OpaqueGate, ast, extent, placed
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote


class DefinitionParser(DeclarationParser):
    """``defined`` are the names of the gates so far, ``in_subroutine`` whether one is around the statement."""

    def __init__(self, source: SourceText, start: int) -> None:
        super().__init__(source, start)
        self.defined: set[str] = set()
        self.in_subroutine = False

    def block(self) -> Block:
        """The statements in braces."""
        raise NotImplementedError

    def gate_definition(self) -> ast.Statement:
        """``gate g(t) a, b { … }``"""
        start = self.start
        self.check_global("gate definitions")
        self.advance()
        if self.kind != "name":
            raise self._unreadable_head(start)
        name, arguments = self.identifier(), list[ast.Identifier]()
        if self.take("("):
            arguments = self._formals("angle", ")")
            self.advance()
        if self.text == "{":
            raise self.error(f"gate {quote(name.name)} acts on no qubit", *extent(name))
        qubits = self._formals("qubit", "{")
        self.gate = name.name
        self._check_closed(name)
        body = self.block()
        self.gate = ""
        self.defined.add(name.name)
        return placed(ast.QuantumGateDefinition(name, arguments, qubits, body), start, self.before)  # type: ignore[arg-type]

    def opaque(self) -> ast.Statement:
        """``opaque g(t) a, b;``"""
        start = self.start
        end = self.source.semicolon(start) + 1
        self.advance()
        if self.kind != "name":
            raise self.error("want opaque name(angles) qubits;", start, end)
        name = self.identifier()
        if self.take("("):
            self._formals("angle", ")")
            self.advance()
        self._formals("qubit", ";")
        self.defined.add(name.name)
        return placed(OpaqueGate(name), start, self.semicolon())

    def subroutine(self) -> ast.Statement:
        """``def f(float x, qubit[2] q) -> bit { … }``"""
        start = self.start
        self.check_global("subroutine definitions")
        self.advance()
        name = self.identifier()
        arguments, returned = self._signature(self._argument)
        self.in_subroutine = True
        body = self.block()
        self.in_subroutine = False
        return placed(ast.SubroutineDefinition(name, arguments, body, returned), start, self.before)

    def extern(self) -> ast.Statement:
        """``extern f(float) -> int;``"""
        start = self.start
        self.check_global("extern declarations")
        self.advance()
        name = self.identifier()
        arguments, returned = self._signature(self._argument_of_extern)
        return placed(ast.ExternDeclaration(name, arguments, returned), start, self.semicolon())

    def calibration_grammar(self) -> ast.Statement:
        """``defcalgrammar "openpulse";``"""
        start = self.start
        self.check_global("'defcalgrammar' statements")
        self.advance()
        if self.kind != "string":
            raise self.unreadable()
        text = self.source.text[self.start + 1 : self.end - 1]
        self.advance()
        return placed(ast.CalibrationGrammarDeclaration(text), start, self.semicolon())

    def calibration(self) -> ast.Statement:
        """``cal { … }``"""
        start = self.start
        self.advance()
        body = self._pulses()
        return placed(ast.CalibrationStatement(body), start, self.before)

    def calibrated(self) -> ast.Statement:
        """``defcal x(angle t) $0 { … }``"""
        start = self.start
        self.advance()
        name, arguments = self.identifier(), list[ast.ClassicalArgument | ast.QuantumArgument | ast.Expression]()
        if self.take("("):
            arguments = self.listed(self._argument_of_calibration, ")")
            self.expect(")")
        qubits = self.listed(self._qubit_of_calibration, "{", "->")
        returned = self.scalar_type() if self.take("->") else None
        body = self._pulses()
        definition = ast.CalibrationDefinition(name, arguments, qubits, returned, body)  # type: ignore[arg-type]
        return placed(definition, start, self.before)

    def _signature(self, argument: Callable[[], Part]) -> tuple[list[Part], ast.ClassicalType | None]:
        """Arguments in parentheses, and the type behind the arrow, if there is one."""
        self.expect("(")
        arguments = self.listed(argument, ")")
        self.expect(")")
        return arguments, self.scalar_type() if self.take("->") else None

    def _formals(self, what: str, closing: str) -> list[ast.Identifier]:
        """Names with commas between, up to this sign."""
        formals = list[ast.Identifier]()
        while self.text != closing:
            start = self.start
            if self.kind == "name":
                formals.append(self.identifier())
            if self.text == closing and formals and self.before > start:
                break
            if self.text != "," or self.before <= start:
                end = next((i for i in range(start, len(self.code)) if self.code[i] in f"{closing};{{"), len(self.code))
                raise self.error(f"want the name of one {what} of the gate", start, end)
            self.advance()
        return formals

    def _argument(self) -> ast.ClassicalArgument | ast.QuantumArgument:
        start, word = self.start, self.text
        if word in ("qubit", "qreg"):
            self.advance()
            size = self.designator()
            name = self.identifier()
            size = self.designator() if word == "qreg" else size
            return placed(ast.QuantumArgument(name, size), start, self.before)
        if word == "creg":
            self.advance()
            name = self.identifier()
            kind: ast.ClassicalType = placed(ast.BitType(self.designator()), start, self.before)
            return placed(ast.ClassicalArgument(kind, name), start, self.before)
        kind, access = self._type_of_argument()
        return placed(ast.ClassicalArgument(kind, self.identifier(), access), start, self.before)

    def _argument_of_extern(self) -> ast.ExternArgument:
        start = self.start
        if self.take("creg"):
            kind: ast.ClassicalType = placed(ast.BitType(self.designator()), start, self.before)
            return placed(ast.ExternArgument(kind), start, self.before)
        kind, access = self._type_of_argument()
        return placed(ast.ExternArgument(kind, access), start, self.before)

    def _type_of_argument(self) -> tuple[ast.ClassicalType, ast.AccessControl | None]:
        """A scalar, or an array that may be changed or not."""
        start, word = self.start, self.text
        if word not in ("readonly", "mutable"):
            return self.scalar_type(), None
        self.advance()
        base, dimensions = self._base_of_array(), list[ast.Expression]()
        if not self.take("#dim"):
            dimensions = self.expressions("]")
            kind = ast.ArrayReferenceType(base, dimensions)
        else:
            self.expect("=")
            kind = ast.ArrayReferenceType(base, self.expression())
            self.expect("]")
        return placed(kind, start, self.before), ast.AccessControl[word]

    def _argument_of_calibration(self) -> ast.ClassicalArgument | ast.QuantumArgument | ast.Expression:
        return self._argument() if self.text in _ARGUMENTS else self.expression()

    def _qubit_of_calibration(self) -> ast.Identifier:
        if self.kind != "qubit":
            return self.identifier()
        qubit = placed(ast.Identifier(self.text), self.start, self.end)
        self.advance()
        return qubit

    def _pulses(self) -> str:
        """What stands in braces, which is another language."""
        if self.text != "{":
            raise self.unreadable()
        depth, start = 0, self.end
        for at in range(self.start, len(self.code)):
            depth += {"{": 1, "}": -1}.get(self.code[at], 0)
            if not depth:
                self.move(at + 1)
                self.before = at + 1
                return self.source.text[start:at]
        raise self.error("{ is not closed", self.start, self.end)

    def _check_closed(self, name: ast.Identifier) -> None:
        if self.code.find("}", self.start) < 0:
            raise self.error(f"the body of gate {quote(name.name)} is never closed", *extent(name))

    def _unreadable_head(self, start: int) -> Exception:
        hint = "want gate name(angles) qubits { … }"
        return self.error("cannot read this gate definition", start, start + len("gate"), hint=hint)


_ARGUMENTS = SCALARS | {"qubit", "qreg", "creg", "readonly", "mutable"}
"""The words that an argument of a definition begins with."""
