"""What the operators and functions of OpenQASM come to for numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

Number = int | float


class TooLong(ArithmeticError):
    """The result would be a whole number of very many digits."""


def calculate(name: str, numbers: list[Number]) -> Number:
    """An operator or function of numbers; whole numbers stay whole where they can.

    Raises ValueError, ZeroDivisionError or OverflowError where it has no finite real value.
    """
    result = _OPERATIONS[name](*numbers)
    if isinstance(result, float) and not math.isfinite(result):
        raise OverflowError(name)
    return result


def operation(name: str) -> Callable[..., Number]:
    """The operator or function of this name, for those it takes as they are."""
    return _OPERATIONS[name]


def _cut_off_quotient(a: Number, b: Number) -> Number:
    if not (isinstance(a, int) and isinstance(b, int)):
        return a / b
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def _remainder(a: Number, b: Number) -> Number:
    """With the sign of the dividend, as in C."""
    if not (isinstance(a, int) and isinstance(b, int)):
        return math.fmod(a, b)
    return abs(a) % abs(b) * (1 if a >= 0 else -1)


def _power(a: Number, b: Number) -> Number:
    if isinstance(a, int) and isinstance(b, int) and 0 <= b * a.bit_length() <= _BITS:
        return int(a**b)
    return math.pow(a, b)


def _bits(a: Number) -> int:
    """A whole number, which is what the operators on bits take."""
    if not isinstance(a, int):
        raise ValueError(a)
    return a


def _shift_left(a: Number, b: Number) -> Number:
    if _bits(b) > _BITS:
        raise TooLong
    return _bits(a) << _bits(b)


def _rotate(a: Number, by: Number, width: Number) -> Number:
    """To the left within ``width`` bits."""
    size = _bits(width)
    places = _bits(by) % size
    return (_bits(a) << places | _bits(a) >> (size - places)) & ((1 << size) - 1)


def _signed(a: Number, width: Number = 0) -> Number:
    """As an ``int``: cut off, and wrapped around where a width is given."""
    value = math.trunc(a)
    if not width or width > _BITS:
        return value
    half = 1 << (_bits(width) - 1)
    return (value + half) % (2 * half) - half


def _unsigned(a: Number, width: Number = 0) -> Number:
    value = math.trunc(a)
    return value if not width or width > _BITS else value % (1 << _bits(width))


_BITS = 4096
"""Powers and shifts beyond are not worked out as whole numbers."""

_OPERATIONS: dict[str, Callable[..., Number]] = {
    "negate": operator.neg, "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": _cut_off_quotient, "%": _remainder, "^": _power, "**": _power,
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "exp": math.exp, "ln": math.log, "log": math.log,
    "sqrt": math.sqrt, "arcsin": math.asin, "arccos": math.acos, "arctan": math.atan,
    "asin": math.asin, "acos": math.acos, "atan": math.atan, "ceiling": math.ceil, "floor": math.floor,
    "mod": _remainder, "pow": _power,
}  # fmt: skip

FUNCTIONS = {name: 2 if name in ("mod", "pow") else 1 for name in _OPERATIONS if name.isalpha() and name != "negate"}
"""The functions that every angle may use, and how many arguments each takes."""

CLASSICAL: dict[str, Callable[..., Number]] = {
    "==": lambda a, b: int(a == b), "!=": lambda a, b: int(a != b), "<": lambda a, b: int(a < b),
    "<=": lambda a, b: int(a <= b), ">": lambda a, b: int(a > b), ">=": lambda a, b: int(a >= b),
    "&&": lambda a, b: int(bool(a) and bool(b)), "||": lambda a, b: int(bool(a) or bool(b)), "!": lambda a: int(not a),
    "&": lambda a, b: _bits(a) & _bits(b), "|": lambda a, b: _bits(a) | _bits(b),
    "xor": lambda a, b: _bits(a) ^ _bits(b),
    "~": lambda a, width=0: ~_bits(a) if not width else ~_bits(a) & ((1 << _bits(width)) - 1),
    "<<": _shift_left, ">>": lambda a, b: _bits(a) >> _bits(b),
    "popcount": lambda a: _bits(a).bit_count(), "rotl": _rotate, "rotr": lambda a, by, width: _rotate(a, -by, width),
    "int": _signed, "uint": _unsigned, "bool": lambda a, width=1: int(bool(a)), "bit": _unsigned,
}  # fmt: skip
"""Operators and casts that take numbers, never a parameter."""

_OPERATIONS |= CLASSICAL
