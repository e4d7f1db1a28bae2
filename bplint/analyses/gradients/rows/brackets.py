"""What the row and linear moments leave for E[(∂L)²] of another loss L = (1/M) Σ f(l_i, y_i).

From above for any loss, by Minkowski: ((1/M) Σ g_i √G_ii)², g_i = max |f'| (the bridge theorem of Thanasilp et al.,
arXiv:2110.14753). Where all odd moments of l vanish (:func:`~bplint.analyses.gradients.rows.separation.odd_moments_vanish`), the
parts of L that are odd and even in l have uncorrelated gradients, and their moments add. With lin = yᵀGy/M² and
sq = ((1/M) Σ √G_ii)², that is

* linear, and hinge max(0, 1 - yl) where |yl| <= 1: lin, exactly;
* (l - y)²: 4 lin … 4 lin + 4 |O|² sq;
* log(1 + e^{-yTl}): (T²/4) lin … (T²/4) (lin + tanh²(T|O|/2) sq), labels ±1.

The derivative of a logarithm is not bounded. -log max(p, ε), p = (1 + yl)/2, has a bound from above, and of a single string O
there is a statement of probability: P(|∂L| >= δ) <= 4 Σ_i E[l_i²] + 4 (1/M) Σ G_ii / δ², as |f'| <= 2 where |l| <= ½.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.answer import RowSlope
from bplint.analyses.gradients.rows.states import Steepness
from bplint.ir.circuit import Floats
from bplint.ir.loss_function import LossFunction, LossKind
from bplint.ir.rows import Rows


class LossBracket(NamedTuple):
    """``lower`` <= E[(∂L)²] <= ``upper`` by one parameter, in the units of the slope; equal where it is exact.

    ``rule`` says in words which bracket it is.
    """

    lower: float
    upper: float
    rule: str


def loss_bracket(
    loss: LossFunction, slope: RowSlope, problem: Problem, rows: Rows, *, odd_vanish: bool
) -> LossBracket | None:
    """The bracket of a loss of rows; None of one that has none: a logarithm that is not clipped, and losses without rows.

    Without labels it is that of E[(∂l)²] of one row. It rests on the ends of the slope's intervals.
    """
    if rows.labels is None or slope.linear is None:
        return LossBracket(slope.row.lower, slope.row.upper, "that of one row")
    if not loss.of_rows or (loss.kind is LossKind.CROSS_ENTROPY and not loss.value):
        return None
    bracket = _by_parity(loss, slope, problem, rows, odd_vanish=odd_vanish)
    if bracket.upper == bracket.lower:
        return bracket
    most = _largest(loss, problem, rows.labels)
    known = slope.root.value == slope.root.upper  # else the slopes of single rows are estimates
    minkowski = float(
        (most @ np.sqrt(slope.each) / len(rows)) ** 2 if known else (most @ most) / len(rows) * slope.row.upper
    )
    if minkowski < bracket.upper:
        return LossBracket(min(bracket.lower, minkowski), minkowski, f"{bracket.rule}, and from above the steepest f'")
    return bracket


def loss_steepness(loss: LossFunction, problem: Problem, rows: Rows) -> Steepness | None:
    """The derivative f' of each row's loss, for what evaluates it; None where it is not bounded, or there is none."""
    labels = rows.labels
    if labels is None or not loss.of_rows or (loss.kind is LossKind.CROSS_ENTROPY and not loss.value):
        return None
    y = labels[:, None]
    return Steepness(lambda values: _slope(loss, values, y), float(_largest(loss, problem, labels).mean()))


def noise_factors(loss: LossFunction, problem: Problem, rows: Rows, *, odd_vanish: bool) -> tuple[float, float]:
    """Between what E[(1/M) Σ f'(l_i)²] lies: one shot a row of ∂L carries this times N(O), over M."""
    labels, top = rows.labels, _top(problem)
    if labels is None:
        return 1.0, 1.0
    square = float((labels**2).mean())
    if loss.kind in (LossKind.LINEAR, LossKind.HINGE) or not loss.of_rows:
        return square, square
    most = float((_largest(loss, problem, labels) ** 2).mean())
    if not odd_vanish or problem.loss.constant:
        return 0.0, most
    if loss.kind is LossKind.MSE:  # E[(l - y)²] = E[l²] + y²
        return 4 * square, 4 * (square + top**2)
    if loss.kind is LossKind.SIGMOID:  # σ(u)² + σ(-u)² is at least ½
        return loss.value**2 * square / 4, most
    return 0.0, most


def tail_bound(squares: Floats, slope: RowSlope, delta: float) -> float:
    """P(|∂L| >= δ) of the cross-entropy of a single string, at most; ``squares`` are E[l_i²], float64 (M,)."""
    return min(4 * float(squares.sum()) + 4 * slope.row.upper / delta**2, 1.0)


def _by_parity(loss: LossFunction, slope: RowSlope, problem: Problem, rows: Rows, *, odd_vanish: bool) -> LossBracket:
    assert rows.labels is not None
    assert slope.linear is not None
    linear, root, labels = slope.linear, slope.root.upper, rows.labels
    if loss.kind is LossKind.LINEAR:
        return LossBracket(linear.lower, linear.upper, "linear in the average")
    top = _top(problem)
    if loss.kind is LossKind.HINGE and top * float(np.abs(labels).max()) <= 1 + 1e-12:
        return LossBracket(linear.lower, linear.upper, "a hinge that never bends is linear")
    if not odd_vanish or problem.loss.constant:
        return LossBracket(0.0, math.inf, "from above, odd moments need not vanish")
    if loss.kind is LossKind.MSE:
        return LossBracket(4 * linear.lower, 4 * linear.upper + 4 * top**2 * root, "linear and quartic part")
    if loss.kind is LossKind.SIGMOID and bool((np.abs(labels) == 1).all()):
        quarter, bend = loss.value**2 / 4, math.tanh(loss.value * top / 2) ** 2
        return LossBracket(quarter * linear.lower, quarter * (linear.upper + bend * root), "odd and even part")
    return LossBracket(0.0, math.inf, "from above")


def _top(problem: Problem) -> float:
    """No |l| is larger."""
    low, high = problem.ends
    return max(abs(low), abs(high))


def _largest(loss: LossFunction, problem: Problem, labels: Floats) -> Floats:
    """max |f'| of each row."""
    top = _top(problem)
    if loss.kind is LossKind.CROSS_ENTROPY:
        # |f'| = |y| / (2p) where p is not clipped, and p is at least (1 - |y| top)/2.
        least = np.maximum((1 - np.abs(labels) * top) / 2, loss.value)
        return np.asarray(np.abs(labels) / (2 * least))
    if loss.kind is LossKind.HINGE:
        return np.asarray(np.abs(labels))
    ends = [np.abs(_slope(loss, np.full(len(labels), end), labels)) for end in (-top, top)]
    return np.asarray(np.maximum(*ends))


def _slope(loss: LossFunction, values: Floats, labels: Floats) -> Floats:
    """f' at <O> = ``values``, of the shape that both have together."""
    if loss.kind is LossKind.MSE:
        return 2 * (values - labels)
    if loss.kind is LossKind.HINGE:
        return np.where(labels * values < 1 + 1e-12, -labels, 0.0)
    if loss.kind is LossKind.SIGMOID:
        return np.asarray(-labels * loss.value / (1 + np.exp(loss.value * labels * values)))
    if loss.kind is LossKind.CROSS_ENTROPY:
        p = (1 + labels * values) / 2
        return np.where(p > loss.value, -labels / (2 * np.maximum(p, loss.value)), 0.0)
    return labels + 0 * values
