"""Measurement, reset and feedback before the end of a circuit, as gates on further qubits.

A measured qubit that something is done to later is copied first: CX to an ancilla in |0>, which is left alone from then on,
does to everything else what the measurement does, and holds the outcome. What depends on the outcome is controlled by the
qubit that holds it (deferred measurement: Nielsen and Chuang, section 4.4). A qubit that is reset goes on as a fresh wire
in |0>; its old wire is an ancilla.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from bplint.errors import Span, Unsupported
from bplint.importers.limits import DEFAULTS
from bplint.importers.lowered import Leaf, Symbol, under_controls
from bplint.ir.build import Builder
from bplint.ir.circuit import GateOrigin
from bplint.ir.gates import gate
from bplint.number_format import plural

Write = Callable[[Leaf[Any], int], None]
"""Writes down a gate without angles that the source has not, as part of the statement of this number."""

Value = TypeVar("Value")


class NotUnitary(Unsupported):
    """A measurement, a reset or a decision by an outcome that no circuit of gates says the same as."""


class Undetermined(NotUnitary):
    """A value is asked for that depends on the outcome of this number."""

    def __init__(self, message: str, span: Span | None, outcome: int) -> None:
        super().__init__(message, span)
        self.outcome = outcome


class Outcomes:
    """Which wire each qubit is on, and which wire holds each outcome; outcomes are numbered as they are measured.

    Wires are the circuit's qubits and, from :data:`FIRST` on, ancillas, until :meth:`settle` numbers all of them. What
    outcomes are ``assumed`` to be holds for all that is done meanwhile (:meth:`under`).
    """

    def __init__(self, write: Write) -> None:
        self.assumed: dict[int, bool] = {}
        self.ancillas = 0
        self.first = 0
        """The statement that the first ancilla was made for."""
        self._write = write
        self._touched: set[int] = set()
        """Wires that gates acted on."""
        self._marked: set[int] = set()
        """Qubits about which one of the next three says something."""
        self._wire: dict[int, int] = {}
        self._fresh: dict[int, int] = {}
        """By qubit: the outcome that its wire still holds."""
        self._reset: dict[int, None] = {}
        """Qubits that were reset, with nothing done to them since."""
        self._holders: list[int] = []
        """By outcome: its wire."""
        self._deciding: dict[int, None] = {}
        """Outcomes that something depends on."""

    def __len__(self) -> int:
        return len(self._holders)

    def __bool__(self) -> bool:
        """Whether any qubit was measured, or reset after something was done to it."""
        return bool(self._marked)

    def measure(self, qubit: int, statement: int, before: int | None = None) -> int:
        """The number of the outcome; that of before if nothing was done to the qubit since.

        The bit that it goes to had the outcome ``before``, or was 0: it is that still where what is assumed is not so.
        """
        if self.assumed:
            return self._measure_there(qubit, statement, before)
        if qubit in self._reset:
            self._begin_anew(qubit)
        if qubit not in self._fresh:
            self._marked.add(qubit)
            self._fresh[qubit] = len(self._holders)
            self._holders.append(self._wire.get(qubit, qubit))
        return self._fresh[qubit]

    def reset(self, qubit: int, statement: int) -> None:
        """Nothing, if the qubit is in |0> as it was at the beginning."""
        if self.assumed:
            (wire,) = self.touch((qubit,), statement)
            self._controlled("swap", (wire, self._new()), statement)
        elif self.is_used(qubit):
            self._marked.add(qubit)
            self._reset[qubit] = None

    def is_used(self, qubit: int) -> bool:
        """Whether it was measured, or anything was done to its wire."""
        return qubit in self._fresh or self._wire.get(qubit, qubit) in self._touched

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

    def each(self, ask: Callable[[], Value]) -> list[tuple[Mapping[int, bool], Value]]:
        """What is answered, by the outcomes that the answer depends on: those that :meth:`value` is asked for."""
        try:
            return [({}, ask())]
        except Undetermined as unknown:
            leaves: list[tuple[Mapping[int, bool], Value]] = []
            for value in (False, True):
                with self.under({unknown.outcome: value}):
                    leaves += [({unknown.outcome: value, **rest}, answer) for rest, answer in self.each(ask)]
            if len(leaves) > _LEAVES:
                message = f"{unknown.message}, and more than {_LEAVES} combinations of outcomes decide here"
                raise NotUnitary(message, unknown.span) from unknown
            return leaves

    def value(self, outcome: int, name: str = "this", span: Span | None = None, why: str = "is measured") -> bool:
        """What is assumed of an outcome, which ``name`` at a place stands for. ``Undetermined`` where nothing is."""
        if outcome not in self.assumed:
            raise Undetermined(f"{name} {why}", span, outcome)
        return self.assumed[outcome]

    @contextmanager
    def under(self, outcomes: Mapping[int, bool]) -> Iterator[None]:
        """What is done inside is done where the outcomes are these."""
        before = dict(self.assumed)
        self.assumed.update(outcomes)
        try:
            yield
        finally:
            self.assumed.clear()
            self.assumed.update(before)

    def conditional(self, leaves: Sequence[Leaf[Symbol]]) -> Sequence[Leaf[Symbol]]:
        """Gates that take place where what is assumed is so. Each outcome doubles their operations: the caller bounds them."""
        if not self.assumed:
            return leaves
        if len(self.assumed) > DEFAULTS.controls:
            raise DEFAULTS.exceeded("controls", f"{len(self.assumed)} outcomes in a condition")
        self._deciding.update(dict.fromkeys(self.assumed))
        holders = [self._holders[outcome] for outcome in self.assumed]
        return under_controls(leaves, holders, [*self.assumed.values()], "if")

    @property
    def measured(self) -> tuple[int, ...]:
        """The qubits whose measurement is the last that happens to them, and nothing depends on it."""
        return tuple(sorted([qubit for qubit, outcome in self._fresh.items() if outcome not in self._deciding]))

    @property
    def idle(self) -> tuple[int, ...]:
        """The qubits that are reset at the end, after their measurement: what counts is what was measured."""
        return tuple([qubit for qubit in self._reset if qubit in self._fresh])

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
            self._write(_leaf("cx", (wire, ancilla)), statement)
        return wire

    def _measure_there(self, qubit: int, statement: int, before: int | None) -> int:
        """A measurement that takes place where what is assumed is so, else its bit stays what it was."""
        (wire,) = self.touch((qubit,), statement)
        ancilla = self._new()
        if before is not None:
            old = self._holders[before]
            self._write(_leaf("cx", (old, ancilla)), statement)
            if before not in self.assumed:
                self._controlled("cx", (old, ancilla), statement)
            elif self.assumed[before]:
                self._controlled("x", (ancilla,), statement)
        self._controlled("cx", (wire, ancilla), statement)
        self._holders.append(ancilla)
        return len(self._holders) - 1

    def _controlled(self, name: str, wires: tuple[int, ...], statement: int) -> None:
        for leaf in self.conditional([_leaf(name, wires)]):
            self._write(leaf, statement)

    def _begin_anew(self, qubit: int) -> None:
        del self._reset[qubit]
        self._fresh.pop(qubit, None)
        self._wire[qubit] = self._new()

    def _new(self) -> int:
        self.ancillas += 1
        return FIRST + self.ancillas - 1


def writing(builder: Builder) -> Write:
    """Writes to a builder. What is written is no gate of the source: noise does not follow it."""
    kind = GateOrigin.MEASUREMENT
    return lambda leaf, statement: builder.gate(leaf.gate, leaf.qubits, (), statement, name="measure", kind=kind)


def _leaf(name: str, wires: tuple[int, ...]) -> Leaf[Any]:
    row = gate(name)
    assert row is not None, name
    return Leaf(row, name, wires)


FIRST = 1 << 30
"""The first number of an ancilla, above all qubits."""
_LEAVES = 256
"""Combinations of outcomes on which one thing may depend."""
