"""Carries a weighted dictionary of pairs of Pauli strings backwards through rotations and noise, exactly.

E[<P><Q>] is linear in the pair (P, Q), and every step takes a pair to a weighted sum of pairs; equal ones merge. A string
that *splits* at a step becomes cos φ P + sin φ P', so a pair of which both split becomes

    E[cos²] (P, Q) + E[sin²] (P', Q') + E[sin cos] ((P', Q) + (P, Q'))

and one of which P alone splits E[cos] (P, Q) + E[sin] (P', Q). At a rotation about G the strings that anticommute with G
split, P' = iGP. At amplitude damping those with a Z on the qubit do, P' is without it, and 1-γ and γ stand for cos φ and
sin φ. Pairs (P, 1) carry the mean.

The way back is reverse-mode differentiation: it finds the value E[<P><Q>] of every pair at every step. The derivative by
the angle of a rotation has -sin for cos and cos for sin. A pair that was dropped is known to be worth something in
[0, 1], or in [-1, 1] if P and Q differ; then all values are a centre and a radius.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.propagation.backward import Branch, Kept, Record, Scaled, SplitPairs, back
from bplint.analyses.gradients.propagation.string_table import Words, anticommute, first_equal, ordered, packed, times
from bplint.ir.circuit import Flags, Floats, Index
from bplint.ir.pauli import LinearSpan, x_part


class SplitStep(NamedTuple):
    """A rotation about P_axis; with ``image``, damping of a qubit whose Z is P_axis and whose X is P_image.

    ``square`` is (E[cos²], E[sin²], E[sin cos]), ``plain`` is (E[cos], E[sin]). ``slope``: its derivative is wanted.
    """

    axis: int
    square: tuple[float, float, float]
    plain: tuple[float, float]
    slope: bool = False
    image: int | None = None


class Scale(NamedTuple):
    """Pauli noise on qubits whose (X, Z) are ``images``.

    ``local`` are the factors of X, Z, Y on each of them, ``joint`` that of a string that is not the identity on all.
    """

    images: tuple[tuple[int, int], ...]
    local: tuple[float, float, float]
    joint: float


Step: TypeAlias = SplitStep | Scale


class Pairs(NamedTuple):
    """Σ weight · (strings[left], strings[right])."""

    strings: Sequence[int]
    left: Index
    right: Index
    weight: Floats


class PropagationLimits(NamedTuple):
    """At most ``pairs`` at any time, ``tape`` entries remembered for the way back; ``effort`` has the clock.

    ``whole``: a sum of which something would be dropped is not wanted.
    """

    pairs: int
    tape: int
    effort: Effort
    whole: bool = False


class PropagatedSum(NamedTuple):
    """Σ weight · E[<P><Q>], and its derivatives by step, each as (centre, radius)."""

    value: tuple[float, float]
    slopes: Mapping[int, tuple[float, float]]


def propagate(
    pairs: Pairs, steps: Sequence[Step], n_qubits: int, limits: PropagationLimits, *, mean: bool = False
) -> PropagatedSum | None:
    """Carry pairs through the steps, the last operation first, to |0…0>; None where the whole sum takes more than the limits.

    The derivatives are E[∂<P> ∂<Q>]; with ``mean``, where all Q are the identity, E[∂<P>].
    """
    table = _Table(pairs, n_qubits)
    visible = _visible(steps, n_qubits)
    tape = table.keep(visible[0])
    room = limits.tape
    lost: list[tuple[float, float]] = []
    for number, step in enumerate(steps):
        limits.effort.clock.check()
        # What earlier steps left of the tape is for all later ones together.
        tape += table.cut(min(limits.pairs, max(room // (len(steps) - number), 1)))
        if limits.whole and table.cut_short:
            return None
        lost.append(table.lost)
        records = table.scale(step) if isinstance(step, Scale) else table.split(number, step, mean)
        records += table.keep(visible[number + 1])
        room -= sum(record.size for record in records)
        tape += records
    centre, slopes = back(tape, pairs.weight, len(table))
    radius, radii = back(tape, pairs.weight, len(table), radius=True) if table.cut_short else (0.0, {})
    # What was dropped before a step has a derivative there as well.
    return PropagatedSum(
        (centre, radius),
        {i: (slopes.get(i, 0.0) + worth, radii.get(i, 0.0) + doubt) for i, (worth, doubt) in enumerate(lost)},
    )


Sides: TypeAlias = tuple[Words, ...]
"""P and Q of many pairs; one array where they are equal."""


class _New(NamedTuple):
    """Pairs that others become, with ``value * sign``, in the derivative ``slope * sign``."""

    sides: Sides
    sign: Floats
    value: float
    slope: float


_NONE: Index = np.empty(0, dtype=np.intp)


class _Table:
    """The dictionary: columns of strings P and Q, or of P alone while all pairs are (P, P).

    ``lost`` is what the pairs dropped so far are worth together, (centre, radius). Even if their weights are zero, so that
    it is (0, 0), ``cut_short`` holds: derivatives at earlier steps reach them.
    """

    def __init__(self, pairs: Pairs, n_qubits: int) -> None:
        self._n = n_qubits
        strings = packed(pairs.strings, n_qubits)
        self._sides: Sides = (strings[:, pairs.left],)
        if (pairs.left != pairs.right).any():
            self._sides = ordered(strings[:, pairs.left], strings[:, pairs.right])
        self.weights = pairs.weight
        self.lost = (0.0, 0.0)
        self.cut_short = False

    def __len__(self) -> int:
        return self._sides[0].shape[1]

    def keep(self, strings: Iterable[int]) -> list[Record]:
        """Forget pairs of which one string anticommutes with one of these: they are worth nothing."""
        good = np.ones(len(self), dtype=bool)
        for string in strings:
            for side in self._sides:
                good &= ~anticommute(side, string, self._n)
        return self._forget(good)

    def cut(self, limit: int) -> list[Record]:
        """Drop all but the largest weights."""
        if len(self) <= limit:
            return []
        order = np.argpartition(-np.abs(self.weights), limit)
        kept, dropped = np.sort(order[:limit]), order[limit:]
        equal = (self._sides[0][:, dropped] == self._sides[-1][:, dropped]).all(axis=0)
        record = Kept(len(self), kept, dropped[equal], dropped[~equal])
        self.cut_short = True
        centre, radius = self.lost
        halves, wholes = self.weights[record.equal] / 2, self.weights[record.mixed]
        self.lost = centre + float(halves.sum()), radius + float(np.abs(halves).sum() + np.abs(wholes).sum())
        self._take(kept)
        return [record]

    def scale(self, step: Scale) -> list[Record]:
        """Multiply each pair by the noise's factors of both strings."""
        factors = noise_factors(self._sides[0], step, self._n) * noise_factors(self._sides[-1], step, self._n)
        self.weights = self.weights * factors
        return [Scaled(factors)]

    def split(self, number: int, step: SplitStep, mean: bool) -> list[Record]:
        """Replace pairs by what they become."""
        left, right = self._splits(self._sides[0], step), self._splits(self._sides[-1], step)
        both, one = np.flatnonzero(left & right), np.flatnonzero(left ^ right)
        moving = np.concatenate([both, one])
        if not len(moving):
            return []
        before, old = len(self), self.weights
        if len(both) and step.square[2]:
            self._sides = (self._sides[0], self._sides[-1])
        branches = [*self._of_both(both, step), *self._of_one(one, left[one], step, mean)]
        self.weights = np.zeros(len(self))
        self.weights[:before] = old
        self.weights[moving] = 0.0
        reached = np.ones(len(self), dtype=bool)
        reached[moving] = False
        for branch in branches:
            np.add.at(self.weights, branch.target, branch.value * branch.sign * branch.weight)
            reached[branch.target] = True
        return [SplitPairs(number, before, moving, branches), *self._forget(reached)]

    def _of_both(self, source: Index, step: SplitStep) -> list[Branch]:
        """Pairs of which both strings split."""
        cos2, sin2, mixed = step.square
        sides = [side[:, source] for side in self._sides]
        split = [times(side, step.axis, self._n) for side in sides]
        signs = split[0][1] * split[-1][1]
        new = [_New(tuple(side for side, _ in split), signs, sin2, cos2)]
        if mixed:
            new.append(_New((split[0][0], sides[1]), split[0][1], mixed, -mixed))
            new.append(_New((sides[0], split[1][0]), split[1][1], mixed, -mixed))
        return self._branches(source, step, (cos2, sin2), new)

    def _of_one(self, source: Index, left: Flags, step: SplitStep, mean: bool) -> list[Branch]:
        """Pairs of which one string splits, the ``left`` one or the right; the derivative of the other is zero."""
        if not len(source):
            return []
        cos, sin = step.plain
        p, q = (side[:, source] for side in self._sides)
        split, sign = times(np.where(left, p, q), step.axis, self._n)
        slopes = (-sin, cos) if mean else (0.0, 0.0)
        new = [_New((split, np.where(left, q, p)), sign, sin, slopes[1])]
        return self._branches(source, step, (cos, slopes[0]), new)

    def _branches(self, source: Index, step: SplitStep, stay: tuple[float, float], new: list[_New]) -> list[Branch]:
        """The branch that stays, of this value and slope, and those to new pairs."""
        weight = self.weights[source]
        new = [branch for branch in new if branch.value or (step.slope and branch.slope)]
        # At a rotation pairs that split become pairs that split; damping makes any.
        others = source if step.image is None else np.arange(len(self))
        branches = [Branch(source, weight, source, 1.0, *stay)] if stay[0] or (step.slope and stay[1]) else []
        for branch, target in zip(new, self._place([branch.sides for branch in new], others), strict=True):
            branches.append(Branch(source, weight, target, branch.sign, branch.value, branch.slope))
        return branches

    def _place(self, new: list[Sides], others: Index) -> list[Index]:
        """The columns of new pairs, which may be among ``others``; those that are not are added."""
        if not new or not len(others):
            return [_NONE for _ in new]
        parts = [np.concatenate(side, axis=1) for side in zip(*new, strict=True)]
        if len(parts) > 1:
            parts = list(ordered(*parts))
        known = len(others)
        parts = [np.concatenate([side[:, others], part], axis=1) for side, part in zip(self._sides, parts, strict=True)]
        first = first_equal(np.concatenate(parts))
        added = np.flatnonzero(first == np.arange(len(first)))
        added = added[added >= known]
        column = np.zeros(len(first), dtype=np.intp)
        column[:known] = others
        column[added] = len(self) + np.arange(len(added))
        self._sides = tuple(
            np.concatenate([side, part[:, added]], axis=1) for side, part in zip(self._sides, parts, strict=True)
        )
        return np.split(column[first[known:]], len(new))

    def _splits(self, columns: Words, step: SplitStep) -> Flags:
        against = anticommute(columns, step.axis, self._n)
        if step.image is None:
            return against
        return ~against & anticommute(columns, step.image, self._n)

    def _forget(self, good: Flags) -> list[Record]:
        if good.all():
            return []
        record = Kept(len(self), np.flatnonzero(good), _NONE, _NONE)
        self._take(record.kept)
        return [record]

    def _take(self, kept: Index) -> None:
        self._sides = tuple(side[:, kept] for side in self._sides)
        self.weights = self.weights[kept]


