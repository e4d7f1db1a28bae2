"""Conditions of Qiskit's control flow on measured bits: what they come to where the bits are known."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from bplint.errors import Unsupported

Bit = Callable[[Any], bool]
"""What a classical bit is. ``Undetermined`` where it depends on an outcome."""


def holds(condition: Any, bit: Bit) -> bool:
    """Whether a condition holds: a bit or a register with the value that it must have, or an expression."""
    from qiskit.circuit import Clbit  # type: ignore[import-untyped]

    if not isinstance(condition, tuple):
        return bool(computed(condition, bit))
    target, wanted = condition
    if isinstance(target, Clbit):
        return bit(target) == bool(wanted)
    return all(bit(one) == bool(wanted >> place & 1) for place, one in enumerate(target))


def computed(node: Any, bit: Bit) -> int:
    """The value of an expression, a bit or a register. ``Unsupported`` for what more than bits are in."""
    from qiskit.circuit import Clbit
    from qiskit.circuit.classical import expr, types  # type: ignore[import-untyped]

    if isinstance(node, Clbit):
        return int(bit(node))
    if isinstance(node, expr.Value):
        return int(node.value)
    if isinstance(node, expr.Var) and not node.standalone:
        return computed(node.var, bit)
    if isinstance(node, expr.Cast):
        inner = computed(node.operand, bit)
        return int(bool(inner)) if node.type.kind is types.Bool else inner
    if isinstance(node, expr.Index):
        return computed(node.target, bit) >> computed(node.index, bit) & 1
    if isinstance(node, expr.Unary) and node.op.name == "LOGIC_NOT":
        return int(not computed(node.operand, bit))
    if isinstance(node, expr.Unary) and node.op.name == "BIT_NOT":
        inner = computed(node.operand, bit)
        return int(not inner) if node.type.kind is types.Bool else ~inner & (1 << node.type.width) - 1
    if isinstance(node, expr.Binary) and node.op.name in _BINARY:
        return int(_BINARY[node.op.name](computed(node.left, bit), computed(node.right, bit)))
    if not isinstance(node, expr.Expr):
        return sum(computed(one, bit) << place for place, one in enumerate(node))
    raise Unsupported(f"a condition with {type(node).__name__} in it", hint="compare measured bits with numbers")


_BINARY: Mapping[str, Callable[[int, int], int]] = {
    "BIT_AND": operator.and_,
    "BIT_OR": operator.or_,
    "BIT_XOR": operator.xor,
    "LOGIC_AND": lambda left, right: left and right,
    "LOGIC_OR": lambda left, right: left or right,
    "EQUAL": operator.eq,
    "NOT_EQUAL": operator.ne,
    "LESS": operator.lt,
    "LESS_EQUAL": operator.le,
    "GREATER": operator.gt,
    "GREATER_EQUAL": operator.ge,
}
