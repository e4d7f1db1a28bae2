"""How far apart rows are as states: Σ_q ‖ρ_q - ρ'_q‖² over the qubits, Hilbert–Schmidt norms, averaged over pairs of rows.

‖ρ_q - ρ'_q‖² is ½ Σ (<P> - <P>')² over P = X, Y, Z on qubit q. A change of the circuit that makes all rows alike raises every
signal, and takes away what there was to learn.
"""

from __future__ import annotations

import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.embedding import Embedding
from bplint.analyses.gradients.rows.turns import turns
from bplint.ir.circuit import Circuit, Floats, Role
from bplint.ir.observable import Observable
from bplint.ir.rows import Rows
from bplint.ir.selection import some_operations


def embedded_distance(circuit: Circuit, rows: Rows, effort: Effort) -> float | None:
    """That of the states behind the embedding, the operations before the first trained one; None if it is too much work, or if
    no data turn there."""
    vectors = bloch_vectors(embedding_of(circuit), rows, effort)
    return None if vectors is None else mean_distance(vectors)


def mean_distance(vectors: Floats) -> float:
    """From Bloch vectors, float64 (3 · qubits, rows), over pairs of different rows."""
    count: int = vectors.shape[1]
    if count < 2:
        return 0.0
    # Σ_{i<j} (v_i - v_j)² = M Σ v² - (Σ v)²
    spread = count * (vectors**2).sum(axis=1) - vectors.sum(axis=1) ** 2
    return max(float(spread.sum()), 0.0) / (count * (count - 1))


def bloch_vectors(circuit: Circuit, rows: Rows, effort: Effort) -> Floats | None:
    """<X>, <Z>, <Y> of each qubit in each row behind a circuit without trained angles, float64 (3 · qubits, rows)."""
    n = circuit.n_qubits
    problem = Problem.of(circuit, Observable(n))
    turning = turns(problem, rows)
    if isinstance(turning, Declined):
        return None
    strings = [(code & 1) << q | (code >> 1) << (q + n) for q in range(n) for code in (1, 2, 3)]
    pulled = problem.frame.pull_sum([(string, 1.0) for string in strings])
    values = Embedding(problem, rows, turning).expectations([string for string, _ in pulled], effort)
    return None if values is None else np.array([sign for _, sign in pulled])[:, None] * values


def embedding_of(circuit: Circuit) -> Circuit:
    """The operations before the first trained one, or all without one; those on other qubits may be behind it in the text."""
    blocked = [False] * circuit.n_qubits
    kept = []
    for operation in circuit.operations:
        trained = any(circuit.parameters[p].role is Role.TRAINABLE for p, _ in operation.terms)
        if trained or any(blocked[q] for q in operation.qubits):
            for q in operation.qubits:
                blocked[q] = True
        else:
            kept.append(operation.number)
    return some_operations(circuit, kept)
