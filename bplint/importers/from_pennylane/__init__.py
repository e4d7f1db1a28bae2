"""PennyLane's QNodes and tapes. PennyLane itself is imported when one is read, and only here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bplint.errors import SourceError, UsageError
from bplint.importers.call import Call
from bplint.importers.from_pennylane.functions import OwnNumbers, QNodeFunction, qnode_of
from bplint.importers.from_pennylane.listing import TapeListing
from bplint.importers.from_pennylane.measurements import observable_of
from bplint.importers.from_pennylane.reading import read
from bplint.importers.program import Program
from bplint.ir.observable import Observable

__all__ = ["ReadCircuit", "from_pennylane", "observable_of"]


class ReadCircuit(NamedTuple):
    """A program, its loss, its name, its listing line by line, and the shots that it is measured with; None for exact values."""

    program: Program
    observable: str | Observable | None
    name: str
    listing: Sequence[str]
    shots: int | None


def from_pennylane(circuit: Any, observable: Any = None, call: Call | None = None) -> ReadCircuit:
    """A ``QNode`` with its arguments, one prepared by ``functools.partial``, or a ``QuantumScript`` (a tape).

    The loss is ``observable``, an operator of PennyLane, an :class:`Observable` or text such as ``Z0 Z1``; without it, what the
    circuit measures. ``SourceError`` for what cannot be modelled or has no loss, ``UsageError`` for arguments that do not fit.
    """
    import pennylane as qml

    call = call or Call()
    if isinstance(circuit, qml.tape.QuantumScript):
        if not call.is_empty:
            raise UsageError("a tape takes no arguments")
        reading, name, shots = read(OwnNumbers(circuit)), "<tape>", circuit.shots
    else:
        prepared = qnode_of(circuit, call)
        if prepared is None:
            raise UsageError(
                f"want a QNode or a tape, got {type(circuit).__qualname__}; qml.QNode(function, device) makes one"
            )
        qnode = prepared.qnode
        reading = read(QNodeFunction(*prepared), qnode.device.wires or ())
        name, shots = f"<{getattr(qnode, '__name__', 'qnode').strip('<>')}>", qnode.shots
    if observable is None and reading.loss.missing:
        raise SourceError(reading.loss.missing, hint=f'for instance {_line(name)}observable="Z0 Z1")')
    loss = observable
    if observable is None:
        loss = reading.loss.observable
    elif not isinstance(observable, str | Observable):
        loss = observable_of(observable, reading.wires)
    listing = TapeListing(reading.operations, reading.program.circuit)
    return ReadCircuit(reading.program, loss, name, listing, shots.total_shots)


def _line(name: str) -> str:
    return "bplint.lint(tape, " if name == "<tape>" else f"bplint.lint({name.strip('<>')}, ..., "
