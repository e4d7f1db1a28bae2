"""Repairs of embeddings of data: features entangled with fewer others. Rows must stay as far apart as they were."""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses.ask import Ask
from bplint.finding import Hit
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case
from bplint.ir.embedding import embedding
from bplint.repairs.changes import OPERATIONS, Change

SHARE = 3
"""Halvings of the work that may go into a distance."""


def neighbours_only(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """Entangle features of neighbouring qubits only, where the embedding joins others too."""
    from bplint.rewrite import Rewrite, rewritten
    from bplint.rewrite.change import Counts

    circuit = case.circuit
    gates = _far(circuit) if len(circuit) <= OPERATIONS else []
    if not gates:
        return
    rewrite = Rewrite((), dict.fromkeys(gates, ()), circuit.parameters, Counts(dropped=len(gates)))
    apart = _distances(circuit, rewritten(circuit, rewrite), case, ask)
    refused = "how far apart rows stay is not known" if apart is None else ""
    if apart and apart[1] < apart[0]:
        refused = f"it brings rows closer together: their distance is {apart[1]:.2g} instead of {apart[0]:.2g}"
    yield Change(
        "linear-embedding",
        "entangle features of neighbouring qubits only",
        None if refused else rewrite,
        keeps="" if refused or not apart else f"rows apart, at a distance of {apart[1]:.2g} instead of {apart[0]:.2g}",
        loses=str(rewrite.counts),
        refused=refused,
        of_embedding=True,
    )


def _distances(circuit: Circuit, changed: Circuit, case: Case, ask: Ask) -> tuple[float, float] | None:
    """How far apart the rows are as states behind the embedding, before and after; None where that is not known."""
    from bplint.analyses.gradients.asked import effort_of
    from bplint.analyses.gradients.rows.distance import embedded_distance

    rows = case.context.rows
    if rows is None:
        return None
    effort = effort_of(case, ask).share(SHARE)
    before, after = embedded_distance(circuit, rows, effort), embedded_distance(changed, rows, effort)
    return None if before is None or after is None else (before, after)


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
