"""Qiskit's operators as losses."""

from __future__ import annotations

from typing import Any

from bplint.errors import Unsupported
from bplint.importers.from_qiskit.evolution import collected
from bplint.ir.observable import Observable, ObservableError, pauli_sum, sum_text
from bplint.ir.pauli import from_letters


def observable_of(operator: Any) -> Observable:
    """The observable of a ``SparsePauliOp``, ``SparseObservable``, ``Pauli``, or a label such as ``IZZ``.

    Labels are read as Qiskit writes them: the rightmost letter is qubit 0. ``ObservableError`` for what is not Hermitian.
    """
    from qiskit.quantum_info import Pauli, SparsePauliOp  # type: ignore[import-untyped]

    if isinstance(operator, str | Pauli):
        try:
            operator = SparsePauliOp(operator)
        except Exception as error:  # Qiskit raises QiskitError for what is no label
            raise ObservableError(f"want a label such as IZZ, got {str(operator)[:20]!r}") from error
    if not hasattr(operator, "to_sparse_list"):
        raise ObservableError(f"want a SparsePauliOp, a Pauli or a label, got {type(operator).__name__}")
    n = operator.num_qubits
    try:
        terms = collected(operator.to_sparse_list())
    except Unsupported as error:
        raise ObservableError(error.message) from error
    strings = {from_letters(letters, n): c for letters, c in terms.items()}
    return pauli_sum(strings, n, text=sum_text(strings, n))
