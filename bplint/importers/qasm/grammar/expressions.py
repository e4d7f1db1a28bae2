"""Expressions, by precedence climbing, and types."""

from __future__ import annotations

import math
import re

from bplint.importers.qasm.grammar.nodes import Block, ast, extent, placed
from bplint.importers.qasm.grammar.phrases import Phrases
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote

Index = ast.DiscreteSet | list[ast.Expression | ast.RangeDefinition]


class ExpressionParser(Phrases):
    """Reads expressions, lists of them, indices and types. Each method begins at the current token and ends behind.

    ``old`` says that the text is OpenQASM 2.
    """

    def __init__(self, source: SourceText, start: int) -> None:
        super().__init__(source, start)
        self.old = source.version == 2
        self._powers = ("**", "^") if self.old else ("**",)
        self._levels = {sign: level for sign, level in _LEVELS.items() if sign not in self._powers}

    def expression(self, level: int = 0, first: ast.Expression | None = None) -> ast.Expression:
        """An expression of operators that bind more than this level; ``first`` is its first operand if that is read."""
        left = self._factor(first)
        while (binds := self._levels.get(self.text, 0)) > level:
            start = extent(left)[0]
            operator = ast.BinaryOperator[self._operator(start)]
            left = placed(ast.BinaryExpression(operator, left, self.expression(binds)), start, self.before)
        return left

    def enclosed(self, bracket: str) -> ast.Expression:
        """An expression in brackets, which begin here."""
        return self.within(bracket, self.expression)

    def _factor(self, operand: ast.Expression | None) -> ast.Expression:
        """Signs and powers, which wait for what stands on their right: ``-a ** -b`` is ``-(a ** (-b))``. A sign + is left out."""
        waiting: list[tuple[int, str, ast.Expression | None]] = []
        while True:
            start = self.start if operand is None else extent(operand)[0]
            if operand is None and self.text in _SIGNS:
                waiting.append((start, self._operator(start), None))
                continue
            operand = operand or self.operand()
            if self.text not in self._powers:
                break
            waiting.append((start, self._operator(start), operand))
            operand = None
        for start, operator, left in reversed(waiting):
            if left is not None:
                operand = placed(ast.BinaryExpression(_POWER, left, operand), start, self.before)
            elif operator != "+":
                operand = placed(ast.UnaryExpression(ast.UnaryOperator[operator], operand), start, self.before)
        return operand

    def _operator(self, start: int) -> str:
        """An operator that an operand has to follow, of an expression from this offset on."""
        operator = self.text
        if self.old and operator not in _OLD_OPERATORS:
            self.source.only_in_3(f"operator {operator}", self.start, self.end)
        self.advance()
        if not self.text or self.text in ");],}":
            raise self.error("an operand is missing at the end", start, self.before)
        return operator

    def operand(self) -> ast.Expression:
        """A literal, a name, a call, a cast or what stands in parentheses, with indices or without."""
        start = self.start
        if self.kind == "name":
            operand = self._named()
        elif self.kind == "number":
            operand = self._number()
        elif self.kind == "string":
            operand = self._bits()
        elif self.kind == "qubit":
            operand = self.identifier(physical=True)
        elif self.text == "(":
            operand = self.enclosed("(")
        else:
            raise self.unexpected(f"want a number or a name, got {quote(self.text)}")
        placed(operand, start, self.before)
        while self.text == "[":
            operand = ast.IndexExpression(operand, self.index(start))
            placed(operand, start, self.before)
        return operand

    def _named(self) -> ast.Expression:
        word = self.text
        if word in NO_NAMES and not self.old:
            if word in TYPES:
                return ast.Cast(self.any_type(), self.enclosed("("))
            self.advance()
            if word == "durationof":
                return ast.DurationOf(self.within("(", lambda: self.block("durationof")))
            return ast.BooleanLiteral(word == "true")
        name = self.identifier()
        if self.text != "(":
            return name
        arguments = self.bracketed("(", self.expression)
        if word != "sizeof":
            return ast.FunctionCall(name, arguments)
        if len(arguments) not in (1, 2):
            raise self.error("'sizeof' needs either one or two arguments", extent(name)[0], self.before)
        return ast.SizeOf(*arguments)

    def block(self, around: str) -> Block:
        """The statements in braces of a statement with this first word."""
        raise NotImplementedError

    def _number(self) -> ast.Expression:
        """A number, or a duration: its unit may stand apart."""
        start, text = self.start, self.text.replace("_", "")
        if len(text) > self.source.limits.digits:
            raise self.source.limit("digits", f"a number of {len(text):,} digits", start, self.end)
        self.advance()
        if self.kind == "name" and _UNIT.fullmatch(self.text) and not self.old:
            text += self.text
            self.advance()
        match = _NUMBER.fullmatch(text)
        kind = match.lastgroup if match else None
        if match is None or (kind == "unit" and self.old):
            raise self.error(f"{quote(self.code[start : self.before])} is not a number", start, self.before)
        if kind == "whole":
            return ast.IntegerLiteral(int(text))
        if kind == "other":
            return ast.IntegerLiteral(int(text, 0))
        value, unit = float(match["decimal"]), match["unit"]
        if unit == "im":
            return ast.ImaginaryLiteral(value)
        if unit:
            return ast.DurationLiteral(value, ast.TimeUnit[unit.replace("µ", "u")])
        if math.isinf(value):
            raise self.error(f"angle is not finite: {quote(self.code[start : self.before])}", start, self.before)
        return ast.FloatLiteral(value)

    def _bits(self) -> ast.BitstringLiteral:
        digits = self.source.text[self.start + 1 : self.end - 1].replace("_", "")
        if not digits or digits.strip("01"):
            raise self.unreadable()
        self.advance()
        return ast.BitstringLiteral(int(digits, 2), len(digits))

    # Indices

    def index(self, start: int) -> Index:
        """What stands in brackets behind a name or an operand, which begins at this offset."""
        items = self.within("[", self._items)
        if not items:
            raise self.error(f"an index is missing: {self.source.shown(start, self.before)}", start, self.before)
        return items

    def _items(self) -> Index:
        return self.values() if self.text == "{" else self.listed(self.range_or_expression, "]")

    def values(self) -> ast.DiscreteSet:
        """``{a, b}``"""
        start, items = self.start, self.bracketed("{", self.expression)
        if not items:
            raise self.error("a set names one element at least", start, self.before)
        return placed(ast.DiscreteSet(items), start, self.before)

    def range_or_expression(self) -> ast.Expression | ast.RangeDefinition:
        """An expression, or ``a:b`` or ``a:step:b`` with parts left out."""
        start, first = self.start, None if self.text == ":" else self.expression()
        if first is not None and self.text != ":":
            return first
        parts = [first]
        while self.take(":"):
            parts.append(None if self.text in (":", "]", ",") else self.expression())
        _, *steps, last = parts
        if len(steps) > 1:
            raise self.error("a slice is first:last or first:step:last", start, self.before)
        return placed(ast.RangeDefinition(first, last, steps[0] if steps else None), start, self.before)

    def designator(self) -> ast.Expression | None:
        """A size in brackets, if one stands here."""
        return self.enclosed("[") if self.text == "[" else None

    # Types

    def any_type(self) -> ast.ClassicalType:
        """A type such as ``float[64]`` or ``array[int, 2]``. Raises SourceError for a word that is none."""
        if self.text != "array":
            return self.scalar_type()
        start, (opening, base) = self.start, self.array_of()
        sizes = self.listed(self.expression, "]")
        self.close(opening)
        if not sizes or any(isinstance(size, ast.UnaryExpression) for size in sizes):
            raise self.error("all array dimensions must be non-negative", start, self.before)
        return placed(ast.ArrayType(base, sizes), start, self.before)

    def scalar_type(self) -> ast.ClassicalType:
        """A type that is no array."""
        start, word = self.start, self.text
        if word not in SCALARS:
            raise self.unreadable()
        self.advance()
        kind: ast.ClassicalType
        if word == "complex":
            kind = ast.ComplexType(self._components() if self.text == "[" else None)
        elif word in SIZED:
            kind = SIZED[word](self.designator())
        else:
            kind = UNSIZED[word]()
        return placed(kind, start, self.before)

    def _components(self) -> ast.FloatType:
        component = self.within("[", self.scalar_type)
        if not isinstance(component, ast.FloatType):
            raise self.error("invalid type of complex components", *extent(component))
        return component

    def array_of(self) -> tuple[int, ast.IntType]:
        """``array[float,``: where the bracket stands, and the type of the elements, all of which stand as one here."""
        self.expect("array")
        opening, base = self.open("["), self.scalar_type()
        if isinstance(base, ast.StretchType):
            raise self.error("invalid scalar type for array", *extent(base))
        self.expect(",")
        return opening, base  # type: ignore[return-value]


