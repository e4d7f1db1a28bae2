"""States at random angles, kept: what is averaged over them is averaged over the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.reachable_states.closure import STATES, Amplitudes
from bplint.analyses.gradients.reachable_states.evaluator import ReachableStatesEvaluator, reached_and_seen
from bplint.analyses.gradients.tied.variables import Drive
from bplint.ir.circuit import Floats
from bplint.ir.observable import Observable

MOST, FEWEST = 1024, 64
"""States that are kept at most, and without which there are none."""


class RandomStates(NamedTuple):
    """``vectors`` are (basis states, samples) in the frame, on the basis states of the ``evaluator``."""

    evaluator: ReachableStatesEvaluator
    vectors: Amplitudes

    @property
    def samples(self) -> int:
        """How many states."""
        return int(self.vectors.shape[1])

    def expectations(self, strings: Sequence[int]) -> Floats:
        """<P> of strings of the frame in each state, float64 (strings, samples)."""
        return self.evaluator.expectations(strings, self.vectors)


def random_states(
    problem: Problem, seed: int, work: int, *, strings: int = 0, most: int = MOST
) -> RandomStates | Declined:
    """As many states as ``work`` (amplitudes touched, also by ``strings`` that are read) allows, ``most`` at most, of all
    rotations.

    The loss does not matter. Equal seeds give equal states.
    """
    problem = problem._replace(loss=Observable(problem.circuit.n_qubits), alive=None)
    turning = rotations(problem)
    if isinstance(turning, Declined):
        return turning
    drive = Drive(problem, turning)
    limit = min(work // (FEWEST * max(strings, 1)), STATES)
    reached = reached_and_seen(problem, drive.groups, limit)
    if reached is None:
        return Declined(f"more than {limit:,} basis states can be reached: purities there take too long")
    on_states = ReachableStatesEvaluator(*reached, len(drive.groups))
    samples = min(work // (on_states.touched + strings * on_states.size or 1), most)
    if samples < FEWEST:
        return Declined(f"states after {len(turning):,} rotations, on {on_states.size:,} basis states, take too long")
    begins = range(0, samples, on_states.batch)
    parts = [on_states.states(drive.drawn(seed, k, min(on_states.batch, samples - k))) for k in begins]
    return RandomStates(on_states, np.concatenate(parts, axis=1))
