"""Dicke states of qubits that a circuit cannot tell apart, at any number of qubits.

Qubits of which any two can be exchanged, so that every generator stays as it is, are a *cell* (complete graphs have one, stars and
complete bipartite graphs two). Then all permutations within the cells do so, and the circuit stays in the span of products of
Dicke states, |D_w> the uniform superposition of the basis states of weight w of a cell. Nothing is asked of the loss: only its
part within the span counts, for which a string is the same as the average over all its permutations.

On a cell of m qubits the average over the permutations of x X's, y Y's and z Z's takes a basis state of weight w to those of
weight w' with amplitudes that add up to r(w, w'), and <D_w'|average|D_w> = r(w, w') sqrt(C(m,w)/C(m,w')).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from typing import TypeAlias

import numpy as np

from bplint.analyses.gradients.symmetric_states.invariant_subspace import InvariantSubspace, Matrix
from bplint.ir.pauli import ones

STATES = 1 << 9
"""Products of Dicke states, at most."""

_EQUAL = 1e-12
"""Coefficients that differ by less, beside the largest, are equal."""

Letters: TypeAlias = tuple[int, int, int]
"""How many X, Y and Z."""

Terms: TypeAlias = Mapping[int, float]


def dicke_subspace(generators: Sequence[Terms], loss: Terms, n: int) -> InvariantSubspace | None:
    """The subspace of a circuit with these generators, in time order; None where there are too many cells.

    ``loss`` is without its constant. None too where no cell has two qubits.
    """
    distinct = {tuple(sorted(generator.items())): generator for generator in generators}
    cells = _cells(list(distinct.values()), n)
    sizes = [cell.bit_count() for cell in cells]
    if max(sizes) == 1 or math.prod(size + 1 for size in sizes) > STATES:
        return None
    inside = {key: matrix(generator, cells) for key, generator in distinct.items()}
    kept = _reached(list(inside.values()), math.prod(size + 1 for size in sizes))
    square = np.ix_(kept, kept)
    seen = matrix(loss, cells)[square]
    inside = {key: block[square] for key, block in inside.items()}
    return InvariantSubspace(
        generators=[inside[tuple(sorted(generator.items()))] for generator in generators],
        loss=seen,
        offset=0.0,
        size=float(np.abs(np.linalg.eigvalsh(seen)).max()),
    )


def matrix(terms: Terms, cells: Sequence[int]) -> Matrix:
    """The part of a sum of strings within the products of Dicke states, by weights, those of the last cell fastest."""
    sizes = [cell.bit_count() for cell in cells]
    total: Matrix = np.zeros((math.prod(size + 1 for size in sizes),) * 2, dtype=np.complex128)
    for letters, coefficients in _by_letters(terms, cells).items():
        factors = (averaged(of_cell, size) for of_cell, size in zip(letters, sizes, strict=True))
        total += math.fsum(coefficients) * reduce(_kron, factors)
    return total


@lru_cache(maxsize=1024)
def averaged(letters: Letters, m: int) -> Matrix:
    """<D_w'|average over all permutations of these letters|D_w>, complex128 (m + 1, m + 1) by w', w."""
    x, y, z = letters
    total: Matrix = np.zeros((m + 1, m + 1), dtype=np.complex128)
    for w in range(m + 1):
        sums: dict[int, int] = defaultdict(int)
        for i in range(x + 1):
            for j in range(y + 1):
                for k in range(z + 1):
                    ways = _arrangements(w, (i, j, k)) * _arrangements(m - w, (x - i, y - j, z - k))
                    sums[w - i - j + (x - i) + (y - j)] += -ways if (j + k) & 1 else ways
        for other, ways in sums.items():
            if ways:
                amplitude = ways / _arrangements(m, letters) * math.sqrt(math.comb(m, w) / math.comb(m, other))
                total[other, w] = 1j ** (y % 4) * amplitude
    total.setflags(write=False)
    return total


def _cells(generators: Sequence[Terms], n: int) -> list[int]:
    """Masks of the qubits of which any two can be exchanged, with further ones left out once there are too many."""
    touching: list[list[list[int]]] = []
    for generator in generators:
        strings: list[list[int]] = [[] for _ in range(n)]
        for string in generator:
            for q in ones((string | string >> n) & ((1 << n) - 1)):
                strings[q].append(string)
        touching.append(strings)

    def exchangeable(one: int, other: int) -> bool:
        return all(
            len(strings[one]) == len(strings[other])
            and _is_kept(generator, strings[one] + strings[other], one, other, n)
            for generator, strings in zip(generators, touching, strict=True)
        )

    cells: dict[int, int] = {}
    for q in range(n):
        home = next((first for first in cells if exchangeable(first, q)), q)
        cells[home] = cells.get(home, 0) | 1 << q
        if 1 << len(cells) > STATES:
            break
    return list(cells.values())


def _is_kept(generator: Terms, strings: Iterable[int], one: int, other: int, n: int) -> bool:
    """Whether exchanging two qubits takes these strings of a generator to others with the same coefficients."""
    floor = _EQUAL * max(map(abs, generator.values()))
    for string in strings:
        turned = string
        for shift in (0, n):
            if (string >> (one + shift) ^ string >> (other + shift)) & 1:
                turned ^= 1 << (one + shift) | 1 << (other + shift)
        if abs(generator.get(turned, 0.0) - generator[string]) > floor:
            return False
    return True


def _by_letters(terms: Terms, cells: Sequence[int]) -> dict[tuple[Letters, ...], list[float]]:
    n = sum(cell.bit_count() for cell in cells)
    by_letters: dict[tuple[Letters, ...], list[float]] = defaultdict(list)
    for string, coefficient in terms.items():
        by_letters[tuple(_letters(string, cell, n) for cell in cells)].append(coefficient)
    return by_letters


def _letters(string: int, cell: int, n: int) -> Letters:
    x, z = string & cell, string >> n & cell
    y = (x & z).bit_count()
    return x.bit_count() - y, y, z.bit_count() - y


def _arrangements(n: int, letters: Iterable[int]) -> int:
    """Ways to put the letters on n qubits."""
    ways, left = 1, n
    for count in letters:
        if count > left:
            return 0
        ways *= math.comb(left, count)
        left -= count
    return ways


def _reached(generators: Sequence[Matrix], states: int) -> list[int]:
    """The states that the generators lead to from the first, ascending."""
    reached = np.zeros(states, dtype=bool)
    reached[0] = True
    while True:
        count = int(reached.sum())
        for generator in generators:
            reached |= (generator[:, reached] != 0).any(axis=1)
        if int(reached.sum()) == count:
            return np.flatnonzero(reached).tolist()


def _kron(one: Matrix, other: Matrix) -> Matrix:
    return np.asarray(np.kron(one, other), dtype=np.complex128)
