"""The generator groups of a case as vectors of strings, and what linear closure tells of their algebra."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bplint.analyses.ask import UNHURRIED, Clock
from bplint.analyses.dla.closure.commutant_bounds import ceiling
from bplint.analyses.dla.closure.fixed_rotations import FixedTurn, seen_through
from bplint.analyses.dla.closure.floating import Estimate, estimate
from bplint.analyses.dla.closure.modular import PRIMES, Closure, close
from bplint.analyses.dla.closure.residues import Field
from bplint.ir.generators import Group
from bplint.ir.pauli import Number, PauliSum

WORK = 1.5e5
"""Work spent on a closure by default: a second or two."""

_LOOKED = 3e6
"""Pairs of a generator and a fixed rotation before it that are looked at."""

_TERMS = 4_096
"""Strings that one generator may become behind fixed rotations."""


class ClosedSums(NamedTuple):
    """What was found: ``closure`` is exact residues', or an upper bound if ``generic`` (see :mod:`.residues`).

    ``ceiling`` is a dimension that is surely not exceeded, None where none is known.
    """

    closure: Closure
    generic: bool
    ceiling: int | None


def close_groups(
    groups: Sequence[Group],
    n_qubits: int,
    *,
    turns: Sequence[FixedTurn] = (),
    primes: Sequence[int] = PRIMES[:1],
    work: float = WORK,
    clock: Clock = UNHURRIED,
) -> ClosedSums | None:
    """The algebra of the groups' sums of strings, seen through the fixed ``turns`` before each; None if they grow too long.

    A generator's own scale does not matter, so coefficients are
    compared within each: ratios within 1e-12 of a fraction with a denominator up to 10,000 are taken for it.
    """
    closures = [_close(groups, n_qubits, [turns], prime, work, clock, merged=False) for prime in primes]
    known = [each for each in closures if each is not None]
    if len(known) < len(closures):
        return None
    best = max(known)
    return best._replace(closure=best.closure._replace(primes=tuple(primes)))


def close_derivatives(
    groups: Sequence[Group],
    n_qubits: int,
    points: Sequence[Sequence[FixedTurn]],
    *,
    work: float = WORK,
    clock: Clock = UNHURRIED,
) -> ClosedSums | None:
    """The algebra of the derivatives by the parameters, sums of all their groups, at points given by the turns there."""
    return _close(groups, n_qubits, points, PRIMES[0], work, clock, merged=True)


def _close(
    groups: Sequence[Group],
    n_qubits: int,
    points: Sequence[Sequence[FixedTurn]],
    prime: int,
    work: float,
    clock: Clock,
    *,
    merged: bool,
) -> ClosedSums | None:
    if len(groups) * sum(map(len, points)) > min(work, _LOOKED):
        return None
    if not merged and not any(points):
        groups = list({group.terms: group for group in groups}.values())  # layers repeat each other
    field = Field(prime)
    kept = []
    for turns in points:
        for vector in _vectors(groups, turns, field.number, field.turn, n_qubits, merged=merged):
            if vector is None:
                return None
            kept.append(vector)
    closure = close(kept, n_qubits, primes=[prime], work=work, clock=clock)
    top = closure.dimension if closure.complete else ceiling(kept, n_qubits, prime)
    return ClosedSums(closure, field.generic, top)


def estimate_groups(
    groups: Sequence[Group],
    n_qubits: int,
    *,
    turns: Sequence[FixedTurn] = (),
    work: float = WORK,
    clock: Clock = UNHURRIED,
) -> Estimate | None:
    """The same in floating point; None where that is too long."""
    kept = operators(groups, n_qubits, turns)
    return None if kept is None else estimate(kept, n_qubits, work=work, clock=clock)


def operators(groups: Sequence[Group], n_qubits: int, turns: Sequence[FixedTurn]) -> Sequence[PauliSum[float]] | None:
    """The generators in floating point, seen through the fixed ``turns``; None if one grows too long."""
    vectors = list(_vectors(groups, turns, float, lambda a: (math.cos(a), math.sin(a)), n_qubits, merged=False))
    kept = [{s: c for s, c in vector.items() if abs(c) > 1e-12} for vector in vectors if vector is not None]
    return kept if len(kept) == len(vectors) else None


def _vectors(
    groups: Sequence[Group],
    turns: Sequence[FixedTurn],
    number: Callable[[float], Number],
    sides: Callable[[float], tuple[Number, Number]],
    n_qubits: int,
    *,
    merged: bool,
) -> Iterator[PauliSum[Number] | None]:
    """The generators, largest coefficient 1 before the turns; None for one that grows too long."""
    starts = [turn.place for turn in turns]
    together: dict[int, list[Group]] = defaultdict(list)
    for i, group in enumerate(groups):
        together[group.parameter if merged else i].append(group)
    for members in together.values():
        largest = max(abs(coefficient) for group in members for _, coefficient in group.terms)
        total: dict[int, Number] = {}
        for group in members:
            behind: dict[int, dict[int, Number]] = defaultdict(dict)  # terms by how many turns are before them
            for (string, weight), place in zip(group.terms, group.places, strict=True):
                behind[bisect_left(starts, place)][string] = number(weight / largest)
            for count, terms in behind.items():
                part = seen_through(terms, turns[:count], sides, n_qubits, limit=_TERMS)
                if part is None:
                    yield None
                    return
                for string, coefficient in part.items():
                    total[string] = total.get(string, 0) + coefficient
        yield total
