"""The strings that a loss can become going backwards, and the pairs of them that each rotation mixes.

A rotation about P takes a string Q that anticommutes with it to cos φ Q + sin φ iPQ: it turns the pair (Q, PQ) by φ. Only
strings of I and Z count at the start. So in the rotations that come first, as far as they all commute, a string is given up
as soon as it has an X or Y on a qubit that no rotation ahead can still turn: that is what keeps the set small.

Pauli noise between rotations multiplies each string by a factor. Amplitude damping of a qubit also takes a string with Z there
to the one without: it *feeds* it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.gradients.bit_rows import Table, Words, packed
from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.propagation.propagate import Scale, SplitStep, Step
from bplint.analyses.gradients.visible_strings.string_rows import StringRows
from bplint.ir.circuit import Flags, Floats, Index
from bplint.ir.pauli import PauliTerms, anticommute, ones, x_part

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


class StringFeed(NamedTuple):
    """Backwards o_second gains share · o_first, and o_first is left with ``kept`` of itself."""

    first: Index
    second: Index
    share: Floats
    kept: float


StringMove: TypeAlias = StringTurn | StringFeed | Scale


class VisibleStrings(NamedTuple):
    """``moves`` in time order; the coordinates of the loss behind the circuit, and which strings |0…0> sees, (strings,)."""

    moves: tuple[StringMove, ...]
    loss: Floats
    seen: Floats
    work: int
    """Spent on the search."""
    words: Words
    """The strings, as :class:`~.string_rows.StringRows`."""

    @property
    def turns(self) -> tuple[StringTurn, ...]:
        """The moves that are turns."""
        return tuple(move for move in self.moves if isinstance(move, StringTurn))

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
    noise: Mapping[int, Sequence[Step]] = MappingProxyType({}),
) -> VisibleStrings | None:
    """All strings and pairs of different terms; None beyond ``limit`` strings, ``memory`` bytes or ``work`` operations.

    If ``whole`` none is given up, so that a group leaves the strings that its axes join to themselves. ``noise`` are the steps
    in front of each group, by its number, those behind all at last. ``KeyCollision``: try another seed.
    """
    steps = _steps(groups, noise)
    axes = [step.axis for step in steps if isinstance(step, _Turning)]
    layout = StringRows(n_qubits, seed)
    if len(terms) > limit or len(terms) * layout.bytes > memory:
        return None
    table = layout.table(string for string, _ in terms)
    feeds = any(isinstance(step, SplitStep) for step in steps)
    first = 0 if whole or feeds else _commuting(axes, n_qubits)
    alive = np.ones(len(table), dtype=bool)
    moves: list[StringMove] = []
    spent = done = 0
    for step in reversed(steps):
        if isinstance(step, Scale):
            moves.append(step)
            continue
        if isinstance(step, SplitStep):
            move: StringTurn | StringFeed = _feed(table, step, layout)
        else:
            move = _turn(table, alive, step, layout)
            axes.pop()
        alive = np.concatenate([alive, np.ones(len(table) - len(alive), dtype=bool)])
        if len(axes) < first:
            _give_up(table, alive, step.axis, axes, layout)
        if len(move.first):
            moves.append(move)
        spent += _PAIR * len(move.first)
        done += PRICE * len(table)
        if done > work or len(table) > limit or spent + len(table) * layout.bytes > memory:
            return None
    moves.reverse()
    loss = np.zeros(len(table))
    loss[: len(terms)] = [c for _, c in terms]
    seen = (alive & ~table.words[:, : layout.words].any(axis=1)).astype(np.float64)
    return VisibleStrings(tuple(moves), loss, seen, done, table.words)


class _Turning(NamedTuple):
    """One axis of a group."""

    group: int
    axis: int
    coefficient: float


def _steps(groups: Sequence[RotationGroup], noise: Mapping[int, Sequence[Step]]) -> list[_Turning | Step]:
    """Axes and noise in time order."""
    steps: list[_Turning | Step] = []
    for k, group in enumerate(groups):
        steps += noise.get(k, ())
        steps += [_Turning(k, axis, a) for axis, a in group.generator.items()]
    return [*steps, *noise.get(len(groups), ())]


def _turn(table: Table, alive: Flags, step: _Turning, layout: StringRows) -> StringTurn:
    """Add the partners of the living strings that anticommute with the axis; Q and iPQ of each pair."""
    places = np.flatnonzero(layout.against(table.words[: len(alive)], step.axis) & alive)
    if not len(places):
        return StringTurn(step.group, step.coefficient, places, places)
    partners = _partners(table, places, step.axis, layout)
    kept = partners > places
    places, partners = places[kept], partners[kept]
    ahead = layout.power(step.axis, table.words[places]) == 3
    losing, gaining = np.where(ahead, places, partners), np.where(ahead, partners, places)
    return StringTurn(step.group, step.coefficient, losing, gaining)


def _feed(table: Table, step: SplitStep, layout: StringRows) -> StringFeed:
    """Add what the strings with Z on a damped qubit, whose X and Z are those of the step, are without it."""
    assert step.image is not None
    with_z = layout.against(table.words, step.image) & ~layout.against(table.words, step.axis)
    places = np.flatnonzero(with_z)
    kept, fed = step.plain
    if not len(places):
        return StringFeed(places, places, np.zeros(0), kept)
    sign = np.where(layout.power(step.axis, table.words[places]) == 2, -1.0, 1.0)
    return StringFeed(places, _partners(table, places, step.axis, layout), fed * sign, kept)


def _partners(table: Table, places: Index, string: int, layout: StringRows) -> Index:
    """Where these strings times another one are, which are added if they are new."""
    key = np.uint64(layout.keys.of(layout.row(string)))
    return table.add(table.words[places] ^ layout.packed(string), table.keys[places] ^ key)


def _commuting(axes: Sequence[int], n_qubits: int) -> int:
    """How many of the first axes commute with each other."""
    for k, axis in enumerate(axes):
        if any(anticommute(axis, other, n_qubits) for other in axes[:k]):
            return k
    return len(axes)


def _give_up(table: Table, alive: Flags, axis: int, ahead: Sequence[int], layout: StringRows) -> None:
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
                free |= layout.against(words, other)
        alive[places[~free]] = False
