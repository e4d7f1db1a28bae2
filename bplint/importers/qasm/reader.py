"""The reader of OpenQASM: one statement after the other, the plain ones by regular expressions, all others by the tree.

A file of plain gates, as most are, is read without any tree.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from bplint.importers.outcomes import NotUnitary
from bplint.importers.program import Program
from bplint.importers.qasm.plain import CALL, PlainStatements
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.source import SourceText
from bplint.ir.circuit import GateOrigin

if TYPE_CHECKING:
    from bplint.importers.qasm.evaluator import Evaluator


@contextmanager
def undisturbed() -> Iterator[None]:
    """Lets trees be as deep as the limit on nesting allows, and looks for no circles among their many nodes: there are
    none, and looking would take half of the time.
    """
    before, collected = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(before, 6_000))  # the parser takes several calls for each level
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
        if collected:
            gc.enable()


class SourceReader:
    """Reads one source. Raises SourceError with the place of the fault."""

    def __init__(self, source: SourceText, overrides: Mapping[str, int]) -> None:
        self._source = source
        self._reading = SourceReading(source, overrides)
        self._plain = PlainStatements(self._reading, lambda: self._evaluator)

    def run(self) -> Program:
        """The program; one without gates where it is not modelled, and has nothing in it to train."""
        try:
            return self._run()
        except NotUnitary as error:
            if self._evaluator.may_train():
                raise
            return self._reading.nothing_to_train(error)
        finally:
            if "_evaluator" in vars(self):
                self._evaluator.close()

    def _run(self) -> Program:
        code, scope, plain_call = self._source.code, self._reading.scope, self._plain.call
        at = self._source.start
        while True:
            call = CALL.match(code, at)
            if call is not None and plain_call(call, scope, GateOrigin.PLAIN):
                at = call.end()
                continue
            at = self._source.skip(at)
            if at == len(code):
                return self._reading.program()
            at = self._other(at)

    @cached_property
    def _evaluator(self) -> Evaluator:
        from bplint.importers.qasm.evaluator import Evaluator  # loads the classes of the tree

        return Evaluator(self._reading, self._plain)

    def _other(self, start: int) -> int:
        """Read a statement of another form. Returns the offset after it."""
        if self._source.code[start] == ";":
            return start + 1
        end = self._plain.read(start)
        return self._evaluator.read(start) if end is None else end
