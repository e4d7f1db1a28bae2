"""Rewrites for priors that hold gate by gate: conserved charges, and a free-fermionic algebra.

The circuit is read as runs of one-qubit gates on each qubit, between gates on several. What the prior allows stays. Of
a run that would lose all its rotations the first becomes the rotation that the prior allows there, and an entangler
that it does not allow becomes one that it does: depth and layout are kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from bplint.analyses.symmetry.prior import Prior
from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.gate_table import Turn
from bplint.ir.observable import Observable
from bplint.ir.pauli import qubits, support
from bplint.rewrite.change import Angle, Counts, Placed, Refused, Rewrite
from bplint.rewrite.conserved import Conserved
from bplint.rewrite.gates import EXCHANGES, local_rotation, named, pair_rotation
from bplint.rewrite.parameters import Parameters
from bplint.rewrite.reading import Letters, Piece, SourceGate, angle_of, generators, source_gates


class Allowed(Protocol):
    """What a prior allows."""

    def gate(self, gate: SourceGate) -> bool:
        """Whether a gate may stay."""

    def rotation(self, letters: Letters) -> bool:
        """Whether a rotation about this string may stay."""

    def letters(self, qubit: int) -> tuple[int, ...]:
        """About which letters the qubit may be turned."""

    def entanglers(self, a: int, b: int) -> tuple[tuple[Placed, ...], ...]:
        """What may entangle two qubits, without angles: the first choice first."""

    def mixed(self, a: int, b: int) -> tuple[Placed, ...]:
        """What entangles two qubits so that, one in turn with the other, all is made that the prior allows there."""

    def moves(self, strings: Iterable[Letters]) -> bool:
        """Whether an entangler made of these strings does more than the one-qubit rotations leave as it is."""

    def prepared(self, gates: Sequence[SourceGate], start: Sequence[Placed]) -> bool:
        """Whether the start and these fixed gates prepare a state that the prior may begin with."""

    def together(self, gates: Sequence[SourceGate]) -> bool:
        """Whether the prior allows a run of gates that it does not allow one by one."""


def restricted(
    circuit: Circuit, prior: Prior, observable: Observable | None, *, mixed: bool = False
) -> Rewrite | Refused:
    """The rewrite for the charges or the strings of a prior.

    ``mixed`` ones have in the place of entanglers, one pass over a pair of qubits after the other, all kinds that the charges
    allow there: one kind alone, with rotations of single qubits, is often no more than free fermions.
    """
    terms = () if observable is None else tuple(string for string, _ in observable.terms)
    allowed: Allowed = Spanned(circuit, prior.strings) if prior.strings else Charged(circuit, prior, terms)
    return _Restricting(circuit, prior, allowed, mixed).run()


class Charged:
    """Charges allow what commutes with them."""

    def __init__(self, circuit: Circuit, prior: Prior, terms: Sequence[int]) -> None:
        self._conserved = Conserved(circuit, prior.charges)
        self._single = all(len(charge) == 1 for charge in prior.charges)
        self._terms = _by_pair(terms, circuit.n_qubits)
        self._letters: dict[int, tuple[int, ...]] = {}
        self._entanglers: dict[tuple[int, int], tuple[tuple[Placed, ...], ...]] = {}
        self._gates: dict[tuple[Piece, ...], bool] = {}

    def gate(self, gate: SourceGate) -> bool:
        # The layers of a circuit repeat their gates, with other angles.
        key = tuple(piece if -2 in piece.quarters else piece._replace(row=-1) for piece in gate.pieces)
        if key not in self._gates:
            self._gates[key] = self._conserved.allows(gate)
        return self._gates[key]

    def rotation(self, letters: Letters) -> bool:
        return self._conserved.allows_rotation(letters)

    def letters(self, qubit: int) -> tuple[int, ...]:
        if qubit not in self._letters:
            self._letters[qubit] = tuple(c for c in _LETTERS if self._conserved.allows_rotation(((qubit, c),)))
        return self._letters[qubit]

    def entanglers(self, a: int, b: int) -> tuple[tuple[Placed, ...], ...]:
        if (a, b) not in self._entanglers:
            self._entanglers[a, b] = self._choices(a, b)
        return self._entanglers[a, b]

    def _choices(self, a: int, b: int) -> tuple[tuple[Placed, ...], ...]:
        pairs = [*self._terms.get((a, b), ()), *_PAIRS]
        rotations = [Placed(*pair_rotation(pair, (a, b))) for pair in pairs]
        sums = [] if self._single else [Placed(name, (a, b)) for name in EXCHANGES]
        allowed = [gate for gate in (*sums, *rotations) if self._conserved.allows_placed(_with(gate, _ANY))]
        allowed.sort(key=lambda gate: not self.moves(_strings(gate)))
        return tuple((gate,) for gate in allowed)

    def mixed(self, a: int, b: int) -> tuple[Placed, ...]:
        pairs = [c for c in _LETTERS if self._conserved.allows_rotation(((a, c), (b, c)))]
        turned = [c for c in pairs if c in self.letters(a) and c in self.letters(b)]
        if len(pairs) == len(_LETTERS) and turned:
            pairs.remove(next(c for c in pairs if c not in turned[:1]))  # turns about the one make it of the other
        rotations = [Placed(*pair_rotation((c, c), (a, b))) for c in pairs]
        sums = [] if self._single else [Placed(name, (a, b)) for name in EXCHANGES]
        sums = [gate for gate in sums if self._conserved.allows_placed(_with(gate, _ANY))]
        return (*sums[:1], *rotations)

    def moves(self, strings: Iterable[Letters]) -> bool:
        free = True
        for string in strings:
            for q, letter in string:
                here = self.letters(q)
                if any(letter != other for other in here):
                    return True
                free = free and not here
        return free

    def prepared(self, gates: Sequence[SourceGate], start: Sequence[Placed]) -> bool:
        return all(gate.clifford for gate in gates) and self._conserved.prepared(gates, start)

    def together(self, gates: Sequence[SourceGate]) -> bool:
        return self._single and all(gate.clifford for gate in gates) and self._conserved.allows_together(gates)


class Spanned:
    """Strings allow rotations about themselves; any state may begin, for only what moves is restricted."""

    def __init__(self, circuit: Circuit, strings: Sequence[int]) -> None:
        n = circuit.n_qubits
        self._n = n
        self._strings = {tuple((q, _letter(s, q, n)) for q in qubits(s, n)) for s in strings}
        self._pairs = _by_pair(strings, n)

    def gate(self, gate: SourceGate) -> bool:
        turning = [piece for piece in gate.pieces if piece.code == ROTATION]
        return len(turning) == len(gate.pieces) and all(
            self.rotation(string) for piece in turning for _, string in piece.strings
        )

    def rotation(self, letters: Letters) -> bool:
        return tuple(sorted(letters)) in self._strings

    def letters(self, qubit: int) -> tuple[int, ...]:
        return tuple(c for c in _LETTERS if ((qubit, c),) in self._strings)

    def entanglers(self, a: int, b: int) -> tuple[tuple[Placed, ...], ...]:
        rotations = tuple(Placed(*pair_rotation(pair, (a, b))) for pair in self._pairs.get((a, b), ()))
        return (rotations,) if rotations else ()

    def mixed(self, a: int, b: int) -> tuple[Placed, ...]:
        return ()

    def moves(self, strings: Iterable[Letters]) -> bool:
        return True

    def prepared(self, gates: Sequence[SourceGate], start: Sequence[Placed]) -> bool:
        return all(gate.clifford for gate in gates)

    def together(self, gates: Sequence[SourceGate]) -> bool:
        return False


class _Run(NamedTuple):
    """One qubit since its last entangler: how many rotations stay, and where the first that does not stood."""

    kept: int = 0
    first: tuple[int, int, Angle] | None = None
    """Gate, place among what stands for it, angle."""


class _Restricting:
    def __init__(self, circuit: Circuit, prior: Prior, allowed: Allowed, mixed: bool) -> None:
        self._circuit = circuit
        self._mixed = mixed
        self._visits: Counter[tuple[int, ...]] = Counter()
        """How often a pair has been entangled."""
        self._prior = prior
        self._allowed = allowed
        self._parameters = Parameters(circuit)
        self._changes: dict[int, list[Placed]] = {}
        self._runs: dict[int, _Run] = defaultdict(_Run)
        self._kept = self._dropped = self._replaced = 0

    def run(self) -> Rewrite | Refused:
        circuit, allowed = self._circuit, self._allowed
        gates = [gate for gate in source_gates(circuit) if gate.qubits]
        start = tuple(Placed(name, tuple(wires)) for name, wires in self._prior.start)
        breaking = {gate.number for gate in gates if not allowed.gate(gate)}
        preparing = _leading(gates)
        preparation = frozenset[int]()
        if any(gate.number in breaking for gate in preparing) and allowed.prepared(preparing, start):
            preparation = frozenset(gate.number for gate in preparing)
        breaking -= preparation
        breaking -= {gate.number for run in _runs(gates) if self._whole(run, breaking) for gate in run}
        for gate in gates:
            if gate.number in breaking and (gate.data or not (gate.trained or gate.clifford)):
                return Refused(f"{self._describe(gate)} does not keep {self._prior.words} and may not be changed")
        entanglers = [gate for gate in gates if not gate.local and gate.number not in preparation]
        if entanglers and (self._mixed or not self._some_moves(entanglers, breaking)):
            breaking |= {gate.number for gate in entanglers if self._exchangeable(gate)}
        for gate in gates:
            if gate.local:
                self._local(gate, gate.number in breaking)
            else:
                for q in gate.qubits:
                    self._close(q)
                self._entangling(gate, gate.number in breaking)
        for q in list(self._runs):
            self._close(q)
        if not any(gate.trained and gate.number not in breaking for gate in gates) and not any(self._changes.values()):
            return Refused(f"nothing that can be trained keeps {self._prior.words}")
        return Rewrite(
            start,
            {index: tuple(placed) for index, placed in self._changes.items()},
            tuple(self._parameters.all),
            Counts(self._kept, self._dropped, self._replaced),
            preparation,
        )

    def _whole(self, run: Sequence[SourceGate], breaking: set[int]) -> bool:
        return any(gate.number in breaking for gate in run) and self._allowed.together(run)

    def _some_moves(self, entanglers: Sequence[SourceGate], breaking: set[int]) -> bool:
        """Whether some entangler, as it will stand, does something."""
        for gate in entanglers:
            if gate.number not in breaking:
                if self._allowed.moves(generators(gate)):
                    return True
                continue
            for pair in zip(gate.qubits, gate.qubits[1:], strict=False):
                choices = self._allowed.entanglers(*pair)
                if choices and self._allowed.moves(s for placed in choices[0] for s in _strings(placed)):
                    return True
        return False

    def _exchangeable(self, gate: SourceGate) -> bool:
        """Whether it may become another entangler, and one that does something."""
        if gate.data or not (gate.trained or gate.clifford):
            return False
        choices = [
            c for pair in zip(gate.qubits, gate.qubits[1:], strict=False) for c in self._allowed.entanglers(*pair)
        ]
        return any(self._allowed.moves(s for placed in choice for s in _strings(placed)) for choice in choices)

    def _local(self, gate: SourceGate, breaks: bool) -> None:
        (q,) = gate.qubits
        run = self._runs[q]
        if not breaks:
            self._kept += gate.trained
            self._runs[q] = run._replace(kept=run.kept + gate.trained)
            return
        written: list[Placed] = []
        kept, first = run
        for piece in gate.pieces:
            if piece.code != ROTATION or piece.quarters == (0,) or (not piece.moves and not self._piece(piece)):
                continue  # the fixed part of a gate, such as the quarter turns of u2
            ((factor, ((_, letter),)),) = piece.strings
            angle = angle_of(self._circuit, piece.row, factor)
            if self._piece(piece):
                written.append(Placed(local_rotation(letter), (q,), (angle,)))
                kept += piece.moves
            elif first is None:
                first = gate.number, len(written), angle
        self._changes[gate.number] = written
        self._dropped += gate.trained and not written
        self._replaced += bool(written)
        self._runs[q] = _Run(kept, first)

    def _piece(self, piece: Piece) -> bool:
        return all(self._allowed.rotation(string) for _, string in piece.strings)

    def _close(self, q: int) -> None:
        """A run ends: where no rotation is left, the first becomes one that is allowed."""
        kept, first = self._runs.pop(q, _Run())
        letters = self._allowed.letters(q)
        if kept or first is None or not letters:
            return
        index, place, angle = first
        self._dropped -= not self._changes[index]
        self._replaced += not self._changes[index]
        self._changes[index].insert(place, Placed(local_rotation(letters[0]), (q,), (angle,)))

    def _entangling(self, gate: SourceGate, breaks: bool) -> None:
        if not breaks:
            self._kept += 1
            return
        moving = next((piece for piece in gate.pieces if piece.moves), None)
        angle = angle_of(self._circuit, moving.row) if moving else None
        written: list[Placed] = []
        for pair in zip(gate.qubits, gate.qubits[1:], strict=False):
            for placed in self._choice(*pair):
                written.append(_with(placed, angle or self._parameters.fresh()))
                angle = None
        self._changes[gate.number] = written
        self._replaced += bool(written)
        self._dropped += not written

    def _choice(self, a: int, b: int) -> tuple[Placed, ...]:
        """What stands between two qubits now."""
        kinds = self._allowed.mixed(a, b) if self._mixed else ()
        if not kinds:
            return next(iter(self._allowed.entanglers(a, b)), ())
        pair = min(a, b), max(a, b)
        self._visits[pair] += 1
        return (kinds[(self._visits[pair] - 1) % len(kinds)],)

    def _describe(self, gate: SourceGate) -> str:
        what = "holds data" if gate.data else "is fixed"
        return f"{self._circuit.place(gate.operations[0])}, which {what},"


def _leading(gates: Sequence[SourceGate]) -> list[SourceGate]:
    """The fixed gates that have nothing but fixed gates before them on their qubits."""
    blocked: set[int] = set()
    moving = []
    for gate in gates:
        if gate.trained or gate.data or not blocked.isdisjoint(gate.qubits):
            blocked.update(gate.qubits)
        else:
            moving.append(gate)
    return moving


def _runs(gates: Sequence[SourceGate]) -> list[list[SourceGate]]:
    """The stretches of gates on several qubits, with no other in between."""
    runs: list[list[SourceGate]] = [[]]
    for gate in gates:
        if gate.local:
            runs.append([])
        else:
            runs[-1].append(gate)
    return [run for run in runs if run]


def _by_pair(strings: Sequence[int], n: int) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """The letters of the strings of weight two, by their qubits in either order."""
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for string in strings:
        if support(string, n).bit_count() == 2:
            a, b = qubits(string, n)
            first, second = _letter(string, a, n), _letter(string, b, n)
            pairs[a, b].append((first, second))
            pairs[b, a].append((second, first))
    return pairs


def _letter(string: int, q: int, n: int) -> int:
    return (string >> q & 1) | (string >> (q + n) & 1) << 1


def _strings(gate: Placed) -> list[Letters]:
    """The strings of an entangler of one generator."""
    (step,) = named(gate.name, 1).steps
    assert isinstance(step, Turn)
    return [tuple((gate.qubits[a], letter) for a, letter in letters) for _, letters in step.strings]


def _with(gate: Placed, angle: Angle) -> Placed:
    return gate._replace(angles=(angle,))


_X, _Z, _Y = 1, 2, 3
_LETTERS = (_Z, _X, _Y)
_PAIRS = ((_Z, _Z), (_X, _X), (_Y, _Y), (_Z, _X), (_X, _Z))
_ANY: Angle = (0.0, ())
