"""What brings names into a program: registers, variables, constants, inputs and aliases; includes."""

from __future__ import annotations

from bplint.importers.qasm.grammar.calls import CallParser
from bplint.importers.qasm.grammar.expressions import SCALARS
from bplint.importers.qasm.grammar.nodes import ast, extent, placed
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote


class DeclarationParser(CallParser):
    """``level`` is how many blocks are open around a statement."""

    def __init__(self, source: SourceText, start: int) -> None:
        super().__init__(source, start)
        self.level = 0

    def old_register(self) -> ast.Statement:
        """``qreg q[4];`` or ``creg c[4];``, in OpenQASM 3 also without a size."""
        start, word = self.start, self.text
        self.check_global("qubit declarations", word == "qreg")
        self.advance()
        name = self.identifier()
        size = self.designator()
        if size is None:
            self.source.only_in_3("a register without a size", *extent(name))
        type_end = self.before if size is not None else start + len(word)
        end = self.semicolon()
        if word == "qreg":
            return placed(ast.QubitDeclaration(name, size), start, end)
        bits = placed(ast.BitType(size), start, type_end)
        return placed(ast.ClassicalDeclaration(bits, name), start, end)

    def qubit(self) -> ast.Statement:
        """``qubit[4] q;``"""
        start = self.start
        self.check_global("qubit declarations")
        self.advance()
        size = self.designator()
        name = self.identifier()
        return placed(ast.QubitDeclaration(name, size), start, self.semicolon())

    def variable(self) -> ast.Statement:
        """``float[64] x = 1;``, or an expression that begins with a cast."""
        start, is_array = self.start, self.text == "array"
        if is_array:
            self.check_global("arrays")
        kind = self.array_type() if is_array else self.scalar_type()
        if self.text == "(":
            return self._expression(start)
        name = self._declared(kind, "array")
        value = self._value() if self.take("=") else None
        end = self.semicolon()
        if self.gate:
            raise self.not_in_gate(quote(self.code[slice(*extent(kind))]))
        return placed(ast.ClassicalDeclaration(kind, name, value), start, end)

    def constant(self) -> ast.Statement:
        """``const int n = 4;``"""
        start = self.start
        self.advance()
        kind = self.scalar_type()
        name = self._declared(kind, "array")
        self.expect("=")
        value = self._value()
        return placed(ast.ConstantDeclaration(kind, name, value), start, self.semicolon())  # type: ignore[arg-type]

    def interface(self) -> ast.Statement:
        """``input float x;`` or ``output bit c;``. A default, which no version of the grammar has, is passed over."""
        start, word = self.start, self.text
        self.check_global(f"'{word}' declarations")
        self.advance()
        kind = self.array_type() if self.text == "array" else self.scalar_type()
        name = self._declared(kind, f"{word} array")
        if self.text == "=" and word == "input":
            self.move(self.source.semicolon(start))
        return placed(ast.IODeclaration(ast.IOKeyword[word], kind, name), start, self.semicolon())

    def alias(self) -> ast.Statement:
        """``let a = q[0:1] ++ r;``"""
        start = self.start
        self.advance()
        target = self.identifier()
        self.expect("=")
        value: ast.Expression = self.expression()
        while self.take("++"):
            right = self.expression()
            value = placed(ast.Concatenation(value, right), extent(value)[0], self.before)
        return placed(ast.AliasStatement(target, value), start, self.semicolon())  # type: ignore[arg-type]

    def include(self) -> ast.Statement:
        """``include "stdgates.inc";``"""
        start = self.start
        self.check_global("'include' statements")
        self.advance()
        text = self.source.text[self.start + 1 : self.end - 1]
        if self.kind != "string" or not self.next_is(";") or not text:
            hint = "want include and a file name in quotes"
            raise self.source.error(hint, start, self.source.semicolon(start) + 1)
        self.advance()
        self.advance()
        return placed(ast.Include(text), start, self.before)

    def check_global(self, what: str, here: bool = True) -> None:
        """Refuse the statement here inside of a block, where ``here`` says that it cannot stand there."""
        if not here or not self.level:
            return
        if self.gate:
            raise self.not_in_gate()
        raise self.source.error(f"{what} must be global", self.start, self.start + 1)

    def _declared(self, kind: ast.ClassicalType, array: str) -> ast.Identifier:
        """The name that is declared. Raises SourceError for a size behind it, as C has it."""
        if self.kind != "name":
            raise self.unreadable()
        name = self.identifier()
        if self.text != "[" or isinstance(kind, ast.ArrayType):
            return name
        opening = self.start
        self.designator()
        size, written = self.code[opening + 1 : self.before - 1].strip(), self.code[slice(*extent(kind))]
        hint = f"write {array}[{quote(written)}, {quote(size)}] {quote(name.name)}"
        end = self.before
        if array.startswith("input"):
            hint, end = f"{hint};", self.source.semicolon(self.began) + 1
        raise self.error("the size of an array stands in its type", self._head(array, kind), end, hint=hint)

    def _head(self, array: str, kind: ast.ClassicalType) -> int:
        return self.began if array.startswith("input") else extent(kind)[0]

    def _value(self) -> ast.Expression | ast.QuantumMeasurement:
        if self.text == "measure":
            return self.measurement()
        return self._array_literal() if self.text == "{" else self.expression()

    def _array_literal(self) -> ast.ArrayLiteral:
        start = self.start
        self._enter(start)
        self.advance()
        values = self.listed(lambda: self._array_literal() if self.text == "{" else self.expression(), "}")
        self.expect("}")
        self._depth -= 1
        return placed(ast.ArrayLiteral(values), start, self.before)


TYPES = SCALARS | {"array"}
"""The words that the declaration of a variable begins with."""
