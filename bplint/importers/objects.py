"""Circuits that are Python objects: which framework one is of, and what its importer makes of it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from bplint.errors import UsageError
from bplint.importers.call import Call
from bplint.importers.program import Program
from bplint.ir.circuit import Circuit
from bplint.ir.observable import Observable


class ReadObject(NamedTuple):
    """The program of an object, its loss, its own name in reports, its listing line by line, and the shots that it asks for."""

    program: Program
    observable: str | Observable | None
    name: str
    listing: Sequence[str] = ()
    shots: int | None = None

    @property
    def data(self) -> tuple[str, ...]:
        """Patterns of the names that carry data, as far as the circuit says so itself."""
        return tuple(glob for one in self.program.directives if one.key == "data" for glob in one.read)


def read_object(circuit: Any, observable: Any = None, call: Call | None = None) -> ReadObject:
    """A circuit of Qiskit, Cirq or PennyLane, or a :class:`~bplint.ir.circuit.Circuit`, and the loss that goes with it.

    ``call`` has the arguments of a QNode; ``TypeError`` where anything else is given some. ``SourceError`` where it cannot be
    modelled, ``UsageError`` for any other object, ``ObservableError`` for the loss.
    """
    kinds = _kinds(circuit)
    if not kinds.isdisjoint(_FUNCTIONS):
        from bplint.importers import from_pennylane

        return ReadObject(*from_pennylane.from_pennylane(circuit, observable, call))
    if call is not None and not call.is_empty and not kinds.isdisjoint(_CIRCUITS):
        given = next(iter(call.keywords), "argnums" if call.argnums is not None else None)
        said = f"the keyword argument {given!r} is" if given else f"{len(call.arguments)} further arguments are"
        raise TypeError(f"{said} for a QNode, and this is a {type(circuit).__name__}")
    if isinstance(circuit, Circuit):
        return ReadObject(Program(circuit), observable, "<circuit>")
    if ("qiskit", "QuantumCircuit") in kinds:
        from bplint.importers import from_qiskit

        program, loss = from_qiskit.program_and_observable(circuit, observable)
        name = f"<{_NUMBERED.sub('circuit', str(circuit.name))}>"
        return ReadObject(program, loss, name, from_qiskit.Listing(circuit))
    if ("cirq", "AbstractCircuit") in kinds:
        from bplint.importers import from_cirq

        return ReadObject(*from_cirq.program_and_observable(circuit, observable), "<cirq circuit>")
    kind, hint = type(circuit), ""
    if callable(circuit):
        hint = "; qml.QNode(function, device) makes a circuit of a function"
    elif isinstance(circuit, str | os.PathLike):
        hint = "; files are linted by the command: bplint FILE"
    raise UsageError(f"want a Qiskit, Cirq or PennyLane circuit, got {kind.__module__}.{kind.__qualname__}{hint}")


def built(builder: Any, sizes: tuple[int, ...], arguments: Any = None) -> tuple[Any, Call]:
    """The circuit that a builder makes of its sizes, of which there may be none, and what it is called with.

    A QNode is a circuit itself: it is not run. It is called with ``arguments``, or with the sizes where there are none.
    """
    if _QNODE in _kinds(builder):
        own = arguments if arguments is not None else sizes
        return builder, Call(tuple(own) if isinstance(own, list | tuple) else (own,))
    if arguments is not None:
        raise UsageError(
            "arguments are for a QNode, and this is a function that builds circuits: let it return a partial"
        )
    return builder(*sizes), Call()


def _kinds(circuit: Any) -> set[tuple[str, str]]:
    """Package and name of each class of an object, or of what ``functools.partial`` prepared."""
    while isinstance(circuit, partial):
        circuit = circuit.func
    return {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(circuit).__mro__}


_QNODE = ("pennylane", "QNode")
_CIRCUITS = frozenset({("bplint", "Circuit"), ("qiskit", "QuantumCircuit"), ("cirq", "AbstractCircuit")})
_FUNCTIONS = frozenset({_QNODE, ("pennylane", "QuantumScript"), ("pennylane", "TorchLayer")})

_NUMBERED = re.compile(r"circuit-\d+(-\d+)?")
"""A name that Qiskit made up, different in every run."""
