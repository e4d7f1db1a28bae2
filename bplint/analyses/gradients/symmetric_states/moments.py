"""Exact second moments on the Dicke states, where circuit, loss and start are the same under all permutations of the qubits.

In the eigenbasis of a group's generator an element ab of the state turns by e^{-iψ(d_a - d_b)/2}. Averaged over the angle the
second moments V = E[ρ ⊗ ρ] of the state, forwards, and M = E[O ⊗ O] of the loss, backwards, are multiplied element by element
by the characteristic function of the law, and the moments of a gradient are one contraction of both at its group. That is the
operator module, with matrix units of the Dicke states for strings: K⁴ entries on K states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from bplint.analyses.gradients.answer import NO_SLOPE, Answer, Declined, Slope, certain, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.symmetric_states.dicke import Matrix, is_symmetric, matrix, weights
from bplint.analyses.gradients.tied.variables import Drive
from bplint.ir.circuit import Floats
from bplint.ir.law import Law, Shape

METHOD = "symmetric-states"

STATES = 32
"""Dicke states, at most."""

MEMORY = 1 << 29
"""Bytes of the moments that are kept, at most."""

_TERMS = 1 << 21
"""Strings times states, at most, of one generator."""

_PRICE = 64
"""Operations of a group, in units of K⁵: a moment is taken to the eigenbasis and back, forwards and twice backwards."""

_ZERO = 1e-13
"""A moment this small beside its largest possible value is rounding."""


def symmetric_moments(problem: Problem, effort: Effort) -> Answer | Declined:
    """The moments, exact up to rounding; ``Declined`` where a permutation of the qubits changes something."""
    n, loss = problem.frame.n_qubits, problem.loss
    if not problem.noise.is_trivial or loss.projector:
        return Declined("projectors and noise are not for the Dicke states")
    terms = dict(problem.frame.pull_sum(loss.terms))
    if not is_symmetric(terms, n):
        return Declined("a permutation of the qubits changes the loss")
    found = rotations(problem)
    if isinstance(found, Declined):
        return found
    drive = Drive(problem, found)
    if not all(is_symmetric(group.generator, n) for group in drive.groups):
        return Declined("a permutation of the qubits changes the circuit")
    turned = Counter(v for group in drive.groups for v, _ in group.terms)
    owners = Counter(variable.parameter for variable in drive.variables)
    if max([*turned.values(), *owners.values()], default=0) > 1 or any(len(group.terms) > 1 for group in drive.groups):
        return Declined("a parameter turns several groups")
    distinct = {tuple(sorted(group.generator.items())): group.generator for group in drive.groups}
    if max((len(g) for g in (terms, *distinct.values())), default=0) * n > _TERMS:
        return Declined("too many strings for the Dicke states")
    kept = weights(distinct.values(), n)
    k = len(kept)
    moments, work = 2 * len(drive.groups) + 8, _PRICE * k**5 * len(drive.groups)
    if k > STATES or 16 * k**4 * moments > MEMORY or work > effort.work:
        return Declined(f"the moments of {k} Dicke states are too many")
    turns = {key: _Eigenbasis(matrix(generator, kept, n)) for key, generator in distinct.items()}
    steps = [
        _AveragedGroup(drive, i, turns[tuple(sorted(group.generator.items()))]) for i, group in enumerate(drive.groups)
    ]
    return _measured(drive, steps, matrix(terms, kept, n), loss.constant)


class _Eigenbasis:
    """Eigenvectors of a generator, and d_a - d_b over 2."""

    def __init__(self, generator: Matrix) -> None:
        values, self.vectors = np.linalg.eigh(generator)
        self.omega: Floats = (values[:, None] - values) / 2

    def analysed(self, moment: Matrix) -> Matrix:
        """A (K, K, K, K) moment of two operators in the eigenbasis."""
        return _turned(moment, self.vectors.conj().T)

    def composed(self, moment: Matrix) -> Matrix:
        """The inverse."""
        return _turned(moment, self.vectors)


class _AveragedGroup:
    """A group averaged over its angle; ``kept`` are E[e^{-iθ(ω_ab + ω_cd)}] with the offset's phases, by a, b, c, d."""

    def __init__(self, drive: Drive, number: int, basis: _Eigenbasis) -> None:
        group = drive.groups[number]
        variable, coefficient = group.terms[0] if group.terms else (None, 0.0)
        law = Law(Shape.NORMAL, 0.0) if variable is None else drive.variables[variable].law
        owner = None if variable is None else drive.variables[variable].parameter
        self.basis = basis
        self.parameter = owner if owner in drive.scales else None
        scale = 1.0 if self.parameter is None else drive.scales[self.parameter]
        self.slope: Floats = coefficient * basis.omega / scale
        both = np.add.outer(basis.omega, basis.omega)
        gaps, place = np.unique(np.round(both, 12), return_inverse=True)
        kept = np.array([law.characteristic(coefficient * gap) for gap in gaps.tolist()])
        phases = np.exp(-1j * gaps * (group.offset + coefficient * law.mean))
        self.kept: Matrix = (kept * phases)[place].reshape(both.shape)


