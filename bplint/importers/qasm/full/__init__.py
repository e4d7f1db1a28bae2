"""The full reader of OpenQASM 3: the grammar, and an evaluator for all that is known before a run."""

from __future__ import annotations

from collections.abc import Mapping

from bplint.errors import LimitError
from bplint.importers.program import Program
from bplint.importers.qasm.full.evaluator import Evaluator
from bplint.importers.qasm.full.syntax import deep
from bplint.importers.qasm.grammar import Parser
from bplint.importers.qasm.source import SourceText

__all__ = ["read"]


def read(source: SourceText, overrides: Mapping[str, int]) -> Program:
    """The circuit in an OpenQASM 3 text. Raises SourceError with the place of the fault."""
    try:
        with deep():
            return Evaluator(source, overrides, Parser(source).program()).run()
    except RecursionError:
        hint = "name parts of it with const, or nest less"
        raise LimitError("an expression or a block is nested too deeply for the full grammar", hint=hint) from None
