"""Whether gates commute with charges, exactly: each gate sees of a charge only the letters on its own qubits."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.frame import Images
from bplint.ir.gates import Fixed
from bplint.ir.pauli import PauliSum, PauliTerms, anticommute, from_letters, multiply, qubits, x_part
from bplint.rewrite.change import Placed
from bplint.rewrite.gates import named
from bplint.rewrite.reading import Letters, Piece, SourceGate

TOLERANCE = 1e-9


class Conserved:
    """Charges of a circuit of ``n_qubits``."""

    def __init__(self, circuit: Circuit, charges: Sequence[PauliTerms]) -> None:
        self._n = circuit.n_qubits
        self._circuit = circuit
        self.charges = [dict(charge) for charge in charges]
        self._at: list[dict[int, list[int]]] = []
        """For each charge, its strings by qubit."""
        for charge in self.charges:
            at: dict[int, list[int]] = defaultdict(list)
            for string in charge:
                for q in qubits(string, self._n):
                    at[q].append(string)
            self._at.append(at)

    def allows(self, gate: SourceGate) -> bool:
        """Whether the gate commutes with every charge, whatever its parameters are."""
        parts = self._parts(gate.qubits)
        if all(self._step_commutes(piece, gate.qubits, parts) for piece in gate.pieces):
            return True
        if any(piece.moves for piece in gate.pieces):
            return False
        return all(_same(self._pulled(gate.pieces, part, gate.qubits), part) for part in parts)

    def allows_rotation(self, letters: Letters) -> bool:
        """Whether a rotation about one string commutes with every charge."""
        return self.allows_generator([(1.0, letters)])

    def allows_placed(self, gate: Placed) -> bool:
        """Whether a gate of one generator commutes with every charge."""
        (step,) = named(gate.name, len(gate.angles)).steps
        assert not isinstance(step, Fixed)
        return self.allows_generator([(f, tuple((gate.qubits[a], c) for a, c in s)) for f, s in step.strings])

    def allows_generator(self, strings: Sequence[tuple[float, Letters]]) -> bool:
        """Whether Σ factor · string commutes with every charge."""
        wires = tuple(dict.fromkeys(q for _, letters in strings for q, _ in letters))
        return all(_commute(_local(strings, wires), part, len(wires)) for part in self._parts(wires))

    def allows_together(self, gates: Iterable[SourceGate]) -> bool:
        """Whether a sequence of Cliffords as a whole commutes with every charge."""
        pieces = [piece for gate in gates for piece in gate.pieces]
        wires = tuple(range(self._n))
        return all(_same(self._pulled(pieces, charge, wires), charge) for charge in self.charges)

    def prepared(self, gates: Iterable[SourceGate], start: Sequence[Placed] = ()) -> bool:
        """Whether a start and then Cliffords take |0…0> to an eigenstate of every charge."""
        pieces = [piece for gate in gates for piece in gate.pieces]
        wires = tuple(range(self._n))
        before = [
            Piece(step.code, tuple(gate.qubits[a] for a in step.arguments), (), -1, ())
            for gate in start
            for step in named(gate.name, 0).steps
            if isinstance(step, Fixed)
        ]
        return all(self._is_eigenstate(self._pulled([*before, *pieces], charge, wires)) for charge in self.charges)

    def _is_eigenstate(self, charge: PauliSum[float]) -> bool:
        """Whether |0…0> is one: what the charge makes of it besides itself cancels."""
        amplitudes: dict[int, complex] = defaultdict(complex)
        for string, coefficient in charge.items():
            x = x_part(string, self._n)
            amplitudes[x] += coefficient * 1j ** ((string >> self._n & x).bit_count())
        return all(abs(amplitude) < TOLERANCE for x, amplitude in amplitudes.items() if x)

    def _parts(self, wires: tuple[int, ...]) -> list[PauliSum[float]]:
        """What the charges are on these qubits: one sum over local strings for each string outside of them."""
        parts: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
        k, n = len(wires), self._n
        for i, (charge, at) in enumerate(zip(self.charges, self._at, strict=True)):
            for string in dict.fromkeys(string for q in wires for string in at.get(q, ())):
                local, rest = 0, string
                for a, q in enumerate(wires):
                    local |= (string >> q & 1) << a | (string >> (q + n) & 1) << (a + k)
                    rest &= ~(1 << q | 1 << (q + n))
                parts[i, rest][local] = charge[string]
        return list(parts.values())

    def _step_commutes(self, piece: Piece, wires: tuple[int, ...], parts: list[PauliSum[float]]) -> bool:
        if piece.moves:
            generator = _local(piece.strings, wires)
            return all(_commute(generator, part, len(wires)) for part in parts)
        return all(_same(self._pulled([piece], part, wires), part) for part in parts)

    def _pulled(self, pieces: Sequence[Piece], charge: PauliSum[float], wires: tuple[int, ...]) -> PauliSum[float]:
        """U† Q U for fixed pieces; strings are over the wires in their order."""
        place = {q: a for a, q in enumerate(wires)}
        k, image = len(wires), charge
        for piece in reversed(pieces):
            if piece.code != ROTATION:
                image = _through_clifford(image, piece.code, [place[q] for q in piece.qubits], k)
                continue
            for (factor, letters), quarter in zip(piece.strings, piece.quarters, strict=True):
                axis = from_letters([(place[q], c) for q, c in letters], k)
                angle = factor * self._circuit.angles.columns.constant[piece.row]
                cosine = (1.0, 0.0, -1.0, 0.0)[quarter] if quarter >= 0 else math.cos(angle)
                sine = (0.0, 1.0, 0.0, -1.0)[quarter] if quarter >= 0 else math.sin(angle)
                image = _through_rotation(image, axis, cosine, sine, k)
        return image


def _local(strings: Sequence[tuple[float, Letters]], wires: tuple[int, ...]) -> PauliSum[float]:
    place = {q: a for a, q in enumerate(wires)}
    axis: dict[int, float] = defaultdict(float)
    for factor, letters in strings:
        axis[from_letters([(place[q], c) for q, c in letters], len(wires))] += factor
    return axis


def _commute(left: PauliSum[float], right: PauliSum[float], n: int) -> bool:
    bracket: dict[int, float] = defaultdict(float)
    for a, x in left.items():
        for b, y in right.items():
            if anticommute(a, b, n):
                product, phase = multiply(a, b, n)  # i or -i
                bracket[product] += x * y * (2 - phase)
    return all(abs(value) < TOLERANCE for value in bracket.values())


def _same(left: PauliSum[float], right: PauliSum[float]) -> bool:
    return all(abs(left.get(s, 0.0) - right.get(s, 0.0)) < TOLERANCE for s in {*left, *right})


def _through_rotation(charge: PauliSum[float], axis: int, cosine: float, sine: float, n: int) -> PauliSum[float]:
    """P, where it anticommutes with the axis G, becomes P cos + iGP sin."""
    image: dict[int, float] = defaultdict(float)
    for string, coefficient in charge.items():
        if not anticommute(axis, string, n):
            image[string] += coefficient
            continue
        image[string] += cosine * coefficient
        product, phase = multiply(axis, string, n)
        image[product] += sine * coefficient * (phase - 2)
    return {s: c for s, c in image.items() if c}


def _through_clifford(charge: PauliSum[float], code: int, places: Sequence[int], n: int) -> PauliSum[float]:
    """P becomes C† P C."""
    images = Images(n)
    images.clifford(code, places)
    pulled = ((*images.pull(string), coefficient) for string, coefficient in charge.items())
    return {string: -coefficient if negative else coefficient for string, negative, coefficient in pulled}
