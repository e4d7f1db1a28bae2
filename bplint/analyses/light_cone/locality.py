"""How far the loss reaches: declared weight, weight where first met, light cone.

A global observable can be local where the circuit first meets it (CX ladders undo parity strings), and a local one can
spread. Both are read off the circuit backwards, for all terms at once: bit t of a mask belongs to term t.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import or_, xor
from typing import NamedTuple

from bplint.analyses.ask import Ask, reported
from bplint.bounds import Status
from bplint.ir.circuit import ROTATION
from bplint.ir.clifford import clifford
from bplint.ir.context import Case
from bplint.ir.frame import quarter_turns
from bplint.ir.observable import Observable
from bplint.ir.pauli import ones, to_sparse, weight

TERM_LIMIT = 2_000
"""Terms traced one by one."""


class Term(NamedTuple):
    """One term of O. ``first_met`` is its weight where the first rotation anticommutes with it, None if none does.

    ``met_at`` is that operation; ``light_cone`` counts the qubits to which it can have spread at the circuit's start.
    """

    string: int
    coefficient: float
    declared: int
    first_met: int | None
    met_at: int | None
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


@reported
def locality(case: Case, ask: Ask) -> Locality:
    """Weights and light cones of the observable's terms."""
    n, observable = case.circuit.n_qubits, case.context.observable
    terms = _terms(observable)
    if len(terms) > TERM_LIMIT:
        reason = f"the observable has {len(terms):,} terms; up to {TERM_LIMIT:,} are traced"
        return Locality(n, (), Status.INCONCLUSIVE, reason)
    first = _first_met(case, [s for s, _ in terms])
    cones = _cones(case, [s for s, _ in terms])
    found = []
    for t, (string, coefficient) in enumerate(terms):
        met, where = first.get(t, (None, None))
        found.append(Term(string, coefficient, weight(string, n), met, where, cones[t]))
    return Locality(n, tuple(found))


def _terms(observable: Observable) -> list[tuple[int, float]]:
    n = observable.n_qubits
    return [(1 << (q + n), 1.0) for q in observable.projector] or list(observable.terms)


def _first_met(case: Case, strings: list[int]) -> dict[int, tuple[int, int]]:
    """Term -> (weight, operation) at the first rotation, seen from the measurement, that anticommutes with it."""
    circuit, n = case.circuit, case.circuit.n_qubits
    planes = _planes(strings, 2 * n)
    waiting = (1 << len(strings)) - 1
    found: dict[int, tuple[int, int]] = {}
    quarters = quarter_turns(circuit).tolist()
    for operation in range(len(circuit) - 1, -1, -1):
        if not waiting:
            break
        qubits, code = circuit.operands(operation), int(circuit.code[operation])
        if code != ROTATION:
            _pull(planes, code, qubits, n, xor)
            continue
        letters = circuit.letters[circuit.start[operation] : circuit.start[operation + 1]].tolist()
        meets = 0
        for q, letter in zip(qubits, letters, strict=True):
            meets ^= (planes[q + n] if letter & 1 else 0) ^ (planes[q] if letter & 2 else 0)
        quarter = quarters[operation]
        if quarter in (1, 3):  # a fixed Clifford turn: P becomes GP where they anticommute
            for q, letter in zip(qubits, letters, strict=True):
                planes[q] ^= meets if letter & 1 else 0
                planes[q + n] ^= meets if letter & 2 else 0
        elif quarter < 0:
            for t in ones(meets & waiting):
                found[t] = (sum((planes[q] | planes[q + n]) >> t & 1 for q in range(n)), operation)
            waiting &= ~meets
    return found


def _pull(planes: list[int], code: int, qubits: list[int], n: int, join: Callable[[int, int], int]) -> None:
    """Carry all strings through one Clifford, P -> C† P C, signs aside; ``join`` is xor, or or for what may be."""
    row = clifford(code)
    size = row.n_qubits
    out = [0] * (2 * size)
    for i, (image, _) in enumerate(row.images):
        source = planes[qubits[i // 2] + (n if i % 2 else 0)]
        for bit in ones(image):
            out[bit] = join(out[bit], source)
    for a, q in enumerate(qubits):
        planes[q], planes[q + n] = out[a], out[a + size]


def _cones(case: Case, strings: list[int]) -> list[int]:
    """Number of qubits that each term can have spread to at the start of the circuit.

    Carries, for each bit of a string, the terms that may have it there: an upper bound that knows what commutes, so a Z
    does not spread through a CZ.
    """
    circuit, n = case.circuit, case.circuit.n_qubits
    may = _planes(strings, 2 * n)
    starts, all_qubits, all_letters = circuit.start.tolist(), circuit.qubits.tolist(), circuit.letters.tolist()
    quarters, codes = quarter_turns(circuit).tolist(), circuit.code.tolist()
    for operation in range(len(circuit) - 1, -1, -1):
        a, b = starts[operation], starts[operation + 1]
        if codes[operation] != ROTATION:
            _pull(may, codes[operation], all_qubits[a:b], n, or_)
            continue
        if quarters[operation] in (0, 2):
            continue
        meets = 0
        for q, letter in zip(all_qubits[a:b], all_letters[a:b], strict=True):
            meets |= (may[q + n] if letter & 1 else 0) | (may[q] if letter & 2 else 0)
        for q, letter in zip(all_qubits[a:b], all_letters[a:b], strict=True):
            may[q] |= meets if letter & 1 else 0
            may[q + n] |= meets if letter & 2 else 0
    sizes = [0] * len(strings)
    for q in range(n):
        for t in ones(may[q] | may[q + n]):
            sizes[t] += 1
    return sizes


def _planes(strings: list[int], width: int) -> list[int]:
    """The transpose: for each bit position the mask of the strings that have it."""
    planes = [0] * width
    for t, string in enumerate(strings):
        for bit in ones(string & ((1 << width) - 1)):
            planes[bit] |= 1 << t
    return planes
