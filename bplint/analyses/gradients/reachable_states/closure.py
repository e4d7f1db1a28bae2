"""Which basis states a circuit can reach at all, grown in time order, and the pairs of them that each step turns.

The strings of a generator group with one x-part are a *class*. A class takes |b> to h_b |b + x>,
h_b = Σ a_j i^{|x ∧ z_j|} (-1)^{z_j·b}, and turns the pair (b, b + x) by the angle times |h_b|; where h_b = 0 it does nothing.
With x = 0 it is a phase exp(-iψ h_b/2). The classes of a group commute, so one after the other they are the group. States
that no step before can have reached have amplitude zero at all angles.

A step that turns no pair of states reached so far, or gives all of them the same phase, is dead: exactly, at every angle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.gradients.bit_rows import Keys, Table, Words, odd, packed
from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates, Shift
from bplint.ir.circuit import Index

if TYPE_CHECKING:
    import numpy.typing as npt

STATES = 1 << 17
"""Basis states, at most."""

MEMORY = 1 << 29
"""Bytes of all pairs, at most."""

_PAIR = 60
"""Bytes of one pair or of one phase."""

_NOTHING = 1e-12
"""An h_b this small beside Σ |a_j| is zero."""

Complex: TypeAlias = "npt.NDArray[np.complex128]"

Amplitudes: TypeAlias = "npt.NDArray[Any]"
"""complex128, or float64 where all amplitudes are real."""


class ClassStep(NamedTuple):
    """One class of ``group``: the first ``pairs`` pairs of class ``number`` turn, or the first ``states`` states get a phase.

    After the step ``states`` states can have an amplitude.
    """

    group: int
    number: int
    pairs: int
    states: int


class StatePairs(NamedTuple):
    """The pairs that a class turns: states ``first`` < ``second``, ascending in ``first``, and h of the first.

    A diagonal class has no ``second``: h of each state.
    """

    first: Index
    second: Index | None
    h: Complex


class ReachedStates(NamedTuple):
    """``states`` in the order in which they were reached, |0…0> first, and the steps that are not dead, in time order."""

    coordinates: Coordinates
    states: Table
    classes: tuple[StatePairs, ...]
    steps: tuple[ClassStep, ...]
    dead: frozenset[int]
    """Groups all of whose classes are dead."""

    @property
    def work(self) -> int:
        """Amplitudes that one sample touches."""
        return sum(2 * step.pairs or step.states for step in self.steps)


def reached(
    groups: Sequence[RotationGroup], coordinates: Coordinates, *, limit: int = STATES, memory: int = MEMORY
) -> ReachedStates | None:
    """What the groups reach in time order; None beyond ``limit`` states or ``memory`` bytes of pairs."""
    keys = Keys(coordinates.rank)
    states = Table([0], keys)
    numbers: dict[tuple[tuple[Shift, float], ...], int] = {}
    growing: list[_Class] = []
    steps, alive, kept = [], set(), 0
    for k, group in enumerate(groups):
        for members in _classes(group, coordinates):
            number = numbers.setdefault(members, len(growing))
            if number == len(growing):
                growing.append(_Class(members, keys))
            own = growing[number]
            before = len(states)
            kept -= own.bytes
            pairs = own.grow(states)
            kept += own.bytes
            if len(states) > limit or kept > memory:
                return None
            if pairs or (own.is_diagonal and not own.is_constant(before)):
                steps.append(ClassStep(k, number, pairs, len(states)))
                alive.add(k)
    dead = frozenset(range(len(groups))) - alive
    return ReachedStates(coordinates, states, tuple(c.closed() for c in growing), tuple(steps), dead)


def _classes(group: RotationGroup, coordinates: Coordinates) -> Iterator[tuple[tuple[Shift, float], ...]]:
    by_target: dict[int, list[tuple[Shift, float]]] = defaultdict(list)
    for axis, coefficient in group.generator.items():
        shift = coordinates.shift(axis)
        if shift is None:
            raise ValueError("want coordinates made from all axes")
        by_target[shift.x].append((shift, coefficient))
    for _, members in sorted(by_target.items()):
        yield tuple(sorted(members))


class _Class:
    """A class while states are being added."""

    def __init__(self, members: Sequence[tuple[Shift, float]], keys: Keys) -> None:
        x = members[0][0].x
        self.is_diagonal = not x
        self._x, self._key = packed([x], keys.width), np.uint64(keys.of(x))
        self._z = packed([shift.z for shift, _ in members], keys.width)
        self._a: Complex = np.array([a * 1j**shift.power for shift, a in members])
        self._floor = _NOTHING * float(np.abs(self._a).sum())
        self._seen = 0
        self._first: list[Index] = []
        self._second: list[Index] = []
        self._h: list[Complex] = []
        self._count = 0
        self._varies = False

    @property
    def bytes(self) -> int:
        return _PAIR * self._count

    def grow(self, states: Table) -> int:
        """Look at the states that are new since the last time, add what they turn to; the number of pairs by now."""
        known, self._seen = self._seen, len(states)
        if known == self._seen:
            return 0 if self.is_diagonal else self._count
        words, keys = states.words[known:], states.keys[known:]
        h = self._values(words)
        if self.is_diagonal:
            self._h.append(h)
            self._count = self._seen
            return 0
        turned = np.flatnonzero(np.abs(h) > self._floor)
        first = known + turned
        second = states.add(words[turned] ^ self._x, keys[turned] ^ self._key)
        kept = second > first
        self._first.append(first[kept])
        self._second.append(second[kept])
        self._h.append(h[turned[kept]])
        self._count += int(kept.sum())
        return self._count

    def is_constant(self, states: int) -> bool:
        """Whether a diagonal class has one value on the first ``states`` states, which are no fewer than the last time."""
        if not self._varies:
            self._h = [np.concatenate(self._h)]
            self._varies = bool(np.ptp(self._h[0].real[:states]) > self._floor)
        return not self._varies

    def closed(self) -> StatePairs:
        h = np.concatenate(self._h) if self._h else np.zeros(0, dtype=np.complex128)
        if self.is_diagonal:
            return StatePairs(np.arange(len(h)), None, h.real.astype(np.complex128))
        return StatePairs(_joined(self._first), _joined(self._second), h)

    def _values(self, words: Words) -> Complex:
        """h of each state."""
        h = np.zeros(len(words), dtype=np.complex128)
        for z, a in zip(self._z, self._a.tolist(), strict=True):
            h += np.where(odd(words, z), -a, a)
        return h


def _joined(parts: Sequence[Index]) -> Index:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.intp)
