"""U(1) symmetries: integer weights m with Σ m_q Z_q conserved, or with another letter in place of Z.

[Z_q, P] is ±2i P', P' with X and Y exchanged on qubit q, if P has one of them there, and 0 if not. So the commutator
of Σ m_q Z_q with a sum of strings vanishes iff, for each P', a linear equation in m holds: XX + YY on (a, b) asks for
m_a = m_b, XX - YY for m_a = -m_b, a string X alone for m = 0. The equations are kept solved over the rationals.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from bplint.ir.frame import Frame
from bplint.ir.pauli import LETTERS, PauliTerms, from_letters, ones, x_part

_DENOMINATOR = 10_000
_TOLERANCE = 1e-12
"""Ratios of coefficients this close to a fraction are taken for it, and coefficients this small for zero."""


class Weights:
    """The weights m that satisfy all equations added so far."""

    def __init__(self, n_qubits: int) -> None:
        self.n_qubits = n_qubits
        self._solved: dict[int, dict[int, Fraction]] = {}
        """Each unknown that is determined, as a combination of free ones."""
        self._uses: dict[int, set[int]] = defaultdict(set)

    def __bool__(self) -> bool:
        """Whether not all weights have to vanish."""
        return len(self._solved) < self.n_qubits

    def __contains__(self, weights: Sequence[int]) -> bool:
        """Whether these weights satisfy all equations."""
        return all(
            weights[q] == sum(share * weights[free] for free, share in row.items()) for q, row in self._solved.items()
        )

    @property
    def n_free(self) -> int:
        """The dimension of the space of solutions."""
        return self.n_qubits - len(self._solved)

    def add(self, equation: Mapping[int, float]) -> None:
        """Ask that Σ coefficient · m vanish; coefficients by unknown."""
        rest: dict[int, Fraction] = defaultdict(Fraction)
        for unknown, coefficient in _rational(equation).items():
            for free, share in self._expressed(unknown).items():
                rest[free] += coefficient * share
        rest = {free: share for free, share in rest.items() if share}
        if not rest:
            return
        pivot = min(rest, key=lambda free: len(self._uses[free]))
        scale = -rest.pop(pivot)
        self._substitute(pivot, {free: share / scale for free, share in rest.items()})

    def all_of(self, values: Mapping[int, int]) -> list[int]:
        """Integer weights in lowest terms, the first of them positive, that are in proportion to the free unknowns' values: 1
        where not given.
        """
        weights = [
            sum((share * values.get(free, 1) for free, share in self._expressed(q).items()), Fraction())
            for q in range(self.n_qubits)
        ]
        scale = math.lcm(*(weight.denominator for weight in weights))
        whole = [int(weight * scale) for weight in weights]
        first = next((weight for weight in whole if weight), 1)
        divisor = (math.gcd(*whole) or 1) * (1 if first > 0 else -1)
        return [weight // divisor for weight in whole]

    def basis(self, most: int) -> list[list[int]]:
        """Independent integer weights, one for each free unknown, the first ``most`` of them."""
        free = [q for q in range(self.n_qubits) if q not in self._solved]
        nothing = dict.fromkeys(free, 0)
        return [self.all_of({**nothing, q: 1}) for q in free[:most]]

    def _expressed(self, unknown: int) -> Mapping[int, Fraction]:
        return self._solved.get(unknown, {unknown: Fraction(1)})

    def _substitute(self, pivot: int, expression: dict[int, Fraction]) -> None:
        dependents = self._uses.pop(pivot, set())
        self._solved[pivot] = expression
        for free in expression:
            self._uses[free].add(pivot)
        for unknown in dependents:
            row = self._solved[unknown]
            factor = row.pop(pivot)
            for free, share in expression.items():
                total = row.get(free, 0) + factor * share
                if total:
                    row[free] = total
                    self._uses[free].add(unknown)
                else:
                    del row[free]
                    self._uses[free].discard(unknown)


def conserved_weights(
    sums: Iterable[PauliTerms], n_qubits: int, letter: str = "Z", frame: Frame | None = None
) -> Weights:
    """The m for which Σ m_q letter_q commutes with each sum, and is fixed by the frame's Cliffords where one is given."""
    weights = Weights(n_qubits)
    for terms in sums:
        if not weights:
            break
        for equation in _equations(to_z(terms, letter, n_qubits), n_qubits):
            weights.add(equation)
    if frame is not None and weights:
        for equation in _fixed(frame, letter):
            weights.add(equation)
    return weights


def to_z(terms: Iterable[tuple[int, float]], letter: str, n_qubits: int) -> PauliTerms:
    """The sum after a Clifford on every qubit that takes the letter to Z, without signs."""
    return tuple([(turned(string, n_qubits, _TURNS[letter]), coefficient) for string, coefficient in terms])


def turned(string: int, n_qubits: int, times: int) -> int:
    """The letters of a string turned ``times`` times in the circle X → Y → Z → X, a Clifford on every qubit without signs."""
    x, z = x_part(string, n_qubits), string >> n_qubits
    for _ in range(times % 3):
        x, z = x ^ z, x
    return x | z << n_qubits


_TURNS = {"Z": 0, "Y": 1, "X": 2}


def _equations(terms: PauliTerms, n: int) -> Iterable[Mapping[int, float]]:
    flips = [(x_part(string, n), string, coefficient) for string, coefficient in terms]
    if len(terms) == 1:
        yield from ({q: 1.0} for q in ones(flips[0][0]))
        return
    equations: dict[int, dict[int, float]] = defaultdict(dict)
    for flip, string, coefficient in flips:
        for q in ones(flip):
            bit = 1 << q + n
            # Z X = iY, Z Y = -iX
            equations[string ^ bit][q] = -coefficient if string & bit else coefficient
    yield from equations.values()


def _fixed(frame: Frame, letter: str) -> Iterable[Mapping[int, float]]:
    """The letter of each qubit goes to ± a string, distinct ones: the sum comes back only where those are letters too."""
    n = frame.n_qubits
    alone = {from_letters([(q, LETTERS.index(letter))], n): q for q in range(n)}
    reached = set()
    for string, q in alone.items():
        image, negative = frame.pull(string)
        place = alone.get(image)
        if place is None:
            yield {q: 1.0}
            continue
        reached.add(place)
        sign = -1.0 if negative else 1.0
        yield {q: sign - 1.0} if place == q else {q: sign, place: -1.0}
    yield from ({q: 1.0} for q in range(n) if q not in reached)


def _rational(equation: Mapping[int, float]) -> dict[int, Fraction]:
    largest = max(map(abs, equation.values()))
    if not largest:
        return {}
    result = {}
    for unknown, coefficient in equation.items():
        ratio = coefficient / largest
        near = Fraction(ratio).limit_denominator(_DENOMINATOR)
        result[unknown] = near if abs(float(near) - ratio) <= _TOLERANCE else Fraction(ratio)
    return result
