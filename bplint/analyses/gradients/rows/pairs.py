"""Pairs of Pauli strings carried back through rotations whose angles differ from row to row.

The pair (P, Q) stands for <P> in row i and <Q> in row j; one *column* of numbers is one (i, j). What becomes of a pair is the
same in all columns, so strings are followed once (:func:`followed`), and the numbers are worked out for many columns at a time
(:class:`Passed`). At a rotation about G that both strings anticommute with,

    (P, Q) -> E[cos cos] (P, Q) + E[sin sin] (P', Q') + E[sin cos] (P', Q) + E[cos sin] (P, Q'),    P' = iGP

(:mod:`.turns`). The last two are there only where rows differ, or an angle is fixed: this is interference, and exact. With Q = 1
it is the expectation of one string.

Unlike the pairs of :mod:`bplint.analyses.gradients.propagation` they are ordered: rows are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.propagation.propagate import Scale, noise_factors
from bplint.analyses.gradients.propagation.string_table import Words, anticommute, first_equal, packed, times
from bplint.analyses.gradients.rows.turns import Factor, RowSplit
from bplint.ir.circuit import Floats, Index


class PairBranch(NamedTuple):
    """Pairs at ``source`` go to ``target``, times ``factor`` and ``sign``, which for noise is what is left of them."""

    source: Index
    target: Index
    sign: Floats
    factor: Factor


class PairEvent(NamedTuple):
    """What rotation ``number`` does: the ``moving`` pairs become what their ``branches`` say, or nothing."""

    number: int
    moving: Index
    branches: tuple[PairBranch, ...]


class FollowedPairs(NamedTuple):
    """All pairs there are, as columns of ``left`` and ``right``; the first are those of the start.

    ``last`` are those that are left behind all rotations. There are ``entries`` branches.
    """

    left: Words
    right: Words
    last: Index
    events: tuple[PairEvent, ...]
    entries: int

    def __len__(self) -> int:
        return self.left.shape[1]


def followed(
    left: Sequence[int],
    right: Sequence[int],
    splits: Sequence[RowSplit],
    trained: Sequence[bool],
    n_qubits: int,
    most: int,
    effort: Effort,
) -> FollowedPairs | None:
    """Follow different pairs back through rotations, the last one first; None beyond ``most`` branches.

    ``trained`` rotations keep the branches that their derivatives need.
    """
    pairs = _Pairs(packed(left, n_qubits), packed(right, n_qubits), n_qubits)
    events, entries = [], 0
    for number, split in enumerate(splits):
        effort.clock.check()
        event = pairs.split(number, split, trained[number])
        if event is not None:
            events.append(event)
            entries += sum(len(branch.source) for branch in event.branches)
        if entries > most or len(pairs) > most:
            return None
    return FollowedPairs(pairs.left, pairs.right, np.flatnonzero(pairs.active), tuple(events), entries)


class _Pairs:
    """The pairs so far; those that are not ``active`` weigh nothing at present."""

    def __init__(self, left: Words, right: Words, n_qubits: int) -> None:
        self.left, self.right = left, right
        self._n = n_qubits
        self.active = np.ones(len(self), dtype=bool)

    def __len__(self) -> int:
        return self.left.shape[1]

    def split(self, number: int, split: RowSplit, trained: bool) -> PairEvent | None:
        if split.noise:
            return self._damped(number, split.noise)
        on_left, on_right = anticommute(self.left, split.axis, self._n), anticommute(self.right, split.axis, self._n)
        touched = on_left | on_right
        moving = np.flatnonzero(touched & self.active)
        if not len(moving):
            return None
        known = np.flatnonzero(touched)
        both = moving[on_left[moving] & on_right[moving]]
        only_left, only_right = moving[~on_right[moving]], moving[~on_left[moving]]
        opens = [split.opens(factor) for factor in Factor]
        if trained:  # a derivative exchanges cos and sin
            opens[Factor.STAY] = opens[Factor.FLIP] = opens[Factor.STAY] or opens[Factor.FLIP]
            opens[Factor.LEFT] = opens[Factor.RIGHT] = opens[Factor.LEFT] or opens[Factor.RIGHT]
        wanted = [
            (both, Factor.STAY, False, False),
            (both, Factor.FLIP, True, True),
            (both, Factor.LEFT, True, False),
            (both, Factor.RIGHT, False, True),
            (only_left, Factor.COS_LEFT, False, False),
            (only_left, Factor.SIN_LEFT, True, False),
            (only_right, Factor.COS_RIGHT, False, False),
            (only_right, Factor.SIN_RIGHT, False, True),
        ]
        wanted = [row for row in wanted if len(row[0]) and opens[row[1]]]
        branches = self._branches(split.axis, wanted, known)
        self.active[moving] = False
        for branch in branches:
            self.active[branch.target] = True
        return PairEvent(number, moving, tuple(branches))

    def _damped(self, number: int, noise: Scale) -> PairEvent | None:
        active = np.flatnonzero(self.active)
        sides = (self.left[:, active], self.right[:, active])
        factors = noise_factors(sides[0], noise, self._n) * noise_factors(sides[1], noise, self._n)
        less = factors != 1
        if not less.any():
            return None
        moving = active[less]
        return PairEvent(number, moving, (PairBranch(moving, moving, factors[less], Factor.STAY),))

    def _branches(
        self, axis: int, wanted: Sequence[tuple[Index, Factor, bool, bool]], known: Index
    ) -> list[PairBranch]:
        numbers, new = [], []
        for source, factor, turns_left, turns_right in wanted:
            left, right, sign = self.left[:, source], self.right[:, source], np.ones(len(source))
            if turns_left:
                left, more = times(left, axis, self._n)
                sign = sign * more
            if turns_right:
                right, more = times(right, axis, self._n)
                sign = sign * more
            if turns_left or turns_right:
                new.append((left, right))
            numbers.append(PairBranch(source, source, sign, factor))
        targets = iter(self._place(new, known))
        stay = (Factor.STAY, Factor.COS_LEFT, Factor.COS_RIGHT)
        return [branch if branch.factor in stay else branch._replace(target=next(targets)) for branch in numbers]

    def _place(self, new: Sequence[tuple[Words, Words]], known: Index) -> list[Index]:
        """Where these pairs are, all of which the rotation turns, as the ``known`` ones; added if they are new."""
        if not new:
            return []
        lefts, rights = zip(*new, strict=True)
        left = np.concatenate([self.left[:, known], *lefts], axis=1)
        right = np.concatenate([self.right[:, known], *rights], axis=1)
        first = first_equal(np.concatenate([left, right]))
        added = np.flatnonzero(first == np.arange(len(first)))
        added = added[added >= len(known)]
        place = np.zeros(len(first), dtype=np.intp)
        place[: len(known)] = known
        place[added] = len(self) + np.arange(len(added))
        self.left = np.concatenate([self.left, left[:, added]], axis=1)
        self.right = np.concatenate([self.right, right[:, added]], axis=1)
        self.active = np.concatenate([self.active, np.zeros(len(added), dtype=bool)])
        return np.split(place[first[len(known) :]], np.cumsum([part[0].shape[1] for part in new])[:-1])


def expectations(followed: FollowedPairs, splits: Sequence[RowSplit], ends: Floats) -> Floats:
    """What each pair of the start is worth, float64 (pairs, columns), if all at the end are worth ``ends``, used up."""
    for event in reversed(followed.events):
        _back(event, splits[event.number].factors, ends)
    return ends


def derivatives(
    followed: FollowedPairs, weights: Floats, splits: Sequence[RowSplit], ends: Floats, trained: Sequence[bool]
) -> Mapping[int, Floats]:
    """Σ weight · E[∂<P> ∂<Q>] by the angle of each trained rotation, by its number: float64 (columns,).

    ``weights`` are those of the pairs of the start; ``ends`` is used up.
    """
    kept = _forward(followed, weights, splits, trained)
    slopes = {}
    for event in reversed(followed.events):
        factors = splits[event.number].factors
        if trained[event.number]:
            slopes[event.number] = sum(
                (
                    (weight * branch.sign[:, None] * _turned(factors, branch.factor) * ends[branch.target]).sum(axis=0)
                    for branch, weight in zip(event.branches, kept[event.number], strict=True)
                    if branch.factor <= Factor.RIGHT
                ),
                np.zeros(ends.shape[1]),
            )
        _back(event, factors, ends)
    return slopes


def _turned(factors: tuple[Floats, ...], factor: Factor) -> Floats:
    """The factor with -sin for cos and cos for sin on both sides."""
    if factor in (Factor.STAY, Factor.FLIP):
        return factors[Factor.FLIP if factor is Factor.STAY else Factor.STAY]
    return -factors[Factor.RIGHT if factor is Factor.LEFT else Factor.LEFT]


def _forward(
    followed: FollowedPairs, weights: Floats, splits: Sequence[RowSplit], trained: Sequence[bool]
) -> dict[int, list[Floats]]:
    """The weights of the sources of each branch of trained rotations, float64 (pairs, columns or 1) each."""
    wide = max((len(f) for split in splits for f in split.factors), default=1)
    now = np.zeros((len(followed), wide))
    now[: len(weights)] = weights[:, None]
    kept: dict[int, list[Floats]] = {}
    for event in followed.events:
        sources = [now[branch.source] for branch in event.branches]
        if trained[event.number]:
            kept[event.number] = sources
        now[event.moving] = 0.0
        for branch, weight in zip(event.branches, sources, strict=True):
            now[branch.target] += splits[event.number].factors[branch.factor] * branch.sign[:, None] * weight
    return kept


def _back(event: PairEvent, factors: tuple[Floats, ...], values: Floats) -> None:
    """From what pairs are worth behind a rotation, seen from the loss, to what they are worth before it."""
    reached = [values[branch.target] for branch in event.branches]
    values[event.moving] = 0.0
    for branch, value in zip(event.branches, reached, strict=True):
        values[branch.source] += factors[branch.factor] * branch.sign[:, None] * value
