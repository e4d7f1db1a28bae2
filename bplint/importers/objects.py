"""Circuits that are Python objects: which framework one is of, and what its importer makes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from bplint.errors import UsageError
from bplint.importers.program import Program
from bplint.ir.circuit import Circuit
from bplint.ir.observable import Observable


class ReadObject(NamedTuple):
    """The program of an object, its loss, its own name in reports, and its listing line by line."""

    program: Program
    observable: str | Observable | None
    name: str
    listing: Sequence[str] = ()


def read_object(circuit: Any, observable: Any = None) -> ReadObject:
    """A Qiskit or Cirq circuit, or a :class:`~bplint.ir.circuit.Circuit`, and the loss that goes with it.

    ``SourceError`` where it cannot be modelled, ``UsageError`` for any other object, ``ObservableError`` for the loss.
    """
    if isinstance(circuit, Circuit):
        return ReadObject(Program(circuit), observable, "<circuit>")
    kinds = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(circuit).__mro__}
    if ("qiskit", "QuantumCircuit") in kinds:
        from bplint.importers import from_qiskit

        program, loss = from_qiskit.program_and_observable(circuit, observable)
        name = f"<{_NUMBERED.sub('circuit', str(circuit.name))}>"
        return ReadObject(program, loss, name, from_qiskit.Listing(circuit))
    if ("cirq", "AbstractCircuit") in kinds:
        from bplint.importers import from_cirq

        return ReadObject(*from_cirq.program_and_observable(circuit, observable), "<cirq circuit>")
    raise UsageError(f"want a Qiskit or Cirq circuit, got {type(circuit).__module__}.{type(circuit).__qualname__}")


_NUMBERED = re.compile(r"circuit-\d+(-\d+)?")
"""A name that Qiskit made up, different in every run."""
