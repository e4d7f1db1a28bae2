"""Which generators make an algebra exponential: without them it would be free fermions."""

from __future__ import annotations

from typing import TypeAlias

from bplint.analyses.ask import Ask
from bplint.analyses.dla.dla import components_seen, dla
from bplint.analyses.dla.pauli.classify import Component, PauliAlgebra, classify
from bplint.analyses.dla.pauli.obstruction import is_free, obstruction
from bplint.analyses.dla.result import is_exponential
from bplint.analyses.light_cone.locality import locality
from bplint.analyses.views import framed
from bplint.ir.circuit import Role
from bplint.ir.context import Case

Rotations: TypeAlias = frozenset[int]
"""Rotations of the frame that go together: those of one generator, or of one kind of gate."""


def culprits(case: Case, ask: Ask) -> tuple[Rotations, ...]:
    """Candidates whose removal leaves the loss with free fermions only, the largest so(m) first, then in circuit order.

    Single generators, or else kinds of gate; empty where the algebra is not surely exponential, fewer than 6 qubits, or
    no single one is to blame.
    """
    n = case.circuit.n_qubits
    if n < 6:
        return ()  # nothing is exponential at one small size
    exponential = [c for c in components_seen(case, ask, ask(dla).surely) if is_exponential(c)]
    largest = max(exponential, key=lambda c: c.pairs, default=None)
    if largest is None or largest.pairs < max(6, n / 2):
        return ()  # free fermions, small blocks, or blocks that the loss does not see
    return tuple(_found(case, ask, largest))


def kind_of(case: Case, operation: int) -> tuple[str, int]:
    """The gate's name, and the letter where it acts on one qubit: a U gate turns about Z and about Y."""
    circuit, found = case.circuit, case.circuit.operations[operation]
    return circuit.gate_name(operation), found.letters[0] if circuit.gates.arity[found.gate] == 1 else 0


def _found(case: Case, ask: Ask, exponential: Component) -> list[Rotations]:
    """What makes the algebra free-fermion when it goes, and leaves the largest so(m): generators, or else kinds of gate."""
    n, pairs = case.circuit.n_qubits, exponential.pairs
    frame, axes = ask(framed), ask(dla).algebra.axes
    singles, kinds = _candidates(case, ask, set(obstruction(exponential.core, n)))
    shallow = max((term.light_cone for term in ask(locality).terms), default=n) < n / 2
    for candidates in (singles, [] if shallow else kinds):
        hopeful: list[tuple[tuple[int, int], Rotations]] = []
        for candidate in candidates:
            others = {axis for i, axis in enumerate(frame.axes) if i not in candidate}
            if not is_free([axis for axis in exponential.core if axis in others], n):
                continue  # quickly known of most
            left = _tame(case, ask, classify((axis for axis in axes if axis in others), n), pairs)
            if left:
                hopeful.append(((max(c.size for c in left), sum(c.dimension for c in left)), candidate))
        best: list[tuple[tuple[int, int], Rotations]] = []
        for left_over, candidate in sorted(hopeful, key=lambda entry: entry[0], reverse=True):
            if (not best or left_over == best[0][0]) and _stays_tame(case, ask, candidate, pairs):
                best.append((left_over, candidate))
        if best:
            return [candidate for _, candidate in best]
    return []


def _tame(case: Case, ask: Ask, algebra: PauliAlgebra, pairs: int) -> list[Component]:
    """What the loss touches, if that is a few copies of free fermions, at least one of them half as large as before."""
    touched = components_seen(case, ask, algebra)
    few = all(c.free_fermion and c.copies <= algebra.n_qubits for c in touched)
    return touched if few and 2 * max((c.pairs for c in touched), default=0) >= pairs else []


def _stays_tame(case: Case, ask: Ask, candidate: Rotations, pairs: int) -> bool:
    """Also when the circuit is repeated, as far as is known."""
    after = ask(dla, without=candidate)
    return after.repeat is None or bool(_tame(case, ask, after.repeat, pairs))


def _candidates(case: Case, ask: Ask, suspects: set[int]) -> tuple[list[Rotations], list[Rotations]]:
    """Single generators and kinds of gate with a suspect among their axes, in circuit order."""
    frame, circuit = ask(framed), case.circuit
    trained, data = circuit.trained, circuit.driven_by(Role.DATA)
    gates: dict[tuple[int, int], list[int]] = {}
    kinds: dict[tuple[str, int], list[int]] = {}
    users: dict[int, list[tuple[int, int]]] = {}
    for i, operation in enumerate(frame.operations):
        if not trained[operation] or data[operation]:
            continue
        kind = kind_of(case, operation)
        gate = int(circuit.gate[operation]), kind[1]
        gates.setdefault(gate, []).append(i)
        kinds.setdefault(kind, []).append(i)
        if frame.axes[i] in suspects:
            users.setdefault(frame.axes[i], []).append(gate)
    singles = [frozenset(i for gate in used for i in gates[gate]) for used in users.values()]
    meant = dict.fromkeys(kind_of(case, frame.operations[i]) for single in singles for i in sorted(single))
    return list(dict.fromkeys(singles)), [frozenset(kinds[kind]) for kind in meant]
