"""Upper bounds for the dimension of an algebra by what its generators conserve.

All elements commute with what all generators commute with, so they lie in its commutant: its Hermitian elements, without
the identity, are at most as many as

* orbits of strings under the qubit permutations that fix the generators, without the identity's;
* C(2n, n) - 1 if a magnetisation ΣX, ΣY or ΣZ is conserved: Σ C(n, k)² over its sectors;
* Catalan(n) - 1 if all three are: the span of all permutations of n spins 1/2 (Schur and Weyl).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import comb, gcd, prod

from bplint.analyses.dla.closure.qubit_permutations import symmetry
from bplint.ir.pauli import PauliSum, multiply, ones, support

_LOOKED = 200_000
"""PauliSum[int] looked at in a test of what is conserved."""


def ceiling(generators: Sequence[PauliSum[int]], n_qubits: int, prime: int) -> int | None:
    """The least of the bounds that apply; None if none does. Coefficients are residues."""
    bounds = []
    group = symmetry(generators, n_qubits)
    if group:
        if group.classes:
            orbits = prod(comb(len(members) + 3, 3) for members in group.classes)
        else:
            orbits = necklaces(n_qubits, reflected=group.name.startswith("D"))
        bounds.append(orbits - 1)
    if sum(map(len, generators)) * n_qubits <= _LOOKED:
        conserved = sum(all(_conserves(terms, letter, n_qubits, prime) for terms in generators) for letter in (1, 2, 3))
        if conserved:
            total = comb(2 * n_qubits, n_qubits)
            bounds.append((total // (n_qubits + 1) if conserved > 1 else total) - 1)
    return min(bounds, default=None)


def necklaces(n_beads: int, *, reflected: bool) -> int:
    """Rings of four colours up to rotations, and reflections (Burnside)."""
    fixed = sum(1 << 2 * gcd(n_beads, step) for step in range(n_beads))
    if not reflected:
        return fixed // n_beads
    half = n_beads // 2
    mirrored = n_beads << 2 * half + 2 if n_beads % 2 else 5 * half << 2 * half
    return (fixed + mirrored) // (2 * n_beads)


def _conserves(terms: PauliSum[int], letter: int, n: int, prime: int) -> bool:
    """Whether a sum of strings commutes with the sum of one letter over all qubits."""
    bracket: dict[int, int] = defaultdict(int)
    for string, coefficient in terms.items():
        for q in ones(support(string, n)):
            single = (letter & 1) << q | (letter >> 1) << q + n
            if (string >> q & 1 | (string >> q + n & 1) << 1) != letter:
                product, phase = multiply(single, string, n)
                bracket[product] += coefficient if phase == 1 else -coefficient
    return not any(value % prime for value in bracket.values())
