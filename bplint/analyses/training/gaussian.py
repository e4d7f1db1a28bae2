"""The loss of a circuit of free fermions and its exact gradient at given parameters, from covariances of its Majorana modes.

A circuit on n qubits turns up to 2n modes: Γ becomes QΓQᵀ, Q a product of plane rotations. A string of two modes has a
covariance for its expectation, one of four a Pfaffian of them. Exact at any size, which the states are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.training.majoranas import Majoranas, majoranas
from bplint.ir.circuit import Floats, Index
from bplint.ir.frame import Frame
from bplint.ir.observable import Observable

MODES = 256
"""At most."""

STEP, TOUCHED, OBSERVED = 50_000, 14, 3
"""Operations of one step of an evaluation, there and back, of one entry of a sample in it, and of one in products of matrices."""


class _ModeTurns(NamedTuple):
    """Rows a and b of Q become cos φ Q_a + sin φ Q_b and cos φ Q_b - sin φ Q_a, φ = size · angle of the group; no row twice."""

    groups: Index
    first: Index
    second: Index
    size: Floats


class _ModeTerms(NamedTuple):
    """Σ weight · Γ_ab over ``pairs`` (2, terms), and Σ weight · (Γ_ab Γ_cd - Γ_ac Γ_bd + Γ_ad Γ_bc) over ``fours`` (4, terms)."""

    constant: float
    pairs: Index
    pair_weights: Floats
    fours: Index
    four_weights: Floats
    bare: bool


class GaussianLoss:
    """The loss of a circuit as a function of the angles of its ``groups``."""

    def __init__(
        self, modes: Majoranas, groups: Sequence[RotationGroup], steps: Sequence[_ModeTurns], terms: _ModeTerms
    ) -> None:
        self.groups = tuple(groups)
        self.size = 1 << max(len(modes.modes) // 2 - 1, 0)
        """Basis states of one parity, which it moves in."""
        self._modes = len(modes.modes)
        self._partners, self._signs = np.array(modes.partners), np.array(modes.signs, dtype=np.float64)
        self._steps, self._terms = steps, terms

    def work(self, samples: int) -> int:
        """Operations of one evaluation of so many samples."""
        turned = sum(len(step.first) for step in self._steps)
        return STEP * len(self._steps) + samples * self._modes * (TOUCHED * turned + OBSERVED * self._modes**2)

    def __call__(self, angles: Floats) -> tuple[Floats, Floats]:
        """l, float64 (samples,), and its derivatives, both at angles (groups, samples)."""
        modes, samples = self._modes, angles.shape[1]
        turned = np.repeat(np.eye(modes)[:, None], samples, axis=1)
        kept = [_turn(turned, step, angles) for step in self._steps]
        paired = np.empty_like(turned)  # QΓ
        paired[:, :, self._partners] = turned * self._signs
        loss, by_covariance = self._observed(np.einsum("asc,bsc->abs", paired, turned))
        back = np.einsum("abs,bsc->asc", by_covariance.transpose(1, 0, 2) - by_covariance, paired)
        slopes = np.zeros((len(self.groups), samples))
        for step in reversed(self._steps):
            one, other = kept.pop()
            slope = np.vecdot(back[step.first], other) - np.vecdot(back[step.second], one)
            np.add.at(slopes, step.groups, step.size[:, None] * slope)
            _turn(back, step, -angles)
        return loss, slopes

    def quadratic(self) -> Floats | None:
        """h, antisymmetric, where the loss is its constant and Σ h_ab iγ_aγ_b / 2 on all states; None if it is more than that."""
        terms = self._terms
        if len(terms.four_weights) or not terms.bare:
            return None
        h = np.zeros((self._modes, self._modes))
        np.add.at(h, tuple(terms.pairs), terms.pair_weights)
        return np.asarray(h - h.T)

    def _observed(self, covariance: Floats) -> tuple[Floats, Floats]:
        """The loss of (modes, modes, samples), and its derivatives by every entry."""
        terms = self._terms
        slopes = np.zeros_like(covariance)
        pair, weights = tuple(terms.pairs), terms.pair_weights[:, None]
        loss = terms.constant + (weights * covariance[pair]).sum(axis=0)
        np.add.at(slopes, pair, weights)
        a, b, c, d = terms.fours
        for one, other, sign in (((a, b), (c, d), 1.0), ((a, c), (b, d), -1.0), ((a, d), (b, c), 1.0)):
            weights = sign * terms.four_weights[:, None]
            loss = loss + (weights * covariance[one] * covariance[other]).sum(axis=0)
            np.add.at(slopes, one, weights * covariance[other])
            np.add.at(slopes, other, weights * covariance[one])
        return loss, slopes


def _turn(rows: Floats, step: _ModeTurns, angles: Floats) -> tuple[Floats, Floats]:
    """Turn the rows (modes, samples, modes) in place by angles (groups, samples); those that turned, as they are then."""
    angle = (step.size[:, None] * angles[step.groups])[..., None]
    cosine, sine = np.cos(angle), np.sin(angle)
    a, b = rows[step.first], rows[step.second]
    rows[step.first] = one = cosine * a + sine * b
    rows[step.second] = other = cosine * b - sine * a
    return one, other


def gaussian_loss(frame: Frame, groups: Sequence[RotationGroup], observable: Observable) -> GaussianLoss | None:
    """What evaluates an observable behind a circuit of free fermions; None if it is none, or terms have more than four modes."""
    modes = majoranas((axis for group in groups for axis in group.generator), frame.n_qubits)
    if modes is None or len(modes.modes) > MODES or observable.projector:
        return None
    terms = _terms(modes, frame, observable)
    steps = _steps(modes, groups)
    return None if terms is None or steps is None else GaussianLoss(modes, groups, steps, terms)


def _terms(modes: Majoranas, frame: Frame, observable: Observable) -> _ModeTerms | None:
    constant, bare = 0.0, True
    by_size: dict[int, list[tuple[tuple[int, ...], float]]] = {2: [], 4: []}
    for string, coefficient in frame.pull_sum(observable.terms):
        product = modes.product(string)
        if product is None:
            return None
        count = len(product.modes)
        bare = bare and product.bare and count % 2 == 0
        if count == 0:
            constant += coefficient * product.factor.real
        elif count in by_size:  # ⟨γ_aγ_b⟩ = -i Γ_ab
            by_size[count].append((product.modes, coefficient * (product.factor * (-1j) ** (count // 2)).real))
        elif count % 2 == 0:  # the expectation of an odd product is zero
            return None
    pairs, fours = (
        (np.array([m for m, _ in by_size[k]], dtype=np.intp).reshape(-1, k).T, np.array([w for _, w in by_size[k]]))
        for k in (2, 4)
    )
    return _ModeTerms(constant, *pairs, *fours, bare)


def _steps(modes: Majoranas, groups: Sequence[RotationGroup]) -> list[_ModeTurns] | None:
    """The turns, each as early as its modes allow: those of one step share none."""
    ready: dict[int, int] = defaultdict(int)
    product_of = cache(modes.product)  # layers repeat their axes
    steps: list[list[tuple[int, int, int, float]]] = []
    for number, group in enumerate(groups):
        for axis, coefficient in group.generator.items():
            product = product_of(axis)
            if product is None or len(product.modes) != 2:
                return None
            a, b = product.modes
            at = max(ready[a], ready[b])
            ready[a] = ready[b] = at + 1
            if at == len(steps):
                steps.append([])
            # exp(-iψG/2), G = ±iγ_aγ_b: γ_a becomes γ_a cos ψ ± γ_b sin ψ
            steps[at].append((number, a, b, coefficient * (product.factor * -1j).real))
    return [_turns(step) for step in steps]


def _turns(step: Sequence[tuple[int, int, int, float]]) -> _ModeTurns:
    groups, first, second, size = zip(*step, strict=True)
    return _ModeTurns(np.array(groups), np.array(first), np.array(second), np.array(size))
