"""From the text of OpenQASM to the reference syntax tree."""

from bplint.importers.qasm.grammar.nodes import Block, Memo, OpaqueGate, PlainCall, ast, extent, placed, walk
from bplint.importers.qasm.grammar.statements import Parser

__all__ = ["Block", "Memo", "OpaqueGate", "Parser", "PlainCall", "ast", "extent", "placed", "walk"]
