"""Rewrites for permutations of the qubits: angles are tied along orbits, and what an orbit lacks is put in.

The circuit is read in levels, alternately of one-qubit gates and of entanglers, and every level becomes invariant by
itself. Levels are the runs of the file; where its layers are interleaved, a gate belongs to the first level that the
gates before it on its qubits leave open.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from bplint.analyses.symmetry.prior import Permutation, Prior
from bplint.ir.circuit import Circuit
from bplint.ir.clifford import CLIFFORDS
from bplint.rewrite.change import Angle, CannotError, Counts, Placed, Refused, Rewrite
from bplint.rewrite.parameters import Parameters
from bplint.rewrite.reading import SourceGate, angle_of, as_placed, generators, source_gates

MOST = 100_000
"""Gates that a rewrite may put in."""


def permuted(circuit: Circuit, prior: Prior) -> Rewrite | Refused:
    """The rewrite that makes every level of the circuit invariant under the prior's permutations."""
    try:
        return _Permuting(circuit, prior).run()
    except CannotError as error:
        return Refused(str(error))


class _Put(NamedTuple):
    """Gates that a level lacks: the qubits they act on and what they are."""

    gates: tuple[Placed, ...]
    qubits: frozenset[int]


class _Permuting:
    def __init__(self, circuit: Circuit, prior: Prior) -> None:
        self._circuit = circuit
        self._prior = prior
        self._permutations = [*map(tuple, prior.permutations)]
        self._orbits = _orbits(range(circuit.n_qubits), lambda q: [p[q] for p in self._permutations])
        self._parameters = Parameters(circuit)
        self._changes: dict[int, tuple[Placed, ...]] = {}
        self._placed: dict[int, Placed] = {}
        self._put: dict[int, list[_Put]] = defaultdict(list)
        self._level: dict[int, int] = {}
        self._behind: dict[int, list[Placed]] = defaultdict(list)
        """What is put in, by the place of the gate that it follows; -1 is before all."""
        self._filled: dict[int, int] = {}
        """Behind which gate something was last put on a qubit."""
        self._kept = self._dropped = self._replaced = self._tied = self._added = 0

    def run(self) -> Rewrite:
        circuit = self._circuit
        gates = [gate for gate in source_gates(circuit) if gate.qubits]
        self._placed = {gate.number: as_placed(circuit, gate) for gate in gates}
        levels: dict[int, list[SourceGate]] = defaultdict(list)
        for gate, level in zip(gates, _levels(gates), strict=True):
            levels[level].append(gate)
            self._level[gate.number] = level
        for level in sorted(levels):
            if level % 2:
                self._entangling(levels[level], level)
            else:
                self._local(levels[level], level)
        for level, put in sorted(self._put.items()):
            self._insert(gates, level, put)
        self._write_insertions(gates)
        start = tuple(Placed(name, tuple(wires)) for name, wires in self._prior.start)
        counts = Counts(self._kept, self._dropped, self._replaced, self._tied, self._added)
        return Rewrite(start, self._changes, tuple(self._parameters.all), counts)

    # One-qubit gates

    def _local(self, gates: Sequence[SourceGate], level: int) -> None:
        by_qubit: dict[int, list[SourceGate]] = defaultdict(list)
        for gate in gates:
            by_qubit[gate.qubits[0]].append(gate)
        for orbit in self._orbits:
            if any(q in by_qubit for q in orbit):
                self._orbit(orbit, by_qubit, level)

    def _orbit(self, orbit: Sequence[int], by_qubit: dict[int, list[SourceGate]], level: int) -> None:
        """The same gates with the same angles on every qubit of an orbit, if need be those of the one that has most."""
        tokens = {q: [self._token(gate) for gate in by_qubit.get(q, ())] for q in orbit}
        first = tokens[orbit[0]]
        if any(token != first for token in tokens.values()):
            by_qubit = {q: self._only_trained(by_qubit.get(q, [])) for q in orbit}
            tokens = {q: [self._token(gate) for gate in by_qubit[q]] for q in orbit}
        template = max(orbit, key=lambda q: len(tokens[q]))
        model = by_qubit.get(template, [])
        for q in orbit:
            own = by_qubit.get(q, [])
            if tokens[q] == tokens[template]:
                for gate, like in zip(own, model, strict=True):
                    self._tie(gate, like)
                continue
            copies = tuple(self._like(like)._replace(qubits=(q,)) for like in model)
            for gate in own:
                self._changes[gate.number] = ()
            if own:
                self._changes[own[0].number] = copies
                self._replaced += len(own)
            else:
                self._put[level].append(_Put(copies, frozenset({q})))
            self._added += max(0, len(copies) - len(own))

    def _only_trained(self, gates: list[SourceGate]) -> list[SourceGate]:
        """Without the fixed Cliffords, which are not the same all along an orbit and so are dropped."""
        for gate in gates:
            if gate.data or not (gate.trained or gate.clifford):
                raise self._refusal(gate)
            if not gate.trained:
                self._changes[gate.number] = ()
                self._dropped += 1
        return [gate for gate in gates if gate.trained]

    def _tie(self, gate: SourceGate, like: SourceGate) -> None:
        """The angles of a gate become those of another of the same kind."""
        angles = [angle_of(self._circuit, piece.row) for piece in gate.pieces if piece.row >= 0]
        if angles == [angle_of(self._circuit, piece.row) for piece in like.pieces if piece.row >= 0]:
            self._kept += gate.trained
            return
        if gate.data:
            raise self._refusal(gate)
        self._changes[gate.number] = (self._like(like)._replace(qubits=self._like(gate).qubits),)
        self._tied += 1

    def _token(self, gate: SourceGate) -> Hashable:
        """What gates must agree in to be tied: all but their trained angles."""
        fixed = tuple(
            angle_of(self._circuit, piece.row) if piece.row >= 0 and not piece.moves else None for piece in gate.pieces
        )
        data = tuple(angle_of(self._circuit, piece.row) for piece in gate.pieces if piece.row >= 0) if gate.data else ()
        letters = tuple(
            (piece.code, tuple((f, tuple(c for _, c in s)) for f, s in piece.strings)) for piece in gate.pieces
        )
        return letters, fixed, data

    def _like(self, gate: SourceGate) -> Placed:
        return self._placed[gate.number]

    # Entanglers

    def _entangling(self, gates: Sequence[SourceGate], level: int) -> None:
        edges = Counter((self._token(gate), _key(gate)) for gate in gates)
        invariant = all(
            edges == Counter((self._token(gate), _key(gate, permutation)) for gate in gates)
            for permutation in self._permutations
        )
        if invariant and _commuting(gates):
            self._tie_orbits(gates)
            return
        for gate in gates:
            if gate.data or not (gate.trained or gate.clifford):
                raise self._refusal(gate)
        self._replace(gates, level)

    def _tie_orbits(self, gates: Sequence[SourceGate]) -> None:
        """Trained gates of an invariant level share the angles of the first of their orbit."""
        queues: dict[Hashable, list[SourceGate]] = defaultdict(list)
        for gate in gates:
            queues[self._token(gate), _key(gate)].append(gate)
        wires = {key: queue[0].qubits for key, queue in queues.items()}
        kinds = {key: self._token(queue[0]) for key, queue in queues.items()}
        like = {key: queue[0] for key, queue in queues.items()}

        def images(key: Hashable) -> list[Hashable]:
            return [(kinds[key], _key(like[key], p)) for p in self._permutations]

        for orbit in _orbits(wires, images):
            for queue in (queues[key] for key in orbit):
                for gate, model in zip(queue, queues[orbit[0]], strict=True):
                    self._tie(gate, model)

    def _replace(self, gates: Sequence[SourceGate], level: int) -> None:
        """ZZ rotations in place of a level, one angle for each orbit of its edges."""
        angles: dict[frozenset[int], Angle] = {}
        orbits: dict[frozenset[int], list[frozenset[int]]] = {}
        stands: set[frozenset[int]] = set()
        for gate in gates:
            moving = next((piece for piece in gate.pieces if piece.moves), None)
            written: list[Placed] = []
            for a, b in pairwise(gate.qubits):
                edge = frozenset({a, b})
                if edge not in angles:
                    angle = angle_of(self._circuit, moving.row) if moving else self._parameters.fresh()
                    orbit = _closure(edge, self._permutations)
                    angles.update(dict.fromkeys(orbit, angle))
                    orbits[edge] = orbit
                if edge not in stands:
                    stands.add(edge)
                    written.append(Placed("rzz", (a, b), (angles[edge],)))
            self._changes[gate.number] = tuple(written)
            self._replaced += bool(written)
            self._dropped += not written
        for orbit in orbits.values():
            for edge in orbit:
                if edge not in stands:
                    a, b = sorted(edge)
                    self._put[level].append(_Put((Placed("rzz", (a, b), (angles[edge],)),), edge))
                    self._added += 1
        if self._added > MOST:
            raise CannotError(_TOO_MANY)

    # What a level lacks

    def _insert(self, gates: Sequence[SourceGate], level: int, puts: Sequence[_Put]) -> None:
        """Put gates after the last gate of their level, or, where another level stands in the way, as early as may be."""
        last = max(i for i, gate in enumerate(gates) if self._level[gate.number] == level)
        early: dict[int, int] = {}
        late: dict[int, int] = {}
        for i, gate in enumerate(gates):
            for q in gate.qubits:
                if self._level[gate.number] < level:
                    early[q] = i
                elif self._level[gate.number] > level:
                    late.setdefault(q, i)
        for put in puts:
            first = max(max(early.get(q, -1), self._filled.get(q, -1)) for q in put.qubits)
            end = min(late.get(q, len(gates)) for q in put.qubits)
            anchor = last if first <= last < end else first
            if anchor >= end:
                raise CannotError("its layers are interleaved")
            self._behind[anchor] += put.gates
            self._filled.update(dict.fromkeys(put.qubits, anchor))

    def _write_insertions(self, gates: Sequence[SourceGate]) -> None:
        for anchor, new in self._behind.items():
            gate = gates[max(anchor, 0)]
            own = self._changes[gate.number] if gate.number in self._changes else (self._like(gate),)
            self._changes[gate.number] = (*own, *new) if anchor >= 0 else (*new, *own)

    def _refusal(self, gate: SourceGate) -> CannotError:
        what = "holds data" if gate.data else "is fixed"
        return CannotError(
            f"{self._circuit.place(gate.operations[0])}, which {what}, does not keep {self._prior.words} and may not be changed"
        )


