"""Strings by number, and brackets with a sum of strings as a sparse matrix over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from bplint.analyses.dla.closure.echelon import Integers, SparseRows, runs
from bplint.analyses.dla.closure.qubit_permutations import QubitSymmetry, placings
from bplint.ir.pauli import LinearSpan, PauliSum, flipped, multiply

_ENTRIES = 1 << 21
"""Entries of one table: bounds the memory."""


class _Column:
    """Integers appended one by one and read as an array."""

    def __init__(self, values: Sequence[int] = ()) -> None:
        self._array = np.zeros(0, dtype=np.int64)
        self._new = list(values)

    def append(self, value: int) -> None:
        self._new.append(value)

    def extend(self, values: Sequence[int]) -> None:
        self._new += values

    def __len__(self) -> int:
        return len(self._array) + len(self._new)

    @property
    def array(self) -> Integers:
        """All of them."""
        if self._new:
            self._array = np.concatenate((self._array, np.array(self._new, dtype=np.int64)))
            self._new = []
        return self._array


class Strings:
    """Numbers for the strings (orbits of strings) that appear; each has a grade, by number, and a column in it.

    Two strings have one grade if the differences between the terms of the generators span their product.
    """

    def __init__(self, generators: Sequence[PauliSum[int]], group: QubitSymmetry | None) -> None:
        self._representative = group.representative if group else None
        self._differences = LinearSpan(
            first ^ other for terms in generators for first in [next(iter(terms))] for other in terms
        )
        self._number: dict[int, int] = {}
        self._coset: dict[int, int] = {}
        self.strings: list[int] = []
        self.grade, self.column = _Column(), _Column()
        self.width: list[int] = []
        """Strings of each grade."""

    def __len__(self) -> int:
        return len(self.strings)

    def number(self, string: int) -> int:
        """The number of a string's orbit."""
        if self._representative is not None:
            string = self._representative(string)
        number = self._number.setdefault(string, len(self.strings))
        if number == len(self.strings):
            grade = self._coset.setdefault(self._differences.reduce(string), len(self.width))
            if grade == len(self.width):
                self.width.append(0)
            self.strings.append(string)
            self.grade.append(grade)
            self.column.append(self.width[grade])
            self.width[grade] += 1
        return number

    def vector(self, terms: PauliSum[int], prime: int) -> SparseRows:
        """A sum of strings as one row; its coefficient on an orbit is the sum over the orbit, see :class:`Adjoint`."""
        total: dict[int, int] = defaultdict(int)
        for string, coefficient in terms.items():
            total[self.number(string)] += coefficient
        kept = {i: c % prime for i, c in total.items() if c % prime}
        return SparseRows(np.array([0, len(kept)]), np.array(list(kept)), np.array(list(kept.values())))


class Adjoint:
    """v -> [G, v]/2i for one generator G, a sparse matrix whose rows are computed when first needed.

    An invariant element is written in orbit averages: u_P is the sum of its coefficients over the orbit of P. Then the
    bracket needs one string of each orbit only: u_R = Σ u_P g_Q s over the terms Q of G with QP in the orbit of R.
    """

    def __init__(
        self, terms: PauliSum[int], n_qubits: int, strings: Strings, group: QubitSymmetry | None, prime: int
    ) -> None:
        self._n = n_qubits
        self._strings = strings
        self._classes = group.classes if group else ()
        self._prime = prime
        if self._classes and group:  # one term of each orbit
            terms = {group.representative(string): c for string, c in terms.items()}
        self._terms = [(string, flipped(string, n_qubits), c % prime) for string, c in terms.items()]
        self.looked = 0
        """Products of strings that were looked at."""
        self._place = np.zeros(0, dtype=np.int64)
        self._start, self._target, self._coefficient = _Column([0]), _Column(), _Column()

    def __call__(self, rows: SparseRows) -> Iterator[tuple[Integers, SparseRows]]:
        """The images of some rows at a time, with the places of these rows; all of one grade become all of one grade."""
        place = self._places(rows.columns)
        start, target, coefficient = self._start.array, self._target.array, self._coefficient.array
        first, count = start[place], start[place + 1] - start[place]
        before = np.concatenate(([0], np.cumsum(count)))[rows.start]
        columns, width = self._strings.column.array, 1 + max(self._strings.width, default=0)
        step = max(1, _ENTRIES // max(width, int(np.diff(before).max(initial=1))))
        for begin in range(0, rows.height, step):
            end = min(begin + step, rows.height)
            here = slice(rows.start[begin], rows.start[end])
            entries = runs(first[here], count[here])
            values = coefficient[entries] * np.repeat(rows.values[here], count[here]) % self._prime
            owner = np.repeat(np.arange(end - begin), np.diff(before[begin : end + 1]))
            # The images of one row have one grade, where a column is a string.
            keys = owner * width + columns[target[entries]]
            # As floating point the sums are exact: fewer than 2^22 residues each.
            sums = np.bincount(keys, weights=values.astype(np.float64), minlength=(end - begin) * width)
            string = np.zeros(len(sums), dtype=np.int64)
            string[keys] = target[entries]
            places = np.flatnonzero(sums)
            residues = sums[places].astype(np.int64) % self._prime
            places, residues = places[residues != 0], residues[residues != 0]
            offsets = np.searchsorted(places, np.arange(end - begin + 1) * width)
            yield np.arange(begin, end), SparseRows(offsets, string[places], residues)

    def _places(self, ids: Integers) -> Integers:
        """Where the rows of these strings begin, computed if they are new."""
        if len(self._place) < len(self._strings):
            extra = len(self._strings) - len(self._place)
            self._place = np.concatenate((self._place, np.full(extra, -1)))
        for number in np.unique(ids[self._place[ids] < 0]).tolist():
            image = self._image(self._strings.strings[number])
            self._place[number] = len(self._start) - 1
            self._target.extend([*image])
            self._coefficient.extend([*image.values()])
            self._start.append(len(self._target))
        return self._place[ids]

    def _image(self, string: int) -> dict[int, int]:
        image: dict[int, int] = {}
        for term, turned, coefficient in self._around(string):
            self.looked += 1
            if (turned & string).bit_count() & 1:
                product, phase = multiply(term, string, self._n)  # i^phase R, phase odd: [Q, P]/2i = i^(phase - 1) R
                number = self._strings.number(product)
                image[number] = (image.get(number, 0) + (coefficient if phase == 1 else -coefficient)) % self._prime
        return {number: value for number, value in image.items() if value}

    def _around(self, string: int) -> Iterator[tuple[int, int, int]]:
        """The terms, equal ones as seen from the string once: what a permutation fixes it by maps one to the other."""
        if not self._classes:
            yield from self._terms
            return
        for term, _, coefficient in self._terms:
            for placed, ways in placings(term, string, self._classes, self._n):
                yield placed, flipped(placed, self._n), coefficient * ways
