"""The overlap of two data points as a loss: V(x')† V(x) with the projector onto |0…0>, each point with parameters of its own.

Its mean over starts is E[k], its second moment E[k²], whatever engine measures it. Cliffords behind the last rotation of an
embedding do nothing to overlaps, and an overlap is the product of those of *parts*, qubits that no gate joins.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from bplint.ir.circuit import ROTATION, Circuit, OperationColumns, Parameter, Role, angle_table
from bplint.ir.clifford import CLIFFORDS, CODES
from bplint.ir.law import Init
from bplint.ir.selection import some_operations

_INVERSE = {"s": "sdg", "sdg": "s", "sx": "sxdg", "sxdg": "sx", "iswap": "iswapdg", "iswapdg": "iswap"}
"""Of Cliffords that are not their own; that of dcx has its qubits exchanged."""


def seen_by_overlaps(circuit: Circuit) -> Circuit:
    """Without Cliffords that no rotation follows on any of their qubits."""
    busy = [False] * circuit.n_qubits
    kept = []
    for operation in reversed(circuit.operations):
        clifford = operation.code != ROTATION or operation.quarter >= 0
        if clifford and not any(busy[q] for q in operation.qubits):
            continue
        for q in operation.qubits:
            busy[q] = True
        kept.append(operation.number)
    return some_operations(circuit, kept[::-1])


def parts(circuit: Circuit) -> list[Circuit]:
    """The circuits on qubits that no gate joins, those without a gate left out; qubits are numbered within each."""
    home = list(range(circuit.n_qubits))

    def root(q: int) -> int:
        while home[q] != q:
            home[q] = home[home[q]]
            q = home[q]
        return q

    for operation in circuit.operations:
        first, *others = operation.qubits
        for q in others:
            home[root(q)] = root(first)
    numbers: dict[int, list[int]] = {}
    for operation in circuit.operations:
        numbers.setdefault(root(operation.qubits[0]), []).append(operation.number)
    return [_compact(some_operations(circuit, kept)) for _, kept in sorted(numbers.items())]


def doubled(circuit: Circuit, laws: Init) -> tuple[Circuit, Init]:
    """V(x')† V(x), its parameters trainable, and their laws. Fixed parameters are in it once."""
    count = len(circuit.parameters)
    moving = [p.role is not Role.FIXED for p in circuit.parameters]
    names = [[f"k{copy}_{k}" for k in range(count)] for copy in (0, 1)]
    parameters = tuple(
        Parameter(names[copy][k], Role.TRAINABLE) if moving[k] else p
        for copy in (0, 1)
        for k, p in enumerate(circuit.parameters)
    )
    own = [laws.law(p) for p in circuit.parameters]
    named = tuple((names[copy][k], own[k]) for copy in (0, 1) for k in range(count) if moving[k])
    default = next((law for law, moves in zip(own, moving, strict=True) if moves), laws.default)
    same = all(law == default for law, moves in zip(own, moving, strict=True) if moves)
    rows = circuit.angles.rows()
    again = [[(p + count if moving[p] else p, c) for p, c in row] for row in rows]
    angles = circuit.angles.columns
    table = angle_table([*angles.constant] * 2, [*rows, *again], [*angles.spelling] * 2)
    columns = _there_and_back(circuit, len(rows))
    return (
        replace(circuit, columns=columns, angles=table, parameters=parameters, measured=()),
        Init(default, () if same else named),
    )


def _there_and_back(circuit: Circuit, angles: int) -> OperationColumns:
    """The operations, then their inverses in reverse order; the angles of these begin at number ``angles``."""
    old = circuit.columns
    columns = OperationColumns(
        code=old.code[:],
        start=old.start[:],
        qubits=old.qubits[:],
        letters=old.letters[:],
        angle=old.angle[:],
        factor=old.factor[:],
        gate=old.gate[:],
        moment=old.moment[:],
    )
    last = max(old.moment, default=0)
    for number in range(len(circuit) - 1, -1, -1):
        part = slice(*old.start[number : number + 2])
        qubits, name = old.qubits[part], CLIFFORDS[old.code[number] - 1] if old.code[number] else ""
        columns.code.append(CODES[_INVERSE.get(name, name)] if name else ROTATION)
        columns.qubits.extend(qubits[::-1] if name == "dcx" else qubits)
        columns.letters.extend(old.letters[part])
        columns.start.append(len(columns.qubits))
        columns.angle.append(old.angle[number] + angles if old.angle[number] >= 0 else -1)
        columns.factor.append(-old.factor[number])
        columns.gate.append(old.gate[number])
        columns.moment.append(2 * last + 1 - old.moment[number])
    return columns


def _compact(circuit: Circuit) -> Circuit:
    """The same on the qubits that it uses, and with the parameters that it uses."""
    used = sorted(set(circuit.columns.qubits))
    place = {q: k for k, q in enumerate(used)}
    columns = circuit.columns._replace(qubits=array("i", [place[q] for q in circuit.columns.qubits]))
    return _without_unused(replace(circuit, n_qubits=len(used), columns=columns, measured=()))


def _without_unused(circuit: Circuit) -> Circuit:
    turning = sorted({row for row in circuit.columns.angle if row >= 0})
    at = {row: k for k, row in enumerate(turning)}
    rows = circuit.angles.rows()
    parameters = list(dict.fromkeys(p for row in turning for p, _ in rows[row]))
    number = {p: k for k, p in enumerate(parameters)}
    angles = circuit.angles.columns
    table = angle_table(
        [angles.constant[row] for row in turning],
        [[(number[p], c) for p, c in rows[row]] for row in turning],
        [angles.spelling[row] for row in turning],
    )
    columns = circuit.columns._replace(angle=array("i", [at.get(row, -1) for row in circuit.columns.angle]))
    return replace(circuit, columns=columns, angles=table, parameters=tuple(circuit.parameters[p] for p in parameters))


def share_parameters(circuits: Sequence[Circuit]) -> bool:
    """Whether a parameter stands in two parts: then their overlaps are not independent."""
    names = [p.name for circuit in circuits for p in circuit.parameters if p.role is not Role.FIXED]
    return len(names) > len(set(names))
