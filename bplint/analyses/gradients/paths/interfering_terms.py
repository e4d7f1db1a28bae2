"""Which terms of an observable interfere on average, and how much each group of them weighs.

Under independent uniform angles a pair of strings P, Q keeps its product D = PQ: a free rotation about G turns both or
neither into iGP, iGQ, whose product is D again. One that anticommutes with D turns only one of the two, and the average
is zero. So E[<P><Q>] = <0|D|0> E[<P>²] if D commutes with every free axis and has only letters I and Z, and exactly 0
otherwise (Letcher et al. 2309.12681, Heyraud et al. 2302.04649). The first is an equivalence of strings; its classes
are the *blocks*. A block acts like one string times the signed sum C of its coefficients, and blocks add in squares:

    E[l] = C of the identity's block,    Var[l] = Σ C² E[<P>²] over the other blocks.

Axes here are those of the frame. What fixed rotations that are not Cliffords do to this is said in :mod:`.coherence`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bplint.ir.frame import Frame
from bplint.ir.observable import Observable
from bplint.ir.pauli import Anticommutation, LinearSpan, multiply, ones, x_part

_CANCELLED = 1e-12
"""A sum of coefficients this small beside its largest possible value is zero."""


class Blocks(NamedTuple):
    """The mean of the loss, and the strings from which the paths of its variance start.

    ``starts`` are pairs (string after the circuit, C²). For a projector they are too many to list: ``projector`` are m
    qubits, and every Z-string on them but the identity is a start of weight 4^-m · readout^2w, w its letters.
    ``products`` holds the product of each start with its partner, see :mod:`.pairs`; empty if all are the identity.
    """

    mean: float
    starts: tuple[tuple[int, float], ...] = ()
    projector: tuple[int, ...] = ()
    products: tuple[int, ...] = ()
    readout: float = 1.0

    def frozen(self) -> Blocks:
        """The same mean, and nothing that moves."""
        return Blocks(self.mean)

    @property
    def constant(self) -> bool:
        """Whether the loss is the same for all angles."""
        return not self.starts and not self.projector

    @property
    def total(self) -> float:
        """Σ C², no less than the variance; 0.0 also for a projector on more than 1,074 qubits (see ``log2_total``)."""
        if self.projector:
            return math.exp2(self.log2_total)
        return math.fsum(weight for _, weight in self.starts)

    @property
    def log2_total(self) -> float:
        """Logarithm of Σ C² to base 2, for any number of qubits; -inf for a constant loss."""
        if self.projector:
            m, each = len(self.projector), math.log2(1 + self.readout**2)
            return math.log2(-math.expm1(-m * each * math.log(2))) + m * (each - 2)
        return math.log2(self.total) if self.starts else -math.inf


def blocks(frame: Frame, observable: Observable) -> Blocks:
    """The blocks of an observable of the loss, given the circuit's frame."""
    if observable.n_qubits != frame.n_qubits:
        raise ValueError(f"want an observable on {frame.n_qubits} qubits, got {observable.n_qubits}")
    if observable.projector:
        return _of_projector(frame, observable)
    constant, terms = merged(frame, observable)
    return Blocks(constant, tuple((string, coefficient**2) for string, coefficient in terms))


def signatures(strings: Sequence[int], axes: Iterable[int], n_qubits: int) -> list[int]:
    """One number of at most 2n bits for each string, linear over GF(2), zero iff the string commutes with every axis.

    So two strings have equal signatures iff their product commutes with every axis.
    """
    span, basis = LinearSpan(), []
    for axis in axes:
        if span.add(axis):
            basis.append(axis)
        if len(span) == 2 * n_qubits:
            return list(strings)  # only the identity commutes with everything
    table = Anticommutation(n_qubits, basis)
    return [table.row(string) for string in strings]


def block_keys(frame: Frame, strings: Sequence[int], axes: Iterable[int] | None = None) -> list[int]:
    """One number for each string in the frame, linear over GF(2), equal iff the product belongs to one block.

    The low n bits are the X part, the rest is the signature against the free axes, or against those given.
    """
    n = frame.n_qubits
    apart = signatures(strings, frame.free_axes if axes is None else axes, n)
    return [signature << n | x_part(string, n) for string, signature in zip(strings, apart, strict=True)]


def relations(keys: Sequence[int]) -> list[int]:
    """Which sums of keys over GF(2) vanish: a basis of masks over the keys, with distinct leading bits."""
    m = len(keys)
    # The low bits of a row tell which keys it is made of.
    return [row for row in LinearSpan(key << m | 1 << i for i, key in enumerate(keys)) if row >> m == 0]


def _of_projector(frame: Frame, observable: Observable) -> Blocks:
    """|0…0><0…0| on m qubits = 2^-m Σ (all Z-strings on them). Its blocks are the cosets of the conserved strings.

    A conserved string with value -1 somewhere makes every C vanish: the loss is zero for all angles. One with value 1
    is a parity that always holds, so the qubit that leads it need not be checked: the loss is that of the projector on
    the other qubits, whose Z-strings stand for one coset each.
    """
    qubits, generators = observable.projector, observable.generators
    keys = block_keys(frame, [frame.pull(z)[0] for z in generators])
    redundant = set()
    for relation in relations(keys):
        _, negative = frame.pull(sum(generators[i] for i in ones(relation)))
        if negative:
            return Blocks(0.0)
        redundant.add(qubits[relation.bit_length() - 1])
    rest = tuple(q for q in qubits if q not in redundant)
    return Blocks(math.ldexp(1.0, -len(rest)), projector=rest)


def merged(frame: Frame, observable: Observable) -> tuple[float, list[tuple[int, float]]]:
    """A Pauli sum with one term (string after the circuit, C) a block, and what is constant.

    True for every law of the angles: the strings of a block are one string times strings that never change.
    """
    n = frame.n_qubits
    pulled = [frame.pull(string) for string, _ in observable.terms]
    strings = [string for string, _ in pulled]
    moved = signatures(strings, frame.axes, n)
    classes: dict[int, list[int]] = {}
    for i, key in enumerate(block_keys(frame, strings)):
        classes.setdefault(key, []).append(i)
    constant, terms = [observable.constant], []
    for key, members in classes.items():
        if key and not any(moved[i] for i in members):
            continue  # it has letters X or Y, and keeps them: its expectation in |0…0> is zero
        signs = [vacuum_sign(pulled[members[0]] if key else (0, False), pulled[i], n) for i in members]
        if None in signs:
            continue  # it anticommutes with a conserved Z-string, so no path ends in I and Z alone
        parts = [observable.terms[i][1] * sign for i, sign in zip(members, signs, strict=True) if sign is not None]
        coefficient = math.fsum(parts)
        if not key:
            constant.append(coefficient)
        elif abs(coefficient) > _CANCELLED * math.fsum(map(abs, parts)):
            terms.append((observable.terms[members[0]][0], coefficient))
    return math.fsum(constant), terms


def vacuum_sign(left: tuple[int, bool], right: tuple[int, bool], n_qubits: int) -> int | None:
    """<0|P_left P_right|0> for strings whose product has only I and Z; None if they anticommute."""
    _, phase = multiply(left[0], right[0], n_qubits)
    return None if phase & 1 else (-1) ** (phase // 2 + left[1] + right[1])
