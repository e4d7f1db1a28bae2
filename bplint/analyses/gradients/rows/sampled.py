"""Second moments over rows from sampled strings, at any size: one string a path, with an amplitude for each row.

Where random angles keep different strings apart (:mod:`.separation`), a path carries a string P and amplitudes a_i, 1 at the loss.
A uniform angle turns P with probability ½. Data turn it with probability q = Σ a_i² sin²φ_i / Σ a_i²; then a_i becomes
a_i sin φ_i / √q, else a_i cos φ_i / √(1-q), so that Σ a_i² = M throughout. Signs cancel between rows. At the border P is worth
<P> in row i, and

    (1/M) Σ a_i² <P>_i²    and    ((1/M) Σ y_i a_i <P>_i)² / mean y²

lie in [0, 1]: averages over the paths that meet a trained rotation are, times Σ c² of the loss, its row and linear moments, with
the bounds of :mod:`bplint.bounds`. What labels make of many rows is far below 1, and so is what one row gives behind a deep
embedding: from below, values are cut where a pilot says (:mod:`bplint.analyses.gradients.tied.visibility`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Declined, Number
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.paths.tally import Tally, estimates, intervals, largest
from bplint.analyses.gradients.problem import Problem, scales
from bplint.analyses.gradients.propagation.string_table import Words, anticommute, packed, times, unpacked
from bplint.analyses.gradients.rows.answer import RowAnswer, RowSlope, exact_slope
from bplint.analyses.gradients.rows.embedding import Embedding
from bplint.analyses.gradients.rows.separation import averages, keeps_apart
from bplint.analyses.gradients.rows.turns import RowTurn, parted
from bplint.analyses.gradients.tied.visibility import Visibility
from bplint.bounds import Status
from bplint.ir.circuit import Flags, Floats
from bplint.ir.rows import Rows

METHOD = "sampled strings"

STAGES = (1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 15, 1 << 17, 1 << 19)
"""Paths in all by the end of each stage."""

PILOT, BATCH = 1 << 9, 1 << 11
"""Paths that say what the bound from below looks at; and those at a time, at most."""

SHOWN, DEAR = 1 << 12, 6
"""Paths for what is shown, once the verdict stands; unless their ends took more than so many halvings of the work."""

FOLLOWED = 1 << 13
"""Paths from which the single rows are estimated."""

PRICE, ROW = 48, 6
"""Operations of a path at a rotation, for each word of its string; at one of data, and at the end, for each row."""


class Walks(NamedTuple):
    """Where paths start, in the frame, and how they go on: each string with its probability and their weight in all."""

    strings: tuple[int, ...]
    chances: Floats
    total: float
    steps: tuple[RowTurn, ...]
    embedding: Embedding


def walks(problem: Problem, rows: Rows, turns: Sequence[RowTurn]) -> Walks | Declined:
    """The walks of a loss, or why there are none. Random angles must be independent."""
    first, rest = parted(turns, problem.frame.n_qubits)
    steps = tuple(reversed(rest))
    if any(turn.random and not averages(problem, turn) for turn in steps):
        return Declined("strings are sampled for angles that are uniform and the same in all rows")
    frame, loss = problem.frame, problem.loss
    if loss.projector:
        generators = [frame.pull(string)[0] for string in loss.generators]
        strings, m = (0, *generators), len(generators)
        chances, total = np.zeros(0), 2.0**-m - 4.0**-m
    else:
        terms = frame.pull_sum(loss.terms)
        strings = tuple(string for string, _ in terms)
        squares = np.array([c * c for _, c in terms])
        total = float(squares.sum())
        chances = squares / total if total else squares
    if not keeps_apart(problem, strings, steps):
        return Declined("fixed angles or terms of the loss interfere, which sampled strings do not follow")
    return Walks(strings, chances, total, steps, Embedding(problem, rows, first))


def sampled_moments(problem: Problem, rows: Rows, walks: Walks, effort: Effort) -> RowAnswer | Declined:
    """Estimates, until the bounds decide about the threshold: for the labels, whose signal counts M times, if there are any."""
    ends = BorderValues(walks.embedding, problem.frame.n_qubits, effort)
    counts = _Counts(problem, walks, rows)
    turning = sum(turn.varies for turn in walks.steps) + 1
    price = PRICE * len(walks.steps) * (problem.frame.n_qubits // 32 + 1) + ROW * len(rows) * turning
    stages = [paths for paths in STAGES if paths * price <= effort.work] or list(STAGES[:1])
    level = effort.level / (2 * len(stages))
    threshold = effort.threshold / (1 if rows.labels is None else len(rows))
    last: RowAnswer | None = None
    for stage in stages:
        while counts.paths < stage:
            effort.clock.check()
            random = np.random.Generator(np.random.PCG64([effort.seed, counts.paths]))
            count = min(max(counts.paths, PILOT), BATCH)
            starts = _starts(walks, random, count, problem.frame.n_qubits)
            strings, amplitudes, met = walk(walks.steps, starts, len(rows), problem.frame.n_qubits, random)
            values = ends.of(strings)
            if values is None:
                return last or Declined("the states of the rows are too large to be written out")
            counts.add(values if amplitudes is None else amplitudes * values, met)
        low, high = counts.ends(level)[-1]
        dear = walks.embedding.spent > effort.work >> DEAR
        if (high < threshold or low > threshold) and (stage >= SHOWN or dear):
            return counts.answer(level, "")
        last = counts.answer(level, f"the plan ended after {counts.paths:,} paths")
    assert last is not None
    return last


class _Counts:
    """Sums over paths of what they are worth, for each trained rotation that they met."""

    def __init__(self, problem: Problem, walks: Walks, rows: Rows) -> None:
        units = scales(problem)
        trained = [turn for turn in walks.steps if turn.random]
        self._drives = [(k, p, (c / units[p]) ** 2) for k, turn in enumerate(trained) for p, c in turn.random]
        self._unmoved = [p for p in units if p not in {p for _, p, _ in self._drives}]
        self._labels, self._total = rows.labels, walks.total
        self._largest = 1.0 if rows.labels is None else float(rows.labels @ rows.labels) / len(rows)
        self._kinds = 1 if rows.labels is None else 2
        self._place = np.array([k for k, _, _ in self._drives], dtype=np.intp)
        shares = np.array([share for _, _, share in self._drives])
        self._scale = walks.total * shares[:, None] * [1.0, self._largest]
        self._sums = np.zeros((len(trained), 2))
        self._each = np.zeros((len(trained), len(rows)))
        self._followed = 0
        self._seen: list[Visibility] = []
        self.paths = 0

    def add(self, values: Floats, met: Sequence[Flags]) -> None:
        """Paths worth these ``values``, float64 (paths, rows), and the trained rotations that they met."""
        count = values.shape[1]
        squares = values**2
        shown = np.zeros((len(values), 2))
        shown[:, 0] = squares.mean(axis=1)
        if self._labels is not None and self._largest:
            shown[:, 1] = (values @ self._labels / count) ** 2 / self._largest
        shown = np.minimum(shown, 1.0)
        worth = self._scale[:, :, None] * np.stack(met)[self._place, None, :] * shown.T
        if self._seen:
            for kind, seen in enumerate(self._seen):
                seen.add(worth[:, kind])
        else:  # the first paths say what to look at
            self._seen = [Visibility(worth[:, kind]) for kind in range(self._kinds)]
        for k, mask in enumerate(met):
            self._sums[k] += shown[mask].sum(axis=0)
        if self._followed < FOLLOWED:
            for k, mask in enumerate(met):
                self._each[k] += squares[mask].sum(axis=0)
            self._followed += len(values)
        self.paths += len(values)

    @property
    def tallies(self) -> list[Tally]:
        """The row moments, and the linear ones if there are labels."""
        return [Tally(self._sums[self._place, k], self.paths, self._scale[:, k]) for k in range(self._kinds)]

    def ends(self, level: float) -> list[tuple[float, float]]:
        """Bounds on the largest moment of each kind, from below and from above, each failing with chance ``level``."""
        below = [seen.lower(level) for seen in self._seen]
        return [(low, largest([tally], level)[0]) for low, tally in zip(below, self.tallies, strict=True)]

    def answer(self, level: float, reason: str) -> RowAnswer:
        """What is known by now."""
        numbers = [_numbers(tally) for tally in self.tallies]
        ends = self.ends(level)
        none = exact_slope(np.zeros(self._each.shape[1]), None if self._labels is None else 0.0)
        slopes = dict.fromkeys(self._unmoved, none)
        for drive, (k, parameter, share) in enumerate(self._drives):
            row = numbers[0][drive]
            each = self._total * share * self._each[k] / self._followed
            each.flags.writeable = False
            slopes[parameter] = RowSlope(
                row=row,
                linear=numbers[1][drive] if len(numbers) > 1 else None,
                root=Number(float(np.sqrt(each).mean() ** 2), 0.0, row.upper),
                each=each,
            )
        return RowAnswer(
            method=METHOD,
            status=Status.ESTIMATED,
            slopes=slopes,
            largest_row=ends[0],
            largest_linear=ends[1] if len(ends) > 1 else None,
            samples=self.paths,
            level=2 * level,
            reason=reason,
        )


def _numbers(tally: Tally) -> list[Number]:
    pairs = zip(estimates([tally]).tolist(), intervals([tally]).tolist(), strict=True)
    return [Number(value, low, high) for value, (low, high) in pairs]


def walk(
    steps: Sequence[RowTurn], strings: Words, rows: int, n_qubits: int, random: np.random.Generator
) -> tuple[Words, Floats | None, list[Flags]]:
    """Carry strings, one a path, back through steps, the last rotation first.

    Returns them, the amplitudes of the rows, float64 (paths, rows), or None where these do not differ, and who met each trained
    rotation.
    """
    strings = strings.copy()
    paths = strings.shape[1]
    amplitudes: Floats | None = None
    met = []
    for turn in steps:
        against = anticommute(strings, turn.axis, n_qubits)
        if turn.random:
            met.append(against)
            flip = against & (random.random(paths) < 0.5)
        elif not turn.varies:
            flip = against & (random.random(paths) < np.sin(turn.shift[0]) ** 2)
        else:
            if amplitudes is None:
                amplitudes = np.ones((paths, rows))
            sin, cos = np.sin(turn.shift), np.cos(turn.shift)
            chance = np.minimum((amplitudes**2 @ sin**2) / rows, 1.0)
            flip = against & (random.random(paths) < chance)
            stay = against & ~flip
            amplitudes[flip] *= sin / np.sqrt(chance[flip])[:, None]
            amplitudes[stay] *= cos / np.sqrt(1 - chance[stay])[:, None]
        strings[:, flip] = times(strings[:, flip], turn.axis, n_qubits)[0]
    return strings, amplitudes, met


def _starts(walks: Walks, random: np.random.Generator, count: int, n: int) -> Words:
    """One string a path."""
    if len(walks.chances):
        return packed(walks.strings, n)[:, random.choice(len(walks.strings), count, p=walks.chances)]
    generators = packed(walks.strings[1:], n)
    bits = random.random((count, generators.shape[1])) < 0.5
    while (empty := ~bits.any(axis=1)).any():
        bits[empty] = random.random((int(empty.sum()), generators.shape[1])) < 0.5
    chosen = np.where(bits[None], generators[:, None, :], np.uint64(0))
    return np.asarray(np.bitwise_xor.reduce(chosen, axis=2))


class BorderValues:
    """<P> of strings at the border, each looked up once, with no more work in all than one question may take."""

    def __init__(self, embedding: Embedding, n_qubits: int, effort: Effort) -> None:
        self._embedding, self._n, self._effort = embedding, n_qubits, effort
        self._before = embedding.spent
        self._place: dict[int, int] = {}
        self._values = np.zeros((0, len(embedding)))

    def of(self, strings: Words) -> Floats | None:
        """Float64 (strings, rows); None if it takes more work than is allowed."""
        distinct, place = np.unique(strings, axis=1, return_inverse=True)
        listed = unpacked(distinct, self._n)
        new = [string for string in listed if string not in self._place]
        if new:
            left = self._effort.work - self._embedding.spent + self._before
            more = self._embedding.expectations(new, self._effort._replace(work=max(left, 0)))
            if more is None:
                return None
            self._place |= {string: len(self._values) + k for k, string in enumerate(new)}
            self._values = np.concatenate([self._values, more])
        places = np.array([self._place[string] for string in listed])
        return np.asarray(self._values[places[place.ravel()]])
