"""Whether a text that a repair has written is read as the circuit that was measured, though by other gates and other names."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TypeAlias

from bplint.ir.context import Case
from bplint.ir.frame import Turning, frame

_DIGITS = 6

Turned: TypeAlias = tuple[tuple[int, float], ...]
"""What a parameter turns: axes in the frame of the start, and by how much beside the first."""


def is_same(one: Case, other: Case) -> bool:
    """Whether two cases have the same loss, law and shots, and parameters that turn the same, one for one.

    Axes and loss are compared in the frame of the start, where a gate and its definition are one thing.
    """
    a, b = one.context, other.context
    loss = a.observable._replace(text="") == b.observable._replace(text="")
    if not loss or (a.init, a.shots, a.noise) != (b.init, b.shots, b.noise):
        return False
    return _turned(one) == _turned(other) and _seen(one) == _seen(other)


def _turned(case: Case) -> Counter[Turned]:
    """What the parameters turn, of each kind how many; a fixed rotation is one of its own."""
    found, own = frame(case.circuit), case.circuit
    by_parameter: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    fixed: list[Turned] = []
    for k, axis, negative, turning in zip(found.operations, found.axes, found.negative, found.turning, strict=True):
        operation, sign = own.operations[k], -1.0 if negative else 1.0
        if turning is Turning.FIXED:
            fixed.append(((axis, round(sign * operation.constant, _DIGITS)),))
        for p, coefficient in operation.terms:
            by_parameter[p][axis] += sign * coefficient
    return Counter([*fixed, *(_scaled(sorted(terms.items())) for terms in by_parameter.values())])


def _scaled(terms: list[tuple[int, float]]) -> Turned:
    first = next((c for _, c in terms if abs(c) > 1e-12), 1.0)
    return tuple((axis, round(c / first, _DIGITS)) for axis, c in terms if abs(c) > 1e-12)


def _seen(case: Case) -> tuple[object, ...]:
    """The loss in the frame of the start."""
    found, loss = frame(case.circuit), case.context.observable
    n = found.n_qubits
    return found.pull_sum(loss.terms), tuple(found.pull(1 << (q + n)) for q in loss.projector)
