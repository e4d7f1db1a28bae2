"""Circuits of Cirq: object in, :class:`~bplint.importers.program.Program` out. Only this package imports cirq."""

from __future__ import annotations

from typing import Any

from bplint.importers.from_cirq.observables import observable_of
from bplint.importers.from_cirq.reading import from_cirq
from bplint.importers.program import Program
from bplint.ir.observable import Observable

__all__ = ["from_cirq", "observable_of", "program_and_observable"]


def program_and_observable(circuit: Any, observable: Any = None) -> tuple[Program, str | Observable | None]:
    """A circuit and its loss: a ``PauliSum`` or ``PauliString``, an :class:`Observable`, text such as ``Z0 Z1``, or None.

    Qubits are numbered in Cirq's order.
    """
    program = from_cirq(circuit)
    if observable is None or isinstance(observable, str | Observable):
        return program, observable
    return program, observable_of(observable, sorted(circuit.all_qubits()))
