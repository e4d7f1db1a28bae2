"""Symmetries in words, for the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bplint.analyses.symmetry.ansatz import Ansatz
from bplint.analyses.symmetry.charges import Weights
from bplint.analyses.symmetry.permutations import PermutationGroup, permutation_groups
from bplint.analyses.symmetry.prior import Permutation, Prior
from bplint.ir.pauli import PauliTerms, to_sparse, weight, x_part

_LISTED = 8
"""Generators named of one group, and letters or qubits of one generator."""
_WORK = 1 << 19
"""Strings times qubits of an ansatz up to which its permutations are looked for."""


class Symmetry(NamedTuple):
    """A group with some of its generators in words: the first few where there are many."""

    group: str
    generators: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {"group": self.group, "generators": list(self.generators)}


def listed(
    strings: Sequence[int], weights: Mapping[str, Weights], groups: Sequence[PermutationGroup], n_qubits: int
) -> tuple[Symmetry, ...]:
    """Strings that commute, charges by letter, and permutations."""
    return tuple(_listed(strings, weights, groups, n_qubits))


def listed_ansatz(ansatz: Ansatz, orders: Sequence[Sequence[int]]) -> tuple[tuple[Symmetry, ...], str]:
    """What the ansatz keeps, and what was not looked for. ``orders`` are rings to try."""
    n, reason = ansatz.frame.n_qubits, ""
    groups: list[PermutationGroup] = []
    if n * sum(map(len, ansatz.sums)) <= _WORK:
        # Equal up to sign of the angle is not enough: each sum has to come back as it is.
        groups = permutation_groups([dict(terms) for terms in ansatz.sums], n, orders)
        groups = [group for group in groups if all(map(ansatz.keeps_permutation, group.generators))]
    else:
        reason = f"permutations of a circuit with {len(ansatz.sums):,} generators on {n:,} qubits are not looked for"
    symmetries = listed(ansatz.strings, ansatz.weights, groups, n)
    return symmetries + tuple(_forms(ansatz)), reason


def listed_prior(prior: Prior, n_qubits: int, ancillas: int = 0) -> tuple[str, ...]:
    """The first few charges, permutations or strings of a prior; the last qubits are ``ancillas``."""
    charges = [_terms(charge, n_qubits, ancillas) for charge in prior.charges[:_LISTED]]
    cycles = [_cycles(permutation) for permutation in prior.permutations[:_LISTED]]
    return (*charges, *cycles, *(to_sparse(string, n_qubits, ancillas) for string in prior.strings[:_LISTED]))


def _terms(charge: PauliTerms, n: int, ancillas: int) -> str:
    words = (f"{'' if c == 1 else '-' if c == -1 else f'{c:g}*'}{to_sparse(s, n, ancillas)}" for s, c in charge)
    return _cut(list(words), " + ").replace("+ -", "- ")


def _listed(
    strings: Sequence[int], weights: Mapping[str, Weights], groups: Sequence[PermutationGroup], n: int
) -> Iterator[Symmetry]:
    if strings:
        name = "Z_2" if len(strings) == 1 else f"Z_2^{len(strings)}"
        plainest = sorted(strings, key=lambda s: (weight(s, n), s))[:_LISTED]
        yield Symmetry(name, tuple(_cut(to_sparse(string, n).split(), " ") for string in plainest))
    for letter, solved in weights.items():
        if solved:
            name = "U(1)" if solved.n_free == 1 else f"U(1)^{solved.n_free}"
            yield Symmetry(name, tuple(_sum(m, letter) for m in solved.basis(_LISTED)))
    equal = [1] * n
    if all(equal in solved for solved in weights.values()):
        yield Symmetry("SU(2)", tuple(_sum(equal, letter) for letter in weights))
    for group in groups:
        yield Symmetry(group.name, tuple(_cycles(p) for p in group.generators[:_LISTED]))


def _forms(ansatz: Ansatz) -> Iterator[Symmetry]:
    """Quadratic forms that are 1 on every axis, of those that count one letter, or all three, on all qubits alike.

    The algebra is then in one of so(2^n) or sp(2^(n-1)), see :mod:`bplint.analyses.dla.pauli.quadric`.
    """
    n, axes = ansatz.frame.n_qubits, ansatz.frame.axes
    counts: dict[str, Callable[[int], int]] = {
        "X": lambda s: x_part(s, n) & ~(s >> n),
        "Y": lambda s: x_part(s, n) & s >> n,
        "Z": lambda s: s >> n & ~x_part(s, n),
        "letters": lambda s: x_part(s, n) | s >> n,
    }
    for letter, counted in counts.items():
        if axes and all(counted(axis).bit_count() & 1 for axis in axes):
            yield Symmetry("quadratic form", (f"an odd number of {letter} in every axis",))


def _sum(weights: Sequence[int], letter: str) -> str:
    terms = [
        f"{'-' if m < 0 else ''}{f'{abs(m)}*' if abs(m) > 1 else ''}{letter}{q}" for q, m in enumerate(weights) if m
    ]
    return _cut(terms, " + ").replace("+ -", "- ")


def _cycles(permutation: Permutation) -> str:
    """Such as ``(0 1 2)(3 4)``."""
    words, seen = "", set()
    for first in range(len(permutation)):
        cycle, q = [], first
        while q not in seen:
            seen.add(q)
            cycle.append(str(q))
            q = permutation[q]
        if len(cycle) > 1:
            words += f"({_cut(cycle, ' ')})"
    return words if len(words) < 100 else f"{words[:96]} …"


def _cut(parts: Sequence[str], between: str) -> str:
    return between.join(parts if len(parts) <= _LISTED else [*parts[: _LISTED - 1], "…", parts[-1]])
