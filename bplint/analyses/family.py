"""One circuit at several sizes: what a family rule sees, how it asks, and the two numbers that are followed over the sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from bplint.analyses.ask import Ask
from bplint.analyses.decay import Point
from bplint.analyses.dla import dla
from bplint.analyses.gradients.gradient import gradient
from bplint.bounds import Status
from bplint.failure import Fault
from bplint.ir.context import Case
from bplint.number_format import plural

T = TypeVar("T")


class Member(NamedTuple):
    """One size. ``size`` is the number that the family is declared by, often but not always the number of qubits."""

    size: int
    case: Case


class Axis(NamedTuple):
    """A number that a family is declared by, and the values that it takes: each once."""

    name: str
    sizes: tuple[int, ...]


class Family(NamedTuple):
    """The members in order of size, at least one and no size twice; ``id`` is the node id of the family.

    ``axis`` is what the size is called, and ``fixed`` what is the same in all members of a line of a grid: ``("L", 2)``.
    """

    id: str
    members: tuple[Member, ...]
    axis: str = "n"
    fixed: tuple[str, int] | None = None

    @property
    def assumed(self) -> bool:
        """Whether the findings of some member rest on a guess."""
        return any(member.case.context.assumed for member in self.members)

    @property
    def place(self) -> str:
        """``[L=2]`` where it is a line of a grid."""
        return "[{}={}]".format(*self.fixed) if self.fixed else ""

    @property
    def sizes(self) -> str:
        """``n = 4 … 12, 5 sizes``."""
        first, last = self.members[0].size, self.members[-1].size
        return f"{self.axis} = {first} … {last}, {plural(len(self.members), 'size')}"


class AskOf:
    """Answers about the members: ``ask(analysis, of=member)``. Made of an :class:`~bplint.analyses.ask.Ask` for each size."""

    def __init__(self, asks: Mapping[int, Ask]) -> None:
        self._asks = asks

    def __call__(self, analysis: Callable[..., T], *, of: Member, **arguments: Any) -> T:
        """The answer of an analysis for one member; ``BudgetError`` when it ran out."""
        return self.about(of)(analysis, **arguments)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Of analyses that failed on some member, each once."""
        return tuple(dict.fromkeys(fault for ask in self._asks.values() for fault in ask.faults))

    def about(self, member: Member) -> Ask:
        """What answers for one member, for those who ask about one circuit."""
        return self._asks[member.size]


def dimension(ask: AskOf, member: Member) -> int | None:
    """The dimension of the algebra; None where it is not exact."""
    algebra = ask(dla, of=member)
    return algebra.upper if algebra.status is Status.EXACT else None


def signal(ask: AskOf, member: Member) -> Point | None:
    """The largest signal max_k E[(∂_k C)²] / (R_k² N(O)) with its 95 % interval, at the member's size; None if unknown."""
    answer = ask(gradient, of=member)
    if not answer.components:
        return None
    largest = answer.largest
    return Point(member.size, largest.signal, largest.signal_interval)
