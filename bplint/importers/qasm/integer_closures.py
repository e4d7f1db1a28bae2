"""Short expressions of whole numbers as Python functions: what conditions and indices in loops are made of.

Such a function gives what the general evaluator would give, or raises Uncommon: for a value that is not whole, for one
that is missing or very large, and wherever there is an error to be explained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bplint.importers.operations import Number, operation
from bplint.importers.qasm.angles import Bindable
from bplint.importers.qasm.postfix import Item

Bound = Mapping[str, Bindable]
Function = Callable[[Bound], int]


class Uncommon(ArithmeticError):
    """The general evaluator must look at this."""


def function(items: Sequence[Item], constants: Mapping[str, Number]) -> Function | None:
    """What these postfix steps compute from the names bound at a place, ``constants`` being those of the file.

    None for an expression that is long or has other things in it. The function may also raise ZeroDivisionError.
    """
    if len(items) > _LONG:
        return None
    stack: list[Function] = []
    for item in items:
        if item.kind == "number" and isinstance(item.value, int) and abs(item.value) < _LARGE:
            stack.append(_literal(item.value))
        elif item.kind == "name":
            stack.append(_name(item.name, constants))
        elif item.kind == "operator" and item.name in _OPERATORS:
            count = int(item.value)
            operands = stack[-count:]
            stack[-count:] = [_applied(item.name, operands)]
        else:
            return None
    (result,) = stack
    return result


def _literal(value: int) -> Function:
    return lambda bound: value


def _name(name: str, constants: Mapping[str, Number]) -> Function:
    def look_up(bound: Bound) -> int:
        value: object = bound.get(name)
        if value is None:
            value = constants.get(name)
        if type(value) is int and -_LARGE < value < _LARGE:
            return value
        raise Uncommon

    return look_up


def _applied(name: str, operands: Sequence[Function]) -> Function:
    work_out: Callable[..., Any] = operation(name)
    if len(operands) == 1:
        (only,) = operands
        return lambda bound: work_out(only(bound))
    left, right = operands
    if name != "*":
        return lambda bound: work_out(left(bound), right(bound))

    def product(bound: Bound) -> int:
        result = left(bound) * right(bound)
        if -_LARGE < result < _LARGE:
            return result
        raise Uncommon

    return product


_LONG = 50
_LARGE = 1 << 64
_OPERATORS = frozenset(
    ["negate", "+", "-", "*", "//", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!", "&", "|", "xor"]
)
