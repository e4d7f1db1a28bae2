"""The dynamical Lie algebra of a case: exact where its generators are Pauli strings or small, otherwise bounded.

What the circuit generates is the algebra of its trainable generators in one frame. For sums of strings (tied parameters)
it is closed linearly, as far as a budget reaches. Otherwise, and where a parameter returns (shared) or rotations are fixed
between, the algebra of the separate strings is an upper bound, and that of the strings which are surely generators a
lower one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Set
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask, reported
from bplint.analyses.dla.pauli import Component, PauliAlgebra, classify
from bplint.analyses.dla.repeat import close_under
from bplint.analyses.framed import framed, generator_groups
from bplint.bounds import Status
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.generators import Generators, generators
from bplint.ir.pauli import Anticommutation, Span, ones

if TYPE_CHECKING:
    from bplint.analyses.dla.linear import Closure

REPEAT_ROUNDS = 64
"""Repetitions of the circuit followed until the algebra stops growing."""


class Dla(NamedTuple):
    """Dimension bounds and structure. ``algebra`` is that of the separate strings, which contains the circuit's, and
    ``surely`` one that the circuit's contains. ``closure`` is what was found of sums of strings."""

    status: Status
    reason: str
    algebra: PauliAlgebra
    surely: PauliAlgebra
    repeat: PauliAlgebra | None
    lower: int
    """A dimension that is reached for sure."""
    closure: Closure | None = None

    @property
    def separate(self) -> bool:
        """Whether every string is a generator by itself: then ``algebra`` is the circuit's."""
        return self.status is Status.EXACT and self.closure is None

    @property
    def upper(self) -> int:
        """A dimension that is surely not exceeded; the dimension where it is exact."""
        return self.lower if self.status is Status.EXACT else self.algebra.dimension

    @property
    def kind(self) -> str:
        """``abelian``, ``free-fermion`` or ``exponential-type``; of the upper bound where not exact."""
        components = self.algebra.components
        if any(is_exponential(c) for c in components):
            return "exponential-type"
        return "abelian" if all(c.family == "u(1)" for c in components) else "free-fermion"

    @property
    def summary(self) -> list[tuple[int, int, str]]:
        """(count, copies, algebra) of the upper bound's components, equal ones once, the largest first."""
        return [(count, copies, name) for _, count, copies, name in self._counted()]

    def _counted(self) -> list[tuple[int, int, int, str]]:
        counts = Counter((c.dimension, c.copies, c.algebra) for c in self.algebra.components)
        return [(d, count, copies, name) for (d, copies, name), count in sorted(counts.items(), reverse=True)]

    def as_json(self) -> dict[str, object]:
        exact = self.status is Status.EXACT
        upper = self.upper
        return {
            "status": self.status,
            **({"reason": self.reason} if self.reason else {}),
            "dimension": _integer(upper) if exact else None,
            "log2_dimension": _log2(upper) if exact else None,
            "lower": _integer(self.lower),
            "upper": _integer(upper),
            "method": "linear-closure" if exact and self.closure else "pauli-classification",
            "components": [
                {"algebra": name, "dimension": _integer(dimension), "copies": _integer(copies), "count": count}
                for dimension, count, copies, name in self._counted()
                if self.separate or not exact
            ],
            "center": self.algebra.center if self.separate else None,
            "class": self.kind if self.separate or not exact else None,
            **({"symmetry": self.closure.symmetry} if self.closure and self.closure.symmetry else {}),
            "repeat": {"dimension": _integer(self.repeat.dimension)} if self.repeat else None,
        }


def is_exponential(component: Component) -> bool:
    """Whether the component's dimension grows like 4^k with its k qubit pairs: anything but free fermions."""
    return not component.free_fermion


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
    alone = _alone(groups)
    strings = dict.fromkeys(s for g in groups.groups for s, _ in g.terms)
    reason = _reason(case, groups, between, alone.keys() >= strings.keys())
    if not reason:
        algebra = classify(strings, n)
        return Dla(Status.EXACT, "", algebra, algebra, _repeat(case, frame, algebra), algebra.dimension)
    sure = [s for s, place in alone.items() if not between or place < between[0]]
    upper = classify([*strings, *(frame.axes[i] for i in between)], n)
    surely = classify(sure, n)
    lower = max(surely.dimension, _independent(groups, between))
    closure = _closure(case, ask, groups, between)
    if closure is None:
        return Dla(Status.BOUNDED, reason, upper, surely, None, lower)
    if closure.complete:
        return Dla(Status.EXACT, "", upper, surely, None, closure.dimension, closure)
    return Dla(Status.BOUNDED, reason, upper, surely, None, max(lower, closure.dimension), closure)


