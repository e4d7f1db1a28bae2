"""Generator groups: what one trainable parameter generates.

A parameter is not a rotation. Rotations of one θ that commute with each other and with everything that stands between them
are one generator Σ a P; QAOA's ΣZZ is one, not n. A θ that returns after something it does not commute with is *shared*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bplint.ir.circuit import Circuit, Role
from bplint.ir.frame import Frame, Turning
from bplint.ir.pauli import PauliTerms, flipped

CHECK_LIMIT = 2_000_000
"""Commutation checks spent on merging rotations into groups; beyond it rotations stay apart, which is a sound upper bound."""


class Group(NamedTuple):
    """One generator Σ coefficient · P_string of one parameter. ``rotations`` index into the frame's rotations, and so do
    ``places``, the first one of each term: they may stand apart, with what commutes with some of the others between.
    """

    parameter: int
    terms: PauliTerms
    rotations: tuple[int, ...]
    places: tuple[int, ...]


class Generators(NamedTuple):
    """All generators of the trainable parameters, in circuit order; ``shared`` are parameters with several groups."""

    groups: tuple[Group, ...]
    shared: tuple[int, ...]

    @property
    def tied(self) -> tuple[int, ...]:
        """Parameters whose generator is a sum of several strings."""
        return tuple(dict.fromkeys(g.parameter for g in self.groups if len(g.terms) > 1))


def generators(circuit: Circuit, frame: Frame) -> Generators:
    """The generator groups of a circuit in the frame of its start. Data and fixed parameters generate nothing.

    Rotations are taken in the order of the circuit. Where that leaves some parameter shared and all rotations are trained,
    they are taken in layers of rotations that commute too (the normal form of Cartier and Foata): RY, RZ on one qubit
    after the other becomes all RY, then all RZ.
    """
    uses: dict[int, list[tuple[int, float]]] = defaultdict(list)
    trainable = [p.role is Role.TRAINABLE for p in circuit.parameters]
    for i, number in enumerate(frame.operations):
        if frame.turning[i] is not Turning.FREE:
            continue
        for parameter, coefficient in circuit.operations[number].terms:
            if trainable[parameter]:
                uses[parameter].append((i, -coefficient if frame.negative[i] else coefficient))
    grouped = _grouped(frame, uses, range(len(frame.axes)))
    if not grouped.shared:
        return grouped
    if len({i for rotations in uses.values() for i, _ in rotations}) == len(frame.axes) and (depths := _depths(frame)):
        layered = _grouped(frame, uses, sorted(range(len(depths)), key=depths.__getitem__))
        grouped = min(grouped, layered, key=lambda g: len(g.groups))
    return grouped


def _depths(frame: Frame) -> list[int]:
    """Of each rotation, the length of the longest chain before it of which no two neighbours commute; empty if too many."""
    if len(frame.axes) ** 2 > 2 * CHECK_LIMIT:
        return []
    layers: list[list[int]] = []
    depths = []
    for axis in frame.axes:
        turned = flipped(axis, frame.n_qubits)
        depth = next((d for d in range(len(layers), 0, -1) if _meets(turned, layers[d - 1])), 0)
        if depth == len(layers):
            layers.append([])
        layers[depth].append(axis)
        depths.append(depth)
    return depths


def _grouped(frame: Frame, uses: Mapping[int, list[tuple[int, float]]], order: Sequence[int]) -> Generators:
    """The groups of an order of the rotations that is one of the circuit."""
    checks = CHECK_LIMIT
    axes, place = [frame.axes[i] for i in order], {i: k for k, i in enumerate(order)}
    groups: list[Group] = []
    shared: list[int] = []
    for parameter, rotations in uses.items():
        placed = sorted((place[i], coefficient) for i, coefficient in rotations)
        split, checks = _split(axes, frame.n_qubits, placed, checks)
        groups += [_group(frame, parameter, [(order[k], coefficient) for k, coefficient in part]) for part in split]
        if len(split) > 1:
            shared.append(parameter)
    groups.sort(key=lambda g: g.rotations[0])
    return Generators(tuple(g for g in groups if g.terms), tuple(shared))


def _split(
    axes: Sequence[int], n: int, rotations: list[tuple[int, float]], checks: int
) -> tuple[list[list[tuple[int, float]]], int]:
    """Cut the rotations of one parameter where one cannot be moved next to the first of its group."""
    parts = [[rotations[0]]]
    union, known = 0, rotations[0][0]  # all bits of the axes from the first of the group on, as far as here
    for rotation in rotations[1:]:
        begin, here = parts[-1][0][0], rotation[0]
        checks -= here - known
        for axis in axes[known:here] if checks > 0 else ():
            union |= axis
        known, turned = here, flipped(axes[here], n)
        if turned & union:  # otherwise it commutes with each, as where all are X alone
            checks -= here - begin
        if checks > 0 and not (turned & union and _meets(turned, axes[begin:here])):
            parts[-1].append(rotation)
        else:
            parts.append([rotation])
            union = 0
    return parts, checks


def _meets(turned: int, axes: Iterable[int]) -> bool:
    return any((turned & axis).bit_count() & 1 for axis in axes)


def _group(frame: Frame, parameter: int, rotations: list[tuple[int, float]]) -> Group:
    terms: dict[int, float] = defaultdict(float)
    first: dict[int, int] = {}
    for i, coefficient in sorted(rotations):
        terms[frame.axes[i]] += coefficient
        first.setdefault(frame.axes[i], i)
    kept = tuple((s, c) for s, c in terms.items() if s and c)
    return Group(parameter, kept, tuple(sorted(i for i, _ in rotations)), tuple(first[s] for s, _ in kept))
