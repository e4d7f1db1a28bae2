"""The strings that a loss can become going backwards, and the pairs of them that each rotation mixes.

A rotation about P takes a string Q that anticommutes with it to cos φ Q + sin φ iPQ: it turns the pair (Q, PQ) by φ. Only
strings of I and Z count at the start. So in the rotations that come first, as far as they all commute, a string is given up
as soon as it has an X or Y on a qubit that no rotation ahead can still turn: that is what keeps the set small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.bit_rows import Keys, Table, Words, odd, packed
from bplint.analyses.gradients.groups import RotationGroup
from bplint.ir.circuit import Flags, Floats, Index
from bplint.ir.pauli import PauliTerms, anticommute, flipped, ones, x_part

MEMORY = 1 << 29
"""Bytes of strings and pairs, at most."""

WORK = 1 << 31
"""Work of one search, at most."""

PRICE = 10
"""Work that a string costs at each axis."""

OPERATIONS = 16
"""Operations (:mod:`bplint.analyses.gradients.effort`) of a unit of this work."""

_PAIR = 24
"""Bytes of a pair."""


class StringTurn(NamedTuple):
    """One axis of a group, ``coefficient`` its a_j: coordinates o of strings ``first`` and ``second`` turn by φ = a_j ψ.

    Backwards o_second gains sin φ · o_first, and o_first loses sin φ · o_second.
    """

    group: int
    coefficient: float
    first: Index
    second: Index


class VisibleStrings(NamedTuple):
    """``turns`` in time order; the coordinates of the loss behind the circuit, and which strings |0…0> sees, (strings,)."""

    turns: tuple[StringTurn, ...]
    loss: Floats
    seen: Floats
    work: int
    """Spent on the search."""

    @property
    def pairs(self) -> int:
        """Of all turns."""
        return sum(len(turn.first) for turn in self.turns)


def search(
    terms: PauliTerms,
    groups: Sequence[RotationGroup],
    n_qubits: int,
    *,
    limit: int,
    memory: int = MEMORY,
    work: int = WORK,
    seed: int = 0,
    whole: bool = False,
) -> VisibleStrings | None:
    """All strings and pairs of different terms; None beyond ``limit`` strings, ``memory`` bytes or ``work`` operations.

    If ``whole`` none is given up, so that a group leaves the strings that its axes join to themselves. ``KeyCollision``: try
    another seed.
    """
    axes = [(k, axis, a) for k, group in enumerate(groups) for axis, a in group.generator.items()]
    layout = _Layout(n_qubits, seed)
    if len(terms) > limit or len(terms) * layout.bytes > memory:
        return None
    table = layout.table(string for string, _ in terms)
    first = 0 if whole else _commuting([axis for _, axis, _ in axes], n_qubits)
    alive = np.ones(len(table), dtype=bool)
    turns = []
    spent = done = 0
    for place in range(len(axes) - 1, -1, -1):
        group, axis, a = axes[place]
        losing, gaining = _mix(table, alive, axis, layout)
        alive = np.concatenate([alive, np.ones(len(table) - len(alive), dtype=bool)])
        if place < first:
            ahead = [other for _, other, _ in axes[:place]]
            _give_up(table, alive, axis, ahead, layout)
        if len(losing):
            turns.append(StringTurn(group, a, losing, gaining))
        spent += _PAIR * len(losing)
        done += PRICE * len(table)
        if done > work or len(table) > limit or spent + len(table) * layout.bytes > memory:
            return None
    turns.reverse()
    loss = np.zeros(len(table))
    loss[: len(terms)] = [c for _, c in terms]
    seen = (alive & ~table.words[:, : layout.words].any(axis=1)).astype(np.float64)
    return VisibleStrings(tuple(turns), loss, seen, done)


class _Layout:
    """Strings as rows: the words of the X bits, then those of the Z bits."""

    def __init__(self, n_qubits: int, seed: int) -> None:
        self.n_qubits = n_qubits
        self.words = (n_qubits + 63) // 64
        self.keys = Keys(128 * self.words, seed)
        self.bytes = 16 * self.words + 40

    def row(self, string: int) -> int:
        return x_part(string, self.n_qubits) | string >> self.n_qubits << (64 * self.words)

    def table(self, strings: Iterable[int]) -> Table:
        return Table([self.row(string) for string in strings], self.keys)

    def ys(self, rows: Words) -> Index:
        """Letters Y of each row."""
        both = rows[:, : self.words] & rows[:, self.words :]
        return np.asarray(np.bitwise_count(both).sum(axis=1), dtype=np.intp)


def _mix(table: Table, alive: Flags, axis: int, layout: _Layout) -> tuple[Index, Index]:
    """Add the partners of the living strings that anticommute with the axis; Q and iPQ of each pair."""
    row, n = layout.row(axis), layout.n_qubits
    turned = packed([layout.row(flipped(axis, n))], layout.keys.width)
    used = np.flatnonzero(turned[0])  # most axes are short
    meets = odd(table.words[: len(alive)][:, used], turned[:, used])
    places = np.flatnonzero(meets & alive)
    if not len(places):
        return places, places
    words = table.words[places]
    mine = packed([row], layout.keys.width)
    images = words ^ mine
    partners = table.add(images, table.keys[places] ^ np.uint64(layout.keys.of(row)))
    kept = partners > places
    words, images = words[kept], images[kept]
    crossed = np.bitwise_count(mine[:, layout.words :] & words[:, : layout.words]).sum(axis=1)
    power = layout.ys(mine) + layout.ys(words) - layout.ys(images) + 2 * crossed.astype(np.intp)
    ahead, places, partners = power & 3 == 3, places[kept], partners[kept]
    return np.where(ahead, places, partners), np.where(ahead, partners, places)


def _commuting(axes: Sequence[int], n_qubits: int) -> int:
    """How many of the first axes commute with each other."""
    for k, axis in enumerate(axes):
        if any(anticommute(axis, other, n_qubits) for other in axes[:k]):
            return k
    return len(axes)


def _give_up(table: Table, alive: Flags, axis: int, ahead: Sequence[int], layout: _Layout) -> None:
    """Strings with an X or Y on a qubit of the axis that no axis ahead, of those they anticommute with, turns."""
    n = layout.n_qubits
    for q in ones(x_part(axis, n)):
        bit = packed([1 << q], layout.keys.width)
        word = q // 64
        places = np.flatnonzero(alive & ((table.words[:, word] & bit[0, word]) != 0))
        words = table.words[places]
        free = np.zeros(len(places), dtype=bool)
        for other in ahead:
            if other >> q & 1:
                free |= odd(words, packed([layout.row(flipped(other, n))], layout.keys.width))
        alive[places[~free]] = False
