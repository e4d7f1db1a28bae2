"""A repair of models that cannot see labels: entanglers before the measurement, so that what is measured joins features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bplint.analyses.ask import Ask
from bplint.finding import Hit
from bplint.ir.circuit import Circuit, Role
from bplint.ir.context import Case
from bplint.ir.naming import listed
from bplint.ir.observable import Observable
from bplint.ir.pauli import qubits
from bplint.repairs.changes import OPERATIONS, Change

MOST = 8
"""Qubits that carry data which are tried one by one."""


def joined_features(case: Case, ask: Ask, hit: Hit) -> Iterator[Change]:
    """An entangler between a qubit that is measured and one that carries a feature; then between it and all such qubits.

    CX towards a qubit measured in Z makes Z of it a product with the Z of the other; CZ does so for X and Y. The measurement is
    entangled and not the data, so that rows stay as far apart as they are.
    """
    circuit, loss = case.circuit, case.context.observable
    carrying = _carrying(circuit)
    if not loss.terms or not carrying or len(circuit) > OPERATIONS:
        return
    measured = min((q for string, _ in loss.terms for q in qubits(string, loss.n_qubits)), default=-1)
    others = [q for q in sorted(carrying, key=lambda q: abs(q - measured)) if q != measured][:MOST]
    if measured < 0 or not others:
        return
    gate = "cx" if _in_z(loss, measured) else "cz"
    for other in others:
        yield _ending(case, f"entangler-{other}", gate, [(other, measured)])
    if len(others) > 1:
        yield _ending(case, "entangler-all", gate, [(other, measured) for other in others])


def _ending(case: Case, name: str, gate: str, pairs: Sequence[tuple[int, int]]) -> Change:
    """The circuit with this gate on these pairs behind its last one."""
    from bplint.rewrite.change import Counts, Placed, Rewrite
    from bplint.rewrite.reading import as_placed, source_gates

    circuit = case.circuit
    last = [source for source in source_gates(circuit) if source.operations][-1]
    added = tuple(Placed(gate, pair) for pair in pairs)
    counts = Counts(kept=sum(circuit.trained), added=len(pairs))
    rewrite = Rewrite((), {last.number: (as_placed(circuit, last), *added)}, circuit.parameters, counts)
    joined = f"qubit{'s' * (len(pairs) > 1)} {listed([str(other) for other, _ in pairs])}"
    return Change(
        name,
        f"entangle qubit {pairs[0][1]} with {joined} before it is measured",
        rewrite,
        keeps="the embedding, and all trained gates",
        loses=str(counts),
        of_embedding=True,
        of_labels=True,
    )


def _carrying(circuit: Circuit) -> set[int]:
    """The qubits of the source that data turn."""
    driven = circuit.driven_by(Role.DATA)
    turned = {q for operation in circuit.operations if driven[operation.number] for q in operation.qubits}
    return {q for q in turned if q < circuit.n_declared}


def _in_z(loss: Observable, qubit: int) -> bool:
    """Whether some term has Z alone on this qubit."""
    n = loss.n_qubits
    return any(string >> qubit + n & 1 and not string >> qubit & 1 for string, _ in loss.terms)
