"""The circuit as a symmetry prior wants it: generators projected on what the prior allows."""

from __future__ import annotations

from bplint.analyses.symmetry.prior import Prior
from bplint.ir.circuit import Circuit
from bplint.ir.observable import Observable
from bplint.rewrite.building import rewritten
from bplint.rewrite.change import Counts, Placed, Refused, Rewrite
from bplint.rewrite.conserved import Conserved
from bplint.rewrite.permuted import permuted
from bplint.rewrite.restricted import restricted


def equivariant(
    circuit: Circuit, prior: Prior, observable: Observable | None = None, *, mixed: bool = False
) -> Rewrite | Refused:
    """The circuit as the prior wants it, its layout and depth kept.

    Generators are projected on what the prior allows: kept, dropped, or replaced; for permutations tied along orbits.
    ``observable`` is where two-qubit terms are taken from; with ``mixed`` all that charges allow between two qubits takes
    turns there, which permutations and strings do not ask for. Data is never changed, nor are fixed gates that are no
    Cliffords: where that would be needed the answer is Refused.
    """
    if mixed and (prior.permutations or prior.strings):
        return Refused("its entanglers are all that it allows")
    if prior.permutations and (prior.charges or prior.strings):
        return _in_turn(circuit, prior, observable)
    return permuted(circuit, prior) if prior.permutations else restricted(circuit, prior, observable, mixed=mixed)


def _in_turn(circuit: Circuit, prior: Prior, observable: Observable | None) -> Rewrite | Refused:
    """First the charges, then the permutations of what they leave."""
    first = restricted(circuit, prior._replace(permutations=()), observable)
    if isinstance(first, Refused):
        return first
    middle = rewritten(circuit, first._replace(start=()))
    second = permuted(middle, prior._replace(charges=(), strings=()))
    if isinstance(second, Refused):
        return second
    conserved = Conserved(circuit, prior.charges)
    if not all(conserved.allows_placed(new) for put in second.changes.values() for new in put if new.name == "rzz"):
        return Refused(f"no entangler of two qubits keeps {prior.words} and is invariant")
    changes: dict[int, tuple[Placed, ...]] = {}
    at = 0
    for gate in range(len(circuit.gates)):
        own = first.changes.get(gate)
        count = 1 if own is None else len(own)
        touched = any(at + k in second.changes for k in range(count))
        if own is not None or touched:
            parts = [second.changes.get(at + k, () if own is None else (own[k],)) for k in range(count)]
            changes[gate] = tuple(placed for part in parts for placed in part)
        at += count
    if not first.preparation.isdisjoint(changes):
        return Refused("the state that it prepares is not invariant")
    a, b = first.counts, second.counts
    counts = Counts(b.kept, a.dropped + b.dropped, a.replaced + b.replaced, b.tied, b.added)
    return Rewrite(second.start, changes, second.parameters, counts, first.preparation)
