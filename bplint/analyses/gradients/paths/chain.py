"""The path chain set up for a circuit: everything that sampling needs, or what keeps the chain from being exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bplint.analyses.gradients.paths.angle_laws import Laws, laws
from bplint.analyses.gradients.paths.interfering_terms import Blocks
from bplint.analyses.gradients.paths.means import mean
from bplint.analyses.gradients.paths.obstacle import Obstacle, obstacle
from bplint.analyses.gradients.paths.schedule import Schedule, schedule
from bplint.analyses.gradients.paths.starts import Starts, starts
from bplint.ir.circuit import Circuit, Role
from bplint.ir.frame import Frame, Turning
from bplint.ir.law import Init
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable


class Chain(NamedTuple):
    """A centred circuit (:mod:`.laws`) with its frame, the laws and noise, the starts of its paths and the exact mean.

    ``alive`` tells which rotations of the frame can matter.
    """

    circuit: Circuit
    frame: Frame
    alive: tuple[bool, ...]
    laws: Laws
    noise: Noise
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
        return schedule(self.circuit, self.laws, self.noise)

    @property
    def trained(self) -> list[int]:
        """The free rotations, counted in circuit order, that turn by a trainable parameter and can matter."""
        trained = self.circuit.driven([p.role is Role.TRAINABLE for p in self.circuit.parameters])
        free = [i for i, turning in enumerate(self.frame.turning) if turning is Turning.FREE]
        return [k for k, i in enumerate(free) if self.alive[i] and trained[self.frame.operations[i]]]


def chain(
    circuit: Circuit,
    frame: Frame,
    observable: Observable,
    alive: Sequence[bool] | None = None,
    init: Init | None = None,
    noise: Noise | None = None,
) -> Chain | Obstacle | str:
    """The chain of a circuit centred for ``init``, given its frame, or why there is none: an obstacle, or a sentence."""
    law, noise = laws(circuit, init or Init()), noise or Noise()
    if not noise.is_unital:
        return "amplitude damping feeds the identity, which Pauli paths do not follow"
    if found := obstacle(circuit, frame, observable, alive, law):
        return found
    begin = starts(frame, observable, law, noise)
    if isinstance(begin, str):
        return begin
    everything = tuple(alive) if alive is not None else (True,) * len(frame.axes)
    set_up = Chain(circuit, frame, everything, law, noise, begin, begin.constant)
    return set_up._replace(mean=mean(set_up.schedule(), begin)) if begin.means else set_up
