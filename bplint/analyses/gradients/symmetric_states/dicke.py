"""Sums of strings that all permutations of the qubits leave alone, as matrices on Dicke states.

|D_k> is the uniform superposition of the basis states of weight k. With r(k, k') the sum of the amplitudes by which a sum of
strings takes one basis state of weight k to all of weight k', its element is <D_k'|G|D_k> = r(k, k') sqrt(C(n,k)/C(n,k')).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Matrix: TypeAlias = "npt.NDArray[np.complex128]"

_EQUAL = 1e-12
"""Coefficients that differ by less, beside the largest, are equal."""

_NOTHING = 1e-12
"""An element this small beside Σ |coefficient| is zero."""


def is_symmetric(terms: Mapping[int, float], n: int) -> bool:
    """Whether the strings of each number of X, Y and Z are all there, with one coefficient."""
    kinds: dict[tuple[int, int, int], list[float]] = defaultdict(list)
    for string, coefficient in terms.items():
        x, z = string & (1 << n) - 1, string >> n
        y = (x & z).bit_count()
        kinds[x.bit_count() - y, y, z.bit_count() - y].append(coefficient)
    floor = _EQUAL * max(map(abs, terms.values()), default=0.0)
    return all(
        len(found) == _arrangements(n, kind) and max(found) - min(found) <= floor for kind, found in kinds.items()
    )


def _arrangements(n: int, kind: Iterable[int]) -> int:
    ways, left = 1, n
    for count in kind:
        ways *= math.comb(left, count)
        left -= count
    return ways


def moves(terms: Mapping[int, float], weight: int, n: int) -> dict[int, complex]:
    """r(weight, k') by k', where it is not zero."""
    state = (1 << weight) - 1
    found: dict[int, complex] = defaultdict(complex)
    for string, coefficient in terms.items():
        x, z = string & (1 << n) - 1, string >> n
        sign = -1 if (z & state).bit_count() & 1 else 1
        found[(state ^ x).bit_count()] += sign * coefficient * 1j ** ((x & z).bit_count() % 4)
    floor = _NOTHING * math.fsum(map(abs, terms.values()))
    return {k: value for k, value in found.items() if abs(value) > floor}


def weights(sums: Iterable[Mapping[int, float]], n: int) -> list[int]:
    """The weights that the sums lead to from |0…0>, ascending."""
    sums = list(sums)
    found, new = {0}, {0}
    while new:
        new = {k for weight in new for terms in sums for k in moves(terms, weight, n)} - found
        found |= new
    return sorted(found)


def matrix(terms: Mapping[int, float], kept: Sequence[int], n: int) -> Matrix:
    """<D_k'|G|D_k>, complex128 (k', k), for the weights that are ``kept``; what leads to others is left out."""
    place = {weight: i for i, weight in enumerate(kept)}
    elements: Matrix = np.zeros((len(kept), len(kept)), dtype=np.complex128)
    for weight, i in place.items():
        for other, value in moves(terms, weight, n).items():
            if other in place:
                elements[place[other], i] = value * math.sqrt(math.comb(n, weight) / math.comb(n, other))
    return elements
