"""Expressions of sympy as steps of plain arithmetic: no framework is needed to evaluate them, nor its own evaluator."""

from __future__ import annotations

from typing import Any

from bplint.errors import SourceError
from bplint.importers.formulas import Combined, StepFormula
from bplint.importers.limits import DEFAULTS
from bplint.importers.operations import Number

_Operand = Number | tuple[float, tuple[tuple[str, float], ...]]


def formula_of(expression: Any) -> StepFormula | None:
    """The steps of an expression that is more than a symbol; None where it has a function that is not known here."""
    steps: dict[str, Combined] = {}
    try:
        _operand(expression, steps, 0)
    except KeyError:
        return None
    return StepFormula(tuple(steps.items()))


def _operand(node: Any, steps: dict[str, Combined], depth: int) -> _Operand:
    """A number, a symbol, or the name of the step that computes the node, whose steps are added."""
    if depth > DEFAULTS.nesting:
        raise SourceError("an expression is nested too deeply")
    if node.is_Symbol:
        return 0.0, ((node.name, 1.0),)
    if node.is_Integer:
        return int(node)
    if not node.free_symbols:
        return float(node)
    operands = [_operand(part, steps, depth + 1) for part in node.args]
    operation = _OPERATIONS[type(node).__name__]
    first, *others = operands
    for other in others:  # of a sum or product of many the first two, and so on
        first = _step(Combined(operation, (first, other)), steps)
    return first if others else _step(Combined(operation, (first,)), steps)


def _step(combination: Combined, steps: dict[str, Combined]) -> _Operand:
    name = f"step {len(steps)}"
    steps[name] = combination
    return 0.0, ((name, 1.0),)


_OPERATIONS = {
    "Add": "+", "Mul": "*", "Pow": "**", "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan",
    "asin": "asin", "acos": "acos", "atan": "atan", "floor": "floor", "ceiling": "ceiling",
}  # fmt: skip
"""sympy's classes as operators and functions of :mod:`.operations`."""
