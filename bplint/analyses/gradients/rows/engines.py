"""Which engine measures the gradients over rows, by the work it takes; never by the clock.

1. *border*, *gram*: exact, by strings (:mod:`.propagated`), where every trained angle turns one rotation. Asked first if that is
   cheap, and again, at any price the budget allows, where samples left the question open.
2. *sampled strings*, at any size, where random angles keep strings apart (:mod:`.sampled`).
3. *states of rows*, whatever parameters share, on few qubits (:mod:`.states`).

What none can measure is declined with the first reason. Where the loss is bent, states of rows also tell E[(∂L)²] of it if they
are cheap: brackets may leave it open.
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.answer import RowAnswer
from bplint.analyses.gradients.rows.brackets import loss_steepness
from bplint.analyses.gradients.rows.propagated import border, propagated
from bplint.analyses.gradients.rows.sampled import Walks, sampled_moments, walks
from bplint.analyses.gradients.rows.states import drawn_moments
from bplint.analyses.gradients.rows.turns import RowTurn, shared, turns
from bplint.ir.loss_function import LINEAR, LossFunction, LossKind
from bplint.ir.rows import Rows

CHEAP = 4
"""Halvings of the work that an exact answer may take before samples are drawn."""

DRAWN, AGAIN = 1, 2
"""Halvings of the work that samples may take, and each engine that is asked where they left the question open."""

BESIDE = 3
"""Halvings of the work that the states of rows may take for a bent loss."""


def row_moments(problem: Problem, rows: Rows, effort: Effort, loss: LossFunction = LINEAR) -> RowAnswer | Declined:
    """The gradients of the rows and of their labels; ``effort.threshold`` is N(O)/shots, for one row."""
    if not problem.noise.is_unital:
        return Declined("rows are not measured under amplitude damping")
    if not problem.loss.terms and not problem.loss.projector:
        return Declined("the loss has nothing that moves")
    if rows.weighted and rows.labels is not None and not set(rows.labels.tolist()) <= {-1.0, 1.0}:
        return Declined("weights multiply data, and labels are not all -1 or +1: each weight has a noise of its own")
    turning = turns(problem, rows)
    if isinstance(turning, Declined):
        return turning
    best: RowAnswer | None = None
    reasons = []
    for answer in _answers(problem, rows, turning, effort):
        if isinstance(answer, Declined):
            reasons.append(answer.reason)
            continue
        best = best or answer
        if not answer.reason:
            best = answer
            break
    if best is None:
        return Declined("; ".join(dict.fromkeys(reasons)))
    return best if rows.weighted else _with_loss(problem, rows, best, effort, loss)


def _answers(problem: Problem, rows: Rows, turning: list[RowTurn], effort: Effort) -> Iterator[RowAnswer | Declined]:
    """What the engines say, one after the other."""
    if reason := shared(problem, turning):
        yield Declined(reason)
        yield drawn_moments(problem, rows, effort)
        return
    parts = border(problem, rows, turning)
    if not problem.noise.is_trivial:  # strings and states that are sampled know none
        yield parts if isinstance(parts, Declined) else propagated(problem, rows, parts, effort.share(AGAIN))
        return
    yield parts if isinstance(parts, Declined) else propagated(problem, rows, parts, effort.share(CHEAP))
    ways = walks(problem, rows, turning)
    yield sampled_moments(problem, rows, ways, effort.share(DRAWN)) if isinstance(ways, Walks) else ways
    if not isinstance(parts, Declined):
        yield propagated(problem, rows, parts, effort.share(AGAIN))
    yield drawn_moments(problem, rows, effort.share(AGAIN))


def _with_loss(problem: Problem, rows: Rows, answer: RowAnswer, effort: Effort, loss: LossFunction) -> RowAnswer:
    """The same with E[(∂L)²] of a bent loss, where that is cheap."""
    if loss.kind in (LossKind.LINEAR, LossKind.HINGE) or (steep := loss_steepness(loss, problem, rows)) is None:
        return answer
    drawn = drawn_moments(problem, rows, effort.share(BESIDE), steep)
    if isinstance(drawn, Declined):
        return answer
    slopes = {
        parameter: slope._replace(loss=drawn.slopes[parameter].loss) if parameter in drawn.slopes else slope
        for parameter, slope in answer.slopes.items()
    }
    return answer._replace(slopes=slopes, largest_loss=drawn.largest_loss)