def _levels(gates: Sequence[SourceGate]) -> list[int]:
    """Even levels for one-qubit gates, odd ones for entanglers."""
    runs, level = [], 0
    for gate in gates:
        level += (level % 2 == 0) != gate.local
        runs.append(level)
    at: dict[int, int] = {}
    levels: list[int] = []
    for gate in gates:
        level = max(at.get(q, 0) for q in gate.qubits)
        level += (level % 2 == 0) != gate.local
        at.update(dict.fromkeys(gate.qubits, level))
        levels.append(level)
    return runs if max(runs, default=0) <= max(levels, default=0) + 1 else levels


def _key(gate: SourceGate, permutation: Permutation | None = None) -> tuple[int, ...]:
    """Where a gate acts, in the order of its qubits unless that makes no difference."""
    wires = gate.qubits if permutation is None else tuple(permutation[q] for q in gate.qubits)
    return tuple(sorted(wires)) if _symmetric(gate) else wires


def _symmetric(gate: SourceGate) -> bool:
    """Whether a gate is the same with its qubits in any order."""
    if any(not piece.strings for piece in gate.pieces):
        return len(gate.pieces) == 1 and CLIFFORDS[gate.pieces[0].code - 1] in _SYMMETRIC
    strings = {(piece.row, factor, frozenset(letters)) for piece in gate.pieces for factor, letters in piece.strings}
    for a, b in pairwise(gate.qubits):
        other = {a: b, b: a}
        if strings != {(row, f, frozenset((other.get(q, q), c) for q, c in letters)) for row, f, letters in strings}:
            return False
    return True


