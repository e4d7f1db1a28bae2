"""Angles: expressions evaluated to a constant plus multiples of parameters.

Nothing here recurses and nothing is handed to Python's own evaluator: the length of an expression costs time that is
metered, and its names are looked up in the tables of the file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from bplint.errors import SourceError, Unsupported
from bplint.importers.lowered import Angle
from bplint.importers.operations import CLASSICAL, Number, TooLong, calculate
from bplint.importers.qasm.affine import AffineSum, Value, as_factor, as_text, combined
from bplint.importers.qasm.names import CONSTANTS, Names
from bplint.importers.qasm.postfix import Expression, Item
from bplint.importers.qasm.source import NotUnitary, SourceText
from bplint.importers.quoting import quote
from bplint.ir.circuit import Spelling
from bplint.number_format import plural

Affine = Angle[str]
"""An angle of parameters by their names."""


class Array(NamedTuple):
    """Values by position, arrays of arrays where there are several dimensions; ``bits`` if it reads as one number."""

    values: list[Bindable]
    bits: bool = False

    def number(self) -> int:
        """The whole number that a row of bits stands for, the first one lowest."""
        return sum(bit << i for i, bit in enumerate(self.values) if isinstance(bit, int))


class Unknowable(NamedTuple):
    """A name whose value cannot be had, and why: ``is the outcome of a measurement``, for one.

    Then it is ``measured``, and has the ``qubit`` if it is a single bit.
    """

    why: str
    qubit: int | None = None
    measured: bool = False


Bindable = int | Affine | Array | Unknowable
Bound = Mapping[str, Bindable]
"""What names stand for besides those of the file: the arguments of a gate, the variables of a scope."""

NOTHING_BOUND: Bound = {}


class AngleExpressions:
    """Evaluates the expressions of one file.

    ``divided`` is the place of the first quotient of whole numbers that is not whole, in a file that says 3: read to
    the letter, OpenQASM 3 cuts it off.
    """

    def __init__(self, source: SourceText, names: Names) -> None:
        self.divided: Item | None = None
        self._source = source
        self._names = names
        self._work = 0

    def evaluate(self, expression: Expression, bound: Bound = NOTHING_BOUND, *, free: bool = True) -> Affine:
        """The angle; an undeclared name may become a parameter where ``free``.

        Raises SourceError for a name that means nothing and for an angle that is not finite.
        """
        items = expression.items
        if len(items) == 1 and items[0].name in bound:
            angle = bound[items[0].name]
            if isinstance(angle, Angle):
                return angle
        value, rounded = self._value(expression, bound, free)
        if not isinstance(value, AffineSum):
            return Angle(self._finite(value, expression), (), Spelling.DECIMAL if rounded else Spelling.PRECISE)
        terms = tuple([(name, self._finite(c, expression)) for name, c in value.terms.items()])
        return Angle(self._finite(value.constant, expression), terms)

    def constant(self, expression: Expression, bound: Bound = NOTHING_BOUND) -> tuple[Number, bool]:
        """A number with no parameter in it, whole ones kept whole, and whether it was written with few digits."""
        value, rounded = self._value(expression, bound, False)
        if isinstance(value, AffineSum):
            raise self._unknown_value(value, expression)
        self._finite(value, expression)
        return value, rounded

    def as_whole(self, value: Number, what: str, start: int, end: int) -> int:
        """The value, if it is a whole number."""
        if not isinstance(value, int):
            text = quote(self._source.code[start:end])
            raise self._source.error(f"{what} must be a whole number, here {text}", start, end)
        return value

    def _value(self, expression: Expression, bound: Bound, free: bool) -> tuple[Value, bool]:
        """The value, and whether it rests on a literal of few digits."""
        stack: list[Value] = []
        rounded = expression.rounded
        self._spend(len(expression.items), expression)
        for item in expression.items:
            if item.kind == "number":
                stack.append(item.value)
            elif item.kind == "name":
                value, short = self._look_up(item, bound, free)
                rounded |= short
                stack.append(value)
            elif item.kind == "size":
                stack.append(self._size(item, bound))
            elif item.kind == "index":
                count = int(item.value)
                stack[-count:] = [self._element(item, stack[-count:], bound, free)]
            else:
                count = int(item.value)
                operands = stack[-count:]
                del stack[-count:]
                value = self._apply(item, operands)
                stack.append(value.constant if isinstance(value, AffineSum) and not value.terms else value)
        (result,) = stack
        return result, rounded

    def _apply(self, item: Item, operands: list[Value]) -> Value:
        """One operator or function. The sums on the stack belong to it: they are changed in place."""
        left, right = operands[0], operands[-1]
        if not (isinstance(left, AffineSum) or isinstance(right, AffineSum)):
            return self._calculate(item, operands)
        if item.name in CLASSICAL:
            raise self._unknown_value(next(o for o in operands if isinstance(o, AffineSum)), item)
        for operand in operands:
            if isinstance(operand, AffineSum):
                self._spend(1 if item.name in ("+", "-") and operand is left else len(operand.terms), item)
        if item.name == "negate" and isinstance(left, AffineSum):
            return left.scale(-1.0)
        if item.name in ("+", "-"):
            total = left if isinstance(left, AffineSum) else AffineSum(self._finite(left, item), {})
            other = right if isinstance(right, AffineSum) else self._finite(right, item)
            return total.add(other, 1.0 if item.name == "+" else -1.0)
        if item.name == "*" and isinstance(left, AffineSum) and not isinstance(right, AffineSum):
            return left.scale(self._finite(right, item))
        if item.name == "*" and isinstance(right, AffineSum) and not isinstance(left, AffineSum):
            return right.scale(self._finite(left, item))
        if item.name == "/" and isinstance(left, AffineSum) and not isinstance(right, AffineSum):
            return left.scale(float(self._calculate(item, [1.0, right])))
        return self._opaque(item, operands)

    def _opaque(self, item: Item, operands: list[Value]) -> AffineSum:
        """A product or function of parameters: a symbol of its own, named by its text."""
        if item.kind == "call":
            name = f"{item.name}({', '.join(map(as_text, operands))})"
        else:
            name = item.name.join(map(as_factor, operands))
        self._names.made_of[name] = combined(item.name, operands)
        return AffineSum(0.0, {name: 1.0})

    def _calculate(self, item: Item, operands: list[Value]) -> Number:
        numbers = [n for n in operands if not isinstance(n, AffineSum)]
        try:
            result = calculate(item.name, numbers)
        except TooLong:
            raise self._source.limit("digits", "a number of too many digits", item.start, item.end) from None
        except (ValueError, ZeroDivisionError, OverflowError):
            raise self._not_finite(item) from None
        if isinstance(result, int) and result.bit_length() > 4 * self._source.limits.digits:
            raise self._source.limit("digits", "a number of too many digits", item.start, item.end)
        if item.name == "/" and self.divided is None and self._source.version == 3:
            a, b = numbers
            self.divided = item if isinstance(a, int) and isinstance(b, int) and a % b else None
        return result

    def _look_up(self, item: Item, bound: Bound, free: bool) -> tuple[Value, bool]:
        """What a name stands for, and whether that was written with few digits."""
        name, names = item.name, self._names
        if name in bound:
            return self._bound(bound[name], item)
        if name in names.constants:
            return names.constants[name], name in names.rounded
        if name in CONSTANTS:
            return CONSTANTS[name], False
        if name in names.arrays:
            shape = " by ".join(f"{size:,}" for size in names.arrays[name])
            raise self._error(f"{quote(name)} is an array of {shape}: name one element of it", item)
        if name not in names.index:
            if not free:
                known = sorted(
                    {*filter(str.isidentifier, bound), *names.index, *names.constants} - names.made_of.keys()
                )
                raise names.unknown(name, "parameter or constant", known, item.start, item.end)
            names.free(name, item.start, item.end)
        return AffineSum(0.0, {name: 1.0}), False

    def _bound(self, value: Bindable, item: Item) -> tuple[Value, bool]:
        if isinstance(value, int):
            return value, False
        if isinstance(value, Unknowable):
            refused = NotUnitary if value.measured else Unsupported
            raise refused(f"{quote(item.name)} {value.why}", self._source.span(item.start, item.end))
        if isinstance(value, Array):
            if value.bits:
                for bit in value.values:
                    self._bound(bit, item)
                return value.number(), False
            raise self._error(f"{quote(item.name)} is an array of {len(value.values):,}: name one element of it", item)
        if not value.terms:
            return value.constant, value.spelling == Spelling.DECIMAL
        self._spend(len(value.terms), item)
        return AffineSum(value.constant, dict(value.terms)), False

    def _element(self, item: Item, written: list[Value], bound: Bound, free: bool) -> Value:
        """An element of an array, by as many indices as it has dimensions."""
        name, names = item.name, self._names
        indices = [self._index(value, item) for value in written]
        if name in bound:
            return self._bound_element(bound[name], indices, item)
        if name in names.arrays:
            shape = names.arrays[name]
            self._check_dimensions(len(indices), len(shape), item)
            places = [self._within(i, size, item) for i, size in zip(indices, shape, strict=True)]
            return AffineSum(0.0, {f"{name}[{']['.join(map(str, places))}]": 1.0})
        if name in names.index or name in names.constants or name in CONSTANTS:
            raise self._error(f"{quote(name)} is one number, not an array", item)
        if not free or len(indices) > 1 or indices[0] < 0:
            known = [*filter(str.isidentifier, bound), *names.arrays]
            raise names.unknown(name, "parameter", known, item.start, item.end)
        return AffineSum(0.0, {names.free(f"{name}[{indices[0]}]", item.start, item.end): 1.0})

    def _index(self, value: Value, item: Item) -> int:
        if isinstance(value, AffineSum):
            raise self._unknown_value(value, item)
        if not isinstance(value, int):
            raise self._error(f"an index must be a whole number, here {value}", item)
        return value

    def _bound_element(self, value: Bindable, indices: list[int], item: Item) -> Value:
        for index in indices:
            if not isinstance(value, Array):
                break
            value = value.values[self._within(index, len(value.values), item)]
        else:
            return self._bound(value, item)[0]
        if isinstance(value, Unknowable):
            return self._bound(value, item)[0]
        raise self._error(f"{quote(item.name)} is one number, not an array", item)

    def _size(self, item: Item, bound: Bound) -> int:
        shape = self._names.arrays.get(item.name, ())
        value = bound.get(item.name)
        while isinstance(value, Array):
            shape = (*shape, len(value.values))
            value = value.values[0]
        if not shape:
            raise self._error(f"{quote(item.name)} is not an array", item)
        return shape[self._within(int(item.value), len(shape), item)]

    def _check_dimensions(self, here: int, want: int, item: Item) -> None:
        if here != want:
            message = f"{quote(item.name)} has {plural(want, 'dimension')}; here {here}"
            raise self._error(message, item)

    def _within(self, index: int, size: int, item: Item) -> int:
        if -size <= index < size:
            return index % size
        name = quote(item.name)
        raise self._error(f"{name}[{quote(str(index))}] is out of range: {name} has {size:,} elements", item)

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

    def _unknown_value(self, value: AffineSum, where: Item | Expression) -> SourceError:
        """The error for a parameter where a number must be known."""
        symbol = next(iter(value.terms), "")
        message = f"the value of the parameter {quote(symbol)} decides here"
        hint = f"give it with --set {symbol}=8" if symbol in self._names.whole else None
        return Unsupported(message, self._source.span(where.start, where.end), hint=hint)

    def spend(self, steps: int, start: int, end: int) -> None:
        """Enter work that the expression or statement at this place makes."""
        self._work += steps
        if self._work > self._source.limits.steps:
            raise self._source.limit("steps", f"{self._work:,} steps of evaluation", start, end)

    def _spend(self, steps: int, where: Item | Expression) -> None:
        self.spend(steps, where.start, where.end)

    def _error(self, message: str, where: Item | Expression) -> SourceError:
        return self._source.error(message, where.start, where.end)
