"""One circuit before and after a change: what rules of changes see. They ask as rules of families do, of either version."""

from __future__ import annotations

from typing import NamedTuple

from bplint.analyses.ask import BudgetError
from bplint.analyses.dla import dla
from bplint.analyses.family import AskOf, Member
from bplint.analyses.gradients.gradient import gradient
from bplint.bounds import Status
from bplint.ir.context import Case
from bplint.ir.trainable import count_trainable


class Versions(NamedTuple):
    """The two versions, as members 0 and 1; the id is that of the circuit as it is now."""

    before: Member
    after: Member

    @classmethod
    def of(cls, before: Case, after: Case) -> Versions:
        """Of two cases."""
        return cls(Member(0, before), Member(1, after))

    @property
    def assumed(self) -> bool:
        """Whether one of them rests on a guess."""
        return self.before.case.context.assumed or self.after.case.context.assumed


class VersionNumbers(NamedTuple):
    """What a change is told by: the dimension of the algebra, the largest signal, the number of trainable parameters.

    The first two are None where they are not known.
    """

    dimension: int | None
    signal: float | None
    parameters: int

    @classmethod
    def of(cls, ask: AskOf, member: Member) -> VersionNumbers:
        """Of one version, as far as it was, or can be, measured."""
        try:
            algebra = ask(dla, of=member)
            dimension = algebra.upper if algebra.status is Status.EXACT else None
        except BudgetError:
            dimension = None
        try:
            answer = ask(gradient, of=member)
            signal = answer.signal if answer.components and answer.status is not Status.BOUNDED else None
        except BudgetError:
            signal = None
        return cls(dimension, signal, count_trainable(member.case.circuit))
