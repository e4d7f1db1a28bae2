"""The gradient of the declared loss over the rows of a case: what the engines of :mod:`.rows` measure, as an answer like any other.

With labels it is that of L = (1/M) Σ f(l_i, y_i), without labels that of l_i on one row. Its noise, with ``shots`` shots of each
row's circuit, is N_L / (M · shots), N_L = N(O) E[(1/M) Σ f'(l_i)²]: signals are second moments over N_L / M, and show if they are
above 1/shots. Where N_L is only known between bounds, a signal surely shows by the upper one, and surely does not by the lower.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.answer import Answer, Declined, Number, Slope, between
from bplint.analyses.gradients.asked import effort_of, nothing_to_measure, problem_of, unknown_law
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.answer import RowAnswer, RowSlope
from bplint.analyses.gradients.rows.brackets import LossBracket, loss_bracket, noise_factors
from bplint.analyses.gradients.rows.engines import row_moments
from bplint.analyses.gradients.rows.separation import odd_moments_vanish
from bplint.analyses.gradients.rows.turns import turns
from bplint.bounds import Status
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case
from bplint.ir.law import Init
from bplint.ir.loss_function import LINEAR, LossFunction
from bplint.ir.noise import Noise
from bplint.ir.rows import Rows, data_names

LARGEST = 1e300
"""Bounds beyond are none."""


class OverRows(NamedTuple):
    """What was measured, and what follows for the declared loss by trainable parameter.

    ``losses`` are E[(∂L)²], None of a loss that has none; ``largest`` encloses the largest but for a chance of the answer's
    ``level`` on each side. ``noise`` are bounds on N_L / M. ``bracket`` says how bounds of the loss follow. <O> of a row
    lies between the ``ends``.
    """

    rows: Rows
    answer: RowAnswer
    losses: Mapping[int, Number] | None
    largest: tuple[float, float]
    noise: tuple[float, float]
    bracket: str
    ends: tuple[float, float]

    @property
    def signal_ends(self) -> tuple[float, float]:
        """Bounds on the largest signal."""
        low, high = self.largest
        least, most = self.noise
        return low / most if most else 0.0, 0.0 if not high else min(high / least, LARGEST) if least else LARGEST


def over_rows(case: Case, ask: Ask, *, init: Init, noise: Noise) -> OverRows | Declined:
    """The numbers of the case's rows, under these laws of trained angles."""
    if skipped := nothing_to_measure(case, ask):
        return skipped
    rows = _of_circuit(case.context.rows, case.circuit)
    if rows is None:
        return Declined("the rows are those of another circuit")
    if unclear := unknown_law(case, ask, data=False):
        return unclear
    problem, loss = problem_of(case, ask, init, noise), case.context.loss if rows.labels is not None else LINEAR
    answer = row_moments(problem, rows, effort_of(case, ask), loss)
    if isinstance(answer, Declined):
        return answer
    odd = _odd_vanish(problem, rows)
    scale = case.context.observable.scale / (1 if rows.labels is None else len(rows))
    brackets = {k: loss_bracket(loss, slope, problem, rows, odd_vanish=odd) for k, slope in answer.slopes.items()}
    known = {k: bracket for k, bracket in brackets.items() if bracket is not None}
    whole = loss_bracket(loss, _largest_slope(answer), problem, rows, odd_vanish=odd)
    low, high = (1.0, 1.0) if whole is None else noise_factors(loss, problem, rows, odd_vanish=odd)
    return OverRows(
        rows=rows,
        answer=answer,
        losses={k: _number(answer.slopes[k], bracket, loss) for k, bracket in known.items()} if whole else None,
        largest=(0.0, LARGEST) if whole is None else _met((whole.lower, whole.upper), answer.largest_loss),
        noise=(scale * low, scale * high),
        bracket=whole.rule if whole else "",
        ends=problem.ends,
    )


def as_answer(over: OverRows, threshold: float, *, uniform: bool) -> Answer | Declined:
    """The answer about the loss of the rows; ``threshold`` is 1/shots.

    With ``uniform`` laws of trained angles the loss varies by no less than a gradient in units of its range, in each row.
    """
    answer, losses = over.answer, over.losses
    if losses is None:
        return Declined("the gradient of a logarithm has no second moment unless it is clipped: cross-entropy:EPS")
    low, high = over.signal_ends
    open_ = answer.status is Status.EXACT and any(number.value is None for number in losses.values())
    reason = ""
    if low <= threshold < high:
        reason = answer.reason or f"the bounds on the gradient of the loss ({over.bracket}) leave it open"
    lowest, highest = over.ends
    most = ((highest - lowest) / 2) ** 2
    steepest = max((feature.steepest for feature in over.rows.weighted.values()), default=1.0)
    least = min(answer.largest_row[0] / max(steepest, 1.0) ** 2, most) if uniform else 0.0
    return Answer(
        method=answer.method,
        status=Status.BOUNDED if open_ else answer.status,
        mean=between(lowest, highest),
        second_moment=between(least, max(lowest**2, highest**2)),
        variance=between(least, most),
        slopes={parameter: Slope(None, number) for parameter, number in losses.items()},
        largest=over.largest,
        level=answer.level,
        samples=answer.samples,
        reason=reason,
        of_rows=True,
    )


def _of_circuit(rows: Rows | None, circuit: Circuit) -> Rows | None:
    """The rows with a column for each data parameter of a circuit that may have been changed since; None if one is missing."""
    if rows is None:
        return None
    names = data_names(circuit)
    if not rows.names:
        return rows if rows.values.shape[1] == len(names) else None
    if names == rows.names:
        return rows
    if any(name not in rows.names for name in names):
        return None
    columns = [rows.names.index(name) for name in names]
    return Rows(rows.values[:, columns], rows.labels, rows.drawn, names, rows.weighted)


def _odd_vanish(problem: Problem, rows: Rows) -> bool:
    turning = turns(problem, rows)
    strings = [string for string, _ in problem.frame.pull_sum(problem.loss.written_out().terms)]
    return not isinstance(turning, Declined) and odd_moments_vanish(problem, strings, reversed(turning))


def _largest_slope(answer: RowAnswer) -> RowSlope:
    """A parameter whose moments are where the largest ones are for certain."""
    each = next(iter(answer.slopes.values())).each
    row = answer.largest_row
    linear = None if answer.largest_linear is None else between(*answer.largest_linear)
    return RowSlope(row=between(*row), linear=linear, root=Number(None, 0.0, row[1]), each=each)


def _number(slope: RowSlope, bracket: LossBracket, loss: LossFunction) -> Number:
    if slope.linear is None:
        return slope.row
    if loss == LINEAR:
        return slope.linear
    return between(bracket.lower, bracket.upper)


def _met(one: tuple[float, float], other: tuple[float, float] | None) -> tuple[float, float]:
    """What lies between both pairs of bounds."""
    return one if other is None else (max(one[0], other[0]), min(one[1], other[1]))
