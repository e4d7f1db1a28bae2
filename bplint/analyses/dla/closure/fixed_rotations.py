"""Rotations by fixed angles between the generators, and the generators as seen from the start, through these.

A generator G behind a fixed rotation R is R† G R from the start: each string P that does not commute with the axis A becomes
cos φ · P + sin φ · iAP. An angle θ + c of a trained rotation is a fixed rotation by c as well, unless θ can be shifted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from bplint.ir.circuit import Circuit, Role, Spelling
from bplint.ir.frame import Frame, Turning
from bplint.ir.pauli import Number, PauliSum, anticommute, multiply


class FixedTurn(NamedTuple):
    """exp(-i · angle · P_axis / 2) at a place among the frame's rotations."""

    place: int
    axis: int
    angle: float


def fixed_turns(circuit: Circuit, frame: Frame, places: Iterable[int]) -> list[FixedTurn] | None:
    """The rotations at these places; None if the angle of one is not known."""
    turns = []
    for place in places:
        if frame.turning[place] is not Turning.FIXED or _terms(circuit, frame, place):
            return None
        turns.append(FixedTurn(place, frame.axes[place], _constant(circuit, frame, place)))
    return turns


def offset_turns(circuit: Circuit, frame: Frame) -> list[FixedTurn]:
    """What is left of the constants in trained angles when each parameter is shifted to absorb the first it meets."""
    trained = [p.role is Role.TRAINABLE for p in circuit.parameters]
    shift: dict[int, float] = {}
    turns = []
    for place, axis in enumerate(frame.axes):
        terms = [(p, c) for p, c in _terms(circuit, frame, place) if trained[p]]
        if not terms:
            continue
        angle = _constant(circuit, frame, place) - sum(c * shift.get(p, 0.0) for p, c in terms)
        unmet = next(((p, c) for p, c in terms if p not in shift), None)
        if unmet:
            parameter, coefficient = unmet
            shift[parameter] = angle / coefficient
            shift.update((p, 0.0) for p, _ in terms if p not in shift)
        elif abs(math.remainder(angle, 2 * math.pi)) > 1e-9:
            turns.append(FixedTurn(place, axis, angle))
    later = [axis for place, axis in enumerate(frame.axes) if turns and place > turns[0].place]
    return [turn for turn in turns if any(anticommute(turn.axis, axis, frame.n_qubits) for axis in later)]


def turned(circuit: Circuit, frame: Frame, turns: Sequence[FixedTurn], seed: int) -> list[FixedTurn]:
    """The ``turns``, and all trained rotations as well, at a random point where each parameter is a multiple of π/2."""
    random = np.random.Generator(np.random.PCG64(seed))
    point = random.integers(0, 4, len(circuit.parameters)) * math.pi / 2
    here = []
    for place, axis in enumerate(frame.axes):
        terms = _terms(circuit, frame, place)
        angle = sum(c * float(point[p]) for p, c in terms if circuit.parameters[p].role is Role.TRAINABLE)
        if abs(math.remainder(angle, 2 * math.pi)) > 1e-9:
            here.append(FixedTurn(place, axis, angle))
    return sorted([*turns, *here])


def seen_through(
    terms: PauliSum[Number],
    turns: Sequence[FixedTurn],
    sides: Callable[[float], tuple[Number, Number]],
    n_qubits: int,
    *,
    limit: int,
) -> PauliSum[Number] | None:
    """R_1† … R_k† G R_k … R_1 for G = Σ terms; ``sides`` gives an angle's cosine and sine. None beyond ``limit`` strings."""
    carried = terms
    for turn in reversed(turns):
        if not any(anticommute(turn.axis, string, n_qubits) for string in carried):
            continue
        cosine, sine = sides(turn.angle)
        turned: dict[int, Number] = {}
        for string, coefficient in carried.items():
            if not anticommute(turn.axis, string, n_qubits):
                turned[string] = turned.get(string, 0) + coefficient
                continue
            image, phase = multiply(turn.axis, string, n_qubits)  # i · i^phase, phase odd, is -1 or 1
            turned[string] = turned.get(string, 0) + cosine * coefficient
            turned[image] = turned.get(image, 0) + (sine if phase == 3 else -sine) * coefficient
        carried = turned
        if len(carried) > limit:
            return None
    return carried


def _terms(circuit: Circuit, frame: Frame, place: int) -> list[tuple[int, float]]:
    """The parameters in an angle, with the frame's sign."""
    sign = -1.0 if frame.negative[place] else 1.0
    return [(p, sign * c) for p, c in circuit.operations[frame.operations[place]].terms]


def _constant(circuit: Circuit, frame: Frame, place: int) -> float:
    """The constant in an angle; decimals within 1e-5 of a multiple of π/64 are taken for it, as exporters print six digits."""
    operation = frame.operations[place]
    constant = circuit.operations[operation].constant
    angle = -constant if frame.negative[place] else constant
    if circuit.angles.columns.spelling[circuit.columns.angle[operation]] != Spelling.DECIMAL:
        return angle
    nearest = round(angle * 64 / math.pi) * math.pi / 64
    return nearest if abs(angle - nearest) <= 1e-5 else angle
