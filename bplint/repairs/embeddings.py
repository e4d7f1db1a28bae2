"""Repairs of embeddings of data: features entangled with fewer others, in fewer layers, or turning by less.

Rows must stay apart: an embedding that makes them all alike raises every signal, and leaves nothing to learn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bplint.analyses.ask import Ask
from bplint.finding import Hit
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case
from bplint.ir.embedding import embedding
from bplint.repairs.changes import OPERATIONS, WIDTHS, Change, scaled_by

if TYPE_CHECKING:
    from bplint.rewrite.layers import Repetition
    from bplint.rewrite.reading import SourceGate

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
    repeated = repetition(gates)
    changes = _with_fewer_layers("shallower-embedding", "embedding layers", circuit, gates, repeated)
    if (change := _first_that_shows(changes, case, ask)) is not None:
        yield _judged(change, case, ask)


def fewer_uploads(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """The most layers of data and weights together, where the data is uploaded in each, behind which the gradients surely show."""
    from bplint.rewrite.layers import repetition
    from bplint.rewrite.reading import source_gates

    circuit, rows = case.circuit, case.context.rows
    if rows is None or len(circuit) > OPERATIONS:
        return
    gates = source_gates(circuit)
    repeated = repetition(gates)
    layer = gates[repeated.start : repeated.start + repeated.period]
    if not (any(gate.data for gate in layer) and any(gate.trained for gate in layer)):
        return  # layers of an embedding, or of weights alone
    changes = _with_fewer_layers("fewer-uploads", "layers of data and weights", circuit, gates, repeated)
    if (change := _first_that_shows(changes, case, ask)) is None:
        return
    before, after = own_share(case, ask), own_share(change.case(case), ask)
    yield _kept_apart(change, before, after, "rows apart: {1:.0%} of a row's gradient is its own, {0:.0%} before")


def own_share(case: Case, ask: Ask) -> float | None:
    """Of the gradient of a row, squared and on average, how much is no part of the mean over all rows: 0 where rows are alike.

    None where it is not known. It is 1 - yᵀGy/(M tr G) for labels y that are all 1.
    """
    import numpy as np

    from bplint.analyses.gradients.gradient import gradient
    from bplint.ir.loss_function import LINEAR

    rows = case.context.rows
    if rows is None:
        return None
    mean = case.context._replace(rows=replace(rows, labels=np.ones(len(rows))), loss=LINEAR)
    data = ask.about(case._replace(context=mean), brief=True)(gradient, quick=True).data
    return None if data is None or data.alignment is None else 1 - data.alignment / len(rows)


def narrower_features(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """The data scaled by the largest factor with which the loss and single rows surely show."""
    if case.context.rows is None or len(case.circuit) > OPERATIONS:
        return
    scaled = (scaled_by(case, factor) for factor in WIDTHS)
    changes = [change._replace(name="narrower-data", of_embedding=True) for change in scaled if change is not None]
    if (change := _first_that_shows(changes, case, ask)) is not None:
        yield _judged(change, case, ask)


def _first_that_shows(changes: Sequence[Change], case: Case, ask: Ask) -> Change | None:
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
    return changes[last] if last < len(changes) else None


def _with_fewer_layers(
    name: str, layers: str, circuit: Circuit, gates: Sequence[SourceGate], repeated: Repetition
) -> list[Change]:
    """The circuit with fewer and fewer of the layers that these gates repeat, the last ones left out."""
    start, period, times = repeated
    end = start + times * period
    return [
        _dropping(
            name,
            f"use {left:,} of {times:,} {layers}",
            circuit,
            [gate.number for gate in gates[start + left * period : end]],
        )
        for left in range(times - 1, 0, -1)
    ]


def _dropping(name: str, title: str, circuit: Circuit, gates: Sequence[int]) -> Change:
    """The model of the data without these gates of the source."""
    from bplint.rewrite.change import Counts, Rewrite

    trained = {operation.gate for operation in circuit.operations if circuit.trained[operation.number]}
    counts = Counts(kept=len(trained.difference(gates)), dropped=len(gates))
    rewrite = Rewrite((), dict.fromkeys(gates, ()), circuit.parameters, counts)
    return Change(name, title, rewrite, loses=str(rewrite.counts), of_embedding=True)


def _judged(change: Change, case: Case, ask: Ask) -> Change:
    """The change with how far apart rows are after it; refused where they come close to one another."""
    from bplint.analyses.gradients.asked import effort_of
    from bplint.analyses.gradients.rows.distance import embedded_distance

    rows = case.context.rows
    effort = effort_of(case, ask).share(SHARE)
    circuits = (case.circuit, change.case(case).circuit)
    before, after = (None if rows is None else embedded_distance(circuit, rows, effort) for circuit in circuits)
    return _kept_apart(change, before, after, "rows apart, at a distance of {1:.2g} instead of {0:.2g}")


def _kept_apart(change: Change, before: float | None, after: float | None, told: str) -> Change:
    """The change with what it keeps; refused where rows come close to one another by this measure."""
    if before is None or after is None:
        return change._replace(rewrite=None, refused="how far apart rows stay is not known")
    if after < KEPT * before:
        return change._replace(rewrite=None, refused=f"it makes rows alike: {after:.2g} apart instead of {before:.2g}")
    return change._replace(keeps=told.format(before, after))


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
