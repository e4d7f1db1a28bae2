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
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from bplint.ir.pauli import PauliTerms, flipped

if TYPE_CHECKING:
    from bplint.ir.circuit import Floats

WORK = 1 << 23
"""Signs, and pairs of strings, that are tried at most."""

_EQUAL = 1e-13
"""Sums this close, beside the largest possible, may be equal."""


def taken_apart(
    elements: Iterable[PauliTerms], n_qubits: int, work: int = WORK, *, any_weights: bool = False
) -> list[PauliTerms]:
    """The elements, sums of commuting strings, in as many parts as this shows.

    With ``any_weights`` those whose coefficients differ in size stand for almost all coefficients of their strings.
    """
    parts: dict[int, PauliTerms] = {}
    weighted: set[int] = set()
    waiting: deque[tuple[int, int]] = deque()
    numbers = count()

    def add(terms: PauliTerms, *, is_weighted: bool) -> None:
        number = next(numbers)
        for other in parts:
            waiting.extend([(number, other)] if len(parts[other]) > 1 else [])
            waiting.extend([(other, number)] if len(terms) > 1 else [])
        parts[number] = terms
        weighted.update([number] if is_weighted else [])

    for terms in dict.fromkeys(tuple(sorted(terms)) for terms in elements):
        add(terms, is_weighted=any_weights and is_unequal(terms))
    while waiting and work > 0:
        b, a = waiting.popleft()
        if b not in parts or a not in parts:
            continue
        classes, spent = _told_apart(parts[b], parts[a], n_qubits, any_weights=b in weighted)
        work -= spent
        if len(classes) > 1:
            del parts[a]
            for terms in classes:
                add(terms, is_weighted=a in weighted)
    return list(parts.values())


def is_unequal(terms: PauliTerms) -> bool:
    """Whether coefficients differ in size."""
    sizes = [abs(c) for _, c in terms]
    return max(sizes) - min(sizes) > _EQUAL * max(sizes)


def _told_apart(b: PauliTerms, a: PauliTerms, n: int, *, any_weights: bool) -> tuple[list[PauliTerms], int]:
    """The parts into which B takes A, and the work of it."""
    if len(b) == 1:
        turned = flipped(b[0][0], n)
        sides: tuple[list[tuple[int, float]], ...] = ([], [])
        for term in a:
            sides[(turned & term[0]).bit_count() & 1].append(term)
        return [tuple(side) for side in sides if side], len(a)
    flips = [(flipped(q, n), k) for k, (q, _) in enumerate(b)]
    meeting = [tuple(k for turned, k in flips if (turned & string).bit_count() & 1) for string, _ in a]
    pairs, signs = len(a) * len(b), 0
    labels: Sequence[object] = meeting  # for almost all weights, different sums have different values
    if not any_weights:
        signs = sum(1 << max(len(met) - 1, 0) for met in meeting)
        if signs > WORK:
            return [a], pairs
        sizes = [tuple(sorted([abs(b[k][1]) for k in met])) for met in meeting]
        distinct = tuple(dict.fromkeys(sizes))  # mostly one
        number = dict(zip(distinct, _overlapping(distinct), strict=True))
        labels = [number[met] for met in sizes]
    by_spectrum: dict[object, list[tuple[int, float]]] = {}
    for term, label in zip(a, labels, strict=True):
        by_spectrum.setdefault(label, []).append(term)
    return [tuple(terms) for terms in by_spectrum.values()], pairs + signs


@lru_cache(maxsize=64)
def _overlapping(meeting: Sequence[Sequence[float]]) -> Sequence[int]:
    """The number of the set that each is in, where those with a value of (Σ ± c)² in common are in one."""
    if len(meeting) == 1:
        return (0,)
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
