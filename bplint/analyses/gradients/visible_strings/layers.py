"""Pairs of one group that share no string, put together: they can turn at once.

Turns of a group commute, so only their order on one string is kept: a pair comes in the layer after the last one that has
either of its strings. Noise stands between layers, what follows each other as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.propagation.propagate import Scale
from bplint.analyses.gradients.visible_strings.damping import Damping, damping
from bplint.analyses.gradients.visible_strings.search import StringFeed, StringMove, StringTurn, VisibleStrings
from bplint.analyses.gradients.visible_strings.string_rows import StringRows
from bplint.ir.circuit import Floats, Index


class Layer(NamedTuple):
    """Coordinates ``first`` and ``second`` turn by φ = a ψ, ψ the angle of the group: no string occurs twice.

    a is ``coefficients[code]``, or the only coefficient if there is no code.
    """

    group: int
    coefficients: Floats
    code: Index | None
    first: Index
    second: Index


def layers(visible: VisibleStrings, rows: StringRows) -> Iterator[Layer | Damping | StringFeed]:
    """The turns in time order, as few layers, and the noise between them."""
    depth = np.zeros(len(visible.loss), dtype=np.intp)
    for (kind, group), moves in groupby(visible.moves, key=_kind):
        if kind is StringTurn:
            depth[:] = 0
            yield from _layered(group, [move for move in moves if isinstance(move, StringTurn)], depth)
        elif kind is Scale:
            yield damping((move for move in moves if isinstance(move, Scale)), visible.words, rows)
        else:
            yield from (move for move in moves if isinstance(move, StringFeed))


def _kind(move: StringMove) -> tuple[type[StringMove], int]:
    return type(move), move.group if isinstance(move, StringTurn) else -1


def _layered(group: int, turns: Sequence[StringTurn], depth: Index) -> Iterator[Layer]:
    if len(turns) == 1:
        yield Layer(group, np.array([turns[0].coefficient]), None, turns[0].first, turns[0].second)
        return
    levels = []
    for turn in turns:
        level = np.maximum(depth[turn.first], depth[turn.second])
        depth[turn.first] = depth[turn.second] = level + 1
        levels.append(level)
    level = np.concatenate(levels)
    order = np.argsort(level, kind="stable")
    values, code = np.unique([turn.coefficient for turn in turns], return_inverse=True)
    codes = np.repeat(code.ravel(), [len(turn.first) for turn in turns])[order]
    first = np.concatenate([turn.first for turn in turns])[order]
    second = np.concatenate([turn.second for turn in turns])[order]
    ends = np.flatnonzero(np.diff(level[order], append=level.max() + 1)) + 1
    start = 0
    for end in ends.tolist():
        chosen = slice(start, end)
        only = codes[chosen] if len(values) > 1 else None
        yield Layer(group, values, only, first[chosen], second[chosen])
        start = end
