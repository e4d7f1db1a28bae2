"""Which rotations can matter to the loss at all: the met-axes test, exact and in polynomial time.

Backwards from the observable, a rotation is *met* iff its axis anticommutes with a term of O or with an axis met before;
an unmet rotation commutes with everything the loss sees. Forwards from |0…0>, a rotation about a string that stabilises
every state it can act on changes a phase only. Either way the gradient is identically zero (theory section 4).
For parameters that drive several rotations the test is sound but not complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.framed import framed
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.frame import Frame, Turning
from bplint.ir.observable import Observable
from bplint.ir.pauli import Anticommutation, Span, anticommute, flipped, x_part


class Reach(NamedTuple):
    """``alive[i]``: rotation i of the frame can matter. ``dead`` are the trainable parameters that are used and cannot."""

    alive: tuple[bool, ...]
    dead: tuple[int, ...]
    live: tuple[int, ...]


def reach(case: Case, ask: Ask) -> Reach:
    """The met-axes test in both directions, for rotations and for trainable parameters."""
    frame = ask(framed)
    backward = _met_backwards(frame, case.context.observable)
    forward = _met_forwards(frame)
    alive = tuple(b and f for b, f in zip(backward, forward, strict=True))
    return Reach(alive, *_parameters(case, frame, alive))


def visible(frame: Frame, observable: Observable, *, limit: int = 4096) -> bool:
    """Whether some string that a moving term can become has only I and Z; if none has, the loss is exactly constant.

    Follows all strings backwards while they are at most ``limit``; beyond it the answer is True, for all one can tell.
    """
    n = frame.n_qubits
    if len(observable.projector) > limit.bit_length() - 1 or len(observable.terms) > limit:
        return True
    found = set(_strings(frame, observable))
    if observable.projector:
        for generator in list(found):
            found |= {generator ^ string for string in found}
    moving = {string for string in found if any(anticommute(axis, string, n) for axis in frame.axes)}
    for axis in reversed(frame.axes):
        turned = flipped(axis, n)
        moving |= {axis ^ string for string in moving if (turned & string).bit_count() & 1}
        if len(moving) > limit:
            return True
    return any(x_part(string, n) == 0 for string in moving)


class _Met:
    """The strings met so far, up to their span: a string anticommutes with a member iff it does with a basis vector."""

    def __init__(self, n_qubits: int) -> None:
        self._width = 2 * n_qubits
        self._span = Span()
        self._basis = Anticommutation(n_qubits)
        self._seen: set[int] = set()

    def add(self, string: int) -> None:
        if len(self._span) == self._width or string in self._seen:
            return
        self._seen.add(string)
        if self._span.add(string):
            self._basis.add(string)

    def meets(self, string: int) -> bool:
        """Whether the string anticommutes with a member."""
        return string != 0 if len(self._span) == self._width else self._basis.row(string) != 0


def _met_backwards(frame: Frame, observable: Observable) -> list[bool]:
    met = _Met(frame.n_qubits)
    for string in _strings(frame, observable):
        met.add(string)
    result = [False] * len(frame.axes)
    for i in range(len(frame.axes) - 1, -1, -1):
        if met.meets(frame.axes[i]):
            result[i] = True
            met.add(frame.axes[i])
    return result


def _met_forwards(frame: Frame) -> list[bool]:
    """A rotation is inert iff its axis is Z-type (it stabilises |0…0>) and commutes with all that acted before it."""
    met = _Met(frame.n_qubits)
    result = []
    for axis in frame.axes:
        matters = x_part(axis, frame.n_qubits) != 0 or met.meets(axis)
        result.append(matters)
        if matters:
            met.add(axis)
    return result


def _strings(frame: Frame, observable: Observable) -> Iterable[int]:
    """The terms pulled to the start; for a projector the Z of each qubit, which generate all of its terms."""
    n = frame.n_qubits
    for string in [1 << (q + n) for q in observable.projector] or [s for s, _ in observable.terms]:
        yield frame.pull(string)[0]


def _parameters(case: Case, frame: Frame, alive: tuple[bool, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    circuit = case.circuit
    rows, angle = circuit.angles.rows(), circuit.angle.tolist()
    used: dict[int, bool] = {}
    for i, operation in enumerate(frame.operations):
        if frame.turning[i] is not Turning.FREE:
            continue
        for parameter, coefficient in rows[angle[operation]]:
            if coefficient and circuit.parameters[parameter].role is Role.TRAINABLE:
                used[parameter] = used.get(parameter, False) or alive[i]
    ordered = sorted(used)
    return tuple(p for p in ordered if not used[p]), tuple(p for p in ordered if used[p])
