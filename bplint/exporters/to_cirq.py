"""A ``cirq.Circuit`` with some of its gates changed: qubits, symbols, measurements, tags and whole moments stay."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bplint.exporters.placing import NewGate, before_first, changed, elementary
from bplint.importers.from_cirq.reading import reader_of
from bplint.ir.circuit import Circuit
from bplint.ir.pauli import LETTERS
from bplint.rewrite.change import Angle, CannotError, Placed, Rewrite
from bplint.rewrite.reading import Letters


def rewritten(original: Any, circuit: Circuit, rewrite: Rewrite) -> Any:
    """The circuit that ``circuit`` was read of, with the rewrite; subcircuits are opened as far as it asks for.

    A moment in which something changes becomes as many as it takes; a qubit that is left without gates has an identity.
    Whatever Cirq raises where it cannot be written.
    """
    import cirq

    given = original
    while True:
        reader = reader_of(original)
        statements = reader.read(original).circuit.gates.columns.statement
        new = changed(circuit, rewrite, statements)
        count, operations = Counter(statements), list(original.all_operations())
        opened = {s for s in new if count[s] > 1 and isinstance(operations[s].untagged, cirq.CircuitOperation)}
        if not opened:
            break
        inner = {s: operations[s].untagged.mapped_circuit().all_operations() for s in opened}
        original = cirq.Circuit(_moments(original, inner, {}))
    writer = _CirqWriter(original, reader.symbols.expressions, circuit, rewrite)
    start = {s: writer.operations(gates) for s, gates in before_first(rewrite, statements).items()}
    made = cirq.Circuit(_moments(original, {s: writer.operations(gates) for s, gates in new.items()}, start))
    if lost := sorted(original.all_qubits() - made.all_qubits()):
        made.append(cirq.Moment(cirq.I.on_each(*lost)))
    return made.freeze() if isinstance(given, cirq.FrozenCircuit) else made


def _moments(original: Any, new: Mapping[int, Iterable[Any]], before: Mapping[int, Iterable[Any]]) -> Iterator[Any]:
    """The moments with other operations in the place of some, and others before some."""
    import cirq

    at = 0
    for moment in original:
        numbers = range(at, at + len(moment.operations))
        at = numbers.stop
        for number in numbers:
            yield from cirq.Circuit(before.get(number, ()))
        if not any(number in new for number in numbers):
            yield moment
            continue
        pairs = zip(numbers, moment.operations, strict=True)
        yield from cirq.Circuit([new.get(number, operation) for number, operation in pairs])


class _CirqWriter:
    def __init__(self, original: Any, known: Sequence[Any], circuit: Circuit, rewrite: Rewrite) -> None:
        import sympy

        self._qubits = sorted(original.all_qubits())
        self._circuit = circuit
        self._parameters = rewrite.parameters
        self._symbols = [*known, *[sympy.Symbol(p.name) for p in rewrite.parameters[len(known) :]]]

    def operations(self, gates: Iterable[NewGate]) -> list[Any]:
        """Operations, in order."""
        return [operation for gate in gates for operation in self._operations(gate)]

    def _operations(self, gate: NewGate) -> Iterator[Any]:
        import cirq

        if isinstance(gate, Placed) and gate.name in _EXCHANGES and len(gate.angles) == 1:
            name, sign = _EXCHANGES[gate.name]
            yield getattr(cirq, name).on(*self._on(gate.qubits)) ** self._turns(gate.angles[0], sign)
            return
        for one in elementary(self._circuit, gate):
            if one.clifford:
                yield self._clifford(one.clifford, one.qubits)
            for factor, letters in one.strings:
                yield self._rotation(letters, one.angle, factor)

    def _clifford(self, name: str, qubits: Sequence[int]) -> Any:
        import cirq

        gate, power = _CLIFFORDS.get(name, ("", 1))
        if not hasattr(cirq, gate):
            raise CannotError(f"Cirq has no gate {name}")
        operation = getattr(cirq, gate).on(*self._on(qubits))
        return operation if power == 1 else operation**power

    def _rotation(self, letters: Letters, angle: Angle, factor: float) -> Any:
        """exp(-i · factor · angle/2 · P): the string to a power, up to a phase."""
        import cirq

        word = "".join(LETTERS[letter] for _, letter in letters)
        qubits = self._on([q for q, _ in letters])
        if len(word) == 1:
            return getattr(cirq, f"r{word.lower()}")(self._radians(angle, factor)).on(*qubits)
        if word in ("XX", "YY", "ZZ"):
            return getattr(cirq, word).on(*qubits) ** self._turns(angle, factor)
        string = cirq.PauliString({q: getattr(cirq, letter) for q, letter in zip(qubits, word, strict=True)})
        return cirq.PauliStringPhasor(string, exponent_neg=self._turns(angle, factor))

    def _radians(self, angle: Angle, factor: float) -> Any:
        """A number, a symbol or an expression."""
        constant, terms = angle
        value: Any = 0
        for p, coefficient in terms:
            number = self._parameters[p].value
            if number is None:
                value += _exact(factor * coefficient) * self._symbols[p]
            else:
                constant += coefficient * number
        return value + _exact(factor * constant) if value else factor * constant

    def _turns(self, angle: Angle, factor: float) -> Any:
        """The same in half turns."""
        import sympy

        value = self._radians(angle, factor)
        return value / (math.pi if isinstance(value, float) else sympy.pi)

    def _on(self, qubits: Iterable[int]) -> list[Any]:
        return [self._qubits[q] for q in qubits]


def _exact(value: float) -> Any:
    """The number, as a fraction or a fraction of pi if it is one: a symbol beside it stays by itself."""
    import sympy

    for unit, name in ((1.0, sympy.S.One), (math.pi, sympy.pi)):
        parts = value / unit * _PARTS
        if abs(parts - round(parts)) < 1e-9 and abs(parts) < 1e6:
            return sympy.Rational(round(parts), _PARTS) * name
    return value


_PARTS = 24
"""Denominators that fractions are recognised by."""
_EXCHANGES = {"xx_plus_yy": ("ISWAP", -1.0), "exchange": ("SWAP", 1.0)}
"""exp(-i · angle/4 · (XX + YY)) and (XX + YY + ZZ), as powers of a gate: minus or plus the angle, in half turns."""
_CLIFFORDS = {
    **{name: (name.upper(), 1) for name in ("x", "y", "z", "h", "s", "cx", "cy", "cz", "swap", "iswap")},
    "sdg": ("S", -1),
    "sx": ("X", 0.5),
    "sxdg": ("X", -0.5),
    "iswapdg": ("ISWAP", -1),
}
