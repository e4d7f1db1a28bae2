"""Expressions, by precedence climbing, and types."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TypeVar

from bplint.importers.qasm.grammar.faults import Faults
from bplint.importers.qasm.grammar.nodes import Block, ast, extent, placed
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote

Part = TypeVar("Part")
Index = ast.DiscreteSet | list[ast.Expression | ast.RangeDefinition]


class ExpressionParser(Faults):
    """Reads expressions, lists of them, indices and types. Each method begins at the current token and ends behind.

    ``old`` says that the text is OpenQASM 2.
    """

    def __init__(self, source: SourceText, start: int) -> None:
        super().__init__(source, start)
        self.old = source.version == 2
        self._powers = ("**", "^") if self.old else ("**",)
        self._levels = {sign: level for sign, level in _LEVELS.items() if sign not in self._powers}

    # Names, lists and brackets

    def expect(self, text: str) -> None:
        """Go on behind this token, which has to stand here."""
        if not self.take(text):
            raise self.unreadable()

    def identifier(self, *, physical: bool = False) -> ast.Identifier:
        """A name, or a qubit such as ``$0`` where that may be ``physical``."""
        if self.kind != "name" and not (physical and self.kind == "qubit"):
            raise self.unreadable()
        node = placed(ast.Identifier(self.text), self.start, self.end)
        self.advance()
        return node

    def listed(self, read: Callable[[], Part], *closing: str) -> list[Part]:
        """Parts with commas between, one may follow the last, up to one of the closing signs; there may be none."""
        parts = list[Part]()
        while self.text not in closing:
            parts.append(read())
            if not self.take(","):
                break
        return parts

    def enter(self, around: str) -> None:
        """Be inside of a bracket, or of a statement with this first word. Raises LimitError if that is too deep."""
        self.around.append(around)
        if len(self.around) - 1 > self.source.limits.nesting:  # the outermost is in nothing
            what = "parentheses" if around in _CLOSING else "statements"
            raise self.source.limit("nesting", f"{what} nested too deeply", self.start, self.start + 1)

    def open(self, bracket: str, around: str = "") -> int:
        """Go on behind the bracket here. Returns its place."""
        opening = self.start
        if self.text != bracket:
            raise self.unreadable()
        self.enter(around or bracket)
        self.advance()
        return opening

    def close(self, opening: int) -> None:
        """Go on behind the bracket here, which closes the one at this place."""
        if self.text != _CLOSING[self.code[opening]]:
            raise self.unclosed(opening)
        self.around.pop()
        self.advance()

    def bracketed(self, bracket: str, read: Callable[[], Part]) -> list[Part]:
        """A list in brackets, which begin here."""
        opening = self.open(bracket)
        parts = self.listed(read, _CLOSING[bracket])
        self.close(opening)
        return parts

    def enclosed(self, bracket: str) -> ast.Expression:
        """An expression in brackets, which begin here."""
        opening = self.open(bracket)
        inner = self.expression()
        self.close(opening)
        return inner

    # Expressions

    def expression(self, level: int = 0, first: ast.Expression | None = None) -> ast.Expression:
        """An expression of operators that bind more than this level; ``first`` is its first operand if that is read."""
        left = self._factor(first)
        while (binds := self._levels.get(self.text, 0)) > level:
            start = extent(left)[0]
            operator = ast.BinaryOperator[self._operator(start)]
            left = placed(ast.BinaryExpression(operator, left, self.expression(binds)), start, self.before)
        return left

    def _factor(self, operand: ast.Expression | None) -> ast.Expression:
        """Signs and powers, which wait for what stands on their right; + is left out: ``-a ** +b`` is ``-(a ** b)``."""
        waiting = list[tuple[int, str, ast.Expression | None]]()
        while True:
            start = self.start
            if operand is None and self.text in _SIGNS:
                sign = self._operator(start)
                if sign != "+":
                    waiting.append((start, sign, None))
                continue
            base = self.operand() if operand is None else operand
            if self.text not in self._powers:
                break
            start, operand = extent(base)[0], None
            self._operator(start)
            waiting.append((start, "**", base))
        for start, operator, left in reversed(waiting):
            node = ast.BinaryExpression(_POWER, left, base) if left else ast.UnaryExpression(_UNARY[operator], base)
            base = placed(node, start, self.before)
        return base

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
            return self._duration_of() if word == "durationof" else ast.BooleanLiteral(word == "true")
        name = self.identifier()
        if self.text != "(":
            return name
        arguments = self.bracketed("(", self.expression)
        if word != "sizeof":
            return ast.FunctionCall(name, arguments)
        if len(arguments) not in (1, 2):
            raise self.error("'sizeof' needs either one or two arguments", extent(name)[0], self.before)
        return ast.SizeOf(*arguments)

    def _duration_of(self) -> ast.DurationOf:
        opening = self.open("(")
        block = self.block("durationof")
        self.close(opening)
        return ast.DurationOf(block)

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
        if match is None or (match["unit"] and self.old):
            raise self.error(f"{quote(self.code[start : self.before])} is not a number", start, self.before)
        if match["whole"]:
            return ast.IntegerLiteral(int(text))
        if match["other"]:
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
        opening = self.open("[")
        items = self.values() if self.text == "{" else self.listed(self.range_or_expression, "]")
        self.close(opening)
        if not items:
            shown = quote(self.code[start : self.before])
            raise self.error(f"an index is missing: {shown}", start, self.before)
        return items

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
        return self.array_type() if self.text == "array" else self.scalar_type()

    def scalar_type(self) -> ast.ClassicalType:
        """A type that is no array."""
        start, word = self.start, self.text
        if word not in SCALARS:
            raise self.unreadable()
        self.advance()
        kind: ast.ClassicalType
        if word == "complex":
            kind = ast.ComplexType(self._components() if self.text == "[" else None)
        elif word in _SIZED:
            kind = _SIZED[word](self.designator())
        else:
            kind = _UNSIZED[word]()
        return placed(kind, start, self.before)

    def _components(self) -> ast.FloatType:
        opening, component = self.open("["), self.scalar_type()
        self.close(opening)
        if not isinstance(component, ast.FloatType):
            raise self.error("invalid type of complex components", *extent(component))
        return component

    def array_type(self) -> ast.ArrayType:
        """``array[float, 2, 3]``"""
        start, (opening, base) = self.start, self.array_of()
        sizes = self.listed(self.expression, "]")
        self.close(opening)
        if not sizes or any(isinstance(size, ast.UnaryExpression) for size in sizes):
            raise self.error("all array dimensions must be non-negative", start, self.before)
        return placed(ast.ArrayType(base, sizes), start, self.before)

    def array_of(self) -> tuple[int, ast.IntType]:
        """``array[float,``: where the bracket stands, and the type of the elements, all of which stand as one here."""
        self.expect("array")
        opening, base = self.open("["), self.scalar_type()
        if isinstance(base, ast.StretchType):
            raise self.error("invalid scalar type for array", *extent(base))
        self.expect(",")
        return opening, base  # type: ignore[return-value]


_CLOSING = {"(": ")", "[": "]", "{": "}"}
_LEVELS = {
    "*": 10, "/": 10, "%": 10, "+": 9, "-": 9, "<<": 8, ">>": 8, "<": 7, ">": 7, "<=": 7, ">=": 7,
    "==": 6, "!=": 6, "&": 5, "^": 4, "|": 3, "&&": 2, "||": 1,
}  # fmt: skip
"""How much the operators bind that are read from the left; signs and powers bind more."""
_SIGNS = frozenset("+-!~")
_UNARY = {operator.name: operator for operator in ast.UnaryOperator}
_POWER = ast.BinaryOperator["**"]
_OLD_OPERATORS = frozenset(["+", "-", "*", "/", "%", "^", "**", "=="])
_UNIT = re.compile("im|dt|ns|us|µs|ms|s")
_NUMBER = re.compile(
    rf"""(?P<whole>[0-9]++) | (?P<other>0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+)
    | (?P<decimal>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)(?P<unit>{_UNIT.pattern})?""",
    re.VERBOSE,
)
_SIZED = {"int": ast.IntType, "uint": ast.UintType, "float": ast.FloatType, "angle": ast.AngleType, "bit": ast.BitType}
_UNSIZED = {"bool": ast.BoolType, "duration": ast.DurationType, "stretch": ast.StretchType}
SCALARS = frozenset([*_SIZED, *_UNSIZED, "complex"])
"""The words that a scalar type begins with."""
TYPES = SCALARS | {"array"}
"""The words that a type begins with."""
NO_NAMES = TYPES | {"true", "false", "durationof"}
"""Words that an expression can begin with, in version 3, and that are no names."""
