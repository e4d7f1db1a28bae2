"""Cirq's observables as bplint's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bplint.ir.observable import Observable, ObservableError, pauli_sum, sum_text
from bplint.ir.pauli import LETTERS, from_letters


def observable_of(observable: Any, qubits: Sequence[Any]) -> Observable:
    """A ``cirq.PauliSum`` or ``cirq.PauliString``, single Paulis included, of a circuit on these qubits in their order.

    ``ObservableError`` for a coefficient that is not real, and for a qubit that the circuit does not have.
    """
    import cirq

    if isinstance(observable, cirq.PauliString):
        observable = cirq.PauliSum.from_pauli_strings([observable])
    if not isinstance(observable, cirq.PauliSum):
        raise ObservableError(f"want a cirq.PauliSum or cirq.PauliString, got {type(observable).__name__}")
    places = {qubit: place for place, qubit in enumerate(qubits)}
    n = len(qubits)
    terms: dict[int, float] = {}
    for term in observable:
        coefficient = complex(term.coefficient)
        if abs(coefficient.imag) > 1e-12 * abs(coefficient):
            raise ObservableError(f"coefficient {coefficient:g} is complex; an observable is Hermitian")
        if outside := [qubit for qubit in term if qubit not in places]:
            raise ObservableError(f"{outside[0]} is not in the circuit, which has {n} qubits")
        string = from_letters([(places[qubit], LETTERS.index(str(letter))) for qubit, letter in term.items()], n)
        terms[string] = terms.get(string, 0.0) + coefficient.real
    return pauli_sum(terms, n, text=sum_text(terms, n))