def _commuting(gates: Sequence[SourceGate]) -> bool:
    """Whether all gates of a level commute with each other."""
    at: dict[int, list[tuple[int, dict[int, int]]]] = defaultdict(list)
    for gate in gates:
        for string in generators(gate):
            letters = dict(string)
            for q in letters:
                for other, theirs in at[q]:
                    if other != gate.number and sum(theirs.get(w, c) != c for w, c in letters.items()) & 1:
                        return False
            for q in letters:
                at[q].append((gate.number, letters))
    return True


def _orbits(elements: Iterable[Hashable], images: Callable[..., Sequence[Hashable]]) -> list[list]:  # type: ignore[type-arg]
    """The elements in classes that are reached from each other, each in order of appearance."""
    order = {element: i for i, element in enumerate(elements)}
    seen: set[Hashable] = set()
    orbits = []
    for element in order:
        if element in seen:
            continue
        orbit = [element]
        seen.add(element)
        for one in orbit:
            for other in images(one):
                if other not in seen:
                    seen.add(other)
                    orbit.append(other)
        orbits.append(sorted(orbit, key=order.__getitem__))
    return orbits


def _closure(edge: frozenset[int], permutations: Sequence[Permutation]) -> list[frozenset[int]]:
    orbit, seen = [edge], {edge}
    for one in orbit:
        for permutation in permutations:
            image = frozenset(permutation[q] for q in one)
            if image not in seen:
                seen.add(image)
                orbit.append(image)
        if len(orbit) > MOST:
            raise CannotError(_TOO_MANY)
    return orbit


_TOO_MANY = f"it would need more than {MOST:,} more gates"
_SYMMETRIC = frozenset({"cz", "swap", "iswap", "iswapdg"})
