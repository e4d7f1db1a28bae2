"""Whether a text that a repair has written is read as the circuit that was measured, though by other gates and other names."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TypeAlias

from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.context import Case
from bplint.ir.frame import Turning, frame
from bplint.ir.law import Law

_DIGITS = 6

Turned: TypeAlias = tuple[Law | None, tuple[tuple[int, float], ...]]
"""Where a parameter starts, and what it turns: axes in the frame of the start, and by how much beside the first."""


def is_same(one: Case, other: Case) -> bool:
    """Whether two cases have the same loss, law and shots, and parameters that turn the same, one for one.

    Axes and loss are compared in the frame of the start, where a gate and its definition are one thing.
    """
    a, b = one.context, other.context
    loss = a.observable._replace(text="") == b.observable._replace(text="")
    if not loss or (a.init, a.shots, a.noise, a.loss) != (b.init, b.shots, b.noise, b.loss):
        return False
    return _row_by_row(one, other) or (_turned(one) == _turned(other) and _seen(one) == _seen(other))


def is_same_in_order(one: Circuit, other: Circuit) -> bool:
    """Whether two circuits do the same to every qubit, in the same order, with symbols of the same names.

    Gates that have no qubit in common have no order, so that this decides (Mazurkiewicz traces, projected on what depends).
    """
    return one.n_qubits == other.n_qubits and _by_qubit(one) == _by_qubit(other)


def _by_qubit(circuit: Circuit) -> dict[int, list[tuple[object, ...]]]:
    """What is done to each qubit; numbers have the values that stand in the source, and what turns by nothing is left out."""
    by_qubit: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    for operation in circuit.operations:
        constant, symbols = operation.constant, defaultdict[str, float](float)
        for p, coefficient in operation.terms:
            parameter = circuit.parameters[p]
            if parameter.value is None:
                symbols[parameter.name] += coefficient
            else:
                constant += coefficient * parameter.value
        rounded = sorted((name, round(c, _DIGITS)) for name, c in symbols.items())
        axis = operation.qubits if operation.code != ROTATION else tuple(sorted(operation.axis))
        if operation.code != ROTATION or rounded or round(constant, _DIGITS):
            done = operation.code, axis, tuple(rounded), round(constant, _DIGITS) + 0.0
            for q in operation.qubits:
                by_qubit[q].append(done)
    return by_qubit


def _row_by_row(one: Case, other: Case) -> bool:
    """Whether operations are the same one by one, with parameters one for one: most of what is written stands so."""
    a, b = one.circuit, other.circuit
    if (a.n_qubits, len(a)) != (b.n_qubits, len(b)):
        return False
    pairs: set[tuple[int, int]] = set()
    for x, y in zip(a.operations, b.operations, strict=True):
        if (x.code, x.qubits, x.letters, x.quarter) != (y.code, y.qubits, y.letters, y.quarter):
            return False
        if round(x.constant - y.constant, _DIGITS) or [c for _, c in x.terms] != [c for _, c in y.terms]:
            return False
        pairs.update(zip((p for p, _ in x.terms), (q for q, _ in y.terms), strict=True))
    laws = one.context.init.law, other.context.init.law
    return len(pairs) == len({p for p, _ in pairs}) == len({q for _, q in pairs}) and all(
        laws[0](a.parameters[p]) == laws[1](b.parameters[q]) for p, q in pairs
    )


def _turned(case: Case) -> Counter[Turned]:
    """What the parameters turn, of each kind how many; a fixed rotation is one of its own."""
    own_frame, own = frame(case.circuit), case.circuit
    by_parameter: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    fixed: list[Turned] = []
    for k, axis, negative, turning in zip(
        own_frame.operations, own_frame.axes, own_frame.negative, own_frame.turning, strict=True
    ):
        operation, sign = own.operations[k], -1.0 if negative else 1.0
        if turning is Turning.FIXED:
            fixed.append((None, ((axis, round(sign * operation.constant, _DIGITS)),)))
        for p, coefficient in operation.terms:
            by_parameter[p][axis] += sign * coefficient
    law = case.context.init.law
    turned = [(law(own.parameters[p]), _scaled(sorted(terms.items()))) for p, terms in by_parameter.items()]
    return Counter([*fixed, *turned])


def _scaled(terms: list[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    first = next((c for _, c in terms if abs(c) > 1e-12), 1.0)
    return tuple((axis, round(c / first, _DIGITS)) for axis, c in terms if abs(c) > 1e-12)


def _seen(case: Case) -> tuple[object, ...]:
    """The loss in the frame of the start."""
    own_frame, loss = frame(case.circuit), case.context.observable
    n = own_frame.n_qubits
    return own_frame.pull_sum(loss.terms), tuple(own_frame.pull(1 << (q + n)) for q in loss.projector)
