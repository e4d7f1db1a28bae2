"""Which angles are trained: the policy of contract section 4, applied to an imported circuit.

Importers leave literal angles as constants and every symbol trainable. Here literals become parameters where the policy
takes them, and symbols change role where a name or a statement says so. Most files that are variational hold numbers
only, so the guess matters: see :func:`looks_trained`.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bplint.ir.circuit import ROTATION, Angles, Circuit, GateOrigin, Parameter, Role, Spelling, angle_table
from bplint.ir.naming import selects

TIED = "tied-literals"
POLICIES = ("auto", "symbols", "literals", TIED, "rotations", "all", "none")
"""``tied-literals`` takes those of ``literals``, and those of equal size as one parameter, as ``auto`` may."""

TIED_BELOW = 0.7
"""Share of distinct values below which literals of equal size are taken as one parameter."""


class Selection(NamedTuple):
    """What was taken as trainable. ``guessed`` when only the literals themselves suggested it; declared, ``policy`` takes the same.

    ``taken`` of ``literals`` literal angles became parameters, ``tied`` into one for each size, or ``grouped`` by what is said;
    ``symbols`` counts the symbols in use; ``left_out`` are generic literals beside symbols, which stay fixed.
    """

    policy: str
    guessed: bool
    symbols: int
    literals: int
    taken: int
    tied: bool
    left_out: int
    grouped: bool = False


def select(
    circuit: Circuit,
    policy: str = "auto",
    *,
    trainable: Sequence[str] = (),
    data: Sequence[str] = (),
    roles: Mapping[int, Role] | None = None,
    ties: Sequence[Sequence[float]] = (),
) -> tuple[Circuit, Selection]:
    """The circuit with every parameter's role decided.

    ``trainable`` and ``data`` are patterns of names (:mod:`.naming`) over symbols; with ``trainable`` given, symbols that
    match neither are fixed. ``roles`` are the roles of single statements (index into ``circuit.spans``), which win over the
    policy. ``ties`` are numbers that are one parameter each, in the proportion of their sizes: then nothing is guessed to be tied.
    """
    rows = _Rows(circuit)
    parameters = _named_roles(circuit, rows, policy, trainable, data)
    forced = rows.roles(roles or {})
    for row, role in forced.items():
        for parameter, _ in circuit.angles.terms(row):
            parameters[parameter] = parameters[parameter]._replace(role=role)
    chosen = {"auto": "symbols" if rows.used_parameters else "literals"}.get(policy, policy)
    generic = _generic(circuit.angles, rows.literals)
    by_policy = {"literals": generic, "tied-literals": generic, "all": generic, "rotations": rows.literals}
    take = set(by_policy.get(chosen, ())) - forced.keys()
    take |= {row for row, role in forced.items() if row in rows.literals and role is not Role.FIXED}
    constants, groups = circuit.angles.columns.constant, {_size(one): k for k, tie in enumerate(ties) for one in tie}
    take |= {row for row in rows.literals - forced.keys() if _size(constants[row]) in groups}
    taken = sorted(take)
    repeated = _mostly_repeated([constants[row] for row in taken])
    tied = chosen == "tied-literals" or (policy == "auto" and repeated and not ties)
    selection = Selection(
        policy="tied-literals" if tied and chosen == "literals" else chosen,
        guessed=policy == "auto" and chosen == "literals" and not forced,
        symbols=len(rows.used_parameters),
        literals=len(rows.literals),
        taken=len(taken),
        tied=tied,
        left_out=len(generic - take) if rows.used_parameters else 0,
        grouped=bool(ties),
    )
    angles, literal_parameters = _as_parameters(circuit, taken, len(parameters), forced, groups, tied=tied)
    return replace(circuit, angles=angles, parameters=(*parameters, *literal_parameters)), selection


def looks_trained(constant: float, spelling: Spelling) -> bool:
    """Whether an angle is neither a multiple of π/2 nor a dyadic fraction of π.

    The fractions k·π/2^m reach m = 6 for decimals (within 1e-5: exporters print six digits) and m = 12 for values
    spelled with pi or nine digits: QFT, phase estimation and arithmetic are built of them, trained values are not.
    """
    decimal = spelling is Spelling.DECIMAL
    grid = math.pi / (2**6 if decimal else 2**12)
    return abs(constant - grid * round(constant / grid)) > (1e-5 if decimal else 1e-9)


def count_trainable(circuit: Circuit) -> int:
    """Trainable parameters that occur in a gate; an expression counts as the symbols it is computed from."""
    used = [parameter for parameter, turns in zip(circuit.parameters, circuit.used(), strict=True) if turns]
    symbols = {name for p in used if p.role is Role.TRAINABLE and p.value is None for name in p.sources or (p.name,)}
    symbols -= {p.name for p in circuit.parameters if p.role is Role.DATA}
    return len(symbols) + sum(p.role is Role.TRAINABLE and p.value is not None for p in used)


def _generic(angles: Angles, literals: Collection[int]) -> set[int]:
    """The literals that look trained.

    Of a thousand random angles a few lie on a fine fraction of π: where they are that few, they are trained too.
    """
    constant, spelling = angles.columns.constant, angles.columns.spelling
    generic = {row for row in literals if looks_trained(constant[row], Spelling(spelling[row]))}
    coarse = {row for row in literals if abs(math.sin(4 * constant[row])) < 1e-4}  # multiples of π/4
    accidents = set(literals) - generic - coarse
    return generic | accidents if len(accidents) <= 0.005 * len(generic) else generic


class _Rows:
    """Which rows of the angle table are used, by which operation first, and which of them are literals."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        columns, starts, spelling = circuit.columns, circuit.angles.columns.start, circuit.angles.columns.spelling
        first: dict[int, int] = {}
        for operation, (code, row) in enumerate(zip(columns.code, columns.angle, strict=True)):
            if code == ROTATION:
                first.setdefault(row, operation)
        self.first_operation = first
        self.literals = {r for r in first if starts[r] == starts[r + 1] and spelling[r] != Spelling.BUILTIN}
        self.used_parameters = [parameter for parameter, turns in enumerate(circuit.used()) if turns]

    def roles(self, roles: Mapping[int, Role]) -> dict[int, Role]:
        """The role of each row that a statement with a role uses; the last such statement counts."""
        if not roles:
            return {}
        circuit = self.circuit
        statement = circuit.gates.columns.statement
        pairs = ((row, statement[gate]) for row, gate in zip(circuit.columns.angle, circuit.columns.gate, strict=True))
        return {row: roles[number] for row, number in pairs if number in roles and row >= 0}


