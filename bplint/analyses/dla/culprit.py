"""Which generators make an algebra exponential: without them it would be free fermions."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from bplint.analyses.ask import Ask, BudgetError
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


WORK = 1 << 25
"""Strings that may be classified, times the 64-bit words of their X parts, at most."""

_PRICE = 5_000
"""Operations (:mod:`bplint.analyses.ask`) of a unit of this work."""

_SHARE = 2
"""Halvings of the work of a large question that may go into it."""


def culprits(case: Case, ask: Ask, *, work: int | None = None) -> tuple[Rotations, ...]:
    """Candidates whose removal leaves the loss with free fermions only, the largest so(m) first, then in circuit order.

    Single generators, or else kinds of gate; empty where the algebra is not surely exponential, fewer than 6 qubits, or
    no single one is to blame. ``BudgetError`` where trying the candidates takes more ``work`` than is allowed.
    """
    allowed = min(WORK, (ask.work >> _SHARE) // _PRICE) if work is None else work
    n = case.circuit.n_qubits
    if n < 6:
        return ()  # nothing is exponential at one small size
    exponential = [c for c in components_seen(case, ask, ask(dla).surely) if is_exponential(c)]
    largest = max(exponential, key=lambda c: c.pairs, default=None)
    if largest is None or largest.pairs < max(6, n / 2):
        return ()  # free fermions, small blocks, or blocks that the loss does not see
    return tuple(_culprits(case, ask, largest, _Allowance(case, allowed)))


def kind_of(case: Case, operation: int) -> tuple[str, int]:
    """The gate's name, and the letter where it acts on one qubit: a U gate turns about Z and about Y."""
    circuit, turn = case.circuit, case.circuit.operations[operation]
    return circuit.gate_name(operation), turn.letters[0] if circuit.gates.columns.arity[turn.gate] == 1 else 0


class _Allowance:
    """The work that is left."""

    def __init__(self, case: Case, work: int) -> None:
        self._n, self._left = case.circuit.n_qubits, work

    def spend(self, strings: int) -> None:
        """Pay for classifying so many strings."""
        self._left -= strings * (1 + self._n // 64)
        if self._left < 0:
            raise BudgetError(
                f"trying which generator of {strings:,} on {self._n:,} qubits makes the algebra exponential takes more work "
                "than is allowed"
            )


def _culprits(case: Case, ask: Ask, exponential: Component, allowance: _Allowance) -> list[Rotations]:
    """What makes the algebra free-fermion when it goes, and leaves the largest so(m): generators, or else kinds of gate."""
    n, pairs = case.circuit.n_qubits, exponential.pairs
    frame, axes = ask(framed), ask(dla).algebra.axes
    uses = Counter(frame.axes)
    singles, kinds = _candidates(case, ask, set(obstruction(exponential.core, n)))
    shallow = max((term.light_cone for term in ask(locality).terms), default=n) < n / 2
    for candidates in (singles, [] if shallow else kinds):
        hopeful: list[tuple[tuple[int, int], Rotations]] = []
        for candidate in candidates:
            fewer = Counter(frame.axes[i] for i in candidate)
            gone = {axis for axis, count in fewer.items() if count == uses[axis]}
            if gone.isdisjoint(exponential.core) or not is_free([a for a in exponential.core if a not in gone], n):
                continue  # quickly known of most
            allowance.spend(len(axes))
            left = _tame(case, ask, classify((axis for axis in axes if axis not in gone), n), pairs)
            if left:
                hopeful.append(((max(c.size for c in left), sum(c.dimension for c in left)), candidate))
        best: list[tuple[tuple[int, int], Rotations]] = []
        for left_over, candidate in sorted(hopeful, key=lambda entry: entry[0], reverse=True):
            if best and left_over != best[0][0]:
                continue
            allowance.spend(_WHOLE * len(frame.axes))
            if _stays_tame(case, ask, candidate, pairs):
                best.append((left_over, candidate))
        if best:
            return [candidate for _, candidate in best]
    return []


_WHOLE = 8
"""How many times longer the algebra of a whole circuit takes than that of its axes."""


def _tame(case: Case, ask: Ask, algebra: PauliAlgebra, pairs: int) -> list[Component]:
    """What the loss touches, if that is a few copies of free fermions, at least one of them half as large as before."""
    touched = components_seen(case, ask, algebra)
    few = all(c.free_fermion and c.copies <= algebra.n_qubits for c in touched)
    return touched if few and 2 * max((c.pairs for c in touched), default=0) >= pairs else []


def _stays_tame(case: Case, ask: Ask, candidate: Rotations, pairs: int) -> bool:
    """Also when the circuit is repeated, as far as is known."""
    after = dla(case, ask, without=candidate)  # not kept: an algebra of many strings is large
    return after.repeat is None or bool(_tame(case, ask, after.repeat, pairs))


def _candidates(case: Case, ask: Ask, suspects: set[int]) -> tuple[list[Rotations], list[Rotations]]:
    """Single generators and kinds of gate with a suspect among their axes, in circuit order."""
    frame, circuit = ask(framed), case.circuit
    trained, data = circuit.trained, circuit.driven_by(Role.DATA)
    kinds: dict[tuple[str, int], list[int]] = {}
    users: dict[int, list[tuple[int, int]]] = {}
    for i, operation in enumerate(frame.operations):
        if not trained[operation] or data[operation]:
            continue
        kind = kind_of(case, operation)
        kinds.setdefault(kind, []).append(i)
        if frame.axes[i] in suspects:
            users.setdefault(frame.axes[i], []).append((circuit.operations[operation].gate, kind[1]))
    gates: dict[tuple[int, int], list[int]] = {gate: [] for used in users.values() for gate in used}
    for (_, letter), positions in kinds.items():
        for i in positions:
            gates.get((circuit.operations[frame.operations[i]].gate, letter), []).append(i)
    singles = [frozenset(i for gate in used for i in gates[gate]) for used in users.values()]
    meant = dict.fromkeys(kind_of(case, frame.operations[i]) for single in singles for i in sorted(single))
    return list(dict.fromkeys(singles)), [frozenset(kinds[kind]) for kind in meant]
