"""The operator module of a loss: the strings reached from O going backwards, and what each event does to them.

Rotations of one angle that commute with each other and with all between them are one *event*. It takes the coordinates o
of O to exp(θA) o, A real and antisymmetric. The strings that one string reaches by the event's axes are a *block*, of
2^rank strings; A and its eigenvectors are block diagonal. Strings are numbered as they are found, so what lies behind an
event is a prefix of what lies in front of it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.ir.circuit import Floats, Index
from bplint.ir.frame import Frame
from bplint.ir.observable import Observable
from bplint.ir.pauli import LinearSpan, flipped, multiply

Complex: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.complex128]]"

Phase: TypeAlias = tuple[int, int]
"""What turns an event: a parameter, and the class of its scales (:func:`~bplint.analyses.gradients.problem.phases`)."""

_LOOKBACK = 1_000
"""Events over which a rotation may be moved to meet its like."""

_CANCELLED = 1e-12
"""A sum of coefficients this small beside the largest is zero."""

_EQUAL = 1e-9
"""Frequencies this close, beside the largest, are equal."""


class Event(NamedTuple):
    """exp(-iθG/2), G = Σ coefficient · P_axis over commuting axes."""

    phase: Phase
    generator: Mapping[int, float]


class Action(NamedTuple):
    """What one event does to the first ``size`` strings: exp(θA), A = U diag(iω) U†.

    ``blocks`` are pairs (strings, eigenvectors), shapes (b, s) and (b, s, s); strings in none are left alone. Coordinate i
    of the eigenbasis has frequency ``frequencies[code[i]]``.
    """

    phase: Phase
    size: int
    blocks: tuple[tuple[Index, Complex], ...]
    frequencies: Floats
    code: Index

    def analysed(self, matrix: Floats) -> Complex:
        """U† M U of a real matrix on the first ``size`` strings, or fewer: then the others are zero."""
        full = np.zeros((self.size, self.size), dtype=np.complex128)
        full[: len(matrix), : len(matrix)] = matrix[: self.size, : self.size]
        for strings, vectors in self.blocks:
            full[strings] = vectors.conj().swapaxes(1, 2) @ full[strings]
        full = full.conj().T.copy()
        for strings, vectors in self.blocks:
            full[strings] = vectors.conj().swapaxes(1, 2) @ full[strings]
        return full.conj().T

    def composed(self, matrix: Complex) -> Floats:
        """U M U†, the inverse of :meth:`analysed`."""
        full = matrix.copy()
        for strings, vectors in self.blocks:
            full[strings] = vectors @ full[strings]
        full = full.conj().T.copy()
        for strings, vectors in self.blocks:
            full[strings] = vectors @ full[strings]
        return full.real.T.copy()


def terms_of(frame: Frame, observable: Observable) -> tuple[dict[int, float], float]:
    """Coefficients by string before the circuit, and the constant. A projector on m qubits has 2^m - 1 strings."""
    whole = observable.written_out()
    return dict(frame.pull_sum(whole.terms)), whole.constant


def reach(
    strings: list[int], axes: Sequence[Iterable[int]], n_qubits: int, limit: float = math.inf
) -> list[bool] | None:
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


def merged(pieces: Iterable[tuple[Phase, int, float]], n_qubits: int) -> list[Event]:
    """Events from (phase, axis, coefficient), in order: each joins the event of its phase that it can be moved next to."""
    events: list[tuple[Phase, dict[int, float]]] = []
    for phase, axis, coefficient in pieces:
        turned = flipped(axis, n_qubits)
        for known, generator in reversed(events[-_LOOKBACK:]):
            if any((turned & other).bit_count() & 1 for other in generator):
                events.append((phase, {axis: coefficient}))
                break
            if known == phase:
                generator[axis] = generator.get(axis, 0.0) + coefficient
                break
        else:
            events.append((phase, {axis: coefficient}))
    kept = ((phase, _without_zeros(generator)) for phase, generator in events)
    return [Event(phase, generator) for phase, generator in kept if generator]


def actions(events: Sequence[Event], strings: list[int], n_qubits: int) -> Iterator[Action]:
    """What each event does to the strings, the last event first; those reached are appended."""
    for event in reversed(events):
        reach(strings, [event.generator], n_qubits)
        yield _action(event, strings, n_qubits)


def _without_zeros(generator: dict[int, float]) -> dict[int, float]:
    floor = _CANCELLED * max(map(abs, generator.values()))
    return {axis: c for axis, c in generator.items() if axis and abs(c) > floor}


def _action(event: Event, strings: Sequence[int], n: int) -> Action:
    axes = [(axis, flipped(axis, n), c) for axis, c in event.generator.items()]
    position = {s: i for i, s in enumerate(strings)}
    seen = [False] * len(strings)
    by_size: dict[int, tuple[list[list[int]], list[Floats]]] = defaultdict(lambda: ([], []))
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
        blocks, generators = by_size[len(members)]
        blocks.append(places)
        generators.append(_generator(members, active, n))
    spectrum = np.zeros(len(strings))
    found: list[tuple[Index, Complex]] = []
    for places_, generators in by_size.values():
        values, vectors = np.linalg.eigh(-1j * np.array(generators))
        index = np.array(places_, dtype=np.intp)
        spectrum[index] = values
        found.append((index, vectors))
    frequencies, code = _distinct(spectrum)
    return Action(event.phase, len(strings), tuple(found), frequencies, code)


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


def _distinct(values: Floats) -> tuple[Floats, Index]:
    """Distinct values and the number of each value among them."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    step = np.diff(ordered) > _EQUAL * np.abs(values).max(initial=0.0)
    code = np.empty(len(values), dtype=np.intp)
    code[order] = np.concatenate([np.zeros(1, dtype=np.intp), np.cumsum(step)])
    return ordered[np.concatenate([np.ones(1, dtype=bool), step])], code
