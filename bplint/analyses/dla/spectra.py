"""Sums of strings that an algebra takes apart by the spectra of its elements, as those of QAOA with generic weights.

Let B = Σ b_Q Q be a sum of commuting strings and A = Σ a_P P another element of the algebra. With h_P the sum of the b_Q Q that
anticommute with P, ad_B² P = 4 h_P² P, as h_P commutes with B. So for every polynomial p the algebra has Σ a_P p(4 h_P²) P.
Where the spectra of h_P² are disjoint for two sets of the strings P, a p that is 1 on one and 0 on the other takes A apart; and
the parts take others apart. The spectrum lies among the squares of Σ ± b_Q, so that real numbers a rounding apart are all that
must be compared; values closer than that count as equal.

For MaxCut with weights from a continuous law all sums Σ ± w of different vertices differ, so that each X and each ZZ is an
element, and the algebra is that of separate angles (arXiv:2512.24577 has its dimension).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from bplint.ir.pauli import PauliTerms, flipped

if TYPE_CHECKING:
    from bplint.ir.circuit import Floats

WORK = 1 << 23
"""Signs, and pairs of strings, that are tried at most."""

_EQUAL = 1e-13
"""Sums this close, beside the largest possible, may be equal."""


def taken_apart(elements: Iterable[PauliTerms], n_qubits: int, work: int = WORK) -> list[PauliTerms]:
    """The elements, sums of commuting strings, in as many parts as this shows."""
    parts: dict[int, PauliTerms] = {}
    waiting: deque[tuple[int, int]] = deque()

    def add(terms: PauliTerms, number: int) -> None:
        for other in parts:
            waiting.extend([(number, other)] if len(parts[other]) > 1 else [])
            waiting.extend([(other, number)] if len(terms) > 1 else [])
        parts[number] = terms

    numbers = count()
    for terms in dict.fromkeys(tuple(sorted(terms)) for terms in elements):
        add(terms, next(numbers))
    while waiting and work > 0:
        b, a = waiting.popleft()
        if b not in parts or a not in parts:
            continue
        classes, spent = _told_apart(parts[b], parts[a], n_qubits)
        work -= spent
        if len(classes) > 1:
            del parts[a]
            for terms in classes:
                add(terms, next(numbers))
    return list(parts.values())


def with_any_weights(elements: Iterable[PauliTerms]) -> list[PauliTerms]:
    """The same strings with weights from a continuous law: what holds for them holds for almost all weights."""
    random = Random(0)
    return [tuple((string, random.uniform(1.0, 2.0)) for string, _ in terms) for terms in elements]


def _told_apart(b: PauliTerms, a: PauliTerms, n: int) -> tuple[list[PauliTerms], int]:
    """The parts into which B takes A, and the work of it."""
    if len(b) == 1:
        turned = flipped(b[0][0], n)
        sides: tuple[list[tuple[int, float]], ...] = ([], [])
        for term in a:
            sides[(turned & term[0]).bit_count() & 1].append(term)
        return [tuple(side) for side in sides if side], len(a)
    flips = [(flipped(q, n), c) for q, c in b]
    meeting = [[c for turned, c in flips if (turned & string).bit_count() & 1] for string, _ in a]
    pairs, signs = len(a) * len(b), sum(1 << max(len(c) - 1, 0) for c in meeting)
    if signs > WORK:
        return [a], pairs
    found: dict[int, list[tuple[int, float]]] = {}
    for term, root in zip(a, _overlapping(meeting), strict=True):
        found.setdefault(root, []).append(term)
    return [tuple(terms) for terms in found.values()], pairs + signs


def _overlapping(meeting: Sequence[Sequence[float]]) -> list[int]:
    """The number of the set that each is in, where those with a value of (Σ ± c)² in common are in one."""
    import numpy as np

    spectra = [_squares(c) for c in meeting]
    values = np.concatenate(spectra)
    owner = np.repeat(np.arange(len(spectra)), [len(s) for s in spectra])
    order = np.argsort(values)
    close = np.diff(values[order]) <= _EQUAL * float(values.max())
    joined = np.unique(np.stack([owner[order][:-1][close], owner[order][1:][close]]), axis=1)
    return _roots(len(spectra), joined.T.tolist())


def _squares(coefficients: Sequence[float]) -> Floats:
    """(Σ ± c)² for all signs, but for a common one; 0 without coefficients."""
    import numpy as np

    sums = np.array(coefficients[:1] or [0.0])
    for c in coefficients[1:]:
        sums = np.concatenate([sums + c, sums - c])
    return sums**2


def _roots(count: int, joined: Iterable[Sequence[int]]) -> list[int]:
    """The number of the set that each is in, where pairs of them are ``joined``."""
    root = list(range(count))

    def find(k: int) -> int:
        while root[k] != k:
            root[k] = root[root[k]]
            k = root[k]
        return k

    for one, other in joined:
        root[find(one)] = find(other)
    return [find(k) for k in range(count)]
