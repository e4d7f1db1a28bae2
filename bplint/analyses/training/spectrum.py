"""The values that a loss can have on all states: both ends of its spectrum, by Lanczos iteration or by those of free fermions."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from bplint.analyses.symmetry.ground import applied, diagonals
from bplint.ir.circuit import Floats
from bplint.ir.observable import Observable

QUBITS = 18
"""Up to so many a state is written down."""

WORK = 1 << 24
"""Terms times states, at most."""

STEPS = 400
"""Of the iteration, at most."""

_RESIDUAL = 1e-8
"""Of both ends, in units of Σ |c|: neither is further from an eigenvalue."""


class Spectrum(NamedTuple):
    """Where a loss can lie at all: ``best`` is what training wants, ``width`` is between both ends, ``mean`` over all states.

    A projector wants its maximum, all else the minimum.
    """

    best: float
    mean: float
    width: float


@lru_cache(maxsize=4)  # one loss, many changes
def spectrum_of(observable: Observable) -> Spectrum | None:
    """The spectrum of a loss, on all states; None where it is too large, did not converge, or is one point."""
    n, constant = observable.n_qubits, observable.constant
    if observable.projector:
        return Spectrum(1.0, 2.0 ** -len(observable.projector), 1.0)
    if not observable.terms or n > QUBITS or len(observable.terms) << n > WORK:
        return None
    ends = _ends(observable)
    if ends is None or ends[0] >= ends[1]:
        return None
    return Spectrum(ends[0] + constant, constant, ends[1] - ends[0])


def spectrum_of_modes(h: Floats, constant: float) -> Spectrum | None:
    """The spectrum of constant + Σ h_ab iγ_aγ_b / 2, h antisymmetric: modes ±λ/2 for each pair ±iλ of eigenvalues of h."""
    width = float(np.linalg.svd(h, compute_uv=False).sum())
    return Spectrum(constant - width / 2, constant, width) if width else None


def _ends(observable: Observable) -> tuple[float, float] | None:
    """The least and the largest eigenvalue of the terms, from one iteration of three terms; None if it did not converge.

    Vectors lose their orthogonality where an end has converged, which brings copies of it and nothing below it.
    """
    n = observable.n_qubits
    matrix = diagonals(observable.terms, n)
    scale = sum(abs(c) for _, c in observable.terms)
    random = np.random.default_rng(0)
    vector = random.normal(size=1 << n) + 1j * random.normal(size=1 << n)
    vector /= np.linalg.norm(vector)
    before = np.zeros_like(vector)
    diagonal: list[float] = []
    beside: list[float] = []
    for step in range(STEPS):
        image = applied(matrix, vector)
        diagonal.append(float(np.vdot(vector, image).real))
        image -= diagonal[-1] * vector + (beside[-1] * before if beside else 0.0)
        rest = float(np.linalg.norm(image))
        ended = rest < 1e-12 * scale
        if ended or step % 8 == 7:
            values, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
            if ended or rest * np.abs(vectors[-1, [0, -1]]).max() < _RESIDUAL * scale:
                return float(values[0]), float(values[-1])
        beside.append(rest)
        before, vector = vector, image / rest
    return None
