"""Expectations in the states of rows that are written out, on the basis states that they can reach.

Strings are taken in *groups* that feel nearly the same rotations: a rotation is felt if it anticommutes with one of the strings
or with one that is felt later. Two groups become one where it takes no more work than both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.bit_rows import Keys, odd, packed
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.groups import RotationGroup, groups
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.reachable_states.closure import Amplitudes, ReachedStates, reached
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates, Shift
from bplint.analyses.gradients.reachable_states.turning import Phases, classes, exponentials, gauge, turn
from bplint.analyses.gradients.rows.turns import RowTurn
from bplint.ir.circuit import Floats, Index
from bplint.ir.pauli import Anticommutation, LinearSpan, ones, qubits, x_part
from bplint.ir.rows import Rows, data_columns

STATES = 1 << 20
"""Basis states, at most."""

BATCH = 1 << 18
"""Amplitudes at a time."""

PRICE = 16
"""Operations of an amplitude each time a step touches it."""

SEEN = 8
"""Operations of an amplitude for all strings with one x-part; each string takes one more."""


class _Felt(NamedTuple):
    """Strings, numbered, and the rotations that they feel, as a mask."""

    strings: tuple[int, ...]
    turns: int


def written_expectations(
    problem: Problem, rows: Rows, turns: Sequence[RowTurn], strings: Sequence[int], effort: Effort
) -> Floats | None:
    """<P> in the states that these rotations make of |0…0> in each row, float64 (strings, rows); None if that is too much."""
    n = problem.frame.n_qubits
    values = np.zeros((len(strings), len(rows)))
    work = effort.work
    for felt in _grouped(turns, strings, n):
        chosen = [turns[k] for k in ones(felt.turns)]
        own = groups([t.rotation for t in chosen], n)
        coordinates = Coordinates([axis for group in own for axis in group.generator], n)
        states = reached(own, coordinates, limit=min(STATES, work // (PRICE * len(rows)) + 1))
        if states is None:
            return None
        seen = [strings[k] for k in felt.strings]
        reading = (SEEN * len({x_part(s, n) for s in seen}) + len(seen)) * len(states.states)
        work -= len(rows) * (PRICE * states.work + reading)
        if work < 0:
            return None
        values[list(felt.strings)] = _read(problem, rows, own, states, seen, effort)
    return values


def written_states(
    problem: Problem, rows: Rows, turns: Sequence[RowTurn], most: int, amplitudes: int, effort: Effort
) -> Amplitudes | None:
    """The states that these rotations make of |0…0>, complex128 or float64 (basis states, rows), in a basis of their own.

    Of the first rows only, if all take more than so many ``amplitudes``; None if a state takes more than ``most``, or all more
    work than is allowed.
    """
    n = problem.frame.n_qubits
    own = groups([turn.rotation for turn in turns], n)
    coordinates = Coordinates([axis for group in own for axis in group.generator], n)
    states = reached(own, coordinates, limit=most)
    if states is None:
        return None
    count = min(len(rows), amplitudes // len(states.states))
    if PRICE * states.work * count > effort.work:
        return None
    evolution = _Evolution(problem, rows, own, states)
    size = max(BATCH // len(states.states), 1)
    parts = [evolution.states(first, min(first + size, count)) for first in range(0, count, size)]
    return np.concatenate(parts, axis=1)


class _Evolution:
    """The rotations of an embedding made ready to turn states, with phases of the basis states in ``phases``."""

    def __init__(self, problem: Problem, rows: Rows, own: Sequence[RotationGroup], states: ReachedStates) -> None:
        columns = data_columns(problem.circuit)
        self._angles = np.array([np.full(len(rows), group.offset) for group in own]).reshape(len(own), len(rows))
        for row, group in zip(self._angles, own, strict=True):
            for parameter, coefficient in group.terms:
                row += coefficient * rows.values[:, columns[parameter]]
        self.phases = gauge(states)
        self._classes, self._real = classes(states, self.phases)
        self._found = states

    def states(self, first: int, last: int) -> Amplitudes:
        """Those of rows number ``first`` to ``last`` - 1, (basis states, rows)."""
        angles = self._angles[:, first:last]
        size = len(self._found.states), angles.shape[1]
        state: Amplitudes = np.zeros(size, dtype=np.float64 if self._real else np.complex128)
        state[0] = 1.0
        for group, number, pairs, states in self._found.steps:
            c = self._classes[number]
            if isinstance(c, Phases):
                state[:states] *= exponentials(c, angles[group] / -2, states)
            else:
                turn(state, c, pairs, angles[group])
        return state


def _read(
    problem: Problem,
    rows: Rows,
    own: Sequence[RotationGroup],
    states: ReachedStates,
    strings: Sequence[int],
    effort: Effort,
) -> Floats:
    """The expectations, some rows at a time."""
    evolution = _Evolution(problem, rows, own, states)
    readers = _readers(strings, states, evolution.phases)
    values = np.zeros((len(strings), len(rows)))
    size = max(BATCH // len(states.states), 1)
    for first in range(0, len(rows), size):
        effort.clock.check()
        state = evolution.states(first, first + size)
        conjugate = state.conj()
        for reader in readers:
            values[reader.places, first : first + size] = reader.read(state, conjugate)
    return values


class _StateReader(NamedTuple):
    """Strings with one x-part: Σ_b sign_b phase_b ψ*_target ψ_source over basis states b, of which each pair that the x-part joins
    is seen once: the other way round it adds the conjugate.

    States of which the strings have the same signs stand together, and begin at ``starts``; ``signs`` are complex128 (strings,
    starts), with the power of i of each string and 2 for a pair; ``phases`` are None where all are 1.
    """

    places: list[int]
    source: Index
    target: Index
    phases: Amplitudes | None
    starts: Index
    signs: Amplitudes

    def read(self, state: Amplitudes, conjugate: Amplitudes) -> Floats:
        product = conjugate[self.target]
        product *= state[self.source]
        if self.phases is not None:
            product = product * self.phases[:, None]
        sums = np.add.reduceat(product, self.starts, axis=0)
        return np.asarray((self.signs @ sums).real)


def _readers(strings: Sequence[int], reached: ReachedStates, phases: Amplitudes) -> list[_StateReader]:
    """Of all strings but those that lead out of the states: they are zero."""
    by_x: dict[int, list[tuple[int, Shift]]] = defaultdict(list)
    for place, string in enumerate(strings):
        shift = reached.coordinates.shift(string)
        if shift is not None:
            by_x[shift.x].append((place, shift))
    keys, states, readers = Keys(reached.coordinates.rank), reached.states, []
    for x, members in by_x.items():
        target = states.find(states.words ^ packed([x], keys.width), states.keys ^ np.uint64(keys.of(x)))
        source = np.flatnonzero(target > np.arange(len(target)) if x else target >= 0)
        if not len(source):
            continue
        span = LinearSpan(shift.z for _, shift in members)
        code = np.zeros(len(source), dtype=np.int64)
        for bit, mask in enumerate(span):
            code |= odd(states.words[source], packed([mask], keys.width)).astype(np.int64) << bit
        order = np.argsort(code, kind="stable")
        source, code = source[order], code[order]
        starts = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]]))
        words = states.words[source[starts]]
        once = 2 if x else 1
        signs = [
            1j**shift.power * np.where(odd(words, packed([shift.z], keys.width)), -once, once) for _, shift in members
        ]
        gauged = phases[target[source]].conj() * phases[source]
        readers.append(
            _StateReader(
                places=[place for place, _ in members],
                source=source,
                target=target[source],
                phases=None if (gauged == 1).all() else gauged if gauged.imag.any() else gauged.real.copy(),
                starts=starts,
                signs=np.array(signs),
            )
        )
    return readers


def written_work(turns: Sequence[RowTurn], strings: Sequence[int], n: int) -> int:
    """Operations that the expectations of these strings take in one row, at most."""
    total = 0
    for group in _grouped(turns, strings, n):
        x_parts = len({x_part(strings[k], n) for k in group.strings})
        total += (PRICE * group.turns.bit_count() + SEEN * x_parts + len(group.strings)) << _rank(turns, group.turns, n)
    return total


def _grouped(turns: Sequence[RowTurn], strings: Sequence[int], n: int) -> list[_Felt]:
    """The strings in groups, those with the most rotations first."""
    felt = [_felt(turns, q, n) for q in range(n)]
    by_mask: dict[int, list[int]] = defaultdict(list)
    for place, string in enumerate(strings):
        by_mask[reduce(or_, (felt[q] for q in qubits(string, n)), 0)].append(place)
    result: list[_Felt] = []
    for mask, places in sorted(by_mask.items(), key=lambda item: (-item[0].bit_count(), item[0])):
        for k, old in enumerate(result):
            both = old.turns | mask
            if both == old.turns or _size(turns, both, n) <= _size(turns, old.turns, n) + _size(turns, mask, n):
                result[k] = _Felt((*old.strings, *places), both)
                break
        else:
            result.append(_Felt(tuple(places), mask))
    return result


def _felt(turns: Sequence[RowTurn], qubit: int, n: int) -> int:
    """The rotations that a string on this qubit can feel, whatever its letter. A string on more feels what each of them does."""
    known = Anticommutation(n, [1 << qubit, 1 << qubit + n])
    mask = 0
    for k in range(len(turns) - 1, -1, -1):
        if known.row(turns[k].axis):
            known.add(turns[k].axis)
            mask |= 1 << k
    return mask


def _size(turns: Sequence[RowTurn], mask: int, n: int) -> int:
    """Amplitudes that these rotations touch, at most."""
    return mask.bit_count() << _rank(turns, mask, n)


def _rank(turns: Sequence[RowTurn], mask: int, n: int) -> int:
    """Bits of the basis states that these rotations reach."""
    return len(LinearSpan(x_part(turns[k].axis, n) for k in ones(mask)))
