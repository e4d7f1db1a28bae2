"""From the text of OpenQASM to the reference syntax tree."""

from bplint.importers.qasm.grammar.nodes import OpaqueGate, ast, extent
from bplint.importers.qasm.grammar.statements import Parser

__all__ = ["OpaqueGate", "Parser", "ast", "extent"]
