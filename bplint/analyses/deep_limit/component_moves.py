"""How one component of Pauli axes moves a string P: the strings P + u that it can make of it, u in a set U, and their X parts.

U is a union of cosets of a group T, its *translations*: central strings, which the other components do not see. So U/T
is counted, and weighed by X parts modulo a space that holds those of T. There are three kinds of U:
- one axis by itself: U = T = {0, g};
- the quadric rule, with V the span of the axes, R its radical, and Q as in :mod:`bplint.analyses.dla.pauli.quadric`: U holds
  the u in V for which P + u does not commute with all axes and g(u) = Q(u) + [P, u anticommute] = 0, the latter where
  there is a Q at all. T is R, or the part of it with g = 0;
- free fermions, if P commutes with their central factors: P acts as a product of k of the m Majorana modes, and what it
  becomes are all others, each with all central factors.

The Z-type strings of V + P are a coset of an isotropic space on which g is linear: that counts the quadrics. For free
fermions the X parts of the modes are the columns of a linear code, and its words of weight k are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from math import comb
from operator import xor
from typing import NamedTuple, TypeAlias

from bplint.analyses.deep_limit.trellis import Choices, Subspace
from bplint.analyses.dla.pauli.classify import Component
from bplint.analyses.dla.pauli.free_fermions import FreeFermions
from bplint.analyses.dla.pauli.quadric import Quadric, lift
from bplint.ir.pauli import Anticommutation, LinearSpan, anticommute, flipped, ones, x_part

Part: TypeAlias = Subspace | Choices


class Moved(NamedTuple):
    """The set U of one string: ``classes`` cosets of the span of ``translations``, which are independent.

    ``degree``: U has at least 2^degree members; in a family with bounded degree and few copies, polynomially many.
    ``parted`` gives (x, part), so that the X parts of the cosets modulo a span are x plus what the part makes up, each
    coset counted ``repeats`` times; None where there is one coset.
    """

    classes: int
    translations: Sequence[int]
    degree: int
    parted: Callable[[LinearSpan], tuple[int, Part]] | None
    repeats: int = 1


Action = Callable[[int], Moved]
"""What a component makes of a string that does not commute with all of it."""


def action(component: Component, n_qubits: int) -> Action:
    """The action of a component on strings."""
    if component.structure is None:
        (axis,) = component.core
        return lambda _: Moved(1, [axis], 1, None)
    if isinstance(component.structure, Quadric):
        return _QuadricRule(component.structure.span, n_qubits)
    return _FermionRule(component, component.structure, n_qubits)


class _Fibre(NamedTuple):
    """The members of V by their X parts modulo a span: ``rows`` are (X part) << 2n | v, ``flat`` those with none."""

    rows: LinearSpan
    flat: Anticommutation
    odd: int
    """Which of ``flat`` have Q = 1."""


class _QuadricRule:
    def __init__(self, lifted: LinearSpan, n_qubits: int) -> None:
        self._n = n_qubits
        self._form = lifted.dual(0)
        self._vectors = [vector >> 1 for vector in lifted if vector >> 1]
        if len(self._vectors) == 2 * n_qubits:
            self._vectors = [1 << position for position in range(2 * n_qubits)]
            pairs, self._radical = [(1 << q, 1 << (q + n_qubits)) for q in range(n_qubits)], list[int]()
        else:
            pairs, self._radical = _symplectic(self._vectors, n_qubits)
        self._k = len(pairs)
        # The partner of string i is string i ± k.
        strings = [left for left, _ in pairs] + [right for _, right in pairs] + self._radical
        self._basis = Anticommutation(n_qubits, strings)
        self._odd = self._forms(strings)
        self._fibres: dict[tuple[int, ...], _Fibre] = {}

    def __call__(self, string: int) -> Moved:
        k = self._k
        row = self._basis.row(string)
        outside = row >> 2 * k
        # The member of V that anticommutes with the same axes as P, if there is one; P + u with this u commutes with all.
        still = None if outside else reduce(xor, (self._basis.strings[(i + k) % (2 * k)] for i in ones(row)), 0)
        classes, translations = 1 << 2 * k, self._radical
        if self._form:
            values = row ^ self._odd
            if broken := values >> 2 * k:
                first = (broken & -broken).bit_length() - 1
                lead = self._radical[first]
                translations = [r ^ lead * (broken >> i & 1) for i, r in enumerate(self._radical) if i != first]
                if still is not None and self._value(still):
                    still ^= lead
            else:
                arf = (values & values >> k & (1 << k) - 1).bit_count() & 1
                classes = (1 << 2 * k - 1) + (-1) ** arf * (1 << k - 1)
                if still is not None and self._value(still):
                    still = None
        if still is not None:
            classes -= 1

        def parted(modulo: LinearSpan) -> tuple[int, Part]:
            fibre = self._fibre(modulo)
            still_x = None if still is None else modulo.reduce(x_part(still, self._n))
            size = len(fibre.flat.strings) - len(translations)

            def weigh(x: int) -> int:
                member = fibre.rows.reduce(x << 2 * self._n)
                if member >> 2 * self._n:
                    return 0
                count = self._zeros(string, member, fibre, size)
                return count - 1 if x == still_x else count

            vectors = [row >> 2 * self._n for row in fibre.rows if row >> 2 * self._n]
            return 0, Subspace(vectors, weigh, 2 * k + 1, cost=1 + (self._n >> 3))

        return Moved(classes, translations, max(1, 2 * k - 2), parted)

    def _zeros(self, string: int, member: int, fibre: _Fibre, size: int) -> int:
        """How many classes in member + flat have g = 0, where 2^size are in it."""
        if not self._form:
            return 1 << size
        if fibre.flat.row(string ^ member) != fibre.odd:
            return 1 << size - 1  # g is linear and not constant
        return 0 if self._value(member) ^ anticommute(string, member, self._n) else 1 << size

    def _fibre(self, modulo: LinearSpan) -> _Fibre:
        key = tuple(modulo)
        if key not in self._fibres:
            n = self._n
            rows = LinearSpan(modulo.reduce(x_part(vector, n)) << 2 * n | vector for vector in self._vectors)
            flat = [row for row in rows if not row >> 2 * n]
            self._fibres[key] = _Fibre(rows, Anticommutation(n, flat), self._forms(flat))
        return self._fibres[key]

    def _value(self, string: int) -> int:
        """Q of a member of V."""
        return ((self._form >> 1 & string).bit_count() ^ (string & string >> self._n).bit_count()) & 1

    def _forms(self, strings: Iterable[int]) -> int:
        return sum(self._value(string) << i for i, string in enumerate(strings))


class _FermionRule:
    def __init__(self, component: Component, fermions: FreeFermions, n_qubits: int) -> None:
        self._n = n_qubits
        self._core = component.core
        self._center = list(fermions.center)
        self._factors = Anticommutation(n_qubits, self._center)
        self._modes = Anticommutation(n_qubits, fermions.potentials)
        product = reduce(xor, fermions.potentials)
        self._halves = [*self._center, product] if product not in fermions.center else self._center
        self._quadric: _QuadricRule | None = None
        self._known: dict[tuple[int, ...], tuple[list[int], tuple[tuple[int, int], ...]]] = {}

    def __call__(self, string: int) -> Moved:
        if self._factors.row(string):
            self._quadric = self._quadric or _QuadricRule(LinearSpan(lift(s, self._n) for s in self._core), self._n)
            return self._quadric(string)
        m, chosen = len(self._modes.strings), self._modes.row(string)
        if 2 * chosen.bit_count() > m:
            chosen ^= (1 << m) - 1
        k = chosen.bit_count()
        half = 2 * k == m

        def parted(modulo: LinearSpan) -> tuple[int, Part]:
            columns, multiplicities = self._columns(modulo)
            return reduce(xor, (columns[mode] for mode in ones(chosen))), Choices(multiplicities, k)

        # k of m = 2k modes are the other k times the product of all.
        return Moved(comb(m, k) >> half, self._halves if half else self._center, k, parted, 1 << half)

    def _columns(self, modulo: LinearSpan) -> tuple[list[int], tuple[tuple[int, int], ...]]:
        """The X part of each mode, and how often each occurs."""
        key = tuple(modulo)
        if key not in self._known:
            columns = [modulo.reduce(x_part(mode, self._n)) for mode in self._modes.strings]
            self._known[key] = columns, tuple(Counter(columns).items())
        return self._known[key]


def _symplectic(vectors: Sequence[int], n_qubits: int) -> tuple[list[tuple[int, int]], list[int]]:
    """Independent vectors with the same span: pairs that anticommute with each other alone, and a basis of the radical."""
    rest, pairs, radical = list(vectors), [], []
    while rest:
        left = rest.pop()
        turned = flipped(left, n_qubits)
        met = [(vector & turned).bit_count() & 1 for vector in rest]
        if 1 not in met:
            radical.append(left)
            continue
        right = rest.pop(met.index(1))
        met.remove(1)
        pairs.append((left, right))
        turned = flipped(right, n_qubits)
        rest = [
            vector ^ right * meets ^ left * ((vector & turned).bit_count() & 1)
            for vector, meets in zip(rest, met, strict=True)
        ]
    return pairs, radical
