"""Whether a loss is at its least somewhere that no search is needed for: where every rotation turns by nothing or by half a turn.

There the circuit is a Pauli string and then its Cliffords. A term that is pulled to a string of Z has the value ±1 there, any
other zero; and a half turn about an axis changes the signs of those that it does not commute with. Which half turns give all
terms the signs opposite to their coefficients is a linear system over GF(2), at any size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bplint.analyses.gradients.groups import RotationGroup
from bplint.ir.frame import Frame
from bplint.ir.observable import Observable
from bplint.ir.pauli import LinearSpan, anticommute, x_part

WORK = 1 << 22
"""Pairs of a term and an axis that are looked at."""


def reaches_least(frame: Frame, groups: Sequence[RotationGroup], observable: Observable) -> bool:
    """Whether the loss is surely constant - Σ |c| at some angles, no less than which is possible; for a projector, surely 1.

    False where it is not known. A group turns by itself if it has an axis and a parameter of its own; the others stay at zero.
    """
    n = frame.n_qubits
    zeros = [(1 << (q + n), -1.0) for q in observable.projector]
    pulled = frame.pull_sum(zeros or observable.terms)
    if any(x_part(string, n) for string, _ in pulled) or len(pulled) * len(groups) > WORK:
        return False
    if any(group.offset and not group.terms for group in groups):
        return False  # fixed somewhere else
    wrong = sum(1 << k for k, (_, coefficient) in enumerate(pulled) if coefficient > 0)
    uses = Counter(p for group in groups for p, _ in group.terms)
    span = LinearSpan()
    for group in groups:
        if len(group.generator) == 1 and any(uses[p] == 1 for p, _ in group.terms):
            (axis,) = group.generator
            span.add(sum(1 << k for k, (string, _) in enumerate(pulled) if anticommute(string, axis, n)))
    return wrong in span
