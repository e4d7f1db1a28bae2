"""Drops the strings that never meet between loss and start: exactly, and most of them.

From the start mark the strings of I and Z. Step by step towards the loss keep a pair only if one end is marked, and mark
both: what is left can be seen. Then the same from the loss.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bplint.analyses.gradients.visible_strings.search import StringTurn, VisibleStrings
from bplint.ir.circuit import Flags


def pruned(visible: VisibleStrings) -> VisibleStrings:
    """The same loss with the strings and pairs that matter."""
    turns, seen = _marked(visible.turns, visible.seen != 0)
    backwards, met = _marked(reversed(turns), visible.loss != 0)
    used = seen & met
    for turn in backwards:
        used[turn.first] = used[turn.second] = True
    places = np.flatnonzero(used)
    number = np.zeros(len(used), dtype=np.intp)
    number[places] = np.arange(len(places))
    renamed = (t._replace(first=number[t.first], second=number[t.second]) for t in reversed(backwards))
    return VisibleStrings(tuple(renamed), visible.loss[places], visible.seen[places], visible.work)


def _marked(turns: Iterable[StringTurn], mark: Flags) -> tuple[list[StringTurn], Flags]:
    """The pairs that have a marked end when their turn comes, and the marks at the end."""
    mark, kept = mark.copy(), []
    for turn in turns:
        chosen = mark[turn.first] | mark[turn.second]
        if not chosen.any():
            continue
        left = turn._replace(first=turn.first[chosen], second=turn.second[chosen])
        mark[left.first] = mark[left.second] = True
        kept.append(left)
    return kept, mark
