"""Qiskit circuits and operators. Qiskit itself is imported when a circuit is read, and only here."""

from __future__ import annotations

import gc
from typing import Any

from bplint.importers.from_qiskit.listing import Listing
from bplint.importers.from_qiskit.observables import observable_of
from bplint.importers.from_qiskit.reading import Reader
from bplint.importers.program import Program
from bplint.ir.observable import Observable, ObservableError, parse

__all__ = ["Listing", "from_qiskit", "observable_of", "program_and_observable"]


def from_qiskit(circuit: Any) -> Program:
    """A ``QuantumCircuit``. ``SourceError`` says which instruction cannot be read, and why; ``Unsupported`` for what is none."""
    collecting = gc.isenabled()
    gc.disable()  # nothing here is cyclic, and the collector would walk through all of the circuit again and again
    try:
        return Reader(circuit).read()
    finally:
        if collecting:
            gc.enable()


def program_and_observable(circuit: Any, observable: Any = None) -> tuple[Program, Observable | None]:
    """A ``QuantumCircuit`` and its loss: an operator of Qiskit, an :class:`Observable`, text such as ``Z0 Z1``, or None.

    A dense label that reads differently from the left and from the right is an ``ObservableError``: bplint's text puts
    qubit 0 leftmost, Qiskit rightmost.
    """
    program = from_qiskit(circuit)
    n = program.circuit.n_declared
    if observable is None:
        return program, None
    if isinstance(observable, str):
        if set(observable) <= set("IXYZ") and observable != observable[::-1]:
            raise ObservableError(f"which end of {observable} is qubit 0? Write for instance Z0 Z1, or a SparsePauliOp")
        return program, parse(observable, n)
    loss = observable if isinstance(observable, Observable) else observable_of(observable)
    if loss.n_qubits != n:
        raise ObservableError(f"the observable is for {loss.n_qubits} qubits, the circuit has {n}")
    return program, loss
