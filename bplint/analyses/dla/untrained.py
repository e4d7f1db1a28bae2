"""The rotations that no trained parameter moves and that stand between trained ones: fixed parts of the algebra's frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.pauli import Anticommutation, LinearSpan

if TYPE_CHECKING:
    from bplint.analyses.dla.closure.fixed_rotations import FixedTurn


def fixed_between(case: Case, frame: Frame) -> list[FixedTurn] | None:
    """The rotations between trained ones that no parameter moves, constants in trained angles included.

    None as for :func:`all_turns`.
    """
    return all_turns(case, frame, untrained_between(case, frame), offsets(case, frame))


def all_turns(case: Case, frame: Frame, untrained: list[int], offsets: list[FixedTurn]) -> list[FixedTurn] | None:
    """All fixed rotations, in order; None if the angle of one is not known."""
    if not untrained:
        return offsets
    from bplint.analyses.dla.closure.fixed_rotations import fixed_turns

    fixed = fixed_turns(case.circuit, frame, untrained)
    return None if fixed is None else sorted([*fixed, *offsets])


def offsets(case: Case, frame: Frame) -> list[FixedTurn]:
    """Constants in trained angles that no shift of the parameters absorbs."""
    if not any(operation.terms and operation.constant for operation in case.circuit.operations):
        return []
    from bplint.analyses.dla.closure.fixed_rotations import offset_turns

    return offset_turns(case.circuit, frame)


def untrained_between(case: Case, frame: Frame) -> list[int]:
    """Rotations that are not trained and stand, in the frame, between trained ones that they do not commute with.

    One that commutes with everything before it can be moved to the start, where it only changes the frame, and likewise
    to the end.
    """
    moving = trained(case, frame)
    rest = [i for i, is_trained in enumerate(moving) if not is_trained]
    for order in (range(len(frame.axes)), range(len(frame.axes) - 1, -1, -1)):
        if not rest:
            break
        kept, span, passed = set(rest), LinearSpan(), Anticommutation(frame.n_qubits)
        for i in order:
            axis = frame.axes[i]
            if not moving[i]:
                if i not in kept:
                    continue
                if not passed.row(axis):
                    kept.discard(i)
                    continue
            if len(span) < 2 * frame.n_qubits and span.add(axis):
                passed.add(axis)
        rest = sorted(kept)
    return rest


def trained(case: Case, frame: Frame) -> list[bool]:
    """For each rotation of the frame, whether a trainable parameter moves it."""
    trained = case.circuit.trained
    return [trained[operation] for operation in frame.operations]
