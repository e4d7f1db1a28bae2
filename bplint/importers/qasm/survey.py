"""Whether a program that is not modelled has anything in it that could be trained.

Every angle in the text is looked at, whether it would be used or not; what cannot be told is taken for trained.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bplint.errors import SourceError
from bplint.importers.qasm.grammar import ast, walk
from bplint.importers.qasm.names import CONSTANTS
from bplint.importers.qasm.scopes import NameScope
from bplint.importers.qasm.values import Values
from bplint.ir.trainable import looks_trained


def may_train(statements: Iterable[ast.Statement], values: Values, formals: Collection[str] = ()) -> bool:
    """Whether there is a parameter, or an angle that looks trained; ``formals`` are angles of the gate around."""
    return any(_trains(node, values, formals) for node in walk(statements))


def _trains(node: ast.Statement, values: Values, formals: Collection[str]) -> bool:
    match node:
        case ast.IODeclaration():
            return node.io_identifier is ast.IOKeyword.input
        case ast.QuantumGateDefinition():
            return may_train(node.body, values, {argument.name for argument in node.arguments})
        case ast.QuantumGate():
            return any(_trained(angle, values, formals) for angle in node.arguments)
        case ast.QuantumPhase():
            return _trained(node.argument, values, formals)
    return False


def _trained(node: ast.Expression, values: Values, formals: Collection[str]) -> bool:
    """Whether an angle is no number, or one that looks trained. The angle of a gate is looked at where that is called."""
    if isinstance(node, ast.Identifier) and node.name in formals:
        return False
    try:
        expression = values.compile(node)
        if expression.calls or any(name not in CONSTANTS for name, _, _ in expression.names):
            return True
        angle = values.angle(node, NameScope())
    except SourceError:
        return True
    return looks_trained(angle.constant, angle.spelling)
