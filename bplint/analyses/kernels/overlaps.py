"""The overlaps k = |<ψ_i|ψ_j>|² of the states of rows: in the frame a product over the parts that no rotation joins."""

from __future__ import annotations

import numpy as np

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.embedding import qubit_parts
from bplint.analyses.gradients.rows.turns import turns
from bplint.analyses.gradients.rows.written_states import written_states
from bplint.ir.circuit import Circuit, Floats
from bplint.ir.observable import Observable
from bplint.ir.pauli import support
from bplint.ir.rows import Rows

AMPLITUDES = 1 << 24
"""Of all rows together, at most."""

FEWEST = 16
"""Rows that are compared at least."""


def overlaps(circuit: Circuit, rows: Rows, effort: Effort) -> Floats | Declined:
    """float64 (rows, rows), of the first rows if the states of all are too large."""
    n = circuit.n_qubits
    problem = Problem.of(circuit, Observable(n))
    turning = turns(problem, rows)
    if isinstance(turning, Declined):
        return turning
    masks = qubit_parts([support(turn.axis, n) for turn in turning])
    result = np.ones((len(rows), len(rows)))
    for mask in masks:
        own = [turn for turn in turning if support(turn.axis, n) & mask]
        states = written_states(problem, rows, own, AMPLITUDES // FEWEST, AMPLITUDES, effort)
        if states is None:
            return Declined("the states of the rows are too large to be written out")
        count = min(states.shape[1], len(result))
        states, result = states[:, :count], result[:count, :count]
        result = result * np.abs(states.conj().T @ states) ** 2
    return np.minimum(result, 1.0)
