"""Circuits seen as rotations each by a parameter of its own, as a start at given angles turns them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.views import framed
from bplint.ir.circuit import Role
from bplint.ir.context import Case


class OwnTurn(NamedTuple):
    """exp(-iφP/2) about the string ``axis`` of the frame, φ = ``factor`` · parameter + ``offset``."""

    axis: int
    parameter: int
    factor: float
    offset: float

    def angle(self, turned: float) -> float:
        """The parameter's value, in radians, at which φ is this."""
        return (turned - self.offset) / self.factor


def own_turns(case: Case, ask: Ask) -> tuple[OwnTurn, ...]:
    """The rotations with a parameter of their own, in circuit order.

    The others are nothing at zero, and are left out; empty where some is not, or where data is loaded.
    """
    circuit = case.circuit
    if any(p.role is Role.DATA for p in circuit.parameters):
        return ()
    turning = rotations(Problem(circuit=circuit, frame=ask(framed), loss=case.context.observable))
    if isinstance(turning, Declined):
        return ()
    uses = Counter(p for rotation in turning for p, _ in rotation.terms)
    turns = []
    for axis, terms, offset in turning:
        if len(terms) == 1 and uses[terms[0][0]] == 1 and axis:
            turns.append(OwnTurn(axis, *terms[0], offset))
        elif offset:
            return ()
    return tuple(turns)
