"""The deep limit of a Pauli string: what is left when its axes turn again and again, by fresh uniform angles.

One rotation about an axis G makes of a string P that anticommutes with it P or iGP, each with probability 1/2. Repeated
for ever this is uniform on the *orbit* of P, all strings that it can become, so E[<P>²] is the share of Z-type strings in
the orbit. P need not be in the algebra: the orbits span the modules of Diaz et al., arXiv:2310.11505, and for P in the
algebra this is the formula of Ragone et al., arXiv:2309.09342.

Components of the axes commute, so each moves P by itself (:mod:`.actions`), and the orbit is P plus one move of each. The
Z-type strings do not factor: the X parts of the moves have to cancel, which a trellis counts (:mod:`.trellis`).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import NamedTuple

from bplint.analyses.deep_limit.component_moves import Action, Moved, action
from bplint.analyses.deep_limit.trellis import Budget, BudgetExceededError, Choices, total
from bplint.analyses.dla.pauli.classify import Component, PauliAlgebra, classify
from bplint.ir.pauli import LinearSpan, x_part

WORK = 1 << 20
"""Budget for counting the Z-type strings of the orbits of one set of axes, in units of about a microsecond."""


class Orbit(NamedTuple):
    """An orbit: its strings, and how many of them have only letters I and Z; None where counting these takes too long."""

    size: int
    z_type: int | None


class Orbits:
    """The orbits of Pauli strings under axes."""

    def __init__(self, axes: Iterable[int], n_qubits: int, *, work: int = WORK) -> None:
        self.n_qubits = n_qubits
        self.algebra: PauliAlgebra = classify(axes, n_qubits)
        self._budget = Budget(work)
        self._actions: dict[int, Action] = {}
        self._moves: dict[int, list[Moved]] = {}
        self._orbits: dict[int, Orbit] = {}
        self._known: dict[tuple[object, ...], int] = {}

    def size(self, string: int) -> int:
        """The number of strings in the orbit."""
        moved = self._moved(string)
        return prod(move.classes for move in moved) << len(_translations(moved))

    def degree(self, string: int) -> int:
        """The number of factors that the axes can exchange: k for a product of k Majorana modes or of m - k of m.

        An orbit has at least 2^degree strings. In a family with bounded degree and few copies it is of polynomial size.
        """
        moved = self._moved(string)
        alone = [move.translations[0] for move in moved if move.parted is None]
        return sum(move.degree for move in moved if move.parted is not None) + len(LinearSpan(alone))

    def of(self, string: int) -> Orbit:
        """The orbit of a string."""
        if string not in self._orbits:
            self._orbits[string] = self._counted(string)
        return self._orbits[string]

    def group(self, generators: list[int], *, limit: int) -> list[tuple[int, int]] | None:
        """Strings that stand for the members but the identity of the group of independent commuting strings, with counts.

        A member has an orbit of the same size, with as many Z-type strings, as the string that stands for it. None where
        they would be more than ``limit``.
        """
        m = len(generators)
        if self._is_one_quadric():
            # Beside the identity there are two orbits, Q = 1 and Q = 0 (or one, if there is no Q), and Q is linear on
            # strings that commute.
            one = self.algebra.components[0]
            odd = [string for string in generators if one.contains(string)]
            if not odd:
                return [(generators[0], (1 << m) - 1)]
            half = 1 << m - 1
            constraints = [(odd[0], half)]
            if m > 1:
                other = next(string for string in generators if string != odd[0])
                constraints.append((other ^ odd[0] if one.contains(other) else other, half - 1))
            return constraints
        if m >= limit.bit_length():
            return None
        members = [0]
        for generator in generators:
            members += [generator ^ member for member in members]
        return [(member, 1) for member in members[1:]]

    def _counted(self, string: int) -> Orbit:
        n = self.n_qubits
        moved = self._moved(string)
        shifts = _translations(moved)
        # Translations reach every X part in their span equally often: the rest is counted modulo these.
        flat = LinearSpan(x_part(shift, n) for shift in shifts)
        size = prod(move.classes for move in moved) << len(shifts)
        try:
            count = self._cancelling(moved, flat, flat.reduce(x_part(string, n)))
        except BudgetExceededError:
            return Orbit(size, None)
        return Orbit(size, count << len(shifts) - len(flat))

    def _cancelling(self, moved: Iterable[Moved], flat: LinearSpan, x: int) -> int:
        """How many choices of cosets have X parts that add up to x modulo ``flat``."""
        parts, repeats = [], 1
        for move in moved:
            if move.parted is not None:
                offset, part = move.parted(flat)
                x ^= offset
                parts.append(part)
                repeats *= move.repeats
        if not all(isinstance(part, Choices) for part in parts):
            return total(parts, x, self._budget) // repeats
        key = (x, *parts)  # many terms of a sum are alike
        if key not in self._known:
            self._known[key] = total(parts, x, self._budget) // repeats
        return self._known[key]

    def _is_one_quadric(self) -> bool:
        """Whether the axes are one component beyond free fermions whose span holds all strings."""
        match self.algebra.components:
            case (one,):
                return not one.free_fermion and one.pairs == self.n_qubits
        return False

    def _moved(self, string: int) -> list[Moved]:
        if string not in self._moves:
            touched = self.algebra.component_touching(string)
            self._moves[string] = [self._action(component)(string) for component in touched]
        return self._moves[string]

    def _action(self, component: Component) -> Action:
        first = component.generators[0]
        if first not in self._actions:
            self._actions[first] = action(component, self.n_qubits)
        return self._actions[first]


def _translations(moved: Iterable[Moved]) -> LinearSpan:
    return LinearSpan(shift for move in moved for shift in move.translations)
