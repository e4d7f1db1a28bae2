"""Whether a sector of a symmetry holds a minimum of an observable: proved at any width where it can be, else up to 12
qubits by computing both minima.

Proofs: an observable diagonal in Z has a basis state b of least energy, and group elements that move basis states make
of it a state of any sector of theirs. An observable without positive entries beside its diagonal (stoquastic) has a
ground state without negative amplitudes (Perron and Frobenius), which has a part invariant under all permutations of
basis states that O has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from bplint.analyses.symmetry.ground import Diagonals, Ground, Vector, applied, diagonals, ground, treatable
from bplint.analyses.symmetry.prior import Permutation
from bplint.ir.observable import Observable
from bplint.ir.pauli import LinearSpan, PauliTerms, ones, x_part
from bplint.number_format import plain

_SAME = 1e-9
"""Two minima are one within this times Σ |c|."""
_STATES = 10
"""So many free bits of the states of least energy are gone through."""
_LEVELS = 256


class Sector(NamedTuple):
    """The joint eigenspace of commuting ``charges`` (each with its eigenvalue), of Σ Q² of the charges in ``casimir``, and
    the states invariant under ``permutations``."""

    n_qubits: int
    charges: tuple[tuple[PauliTerms, float], ...] = ()
    casimir: tuple[tuple[PauliTerms, ...], float] | None = None
    permutations: tuple[Permutation, ...] = ()


class Optimum(NamedTuple):
    """Whether a minimum is in the sector; None if it could not be told. ``reason`` says how, or why not.

    Where there is none, every state of the sector has at least ``missed`` more than the minimum.
    """

    holds: bool | None
    reason: str
    missed: float = 0.0


def optimum(observable: Observable, sector: Sector) -> Optimum:
    """Whether the sector holds a minimum of the observable, which has the symmetry."""
    proof = _proved(observable, sector)
    if proof is not None:
        return proof
    n, count = sector.n_qubits, max(len(observable.terms), 1)
    if not treatable(count, n):
        return Optimum(None, f"{n:,} qubits with {count:,} terms are too many to compute it")
    projections = _projections(sector)
    if projections is None:
        return Optimum(None, "a charge has too many levels")

    def project(vector: Vector) -> Vector:
        for projection in projections:
            vector = projection(vector)
        return vector

    matrix = diagonals(observable.terms, n, projector=observable.projector)
    lowest, inside = _lowest(observable), ground(matrix, n, project)
    if lowest is None or inside is None:
        return Optimum(None, "its computation did not converge")
    rounding = _SAME * lowest.scale
    there, anywhere = (_energy(state.energy + observable.constant, rounding) for state in (inside, lowest))
    energies = f"{there} in the sector, {anywhere} without it"
    missed = inside.energy - lowest.energy
    holds = missed <= rounding
    return Optimum(holds, energies, 0.0 if holds else missed)


def _energy(value: float, rounding: float) -> str:
    return plain(0.0 if abs(value) <= rounding else value)


@lru_cache(maxsize=4)  # one observable, many priors
def _lowest(observable: Observable) -> Ground | None:
    n = observable.n_qubits
    return ground(diagonals(observable.terms, n, projector=observable.projector), n)


def _proved(observable: Observable, sector: Sector) -> Optimum | None:
    n, terms = sector.n_qubits, observable.terms
    flips = [x_part(charge[0][0], n) for charge, _ in sector.charges if len(charge) == 1]
    # Pauli charges which flip basis states, whatever combination of them is taken.
    moving = len(flips) == len(sector.charges) and len(LinearSpan(flips)) == len(flips)
    if sector.casimir is not None:
        return None
    if all(not x_part(string, n) for string, _ in terms):
        if moving and (not flips or not sector.permutations):
            return Optimum(True, "the observable is diagonal")
        if not observable.projector and not sector.permutations:
            return _enumerated(terms, sector)
        return None
    plain = all(not charge[0][0] >> n and value * charge[0][1] > 0 for charge, value in sector.charges)
    if moving and plain and _is_stoquastic(terms, n):
        return Optimum(True, "no matrix element of the observable beside its diagonal is positive")
    return None


def _is_stoquastic(terms: Sequence[tuple[int, float]], n: int) -> bool:
    """Whether surely no entry beside the diagonal is positive: of each flip pattern the term of X alone outweighs the others."""
    alone: dict[int, float] = defaultdict(float)
    others: dict[int, float] = defaultdict(float)
    for string, coefficient in terms:
        x, z = x_part(string, n), string >> n
        if (x & z).bit_count() & 1:
            return False
        if not z:
            alone[x] += coefficient
        else:
            others[x] += abs(coefficient)
    return all(alone[x] <= -others[x] for x in {*alone, *others} if x)


def _enumerated(terms: Sequence[tuple[int, float]], sector: Sector) -> Optimum | None:
    """For strings of Z that can all be at their least at once, with charges of strings of Z: all such basis states.

    A charge of one string is one more equation. Qubits in no equation may be set at will: of them only what they can add
    to the other charges counts.
    """
    n = sector.n_qubits
    if any(x_part(string, n) for charge, _ in sector.charges for string, _ in charge):
        return None
    wanted = [(string >> n, int(coefficient > 0)) for string, coefficient in terms]
    parities = [(c[0][0] >> n, int(value * c[0][1] < 0)) for c, value in sector.charges if len(c) == 1]
    sums = [(charge, value) for charge, value in sector.charges if len(charge) > 1]
    if _solved(wanted, n) is None:
        return None
    solved = _solved([*wanted, *parities], n)
    if solved is not None:
        if not sums:
            return Optimum(True, "every term is at its least in a basis state of the sector")
        first, free = solved
        idle = [mask for mask in free if mask.bit_count() == 1]
        bound = [mask for mask in free if mask.bit_count() > 1]
        added = _added([charge for charge, _ in sums], idle, n)
        if len(bound) > _STATES or added is None:
            return None
        for choice in range(1 << len(bound)):
            b = first
            for i in ones(choice):
                b ^= bound[i]
            if tuple(round(value - _value(charge, b, n), 6) for charge, value in sums) in added:
                return Optimum(True, "every term is at its least in a basis state of the sector")
    least = min((abs(coefficient) for _, coefficient in terms), default=0.0)
    return Optimum(False, "no basis state in which every term is at its least is in the sector", 2 * least)


def _added(charges: Sequence[PauliTerms], idle: Sequence[int], n: int) -> set[tuple[float, ...]] | None:
    """What setting some of the idle qubits can add to the charges; None if that is too many values, or no sum over qubits."""
    reached = {(0.0,) * len(charges)}
    for mask in idle:
        touching = [(string >> n, c) for charge in charges for string, c in charge if string >> n & mask]
        if any(string != mask for string, _ in touching):
            return None
        step = [sum((-2 * c for string, c in charge if string >> n == mask), 0.0) for charge in charges]
        reached |= {tuple(round(old + new, 6) for old, new in zip(values, step, strict=True)) for values in reached}
        if len(reached) > 1 << 12:
            return None
    return reached


def _solved(equations: Sequence[tuple[int, int]], n: int) -> tuple[int, list[int]] | None:
    """A mask with the asked parity on every given mask, and a basis of those with even parity on all; None if there is none."""
    rows: dict[int, int] = {}
    """By a bit of its own, each row with its parity in bit n."""
    for mask, parity in equations:
        row = mask | parity << n
        for pivot, other in rows.items():
            if row >> pivot & 1:
                row ^= other
        if row == 1 << n:
            return None
        if row:
            own = (row & -row).bit_length() - 1
            rows = {pivot: other ^ row if other >> own & 1 else other for pivot, other in rows.items()}
            rows[own] = row
    first = sum(1 << pivot for pivot, row in rows.items() if row >> n)
    free = [q for q in range(n) if q not in rows]
    return first, [1 << q | sum(1 << pivot for pivot, row in rows.items() if row >> q & 1) for q in free]


def _value(charge: PauliTerms, b: int, n: int) -> float:
    """The eigenvalue of a charge of strings of Z on a basis state."""
    return sum(-c if (string >> n & b).bit_count() & 1 else c for string, c in charge)


def _projections(sector: Sector) -> list[Callable[[Vector], Vector]] | None:
    """Orthogonal projectors whose product is that on the sector; None if a charge has too many levels."""
    n = sector.n_qubits
    projections = []
    for charge, value in sector.charges:
        levels = {0.0}
        for _, coefficient in charge:
            levels = {round(level + c, 9) for level in levels for c in (coefficient, -coefficient)}
            if len(levels) > _LEVELS:
                return None
        projections.append(_filter([diagonals(charge, n)], value, levels))
    if sector.casimir is not None:
        charges, value = sector.casimir
        # Spin j has Σ Q² = 4j(j + 1), where Q is a sum of ± Pauli matrices.
        levels = {float(twice * (twice + 2)) for twice in range(n % 2, n + 1, 2)}
        projections.append(_filter([diagonals(charge, n) for charge in charges], value, levels))
    if sector.permutations:
        projections.append(_average(sector.permutations, n))
    return projections


def _filter(matrices: Sequence[Diagonals], value: float, levels: set[float]) -> Callable[[Vector], Vector]:
    """The projector on an eigenvalue of one matrix, or of the sum of the squares of several, as a product over the other
    eigenvalues."""
    others = sorted((level for level in levels if abs(level - value) > 1e-6), key=lambda level: -abs(level - value))

    def acted(vector: Vector) -> Vector:
        if len(matrices) == 1:
            return applied(matrices[0], vector)
        total = np.zeros_like(vector)
        for matrix in matrices:
            total += applied(matrix, applied(matrix, vector))
        return total

    def project(vector: Vector) -> Vector:
        for level in others:
            vector = (acted(vector) - level * vector) / (value - level)
        return vector

    return project


def _average(permutations: Sequence[Permutation], n: int) -> Callable[[Vector], Vector]:
    """The projector on the invariant states: amplitudes averaged over the orbits of basis states."""
    states = np.arange(1 << n)
    images = [
        np.bitwise_or.reduce([(states >> q & 1) << place for q, place in enumerate(permutation)])
        for permutation in permutations
    ]
    orbit, last = states.copy(), None
    while last is None or not np.array_equal(orbit, last):
        last = orbit.copy()
        for image in images:
            np.minimum.at(orbit, image, orbit.copy())
            orbit = np.minimum(orbit, orbit[image])
    _, label, size = np.unique(orbit, return_inverse=True, return_counts=True)

    def project(vector: Vector) -> Vector:
        total = np.zeros(len(size), dtype=np.complex128)
        np.add.at(total, label, vector)
        average: Vector = (total / size)[label]
        return average

    return project