def _named_roles(
    circuit: Circuit, rows: _Rows, policy: str, trainable: Sequence[str], data: Sequence[str]
) -> list[Parameter]:
    default = Role.TRAINABLE if policy in ("auto", "symbols", "all", "rotations") and not trainable else Role.FIXED

    def role(parameter: Parameter) -> Role:
        names = parameter.sources or (parameter.name,)
        weights = [name for name in names if not any(selects(glob, name) for glob in data)]
        if not weights:
            return Role.DATA  # of an expression: all that it is computed from
        if any(selects(glob, name) for name in (parameter.name, *weights) for glob in trainable):
            return Role.TRAINABLE
        return default

    return [p._replace(role=role(p)) for p in circuit.parameters]


def _mostly_repeated(values: Sequence[float]) -> bool:
    return len(values) > 1 and len({_size(value) for value in values}) < TIED_BELOW * len(values)


def _size(value: float) -> float:
    return round(abs(value), 6)


def _as_parameters(
    circuit: Circuit,
    taken: Sequence[int],
    first: int,
    forced: Mapping[int, Role],
    groups: Mapping[float, int],
    *,
    tied: bool,
) -> tuple[Angles, list[Parameter]]:
    """Rows ``taken`` become parameters numbered from ``first``, one each or one for all rows of a tie."""
    if not taken:
        return circuit.angles, []
    rows, constant = _Rows(circuit), array("d", circuit.angles.columns.constant)
    leader: dict[tuple[object, ...], int] = {}
    keys: dict[int, tuple[object, ...]] = {}
    for row in taken:
        group = groups.get(_size(constant[row]))
        keys[row] = _tie(circuit, rows, row, constant[row], tied=tied) if group is None else ("tie", group)
    for row, key in keys.items():
        leader.setdefault(key, row)
    number = {key: i for i, key in enumerate(leader)}
    leaders = list(leader.values())
    names = _names(circuit, [rows.first_operation[row] for row in leaders])
    parameters = [
        Parameter(
            name,
            forced.get(row, Role.TRAINABLE),
            circuit.span(rows.first_operation[row]),
            value=constant[row],
        )
        for name, row in zip(names, leaders, strict=True)
    ]
    terms = circuit.angles.rows()
    for row, key in keys.items():
        ratio = _proportion if key[0] == "tie" else _ratio
        terms[row] = [(first + number[key], ratio(constant[row], circuit.angles.columns.constant[leader[key]]))]
        constant[row] = 0.0
    return angle_table(constant, terms, circuit.angles.columns.spelling), parameters


def _tie(circuit: Circuit, rows: _Rows, row: int, value: float, *, tied: bool) -> tuple[object, ...]:
    """Literals with equal keys are one parameter.

    Those of equal size if ``tied``; else those that one call of a gate defined in the file makes of one number,
    recognised by their being a power of two apart.
    """
    if tied:
        return (_size(value),)
    gate, gates = circuit.columns.gate[rows.first_operation[row]], circuit.gates.columns
    if gates.kind[gate] != GateOrigin.BODY or not value:
        return (row,)
    return gates.statement[gate], round(math.frexp(abs(value))[0], 5)


def _ratio(value: float, leader: float) -> float:
    """± the power of two by which a tied value differs from its leader."""
    if not leader or not value:  # equal to it but for the last digits
        return 1.0
    return math.copysign(2.0 ** round(math.log2(abs(value / leader))), value / leader)


def _proportion(value: float, leader: float) -> float:
    """By how much a tied value differs from its leader; a fraction of small numbers where that is within the last digits."""
    from fractions import Fraction  # few files say what is tied

    ratio = value / leader
    near = float(Fraction(ratio).limit_denominator(_DENOMINATOR))
    return near if abs(ratio - near) * abs(leader) <= 1e-6 * (1 + abs(ratio)) else ratio


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


_DENOMINATOR = 12
"""The largest of a proportion that is taken to be meant where the last digits leave it open."""
