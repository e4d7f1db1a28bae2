"""Exact second moments over given rows, by pairs of strings carried back to the embedding.

Behind it each pair is worth <P> in row i times <Q> in row j (:mod:`.embedding`). Where no data turn later than that, the pairs
weigh the same in all rows, and Σ y_i y_j <P>_i <Q>_j is one product; otherwise, as for re-uploaded data, G_ij is worked out for
every pair of rows. Interference of fixed angles, any laws of the trained ones, sums of terms and Pauli noise need no condition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.paths.interfering_terms import signatures
from bplint.analyses.gradients.problem import Problem, scales
from bplint.analyses.gradients.propagation.string_table import unpacked
from bplint.analyses.gradients.rows.answer import RowAnswer, RowSlope, exact_answer, exact_slope
from bplint.analyses.gradients.rows.embedding import Embedding
from bplint.analyses.gradients.rows.pairs import FollowedPairs, derivatives, followed
from bplint.analyses.gradients.rows.turns import Factor, RowPairs, RowSplit, RowTurn, parted, split, with_noise
from bplint.ir.circuit import Floats, Index
from bplint.ir.pauli import weight
from bplint.ir.rows import Rows

BORDER, GRAM = "border", "gram"
"""Names of the engine: where all data come first, and where they come again."""

BRANCHES = 1 << 18
"""Branches of all steps, at most."""

PRICE = 16
"""Operations of a branch in a column, there and back."""

MEMORY = 1 << 24
"""Numbers at a time."""

PROJECTOR = 10
"""Qubits of a projector: its terms are listed."""


class Border(NamedTuple):
    """What strings of the loss, in the frame, meet: first ``steps``, the last of the circuit first, then the ``embedding``."""

    terms: tuple[tuple[int, float], ...]
    steps: tuple[RowTurn, ...]
    embedding: Embedding

    @property
    def uploads_again(self) -> bool:
        """Whether data turn behind trained rotations."""
        return any(turn.varies for turn in self.steps)


def border(problem: Problem, rows: Rows, turns: Sequence[RowTurn]) -> Border | Declined:
    """The loss written out, and the rotations in two parts."""
    if len(problem.loss.projector) > PROJECTOR:
        return Declined(f"a projector on more than {PROJECTOR} qubits is not written out")
    n, noise = problem.frame.n_qubits, problem.noise
    first, rest = parted(turns, n)
    if noise.follows_gates:  # which no rotation passes
        turns = with_noise(problem, turns)
        begin = next((k for k, turn in enumerate(turns) if turn.random), len(turns))
        first, rest = turns[:begin], turns[begin:]
    read = [(string, c * noise.readout_factor(weight(string, n))) for string, c in problem.loss.written_out().terms]
    terms = problem.frame.pull_sum(read)
    return Border(terms, tuple(reversed(rest)), Embedding(problem, rows, first))


def propagated(problem: Problem, rows: Rows, border: Border, effort: Effort) -> RowAnswer | Declined:
    """The exact numbers, unless they take more work than is allowed. Random angles must be independent."""
    same = _PairSums(problem, border, RowPairs.same(len(rows)), effort)
    if same.graph is None:
        return Declined("the loss becomes too many strings on its way back to the data")
    ends = same.ends()
    if ends is None:
        return Declined("the states of the rows are too large to be written out")
    each, squares = same.slopes(ends)
    linear: dict[Slope, float] | None = None
    if rows.labels is not None:
        weights = rows.labels / len(rows)
        if not border.uploads_again:
            linear = {k: float(slope[0]) for k, slope in same.slopes((ends @ weights)[:, None])[0].items()}
        else:
            between = _PairSums(problem, border, RowPairs.different(len(rows)), effort)
            if between.graph is None:
                return Declined("the loss becomes too many strings for all pairs of rows")
            linear = {k: float(weights**2 @ slope) for k, slope in each.items()}
            apart = ends if between.strings == same.strings else between.ends()
            if apart is None:
                return Declined("the states of the rows are too large to be written out")
            for k, slope in between.slopes(apart, weights)[0].items():
                linear[k] = linear.get(k, 0.0) + float(slope[0])
    return exact_answer(
        GRAM if border.uploads_again else BORDER,
        _by_parameter(problem, border.steps, each, linear, len(rows)),
        None if border.uploads_again else same.rank(ends),
        squares,
    )


Slope: TypeAlias = tuple[int, int]
"""A step and one of the parameters that turn it."""


class _PairSums:
    """Sums over pairs of strings for some columns, that is pairs of rows."""

    def __init__(self, problem: Problem, border: Border, columns: RowPairs, effort: Effort) -> None:
        self._problem, self._found, self._columns, self._effort = problem, border, columns, effort
        self._trained = [bool(turn.random) for turn in border.steps]
        n, strings = problem.frame.n_qubits, [string for string, _ in border.terms]
        shapes = [_shape(split(problem, turn, columns)) for turn in border.steps]
        width = len(columns) if border.uploads_again else len(border.embedding)
        most = min(BRANCHES, effort.work // (PRICE * max(width, 1)))
        left, right = _pairs(strings, shapes, n)
        coefficients = np.array([c for _, c in border.terms])
        self._weights = coefficients[left] * coefficients[right]
        self.graph: FollowedPairs | None = None
        if len(left) <= most:
            picked = [[strings[k] for k in side] for side in (left, right)]
            self.graph = followed(picked[0], picked[1], shapes, self._trained, n, most, effort)

    def ends(self) -> Floats | None:
        """<P> behind the embedding in each row, of :attr:`strings`, float64 (strings, rows)."""
        return self._found.embedding.expectations(self.strings, self._effort)

    @property
    def strings(self) -> list[int]:
        """Those of all pairs, each once."""
        return self._strings()[0]

    def slopes(self, ends: Floats, weights: Floats | None = None) -> tuple[dict[Slope, Floats], Floats]:
        """E[∂l_i ∂l_j] in each column, float64 (columns,), <P> being ``ends`` (strings, rows); and E[l_i l_j].

        With ``weights`` of the rows the sum of the first over all columns, each twice, is all that is wanted, (1,).
        """
        assert self.graph is not None
        _, left, right = self._strings()
        steps = self._found.steps
        columns = self._columns if self._found.uploads_again else RowPairs.same(ends.shape[1])
        size = max(MEMORY // max(len(self.graph), 1), 1)
        parts: dict[Slope, list[Floats]] = defaultdict(list)
        products = []
        for first in range(0, len(columns), size):
            self._effort.clock.check()
            some = columns.part(first, size)
            splits = [split(self._problem, turn, some) for turn in steps]
            values = ends[left][:, some.i] * ends[right][:, some.j]
            by_step = derivatives(self.graph, self._weights, splits, values, self._trained)
            for step, by_angle in by_step.items():
                for parameter, _ in steps[step].random:
                    slope, feature = by_angle, steps[step].weighted.get(parameter)
                    if feature is not None:
                        slope = slope * feature.factor[some.i] * feature.factor[some.j]
                    if weights is not None:
                        slope = 2 * (weights[some.i] * weights[some.j] @ slope)[None]
                    parts[step, parameter].append(slope)
            products.append(self._weights @ values[: len(self._weights)])
        slopes = {key: np.concatenate(p) if weights is None else np.sum(p, axis=0) for key, p in parts.items()}
        return slopes, np.concatenate(products)

    def rank(self, ends: Floats) -> int:
        """Of <P> by row: mixed at random, many strings have the rank of as many as there are rows."""
        strings, rows = ends.shape
        if strings > rows:
            ends = np.random.default_rng(0).standard_normal((rows, strings)) @ ends / strings**0.5
        return int(np.linalg.matrix_rank(ends)) if ends.size else 0

    def _strings(self) -> tuple[list[int], Index, Index]:
        """The distinct strings of all pairs, and which of them are left and right."""
        assert self.graph is not None
        both = np.concatenate([self.graph.left, self.graph.right], axis=1)
        distinct, place = np.unique(both, axis=1, return_inverse=True)
        left, right = np.split(place.ravel(), 2)
        return unpacked(distinct, self._problem.frame.n_qubits), left, right


def _pairs(strings: Sequence[int], shapes: Sequence[RowSplit], n: int) -> tuple[Index, Index]:
    """Pairs of terms that need not vanish, both orders.

    Rotations that average out each string that they turn keep the product of a pair: it must commute with their axes.
    """
    axes = []
    for shape in shapes:
        if shape.noise:
            continue
        if any(shape.opens(factor) for factor in Factor if factor not in (Factor.STAY, Factor.FLIP)):
            break
        axes.append(shape.axis)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, key in enumerate(signatures(strings, axes, n)):
        groups[key].append(place)
    grids = [np.meshgrid(group, group) for group in groups.values()]
    left = [grid[0].ravel() for grid in grids]
    right = [grid[1].ravel() for grid in grids]
    nothing = np.zeros(0, dtype=np.intp)
    return np.concatenate([nothing, *left]), np.concatenate([nothing, *right])


def _shape(full: RowSplit) -> RowSplit:
    """Which factors are anything but zero, as one column."""
    return full._replace(factors=tuple(np.array([float(f.any())]) for f in full.factors))


def _by_parameter(
    problem: Problem,
    steps: Sequence[RowTurn],
    each: Mapping[Slope, Floats],
    linear: Mapping[Slope, float] | None,
    rows: int,
) -> dict[int, RowSlope]:
    units = scales(problem)
    slopes = {p: exact_slope(np.zeros(rows), None if linear is None else 0.0) for p in units}
    for step, turn in enumerate(steps):
        for parameter, coefficient in turn.random:
            if (key := (step, parameter)) in each:
                share = (coefficient / units[parameter]) ** 2
                slopes[parameter] = exact_slope(share * each[key], None if linear is None else share * linear[key])
    return slopes
