"""The operator module of a loss: the strings reached from O going backwards, and what each event does to them.

The strings that one string reaches by the event's axes are a *block*, of 2^rank strings, and A is block diagonal. Strings are
numbered as they are found, so what lies behind an event is a prefix of what lies in front of it. The identity is the first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.operator_module.action import (
    LIMIT,
    OVERHEAD,
    PRICE,
    Action,
    Module,
    block_action,
    solvable,
)
from bplint.analyses.gradients.operator_module.events import Event, events_of, reach, terms_of
from bplint.analyses.gradients.problem import Problem, Rotation
from bplint.ir.circuit import Floats
from bplint.ir.pauli import LinearSpan, flipped, multiply, x_part

METHOD = "operator-module"

_FOUND = 1 << 11
"""Operations that a string costs at an event until what the event does to it is known."""


_TOGETHER = 64
"""Rotations that are gone through before the events are counted."""


def on_strings(
    problem: Problem, turns: Sequence[Rotation], limit: int = LIMIT, work: float = math.inf
) -> Module | Declined:
    """The module of a problem with these rotations, of at most ``limit`` strings; half of the work is for making it."""
    loss, n = problem.loss, problem.circuit.n_qubits
    too_many = Declined(f"the observable reaches more than {limit:,} strings")
    if len(loss.terms) >= limit or len(loss.projector) >= limit.bit_length():
        return too_many
    terms, constant = terms_of(problem.frame, loss)
    strings = [0, *terms]
    met: list[bool] = []
    moved: set[int] = set()
    for last in range(len(turns), 0, -_TOGETHER):
        part = turns[max(last - _TOGETHER, 0) : last]
        some = reach(strings, [[r.axis] for r in part], n, limit)
        if some is None:
            return too_many
        met = [*some, *met]
        moved.update(p for r in compress(part, some) for p, _ in r.terms[:1])
        # No two parameters share an event; half of them may cancel.
        if last > _TOGETHER and len(moved) / 2 > (most := work / (PRICE * OVERHEAD)):
            return Declined(f"more than {most:,.0f} events are too many")
    events = events_of(problem, list(compress(turns, met)))
    too_long = Declined(f"{len(strings):,} strings and {len(events):,} events are too many")
    if len(events) * (_FOUND * len(strings) + PRICE * OVERHEAD) > work:
        return too_long
    strings = [0, *terms]  # anew, in the order of events
    actions = string_actions(events, strings, n, work / 2)
    if actions is None:
        return too_long
    return Module(
        method=METHOD,
        events=events,
        actions=actions[::-1],
        start=np.array([float(x_part(s, n) == 0) for s in strings]),
        end=np.array([1.0, *terms.values()]),
        offset=constant if loss.projector else 0.0,
        size=math.fsum(map(abs, terms.values())),
    )


def string_actions(
    events: Sequence[Event], strings: list[int], n_qubits: int, work: float = math.inf
) -> list[Action] | None:
    """What each event does to the strings, the last event first; those reached are appended. None beyond this work."""
    actions: list[Action] = []
    for event in reversed(events):
        reach(strings, [event.generator], n_qubits, math.inf)
        solved = solvable(_blocks(event, strings, n_qubits), work)
        if solved is None:
            return None
        blocks, work = solved
        actions.append(block_action(event.phase, len(strings), blocks))
    return actions


def _blocks(event: Event, strings: Sequence[int], n: int) -> Iterator[tuple[list[int], Floats]]:
    axes = [(axis, flipped(axis, n), c) for axis, c in event.generator.items()]
    position = {s: i for i, s in enumerate(strings)}
    seen = [False] * len(strings)
    for i, string in enumerate(strings):
        if seen[i]:
            continue
        active = [(axis, c) for axis, turned, c in axes if (string & turned).bit_count() & 1]
        if not active:
            continue
        members = _block(string, [axis for axis, _ in active])
        places = [position[s] for s in members]
        for place in places:
            seen[place] = True
        yield places, _generator(members, active, n)


def _block(string: int, axes: Iterable[int]) -> list[int]:
    """The string times all products of the axes."""
    members, span = [string], LinearSpan()
    for axis in axes:
        if span.add(axis):
            members += [s ^ axis for s in members]
    return members


def _generator(members: Sequence[int], axes: Iterable[tuple[int, float]], n: int) -> Floats:
    """A on one block: Q goes to Σ coefficient · iPQ."""
    place = {s: i for i, s in enumerate(members)}
    matrix = np.zeros((len(members), len(members)))
    for axis, coefficient in axes:
        for column, string in enumerate(members):
            image, k = multiply(axis, string, n)
            matrix[place[image], column] += coefficient if k == 3 else -coefficient
    return matrix
