"""What linear closure tells of an algebra whose generators are sums of strings: its dimension, an estimate, or bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bplint.analyses.ask import Clock
from bplint.analyses.dla.closure import generators
from bplint.analyses.dla.closure.fixed_rotations import FixedTurn
from bplint.analyses.dla.closure.floating import Estimate
from bplint.analyses.dla.closure.modular import Closure
from bplint.bounds import Status
from bplint.ir.generators import Generators


class Closed(NamedTuple):
    """``lower`` is reached, ``ceiling`` not exceeded, where known; ``closure`` is of the circuit's algebra, or of one in it."""

    status: Status
    lower: int
    ceiling: int | None = None
    closure: Closure | None = None
    estimate: Estimate | None = None


def closed(
    groups: Generators,
    n_qubits: int,
    turns: Sequence[FixedTurn],
    *,
    lower: int,
    work: float,
    clock: Clock,
) -> Closed:
    """The algebra of the groups behind the fixed ``turns``, of which ``lower`` dimensions are known already."""
    closed = generators.close_groups(groups.groups, n_qubits, turns=turns, work=work, clock=clock)
    if closed is None:
        return Closed(Status.BOUNDED, lower)
    if closed.closure.complete and not closed.generic:
        return Closed(Status.EXACT, closed.closure.dimension, closed.ceiling, closed.closure)
    if not closed.generic:
        return Closed(Status.BOUNDED, max(lower, closed.closure.dimension), closed.ceiling, closed.closure)
    guess = generators.estimate_groups(groups.groups, n_qubits, turns=turns, work=work, clock=clock)
    if guess is None or not guess.clear:
        return Closed(Status.BOUNDED, lower, closed.ceiling)
    return Closed(Status.ESTIMATED, lower, closed.ceiling, estimate=guess)


def enclosed(
    groups: Generators,
    n_qubits: int,
    turns: Sequence[FixedTurn],
    points: Sequence[Sequence[FixedTurn]],
    *,
    lower: int,
    upper: int,
    work: float,
    clock: Clock,
) -> Closed:
    """The same where parameters are shared or related, so that the groups' algebra is an upper bound only.

    The derivatives at ``points``, given by the turns there, are in the algebra. None are known of related parameters.
    ``upper`` is the dimension of the strings' algebra, which is the groups' where these are single strings.
    """
    ceiling: int | None = upper
    if turns or any(len(group.terms) > 1 for group in groups.groups):
        closed = generators.close_groups(groups.groups, n_qubits, turns=turns, work=work, clock=clock)
        ceiling = closed.ceiling if closed else None
    inside = None
    for number in range(1, len(points) + 1):
        part = generators.close_derivatives(groups.groups, n_qubits, points[:number], work=work, clock=clock)
        if part is None or part.generic:
            break
        inside = part.closure
        lower = max(lower, inside.dimension)
        if lower == ceiling:
            return Closed(Status.EXACT, lower, ceiling, inside)
        if not inside.complete:
            break
    return Closed(Status.BOUNDED, lower, ceiling, inside)
