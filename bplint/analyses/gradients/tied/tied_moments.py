"""The moments of a loss whose parameters may turn many rotations: what evaluates it, and whether a grid is small enough.

Three ways evaluate the loss at given angles: on the basis states that can be reached (:mod:`.reachable_states`), on
superpositions of those that the circuit cannot tell apart (:mod:`.symmetric_states`), and on the strings that can be seen
(:mod:`.visible_strings`). The cheapest is taken, by operations. The sum over a grid of angles is exact,
and samples of random starts are estimates. Under noise strings alone can be carried, each with its factors.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import NO_SLOPE, Answer, Declined, certain, exactly
from bplint.analyses.gradients.bit_rows import KeyCollision
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.tied import STATES, STRINGS, SYMMETRIC
from bplint.analyses.gradients.tied.evaluator import LossEvaluator
from bplint.analyses.gradients.tied.quadrature import grid_size, over_grid
from bplint.analyses.gradients.tied.sampled import Range, sampled
from bplint.analyses.gradients.tied.variables import Drive
from bplint.analyses.gradients.visible_strings.search import OPERATIONS, WORK
from bplint.number_format import plural

_CHEAP = 1 << 28
"""Operations of a grid over states for which no other way is looked for."""

_SMALL = 1 << 20
"""Operations of one sample on states below which strings are searched only for a grid."""

_VARIABLES = 14
"""A grid over more variables is never small."""

_MANY, _FEWER = 1_500_000, 300_000
"""Strings that are searched at most; the second on few qubits, where states take less."""

_FEW_QUBITS = 16

_LEAST, _SAMPLES = 1 << 28, 24
"""Work that a search for strings is allowed for a grid, and samples on states that any may cost as much as: strings that take
longer to find make a sample no cheaper than states do."""

SETUP = 100_000
"""Operations that a rotation costs until it can be evaluated."""

_SETTING_UP, _SEARCHING, _BESIDE = 1, 5, 2
"""Halvings of the work that is allowed: for setting up, for a search in its own units, and further ones beside states."""


class Tied(NamedTuple):
    """A problem made ready: ``points`` of the grid of ``exact``, which is the evaluator with the least work for it."""

    drive: Drive
    method: str
    evaluator: LossEvaluator
    grid: LossEvaluator
    points: float
    constant: float
    size: float
    """Of what moves."""
    possible: Range
    spent: int
    """Operations that it took so far."""
    damping: float = 1.0
    """The most that noise leaves of a string of the loss."""

    @property
    def exact_work(self) -> float:
        """Operations of the exact answer."""
        return self.points * self.grid.work

    def exact(self, effort: Effort) -> Answer | Declined:
        """The exact answer; ``Declined`` if it takes more work than is allowed."""
        if self.exact_work > effort.work:
            return Declined("the grid of angles is too large")
        constant = self.constant + self.grid.offset
        tops, size = self.possible.tops * self.damping, self.size * self.damping
        return over_grid(self.drive, self.grid, tops, size, constant, effort)

    def sampled(self, effort: Effort) -> Answer | Declined:
        """Estimates."""
        constant = self.constant + self.evaluator.offset
        rest = effort._replace(work=effort.work - self.spent)
        return sampled(self.method, self.drive, self.evaluator, self.possible, constant, rest)


def made_ready(problem: Problem, effort: Effort = Effort()) -> Tied | Answer | Declined:  # noqa: B008  immutable
    """The problem for either answer; the answer itself where nothing moves; ``Declined`` where nothing evaluates the loss."""
    turning = rotations(problem)
    if isinstance(turning, Declined):
        return turning
    setup = SETUP * len(turning)
    if setup > effort.share(_SETTING_UP).work:
        return Declined(f"making {plural(len(turning), 'rotation')} ready takes more than the budget")
    drive = Drive(problem, turning)
    loss = problem.loss
    ways, searched, damping = _ways(problem, drive, effort.share(_SEARCHING).work)
    if not ways:
        states = "too many basis states can be reached, and " if problem.noise.is_trivial else ""
        return Declined(f"{states}too many strings can be seen")
    constant = 0.0 if loss.projector else loss.constant
    for name, evaluator in ways.items():
        if evaluator.constant is not None:
            value = evaluator.constant + constant
            method = name if drive.groups else STRINGS  # rotations that cancel keep more than some states
            return certain(method, exactly(value), exactly(value**2), dict.fromkeys(drive.scales, NO_SLOPE))
    size = 1.0 if loss.projector else math.fsum(abs(c) for _, c in loss.terms)
    moving = 1.0 if loss.projector else min(size, *(way.spread for way in ways.values()))
    steepest = drive.steepest()
    if problem.units is not None:  # |½<[G, O]>| is at most R times what O - constant can be
        steepest = np.minimum(steepest, 1.0)
    tops = steepest * (0.5 if loss.projector else moving)
    low, high = (0.0, 1.0) if loss.projector else (constant - size, constant + size)
    method = min(ways, key=lambda name: ways[name].work)
    grid = min(ways.values(), key=lambda way: grid_size(drive, way) * way.work)
    return Tied(
        drive=drive,
        method=method,
        evaluator=ways[method],
        grid=grid,
        points=grid_size(drive, grid),
        constant=constant,
        size=moving,
        possible=Range(low, high, tops, trusted=not loss.projector, tame=not loss.projector and drive.tied),
        spent=setup + OPERATIONS * searched,
        damping=damping,
    )


class _Ways(NamedTuple):
    """What can evaluate the loss, by name, the work of searching for strings, and the most that noise leaves of one."""

    evaluators: dict[str, LossEvaluator]
    searched: int = 0
    damping: float = 1.0


def _ways(problem: Problem, drive: Drive, most: int) -> _Ways:
    """Ways to evaluate the loss; the search for strings takes ``most`` work at most."""
    from bplint.analyses.gradients.reachable_states import evaluator as states
    from bplint.analyses.gradients.reachable_states import two_bases
    from bplint.analyses.gradients.symmetric_states import evaluator as symmetric
    from bplint.analyses.gradients.visible_strings import evaluator as strings

    ways: dict[str, LossEvaluator] = {}
    quiet = problem.noise.is_trivial
    on_states = states.evaluator(problem, drive.groups) if quiet else None
    if on_states is not None:
        ways[STATES] = on_states
        if on_states.constant is not None:
            return _Ways(ways)
        ways[STATES] = two_bases.evaluator(drive.groups, on_states) or on_states
    on_symmetric = symmetric.evaluator(problem, drive.groups, on_states) if quiet else None
    if on_symmetric is not None:
        ways[SYMMETRIC] = on_symmetric
    known = on_symmetric or ways.get(STATES)
    if known is not None:
        if known.work < _SMALL and len(drive.variables) > _VARIABLES:
            return _Ways(ways)
        if grid_size(drive, known) * known.work < _CHEAP:
            return _Ways(ways)
    work = min(WORK, most)
    if known is not None:
        least = 0 if len(drive.variables) > _VARIABLES else _LEAST
        work = min(max(least, _SAMPLES * known.work), most >> _BESIDE)
    limit = _MANY if problem.frame.n_qubits > _FEW_QUBITS else _FEWER
    for seed in range(3):
        try:
            on_strings = strings.evaluator(problem, drive.groups, limit=limit, work=work, seed=seed, noise=drive.noise)
        except KeyCollision:
            continue
        if on_strings is None:
            return _Ways(ways, work)
        ways[STRINGS] = on_strings
        return _Ways(ways, on_strings.search_work, on_strings.damping)
    return _Ways(ways)
