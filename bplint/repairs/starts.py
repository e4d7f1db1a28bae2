"""Repairs that only start elsewhere: near zero, near a Clifford circuit, in blocks that undo themselves, as a smaller instance.

How far angles may be from there is scanned: the width with the largest signal is what is tried.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import Gradient, gradient
from bplint.finding import Hit
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.law import Init, Law, Shape
from bplint.ir.naming import patterns
from bplint.number_format import number
from bplint.repairs.changes import OPERATIONS, Change, Repair, near_zero

if TYPE_CHECKING:
    from bplint.analyses.training.own_turns import OwnTurn

WIDTHS = (1.0, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015)
"""Half-widths tried, in radians, the widest first."""

ROTATIONS = 1_000
"""In larger circuits no other start than near zero is looked for."""

AROUND = 0.1
"""Radians about an angle that was carried over from a smaller instance."""

PARTS = 40
"""Declared in one line, at most."""

SEARCHED = 1 << 14
"""Pairs of a rotation and a term of the loss, at most, where quarter turns are looked for."""

REACHES = (8, 4, 2, 1)
"""Steps that a block of opposite turns has on each side of its middle."""

Means: TypeAlias = tuple[tuple[int, float], ...]
"""Parameters, and the angles about which they start; the others start about zero."""


class Start(NamedTuple):
    """Angles within ± ``width`` radians of the means, and the signal there; and what it surely is at each width ``tried``."""

    width: float
    init: Init
    signal: Gradient
    tried: tuple[tuple[float, float], ...]


def small_angles(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Start near zero."""
    if start := ask(widest_signal, means=()):
        yield near_zero(start.width)


def near_clifford(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Start near quarter turns with which the loss is low."""
    if not (found := ask(low_quarter_turns)):
        return
    means, loss = found
    if start := ask(widest_signal, means=means):
        title = f"start within ±{start.width:g} of quarter turns"
        yield Change("near-clifford", title, init=start.init, keeps=f"the loss is {number(loss)} there")


def identity_blocks(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Start near blocks whose second half undoes the first by opposite quarter turns."""
    means = ask(opposite_quarter_turns)
    if means and (start := ask(widest_signal, means=means)):
        yield Change(
            "identity-blocks", f"start within ±{start.width:g} of blocks that undo themselves", init=start.init
        )


def smaller_first(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Start at the angles to which an instance on fewer qubits trains, where no start is declared."""
    from bplint.analyses.training.smaller import QUBITS, smaller_instance

    data = any(p.role is Role.DATA for p in case.circuit.parameters)
    if data or not case.context.init.is_uniform or len(case.circuit) > OPERATIONS:
        return
    angles = ask(smaller_instance)
    if 0 < len(angles) <= PARTS:
        names = [case.circuit.parameters[p].name for p, _ in angles]
        laws = [Law(Shape.RANGE, AROUND, float(f"{value:.4g}")) for _, value in angles]
        title = f"start at the angles of an instance on {QUBITS} of the {case.circuit.n_qubits:,} qubits"
        yield Change("smaller-instance", title, init=Init(named=tuple(zip(names, laws, strict=True))))


STARTS: Mapping[str, Repair] = {
    "small-angles": small_angles,
    "near-clifford": near_clifford,
    "identity-blocks": identity_blocks,
    "smaller-instance": smaller_first,
}
"""By the names of what they yield."""


def widest_signal(case: Case, ask: Ask, *, means: Means) -> Start | None:
    """The width with the largest signal that surely shows, as far as it is sure; None where none shows.

    From the widest on, until it falls, by half where none has shown yet: angles that are too narrow turn nothing.
    """
    best: tuple[float, Init, Gradient] | None = None
    tried: list[tuple[float, float]] = []
    for width in WIDTHS:
        init = _within(case, width, means)
        near = ask(gradient, init=init, quick=True)
        tried.append((width, near.lower))
        if (best and near.lower <= best[2].lower) or near.lower < max(lower for _, lower in tried) / 2:
            break
        if near.lower > 1 / case.context.shots:
            best = width, init, near
    return Start(*best, tuple(tried)) if best else None


def _within(case: Case, width: float, means: Means) -> Init:
    """The law; neighbours in an array that have one mean are said together."""
    names: dict[float, list[str]] = defaultdict(list)
    for parameter, mean in means:
        names[mean].append(case.circuit.parameters[parameter].name)
    named = [(glob, Law(Shape.RANGE, width, mean)) for mean, those in names.items() for glob in patterns(those)]
    return Init(Law(Shape.RANGE, width), tuple(named))


def low_quarter_turns(case: Case, ask: Ask) -> tuple[Means, float] | None:
    """Angles at which all rotations turn by quarters and the loss is low, and that loss; None where that is at zero."""
    from bplint.analyses.training.mirrors import in_steps
    from bplint.analyses.training.own_turns import own_turns
    from bplint.analyses.training.quarter_turns import low
    from bplint.analyses.views import framed

    turns, loss = ask(own_turns), case.context.observable
    if not _is_searched(case, turns):
        return None
    axes, n = [turn.axis for turn in turns], case.circuit.n_qubits
    first = set(in_steps(axes, n)[0].values())  # one quarter each: as a rule the states of another basis
    ways = ([0] * len(axes), [int(k in first) for k in range(len(axes))])
    ends = [low(axes, begun, ask(framed).pull_sum(loss.terms), n) for begun in ways]
    found = min(ends, key=lambda end: round(end.loss, 9))
    means = _at(turns, found.quarters)
    return (means, found.loss + loss.constant) if _is_said(case, means) else None


def opposite_quarter_turns(case: Case, ask: Ask) -> Means:
    """Angles of blocks that undo themselves, of the lengths with which the loss slopes most there; empty where there are none."""
    from bplint.analyses.training.mirrors import mirrored
    from bplint.analyses.training.own_turns import own_turns
    from bplint.analyses.training.quarter_turns import at
    from bplint.analyses.views import framed

    turns, n = ask(own_turns), case.circuit.n_qubits
    if not _is_searched(case, turns):
        return ()
    axes, terms = [turn.axis for turn in turns], ask(framed).pull_sum(case.context.observable.terms)
    best: Means = ()
    steepest = 0.0
    for reach in REACHES:
        quarters = [0] * len(turns)
        for pairs in mirrored(axes, n, reach):
            for first, second in pairs:
                quarters[first], quarters[second] = 1, 3
        means = _at(turns, quarters)
        slope = max(map(abs, at(axes, quarters, terms, n).slopes), default=0.0)
        if slope > steepest and _is_said(case, means):
            best, steepest = means, slope
    return best


def _is_searched(case: Case, turns: Sequence[OwnTurn]) -> bool:
    """Whether quarter turns are looked for: where nobody said where to start, and in circuits that are not too large."""
    terms = len(case.context.observable.terms)
    small = 0 < len(turns) <= ROTATIONS and 0 < len(turns) * terms <= SEARCHED
    return small and case.context.init.is_uniform


def _at(turns: Sequence[OwnTurn], quarters: Sequence[int]) -> Means:
    """The parameters that are not zero where the rotations make these quarter turns."""
    angles = [(turn.parameter, turn.angle(_QUARTERS[k])) for turn, k in zip(turns, quarters, strict=True)]
    return tuple((parameter, angle) for parameter, angle in angles if angle)


def _is_said(case: Case, means: Means) -> bool:
    """Whether there are any, and one line holds them."""
    return 0 < len(_within(case, 1.0, means).named) <= PARTS


_QUARTERS = (0.0, math.pi / 2, math.pi, -math.pi / 2)
