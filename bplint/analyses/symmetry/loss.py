"""The observable as its symmetries are looked for: its terms, what commutes with them, its states of least energy."""

from __future__ import annotations

from functools import cached_property

from bplint.analyses.symmetry.charges import Weights, conserved_weights, to_z
from bplint.analyses.symmetry.commutant import commutant
from bplint.analyses.symmetry.ground import Vector, diagonals, ground, treatable
from bplint.analyses.symmetry.permutations import even
from bplint.ir.observable import Observable
from bplint.ir.pauli import ones


class LossSymmetry:
    """The observable: its terms, those of a projector being the Z of its qubits, and its states of least energy."""

    def __init__(self, observable: Observable) -> None:
        self.n = observable.n_qubits
        self.observable = observable
        self.strings = list(observable.generators)
        self.terms = observable.terms or tuple((string, 1.0) for string in self.strings)
        self.support = observable.support
        self._lowest: dict[str, Vector | None] = {}

    def lowest(self, letter: str = "Z") -> Vector | None:
        """A state of least energy where the letter is turned to Z; None where it would take too long to find."""
        if letter not in self._lowest:
            self._lowest[letter] = self._solved(letter)
        return self._lowest[letter]

    @cached_property
    def operator(self) -> dict[int, float]:
        """What permutations have to leave as it is: O's coefficients, or the product of a projector's Z."""
        if self.observable.projector:
            return {sum(self.strings): 1.0}
        return even(self.terms)

    @cached_property
    def commutant(self) -> list[int]:
        """A basis of the strings that commute with every term."""
        return commutant(self.strings, self.n)

    @cached_property
    def weights(self) -> dict[str, Weights]:
        """The charges that commute with O, by letter."""
        sums = [(term,) for term in self.terms] if self.observable.projector else [self.terms]
        return {letter: conserved_weights(sums, self.n, letter) for letter in "XYZ"}

    def charge(self, letter: str) -> list[int] | None:
        """The weights of the plainest charge: all equal if possible; None if it misses most of what O acts on."""
        weights = self.weights[letter]
        if not weights:
            return None
        equal = [1] * self.n
        chosen = equal if equal in weights else weights.all_of({})
        covered = sum(1 for q in ones(self.support) if chosen[q])
        return chosen if 2 * covered >= self.support.bit_count() else None

    def _solved(self, letter: str) -> Vector | None:
        if not treatable(len(self.terms), self.n):
            return None
        terms = () if self.observable.projector else to_z(self.terms, letter, self.n)
        lowest = ground(diagonals(terms, self.n, projector=self.observable.projector), self.n)
        return None if lowest is None else lowest.vector
