"""The path chain set up for a circuit: everything that sampling needs, or what keeps the chain from being exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.gradients.paths.angle_laws import Laws, laws
from bplint.analyses.gradients.paths.interfering_terms import Blocks
from bplint.analyses.gradients.paths.obstacle import Obstacle, obstacle
from bplint.analyses.gradients.paths.starts import Starts, starts
from bplint.analyses.gradients.problem import Problem
from bplint.ir.frame import Turning

if TYPE_CHECKING:  # what samples paths needs NumPy, what only asks whether the loss moves does not
    from bplint.analyses.gradients.paths.schedule import Schedule


class Chain(NamedTuple):
    """The problem of a centred circuit (:mod:`.angle_laws`) with the starts of its paths and the exact mean."""

    problem: Problem
    laws: Laws
    starts: Starts
    mean: float

    @property
    def constant(self) -> bool:
        """Whether the loss is the same for all angles."""
        return self.starts.plus.constant and self.starts.minus.constant

    def frozen(self) -> Chain:
        """The same mean, and nothing that moves."""
        return self._replace(starts=Starts(Blocks(self.mean), Blocks(0.0), self.mean))

    def schedule(self) -> Schedule:
        """The steps of its paths."""
        from bplint.analyses.gradients.paths.schedule import schedule

        return schedule(self.problem.circuit, self.laws, self.problem.noise)

    @property
    def trained(self) -> list[int]:
        """The free rotations, counted in circuit order, that turn by a trainable parameter and can matter."""
        circuit, frame, alive = self.problem.circuit, self.problem.frame, self.problem.alive
        free = [i for i, turning in enumerate(frame.turning) if turning is Turning.FREE]
        return [k for k, i in enumerate(free) if (alive is None or alive[i]) and circuit.trained[frame.operations[i]]]


def chain(problem: Problem) -> Chain | Obstacle | str:
    """The chain of a circuit centred for its laws, or why there is none: an obstacle, or a sentence."""
    law = laws(problem.circuit, problem.laws)
    if not problem.noise.is_unital:
        return "amplitude damping feeds the identity, which Pauli paths do not follow"
    if reason := obstacle(problem.circuit, problem.frame, problem.loss, problem.alive, law):
        return reason
    begin = starts(problem.frame, problem.loss, law, problem.noise)
    if isinstance(begin, str):
        return begin
    set_up = Chain(problem, law, begin, begin.constant)
    if not begin.means:
        return set_up
    from bplint.analyses.gradients.paths.means import mean

    return set_up._replace(mean=mean(set_up.schedule(), begin))
