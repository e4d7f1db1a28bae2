"""Parameters taken out of a circuit, each at zero, where the loss does not ask for them; and whether two circuits are one."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from bplint.ir.circuit import ROTATION, Circuit
from bplint.rewrite.change import Angle, Counts, Placed, Rewrite
from bplint.rewrite.reading import angle_of, as_placed, source_gates

_ROUNDING = 1e-9


def eliminated(circuit: Circuit, zero: Collection[int], shift: Mapping[int, float]) -> Rewrite:
    """The circuit with the parameters ``zero`` at zero, and a number of radians added to those of ``shift``.

    A gate that turns by nothing then is left out; one that has other angles besides keeps them.
    """
    gone = frozenset(zero)

    def there(angle: Angle) -> Angle:
        constant, terms = angle
        moved = constant + sum(c * shift[p] for p, c in terms if p in shift)
        return moved, tuple((p, c) for p, c in terms if p not in gone)

    changes: dict[int, tuple[Placed, ...]] = {}
    gates = source_gates(circuit)
    for gate in gates:
        rows = {piece.row for piece in gate.pieces if piece.moves}
        old = [angle_of(circuit, row) for row in rows]
        new = [there(angle) for angle in old]
        if old == new:
            continue
        turns = any(piece.code != ROTATION or not piece.moves for piece in gate.pieces)
        if not turns and not any(constant or terms for constant, terms in new):
            changes[gate.number] = ()
            continue
        as_written = as_placed(circuit, gate)
        changes[gate.number] = (as_written._replace(angles=tuple(map(there, as_written.angles))),)
    dropped = sum(not new for new in changes.values())
    kept = sum(gate.trained for gate in gates) - len(changes)
    return Rewrite((), changes, circuit.parameters, Counts(kept, dropped, replaced=len(changes) - dropped))


Turned: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...], tuple[tuple[str, float], ...], bool, float]
"""Code, qubits, letters, terms (symbol, coefficient), whether it is trained, and a number of radians."""


def same(one: Circuit, other: Circuit) -> bool:
    """Whether two circuits do the same, operation by operation, with symbols of the same names, and train the same angles."""
    rows = list(_turned(one)), list(_turned(other))
    return len(rows[0]) == len(rows[1]) and all(
        a[:3] == b[:3]
        and [name for name, _ in a[3]] == [name for name, _ in b[3]]
        and a[4] == b[4]
        and all(math.isclose(x, y, abs_tol=_ROUNDING) for x, y in zip(_numbers(a), _numbers(b), strict=True))
        for a, b in zip(*rows, strict=True)
    )


def _numbers(row: Turned) -> list[float]:
    return [row[5], *(coefficient for _, coefficient in row[3])]


def _turned(circuit: Circuit) -> Iterator[Turned]:
    """Operations, with the numbers that parameters have in the source; without those that turn by nothing for good."""
    for operation in circuit.operations:
        if operation.code != ROTATION:
            yield operation.code, operation.qubits, (), (), False, 0.0
            continue
        constant, symbols = operation.constant, dict[str, float]()
        for p, coefficient in operation.terms:
            parameter = circuit.parameters[p]
            if parameter.value is None:
                symbols[parameter.name] = symbols.get(parameter.name, 0.0) + coefficient
            else:
                constant += coefficient * parameter.value
        trained = circuit.trained[operation.number]
        if operation.terms or constant:
            yield ROTATION, operation.qubits, operation.letters, tuple(sorted(symbols.items())), trained, constant
