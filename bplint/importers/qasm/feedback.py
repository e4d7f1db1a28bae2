"""Conditions on measured bits, as the controls that a gate has in their place.

A gate that is run if a measurement gave 1 does to the other qubits what the gate does that is controlled by the measured
qubit before its measurement, if nothing else is done to that qubit in between (the principle of deferred measurement:
Nielsen and Chuang, section 4.4).
"""

from __future__ import annotations

from typing import NamedTuple

from bplint.importers.qasm.bindable import NO_VALUE, Array, Bindable, Unknowable
from bplint.importers.qasm.grammar import ast
from bplint.importers.qasm.scopes import NameScope
from bplint.importers.qasm.values import Values


class Control(NamedTuple):
    """A measured qubit and the outcome that it must have."""

    qubit: int
    outcome: bool


Controls = tuple[Control, ...]
"""All of them have to be so."""


class Conditions:
    """Finds what conditions on measured bits come to. ``zero``: bits that were never measured are 0, as in OpenQASM 2."""

    def __init__(self, values: Values, *, zero: bool) -> None:
        self._values = values
        self._zero = zero

    def controls(self, node: ast.Expression, scope: NameScope) -> Controls | None:
        """The outcomes that the condition asks for, all of them; None if it is anything else."""
        match node:
            case ast.BinaryExpression(op=ast.BinaryOperator() as operator) if operator.name == "&&":
                left, right = self.controls(node.lhs, scope), self.controls(node.rhs, scope)
                return None if left is None or right is None else left + right
            case ast.BinaryExpression(op=ast.BinaryOperator() as operator) if operator.name in ("==", "!="):
                return self._compared(node, scope, equal=operator.name == "==")
            case ast.UnaryExpression(op=ast.UnaryOperator() as sign) if sign.name == "!":
                return negated(self.controls(node.expression, scope))
        bits = self._bits(node, scope)
        return None if bits is None or len(bits) != 1 else _asked(bits, 1, zero=self._zero)

    def _compared(self, node: ast.BinaryExpression, scope: NameScope, *, equal: bool) -> Controls | None:
        """``c == 2`` or ``2 == c``, also with a row of bits."""
        for side, other in ((node.lhs, node.rhs), (node.rhs, node.lhs)):
            bits = self._bits(side, scope)
            if bits is None or self._bits(other, scope) is not None:
                continue
            value = self._values.number(other, scope, whole=True)
            if not isinstance(value, int) or not 0 <= value < 1 << len(bits):
                return None
            controls = _asked(bits, value, zero=self._zero)
            return controls if equal else negated(controls)
        return None

    def _bits(self, node: ast.Expression, scope: NameScope) -> list[Bindable] | None:
        """The bits that a name or an element stands for; None if none of them was measured."""
        bits: list[Bindable] | None = None
        if isinstance(node, ast.Identifier):
            value = scope.values.get(node.name)
            bits = value.values if isinstance(value, Array) and value.bits else [value] if value is not None else None
        elif isinstance(node, ast.IndexExpression) and isinstance(node.collection, ast.Identifier):
            value = scope.values.get(node.collection.name)
            if isinstance(value, Array) and value.bits and isinstance(node.index, list) and len(node.index) == 1:
                (index,) = node.index
                place = None if isinstance(index, ast.RangeDefinition) else self._values.whole(index, scope, "an index")
                if place is not None and -len(value.values) <= place < len(value.values):
                    bits = [value.values[place]]
        return bits if bits and any(_measured(bit) is not None for bit in bits) else None


def negated(controls: Controls | None) -> Controls | None:
    """The opposite; None if that asks for more than one outcome."""
    if controls is None or len(controls) != 1:
        return None
    (only,) = controls
    return (only._replace(outcome=not only.outcome),)


def _asked(bits: list[Bindable], value: int, *, zero: bool) -> Controls | None:
    """The outcomes for which the bits, the first one lowest, are this number; None if one of them is not known.

    Both outcomes of one measurement where they never are.
    """
    controls: list[Control] = []
    never = False
    for place, bit in enumerate(bits):
        wanted, qubit = bool(value >> place & 1), _measured(bit)
        known = 0 if zero and bit is NO_VALUE else bit
        if qubit is not None:
            controls.append(Control(qubit, wanted))
        elif not isinstance(known, int):
            return None
        else:
            never |= known != int(wanted)
    return (
        (*controls, *(controls[0]._replace(outcome=outcome) for outcome in (False, True))) if never else tuple(controls)
    )


def _measured(bit: Bindable) -> int | None:
    return bit.qubit if isinstance(bit, Unknowable) else None
