"""States at random angles, kept: what is averaged over them is averaged over the same ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.state_vectors.angles import SampledAngles
from bplint.analyses.gradients.state_vectors.simulator import Complex, PauliAction, Simulator, inner
from bplint.ir.circuit import Floats
from bplint.ir.observable import Observable
from bplint.ir.pauli import x_part

MOST, FEWEST = 1024, 64
"""States that are kept at most, and without which there are none."""


class States(NamedTuple):
    """``vectors`` are (amplitudes, samples), in the frame and without qubits that stay |0>."""

    n_qubits: int
    qubits: tuple[int, ...]
    vectors: Complex

    @property
    def samples(self) -> int:
        """How many states."""
        return self.vectors.shape[1]

    def expectation(self, string: int) -> Floats:
        """<P> of a string of the frame in each state, float64 (samples,)."""
        if any(x_part(string, self.n_qubits) >> q & 1 for q in range(self.n_qubits) if q not in self.qubits):
            return np.zeros(self.samples)
        image = PauliAction.of(string, self.qubits, self.n_qubits)(self.vectors)
        return np.asarray(inner(self.vectors, image).real)


def states(problem: Problem, seed: int, work: int, *, strings: int = 0) -> States | Declined:
    """As many states as ``work`` (amplitudes times rotations and ``strings`` to be read) allows, of all rotations.

    The loss does not matter. Equal seeds give the states that gradients of the same rotations are sampled at.
    """
    problem = problem._replace(loss=Observable(problem.circuit.n_qubits), alive=None)
    found = rotations(problem)
    if isinstance(found, Declined):
        return found
    simulator = Simulator.of(found, problem)
    if isinstance(simulator, Declined):
        return simulator
    samples = min(work // ((len(found) + strings) << len(simulator.qubits) or 1), MOST)
    if samples < FEWEST:
        return Declined(f"states after {len(found):,} rotations of {len(simulator.qubits)} qubits take too long")
    draw = SampledAngles(problem, found)
    begins = range(0, samples, simulator.batch)
    parts = [simulator.states(draw.drawn(seed, k, min(simulator.batch, samples - k))) for k in begins]
    return States(n_qubits=problem.circuit.n_qubits, qubits=simulator.qubits, vectors=np.concatenate(parts, axis=1))
