"""Angles: expressions evaluated to a constant plus multiples of parameters.

Nothing here recurses and nothing is handed to Python's own evaluator: the length of an expression costs time that is
metered, and its names are looked up in the tables of the file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from bplint.errors import SourceError
from bplint.importers.qasm.affine import Sum, Value, as_factor, as_text
from bplint.importers.qasm.expressions import Expression, Item, Number, calculate, parse
from bplint.importers.qasm.names import CONSTANTS, Names
from bplint.importers.qasm.source import NotFlat, Source
from bplint.importers.quoting import quote
from bplint.ir.circuit import Spelling


class Angle(NamedTuple):
    """constant + Σ coefficient · symbol, in radians; ``terms`` are pairs (name, coefficient)."""

    constant: float
    terms: tuple[tuple[str, float], ...] = ()
    spelling: Spelling = Spelling.PRECISE


Bound = Mapping[str, Angle] | None
"""The arguments of the gate whose body is evaluated; None where an undeclared name may become a parameter."""


class Angles:
    """Evaluates the expressions of one file.

    ``divided`` is the place of the first quotient of whole numbers that is not whole, in a file that says 3: read to
    the letter, OpenQASM 3 cuts it off.
    """

    def __init__(self, source: Source, names: Names) -> None:
        self.divided: Item | None = None
        self._source = source
        self._names = names
        self._work = 0

    def arguments(self, start: int, end: int) -> tuple[Angle, ...]:
        """The angles in code[start:end], separated by commas, outside of gate bodies."""
        return tuple([self.evaluate(expression) for expression in parse(self._source, start, end)])

    def evaluate(self, expression: Expression, bound: Bound = None) -> Angle:
        """The angle. Raises SourceError for a name that means nothing and for an angle that is not finite."""
        items = expression.items
        if bound is not None and len(items) == 1 and items[0].name in bound:
            return bound[items[0].name]
        value, rounded = self._value(expression, bound)
        if not isinstance(value, Sum):
            return Angle(self._finite(value, expression), (), Spelling.DECIMAL if rounded else Spelling.PRECISE)
        terms = tuple([(name, self._finite(c, expression)) for name, c in value.terms.items()])
        return Angle(self._finite(value.constant, expression), terms)

    def constant(self, expression: Expression) -> tuple[Number, bool]:
        """A number with no parameter in it, whole ones kept whole, and whether it was written with few digits."""
        value, rounded = self._value(expression, {})
        if isinstance(value, Sum):
            raise self._unknown_value(value, expression)
        self._finite(value, expression)
        return value, rounded

    def whole(self, start: int, end: int, what: str) -> int:
        """The whole number in code[start:end]; ``what`` it is for goes into the message."""
        start, end = self._source.trim(start, end)
        expressions = parse(self._source, start, end, whole=True)
        if len(expressions) != 1:
            raise self._source.error(f"{what} must be one whole number", start, end)
        value, _ = self.constant(expressions[0])
        if not isinstance(value, int):
            text = quote(self._source.code[start:end])
            raise self._source.error(f"{what} must be a whole number, here {text}", start, end)
        return value

    def _value(self, expression: Expression, bound: Bound) -> tuple[Value, bool]:
        """The value, and whether it rests on a literal of few digits."""
        stack: list[Value] = []
        rounded = expression.rounded
        self._spend(len(expression.items), expression)
        for item in expression.items:
            if item.kind == "number":
                stack.append(item.value)
            elif item.kind == "name":
                value, short = self._look_up(item, bound)
                rounded |= short
                stack.append(value)
            elif item.kind == "index":
                stack.append(self._element(item, stack.pop(), bound))
            else:
                count = int(item.value)
                operands = stack[-count:]
                del stack[-count:]
                value = self._apply(item, operands)
                stack.append(value.constant if isinstance(value, Sum) and not value.terms else value)
        (result,) = stack
        return result, rounded

    def _apply(self, item: Item, operands: list[Value]) -> Value:
        """One operator or function. The sums on the stack belong to it: they are changed in place."""
        left, right = operands[0], operands[-1]
        if not (isinstance(left, Sum) or isinstance(right, Sum)):
            return self._calculate(item, operands)
        for operand in operands:
            if isinstance(operand, Sum):
                self._spend(1 if item.name in ("+", "-") and operand is left else len(operand.terms), item)
        if item.name == "negate" and isinstance(left, Sum):
            return left.scale(-1.0)
        if item.name in ("+", "-"):
            total = left if isinstance(left, Sum) else Sum(self._finite(left, item), {})
            other = right if isinstance(right, Sum) else self._finite(right, item)
            return total.add(other, 1.0 if item.name == "+" else -1.0)
        if item.name == "*" and isinstance(left, Sum) and not isinstance(right, Sum):
            return left.scale(self._finite(right, item))
        if item.name == "*" and isinstance(right, Sum) and not isinstance(left, Sum):
            return right.scale(self._finite(left, item))
        if item.name == "/" and isinstance(left, Sum) and not isinstance(right, Sum):
            return left.scale(float(self._calculate(item, [1.0, right])))
        return self._opaque(item, operands)

    def _opaque(self, item: Item, operands: list[Value]) -> Sum:
        """A product or function of parameters: a symbol of its own, named by its text."""
        if item.kind == "call":
            name = f"{item.name}({', '.join(map(as_text, operands))})"
        else:
            name = item.name.join(map(as_factor, operands))
        self._names.made_of[name] = tuple(
            symbol for operand in operands if isinstance(operand, Sum) for symbol in operand.terms
        )
        return Sum(0.0, {name: 1.0})

    def _calculate(self, item: Item, operands: list[Value]) -> Number:
        numbers = [n for n in operands if not isinstance(n, Sum)]
        try:
            result = calculate(item.name, numbers)
        except (ValueError, ZeroDivisionError, OverflowError):
            raise self._not_finite(item) from None
        if isinstance(result, int) and result.bit_length() > 4 * self._source.limits.digits:
            raise self._source.limit("digits", "a number of too many digits", item.start, item.end)
        if item.name == "/" and self.divided is None and self._source.version == 3:
            a, b = numbers
            self.divided = item if isinstance(a, int) and isinstance(b, int) and a % b else None
        return result

    def _look_up(self, item: Item, bound: Bound) -> tuple[Value, bool]:
        """What a name stands for, and whether that was written with few digits."""
        name, names = item.name, self._names
        if bound is not None and name in bound:
            return self._argument(bound[name], item)
        if name in names.constants:
            return names.constants[name], name in names.rounded
        if name in CONSTANTS:
            return CONSTANTS[name], False
        if name in names.arrays:
            raise self._error(f"{quote(name)} is an array of {names.arrays[name]:,}: name one element of it", item)
        if name not in names.index:
            if bound is not None:
                known = sorted({*bound, *names.index, *names.constants} - names.made_of.keys())
                raise names.unknown(name, "parameter or constant", known, item.start, item.end)
            names.free(name, item.start, item.end)
        return Sum(0.0, {name: 1.0}), False

    def _argument(self, angle: Angle, item: Item) -> tuple[Value, bool]:
        if not angle.terms:
            return angle.constant, angle.spelling == Spelling.DECIMAL
        self._spend(len(angle.terms), item)
        return Sum(angle.constant, dict(angle.terms)), False

    def _element(self, item: Item, index: Value, bound: Bound) -> Value:
        name, names = item.name, self._names
        if isinstance(index, Sum):
            raise self._unknown_value(index, item)
        if not isinstance(index, int):
            raise self._error(f"an index must be a whole number, here {index}", item)
        if name in names.arrays:
            size = names.arrays[name]
            if -size <= index < size:
                return Sum(0.0, {f"{name}[{index % size}]": 1.0})
            raise self._error(f"{quote(name)}[{index}] is out of range: {quote(name)} has {size:,} elements", item)
        if name in names.index or name in names.constants or name in CONSTANTS or name in (bound or ()):
            raise self._error(f"{quote(name)} is one number, not an array", item)
        if bound is not None or index < 0:
            raise names.unknown(name, "parameter", [*(bound or ()), *names.arrays], item.start, item.end)
        return Sum(0.0, {names.free(f"{name}[{index}]", item.start, item.end): 1.0})

    def _finite(self, value: Number, where: Item | Expression) -> float:
        try:
            result = float(value)
        except OverflowError:
            result = math.inf
        if not math.isfinite(result):
            raise self._not_finite(where)
        return result

    def _not_finite(self, where: Item | Expression) -> SourceError:
        text = quote(self._source.code[where.start : where.end])
        if isinstance(where, Item) and where.name == "//":
            return self._error(f"division by zero: {text}", where)
        return self._error(f"angle is not finite: {text}", where)

    def _unknown_value(self, value: Sum, where: Item | Expression) -> SourceError:
        name = quote(next(iter(value.terms), ""))
        span = self._source.span(where.start, where.end)
        return NotFlat(f"not read yet: the value of the parameter {name} decides here", span)

    def _spend(self, steps: int, where: Item | Expression) -> None:
        self._work += steps
        if self._work > self._source.limits.arithmetic:
            raise self._source.limit("arithmetic", "too much angle arithmetic", where.start, where.end)

    def _error(self, message: str, where: Item | Expression) -> SourceError:
        return self._source.error(message, where.start, where.end)
