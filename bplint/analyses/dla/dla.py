"""The dynamical Lie algebra of a case: exact where its generators are Pauli strings or small, otherwise bounded.

What the circuit generates is the algebra of its trainable generators in one frame. For sums of strings (tied parameters),
also those that rotations fixed between make of strings, it is closed linearly, as far as a budget reaches. Sums with weights of
their own, as of QAOA for weighted MaxCut, may take each other apart by their spectra: then it is that of the separate strings.

Where a parameter returns (shared) it is, precisely, the algebra of the group that all U(θ')† U(θ) generate. The derivatives
by the parameters at any point, each the sum of the parameter's separate generators as seen there, lie in it: some points give
a lower bound, the separate generators an upper one. The algebra of the separate strings contains all of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

from bplint.analyses.ask import Ask, analysis
from bplint.analyses.dla.pauli.classify import Component, PauliAlgebra, classify
from bplint.analyses.dla.pauli.repeated_circuit import close_under
from bplint.analyses.dla.result import Dla, Parts
from bplint.analyses.dla.separate import independent, related_parameters, separate_strings
from bplint.analyses.dla.untrained import all_turns, offsets, trained, untrained_between
from bplint.analyses.views import framed, generator_groups
from bplint.bounds import Status
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.generators import Generators, generators
from bplint.ir.pauli import PauliTerms, ones

if TYPE_CHECKING:
    from bplint.analyses.dla.closure.fixed_rotations import FixedTurn
    from bplint.analyses.dla.closure.modular import Closure

REPEAT_ROUNDS = 64
"""Repetitions of the circuit followed until the algebra stops growing."""

_ELEMENTS = 64
"""Generators of which spectra take each other apart, at most."""

_BRIEF = 2
"""The share of the work on sums of strings that is spent on one of several candidates."""

_UNIT = 4_000
"""Operations of a unit of work on a closure."""

_POINTS = 3
"""Random points, beside the origin, where derivatives by shared parameters are taken."""


def components_seen(case: Case, ask: Ask, algebra: PauliAlgebra) -> list[Component]:
    """The components with a generator that some term of the loss does not commute with; no other can move it."""
    # What meets no generator meets no product of them.
    touched = {id(c): c for string in ask(_pulled) for c in algebra.component_touching(string)}
    return list(touched.values())


def _pulled(case: Case, ask: Ask) -> tuple[int, ...]:
    """The strings of the loss in the frame of the start."""
    frame = ask(framed)
    return tuple(dict.fromkeys(frame.pull(string)[0] for string in case.context.observable.generators))


@analysis("dla", in_profile=True)
def dla(case: Case, ask: Ask, without: Set[int] = frozenset()) -> Dla:
    """The algebra of the trainable generators in the frame of the start (theory: arXiv:2408.00081).

    ``without``, a frozenset, leaves out rotations of the frame by their positions, as if they were not in the circuit.
    """
    frame, groups = ask(framed), ask(generator_groups)
    if without:
        frame = _reduced(frame, without)
        groups = generators(case.circuit, frame)
    n = case.circuit.n_qubits
    untrained, constants = untrained_between(case, frame), offsets(case, frame)
    related = related_parameters(case, groups)
    separate = separate_strings(groups, related)
    strings = dict.fromkeys(s for g in groups.groups for s, _ in g.terms)
    elements = [*{g.terms: None for g in groups.groups}, *(((s, 1.0),) for s in separate)]
    alone = not (related or groups.shared or untrained or constants) and len(elements) <= _ELEMENTS
    if alone and separate.keys() < strings.keys():
        from bplint.analyses.dla.spectra import taken_apart  # where no string is tied nothing has to be

        separate |= dict.fromkeys((part[0][0] for part in taken_apart(elements, n) if len(part) == 1), 0)
    reason = _reason(case, groups, untrained, constants, separate.keys() >= strings.keys())
    if not reason:
        algebra = classify(strings, n)
        return Dla(
            status=Status.EXACT,
            reason="",
            algebra=algebra,
            surely=algebra,
            repeat=_repeat(case, frame, algebra),
            lower=algebra.dimension,
        )
    fixed = sorted([*untrained, *(turn.place for turn in constants)])
    surely = classify([s for s, place in separate.items() if not fixed or place < fixed[0]], n)
    bounded = Dla(
        status=Status.BOUNDED,
        reason=reason,
        algebra=classify([*strings, *(frame.axes[i] for i in fixed)], n),
        surely=surely,
        repeat=None,
        lower=max(surely.dimension, independent(groups, related, fixed)),
    )
    turns = all_turns(case, frame, untrained, constants)
    answer = bounded if turns is None else _closed(bounded, case, ask, frame, groups, turns, without)
    if alone and answer.status is Status.BOUNDED and _is_generic(elements, n):
        return answer._replace(reason=f"{answer.reason}; for almost all weights it is that of the separate strings")
    return answer


def _closed(
    bounded: Dla, case: Case, ask: Ask, frame: Frame, groups: Generators, turns: list[FixedTurn], without: Set[int]
) -> Dla:
    """What linear closure adds to the bounds."""
    from bplint.analyses.dla.closure.fixed_rotations import turned
    from bplint.analyses.dla.closure.generators import WORK
    from bplint.analyses.dla.closure.outcome import closed, enclosed  # linear algebra: separate strings need none

    n, work = case.circuit.n_qubits, ask.work / _UNIT
    if not ask.thorough:
        work = min(WORK / _BRIEF if ask.brief else WORK, work)
    related = bool(related_parameters(case, groups))
    if groups.shared or related:
        points = [] if related else [turns, *(turned(case.circuit, frame, turns, seed) for seed in range(_POINTS))]
        lower, upper = bounded.lower, bounded.algebra.dimension
        outcome = enclosed(groups, n, turns, points, lower=lower, upper=upper, work=work, clock=ask.clock)
    else:
        outcome = closed(groups, n, turns, lower=bounded.lower, work=work, clock=ask.clock)
    if outcome.status is not Status.EXACT or outcome.closure is None:
        return bounded._replace(**outcome._asdict())
    ideals = _ideals(ask, outcome.closure, without)
    return bounded._replace(**outcome._asdict(), reason="", ideals=ideals)


def _ideals(ask: Ask, closure: Closure, without: Set[int]) -> Parts | None:
    """What a closure is made of, where that is known soon."""
    from bplint.analyses.dla.ideals.split import LIMIT, QUICK, split

    if without or closure.dimension > (LIMIT if ask.thorough else QUICK):
        return None
    ideals = ask(split, dimension=closure.dimension)
    return ideals.parts if ideals else None


def _is_generic(elements: list[PauliTerms], n: int) -> bool:
    """Whether almost all weights in the place of those that differ would make each string an element."""
    from bplint.analyses.dla.spectra import is_unequal, taken_apart

    if not any(is_unequal(terms) for terms in elements):
        return False
    return all(len(part) == 1 for part in taken_apart(elements, n, any_weights=True))


def _reduced(frame: Frame, without: Set[int]) -> Frame:
    """The frame without some rotations. They move no Clifford, so the other axes stay."""
    kept = [i for i in range(len(frame.axes)) if i not in without]
    return frame._replace(
        operations=tuple(frame.operations[i] for i in kept),
        axes=tuple(frame.axes[i] for i in kept),
        negative=tuple(frame.negative[i] for i in kept),
        turning=tuple(frame.turning[i] for i in kept),
    )


def _reason(case: Case, groups: Generators, untrained: list[int], constants: list[FixedTurn], separate: bool) -> str:
    """Why the algebra of the separate strings is an upper bound only; empty when it is exact."""
    names = [p.name for p in case.circuit.parameters]
    related = related_parameters(case, groups)
    if related:
        return f"several angles are expressions in {_some(dict.fromkeys(related.values()))}"
    if groups.shared:
        return f"shared: rotations in separate places are driven by {_some(names[p] for p in groups.shared)}"
    if not separate:
        return f"tied: several strings at once are driven by {_some(names[p] for p in groups.tied)}"
    if untrained:
        return f"{len(untrained):,} rotations that are not trained stand between trained ones they do not commute with"
    if constants:
        return f"constants in {len(constants):,} trained angles are fixed rotations between trained ones"
    return ""


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
