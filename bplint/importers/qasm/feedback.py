"""What depends on measured bits: worked out on every outcome that decides, as gates that are controlled by the outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from bplint.importers.qasm.grammar import ast, extent
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import NO_VALUE, Array, NameScope, Unknowable
from bplint.importers.qasm.source import NotUnitary, Undetermined
from bplint.importers.qasm.values import Values

Value = TypeVar("Value")


class Control(NamedTuple):
    """The number of an outcome, and what it must be."""

    outcome: int
    value: bool


Controls = tuple[Control, ...]
"""All of them have to be so."""


class Conditions:
    """Asks for values that may depend on outcomes. Bits that were never measured are 0 in OpenQASM 2."""

    def __init__(self, reading: SourceReading, values: Values) -> None:
        self._reading = reading
        self._values = values
        self._zero = reading.source.version == 2

    def each(self, ask: Callable[[], Value]) -> list[tuple[Controls, Value]]:
        """What is answered, by the outcomes that the answer depends on: an outcome is looked into when it is asked for."""
        reading = self._reading
        before = reading.spent, len(reading.outcomes)
        try:
            return [((), ask())]
        except Undetermined as unknown:
            if (reading.spent, len(reading.outcomes)) != before:
                raise  # asking did something to qubits, and must not do so twice
            leaves: list[tuple[Controls, Value]] = []
            for value in (False, True):
                control = Control(unknown.outcome, value)
                with self.under((control,)):
                    leaves += [((control, *rest), answer) for rest, answer in self.each(ask)]
            if len(leaves) > _LEAVES:
                message = f"{unknown.message}, and more than {_LEAVES} combinations of outcomes decide here"
                raise NotUnitary(message, unknown.span) from unknown
            return leaves

    @contextmanager
    def under(self, controls: Controls) -> Iterator[None]:
        """What is done inside is done where the outcomes are these."""
        angles, before = self._reading.angles, self._reading.angles.assumed
        angles.assumed = {**before, **dict(controls)}
        try:
            yield
        finally:
            angles.assumed = before

    def compared(self, node: ast.Expression, scope: NameScope) -> bool | None:
        """``c == 2`` for a row of bits with outcomes in it, up to the first bit that differs; None for anything else."""
        if not isinstance(node, ast.BinaryExpression) or node.op.name not in ("==", "!="):
            return None
        for side, other in ((node.lhs, node.rhs), (node.rhs, node.lhs)):
            row = self._reading.angles.find(side.name, scope) if isinstance(side, ast.Identifier) else None
            if isinstance(row, Array) and row.bits and any(isinstance(bit, Unknowable) for bit in row.values):
                assert isinstance(side, ast.Identifier)
                value = self._values.number(other, scope, whole=True)
                equal = 0 <= value < 1 << len(row.values) and all(
                    (
                        0
                        if self._zero and bit is NO_VALUE
                        else self._reading.angles.number(bit, side.name, *extent(side))
                    )
                    == int(value) >> place & 1
                    for place, bit in enumerate(row.values)
                )
                return equal is (node.op.name == "==")
        return None


_LEAVES = 256
"""Combinations of outcomes on which one thing may depend."""
