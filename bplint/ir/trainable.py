"""Which angles are trained: the policy of contract section 4, applied to an imported circuit.

Importers leave literal angles as constants and every symbol trainable. Here literals become parameters where the policy
takes them, and symbols change role where a name or a statement says so. Most files that are variational hold numbers
only, so the guess matters: see :func:`looks_trained`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bplint.ir.circuit import ROTATION, Angles, Circuit, Flags, Floats, GateOrigin, Index, Parameter, Role, Spelling
from bplint.ir.naming import selects

POLICIES = ("auto", "symbols", "literals", "tied-literals", "rotations", "all", "none")
"""``tied-literals`` takes those of ``literals``, and those of equal size as one parameter, as ``auto`` may."""

TIED_BELOW = 0.7
"""Share of distinct values below which literals of equal size are taken as one parameter."""


class Selection(NamedTuple):
    """What was taken as trainable. ``guessed`` when only the literals themselves suggested it; declared, ``policy`` takes the same.

    ``taken`` of ``literals`` literal angles became parameters, ``tied`` into one for each size; ``symbols`` counts the
    symbols in use; ``left_out`` are generic literals beside symbols, which stay fixed.
    """

    policy: str
    guessed: bool
    symbols: int
    literals: int
    taken: int
    tied: bool
    left_out: int


def select(
    circuit: Circuit,
    policy: str = "auto",
    *,
    trainable: Sequence[str] = (),
    data: Sequence[str] = (),
    roles: Mapping[int, Role] | None = None,
) -> tuple[Circuit, Selection]:
    """The circuit with every parameter's role decided.

    ``trainable`` and ``data`` are patterns of names (:mod:`.naming`) over symbols; with ``trainable`` given, symbols that
    match neither are fixed. ``roles`` are the roles of single statements (index into ``circuit.spans``), which win over the
    policy.
    """
    rows = _Rows(circuit)
    parameters = _named_roles(circuit, rows, policy, trainable, data)
    forced = rows.roles(roles or {})
    for row, role in forced.items():
        for parameter, _ in circuit.angles.terms(row):
            parameters[parameter] = parameters[parameter]._replace(role=role)
    has_symbols = rows.used_parameters.size > 0
    chosen = {"auto": "symbols" if has_symbols else "literals"}.get(policy, policy)
    generic = _without_accidents(circuit.angles, rows.literal, rows.literal & looks_trained(circuit.angles))
    take = {"literals": generic, "tied-literals": generic, "all": generic, "rotations": rows.literal}.get(
        chosen, np.zeros_like(generic)
    ).copy()
    for row, role in forced.items():
        take[row] = rows.literal[row] and role is not Role.FIXED
    taken = np.flatnonzero(take)
    tied = chosen == "tied-literals" or (policy == "auto" and _mostly_repeated(circuit.angles.constant[taken]))
    selection = Selection(
        policy="tied-literals" if tied and chosen == "literals" else chosen,
        guessed=policy == "auto" and chosen == "literals" and not forced,
        symbols=int(rows.used_parameters.size),
        literals=int(rows.literal.sum()),
        taken=len(taken),
        tied=tied,
        left_out=int((generic & ~take).sum()) if has_symbols else 0,
    )
    angles, literal_parameters = _as_parameters(circuit, taken, len(parameters), forced, tied=tied)
    return replace(circuit, angles=angles, parameters=(*parameters, *literal_parameters)), selection


def looks_trained(angles: Angles) -> Flags:
    """For each angle: whether its constant is neither a multiple of π/2 nor a dyadic fraction of π.

    The fractions k·π/2^m reach m = 6 for decimals (within 1e-5: exporters print six digits) and m = 12 for values
    spelled with pi or nine digits: QFT, phase estimation and arithmetic are built of them, trained values are not.
    """
    decimal = angles.spelling == Spelling.DECIMAL
    grid = math.pi / np.where(decimal, 2.0**6, 2.0**12)
    distance = np.abs(angles.constant - grid * np.rint(angles.constant / grid))
    return distance > np.where(decimal, 1e-5, 1e-9)


def count_trainable(circuit: Circuit) -> int:
    """Trainable parameters that occur in a gate; an expression counts as the symbols it is computed from."""
    used = [circuit.parameters[i] for i in _Rows(circuit).used_parameters.tolist()]
    symbols = {name for p in used if p.role is Role.TRAINABLE and p.value is None for name in p.sources or (p.name,)}
    return len(symbols) + sum(p.role is Role.TRAINABLE and p.value is not None for p in used)


def _without_accidents(angles: Angles, literal: Flags, generic: Flags) -> Flags:
    """Of a thousand random angles a few lie on a fine fraction of π: where they are that few, they are trained too."""
    coarse = np.abs(np.sin(4 * angles.constant)) < 1e-4  # multiples of π/4
    accidents = literal & ~generic & ~coarse
    return generic | accidents if accidents.sum() <= 0.005 * generic.sum() else generic


class _Rows:
    """Which rows of the angle table are used, by which operation first."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        angles = circuit.angles
        rotations = np.flatnonzero(circuit.code == ROTATION)[::-1]
        first = np.full(len(angles), -1)
        first[circuit.angle[rotations]] = rotations  # backwards, so the first operation is the last one written
        in_use = first >= 0
        self.first_operation = {row: int(first[row]) for row in np.flatnonzero(in_use).tolist()}
        self.literal = in_use & (np.diff(angles.start) == 0) & (angles.spelling != Spelling.BUILTIN)
        self.used_parameters = np.flatnonzero(circuit.used())

    def roles(self, roles: Mapping[int, Role]) -> dict[int, Role]:
        """The role of each row that a statement with a role uses; the last such statement counts."""
        if not roles:
            return {}
        circuit = self.circuit
        statement = circuit.gates.statement[circuit.gate].tolist()
        pairs = zip(circuit.angle.tolist(), statement, strict=True)
        return {row: roles[number] for row, number in pairs if number in roles and row >= 0}


