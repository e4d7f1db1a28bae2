"""Measurement and reset before the end of a circuit, as gates on further qubits.

A measured qubit that something is done to later is copied first: CX to an ancilla in |0>, which is left alone from then on,
does to everything else what the measurement does, and holds the outcome. A gate that depends on the outcome is controlled
by the qubit that holds it (deferred measurement: Nielsen and Chuang, section 4.4). A qubit that is reset goes on as a
fresh wire in |0>; its old wire is an ancilla.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable

from bplint.ir.build import Builder
from bplint.ir.circuit import GateOrigin
from bplint.ir.gates import gate
from bplint.number_format import plural

Copy = Callable[[int, int, int], None]
"""Writes down CX from one wire to another, as part of the statement of this number."""


class Outcomes:
    """Which wire each qubit is on, and which wire holds each outcome; outcomes are numbered as they are measured.

    Wires are the circuit's qubits and, from :data:`FIRST` on, ancillas, until :meth:`settle` numbers all of them.
    """

    def __init__(self, copy: Copy) -> None:
        self.ancillas = 0
        self.first = 0
        """The statement that the first ancilla was made for."""
        self._copy = copy
        self._touched: set[int] = set()
        """Wires that gates acted on."""
        self._marked: set[int] = set()
        """Qubits about which one of the next three says something."""
        self._wire: dict[int, int] = {}
        self._fresh: dict[int, int] = {}
        """By qubit: the outcome that its wire still holds."""
        self._reset: dict[int, int] = {}
        """By qubit: where it was reset, with nothing done to it since."""
        self._holders: list[int] = []
        """By outcome: its wire."""
        self._deciding: dict[int, None] = {}
        """Outcomes that gates depend on."""

    def __len__(self) -> int:
        return len(self._holders)

    def measure(self, qubit: int) -> int:
        """The number of the outcome; that of before if nothing was done to the qubit since."""
        if qubit in self._reset:
            self._begin_anew(qubit)
        if qubit not in self._fresh:
            self._marked.add(qubit)
            self._fresh[qubit] = len(self._holders)
            self._holders.append(self._wire.get(qubit, qubit))
        return self._fresh[qubit]

    def reset(self, qubit: int, place: int) -> None:
        """Nothing, if the qubit is in |0> as it was at the beginning; ``place`` is for :meth:`idle_resets`."""
        if qubit in self._fresh or self._wire.get(qubit, qubit) in self._touched:
            self._marked.add(qubit)
            self._reset.setdefault(qubit, place)

    def touch(self, qubits: tuple[int, ...], statement: int) -> tuple[int, ...]:
        """The wires of a gate on these qubits, whose outcomes are moved to ancillas."""
        if self._marked.isdisjoint(qubits):
            self._touched.update(qubits)
            return qubits
        wires = tuple([self._ready(qubit, statement) for qubit in qubits])
        self._touched.update(wires)
        return wires

    def know(self, wires: Iterable[int]) -> None:
        """Gates acted on these wires, of qubits that were not measured before."""
        self._touched.update(wires)

    def holder(self, outcome: int) -> int:
        """The wire that a gate is controlled by which depends on this outcome."""
        self._deciding[outcome] = None
        return self._holders[outcome]

    @property
    def measured(self) -> tuple[int, ...]:
        """The qubits whose measurement is the last that happens to them, and nothing depends on it."""
        return tuple(sorted([qubit for qubit, outcome in self._fresh.items() if outcome not in self._deciding]))

    def idle_resets(self) -> list[int]:
        """The places of resets after a measurement after which nothing is done: what counts is what was measured."""
        return [place for qubit, place in self._reset.items() if qubit in self._fresh]

    def settle(self, builder: Builder) -> str:
        """Number the wires of a builder. Returns what has to be said of it."""
        for qubit in [qubit for qubit in self._reset if qubit not in self._fresh]:
            self._begin_anew(qubit)
        n = builder.n_qubits
        place = {wire: qubit for qubit, wire in self._wire.items()}
        others = (wire for wire in [*self._wire, *range(FIRST, FIRST + self.ancillas)] if wire not in place)
        place |= {wire: number for number, wire in enumerate(others, n)}
        builder.deciding = tuple(sorted({place.get(w, w) for w in map(self._holders.__getitem__, self._deciding)}))
        if not self.ancillas:
            return ""
        builder.wires = array("i", [place.get(wire, wire) for wire in builder.wires])
        builder.n_qubits, builder.ancillas = n + self.ancillas, self.ancillas
        verb = "stands" if self.ancillas == 1 else "stand"
        return f"{plural(self.ancillas, 'ancilla')} {verb} for what is measured or reset before the end"

    def _ready(self, qubit: int, statement: int) -> int:
        if not self.ancillas:
            self.first = statement
        if qubit in self._reset:
            self._begin_anew(qubit)
        wire = self._wire.get(qubit, qubit)
        outcome = self._fresh.pop(qubit, None)
        if outcome is not None:
            self._holders[outcome] = ancilla = self._new()
            self._copy(wire, ancilla, statement)
        return wire

    def _begin_anew(self, qubit: int) -> None:
        del self._reset[qubit]
        self._fresh.pop(qubit, None)
        self._wire[qubit] = self._new()

    def _new(self) -> int:
        self.ancillas += 1
        return FIRST + self.ancillas - 1


def copying(builder: Builder) -> Copy:
    """Writes copies to a builder. They are no gates of the source: noise does not follow them."""
    copy = gate("cx")
    assert copy is not None

    def write(source: int, target: int, statement: int) -> None:
        builder.gate(copy, (source, target), (), statement, name="measure", kind=GateOrigin.MEASUREMENT)

    return write


FIRST = 1 << 30
"""The first number of an ancilla, above all qubits."""
