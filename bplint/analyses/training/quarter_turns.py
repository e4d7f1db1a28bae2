"""A loss where every rotation turns by quarters: its value and its slopes, exact at any size, and where it is low.

There the circuit is a Clifford and |0…0> becomes a stabilizer state, in which a string is ±1 or 0 (arXiv:quant-ph/9807006).
That low losses among these are good places to start from: Ravi et al., arXiv:2202.12924; Cheng et al., arXiv:2207.01539.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bplint.ir.frame import Images
from bplint.ir.pauli import PauliTerms, anticommute, multiply, qubits

SWEEPS = 3
"""Rounds of the search over all rotations."""

ROUNDING = 1e-9
"""Of the sum of the coefficients: losses that differ by less are equal."""


class QuarterTurns(NamedTuple):
    """A number of quarter turns, 0 to 3, for each rotation; the ``loss`` there, without its constant, and its ``slopes`` by the
    angles of the rotations."""

    quarters: tuple[int, ...]
    loss: float
    slopes: tuple[float, ...]


def at(axes: Sequence[int], quarters: Sequence[int], terms: PauliTerms, n_qubits: int) -> QuarterTurns:
    """The loss Σ coefficient · string behind the rotations about these axes, all from |0…0>."""
    return _swept(axes, quarters, terms, n_qubits, lambda quarter, along: quarter)


def low(axes: Sequence[int], begun: Sequence[int], terms: PauliTerms, n_qubits: int) -> QuarterTurns:
    """Where each rotation in turn has been set to what is best for it until none can be bettered, from ``begun`` on."""
    slack = ROUNDING * math.fsum(abs(c) for _, c in terms)

    def best(quarter: int, along: Sequence[float]) -> int:
        least = min(along)
        return quarter if along[quarter] <= least + slack else along.index(least)

    found = at(axes, begun, terms, n_qubits)
    for _ in range(SWEEPS):
        before, found = found, _swept(axes, found.quarters, terms, n_qubits, best)
        if found.quarters == before.quarters:
            break
    return at(axes, found.quarters, terms, n_qubits)


def _swept(
    axes: Sequence[int],
    quarters: Sequence[int],
    terms: PauliTerms,
    n: int,
    choose: Callable[[int, Sequence[float]], int],
) -> QuarterTurns:
    """Set each rotation in circuit order to what ``choose`` makes of its quarters and of the varying part of the loss at 0 to 3."""
    behind: list[PauliTerms] = []
    for axis, quarter in zip(reversed(axes), reversed(quarters), strict=True):
        behind.append(terms)
        terms = tuple(_turned(term, axis, quarter, n) for term in terms)
    loss = math.fsum(c for string, c in terms if not string & ((1 << n) - 1))
    images, chosen, slopes = Images(n), [], []
    for axis, quarter, seen in zip(axes, quarters, reversed(behind), strict=True):
        met = [term for term in seen if anticommute(term[0], axis, n)]
        cosine = _expected(images, met)
        sine = _expected(images, [_turned(term, axis, 1, n) for term in met])
        along = (cosine, sine, -cosine, -sine)
        new = choose(quarter, along)
        loss += along[new] - along[quarter]
        chosen.append(new)
        slopes.append(along[(new + 1) & 3])
        if new:
            places = list(qubits(axis, n))
            images.turn(places, [(axis >> q & 1) | (axis >> (q + n) & 1) << 1 for q in places], new)
    return QuarterTurns(tuple(chosen), loss, tuple(slopes))


def _turned(term: tuple[int, float], axis: int, quarter: int, n: int) -> tuple[int, float]:
    """What becomes of a term c P pulled through quarter turns about G: c cos P + c sin iGP where they anticommute."""
    string, coefficient = term
    if not quarter or not anticommute(string, axis, n):
        return term
    if quarter == 2:
        return string, -coefficient
    product, phase = multiply(axis, string, n)
    return product, coefficient if (phase + quarter) & 3 == 0 else -coefficient


def _expected(images: Images, terms: Sequence[tuple[int, float]]) -> float:
    """In the stabilizer state that the images belong to."""
    total, n = 0.0, images.n_qubits
    for string, coefficient in terms:
        pulled, negative = images.pull(string)
        if not pulled & ((1 << n) - 1):
            total += -coefficient if negative else coefficient
    return total