_LEVELS = {
    "*": 10, "/": 10, "%": 10, "+": 9, "-": 9, "<<": 8, ">>": 8, "<": 7, ">": 7, "<=": 7, ">=": 7,
    "==": 6, "!=": 6, "&": 5, "^": 4, "|": 3, "&&": 2, "||": 1,
}  # fmt: skip
"""How much the operators bind that are read from the left; signs and powers bind more."""
_SIGNS = frozenset("+-!~")
_POWER = ast.BinaryOperator["**"]
_OLD_OPERATORS = frozenset(["+", "-", "*", "/", "%", "^", "**", "=="])
_UNIT = re.compile("im|dt|ns|us|µs|ms|s")
_NUMBER = re.compile(
    rf"""(?P<whole>[0-9]++) | (?P<other>0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+)
    | (?P<decimal>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)(?P<unit>{_UNIT.pattern})?""",
    re.VERBOSE,
)
SIZED = {"int": ast.IntType, "uint": ast.UintType, "float": ast.FloatType, "angle": ast.AngleType, "bit": ast.BitType}
UNSIZED = {"bool": ast.BoolType, "duration": ast.DurationType, "stretch": ast.StretchType}
SCALARS = frozenset([*SIZED, *UNSIZED, "complex"])
"""The words that a scalar type begins with."""
TYPES = SCALARS | {"array"}
"""The words that a type begins with."""
NO_NAMES = TYPES | {"true", "false", "durationof"}
"""Words that an expression can begin with, in version 3, and that are no names."""
