"""Blocks of a circuit that undo their first half: angles at which they are the identity though none of them is zero.

Grant et al., arXiv:1903.05076, build such blocks into a circuit; here they are found where it has them. Rotations that commute
are set into one step as early as possible (Foata's normal form), and steps about the same axes on both sides of another are
turned by opposite angles, that one by none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from bplint.ir.pauli import anticommute

Mirrored: TypeAlias = tuple[tuple[int, int], ...]
"""Pairs of rotations about one axis, the first before and the second behind the middle of a block."""


def mirrored(axes: Sequence[int], n_qubits: int, reach: int) -> tuple[Mirrored, ...]:
    """The steps before the middles of blocks, each with its mirror image.

    A block has at most ``reach`` steps on each side of its middle, as many as can be, and begins where the one before ends.
    """
    steps = in_steps(axes, n_qubits)
    sets = [frozenset(step) for step in steps]
    found: list[Mirrored] = []
    first = 0
    while first < len(steps):
        wide = next((r for r in range(reach, 0, -1) if _is_mirrored(sets, first, r)), 0)
        for k in range(first, first + wide):
            image = steps[2 * (first + wide) - k]
            found.append(tuple((rotation, image[axis]) for axis, rotation in steps[k].items()))
        first += 2 * wide + 1
    return tuple(found)


def in_steps(axes: Sequence[int], n_qubits: int) -> list[dict[int, int]]:
    """Rotations by their axes, all that commute and can stand side by side in one; of two about one axis the second is left out."""
    steps: list[dict[int, int]] = []
    for k, axis in enumerate(axes):
        at = len(steps)
        while at and not any(anticommute(axis, other, n_qubits) for other in steps[at - 1]):
            at -= 1
        if at == len(steps):
            steps.append({})
        steps[at].setdefault(axis, k)
    return steps


def _is_mirrored(sets: Sequence[frozenset[int]], first: int, reach: int) -> bool:
    last = first + 2 * reach
    return last < len(sets) and all(sets[first + k] == sets[last - k] for k in range(reach))
