"""Measurement and reset: accepted at the end and at the start of a circuit, refused between."""

from __future__ import annotations

from collections.abc import Sequence

from bplint.importers.qasm.bindable import Place
from bplint.importers.qasm.source import NotUnitary, SourceText
from bplint.number_format import plural


class Measurement:
    """What was measured, by qubit, and which qubits gates have touched."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._touched: set[int] = set()
        self._measured: dict[int, int] = {}
        self._reset: dict[int, int] = {}

    @property
    def qubits(self) -> tuple[int, ...]:
        """The measured qubits, sorted."""
        return tuple(sorted(self._measured))

    def touch(self, qubits: Sequence[int], start: int, end: int) -> None:
        """A gate, at this place, acts on these qubits. Raises Unsupported if one was measured before."""
        self._touched.update(qubits)
        self._refuse_after_reset(qubits, start, end)
        if self._measured and not self._measured.keys().isdisjoint(qubits):
            place = next(self._measured[qubit] for qubit in qubits if qubit in self._measured)
            message = f"mid-circuit measurement: this qubit was measured on line {self._source.line(place)}"
            raise NotUnitary(message, self._source.span(start, end))

    def initialise(self, place: Place, start: int, end: int) -> bool:
        """A reset of these qubits by the statement at this place. Returns whether it is one after their measurement, after
        which they have to be left alone.
        """
        qubits = each(place)
        if self._touched.isdisjoint(qubits) and self._measured.keys().isdisjoint(qubits):
            return False
        if not all(qubit in self._measured for qubit in qubits):
            raise NotUnitary("mid-circuit reset: something was done to this qubit", self._source.span(start, end))
        self._reset.update(dict.fromkeys(qubits, start))
        return True

    def record(self, qubits: Place, bits: Place, start: int, end: int) -> None:
        """A measurement of these qubits into these bits by the statement at this place."""
        if len(each(qubits)) != len(each(bits)):
            message = f"{plural(len(each(qubits)), 'qubit')} cannot be measured into {plural(len(each(bits)), 'bit')}"
            raise self._source.error(message, start, end)
        self._refuse_after_reset(each(qubits), start, end)
        for qubit in each(qubits):
            self._measured.setdefault(qubit, start)

    def _refuse_after_reset(self, qubits: Sequence[int], start: int, end: int) -> None:
        if self._reset and not self._reset.keys().isdisjoint(qubits):
            place = next(self._reset[qubit] for qubit in qubits if qubit in self._reset)
            message = f"mid-circuit reset: this qubit was measured, and reset on line {self._source.line(place)}"
            raise NotUnitary(message, self._source.span(start, end))


def each(place: Place) -> Sequence[int]:
    """The elements of a place."""
    return (place,) if isinstance(place, int) else place
