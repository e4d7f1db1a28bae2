"""The generator groups of a circuit in time order, as engines that evaluate the loss at given angles want them.

Rotations whose angles are proportional, that commute with each other and with all that stands between them are one group:
exp(-iψG/2), G = Σ a_j P_j. Its angle ψ is affine in the parameters, and one parameter may turn several groups.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from bplint.analyses.gradients.problem import Rotation
from bplint.ir.pauli import flipped

_LOOKBACK, _LEAST, _COMPARED = 1_000, 32, 1 << 21
"""Groups over which a rotation may be moved to meet its like: so many at most and at least, and over all rotations."""

_CANCELLED = 1e-12
"""A sum of coefficients this small beside the largest is zero."""

_DIGITS = 12
"""Ratios of coefficients that agree so far are equal."""

Driver: TypeAlias = tuple[tuple[tuple[int, float], ...], float]
"""An affine angle (terms, offset) whose first coefficient is 1; of a fixed one ((), 1). Rounded, for comparison."""


class RotationGroup(NamedTuple):
    """exp(-iψG/2), G = Σ coefficient · P_axis over commuting axes, ψ = offset + Σ coefficient · parameter."""

    terms: tuple[tuple[int, float], ...]
    offset: float
    generator: Mapping[int, float]


def groups(rotations: Sequence[Rotation], n_qubits: int) -> list[RotationGroup]:
    """The groups of rotations in circuit order; those that cancel, or turn by nothing, are left out."""
    growing: list[_Growing] = []
    known: set[Driver] = set()
    lookback = min(max(_COMPARED // max(len(rotations), 1), _LEAST), _LOOKBACK)
    for rotation in rotations:
        (terms, offset), coefficient = _driver(rotation)
        if coefficient and rotation.axis:
            driver = tuple((p, round(c, _DIGITS)) for p, c in terms), round(offset, _DIGITS)
            new = _Growing(driver, terms, offset, {rotation.axis: coefficient}, rotation.axis)
            if driver in known:
                _join(growing, new, n_qubits, lookback)
            else:
                growing.append(new)
                known.add(driver)
    kept = (RotationGroup(g.terms, g.offset, _without_zeros(g.generator)) for g in growing)
    return [group for group in kept if group.generator]


class _Growing(NamedTuple):
    driver: Driver
    terms: tuple[tuple[int, float], ...]
    offset: float
    generator: dict[int, float]
    union: int
    """All bits of its axes."""

    def commutes(self, other: _Growing, n_qubits: int) -> bool:
        if not flipped(self.union, n_qubits) & other.union:
            return True  # as where both are Z alone
        one, many = sorted((self.generator, other.generator), key=len)
        turned = [flipped(axis, n_qubits) for axis in one]
        return not any((t & axis).bit_count() & 1 for t in turned for axis in many)


def _join(growing: list[_Growing], new: _Growing, n: int, lookback: int) -> None:
    """Add a rotation: to a group of its driver that it can be moved next to, or that can be moved next to it."""
    last = max(len(growing) - lookback, 0)
    at = len(growing)
    while at > last and growing[at - 1].commutes(new, n):
        at -= 1
        if growing[at].driver == new.driver:
            growing[at] = _joined(growing[at], new)
            return
    # Up to here, behind what it does not commute with, the new one may go; an earlier group may come here too.
    for place in range(at - 1, last - 1, -1):
        group = growing[place]
        if group.driver != new.driver or not group.commutes(new, n):
            continue
        if all(group.commutes(other, n) for other in growing[place + 1 : at]):
            growing.pop(place)
            growing.insert(at - 1, _joined(group, new))
            return
    growing.append(new)


def _joined(group: _Growing, more: _Growing) -> _Growing:
    for axis, coefficient in more.generator.items():
        group.generator[axis] = group.generator.get(axis, 0.0) + coefficient
    return group._replace(union=group.union | more.union)


def _driver(rotation: Rotation) -> tuple[Driver, float]:
    """The angle as (driver, factor)."""
    sums: dict[int, list[float]] = defaultdict(list)
    for parameter, coefficient in rotation.terms:
        sums[parameter].append(coefficient)
    terms = [(p, total) for p, cs in sorted(sums.items()) if (total := math.fsum(cs))]
    if not terms:
        return ((), 1.0), rotation.offset
    unit = terms[0][1]
    return (tuple((p, c / unit) for p, c in terms), rotation.offset / unit), unit


def _without_zeros(generator: Mapping[int, float]) -> dict[int, float]:
    floor = _CANCELLED * max(map(abs, generator.values()))
    return {axis: c for axis, c in generator.items() if abs(c) > floor}
