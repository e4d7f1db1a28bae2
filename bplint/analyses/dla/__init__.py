"""The dynamical Lie algebra of a case: exact where its generators are Pauli strings or small, otherwise bounded.

What the circuit generates is the algebra of its trainable generators in one frame. For sums of strings (tied parameters),
also those that rotations fixed between make of strings, it is closed linearly, as far as a budget reaches.

Where a parameter returns (shared) it is, precisely, the algebra of the group that all U(θ')† U(θ) generate. The derivatives
by the parameters at any point, each the sum of the parameter's separate generators as seen there, lie in it: some points give
a lower bound, the separate generators an upper one. The algebra of the separate strings contains all of these.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Set
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bplint.analyses.ask import Ask, reported
from bplint.analyses.dla.pauli.classify import Component, PauliAlgebra, classify
from bplint.analyses.dla.pauli.repeated_circuit import close_under
from bplint.analyses.views import framed, generator_groups
from bplint.bounds import Status
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.generators import Generators, generators
from bplint.ir.pauli import Anticommutation, Span, ones

if TYPE_CHECKING:
    from bplint.analyses.dla.closure.fixed_rotations import Turn
    from bplint.analyses.dla.closure.floating import Estimate
    from bplint.analyses.dla.closure.modular import Closure

Parts: TypeAlias = tuple[tuple[str, int, int], ...]
"""(algebra, dimension of one copy, copies) of the simple ideals, the largest first, and then of the centre."""

REPEAT_ROUNDS = 64
"""Repetitions of the circuit followed until the algebra stops growing."""

_BRIEF = 2
"""The share of the work on sums of strings that is spent on one of several candidates."""

_POINTS = 3
"""Random points, beside the origin, where derivatives by shared parameters are taken."""


class Dla(NamedTuple):
    """Dimension bounds and structure. ``algebra`` is that of the separate strings, which contains the circuit's, and
    ``surely`` one that the circuit's contains. ``closure`` is what was found of sums of strings, ``ceiling`` an upper bound by
    it or by what is conserved, and ``estimate`` what floating point takes the dimension for."""

    status: Status
    reason: str
    algebra: PauliAlgebra
    surely: PauliAlgebra
    repeat: PauliAlgebra | None
    lower: int
    """A dimension that is reached for sure."""
    closure: Closure | None = None
    ceiling: int | None = None
    estimate: Estimate | None = None
    ideals: Parts | None = None
    """What the closure is made of, where it is complete and the ideals were told apart."""

    @property
    def separate(self) -> bool:
        """Whether every string is a generator by itself: then ``algebra`` is the circuit's."""
        return self.status is Status.EXACT and self.closure is None

    @property
    def upper(self) -> int:
        """A dimension that is surely not exceeded; the dimension where it is exact."""
        if self.status is Status.EXACT:
            return self.lower
        return self.algebra.dimension if self.ceiling is None else min(self.ceiling, self.algebra.dimension)

    @property
    def method(self) -> str:
        """How the dimension, or what is known of it, was found."""
        if self.estimate:
            return "floating-closure"
        return "linear-closure" if self.status is Status.EXACT and self.closure else "pauli-classification"

    @property
    def kind(self) -> str:
        """``abelian``, ``free-fermion`` or ``exponential-type``; of the upper bound where not exact."""
        components = self.algebra.components
        if any(is_exponential(c) for c in components):
            return "exponential-type"
        return "abelian" if all(c.family == "u(1)" for c in components) else "free-fermion"

    @property
    def parts(self) -> Parts | None:
        """The ideals; None where they are not known."""
        if not self.separate:
            return self.ideals
        copies: Counter[tuple[str, int]] = Counter()
        for c in self.algebra.components:
            copies[_name(c), c.dimension // c.copies] += c.copies
        ordered = sorted(copies.items(), key=lambda item: (item[0][0] == "u(1)", -item[0][1], item[0][0]))
        return tuple((name, dimension, count) for (name, dimension), count in ordered)

    @property
    def summary(self) -> list[tuple[int, int, str]]:
        """(count, copies, algebra) of the upper bound's components, equal ones once, the largest first."""
        return [(count, copies, name) for _, count, copies, name in self._counted()]

    def _counted(self) -> list[tuple[int, int, int, str]]:
        counts = Counter((c.dimension, c.copies, _name(c)) for c in self.algebra.components)
        return [(d, count, copies, name) for (d, copies, name), count in sorted(counts.items(), reverse=True)]

    def _components(self) -> list[tuple[int, int, int, str]]:
        if self.separate or self.status is not Status.EXACT:
            return self._counted()
        return [(copies * d, 1, copies, name) for name, d, copies in self.ideals or ()]

    def _center(self) -> int | None:
        parts = self.parts
        return None if parts is None else sum(copies for name, _, copies in parts if name == "u(1)")

    def as_json(self) -> dict[str, object]:
        exact = self.status is Status.EXACT
        upper = self.upper
        return {
            "status": self.status,
            **({"reason": self.reason} if self.reason else {}),
            "dimension": as_integer(upper) if exact else None,
            "log2_dimension": _log2(upper) if exact else None,
            "lower": as_integer(self.lower),
            "upper": as_integer(upper),
            "method": self.method,
            **({"estimate": self.estimate._asdict()} if self.estimate else {}),
            "components": [
                {"algebra": name, "dimension": as_integer(dimension), "copies": as_integer(copies), "count": count}
                for dimension, count, copies, name in self._components()
            ],
            "center": self._center(),
            "class": self.kind if self.separate or not exact else None,
            **({"symmetry": self.closure.symmetry} if self.closure and self.closure.symmetry else {}),
            "repeat": {"dimension": as_integer(self.repeat.dimension)} if self.repeat else None,
        }


def is_exponential(component: Component) -> bool:
    """Whether the component's dimension grows like 4^k with its k qubit pairs: anything but free fermions."""
    return not component.free_fermion


def _name(component: Component) -> str:
    """The algebra of one copy; so(3), a free fermion's, is known to everybody as su(2)."""
    return "su(2)" if component.algebra == "so(3)" else component.algebra


def components_seen(case: Case, ask: Ask, algebra: PauliAlgebra) -> list[Component]:
    """The components with a generator that some term of the loss does not commute with; no other can move it."""
    frame, observable = ask(framed), case.context.observable
    # Of a projector's terms the single Z are enough: what meets none of them meets no product of them.
    strings = [s for s, _ in observable.terms] or [1 << (q + frame.n_qubits) for q in observable.projector]
    touched = {id(c): c for s in strings for c in algebra.component_touching(frame.pull(s)[0])}
    return list(touched.values())


@reported
def dla(case: Case, ask: Ask, without: Set[int] = frozenset()) -> Dla:
    """The algebra of the trainable generators in the frame of the start (theory: arXiv:2408.00081).

    ``without``, a frozenset, leaves out rotations of the frame by their positions, as if they were not in the circuit.
    """
    frame, groups = ask(framed), ask(generator_groups)
    if without:
        frame = _reduced(frame, without)
        groups = generators(case.circuit, frame)
    n = case.circuit.n_qubits
    between = _between(case, frame)
    offsets = _offsets(case, frame)
    related = _related(case, groups)
    alone = _alone(groups, related)
    strings = dict.fromkeys(s for g in groups.groups for s, _ in g.terms)
    reason = _reason(case, groups, between, offsets, alone.keys() >= strings.keys())
    if not reason:
        algebra = classify(strings, n)
        return Dla(Status.EXACT, "", algebra, algebra, _repeat(case, frame, algebra), algebra.dimension)
    fixed = sorted([*between, *(turn.place for turn in offsets)])
    sure = [s for s, place in alone.items() if not fixed or place < fixed[0]]
    surely = classify(sure, n)
    lower = max(surely.dimension, _independent(groups, related, fixed))
    upper = classify([*strings, *(frame.axes[i] for i in fixed)], n)
    bounded = Dla(Status.BOUNDED, reason, upper, surely, None, lower)
    turns = _turns(case, frame, between, offsets)
    return bounded if turns is None else _closed(bounded, case, ask, frame, groups, turns, without)


def _closed(
    bounded: Dla, case: Case, ask: Ask, frame: Frame, groups: Generators, turns: list[Turn], without: Set[int]
) -> Dla:
    """What linear closure adds to the bounds."""
    from bplint.analyses.dla.closure.fixed_rotations import turned
    from bplint.analyses.dla.closure.generators import WORK
    from bplint.analyses.dla.closure.outcome import (  # linear algebra, which separate strings do not need
        closed,
        enclosed,
    )

    n, work = case.circuit.n_qubits, math.inf if ask.thorough else WORK / _BRIEF if ask.brief else None
    related = bool(_related(case, groups))
    if groups.shared or related:
        points = [] if related else [turns, *(turned(case.circuit, frame, turns, seed) for seed in range(_POINTS))]
        lower, upper = bounded.lower, bounded.algebra.dimension
        found = enclosed(groups, n, turns, points, lower=lower, upper=upper, work=work, deadline=ask.deadline)
    else:
        found = closed(groups, n, turns, lower=bounded.lower, work=work, deadline=ask.deadline)
    if found.status is not Status.EXACT or found.closure is None:
        return bounded._replace(**found._asdict())
    ideals = _ideals(ask, found.closure, without)
    return bounded._replace(**found._asdict(), reason="", ideals=ideals)


def standing(case: Case, frame: Frame) -> list[Turn] | None:
    """The rotations between trained ones that no parameter moves, constants in trained angles included; None as for `_turns`."""
    return _turns(case, frame, _between(case, frame), _offsets(case, frame))


def _turns(case: Case, frame: Frame, between: list[int], offsets: list[Turn]) -> list[Turn] | None:
    """All fixed rotations, in order; None if the angle of one is not known."""
    if not between:
        return offsets
    from bplint.analyses.dla.closure.fixed_rotations import fixed_turns

    fixed = fixed_turns(case.circuit, frame, between)
    return None if fixed is None else sorted([*fixed, *offsets])


def _offsets(case: Case, frame: Frame) -> list[Turn]:
    """Constants in trained angles that no shift of the parameters absorbs."""
    angles = case.circuit.angles
    if not ((angles.start[1:] > angles.start[:-1]) & (angles.constant != 0)).any():
        return []
    from bplint.analyses.dla.closure.fixed_rotations import offset_turns

    return offset_turns(case.circuit, frame)


def _ideals(ask: Ask, closure: Closure, without: Set[int]) -> Parts | None:
    """What a closure is made of, where that is known soon."""
    from bplint.analyses.dla import structure  # asks for the algebra itself

    if without or closure.dimension > (structure.LIMIT if ask.thorough else structure.QUICK):
        return None
    found = ask(structure.split, dimension=closure.dimension)
    return found.parts if found else None


def _reduced(frame: Frame, without: Set[int]) -> Frame:
    """The frame without some rotations. They move no Clifford, so the other axes stay."""
    kept = [i for i in range(len(frame.axes)) if i not in without]
    return frame._replace(
        operations=tuple(frame.operations[i] for i in kept),
        axes=tuple(frame.axes[i] for i in kept),
        negative=tuple(frame.negative[i] for i in kept),
        turning=tuple(frame.turning[i] for i in kept),
    )


def _independent(groups: Generators, related: Collection[int], fixed: list[int]) -> int:
    """A number of linearly independent generators: each has a string that none of those counted before has."""
    seen: set[int] = set()
    count = 0
    for group in groups.groups:
        strings = {s for s, _ in group.terms}
        sure = group.parameter not in groups.shared and group.parameter not in related
        if not sure or (fixed and group.rotations[-1] > fixed[0]) or strings <= seen:
            continue
        seen |= strings
        count += 1
    return count


def _alone(groups: Generators, related: Collection[int]) -> dict[int, int]:
    """Strings that are generators by themselves, with the last rotation that it takes to see it.

    A group of one string is; so is the last unknown string of a group whose others are (a linear combination of
    generators). Groups of shared parameters do not count, as only their product is driven, nor those of ``related`` ones.
    """
    waiting = [g for g in groups.groups if g.parameter not in groups.shared and g.parameter not in related]
    found: dict[int, int] = {}
    while True:
        rest = []
        for group in waiting:
            unknown = [s for s, _ in group.terms if s not in found]
            if len(unknown) == 1:
                others = (found[s] for s, _ in group.terms if s in found)
                found[unknown[0]] = max(group.rotations[-1], *others, 0)
            elif unknown:
                rest.append(group)
        if len(rest) == len(waiting):
            return found
        waiting = rest


def _between(case: Case, frame: Frame) -> list[int]:
    """Rotations that are not trained and stand, in the frame, between trained ones that they do not commute with.

    One that commutes with everything before it can be moved to the start, where it only changes the frame, and likewise
    to the end.
    """
    moving = trained(case, frame)
    rest = [i for i, is_trained in enumerate(moving) if not is_trained]
    for order in (range(len(frame.axes)), range(len(frame.axes) - 1, -1, -1)):
        if not rest:
            break
        kept, span, passed = set(rest), Span(), Anticommutation(frame.n_qubits)
        for i in order:
            axis = frame.axes[i]
            if not moving[i]:
                if i not in kept:
                    continue
                if not passed.row(axis):
                    kept.discard(i)
                    continue
            if len(span) < 2 * frame.n_qubits and span.add(axis):
                passed.add(axis)
        rest = sorted(kept)
    return rest


def trained(case: Case, frame: Frame) -> list[bool]:
    """For each rotation of the frame, whether a trainable parameter moves it."""
    driven = case.circuit.driven([p.role is Role.TRAINABLE for p in case.circuit.parameters]).tolist()
    return [driven[operation] for operation in frame.operations]


def _reason(case: Case, groups: Generators, between: list[int], offsets: list[Turn], separate: bool) -> str:
    """Why the algebra of the separate strings is an upper bound only; empty when it is exact."""
    names = [p.name for p in case.circuit.parameters]
    related = _related(case, groups)
    if related:
        return f"several angles are expressions in {_some(dict.fromkeys(related.values()))}"
    if groups.shared:
        return f"shared: rotations in separate places are driven by {_some(names[p] for p in groups.shared)}"
    if not separate:
        return f"tied: several strings at once are driven by {_some(names[p] for p in groups.tied)}"
    if between:
        return f"{len(between):,} rotations that are not trained stand between trained ones they do not commute with"
    if offsets:
        return f"constants in {len(offsets):,} trained angles are fixed rotations between trained ones"
    return ""


def _related(case: Case, groups: Generators) -> dict[int, str]:
    """Parameters that depend, through expressions, on a symbol that others depend on too, with that symbol."""
    parameters = dict.fromkeys(g.parameter for g in groups.groups)
    counts = Counter(s for p in parameters for s in set(_sources(case, p)))
    return {p: s for p in parameters for s in _sources(case, p) if counts[s] > 1}


def _sources(case: Case, parameter: int) -> tuple[str, ...]:
    p = case.circuit.parameters[parameter]
    return p.sources or (p.name,)


def _some(names: Iterable[str]) -> str:
    first, *others = names
    return f"{first} and {len(others):,} more" if others else first


def _repeat(case: Case, frame: Frame, algebra: PauliAlgebra) -> PauliAlgebra | None:
    """The algebra when the circuit is repeated for ever; None where that could not be settled."""
    if algebra.is_full:
        return algebra
    if not all(trained(case, frame)):
        return None
    rows = [string for string, _ in frame.rows]
    n = frame.n_qubits

    def step(string: int) -> int:
        image = 0
        for bit in ones(string):
            image ^= rows[2 * bit] if bit < n else rows[2 * (bit - n) + 1]
        return image

    return close_under(algebra.core, step, n, max_rounds=REPEAT_ROUNDS)


def as_integer(value: int) -> int | str:
    """Integers beyond 2^53 as decimal strings: JSON readers take numbers for doubles."""
    return value if value < 1 << 53 else str(value)


def _log2(value: int) -> float:
    return round(math.log2(value), 6) if value else 0.0
