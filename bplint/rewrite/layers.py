"""Repairs that are no symmetry: gates left out, and fewer of the layers that a circuit repeats."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bplint.ir.circuit import Circuit
from bplint.number_format import plural
from bplint.rewrite.change import Counts, Refused, Rewrite
from bplint.rewrite.reading import SourceGate, source_gates


def without(circuit: Circuit, gates: Collection[int]) -> Rewrite | Refused:
    """The circuit without these gates (indices into ``Circuit.gates``)."""
    written = source_gates(circuit)
    for index in sorted(gates):
        if written[index].data:
            return Refused(f"{circuit.place(written[index].operations[0])} holds data")
    kept = sum(gate.trained for gate in written) - sum(written[index].trained for index in gates)
    return Rewrite((), dict.fromkeys(sorted(gates), ()), circuit.parameters, Counts(kept, len(gates)))


def depth(circuit: Circuit) -> int:
    """How many times the circuit repeats a layer; 1 if none is recognised."""
    return repetition(source_gates(circuit)).times


def shallower(circuit: Circuit, layers: int) -> Rewrite | Refused:
    """The circuit with the first ``layers`` of the layers it repeats, and what stands before and after them."""
    start, period, times = repetition(source_gates(circuit))
    if times < 2:
        return Refused("no layer is repeated")
    if not 0 < layers < times:
        return Refused(f"the circuit has {plural(times, 'layer')}")
    return without(circuit, range(start + layers * period, start + times * period))


class Repetition(NamedTuple):
    """From gate ``start`` on, ``times`` times the same ``period`` gates."""

    start: int
    period: int
    times: int


def repetition(gates: Sequence[SourceGate]) -> Repetition:
    """The repetition that covers most gates, with the shortest period: equal names on equal qubits, whatever the angles."""
    numbers: dict[object, int] = {}
    row = [numbers.setdefault((gate.name, gate.qubits), len(numbers)) for gate in gates]
    kinds = np.array(row, dtype=np.int64)
    best, most = Repetition(0, len(gates), 1), 0
    for period in _periods(row):
        start, length = _longest(kinds[period:] == kinds[:-period])
        if length < period:
            continue
        if length + period > most:
            best, most = Repetition(start, period, (length + period) // period), length + period
    return best


def _periods(row: list[int]) -> list[int]:
    """Distances at which a layer may come back: those between the places of the gates that occur least often, but twice."""
    count = Counter(row)
    rarest = sorted((c, kind) for kind, c in count.items() if c > 1)[:_KINDS]
    places: dict[int, list[int]] = defaultdict(list)
    chosen = {kind for _, kind in rarest}
    for i, kind in enumerate(row):
        if kind in chosen:
            places[kind].append(i)
    return sorted({b - a for at in places.values() for a, b in pairwise(at[: _KINDS + 1])})


def _longest(same: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[int, int]:
    """Start and length of the longest stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], same, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return 0, 0
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest] - starts[longest])


_KINDS = 20
"""Kinds of gates, and places of each, that periods are taken from."""
