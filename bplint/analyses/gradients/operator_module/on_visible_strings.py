"""The module of the strings that count: those between the loss and what |0…0> sees, in whole blocks of each event.

A block, the strings that the axes of an event join, is kept if it has a string that the start can see behind the events before
it, and one that the loss can have become before the events after it. What is in no block at an event is left alone there: on one
of both sides it is zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from bplint.analyses.gradients.bit_rows import KeyCollision
from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.operator_module.action import Action, Module, block_action
from bplint.analyses.gradients.operator_module.events import Event, terms_of
from bplint.analyses.gradients.operator_module.on_strings import METHOD
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.visible_strings.search import StringTurn, VisibleStrings, search
from bplint.ir.circuit import Flags, Floats, Index

STRINGS = 1 << 15
"""Strings that are searched, at most."""

_PROJECTED = 10
"""Qubits of a projector that is written out as a sum, at most."""


def on_visible_strings(problem: Problem, events: Sequence[Event], limit: int, work: int) -> Module | None:
    """The module of these events; None beyond ``limit`` coordinates, or this work of the search."""
    if len(problem.loss.projector) > _PROJECTED:
        return None
    terms, constant = terms_of(problem.frame, problem.loss)
    # Each event twice: once all strings are there, its second pass backwards has all pairs of them.
    groups = [RotationGroup((), 0.0, event.generator) for event in events for _ in range(2)]
    pulled = tuple(terms.items())
    try:
        visible = search(pulled, groups, problem.frame.n_qubits, limit=STRINGS, work=work, whole=True)
    except KeyCollision:
        return None
    return None if visible is None else _module(events, visible, limit, constant if problem.loss.projector else 0.0)


def _module(events: Sequence[Event], visible: VisibleStrings, limit: int, offset: float) -> Module | None:
    passes = groupby(visible.turns, lambda turn: turn.group)
    steps = [_Blocks(number // 2, list(turns), len(visible.loss)) for number, turns in passes if not number % 2]
    seen, met = [visible.seen != 0], [visible.loss != 0]
    for step in steps:
        seen.append(step.spread(seen[-1]))
    for step in reversed(steps):
        met.append(step.spread(met[-1]))
    met.reverse()
    kept = [step.joined & s & m for step, s, m in zip(steps, seen[1:], met, strict=False)]
    used = np.logical_or.reduce([seen[0] & met[-1], *kept])
    places = np.flatnonzero(used)
    if 1 + len(places) > limit:
        return None
    number = np.zeros(len(used), dtype=np.intp)
    number[places] = 1 + np.arange(len(places))
    actions: list[Action] = []
    alive = []
    for step, here in zip(steps, kept, strict=True):
        if here.any():
            event = events[step.number]
            alive.append(event)
            actions.append(block_action(event.phase, 1 + len(places), step.generators(here, number)))
    return Module(
        method=METHOD,
        events=alive,
        actions=actions,
        start=np.concatenate([np.ones(1), visible.seen[places]]),
        end=np.concatenate([np.ones(1), visible.loss[places]]),
        offset=offset,
        size=math.fsum(np.abs(visible.loss[places]).tolist()),
    )


class _Blocks:
    """The blocks of event ``number``: strings with one ``label``, of those that are ``joined`` with any."""

    def __init__(self, number: int, turns: Sequence[StringTurn], strings: int) -> None:
        self.number = number
        self._turns = turns
        self.joined: Flags = np.zeros(strings, dtype=bool)
        self.label: Index = np.arange(strings)
        before: Index = self.label - 1
        while not np.array_equal(before, self.label):
            before = self.label.copy()
            for turn in turns:
                lower = np.minimum(self.label[turn.first], self.label[turn.second])
                self.label[turn.first] = self.label[turn.second] = lower
        for turn in turns:
            self.joined[turn.first] = self.joined[turn.second] = True

    def spread(self, marks: Flags) -> Flags:
        """The marks, and the blocks that have one."""
        marked = np.zeros(len(marks), dtype=bool)
        marked[self.label[marks]] = True
        return np.asarray(marks | (self.joined & marked[self.label]))

    def generators(self, kept: Flags, number: Index) -> Iterator[tuple[list[int], Floats]]:
        """Of each block that is ``kept``: its strings, by their ``number``, and what the event's generator does to them."""
        strings = np.flatnonzero(kept)
        strings = strings[np.argsort(self.label[strings], kind="stable")]
        starts = np.flatnonzero(np.diff(self.label[strings], prepend=-1))
        sizes = np.diff(starts, append=len(strings))
        block = np.zeros(len(kept), dtype=np.intp)
        inside = np.zeros(len(kept), dtype=np.intp)
        block[strings] = np.repeat(np.arange(len(starts)), sizes)
        inside[strings] = np.arange(len(strings)) - np.repeat(starts, sizes)
        matrices = [np.zeros((size, size)) for size in sizes.tolist()]
        for turn in self._turns:
            here = kept[turn.first]
            for first, second in zip(turn.first[here].tolist(), turn.second[here].tolist(), strict=True):
                matrix, i, j = matrices[block[first]], inside[first], inside[second]
                matrix[j, i] += turn.coefficient
                matrix[i, j] -= turn.coefficient
        for start, size, matrix in zip(starts.tolist(), sizes.tolist(), matrices, strict=True):
            yield number[strings[start : start + size]].tolist(), matrix
