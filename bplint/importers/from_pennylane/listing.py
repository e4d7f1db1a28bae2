"""A circuit as lines of text, for reports: there is no source, so line i + 1 shows operation i of the tape."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from bplint.importers.lazy_lines import LazyLines
from bplint.ir.circuit import Circuit, Spelling


class TapeListing(LazyLines):
    """Lines such as ``RX(2*weights[0,1], wires=['a'])``, each written when it is asked for."""

    def __init__(self, operations: Sequence[Any], circuit: Circuit) -> None:
        self._operations = operations
        self._circuit = circuit

    def __len__(self) -> int:
        return len(self._operations)

    def line(self, index: int) -> str:
        operation = self._operations[index]
        wires = operation.wires.tolist()
        shown = repr(wires[:_WIRES]).rstrip("]") + (", …]" if len(wires) > _WIRES else "]")
        return f"{operation.name}({', '.join([*self._angles(index % len(self)), f'wires={shown}'])})"

    def _angles(self, statement: int) -> list[str]:
        """The different angles of an operation, those that a gate has of itself left out."""
        gates, columns = self._circuit.gates.columns.statement, self._circuit.columns
        first, last = bisect_left(gates, statement), bisect_right(gates, statement)
        begin, end = bisect_left(columns.gate, first), bisect_left(columns.gate, last)
        rows = dict.fromkeys(row for row in columns.angle[begin:end] if row >= 0)
        spelling = self._circuit.angles.columns.spelling
        texts = [self._angle(row) for row in rows if spelling[row] != Spelling.BUILTIN]
        return [*texts[:_ANGLES], "…"] if len(texts) > _ANGLES else texts

    def _angle(self, row: int) -> str:
        angles = self._circuit.angles
        parts = [_product(c, self._circuit.parameters[p].name) for p, c in angles.terms(row)]
        constant = angles.columns.constant[row]
        if constant or not parts:
            parts.append(f"{constant:.6g}")
        return " + ".join(parts).replace("+ -", "- ")


def _product(coefficient: float, name: str) -> str:
    return name if coefficient == 1 else f"-{name}" if coefficient == -1 else f"{coefficient:.6g}*{name}"


_WIRES = 8
_ANGLES = 4
