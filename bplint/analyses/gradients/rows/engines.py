"""Which engine measures the gradients over rows, by the work it takes; never by the clock.

1. *border*, *gram*: exact, by strings (:mod:`.propagated`), where every trained angle turns one rotation.

What none can measure is declined with the first reason.
"""

from __future__ import annotations

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.answer import RowAnswer
from bplint.analyses.gradients.rows.propagated import border, propagated
from bplint.analyses.gradients.rows.turns import shared, turns
from bplint.ir.rows import Rows


def row_moments(problem: Problem, rows: Rows, effort: Effort) -> RowAnswer | Declined:
    """The gradients of the rows and of their labels; ``effort.threshold`` is N(O)/shots, for one row."""
    if not problem.noise.is_trivial:
        return Declined("rows are not measured under noise")
    found = turns(problem, rows)
    if isinstance(found, Declined):
        return found
    if reason := shared(problem, found):
        return Declined(reason)
    parts = border(problem, rows, found)
    return parts if isinstance(parts, Declined) else propagated(problem, rows, parts, effort)
