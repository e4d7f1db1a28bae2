"""The simple ideals of a compact Lie algebra and their names, read from its roots.

A random element h is regular: what commutes with it is a Cartan subalgebra t, whose dimension is the rank. Eigenvectors e
of [h, ·] with other eigenvalues are root vectors, [t, e] = -iα(t) e, and the invariance of the inner product gives the
whole root from any element k: ⟨t, [k, e]⟩ = iα(t) ⟨k, e⟩. Roots of different simple ideals are orthogonal, so the ideals
are the connected components of the roots, and the number, rank and lengths of its roots name each (Cartan and Killing;
Humphreys, Introduction to Lie Algebras, sections 9-11): dimension and rank alone do not tell so(2n+1) from sp(n).

All of this is floating point, but a wrong answer does not pass for a right one: every 2(α, β)/(β, β) has to be a whole number,
every component a root system of the list, and the dimensions have to add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bplint.analyses.dla.ideals.basis import Orthonormal
from bplint.ir.circuit import Floats

_TRIES = 4

_ZERO = 1e-9
"""An eigenvalue this small beside the largest is zero."""

_APART = 1e-7
"""Eigenvalues closer than this beside the largest would mix their eigenvectors: another random element is taken."""

_WHOLE = 1e-4
"""Distance from a whole number at which a Cartan integer is taken for it."""


class Ideal(NamedTuple):
    """A simple ideal by the name of its compact real form, such as ``su(3)``."""

    algebra: str
    rank: int
    basis: Floats
    """Orthonormal columns in the coordinates of the algebra (d, dimension)."""

    @property
    def dimension(self) -> int:
        """Real dimension."""
        return int(self.basis.shape[1])


class Ideals(NamedTuple):
    """The direct sum of a centre and simple ideals, the largest first."""

    center: Floats
    """Orthonormal columns (d, dimension of the centre)."""
    simple: tuple[Ideal, ...]


def ideals(algebra: Orthonormal, *, seed: int = 0) -> Ideals | None:
    """The ideals; None if floating point does not tell them."""
    if not len(algebra.square):  # what cancels generates nothing
        return Ideals(algebra.square, ())
    values, vectors = np.linalg.eigh(algebra.square)
    central = values < 1e-13 * max(1.0, values[-1])
    center, rest = vectors[:, central], vectors[:, ~central]
    if not rest.shape[1]:
        return Ideals(center, ())
    elements = algebra.elements @ rest
    actions = rest.T @ algebra.actions @ rest
    random = np.random.Generator(np.random.PCG64(seed))
    for _ in range(_TRIES):
        roots = _roots(_regular(actions, random), elements, actions)
        parts = list(_components(roots)) if roots else [None]
        simple = [Ideal(one.algebra, one.rank, rest @ one.basis) for one in parts if one]
        if len(simple) == len(parts) and sum(one.dimension for one in simple) == rest.shape[1]:
            return Ideals(center, tuple(sorted(simple, key=lambda one: (-one.dimension, one.algebra))))
    return None


class _Roots(NamedTuple):
    """The positive roots as rows over an orthonormal basis of t, with their root vectors as columns."""

    roots: Floats
    vectors: Floats
    cartan: Floats
    """The basis of t as columns."""


def _regular(actions: Floats, random: np.random.Generator) -> Floats:
    """The bracket with a random element: repeated brackets of random combinations, with all of them added again."""
    first, second = np.tensordot(random.normal(size=(2, len(actions))), actions, 1)
    for _ in range(len(first[0]).bit_length() + 2):  # lengths of words double
        product = first @ second
        bracket = product - product.T
        scale = np.sqrt(len(first)) / max(np.linalg.norm(bracket), 1e-300)
        weights = random.normal(size=(2, 3))
        fresh = np.tensordot(random.normal(size=(2, len(actions))), actions, 1)
        first, second = (
            w[0] * first + w[1] * second + w[2] * scale * bracket + more for w, more in zip(weights, fresh, strict=True)
        )
        first, second = (m * np.sqrt(len(m)) / np.linalg.norm(m) for m in (first, second))
    return np.asarray(first)


def _roots(regular: Floats, elements: Floats, actions: Floats) -> _Roots | None:
    """All roots of the algebra without its centre; None if the element is not regular enough."""
    values, vectors = np.linalg.eigh(1j * regular)
    zero = np.abs(values) < _ZERO * values[-1]
    positive = values[~zero & (values > 0)]
    if not zero.any() or np.diff(np.concatenate(([0.0], positive))).min(initial=1.0) < _APART * values[-1]:
        return None
    kernel = vectors[:, zero]
    # The kernel is real, its eigenvectors need not be.
    cartan = np.linalg.svd(np.hstack((kernel.real, kernel.imag)), full_matrices=False)[0][:, : kernel.shape[1]]
    raising = vectors[:, ~zero & (values > 0)]
    overlaps = elements @ raising
    # Least squares over the elements k, for the sake of roots to which some k is nearly orthogonal.
    sums = np.einsum("kn,krn->nr", overlaps.conj(), cartan.T @ actions @ raising)
    roots = sums / 1j / (np.abs(overlaps) ** 2).sum(axis=0)[:, None]
    return _Roots(np.ascontiguousarray(roots.real), raising, cartan)


def _components(system: _Roots) -> Iterator[Ideal | None]:
    """The ideal of each connected component of the roots; None for what is no root system."""
    gram = system.roots @ system.roots.T
    integers = 2 * gram / np.diag(gram)
    whole = np.rint(integers)
    if np.abs(integers - whole).max() > _WHOLE:
        yield None
        return
    waiting = np.ones(len(gram), dtype=bool)
    while waiting.any():
        members = np.arange(len(gram)) == np.argmax(waiting)
        while (grown := np.asarray(whole[members].any(axis=0))).sum() > members.sum():
            members = grown
        waiting &= ~members
        yield _ideal(system, members, np.diag(gram)[members])


def _ideal(system: _Roots, members: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], squares: Floats) -> Ideal | None:
    axes, lengths, _ = np.linalg.svd(system.roots[members].T, full_matrices=False)
    rank = int((lengths > _WHOLE * lengths[0]).sum())
    ratio = round(squares.max() / squares.min())
    name = _name(rank, len(squares), ratio, int((squares > 0.75 * squares.max()).sum()))
    if name is None:
        return None
    raising = system.vectors[:, members] * np.sqrt(2)
    return Ideal(name, rank, np.hstack((system.cartan @ axes[:, :rank], raising.real, raising.imag)))


def _name(rank: int, positive: int, ratio: int, long: int) -> str | None:
    """The compact algebra with so many positive roots, squared lengths in this ratio, ``long`` of the greatest length.

    Of algebras that coincide: su(2), so(5) = sp(2), so(6) = su(4).
    """
    n = rank
    exceptional = {(6, 36, 1): "e(6)", (7, 63, 1): "e(7)", (8, 120, 1): "e(8)", (4, 24, 2): "f(4)", (2, 6, 3): "g(2)"}
    match ratio:
        case 1 if positive == n * (n - 1) and n >= 3:
            return f"so({2 * n})"
        case 1 if positive == n * (n + 1) // 2:
            return f"su({n + 1})"
        case 2 if positive == n * n and long == n * (n - 1):
            return f"so({2 * n + 1})"
        case 2 if positive == n * n and long == n:
            return f"sp({n})"
        case _:
            return exceptional.get((rank, positive, ratio))
