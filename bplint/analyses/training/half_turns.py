"""Whether a loss is at its least somewhere that no search is needed for: where every rotation turns by nothing or by half a turn.

There the circuit is a Pauli string and then its Cliffords. A term that is pulled to a string of Z has the value ±1 there, any
other zero; and a half turn about an axis changes the signs of those that it does not commute with. Which half turns give all
terms the signs opposite to their coefficients is a linear system over GF(2), at any size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bplint.analyses.gradients.groups import RotationGroup
from bplint.ir.frame import Frame
from bplint.ir.observable import Observable
from bplint.ir.pauli import LinearSpan, anticommute, x_part

WORK = 1 << 22
"""Pairs of a term and an axis that are looked at."""


def reaches_least(frame: Frame, groups: Sequence[RotationGroup], observable: Observable) -> bool:
    """Whether the loss is surely constant - Σ |c| at some angles, no less than which is possible; for a projector, surely 1.

    False where it is not known. A parameter makes half turns if it turns all its rotations by one size; the others stay at zero.
    """
    n = frame.n_qubits
    zeros = [(1 << (q + n), -1.0) for q in observable.projector]
    pulled = frame.pull_sum(zeros or observable.terms)
    if any(x_part(string, n) for string, _ in pulled) or len(pulled) * len(groups) > WORK:
        return False
    if any(group.offset for group in groups):
        return False  # at zero it is no Pauli string
    wrong = sum(1 << k for k, (_, coefficient) in enumerate(pulled) if coefficient > 0)
    signs: dict[int, int] = defaultdict(int)
    sizes: dict[int, set[float]] = defaultdict(set)
    for group in groups:
        changed = 0
        for axis in group.generator:
            changed ^= sum(1 << k for k, (string, _) in enumerate(pulled) if anticommute(string, axis, n))
        for p, c in group.terms:
            signs[p] ^= changed
            sizes[p].update(round(abs(c * a), 9) for a in group.generator.values())
    return wrong in LinearSpan(row for p, row in signs.items() if len(sizes[p]) == 1)