def _closure(case: Case, ask: Ask, groups: Generators, between: list[int]) -> Closure | None:
    """The linear closure of tied generators, where nothing but ties stands in the way."""
    if groups.shared or between or _repeated(case, groups):
        return None
    from bplint.analyses.dla import sums  # loads numpy's linear algebra, which separate strings do not need

    work = math.inf if ask.thorough else sums.WORK
    return sums.close_groups(groups.groups, case.circuit.n_qubits, work=work, deadline=ask.deadline)


def _reduced(frame: Frame, without: Set[int]) -> Frame:
    """The frame without some rotations. They move no Clifford, so the other axes stay."""
    kept = [i for i in range(len(frame.axes)) if i not in without]
    return frame._replace(
        operations=tuple(frame.operations[i] for i in kept),
        axes=tuple(frame.axes[i] for i in kept),
        negative=tuple(frame.negative[i] for i in kept),
        turning=tuple(frame.turning[i] for i in kept),
    )


def _independent(groups: Generators, between: list[int]) -> int:
    """A number of linearly independent generators: each has a string that none of those counted before has."""
    seen: set[int] = set()
    count = 0
    for group in groups.groups:
        strings = {s for s, _ in group.terms}
        if group.parameter in groups.shared or (between and group.rotations[-1] > between[0]) or strings <= seen:
            continue
        seen |= strings
        count += 1
    return count


def _alone(groups: Generators) -> dict[int, int]:
    """Strings that are generators by themselves, with the last rotation that it takes to see it.

    A group of one string is; so is the last unknown string of a group whose others are (a linear combination of
    generators). Groups of shared parameters do not count: only their product is driven.
    """
    waiting = [g for g in groups.groups if g.parameter not in groups.shared]
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
    trained = _trained(case, frame)
    rest = [i for i, is_trained in enumerate(trained) if not is_trained]
    for order in (range(len(frame.axes)), range(len(frame.axes) - 1, -1, -1)):
        if not rest:
            break
        kept, span, passed = set(rest), Span(), Anticommutation(frame.n_qubits)
        for i in order:
            axis = frame.axes[i]
            if not trained[i]:
                if i not in kept:
                    continue
                if not passed.row(axis):
                    kept.discard(i)
                    continue
            if len(span) < 2 * frame.n_qubits and span.add(axis):
                passed.add(axis)
        rest = sorted(kept)
    return rest


def _trained(case: Case, frame: Frame) -> list[bool]:
    """For each rotation of the frame, whether a trainable parameter moves it."""
    driven = case.circuit.driven([p.role is Role.TRAINABLE for p in case.circuit.parameters]).tolist()
    return [driven[operation] for operation in frame.operations]


def _reason(case: Case, groups: Generators, between: list[int], separate: bool) -> str:
    """Why the algebra of the separate strings is an upper bound only; empty when it is exact."""
    names = [p.name for p in case.circuit.parameters]
    if groups.shared:
        return f"shared: rotations in separate places are driven by {_some(names[p] for p in groups.shared)}"
    if not separate:
        return f"tied: several strings at once are driven by {_some(names[p] for p in groups.tied)}"
    if between:
        return f"{len(between):,} rotations that are not trained stand between trained ones they do not commute with"
    repeated = _repeated(case, groups)
    return f"several angles are expressions in {_some(repeated)}" if repeated else ""


def _repeated(case: Case, groups: Generators) -> list[str]:
    """Symbols that several generators are driven by, through expressions."""
    sources = Counter(s for g in groups.groups for s in set(_sources(case, g.parameter)))
    return [s for s, count in sources.items() if count > 1]


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
    if not all(_trained(case, frame)):
        return None
    rows = [string for string, _ in frame.rows]
    n = frame.n_qubits

    def step(string: int) -> int:
        image = 0
        for bit in ones(string):
            image ^= rows[2 * bit] if bit < n else rows[2 * (bit - n) + 1]
        return image

    return close_under(algebra.core, step, n, max_rounds=REPEAT_ROUNDS)


def _integer(value: int) -> int | str:
    """Integers beyond 2^53 as decimal strings: JSON readers take numbers for doubles."""
    return value if value < 1 << 53 else str(value)


def _log2(value: int) -> float:
    return round(math.log2(value), 6) if value else 0.0