def _named_roles(
    circuit: Circuit, rows: _Rows, policy: str, trainable: Sequence[str], data: Sequence[str]
) -> list[Parameter]:
    default = Role.TRAINABLE if policy in ("auto", "symbols", "all", "rotations") and not trainable else Role.FIXED

    def role(parameter: Parameter) -> Role:
        names = (parameter.name, *parameter.sources)
        if any(selects(glob, name) for name in names for glob in data):
            return Role.DATA
        if any(selects(glob, name) for name in names for glob in trainable):
            return Role.TRAINABLE
        return default

    return [p._replace(role=role(p)) for p in circuit.parameters]


def _mostly_repeated(values: Floats) -> bool:
    return len(values) > 1 and len(set(np.round(np.abs(values), 6).tolist())) < TIED_BELOW * len(values)


def _as_parameters(
    circuit: Circuit, taken: Index, first: int, forced: Mapping[int, Role], *, tied: bool
) -> tuple[Angles, list[Parameter]]:
    """Rows ``taken`` become parameters numbered from ``first``, one each or one for all rows of a tie."""
    if not len(taken):
        return circuit.angles, []
    angles, rows = circuit.angles, _Rows(circuit)
    values = angles.constant[taken].tolist()
    leader: dict[tuple[object, ...], int] = {}
    keys = [_tie(circuit, rows, row, value, tied=tied) for row, value in zip(taken.tolist(), values, strict=True)]
    for key, row in zip(keys, taken.tolist(), strict=True):
        leader.setdefault(key, row)
    number = {key: i for i, key in enumerate(leader)}
    leaders = list(leader.values())
    names = _names(circuit, [rows.first_operation[row] for row in leaders])
    parameters = [
        Parameter(
            name,
            forced.get(row, Role.TRAINABLE),
            circuit.span(rows.first_operation[row]),
            value=float(angles.constant[row]),
        )
        for name, row in zip(names, leaders, strict=True)
    ]
    width = np.diff(angles.start)
    width[taken] = 1
    start = np.concatenate(([0], np.cumsum(width)))
    parameter = np.zeros(start[-1], dtype=np.int32)
    coefficient = np.zeros(start[-1])
    kept = np.ones(len(angles), dtype=bool)
    kept[taken] = False
    old = np.repeat(kept, width)
    parameter[old], coefficient[old] = angles.parameter, angles.coefficient
    parameter[start[taken]] = [first + number[key] for key in keys]
    coefficient[start[taken]] = [
        _ratio(v, float(angles.constant[leader[k]])) for k, v in zip(keys, values, strict=True)
    ]
    constant = angles.constant.copy()
    constant[taken] = 0.0
    return Angles(constant, start, parameter, coefficient, angles.spelling), parameters


def _tie(circuit: Circuit, rows: _Rows, row: int, value: float, *, tied: bool) -> tuple[object, ...]:
    """Literals with equal keys are one parameter.

    Those of equal size if ``tied``; else those that one call of a gate defined in the file makes of one number,
    recognised by their being a power of two apart.
    """
    if tied:
        return (round(abs(value), 6),)
    gate, gates = int(circuit.gate[rows.first_operation[row]]), circuit.gates
    if gates.kind[gate] != GateOrigin.BODY or not value:
        return (row,)
    return int(gates.statement[gate]), round(math.frexp(abs(value))[0], 5)


def _ratio(value: float, leader: float) -> float:
    """± the power of two by which a tied value differs from its leader."""
    if not leader:
        return 1.0
    return math.copysign(2.0 ** round(math.log2(abs(value / leader))), value / leader)


def _names(circuit: Circuit, operations: Sequence[int]) -> list[str]:
    """A name for a literal of each operation: gate and place, as in ``ry@7:1``, numbered where one place has several."""
    names = []
    for operation in operations:
        span = circuit.span(operation)
        names.append(f"{circuit.gate_name(operation)}@{span.line}:{span.column}")
    total, seen = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        numbered.append(f"{name}[{seen[name]}]" if total[name] > 1 else name)
        seen[name] += 1
    return numbered
