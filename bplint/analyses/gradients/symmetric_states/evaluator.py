"""The loss and its derivatives at given angles, on a subspace that all generators leave.

Each generator is diagonal in a basis of its own, so that a group is phases, and a matrix leads from one basis to the next. The
gradient is by the adjoint method, as on the reachable states.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.reachable_states.evaluator import ReachableStatesEvaluator
from bplint.analyses.gradients.symmetric_states.dicke import dicke_subspace
from bplint.analyses.gradients.symmetric_states.invariant_subspace import InvariantSubspace, Matrix
from bplint.analyses.gradients.symmetric_states.superpositions import symmetric_subspace
from bplint.ir.circuit import Floats

BATCH = 1 << 16
"""Amplitudes of one batch."""

ENTRY, COORDINATE, STEP = 0.15, 45, 1 << 16
"""Operations of a real matrix entry each time it is applied, of a coordinate at each group, and of a group and a whole batch."""

_COMPLEX = 2.5
"""What a complex entry costs, in real ones."""

_LEAST, _GAIN = 1 << 16, 2
"""Operations of a sample on basis states from which on superpositions are looked for, and how many times less these take."""

_LARGEST = 1 << 10
"""Dimensions, at most."""

_MEMORY = 1 << 28
"""Bytes of the matrices of all groups, two each, at most."""

_PROJECTED = 10
"""Qubits of a projector that is written out as a sum, at most."""


def evaluator(
    problem: Problem, groups: Sequence[RotationGroup], on_states: ReachableStatesEvaluator | None
) -> SymmetricStatesEvaluator | None:
    """What evaluates the loss of a problem on fewer dimensions; None where it is asymmetric, or where nothing is gained.

    ``on_states`` does so on basis states, None if there are too many of them.
    """
    generators = [group.generator for group in groups]
    if on_states is None:
        return _on_dicke_states(problem, generators)
    if on_states.work < _LEAST:
        return None
    steps = len(groups) - len(on_states.reached.dead)
    most = math.isqrt(round(on_states.work / _GAIN / ENTRY / (3 * steps + 1)))
    most = min(most, math.isqrt(_MEMORY // (32 * max(steps, 1))), _LARGEST)
    subspace = symmetric_subspace(generators, on_states.reached, on_states.seen, most)
    if subspace is None:
        return None
    symmetric = SymmetricStatesEvaluator(subspace)
    return symmetric if _GAIN * symmetric.work <= on_states.work else None


def _on_dicke_states(problem: Problem, generators: Sequence[Mapping[int, float]]) -> SymmetricStatesEvaluator | None:
    loss = problem.loss
    if len(loss.projector) > _PROJECTED:
        return None
    whole = loss.written_out()
    subspace = dicke_subspace(generators, dict(problem.frame.pull_sum(whole.terms)), problem.frame.n_qubits)
    if subspace is None:
        return None
    return SymmetricStatesEvaluator(subspace._replace(offset=whole.constant if loss.projector else 0.0))


class _EigenbasisTurn(NamedTuple):
    """A group: ``before`` leads to the basis in which its generator has these ``values``."""

    group: int
    before: Matrix | Floats
    values: Floats


class SymmetricStatesEvaluator:
    """l and its derivatives by the angles ψ of the groups (:class:`~bplint.analyses.gradients.tied.evaluator.LossEvaluator`)."""

    def __init__(self, subspace: InvariantSubspace) -> None:
        k = len(subspace.loss)
        self.offset, self.spread = subspace.offset, subspace.size
        self._groups = len(subspace.generators)
        self._steps, last = _steps(subspace)
        self._start = np.zeros(k, dtype=np.complex128)
        self._start[0] = 1
        self._loss = last.conj().T @ subspace.loss @ last
        self.degrees = np.zeros(self._groups)
        for step in self._steps:
            self.degrees[step.group] = np.ptp(step.values) / 2
        self.batch = _batch(k)
        """Samples best evaluated at once."""
        real = not any(np.iscomplexobj(step.before) for step in self._steps)
        self.work = work(k, len(self._steps), real=real)
        """Operations of one sample with derivatives."""

    @property
    def constant(self) -> float | None:
        """The loss, if no group does anything."""
        return None if self._steps else self.offset + float(self._loss[0, 0].real)

    def run(self, angles: Floats) -> tuple[Floats, Floats]:
        """l - offset, float64 (samples,), and its derivatives, at angles, both (groups, samples)."""
        samples = angles.shape[1]
        state: Matrix = np.repeat(self._start[:, None], samples, axis=1)
        for group, before, values in self._steps:
            state = _applied(before, state) * np.exp(-0.5j * np.multiply.outer(values, angles[group]))
        image = _applied(self._loss, state)
        loss = np.einsum("ks,ks->s", state.conj(), image).real.copy()
        slopes = np.zeros((self._groups, samples))
        both = np.concatenate([state, image], axis=1)
        for group, before, values in reversed(self._steps):
            slopes[group] = values @ (both[:, samples:].conj() * both[:, :samples]).imag
            back = np.exp(0.5j * np.multiply.outer(values, angles[group]))
            both = _applied(before.conj().T, both * np.concatenate([back, back], axis=1))
        return loss, slopes


def work(dimension: int, steps: int, *, real: bool) -> int:
    """Operations of one sample with derivatives: a matrix is applied at each group once forth and twice back."""
    entries = (3 * steps + 1) * dimension**2 * (1.0 if real else _COMPLEX)
    return round(ENTRY * entries + COORDINATE * steps * dimension + STEP * steps / _batch(dimension)) + 1


def _batch(dimension: int) -> int:
    return min(max(BATCH // dimension, 8), 1024)


def _steps(subspace: InvariantSubspace) -> tuple[list[_EigenbasisTurn], Matrix]:
    """The groups that do something, in time order, and the eigenvectors of the last."""
    known: dict[int, tuple[Floats, Matrix]] = {}
    steps: list[_EigenbasisTurn] = []
    last: Matrix = np.eye(len(subspace.loss), dtype=np.complex128)
    for group, generator in enumerate(subspace.generators):
        if generator is None:
            continue
        if id(generator) not in known:
            known[id(generator)] = np.linalg.eigh(generator if generator.imag.any() else generator.real)
        values, vectors = known[id(generator)]
        before = vectors.conj().T @ last
        steps.append(_EigenbasisTurn(group, before if before.imag.any() else before.real.copy(), values))
        last = vectors
    return steps, last


def _applied(matrix: Matrix | Floats, states: Matrix) -> Matrix:
    """matrix @ states; a real matrix is not made complex for it."""
    if np.iscomplexobj(matrix):
        return np.asarray(matrix @ states)
    parts = np.ascontiguousarray(states).view(np.float64)
    return np.asarray((matrix @ parts).view(np.complex128))
