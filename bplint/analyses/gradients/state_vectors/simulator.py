"""State vectors in the frame, where only rotations are left, and the adjoint method (Jones and Gacon 2009.02823).

Qubits on which no rotation and no term has X or Y are left out: they stay |0>. In a vector of 2^m amplitudes bit i of the
index belongs to the i-th of the qubits that are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.problem import Problem, Rotation
from bplint.ir.circuit import Floats, Index
from bplint.ir.pauli import ones, x_part

MAX_QUBITS = 14
"""Of those that are not left out."""

_BATCH = 1 << 14
"""Amplitudes of one batch: a few of them fit in a cache."""

Complex: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.complex128]]"


def moved_qubits(found: Sequence[Rotation], problem: Problem) -> tuple[int, ...]:
    """Those on which a rotation or a term has X or Y."""
    n, loss = problem.circuit.n_qubits, problem.loss
    strings = [problem.frame.pull(1 << (q + n))[0] for q in loss.projector]
    strings += [problem.frame.pull(string)[0] for string, _ in loss.terms]
    mask = 0
    for string in (*(r.axis for r in found), *strings):
        mask |= x_part(string, n)
    return tuple(ones(mask))


class PauliAction(NamedTuple):
    """P ψ is ``sign`` · ψ[``source``], with ``source`` None for a diagonal P."""

    source: Index | None
    sign: Complex

    @classmethod
    def of(cls, string: int, qubits: Sequence[int], n: int) -> PauliAction:
        x = sum((string >> q & 1) << i for i, q in enumerate(qubits))
        z = sum((string >> (q + n) & 1) << i for i, q in enumerate(qubits))
        source = np.arange(1 << len(qubits)) ^ x
        odd = np.bitwise_count(source & z) & 1
        phase = 1j ** ((x & z).bit_count() & 3)
        return cls(source if x else None, (phase * (1.0 - 2.0 * odd))[:, None])

    def __call__(self, state: Complex) -> Complex:
        return self.sign * (state if self.source is None else state[self.source])


class Simulator(NamedTuple):
    """States are (amplitudes, samples). ``terms`` are pairs (P, coefficient), factors (1 + P)/2 if ``is_projector``.

    |l - constant| is at most ``spread`` for a sum, and every derivative by a rotation angle for both.
    """

    qubits: tuple[int, ...]
    axes: Sequence[PauliAction]
    terms: Sequence[tuple[PauliAction, float]]
    is_projector: bool
    constant: float
    spread: float

    @classmethod
    def of(cls, found: Sequence[Rotation], problem: Problem) -> Simulator | Declined:
        frame, observable, n = problem.frame, problem.loss, problem.circuit.n_qubits
        pulled = frame.pull_sum(observable.terms or [(z, 1.0) for z in observable.generators])
        qubits = moved_qubits(found, problem)
        if len(qubits) > MAX_QUBITS:
            return Declined(f"{len(qubits)} qubits are too many for state vectors")
        known = {axis: PauliAction.of(axis, qubits, n) for axis in dict.fromkeys(r.axis for r in found)}
        paulis = [(PauliAction.of(s, qubits, n), c) for s, c in pulled]
        return cls(
            qubits=qubits,
            axes=[known[r.axis] for r in found],
            terms=paulis,
            is_projector=bool(observable.projector),
            constant=observable.constant,
            spread=problem.spread,
        )

    @property
    def batch(self) -> int:
        """Samples that are best taken at once."""
        return max(_BATCH >> len(self.qubits), 1)

    def states(self, angles: Floats) -> Complex:
        """The states at these angles (rotations, samples): (amplitudes, samples)."""
        return self._turned(np.cos(angles / 2), 1j * np.sin(angles / 2))

    def run(self, angles: Floats) -> tuple[Floats, Floats]:
        """l (samples,) and its derivatives by the rotation angles (rotations, samples), given the angles."""
        cos, sin = np.cos(angles / 2), 1j * np.sin(angles / 2)
        state = self._turned(cos, sin)
        image = self._observed(state)
        loss = self.constant + inner(state, image).real
        derivatives = np.empty(angles.shape)
        for k in range(len(self.axes) - 1, -1, -1):
            axis = self.axes[k]
            turned = axis(state)
            derivatives[k] = inner(image, turned).imag
            state = cos[k] * state + sin[k] * turned
            image = cos[k] * image + sin[k] * axis(image)
        return loss, derivatives

    def _turned(self, cos: Floats, sin: Complex) -> Complex:
        state: Complex = np.zeros((1 << len(self.qubits), cos.shape[1]), dtype=np.complex128)
        state[0] = 1
        for k, axis in enumerate(self.axes):
            state = cos[k] * state - sin[k] * axis(state)
        return state

    def _observed(self, state: Complex) -> Complex:
        if not self.is_projector:
            image = np.zeros_like(state)
            for pauli, coefficient in self.terms:
                image += coefficient * pauli(state)
            return image
        for pauli, sign in self.terms:
            state = (state + sign * pauli(state)) / 2
        return state


def inner(left: Complex, right: Complex) -> Complex:
    """<left|right> of each sample."""
    return np.asarray(np.einsum("as,as->s", left.conj(), right))
