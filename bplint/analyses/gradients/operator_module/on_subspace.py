"""The module of an invariant subspace: matrix units of its k dimensions.

In the eigenbasis of a generator, with eigenvalues d, the matrix unit |a><b| has the frequency (d_a - d_b)/2. A matrix of second
moments has 1 + k² rows, and its transform is one of k dimensions for each of four indices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.operator_module.action import Matrix, Module, distinct
from bplint.analyses.gradients.operator_module.events import Event, Phase
from bplint.analyses.gradients.symmetric_states.invariant_subspace import InvariantSubspace
from bplint.ir.circuit import Floats, Index

METHOD = "symmetric-states"

_PRICE, _DIMENSION = 64, 40
"""Operations of a matrix entry, and for each dimension."""


def on_subspace(events: Sequence[Event], subspace: InvariantSubspace) -> Module:
    """The module of these events, whose generators the subspace holds."""
    k = len(subspace.loss)
    known: dict[int, tuple[Matrix, Floats, Index]] = {}
    kept, actions = [], []
    for event, generator in zip(events, subspace.generators, strict=True):
        if generator is None:
            continue
        if id(generator) not in known:
            known[id(generator)] = _diagonal(generator)
        kept.append(event)
        actions.append(MatrixUnitAction(event.phase, *known[id(generator)]))
    start = np.zeros(1 + k**2, dtype=np.complex128)
    start[:2] = 1
    return Module(
        method=METHOD,
        events=kept,
        actions=actions,
        start=start,
        end=np.concatenate([np.ones(1), subspace.loss.ravel()]),
        offset=subspace.offset,
        size=subspace.size,
    )


def price(dimension: int) -> int:
    """Operations that a matrix entry of an event costs."""
    return _PRICE + _DIMENSION * dimension


class MatrixUnitAction(NamedTuple):
    """``vectors`` are the eigenvectors of the generator, complex128 (k, k)."""

    phase: Phase
    vectors: Matrix
    frequencies: Floats
    code: Index

    @property
    def size(self) -> int:
        return len(self.code)

    @property
    def price(self) -> int:
        return price(len(self.vectors))

    def analysed(self, matrix: Matrix) -> Matrix:
        return _both_sides(matrix, self.vectors.conj().T)

    def composed(self, matrix: Matrix) -> Matrix:
        return _both_sides(matrix, self.vectors)


def _diagonal(generator: Matrix) -> tuple[Matrix, Floats, Index]:
    values, vectors = np.linalg.eigh(generator)
    gaps = (values[:, None] - values).ravel() / 2
    return vectors, *distinct(np.concatenate([np.zeros(1), gaps]))


def _both_sides(matrix: Matrix, u: Matrix) -> Matrix:
    """T M T†, where T takes matrices O to u O u†."""
    return _turned(_turned(matrix, u).conj().T, u).conj().T


def _turned(matrix: Matrix, u: Matrix) -> Matrix:
    """T M, each column a number and a matrix O."""
    k, columns = len(u), matrix.shape[1]
    turned = matrix.astype(np.complex128)
    first = u @ turned[1:].reshape(k, k * columns)
    turned[1:] = (u.conj() @ first.reshape(k, k, columns)).reshape(k * k, columns)
    return turned
