"""Whether the numbers in a rewritten text will be read as the parameters that the rewrite means.

In a file of numbers, numbers of equal size are one parameter if many are equal, otherwise each is one of its own
(:mod:`bplint.ir.trainable`). A rewrite can tie angles, or take away so many that the answer changes. Where sizes alone cannot
say it, each parameter of several numbers is a group that can be declared.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from bplint.ir.circuit import Circuit, GateOrigin, Role
from bplint.ir.trainable import TIED_BELOW
from bplint.rewrite.change import CannotError, Rewrite
from bplint.rewrite.reading import source_gates
from bplint.rewrite.writing import Writer


def check_ties(
    circuit: Circuit, rewrite: Rewrite, writer: Writer, written_out: Collection[int], tied: bool | None = None
) -> None:
    """``CannotError`` where they will not. Gates ``written_out`` stand in no body any more.

    ``tied`` is whether numbers of equal size are said to be one parameter; None if nothing is said.
    """
    rows = list(_rows(circuit, rewrite, writer, written_out))
    if tied is None:
        sizes = {round(abs(value), 6) for _, value, _ in rows}
        tied = len(rows) > 1 and len(sizes) < TIED_BELOW * len(rows)
    read: dict[object, int] = {}
    meant: dict[int, object] = {}
    for k, (parameter, value, call) in enumerate(rows):
        size: object = round(abs(value), 6) if tied else k
        if not tied and call is not None and value:
            size = call, round(math.frexp(abs(value))[0], 5)
        if read.setdefault(size, parameter) != parameter or meant.setdefault(parameter, size) != size:
            raise CannotError("numbers cannot say which angles are one parameter; declare inputs")


def groups(
    circuit: Circuit, rewrite: Rewrite, writer: Writer, written_out: Collection[int]
) -> tuple[tuple[float, ...], ...]:
    """The sizes of the numbers of each parameter that has several. ``CannotError`` where a number would be in two groups."""
    values: dict[int, list[float]] = {}
    for parameter, value, _ in _rows(circuit, rewrite, writer, written_out):
        values.setdefault(parameter, []).append(abs(value))
    several = {p: {round(value, 6): value for value in sizes} for p, sizes in values.items() if len(sizes) > 1}
    for parameter, group in several.items():
        if any(round(value, 6) in group for other, sizes in values.items() if other != parameter for value in sizes):
            raise CannotError("numbers of one size are different parameters; declare inputs")
    return tuple(tuple(group.values()) for group in several.values())


def _rows(
    circuit: Circuit, rewrite: Rewrite, writer: Writer, written_out: Collection[int]
) -> Iterator[tuple[int, float, object]]:
    """Of each number that stands for a trained angle: its parameter, its value, and the call whose body it is in."""
    literal = {p: one.value for p, one in enumerate(rewrite.parameters) if one.role is Role.TRAINABLE}
    kinds, statements = circuit.gates.columns.kind, circuit.gates.columns.statement
    for gate in source_gates(circuit):
        if gate.number in rewrite.changes:
            for k, new in enumerate(rewrite.changes[gate.number]):
                for constant, terms in new.angles:
                    for p, coefficient in terms:
                        value = literal.get(p)
                        if value is None:
                            continue
                        value = constant + coefficient * value
                        own = writer.is_own(new)
                        share = value / 2 if new.name == "exchange" and own else value
                        for _ in range(3 if share != value else 1):
                            yield p, share, (gate.number, k, "own") if own else None
            continue
        for row in dict.fromkeys(piece.row for piece in gate.pieces if piece.row >= 0):
            for p, coefficient in circuit.angles.terms(row):
                value = literal.get(p)
                if value is not None:
                    inside = kinds[gate.number] == GateOrigin.BODY and gate.number not in written_out
                    call = statements[gate.number] if inside else None
                    yield p, coefficient * value, call
