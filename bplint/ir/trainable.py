"""Which angles are trained: the policy of contract section 4, applied to an imported circuit.

Importers leave literal angles as constants and every symbol trainable. Here literals become parameters where the policy
takes them, and symbols change role where a name or a statement says so. Most files that are variational hold numbers
only, so the guess matters: see :func:`looks_trained`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt

from bplint.ir.circuit import ROTATION, Angles, Circuit, Parameter, Role, Spelling

POLICIES = ("auto", "symbols", "literals", "rotations", "all", "none")

TIED_BELOW = 0.7
"""Share of distinct values below which literals of equal size are taken as one parameter."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What was taken as trainable. ``guessed`` when only the literals themselves suggested it.

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

    ``trainable`` and ``data`` are name globs over symbols; with ``trainable`` given, symbols that match neither are
    fixed. ``roles`` are the roles of single statements (index into ``circuit.spans``), which win over the policy.
    """
    rows = _Rows(circuit)
    parameters = _named_roles(circuit, rows, policy, trainable, data)
    forced = rows.roles(roles or {})
    for row, role in forced.items():
        for parameter, _ in circuit.angles.terms(row):
            parameters[parameter] = replace(parameters[parameter], role=role)
    has_symbols = rows.used_parameters.size > 0
    chosen = {"auto": "symbols" if has_symbols else "literals"}.get(policy, policy)
    generic = rows.literal & looks_trained(circuit.angles)
    take = {"literals": generic, "all": generic, "rotations": rows.literal}.get(chosen, np.zeros_like(generic)).copy()
    for row, role in forced.items():
        take[row] = rows.literal[row] and role is not Role.FIXED
    taken = np.flatnonzero(take)
    tied = policy == "auto" and _mostly_repeated(circuit.angles.constant[taken])
    selection = Selection(
        policy=chosen,
        guessed=policy == "auto" and chosen == "literals" and not forced,
        symbols=int(rows.used_parameters.size),
        literals=int(rows.literal.sum()),
        taken=len(taken),
        tied=tied,
        left_out=int((generic & ~take).sum()) if has_symbols else 0,
    )
    angles, literal_parameters = _as_parameters(circuit, taken, len(parameters), forced, tied=tied)
    return replace(circuit, angles=angles, parameters=(*parameters, *literal_parameters)), selection


def looks_trained(angles: Angles) -> npt.NDArray[np.bool_]:
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


class _Rows:
    """Which rows of the angle table are used, by which operation first."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        rotations = np.flatnonzero(circuit.code == ROTATION)
        self.used, first = np.unique(circuit.angle[rotations], return_index=True)
        self.first_operation = dict(zip(self.used.tolist(), rotations[first].tolist(), strict=True))
        angles = circuit.angles
        width = np.diff(angles.start)
        in_use = np.zeros(len(angles), dtype=bool)
        in_use[self.used] = True
        self.literal = in_use & (width == 0) & (angles.spelling != Spelling.BUILTIN)
        self.used_parameters = np.unique(angles.parameter[np.repeat(in_use, width)])

    def roles(self, roles: Mapping[int, Role]) -> dict[int, Role]:
        """The role of each row whose statement has one."""
        if not roles:
            return {}
        statement = self.circuit.gates.statement
        found = {row: roles.get(int(statement[self.circuit.gate[op]])) for row, op in self.first_operation.items()}
        return {row: role for row, role in found.items() if role is not None}


def _named_roles(circuit: Circuit, rows: _Rows, policy: str, trainable: Sequence[str], data: Sequence[str]) -> list[Parameter]:
    default = Role.TRAINABLE if policy in ("auto", "symbols", "all", "rotations") and not trainable else Role.FIXED

    def role(parameter: Parameter) -> Role:
        names = (parameter.name, *parameter.sources)
        if any(fnmatchcase(name, glob) for name in names for glob in data):
            return Role.DATA
        if any(fnmatchcase(name, glob) for name in names for glob in trainable):
            return Role.TRAINABLE
        return default

    return [replace(p, role=role(p)) for p in circuit.parameters]


def _mostly_repeated(values: npt.NDArray[np.float64]) -> bool:
    return len(values) > 1 and len(np.unique(np.round(np.abs(values), 6))) < TIED_BELOW * len(values)


def _as_parameters(
    circuit: Circuit, taken: npt.NDArray[np.intp], first: int, forced: Mapping[int, Role], *, tied: bool
) -> tuple[Angles, list[Parameter]]:
    """Rows ``taken`` become parameters numbered from ``first``: value 1 · θ, or ±1 · θ where sizes are tied."""
    if not len(taken):
        return circuit.angles, []
    angles, rows = circuit.angles, _Rows(circuit)
    sizes = np.round(np.abs(angles.constant[taken]), 6) if tied else np.arange(len(taken))
    _, leader, number = np.unique(sizes, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(leader))  # parameters in the order of first use
    leaders = [int(taken[place]) for place in sorted(leader.tolist())]
    names = _names(circuit, [rows.first_operation[row] for row in leaders])
    parameters = [
        Parameter(name, forced.get(row, Role.TRAINABLE), circuit.span(rows.first_operation[row]), value=float(angles.constant[row]))
        for name, row in zip(names, leaders, strict=True)
    ]
    width = np.diff(angles.start)
    width[taken] = 1
    start = np.concatenate(([0], np.cumsum(width)))
    parameter = np.zeros(start[-1], dtype=np.int32)
    coefficient = np.zeros(start[-1])
    old = np.repeat(~np.isin(np.arange(len(angles)), taken), width)
    parameter[old], coefficient[old] = angles.parameter, angles.coefficient
    parameter[start[taken]] = first + order[number]
    coefficient[start[taken]] = np.where(tied & (angles.constant[taken] < 0), -1.0, 1.0)
    constant = angles.constant.copy()
    constant[taken] = 0.0
    return Angles(constant, start, parameter, coefficient, angles.spelling), parameters


def _names(circuit: Circuit, operations: Sequence[int]) -> list[str]:
    """A name for a literal of each operation: gate and place, as in ``ry@7:1``, numbered where one place has several."""
    gates = circuit.gates
    names = []
    for operation in operations:
        span, gate = circuit.span(operation), int(circuit.gate[operation])
        names.append(f"{gates.names[gates.name[gate]]}@{span.line}:{span.column}")
    total, seen = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        numbered.append(f"{name}[{seen[name]}]" if total[name] > 1 else name)
        seen[name] += 1
    return numbered
