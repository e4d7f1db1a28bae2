"""Expressions, by operator precedence: an operator waits for its right operand on a stack of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from bplint.errors import SourceError
from bplint.importers.qasm.grammar.literals import LiteralParser
from bplint.importers.qasm.grammar.nodes import ast, extent, placed
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote

Part = TypeVar("Part")


class _Waiting(NamedTuple):
    """An operator whose right operand is not complete; a sign if ``unary``."""

    level: int
    name: str
    start: int
    unary: bool


class ExpressionParser(LiteralParser):
    """Reads expressions, lists of them, indices and types. Each method begins at the current token and ends behind."""

    def __init__(self, source: SourceText, start: int) -> None:
        super().__init__(source, start)
        self._levels = _LEVELS if source.version == 3 else _LEVELS | {"^": _POWER}
        self._depth = 0

    def expression(self) -> ast.Expression:
        """One expression; the signs + before an operand are left out of the tree."""
        start, waiting, operands = self.start, list[_Waiting](), list[ast.Expression]()
        while True:
            while self.kind == "sign" and self.text in _SIGNS:
                if self.text != "+":
                    self._check_operator()
                    waiting.append(_Waiting(_SIGN, self.text, self.start, True))
                self.advance()
            if self.kind == "sign" and self.text != "(":
                raise self._no_operand(start)
            operands.append(self._operand())
            level = self._levels.get(self.text) if self.kind == "sign" else None
            self._reduce(waiting, operands, level or 0)
            if level is None:
                return operands[0]
            self._check_operator()
            waiting.append(_Waiting(level, self.text, self.start, False))
            self.advance()

    def expressions(self, closing: str, opening: int | None = None) -> list[ast.Expression]:
        """A list with commas between, one may follow the last, up to and with the closing sign; it may be empty.

        ``opening`` is where the bracket stands, if that is not right before.
        """
        opening = self.before - 1 if opening is None else opening
        items = self.listed(self.expression, closing)
        self.close(closing, opening)
        return items

    def listed(self, read: Callable[[], Part], *closing: str) -> list[Part]:
        """Parts with commas between, one may follow the last, up to one of the closing signs; there may be none."""
        parts = list[Part]()
        while self.text not in closing:
            parts.append(read())
            if not self.take(","):
                break
        return parts

    def enclosed(self, closing: str) -> ast.Expression:
        """The expression in the brackets, the first of which stands here."""
        opening = self.start
        self.advance()
        inner = self.expression()
        self.close(closing, opening)
        return inner

    def close(self, closing: str, opening: int) -> None:
        """Go on behind the sign that closes what the bracket at this offset has opened."""
        if self.text != closing:
            raise self.unexpected(opening)
        self.advance()

    def designator(self) -> ast.Expression | None:
        """A size in brackets, if one stands here."""
        return self.enclosed("]") if self.text == "[" else None

    def index(self) -> ast.DiscreteSet | list[ast.Expression | ast.RangeDefinition]:
        """What stands in brackets behind a name."""
        opening = self.start
        self._enter(opening)
        self.advance()
        items = self.values() if self.text == "{" else self.listed(self.range_or_expression, "]")
        self.close("]", opening)
        self._depth -= 1
        return items

    def values(self) -> ast.DiscreteSet:
        """``{a, b}``"""
        start = self.start
        self.advance()
        items = self.expressions("}")
        if not items:
            raise self.error("a set names one element at least", start, self.before)
        return placed(ast.DiscreteSet(items), start, self.before)

    def range_or_expression(self) -> ast.Expression | ast.RangeDefinition:
        """An expression, or ``a:b`` or ``a:step:b`` with parts left out."""
        start, parts = self.start, list[ast.Expression | None]()
        while True:
            ends = self.text in (":", "]", ",") and self.kind == "sign"
            parts.append(None if ends else self.expression())
            if not self.take(":"):
                break
        if len(parts) == 1 and parts[0] is not None:
            return parts[0]
        if len(parts) > _PARTS:
            raise self.error("a slice is first:last or first:step:last", start, self.before)
        if len(parts) == 1:
            raise self._no_operand(start)
        step = parts[1] if len(parts) == _PARTS else None
        return placed(ast.RangeDefinition(start=parts[0], end=parts[-1], step=step), start, self.before)

    def scalar_type(self) -> ast.ClassicalType:
        """A type such as ``float[64]``. Raises SourceError for a word that is none."""
        start, word = self.start, self.text
        if word not in SCALARS or self.kind != "name":
            raise self.unreadable()
        self.advance()
        kind: ast.ClassicalType
        if word == "complex":
            kind = ast.ComplexType(self._components() if self.take("[") else None)
        elif word in _SIZED:
            kind = _SIZED[word](self.designator())
        else:
            kind = _UNSIZED[word]()
        return placed(kind, start, self.before)

    def _components(self) -> ast.FloatType:
        start, component = self.start, self.scalar_type()
        self.expect("]")
        if not isinstance(component, ast.FloatType):
            raise self.error("invalid type of complex components", start, self.before)
        return component

    def array_type(self) -> ast.ArrayType:
        """``array[float, 2, 3]``"""
        start = self.start
        base = self._base_of_array()
        dimensions = self.expressions("]")
        if not dimensions or any(isinstance(size, ast.UnaryExpression) for size in dimensions):
            raise self.error("all array dimensions must be non-negative", start, self.before)
        return placed(ast.ArrayType(base, dimensions), start, self.before)

    def _base_of_array(self) -> ast.IntType:
        """The word ``array``, the bracket, the type of the elements and the comma. (All types stand for one here.)"""
        self.advance()
        self.expect("[")
        start, base = self.start, self.scalar_type()
        if isinstance(base, ast.StretchType):
            raise self.error("invalid scalar type for array", start, self.before)
        self.expect(",")
        return base  # type: ignore[return-value]

    def expect(self, text: str) -> None:
        """Go on behind this token, which has to stand here."""
        if not self.take(text):
            raise self.unreadable()

    def identifier(self) -> ast.Identifier:
        """A name."""
        if self.kind != "name":
            raise self.unreadable()
        node = placed(ast.Identifier(self.text), self.start, self.end)
        self.advance()
        return node

    def scope_of_duration(self) -> list[ast.Statement]:
        """The block in ``durationof({ … })``."""
        raise NotImplementedError

    def _operand(self) -> ast.Expression:
        start, operand = self.start, self._primary()
        while self.text == "[" and self.kind == "sign":
            operand = ast.IndexExpression(operand, self.index())
            placed(operand, start, self.before)
        return operand

    def _primary(self) -> ast.Expression:
        start, text = self.start, self.text
        if self.kind == "number":
            return self.number()
        if self.kind == "name":
            return self._named(start, text)
        if self.kind == "qubit":
            self.advance()
            return placed(ast.Identifier(text), start, self.before)
        if self.kind == "string":
            return self.bits(start)
        if text != "(":
            raise self._no_operand(start)
        self._enter(start)
        self.advance()
        inner = self.expression()
        if self.text == ",":
            raise self.error("unexpected comma", self.start, self.end)
        self.close(")", start)
        self._depth -= 1
        return placed(inner, start, self.before)

    def _named(self, start: int, text: str) -> ast.Expression:
        if not self.old:
            if text in ("true", "false"):
                self.advance()
                return placed(ast.BooleanLiteral(text == "true"), start, self.before)
            if text in SCALARS or text == "array":
                return self._cast(start)
            if text == "durationof":
                self.advance()
                self.expect("(")
                target = self.scope_of_duration()
                self.expect(")")
                return placed(ast.DurationOf(target), start, self.before)
        name = self.identifier()
        if self.text != "(" or self.kind != "sign":
            return name
        self._enter(self.start)
        self.advance()
        arguments = self.expressions(")")
        self._depth -= 1
        if text != "sizeof":
            return placed(ast.FunctionCall(name, arguments), start, self.before)
        if len(arguments) not in (1, 2):
            raise self.error("'sizeof' needs either one or two arguments", start, self.before)
        return placed(ast.SizeOf(*arguments), start, self.before)

    def _cast(self, start: int) -> ast.Expression:
        to = self.array_type() if self.text == "array" else self.scalar_type()
        if self.text != "(":
            raise self.unreadable()
        self._enter(self.start)
        argument = self.enclosed(")")
        self._depth -= 1
        return placed(ast.Cast(to, argument), start, self.before)

    def _reduce(self, waiting: list[_Waiting], operands: list[ast.Expression], level: int) -> None:
        """Give the waiting operators that bind at least this strongly their right operand."""
        while waiting and waiting[-1].level >= level + (level == _POWER):
            operator, right = waiting.pop(), operands.pop()
            end = extent(right)[1]
            if operator.unary:
                node: ast.Expression = ast.UnaryExpression(ast.UnaryOperator[operator.name], right)
                operands.append(placed(node, operator.start, end))
                continue
            left = operands.pop()
            name = "**" if operator.level == _POWER else operator.name
            node = ast.BinaryExpression(ast.BinaryOperator[name], left, right)
            operands.append(placed(node, extent(left)[0], end))

    def _check_operator(self) -> None:
        if self.old and self.text not in _OLD_OPERATORS:
            self.source.only_in_3(f"operator {self.text}", self.start, self.end)

    def _enter(self, start: int) -> None:
        self._depth += 1
        if self._depth > self.source.limits.nesting:
            raise self.source.limit("nesting", "parentheses nested too deeply", start, start + 1)

    # What is not there

    def _no_operand(self, start: int) -> SourceError:
        if self.start > start and (not self.text or self.text in ");],}"):
            return self.error("an operand is missing at the end", start, self.before)
        return self._unexpected_sign(f"want a number or a name, got {quote(self.text)}")

    def unexpected(self, opening: int) -> SourceError:
        """The error for the token here, which does not go on with what the bracket at this offset has opened."""
        if not self._is_closed(opening):
            return self.error(f"{self.code[opening]} is not closed", opening, opening + 1)
        if self.kind != "sign" or self.text in ("(", "["):
            return self.error(f"want an operator before {quote(self.text)}", self.start, self.end)
        if self.text in ")]}":
            return self.error(f"{self.text} closes nothing", self.start, self.end)
        return self._unexpected_sign(f"cannot read {self.text} here")

    def _unexpected_sign(self, otherwise: str) -> SourceError:
        if not self.text:
            return self.unreadable()
        if self.text in ("{", "}", ":", "=", "@", "->"):
            otherwise = f"unexpected {self.text} in an expression"
        return self.error(otherwise, self.start, self.end)

    def _is_closed(self, opening: int) -> bool:
        """Whether the statement goes on behind the bracket that closes this one."""
        depth, end = 0, self.code.find(";", opening)
        for bracket in _BRACKET.finditer(self.code, opening, end if end >= 0 else len(self.code)):
            depth += 1 if bracket[0] in "([{" else -1
            if not depth:
                return True
        return False


_PARTS = 3
_POWER, _SIGN = 12, 11
_LEVELS = {
    "**": _POWER, "*": 10, "/": 10, "%": 10, "+": 9, "-": 9, "<<": 8, ">>": 8, "<": 7, ">": 7, "<=": 7, ">=": 7,
    "==": 6, "!=": 6, "&": 5, "^": 4, "|": 3, "&&": 2, "||": 1,
}  # fmt: skip
_SIGNS = frozenset("+-!~")
_OLD_OPERATORS = frozenset(["+", "-", "*", "/", "%", "^", "**", "=="])
_SIZED = {"int": ast.IntType, "uint": ast.UintType, "float": ast.FloatType, "angle": ast.AngleType, "bit": ast.BitType}
_UNSIZED = {"bool": ast.BoolType, "duration": ast.DurationType, "stretch": ast.StretchType}
SCALARS = frozenset([*_SIZED, *_UNSIZED, "complex"])
"""The words that a scalar type begins with."""
NO_NAMES = SCALARS | {"array", "true", "false", "durationof"}
"""Words that an expression can begin with, in version 3, and that are no names."""
_BRACKET = re.compile(r"[()\[\]{}]")
