"""What evaluates a loss thousands of times: of free fermions on their modes, else on the states that a circuit can reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.training.gaussian import gaussian_loss
from bplint.analyses.training.states import states_loss
from bplint.ir.circuit import Floats
from bplint.ir.frame import Frame
from bplint.ir.observable import Observable

Starts: TypeAlias = tuple[tuple[int, int], ...]
"""Numbers of random starts, and the fewest evaluations of the loss and its gradient with which so many are worth their while."""


class TrainingLoss(Protocol):
    """The loss without its constant, as a function of the angles of its groups."""

    @property
    def groups(self) -> tuple[RotationGroup, ...]:
        """In the order in which it takes their angles."""

    @property
    def size(self) -> int:
        """The basis states that it moves in."""

    def work(self, samples: int) -> int:
        """Operations of one evaluation of so many samples."""

    def __call__(self, angles: Floats) -> tuple[Floats, Floats]:
        """Losses (samples,) and their derivatives, at angles (groups, samples)."""


Make: TypeAlias = Callable[[Frame, Sequence[RotationGroup], Observable], TrainingLoss | None]


class Chosen(NamedTuple):
    """An evaluator, how it is made of another loss, and from how many starts it can train."""

    loss: TrainingLoss
    make: Make
    starts: int


def choose(frame: Frame, groups: Sequence[RotationGroup], observable: Observable, work: int) -> Chosen | None:
    """The first that can train with so many operations, else one that cannot, with no starts; None if there is none."""
    slow: Chosen | None = None
    for make, worthwhile in _MAKERS:
        loss = make(frame, groups, observable)
        if loss is None:
            continue
        starts = next((count for count, least in worthwhile if loss.work(count) * least <= work), 0)
        chosen = Chosen(loss, make, starts)
        if starts:
            return chosen
        slow = chosen
    return slow


_MAKERS: tuple[tuple[Make, Starts], ...] = (
    (gaussian_loss, ((12, 300), (4, 250), (2, 100))),  # what limits free fermions is seen only where they come to rest
    (states_loss, ((12, 150), (4, 150), (2, 50))),
)
