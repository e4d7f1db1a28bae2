"""Second moments over rows from state vectors at random angles: whatever parameters share, and any loss of the rows.

Each draw of the trained angles is evaluated in all rows. Bounds are those of :mod:`bplint.analyses.gradients.tied`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Declined, Number
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem, Rotation, rotations, steepness
from bplint.analyses.gradients.reachable_states.evaluator import ReachableStatesEvaluator, evaluator
from bplint.analyses.gradients.rows.answer import RowAnswer, RowSlope
from bplint.analyses.gradients.rows.turns import law_of
from bplint.analyses.gradients.tied.display import estimates
from bplint.analyses.gradients.tied.variables import Drive, drawn_angles
from bplint.analyses.gradients.tied.visibility import PILOT, Visibility, upper
from bplint.bounds import Status
from bplint.ir.circuit import Floats
from bplint.ir.law import Law, Shape
from bplint.ir.rows import Rows, WeightedFeature, data_columns

METHOD = "states of rows"

STAGES = (16, 64, 256, 1 << 10, 1 << 12, 1 << 14, 1 << 16)
"""Draws of the trained angles in all by the end of each stage, behind the pilot."""

STATES = 1 << 14
"""Basis states, at most."""

PERIODS = 1 << 20
"""Over so many periods of the slowest rotation a weight is drawn that multiplies data."""

_SLOW = 1e-4
"""What turns by less, beside the fastest, is not looked at for that."""

SHOWN, SHOWING = 256, 4
"""Draws for what is shown, once the verdict stands, as far as they are had for a sixteenth of the work: its halvings."""

LARGEST = 1e75
"""Of a slope: its fourth power is a double."""


class Steepness(NamedTuple):
    """The derivative f' of the loss of each row by its <O>: ``of`` float64 (rows, draws) the same; |f'| is ``most`` at most, on
    average over the rows.
    """

    of: Callable[[Floats], Floats]
    most: float


def drawn_moments(problem: Problem, rows: Rows, effort: Effort, steep: Steepness | None = None) -> RowAnswer | Declined:
    """Estimates; with ``steep`` also of E[(∂L)²] of that loss. Declined if the work is too little for a pilot and one stage."""
    if not problem.noise.is_trivial:
        return Declined("states of rows are written out without noise")
    turns = rotations(problem)
    if isinstance(turns, Declined):
        return turns
    parameters = problem.circuit.parameters
    if opaque := next((parameters[p].name for t in turns for p, _ in t.terms if _unknown(problem, rows, p)), ""):
        return Declined(f"{opaque} is not affine in its parameters: its law is not known")
    draws = _Draws(problem, rows, turns)
    ready = evaluator(problem, draws.drive.groups)
    if ready is None or ready.size > STATES:
        return Declined("the states of the rows are too large to be written out")
    most = effort.work // (ready.work * len(rows)) - PILOT
    stages = [stage for stage in STAGES if stage <= most]
    if not stages:
        return Declined(f"{PILOT + STAGES[0]} draws in {len(rows):,} rows take more work than is allowed")
    sized = [turn._replace(terms=tuple((p, c * draws.size(p)) for p, c in turn.terms)) for turn in turns]
    steepest = steepness(problem, sized)
    if max(steepest.values(), default=0.0) * max(1.0, steep.most if steep else 1.0) > LARGEST:
        return Declined("the slopes may be too large for a double")
    return _staged(problem, rows, draws, ready, steepest, stages, effort, steep)


def _unknown(problem: Problem, rows: Rows, parameter: int) -> bool:
    own = problem.circuit.parameters[parameter]
    return bool(own.sources) and parameter not in data_columns(problem.circuit) and own.name not in rows.weighted


class _Draws:
    """Angles of the groups in all rows for draws of the trained ones."""

    def __init__(self, problem: Problem, rows: Rows, turns: Sequence[Rotation]) -> None:
        self.drive = Drive(problem, turns)
        self._rows = rows
        columns = data_columns(problem.circuit)
        self._column = [columns.get(variable.parameter) for variable in self.drive.variables]
        names = {p: parameter.name for p, parameter in enumerate(problem.circuit.parameters)}
        self._features = {p: rows.weighted[name] for p, name in names.items() if name in rows.weighted}
        self._laws = {p: _weight_law(law_of(problem, p, feature), feature) for p, feature in self._features.items()}

    def angles(self, seed: int, first: int, draws: int) -> Floats:
        """float64 (groups, rows · draws), the draws of one row together."""
        drawn = self.drive.values(seed, first, draws)
        count = len(self._rows)
        values = np.empty((len(drawn), count, draws))
        for k, column in enumerate(self._column):
            values[k] = drawn[k] if column is None else self._rows.values[:, column, None]
        weights = self._weights(seed, first, draws)
        for k, variable in enumerate(self.drive.variables):
            if (feature := self._features.get(variable.parameter)) is not None:
                values[k] = feature.factor[:, None] * weights[variable.parameter] + feature.shift[:, None]
        return self.drive.angles(values.reshape(len(drawn), count * draws))

    def gradients(self, slopes: Floats) -> Floats:
        """Derivatives by parameters in their units, (parameters, rows, draws), from those by the groups, (groups, rows · draws)."""
        scaled = self.drive.gradients(slopes).reshape(len(self.drive.scales), len(self._rows), -1)
        for k, parameter in enumerate(self.drive.scales):
            if parameter in self._features:
                scaled[k] *= self._features[parameter].factor[:, None]
        return scaled

    def size(self, parameter: int) -> float:
        """What a derivative by the parameter grows by, as it multiplies data."""
        return self._features[parameter].size if parameter in self._features else 1.0

    def _weights(self, seed: int, first: int, draws: int) -> dict[int, Floats]:
        """Of each parameter that is an expression of data and a weight the weight, float64 (draws,)."""
        random = np.random.Generator(np.random.PCG64([seed, first, 1]))
        return {parameter: drawn_angles(law, random, draws) for parameter, law in self._laws.items()}


def _weight_law(law: Law, feature: WeightedFeature) -> Law:
    """Uniform means over a stretch of many periods: multiples of data have none in common."""
    if not law.is_uniform:
        return law
    sizes = np.abs(feature.factor)
    slowest = sizes[sizes > _SLOW * sizes.max()].min(initial=np.inf)
    return Law(Shape.RANGE, PERIODS * np.pi / float(slowest) if np.isfinite(slowest) else np.pi)


class _Kind:
    """Sums of the squares of one kind of slopes."""

    def __init__(self, pilot: Floats, tops: Floats) -> None:
        self._visibility = Visibility(pilot**2)
        self._sums = np.zeros((2, len(tops)))
        self._tops = tops
        self.samples = 0

    def add(self, slopes: Floats) -> None:
        """Slopes of more draws, (parameters, draws), or means of squares under a root."""
        squares = slopes**2
        self._visibility.add(squares)
        self._sums += [squares.sum(axis=1), (squares**2).sum(axis=1)]
        self.samples += slopes.shape[1]

    def largest(self, level: float) -> tuple[float, float]:
        """Bounds on the largest second moment, each failing with chance ``level``."""
        return self._visibility.lower(level), upper(self._sums[0] / self.samples, self._tops, self.samples, level)

    @property
    def numbers(self) -> list[Number]:
        """The second moments with 95 % intervals."""
        totals, squares = self._sums
        return estimates(totals, squares, self.samples, np.zeros_like(self._tops), self._tops**2)


def _staged(
    problem: Problem,
    rows: Rows,
    draws: _Draws,
    ready: ReachableStatesEvaluator,
    steepest: Mapping[int, float],
    stages: Sequence[int],
    effort: Effort,
    steep: Steepness | None,
) -> RowAnswer:
    tops = np.array([steepest.get(p, 0.0) for p in draws.drive.scales])
    run = _DrawnRun(rows, draws, ready, problem.loss.constant, steep, effort.seed)
    factors = [1.0]
    if rows.labels is not None:
        factors.append(float(np.abs(rows.labels).mean()))
    if steep is not None:
        factors.append(steep.most)
    pilot = run.slopes(-PILOT, PILOT)
    kinds = [_Kind(slopes, factor * tops) for slopes, factor in zip(pilot.kinds, factors, strict=True)]
    each = np.zeros_like(pilot.each)
    share = effort.level / (2 * len(stages))
    threshold = effort.threshold / (1 if rows.labels is None else len(rows))
    shown = min(SHOWN, effort.share(SHOWING).work // (ready.work * len(rows)))
    decided = False
    for stage in stages:
        while kinds[0].samples < stage:
            effort.clock.check()
            count = min(max(ready.batch // len(rows), 1), stage - kinds[0].samples)
            sampled = run.slopes(kinds[0].samples, count)
            each += sampled.each * count
            for kind, slopes in zip(kinds, sampled.kinds, strict=True):
                kind.add(slopes)
        low, high = kinds[0 if rows.labels is None else 1].largest(share)
        decided = high < threshold or low > threshold
        if decided and stage >= shown:
            break
    each /= kinds[0].samples
    numbers, ends = [kind.numbers for kind in kinds], [kind.largest(share) for kind in kinds]
    by_parameter = {}
    for k, parameter in enumerate(draws.drive.scales):
        own = each[k]
        own.flags.writeable = False
        row, *others = [kind[k] for kind in numbers]
        by_parameter[parameter] = RowSlope(
            row=row,
            linear=None if rows.labels is None else others[0],
            root=Number(float(np.sqrt(own).mean() ** 2), 0.0, row.upper),
            each=own,
            loss=None if steep is None else others[-1],
        )
    return RowAnswer(
        method=METHOD,
        status=Status.ESTIMATED,
        slopes=by_parameter,
        largest_row=ends[0],
        largest_linear=None if rows.labels is None else ends[1],
        samples=kinds[0].samples,
        level=2 * share,
        reason="" if decided else f"the plan ended after {kinds[0].samples:,} draws",
        largest_loss=None if steep is None else ends[-1],
    )


class _Found(NamedTuple):
    """``kinds`` of slopes, float64 (parameters, draws) each: the root of the rows' mean square, with labels, of the loss.

    ``each`` are mean squares by parameter and row.
    """

    kinds: list[Floats]
    each: Floats


class _DrawnRun(NamedTuple):
    """What is evaluated at each draw."""

    rows: Rows
    draws: _Draws
    ready: ReachableStatesEvaluator
    constant: float
    steep: Steepness | None
    seed: int

    def slopes(self, first: int, draws: int) -> _Found:
        """Draws number ``first`` and following; those of the pilot are numbered below zero."""
        count, labels = len(self.rows), self.rows.labels
        loss, slopes = self.ready.run(self.draws.angles(self.seed, first + PILOT, draws))
        gradients = self.draws.gradients(slopes)
        squares = gradients**2
        kinds = [np.sqrt(squares.mean(axis=1))]
        if labels is not None:
            kinds.append(np.einsum("i,pid->pd", labels, gradients) / count)
        if self.steep is not None:
            values = loss.reshape(count, draws) + self.constant + self.ready.offset
            kinds.append(np.einsum("id,pid->pd", self.steep.of(values), gradients) / count)
        return _Found(kinds, squares.mean(axis=2))
