"""The events of a circuit: rotations of one angle that commute with each other and with all between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from bplint.analyses.gradients.problem import Problem, Rotation, phases
from bplint.ir.frame import Frame
from bplint.ir.law import Law, Shape
from bplint.ir.observable import Observable
from bplint.ir.pauli import flipped

Phase: TypeAlias = tuple[int, int]
"""What turns an event: a parameter, and the class of its scales (:func:`~bplint.analyses.gradients.problem.phases`)."""

FIXED: Phase = (-1, 0)
"""Turns the offsets, by one radian: their generator carries the angle."""

_LOOKBACK = 1_000
"""Events over which a rotation may be moved to meet its like."""

_CANCELLED = 1e-12
"""A sum of coefficients this small beside the largest is zero."""


class Event(NamedTuple):
    """exp(-iθG/2), G = Σ coefficient · P_axis over commuting axes."""

    phase: Phase
    generator: Mapping[int, float]


def certainly(angle: float) -> Law:
    """The law of one certain angle."""
    return Law(Shape.NORMAL, 0.0, angle)


def laws_of(problem: Problem, events: Iterable[Event]) -> dict[Phase, Law]:
    """The law of each phase."""
    parameters, init = problem.circuit.parameters, problem.laws
    return {e.phase: init.law(parameters[e.phase[0]]) if e.phase != FIXED else certainly(1.0) for e in events}


def terms_of(frame: Frame, observable: Observable) -> tuple[dict[int, float], float]:
    """Coefficients by string before the circuit, and the constant. A projector on m qubits has 2^m - 1 strings."""
    whole = observable.written_out()
    return dict(frame.pull_sum(whole.terms)), whole.constant


def reach(strings: list[int], axes: Sequence[Iterable[int]], n_qubits: int, limit: float) -> list[bool] | None:
    """Append to ``strings`` what they become going backwards through groups of commuting axes, the last group first.

    Returns which groups do anything, or None if there would be more than ``limit`` strings.
    """
    known = set(strings)
    met = [False] * len(axes)
    for k in range(len(axes) - 1, -1, -1):
        for axis in axes[k]:
            turned = flipped(axis, n_qubits)
            active = [s for s in strings if (s & turned).bit_count() & 1]
            met[k] |= bool(active)
            fresh = [s ^ axis for s in active if s ^ axis not in known]
            known.update(fresh)
            strings += fresh
            if len(strings) > limit:
                return None
    return met


def events_of(problem: Problem, turns: Sequence[Rotation]) -> list[Event]:
    """The events of these rotations of a problem, in time order."""
    parameters, init = problem.circuit.parameters, problem.laws
    uses: dict[int, list[float]] = defaultdict(list)
    for rotation in turns:
        for parameter, coefficient in rotation.terms:
            uses[parameter].append(coefficient)
    uniform = {p for p in uses if init.law(parameters[p]).is_uniform}
    # Two angles without a common period are independent; three may still be related, as 1, √2 and 1 + √2 are.
    classes = {p: phases(uses[p]) for p in uniform}
    second = {p: split[1] for p, split in classes.items() if len(split) == 2}
    pieces = []
    for rotation in turns:
        hidden = any(p in uniform and len(uses[p]) == 1 for p, _ in rotation.terms)
        if rotation.offset and not hidden:
            pieces.append((FIXED, rotation.axis, rotation.offset))
        pieces += [((p, int(abs(c) in second.get(p, ()))), rotation.axis, c) for p, c in rotation.terms]
    return merged(pieces, problem.circuit.n_qubits)


def merged(pieces: Iterable[tuple[Phase, int, float]], n_qubits: int) -> list[Event]:
    """Events from (phase, axis, coefficient), in order: each joins the event of its phase that it can be moved next to."""
    events: list[tuple[Phase, dict[int, float]]] = []
    unions: list[int] = []
    for phase, axis, coefficient in pieces:
        turned = flipped(axis, n_qubits)
        for at in range(len(events) - 1, max(len(events) - 1 - _LOOKBACK, -1), -1):
            known, generator = events[at]
            # What shares no bit commutes, as Z with all of Z.
            if turned & unions[at] and any((turned & other).bit_count() & 1 for other in generator):
                place = len(events)
                break
            if known == phase:
                place = at
                break
        else:
            place = len(events)
        if place == len(events):
            events.append((phase, {}))
            unions.append(0)
        generator = events[place][1]
        generator[axis] = generator.get(axis, 0.0) + coefficient
        unions[place] |= axis
    kept = ((phase, _without_zeros(generator)) for phase, generator in events)
    return [Event(phase, generator) for phase, generator in kept if generator]


def _without_zeros(generator: dict[int, float]) -> dict[int, float]:
    floor = _CANCELLED * max(map(abs, generator.values()))
    return {axis: c for axis, c in generator.items() if axis and abs(c) > floor}
