"""How much of the loss noise leaves at the most, whatever the angles.

Carried backwards, a string is never the identity, so at each moment it has a letter on some qubit q. A gate on q
multiplies it by at most the joint factor times the largest factor of a letter, and afterwards there is a letter on some
qubit of the gate. Let g_q bound what is left of a string with a letter on q by the part of the circuit before it: g is 1 at
the start, and behind a gate on the qubits A it is factor · max g_r over r in A, for each q in A. A term of the loss is
damped to at most the least g_q on its support (compare Wang et al. 2007.14384). Linear time.
"""

from __future__ import annotations

from bplint.analyses.ask import Ask
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case
from bplint.ir.noise import Noise
from bplint.ir.observable import Observable
from bplint.ir.pauli import qubits


def damping(case: Case, ask: Ask) -> float | None:
    """A bound for every choice of the angles on |l - its value in the maximally mixed state|.

    It holds for the derivative by one rotation angle too, half the difference of the loss at two shifted angles.
    None without noise, or where it feeds the identity (amplitude damping).
    """
    noise = case.context.noise
    if noise.is_trivial or not noise.is_unital:
        return None
    return _most(case.context.observable, _left(case.circuit, noise), noise.readout)


def _left(circuit: Circuit, noise: Noise) -> list[float]:
    """What the noise of the whole circuit leaves at most of a string with a letter on each qubit."""
    left = [1.0] * circuit.n_qubits
    factors = [noise.joint(arity) * max(noise.local(arity)) for arity in (1, 2)]
    arities = circuit.gates.columns.arity
    touched: set[int] = set()
    for operation in circuit.operations:
        touched.update(operation.qubits)
        if not operation.ends_gate:
            continue
        most = factors[min(arities[operation.gate], 2) - 1] * max(left[q] for q in touched)
        for q in touched:
            left[q] = most
        touched.clear()
    return left


def _most(observable: Observable, left: list[float], readout: float) -> float:
    """Σ |c_P| times what is left of P."""
    if observable.projector:  # 2^-m Σ of all Z-strings
        return readout * max(left[q] for q in observable.projector)
    total = 0.0
    for string, coefficient in observable.terms:
        support = list(qubits(string, observable.n_qubits))
        total += abs(coefficient) * readout ** len(support) * min(left[q] for q in support)
    return total
