"""The spectral range of a sum of commuting Pauli strings: what the noise of a shift rule grows with.

Of commuting strings some are independent, and every choice of their signs is a joint eigenvalue; the signs of the others
follow. Strings that no product ties together are maximised apart. Of the rest, few independent ones are tried in all their
signs (a Walsh-Hadamard transform); where few depend on the others, the cheapest signs that do not fit are looked for
by the checks they break (Wolf 1978, the trellis of a code). One string has the range 1, n independent ones the sum.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bplint.ir.circuit import Floats
from bplint.ir.pauli import PauliTerms, multiply, ones

FREE = 12
"""Independent strings that are tried in all their signs."""

CHECKS = 12
"""Dependent strings whose broken checks are."""

WORK = 1 << 22
"""Strings times qubits beyond which the sum of the sizes is taken at once."""


class SpectralRange(NamedTuple):
    """(λ_max - λ_min)/2, or with ``exact`` False the sum of the coefficients' sizes, which it does not exceed."""

    value: float
    exact: bool = True


class _Dependent(NamedTuple):
    """A string that is, up to the sign, the product of the independent ones in ``mask``."""

    mask: int
    negative: bool
    coefficient: float


def spectral_range(terms: PauliTerms, n_qubits: int) -> SpectralRange:
    """Of Σ coefficient · P_string, distinct strings that commute, none the identity."""
    total = math.fsum(abs(c) for _, c in terms)
    if len(terms) < 3:  # two distinct strings are independent
        return SpectralRange(total)
    if len(terms) * n_qubits > WORK:
        return SpectralRange(total, False)
    free, dependent = _split(terms, n_qubits)
    value, exact = 0.0, True
    for mask, tied in _components(len(free), dependent):
        independent = _range(free, list(ones(mask)), tied)
        exact = exact and independent.exact
        value += independent.value
    return SpectralRange(value, exact)


def _split(terms: PauliTerms, n: int) -> tuple[list[float], list[_Dependent]]:
    """The coefficients of independent strings, and the strings that depend on them."""
    rows: dict[int, tuple[int, int, int]] = {}  # by leading bit: i^k P_string is the product of the strings in the mask
    free: list[float] = []
    dependent = []
    for string, coefficient in terms:
        rest, k, mask = string, 0, 0
        while rest and (row := rows.get(rest.bit_length())):
            rest, phase = multiply(rest, row[0], n)
            k, mask = k + phase + row[1], mask ^ row[2]
        if rest:
            rows[rest.bit_length()] = rest, -k & 3, mask | 1 << len(free)
            free.append(coefficient)
        else:
            dependent.append(_Dependent(mask, k & 3 == 2, coefficient))
    return free, dependent


def _components(free: int, dependent: Iterable[_Dependent]) -> list[tuple[int, list[_Dependent]]]:
    """Independent strings that dependent ones tie together, as masks, each with these dependent ones."""
    components: list[tuple[int, list[_Dependent]]] = []
    for one in dependent:
        mask, tied = one.mask, [one]
        apart = []
        for other in components:
            if other[0] & mask:
                mask, tied = mask | other[0], tied + other[1]
            else:
                apart.append(other)
        components = [*apart, (mask, tied)]
    bound = 0
    for mask, _ in components:
        bound |= mask
    return components + [(1 << i, []) for i in range(free) if not bound >> i & 1]


def _range(free: Sequence[float], places: Sequence[int], tied: Sequence[_Dependent]) -> SpectralRange:
    total = math.fsum(abs(free[i]) for i in places) + math.fsum(abs(one.coefficient) for one in tied)
    if not tied:
        return SpectralRange(total)
    if len(places) <= FREE:
        values = _eigenvalues(free, places, tied)
        return SpectralRange(float(values.max() - values.min()) / 2)
    if len(tied) <= CHECKS:
        losses = _losses(free, places, tied)
        return SpectralRange(total - sum(float(losses[_broken(free, tied, sign)]) for sign in (1, -1)))
    return SpectralRange(total, False)


def _eigenvalues(free: Sequence[float], places: Sequence[int], tied: Sequence[_Dependent]) -> Floats:
    """All joint eigenvalues."""
    import numpy as np

    position = {place: k for k, place in enumerate(places)}
    values = np.zeros(1 << len(places))
    for place, k in position.items():
        values[1 << k] = free[place]
    for one in tied:
        index = sum(1 << position[place] for place in ones(one.mask))
        values[index] += -one.coefficient if one.negative else one.coefficient
    for k in range(len(places)):
        pairs = values.reshape(-1, 2, 1 << k)
        values = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).reshape(-1)
    return values


def _losses(free: Sequence[float], places: Sequence[int], tied: Sequence[_Dependent]) -> Floats:
    """By the set of checks that wishes break, the least size of the signs that have to give way."""
    import numpy as np

    columns: dict[int, list[float]] = defaultdict(list)
    for place in places:
        columns[sum(1 << k for k, one in enumerate(tied) if one.mask >> place & 1)].append(abs(free[place]))
    for k, one in enumerate(tied):
        columns[1 << k].append(abs(one.coefficient))
    every = np.arange(1 << len(tied))
    losses = np.where(every == 0, 0.0, np.inf)
    for column, sizes in columns.items():
        losses = np.minimum(losses, losses[every ^ column] + min(sizes))  # to turn two signs of one column is no use
    return losses


def _broken(free: Sequence[float], tied: Sequence[_Dependent], sign: int) -> int:
    """The checks that fail when each string has the sign that makes its term largest, or smallest for ``sign`` -1."""
    broken = 0
    for k, one in enumerate(tied):
        wished = (sign * one.coefficient < 0) ^ one.negative
        product = sum(sign * free[place] < 0 for place in ones(one.mask)) & 1
        broken |= (wished != bool(product)) << k
    return broken
