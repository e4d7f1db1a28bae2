"""Whether a program that is not modelled has anything in it that could be trained."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bplint.errors import SourceError
from bplint.importers.qasm.angles import AngleEvaluator
from bplint.importers.qasm.compiling import Compiler
from bplint.importers.qasm.grammar import ast, walk
from bplint.importers.qasm.names import CONSTANTS
from bplint.importers.qasm.scopes import NameScope
from bplint.ir.trainable import looks_trained


class Survey:
    """Looks at every angle in a text, whether it would be used or not, and takes what it cannot tell for trained."""

    def __init__(self, angles: AngleEvaluator, compiler: Compiler) -> None:
        self._angles = angles
        self._compiler = compiler

    def may_train(self, statements: Iterable[ast.Statement], formals: Collection[str] = ()) -> bool:
        """Whether there is a parameter, or an angle that looks trained; ``formals`` are angles of the gate around."""
        return any(self._trains(node, formals) for node in walk(statements))

    def _trains(self, node: ast.Statement, formals: Collection[str]) -> bool:
        match node:
            case ast.IODeclaration():
                return node.io_identifier is ast.IOKeyword.input
            case ast.QuantumGateDefinition():
                return self.may_train(node.body, {argument.name for argument in node.arguments})
            case ast.QuantumGate():
                return any(self._trained(angle, formals) for angle in node.arguments)
            case ast.QuantumPhase():
                return self._trained(node.argument, formals)
        return False

    def _trained(self, node: ast.Expression, formals: Collection[str]) -> bool:
        """Whether an angle is no number, or one that looks trained. The angle of a gate is looked at where that is called."""
        if isinstance(node, ast.Identifier) and node.name in formals:
            return False
        try:
            expression = self._compiler.compile(node)
            if expression.calls or any(name not in CONSTANTS for name, _, _ in expression.names):
                return True
            angle = self._angles.evaluate(expression, NameScope())
        except SourceError:
            return True
        return looks_trained(angle.constant, angle.spelling)
