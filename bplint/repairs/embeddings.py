"""Repairs of embeddings of data: features entangled with fewer others, in fewer layers, or turning by less.

Rows must stay apart: an embedding that makes them all alike raises every signal, and leaves nothing to learn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bplint.analyses.ask import Ask
from bplint.finding import Hit
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case
from bplint.ir.embedding import embedding
from bplint.repairs.changes import OPERATIONS, WIDTHS, Change, scaled_by

SHARE = 3
"""Halvings of the work that may go into a distance."""

KEPT = 0.5
"""Of the distance between rows at least so much has to be left."""


def neighbours_only(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Entangle features of neighbouring qubits only, where the embedding joins others too."""
    circuit = case.circuit
    gates = _far(circuit) if len(circuit) <= OPERATIONS else []
    if gates:
        title = "entangle features of neighbouring qubits only"
        yield _judged(_dropping("linear-embedding", title, circuit, gates), case, ask)


def fewer_embedding_layers(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """The most layers of the embedding behind which the loss and single rows surely show."""
    from bplint.rewrite.layers import repetition
    from bplint.rewrite.reading import source_gates

    circuit = case.circuit
    if len(circuit) > OPERATIONS:
        return
    inside = embedding(circuit)
    gates = [gate for gate in source_gates(circuit) if gate.operations and all(inside[k] for k in gate.operations)]
    start, period, times = repetition(gates)
    end = start + times * period
    changes = [
        _dropping(
            "shallower-embedding",
            f"use {left:,} of {times:,} embedding layers",
            circuit,
            [gate.number for gate in gates[start + left * period : end]],
        )
        for left in range(times - 1, 0, -1)
    ]
    yield from _first_that_shows(changes, case, ask)


def narrower_features(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """The data scaled by the largest factor with which the loss and single rows surely show."""
    if case.context.rows is None or len(case.circuit) > OPERATIONS:
        return
    scaled = (scaled_by(case, factor) for factor in WIDTHS)
    changes = [change._replace(name="narrower-data", of_embedding=True) for change in scaled if change is not None]
    yield from _first_that_shows(changes, case, ask)


def _first_that_shows(changes: Sequence[Change], case: Case, ask: Ask) -> Iterator[Change]:
    """By bisection the first change after which the gradients surely show; the least comes first."""
    from bplint.analyses.gradients.gradient import gradient

    threshold = 1 / case.context.shots
    first, last = 0, len(changes)
    while first < last:
        middle = (first + last) // 2
        answer = ask.about(changes[middle].case(case), brief=True)(gradient, quick=True)
        of_row = answer.data.row[0] if answer.data else answer.lower
        if min(of_row, answer.lower) > threshold:
            last = middle
        else:
            first = middle + 1
    if last < len(changes):
        yield _judged(changes[last], case, ask)


def _dropping(name: str, title: str, circuit: Circuit, gates: Sequence[int]) -> Change:
    """The embedding without these gates of the source."""
    from bplint.rewrite.change import Counts, Rewrite

    rewrite = Rewrite(
        (), dict.fromkeys(gates, ()), circuit.parameters, Counts(kept=sum(circuit.trained), dropped=len(gates))
    )
    return Change(name, title, rewrite, loses=str(rewrite.counts), of_embedding=True)


def _judged(change: Change, case: Case, ask: Ask) -> Change:
    """The change with how far apart rows are after it; refused where they come close to one another."""
    from bplint.analyses.gradients.asked import effort_of
    from bplint.analyses.gradients.rows.distance import embedded_distance

    rows = case.context.rows
    effort = effort_of(case, ask).share(SHARE)
    circuits = (case.circuit, change.case(case).circuit)
    before, after = (None if rows is None else embedded_distance(circuit, rows, effort) for circuit in circuits)
    if before is None or after is None:
        return change._replace(rewrite=None, refused="how far apart rows stay is not known")
    if after < KEPT * before:
        closer = f"it makes rows alike: their distance is {after:.2g} instead of {before:.2g}"
        return change._replace(rewrite=None, refused=closer)
    return change._replace(keeps=f"rows apart, at a distance of {after:.2g} instead of {before:.2g}")


def _far(circuit: Circuit) -> list[int]:
    """The source's gates of the embedding that join qubits that are no neighbours, with what stands between two that are equal."""
    inside = embedding(circuit)
    gates: dict[int, list[int]] = {}
    for operation in circuit.operations:
        if inside[operation.number]:
            gates.setdefault(operation.gate, []).append(operation.number)
    wires = {gate: tuple(dict.fromkeys(q for o in own for q in circuit.operands(o))) for gate, own in gates.items()}
    names = {gate: circuit.gate_name(own[0]) for gate, own in gates.items()}
    far = [gate for gate, qubits in wires.items() if len(qubits) == 2 and abs(qubits[0] - qubits[1]) > 1]
    order = list(gates)
    distant = set(far)
    for place, gate in enumerate(order[:-2]):
        one, last = order[place + 1], order[place + 2]
        equal = {gate, last} <= distant and (names[gate], wires[gate]) == (names[last], wires[last])
        if equal and set(wires[one]) <= set(wires[gate]):
            distant.add(one)
    return sorted(distant)
