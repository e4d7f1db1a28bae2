"""Drops the strings that never meet between loss and start: exactly, and most of them.

From the start mark the strings of I and Z. Step by step towards the loss keep a pair only if one end is marked, and mark
both: what is left can be seen. Then the same from the loss. What damping feeds is marked only where its end is.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bplint.analyses.gradients.propagation.propagate import Scale
from bplint.analyses.gradients.visible_strings.search import StringFeed, StringMove, StringTurn, VisibleStrings
from bplint.ir.circuit import Flags


def pruned(visible: VisibleStrings) -> VisibleStrings:
    """The same loss with the strings and pairs that matter."""
    moves, seen = _marked(visible.moves, visible.seen != 0, forwards=True)
    backwards, met = _marked(reversed(moves), visible.loss != 0, forwards=False)
    used = seen & met
    for move in backwards:
        if not isinstance(move, Scale):
            used[move.first] = used[move.second] = True
    places = np.flatnonzero(used)
    number = np.zeros(len(used), dtype=np.intp)
    number[places] = np.arange(len(places))
    renamed = (
        m if isinstance(m, Scale) else m._replace(first=number[m.first], second=number[m.second])
        for m in reversed(backwards)
    )
    return VisibleStrings(
        tuple(renamed), visible.loss[places], visible.seen[places], visible.work, visible.words[places]
    )


def _marked(moves: Iterable[StringMove], mark: Flags, *, forwards: bool) -> tuple[list[StringMove], Flags]:
    """The pairs that have a marked end when their turn comes, and the marks at the end."""
    mark, kept = mark.copy(), list[StringMove]()
    for move in moves:
        if isinstance(move, Scale):
            kept.append(move)
            continue
        if isinstance(move, StringTurn):
            chosen = mark[move.first] | mark[move.second]
        else:
            chosen = mark[move.second] if forwards else mark[move.first]
            mark[(move.first if forwards else move.second)[chosen]] = True
            # The first ones keep a part of themselves also where what they feed does not count.
            chosen |= mark[move.first]
        if not chosen.any():
            continue
        left = move._replace(first=move.first[chosen], second=move.second[chosen])
        if isinstance(left, StringFeed):
            left = left._replace(share=left.share[chosen])
        else:
            mark[left.first] = mark[left.second] = True
        kept.append(left)
    return kept, mark
