"""What depends on measured bits: worked out on every outcome that decides, as gates that are controlled by the outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bplint.importers.outcomes import NotUnitary, Undetermined, Value
from bplint.importers.qasm.angles import is_outcome
from bplint.importers.qasm.grammar import ast, extent
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import NO_VALUE, Array, NameScope
from bplint.importers.qasm.values import Values


def answers(ask: Callable[[], Value], reading: SourceReading) -> list[tuple[Mapping[int, bool], Value]]:
    """What is answered, by the outcomes that the answer depends on."""
    before = reading.spent, len(reading.outcomes)

    def once() -> Value:
        try:
            return ask()
        except Undetermined as unknown:
            if (reading.spent, len(reading.outcomes)) == before:
                raise
            # Asking did something to qubits, and must not do so twice.
            raise NotUnitary(unknown.message, unknown.span) from unknown

    return reading.outcomes.each(once) if reading.outcomes else [({}, once())]


def compared(node: ast.Expression, scope: NameScope, reading: SourceReading, values: Values) -> bool | None:
    """``c == 2`` for a row of bits with outcomes in it, up to the first bit that differs; None for anything else.

    Bits that were never measured are 0 in OpenQASM 2.
    """
    zero = reading.source.version == 2
    nothing_measured = not (zero or reading.outcomes)
    if nothing_measured or not isinstance(node, ast.BinaryExpression) or node.op.name not in ("==", "!="):
        return None
    for side, other in ((node.lhs, node.rhs), (node.rhs, node.lhs)):
        row = reading.names.find(side.name, scope) if isinstance(side, ast.Identifier) else None
        if isinstance(row, Array) and row.bits and (zero or any(map(is_outcome, row.values))):
            assert isinstance(side, ast.Identifier)
            value = values.number(other, scope, whole=True)
            equal = 0 <= value < 1 << len(row.values) and all(
                (0 if bit is NO_VALUE else reading.angles.number(bit, side.name, *extent(side)))
                == int(value) >> place & 1
                for place, bit in enumerate(row.values)
            )
            return equal is (node.op.name == "==")
    return None
