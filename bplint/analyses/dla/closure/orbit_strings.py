"""Sums of Pauli strings that a symmetry leaves as they are, as vectors with one coordinate for each orbit of strings.

An element with coefficient c on all s strings of an orbit has coordinate c·√s there, which keeps the inner product Tr AB/2^n.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bplint.analyses.dla.closure.qubit_permutations import symmetry
from bplint.ir.circuit import Floats, Index
from bplint.ir.pauli import PauliSum, flipped, multiply

_ORBIT = 1 << 900
"""Strings of one orbit, at most: sums over orbits are floating point."""

_CANCELLED = 1e-13
_COLUMNS = 64
"""Vectors that a bracket is taken of at once: bounds the memory."""


def directions(generators: Iterable[PauliSum[float]]) -> list[PauliSum[float]]:
    """The generators without the identity and with Σ coefficient² = 1, each direction once."""
    groups: dict[tuple[tuple[int, float], ...], dict[int, float]] = {}
    for generator in generators:
        kept = {s: float(c) for s, c in sorted(generator.items()) if s and c}
        if kept:
            norm = math.copysign(math.hypot(*kept.values()), next(iter(kept.values())))
            groups.setdefault(
                tuple((s, round(c / norm, 12)) for s, c in kept.items()), {s: c / norm for s, c in kept.items()}
            )
    return list(groups.values())


class OrbitStrings:
    """The strings (orbits) that repeated brackets with the generators reach, found by ``reach``.

    ``position`` numbers the string that stands for each orbit, ``size`` counts the strings of each.
    """

    def __init__(self, generators: Sequence[PauliSum[float]], n_qubits: int) -> None:
        group = symmetry(generators, n_qubits)
        self.generators = generators
        self.representative: Callable[[int], int] = group.representative if group else int
        self.position: dict[int, int] = {}
        self.size: list[int] = []
        self._terms = [[(s, flipped(s, n_qubits), c) for s, c in g.items()] for g in generators]
        self._images: dict[tuple[int, int], dict[int, float]] = {}
        self._n = n_qubits

    def reach(self, limit: float) -> bool:
        """Find them all; False if they are more than ``limit``, or if rounding decides whether one is among them."""
        for generator in self.generators:
            # A generator holds its orbits as a whole, so their sizes can be counted there.
            for string, count in Counter(map(self.representative, generator)).items():
                self._place(string, count)
        waiting = list(self.position)
        for string in waiting:
            size = self.size[self.position[string]]
            if len(waiting) > limit or size > _ORBIT:
                return False
            for g in range(len(self.generators)):
                for image, value in self._image(g, string).items():
                    if image not in self.position:
                        back = self._image(g, image).get(string)
                        if back is None:
                            return False
                        # Antisymmetry in coordinates: the values there and back are inversely as the sizes.
                        self._place(image, round(-size * value / back))
                        waiting.append(image)
        return True

    def vectors(self) -> Floats:
        """Coordinates of the generators in columns, (s, generators)."""
        total = np.zeros((len(self.size), len(self.generators)))
        for g, generator in enumerate(self.generators):
            for string, coefficient in generator.items():
                total[self.position[self.representative(string)], g] += coefficient
        return np.asarray(total / np.sqrt(self.size)[:, None])

    def brackets(self) -> list[Bracket]:
        """[G, ·]/2i on coordinates for each generator G."""
        entries: list[list[tuple[int, int, float]]] = [[] for _ in self.generators]
        for (g, string), image in self._images.items():
            here = self.position[string]
            entries[g] += [(self.position[other], here, value) for other, value in image.items()]
        return [Bracket(part, np.sqrt(self.size)) for part in entries]

    def _place(self, string: int, count: int) -> None:
        if string not in self.position:
            self.position[string] = len(self.size)
            self.size.append(count)

    def _image(self, g: int, string: int) -> dict[int, float]:
        """[G, P]/2i for the average P over an orbit, by orbits (the sums of coefficients over each)."""
        if (g, string) in self._images:
            return self._images[g, string]
        image: dict[int, float] = defaultdict(float)
        for term, turned, coefficient in self._terms[g]:
            if (turned & string).bit_count() & 1:
                product, phase = multiply(term, string, self._n)  # [Q, P]/2i = i^(phase - 1) QP without its phase
                image[self.representative(product)] += coefficient if phase == 1 else -coefficient
        kept = self._images[g, string] = {s: c for s, c in image.items() if abs(c) > _CANCELLED}
        return kept


class Bracket:
    """A sparse matrix (s, s), antisymmetric on coordinates."""

    def __init__(self, entries: Iterable[tuple[int, int, float]], root: Floats) -> None:
        ordered = sorted(entries)
        rows = np.array([row for row, _, _ in ordered], dtype=np.intp)
        self._columns: Index = np.array([column for _, column, _ in ordered], dtype=np.intp)
        self._values = np.array([value for _, _, value in ordered]) * root[self._columns] / root[rows]
        self._rows, self._first = np.unique(rows, return_index=True)

    @property
    def entries(self) -> int:
        """Numbers that are not zero."""
        return len(self._values)

    def __call__(self, vectors: Floats) -> Floats:
        """The images of columns, (s, m)."""
        image = np.zeros_like(vectors)
        if len(self._rows):
            for first in range(0, vectors.shape[1], _COLUMNS):
                products = self._values[:, None] * vectors[self._columns, first : first + _COLUMNS]
                image[self._rows, first : first + _COLUMNS] = np.add.reduceat(products, self._first, axis=0)
        return image
