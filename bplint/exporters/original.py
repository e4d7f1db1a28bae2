"""A circuit that was handed over as an object, and the changes of it in the same form."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

from bplint.errors import BplintError, UsageError
from bplint.importers.call import Call
from bplint.importers.framework import refusal
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case
from bplint.repairs import Change
from bplint.repairs.editing import CarriedOut
from bplint.repairs.read_again import is_same, is_same_in_order
from bplint.rewrite import Refused, Rewrite, rewritten
from bplint.rewrite.change import CannotError


class Original(NamedTuple):
    """A circuit as it was handed over. ``read`` makes a case of another in its place, as it would be linted."""

    circuit: Any
    read: Callable[[Any], Case]
    call: Call = Call()
    """What it is called with, if it is a function."""

    def carried_out(self, change: Change, case: Case, changed: Case | None = None) -> CarriedOut | Refused:
        """The circuit with the change, read again and found to be what was measured."""
        if change.rewrite is None:
            return Refused(_same_circuit(change))
        made = self.rewritten(case.circuit, change.rewrite)
        if isinstance(made, Refused):
            return made
        return CarriedOut(made) if self.is_read_as(made, changed or change.case(case)) else Refused(_ANOTHER)

    def rewritten(self, circuit: Circuit, rewrite: Rewrite) -> HandedOut | Refused:
        """The object with a rewrite of the circuit that was read of it."""
        head = {kind.__module__.partition(".")[0] for kind in type(_without_partial(self.circuit)).__mro__}
        name = next((name for name in _FRAMEWORKS if name in head), "")
        try:
            if name == "qiskit":
                from bplint.exporters import to_qiskit

                return HandedOut(to_qiskit.rewritten(self.circuit, circuit, rewrite))
            if name == "cirq":
                from bplint.exporters import to_cirq

                return HandedOut(to_cirq.rewritten(self.circuit, circuit, rewrite))
            if name == "pennylane":
                from bplint.exporters import to_pennylane, to_tape

                if _is_tape(self.circuit):
                    return HandedOut(to_tape.rewritten(self.circuit, circuit, rewrite))
                return HandedOut(to_pennylane.rewritten(self.circuit, self.call, circuit, rewrite))
        except CannotError as error:
            return Refused(str(error))
        except Exception as error:
            return Refused(str(refusal(error, _FRAMEWORKS[name])))
        if isinstance(self.circuit, Circuit):
            return HandedOut(rewritten(circuit, rewrite))
        return Refused(f"nothing writes a {type(self.circuit).__qualname__}")

    def is_read_as(self, made: HandedOut, changed: Case) -> bool:
        """Whether what was made is read as the changed case."""
        try:
            again = self.read(made.circuit())
        except BplintError:
            return False
        one, other = again.circuit, changed.circuit
        if _is_tape(made.made):
            from bplint.exporters.to_tape import with_numbers

            one, other = with_numbers(made.made, one), with_numbers(self.circuit, other)
        return is_same(again, changed) and is_same_in_order(one, other)


class HandedOut(NamedTuple):
    """A circuit of a framework, handed out as a copy: who changes it changes nothing here."""

    made: Any

    def circuit(self) -> Any:
        """A copy, or the circuit itself where that cannot be changed."""
        copy = getattr(self.made, "copy", None)
        return copy() if callable(copy) else self.made

    def __reduce__(self) -> tuple[Any, ...]:
        try:
            pickle.dumps(self.made)
        except Exception:  # whatever is raised for a function that has no name
            return LeftBehind, (type(self.made).__qualname__,)
        return HandedOut, (self.made,)


class LeftBehind(NamedTuple):
    """Stands for a circuit that does not pass between processes."""

    kind: str

    def circuit(self) -> Any:
        """``UsageError``."""
        raise UsageError(f"a {self.kind} does not pass between processes: ask where it was linted")


def _is_tape(circuit: Any) -> bool:
    return any((kind.__module__.partition(".")[0], kind.__name__) == _TAPE for kind in type(circuit).__mro__)


def _without_partial(circuit: Any) -> Any:
    while isinstance(circuit, functools.partial):
        circuit = circuit.func
    return circuit


def _same_circuit(change: Change) -> str:
    if change.observable is not None:
        return f"the circuit stays as it is; what changes is the loss: observable={change.observable.text!r}"
    if change.init is not None:
        return f"the circuit stays as it is; what changes is the start: init={str(change.init)!r}"
    return "there is nothing to write"


_ANOTHER = "written, it would be read as another circuit"
_FRAMEWORKS = {"qiskit": "Qiskit", "cirq": "Cirq", "pennylane": "PennyLane"}
_TAPE = ("pennylane", "QuantumScript")