def _measured(drive: Drive, steps: Sequence[_AveragedGroup], loss: Matrix, constant: float) -> Answer:
    size = float(np.abs(np.linalg.eigvalsh(loss)).max())
    start: Matrix = np.zeros_like(loss)
    start[0, 0] = 1
    whole = dict.fromkeys(drive.scales, NO_SLOPE)
    # The identity takes the place of one O for means: Tr(ρ) is 1.
    identity = np.eye(len(loss), dtype=np.complex128)
    forward = np.multiply.outer(start, start)
    for step, (square, linear) in zip(steps, _backward(steps, loss, identity), strict=True):
        state = step.basis.analysed(forward)
        if step.parameter is not None:
            inner = state * step.kept
            mean = _contracted(inner * (-1j * step.slope)[:, :, None, None], step.basis.analysed(linear))
            second = _contracted(-inner * np.multiply.outer(step.slope, step.slope), step.basis.analysed(square))
            top = size * 2 * float(np.abs(step.slope).max())
            whole[step.parameter] = Slope(exactly(_clean(mean, top)), exactly(_clean(second, top**2)))
        forward = step.basis.composed(state * step.kept)
    mean = _clean(_contracted(forward, np.multiply.outer(loss, identity)), size)
    second = _clean(_contracted(forward, np.multiply.outer(loss, loss)), size**2)
    return certain(METHOD, exactly(mean + constant), exactly(second + 2 * constant * mean + constant**2), whole)


def _backward(steps: Sequence[_AveragedGroup], loss: Matrix, identity: Matrix) -> Iterator[tuple[Matrix, Matrix]]:
    """E[O ⊗ O] and E[O ⊗ 1] behind each step, the first step first."""
    moments = [(np.multiply.outer(loss, loss), np.multiply.outer(loss, identity))]
    for step in reversed(steps[1:]):
        back = step.kept.transpose(1, 0, 3, 2)  # O_ba turns as ρ_ab does
        square, linear = (step.basis.composed(step.basis.analysed(m) * back) for m in moments[-1])
        moments.append((square, linear))
    return reversed(moments[: len(steps)])


def _turned(moment: Matrix, u: Matrix) -> Matrix:
    """(u ⊗ u) moment (u ⊗ u)†: of two operators, by index a, b, c, d."""
    for axis, factor in enumerate((u, u.conj(), u, u.conj())):
        moment = np.moveaxis(np.tensordot(factor, moment, axes=(1, axis)), 0, axis)
    return moment


def _contracted(states: Matrix, operators: Matrix) -> float:
    """E[Tr(ρA) Tr(ρB)]."""
    return float(np.einsum("abcd,badc->", states, operators).real)


def _clean(value: float, largest: float) -> float:
    return 0.0 if abs(value) <= _ZERO * largest else value
