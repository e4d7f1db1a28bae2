"""Qubit permutations that leave operators as they are: interchangeable qubits, and the turns and reflections of a ring.

The ring may be numbered in any order and have terms between farther neighbours; orders are tried that some kind of term,
or the ansatz, draws as a ring.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log2
from typing import NamedTuple

from bplint.analyses.dla.closure.qubit_permutations import fixes, interchangeable, moved, ring_order
from bplint.analyses.symmetry.prior import Permutation
from bplint.ir.circuit import Circuit
from bplint.ir.frame import Frame
from bplint.ir.pauli import PauliSum, ones, support

"""Coefficients by string."""

WORK = 1 << 24
"""Qubits times strings up to which interchangeable qubits are looked for."""


class PermutationGroup(NamedTuple):
    """A group of permutations by generators. ``kind`` is ``sn``, ``cn`` or ``dn``, ``name`` as people write it.

    ``log2_orbits`` is log2 of the number of orbits of basis states, the dimension of the invariant subspace; for a ring
    the number of states over the order of the group, which it approaches.
    """

    kind: str
    name: str
    generators: tuple[Permutation, ...]
    log2_orbits: float


def permutation_groups(
    operators: Sequence[PauliSum[float]], n_qubits: int, orders: Iterable[Sequence[int]] = ()
) -> list[PermutationGroup]:
    """The ring's group and the products of symmetric groups that fix each operator, of the qubits on which they act.

    ``orders`` are rings to try first.
    """
    qubits = list(ones(_acted_on(operators, n_qubits)))
    groups = []
    ring = _ring(operators, n_qubits, qubits, orders)
    if ring is not None:
        groups.append(ring)
    symmetric = _symmetric(operators, n_qubits, set(qubits))
    if symmetric is not None:
        groups.append(symmetric)
    return groups


def even(terms: Iterable[tuple[int, float]]) -> dict[int, float]:
    """The operator with coefficients that are equal within rounding made equal."""
    known = dict(terms)
    largest = max(map(abs, known.values()), default=1.0)
    return {string: round(coefficient / largest, 11) for string, coefficient in known.items()}


def drawn_ring(circuit: Circuit) -> list[int] | None:
    """The order of the qubits in the ring that the circuit's operations on two qubits form; None if they do not."""
    pairs = {tuple(sorted(operation.qubits)) for operation in circuit.operations if len(operation.qubits) == 2}
    return ring_order(pairs, range(circuit.n_qubits))


def fixes_frame(permutation: Permutation, frame: Frame) -> bool:
    """Whether the Cliffords of a circuit commute with the permutation."""
    n, places = frame.n_qubits, dict(enumerate(permutation))
    return all(
        frame.rows[2 * permutation[q] + part] == (moved(string, places, n), phase)
        for q in range(n)
        for part in (0, 1)
        for string, phase in [frame.rows[2 * q + part]]
    )


def fixes_all(permutation: Permutation, operators: Sequence[PauliSum[float]]) -> bool:
    """Whether the permutation leaves every operator as it is."""
    places = {q: place for q, place in enumerate(permutation) if q != place}
    return fixes(places, operators, len(permutation))


def _symmetric(operators: Sequence[PauliSum[float]], n: int, qubits: set[int]) -> PermutationGroup | None:
    if n * sum(map(len, operators)) > WORK:
        return None
    classes = [c for c in interchangeable(operators, n) if len(c) > 1 and qubits.issuperset(c)]
    if not classes:
        return None
    generators = [p for c in classes for p in (_cycle(c[:2], n), _cycle(c, n))]
    alone = n - sum(map(len, classes))
    orbits = alone + sum(log2(len(c) + 1) for c in classes)
    return PermutationGroup("sn", " × ".join(f"S_{len(c)}" for c in classes), tuple(dict.fromkeys(generators)), orbits)


def _ring(
    operators: Sequence[PauliSum[float]], n: int, qubits: Sequence[int], orders: Iterable[Sequence[int]]
) -> PermutationGroup | None:
    m = len(qubits)
    if m < 3:
        return None
    for order in _orders(operators, n, qubits, orders):
        turn = _cycle(order, n)
        if not fixes_all(turn, operators):
            continue
        reflection = _placed(zip(order, reversed(order), strict=True), n)
        if fixes_all(reflection, operators):
            return PermutationGroup("dn", f"D_{m}", (turn, reflection), n - log2(2 * m))
        return PermutationGroup("cn", f"C_{m}", (turn,), n - log2(m))
    return None


def _orders(
    operators: Sequence[PauliSum[float]], n: int, qubits: Sequence[int], orders: Iterable[Sequence[int]]
) -> Iterator[Sequence[int]]:
    tried = set()
    for order in (*orders, qubits, *_drawn(operators, n, qubits)):
        if tuple(order) not in tried and set(order) == set(qubits):
            tried.add(tuple(order))
            yield order


def _drawn(operators: Sequence[PauliSum[float]], n: int, qubits: Sequence[int]) -> Iterator[list[int]]:
    """Rings that the terms of one coefficient and one multiset of letters draw by pairs of their qubits: all pairs of terms
    on two, and the pairs with different letters of the others."""
    pairs: dict[object, set[tuple[int, int]]] = defaultdict(set)
    for operator in operators:
        for string, coefficient in operator.items():
            letters = [(q, string >> q & 1 | (string >> q + n & 1) << 1) for q in ones(support(string, n))]
            if not 2 <= len(letters) <= _LONG:
                continue
            kind = coefficient, tuple(sorted(letter for _, letter in letters))
            pairs[kind] |= {
                (a, b) for a, here in letters for b, there in letters if a < b and (len(letters) == 2 or here != there)
            }
    for drawn in pairs.values():
        if len(drawn) == len(qubits) and (order := ring_order(drawn, qubits)) is not None:
            yield order


_LONG = 6


def _cycle(order: Sequence[int], n: int) -> Permutation:
    return _placed(zip(order, (*order[1:], order[0]), strict=True), n)


def _placed(moves: Iterable[tuple[int, int]], n: int) -> Permutation:
    places = dict(moves)
    return tuple(places.get(q, q) for q in range(n))


def _acted_on(operators: Sequence[PauliSum[float]], n: int) -> int:
    mask = 0
    for operator in operators:
        for string in operator:
            mask |= support(string, n)
    return mask