def noise_factors(strings: Words, step: Scale, n_qubits: int) -> Floats:
    """What Pauli noise multiplies each of these strings by, the columns of an array: float64 (strings,)."""
    local = np.array([1.0, *step.local])
    factors, anything = np.ones(strings.shape[1]), np.zeros(strings.shape[1], dtype=bool)
    for x, z in step.images:
        letters = anticommute(strings, z, n_qubits) + 2 * anticommute(strings, x, n_qubits)
        factors *= local[letters]
        anything |= letters > 0
    return np.where(anything, step.joint * factors, 1.0)


def _visible(steps: Sequence[Step], n_qubits: int) -> list[list[int]]:
    """Z-strings with which a string must commute to end as one of I and Z: at the outset, and in addition after each step.

    They commute with all axes that are still to come.
    """
    visible: list[list[int]] = [[] for _ in range(len(steps) + 1)]
    span = LinearSpan()
    for number in range(len(steps) - 1, -1, -1):
        step = steps[number]
        if isinstance(step, SplitStep) and (rest := span.reduce(x_part(step.axis, n_qubits))):
            visible[number + 1].append(span.dual(rest.bit_length() - 1) << n_qubits)
            span.add(rest)
    visible[0] = [mask << n_qubits for q in range(n_qubits) if (mask := span.dual(q))]
    return visible
