"""Exact second moments where one parameter turns several rotations: tied, controlled, shared.

A module that is small enough is averaged over all angles (:mod:`.averaging`). Tried one after the other are the strings that
the loss becomes, the products of Dicke states of qubits that the circuit cannot tell apart, superpositions of basis states that
it cannot, all basis states that it reaches, and the strings that count between loss and start.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bplint.analyses.gradients.answer import Answer, Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.operator_module.action import LIMIT, PRICE, Module
from bplint.analyses.gradients.operator_module.averaging import averaged
from bplint.analyses.gradients.operator_module.events import Event, events_of, terms_of
from bplint.analyses.gradients.operator_module.on_matrix_units import on_matrix_units
from bplint.analyses.gradients.operator_module.on_strings import on_strings
from bplint.analyses.gradients.operator_module.on_subspace import on_subspace, price
from bplint.analyses.gradients.operator_module.on_visible_strings import on_visible_strings
from bplint.analyses.gradients.problem import Problem, Rotation, rotations
from bplint.analyses.gradients.reachable_states.evaluator import reached_and_seen
from bplint.analyses.gradients.symmetric_states.dicke import dicke_subspace
from bplint.analyses.gradients.symmetric_states.superpositions import symmetric_subspace

_DIMENSIONS = 44
"""Of an invariant subspace, at most: its square is the number of coordinates."""

_STATES = 1 << 13
"""Basis states of which superpositions are looked for, at most."""

_ROTATIONS = 1 << 13
"""Rotations whose events are looked for, at most."""

_SEARCHING = 10
"""Halvings of the work that a search for strings may take, in its own units."""

_PROJECTED = 10
"""Qubits of a projector that is written out as a sum, at most."""


def module_moments(problem: Problem, effort: Effort) -> Answer | Declined:
    """The moments, exact up to rounding, or the budget that is too small.

    Parameters count as independent, whatever expressions they stand for; no noise.
    """
    turns = _rotations(problem)
    if isinstance(turns, Declined):
        return turns
    module = on_strings(problem, turns, min(effort.limit, LIMIT), effort.work)
    answer = module if isinstance(module, Declined) else averaged(problem, module, effort)
    if isinstance(answer, Answer) or len(turns) > _ROTATIONS:
        return answer
    events = events_of(problem, turns)
    for module in (*_on_states(problem, events, effort), *_on_visible_strings(problem, events, effort)):
        other = averaged(problem, module, effort)
        if isinstance(other, Answer):
            return other
    return answer


def dicke_moments(problem: Problem, effort: Effort) -> Answer | Declined:
    """The same where permutations of the qubits leave the circuit alone, before anything grows with their number."""
    turns = _rotations(problem)
    if isinstance(turns, Declined):
        return turns
    if len(turns) > _ROTATIONS:
        return Declined("too many rotations")
    module = _on_dicke_states(problem, events_of(problem, turns))
    return (
        Declined("a permutation of the qubits changes the circuit")
        if module is None
        else averaged(problem, module, effort)
    )


def _rotations(problem: Problem) -> list[Rotation] | Declined:
    return rotations(problem) if problem.noise.is_trivial else Declined("the operator module knows no noise")


def _on_dicke_states(problem: Problem, events: Sequence[Event]) -> Module | None:
    if len(problem.loss.projector) > _PROJECTED:
        return None
    terms, constant = terms_of(problem.frame, problem.loss)
    subspace = dicke_subspace([event.generator for event in events], terms, problem.frame.n_qubits)
    if subspace is None or len(subspace.loss) > _DIMENSIONS:
        return None
    return on_subspace(events, subspace._replace(offset=constant if problem.loss.projector else 0.0))


def _on_states(problem: Problem, events: Sequence[Event], effort: Effort) -> Iterator[Module]:
    """Modules on basis states that the work may be enough for."""
    groups = [RotationGroup((), 0.0, event.generator) for event in events]
    both = reached_and_seen(problem, groups, _STATES)
    if both is None:
        return
    share = effort.work // max(len(events), 1)
    limit = min(math.isqrt(share // PRICE), effort.limit, LIMIT)
    most = min(_affordable_dimensions(share), math.isqrt(min(effort.limit, LIMIT) - 1))
    subspace = symmetric_subspace([event.generator for event in events], *both, most)
    if subspace is not None and 2 * len(subspace.loss) <= len(both[0].states):
        yield on_subspace(events, subspace)
        return
    units = on_matrix_units(events, *both, limit, effort.work / 2)
    if units is not None:
        yield units


def _affordable_dimensions(work: int) -> int:
    """Of a subspace of which one event may take this work."""
    k = 1
    while k < _DIMENSIONS and price(k + 1) * (k + 1) ** 4 <= work:
        k += 1
    return k


def _on_visible_strings(problem: Problem, events: Sequence[Event], effort: Effort) -> Iterator[Module]:
    limit = min(math.isqrt(effort.work // max(len(events), 1) // PRICE), effort.limit, LIMIT)
    module = on_visible_strings(problem, events, limit, effort.work >> _SEARCHING)
    if module is not None:
        yield module
