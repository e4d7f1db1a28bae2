"""How far the loss reaches: declared weight, weight where first met, light cone.

A global observable can be local where the circuit first meets it (CX ladders undo parity strings), and a local one can
spread. Both are read off the circuit backwards, for all terms at once: bit t of a mask belongs to term t.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import or_
from typing import NamedTuple

from bplint.analyses.ask import Ask, analysis
from bplint.analyses.light_cone.alive import passage
from bplint.analyses.light_cone.passage import Passage, planes_of
from bplint.bounds import Status
from bplint.ir.context import Case
from bplint.ir.pauli import ones, to_sparse, weight
from bplint.number_format import plural

TERM_LIMIT = 2_000
"""Terms traced one by one."""


LOCAL = 4
"""Terms on so many qubits are local at any width: neighbours behind a layer of CZ gates along a line are on four."""


def is_wide(qubits: int, n_qubits: int) -> bool:
    """Whether a term on so many qubits, where it is first met, asks about the register as a whole."""
    return qubits > LOCAL and qubits >= n_qubits / 2


class Term(NamedTuple):
    """One term of O. ``first_met`` is its weight where the first rotation anticommutes with it, None if none does.

    ``light_cone`` counts the qubits to which it can have spread at the circuit's start.
    """

    string: int
    coefficient: float
    declared: int
    first_met: int | None
    light_cone: int


class Locality(NamedTuple):
    """All terms; for a projector the Z of each of its qubits stands for its factors."""

    n_qubits: int
    terms: tuple[Term, ...]
    status: Status = Status.EXACT
    reason: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "status": self.status,
            **({"reason": self.reason} if self.reason else {}),
            "terms": {
                to_sparse(t.string, self.n_qubits): {
                    "declared": t.declared,
                    "first_met": t.first_met,
                    "light_cone": t.light_cone,
                }
                for t in self.terms
            },
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        if self.status.told:
            yield "locality", self._widest()

    def _widest(self) -> str:
        widest = max(self.terms, key=lambda t: t.light_cone, default=None)
        if widest is None:
            return "the loss has no term"
        met = max((t.first_met or 0 for t in self.terms), default=0)
        declared = max(t.declared for t in self.terms)
        return (
            f"{plural(len(self.terms), 'term')}; widest {declared:,} as declared, {met:,} where first met, "
            f"light cone {widest.light_cone:,} of {plural(self.n_qubits, 'qubit')} (exact)"
        )


@analysis("locality", in_profile=True)
def locality(case: Case, ask: Ask) -> Locality:
    """Weights and light cones of the observable's terms."""
    n, observable = case.circuit.n_qubits, case.context.observable
    strings = observable.generators
    if len(strings) > TERM_LIMIT:
        reason = f"the observable has {len(strings):,} terms; up to {TERM_LIMIT:,} are traced"
        return Locality(n, (), Status.INCONCLUSIVE, reason)
    coefficients = [c for _, c in observable.terms] or [1.0] * len(strings)
    first, cones = _first_met(ask(passage), strings), _cones(ask(passage), strings)
    return Locality(
        n,
        tuple(
            Term(
                string=string,
                coefficient=coefficients[t],
                declared=weight(string, n),
                first_met=first.get(t),
                light_cone=cones[t],
            )
            for t, string in enumerate(strings)
        ),
    )


def _first_met(way: Passage, strings: Sequence[int]) -> dict[int, int]:
    """Term -> its weight at the first rotation, seen from the measurement, that anticommutes with it."""
    n, waiting = way.n_qubits, (1 << len(strings)) - 1
    first: dict[int, int] = {}

    def turn(_: int, mask: int) -> int:
        nonlocal waiting
        for t in ones(mask & waiting):
            first[t] = sum((planes[q] | planes[q + n]) >> t & 1 for q in range(n))
        waiting &= ~mask
        return 0

    planes = _planes(strings, n)
    way.carry(planes, turn)
    return first


def _cones(way: Passage, strings: Sequence[int]) -> list[int]:
    """Number of qubits that each term can have spread to at the start of the circuit.

    Carries, for each bit of a string, the terms that may have it there: an upper bound that knows what commutes, so a Z
    does not spread through a CZ.
    """
    n = way.n_qubits
    may = _planes(strings, n)
    way.carry(may, lambda _, mask: mask, or_)
    sizes = [0] * len(strings)
    for q in range(n):
        for t in ones(may[q] | may[q + n]):
            sizes[t] += 1
    return sizes


def _planes(strings: Sequence[int], n_qubits: int) -> list[int]:
    """Term t in bit t."""
    return planes_of(strings, [1 << t for t in range(len(strings))], n_qubits)
