"""What cannot be said of a circuit that measures or resets before its end, though its gates are those of the same outcomes."""

from __future__ import annotations

from bplint.errors import SourceError
from bplint.ir.circuit import Circuit
from bplint.ir.context import Context
from bplint.ir.trainable import count_trainable


def check_deferred(circuit: Circuit, context: Context) -> None:
    """``SourceError`` for a loss, or for noise, that is another one with measurements in place of what stands for them."""
    loss, observable = context.loss, context.observable
    if not (circuit.ancillas or circuit.deciding) or not (loss.is_kernel or count_trainable(circuit)):
        return
    if loss.is_kernel:
        raise SourceError(f"{loss} compares pure states, and this circuit measures or resets before its end")
    if loss.of_samples and circuit.ancillas:
        raise SourceError(f"{loss} is of all qubits that there are at the end, and this circuit measures before it")
    if circuit.deciding and not context.noise.is_trivial:
        raise SourceError("noise is not modelled where gates depend on measurements", hint="leave out the noise")
    for qubit in circuit.deciding:
        if any(string >> qubit & 1 for string, _ in observable.terms):
            message = f"the loss has X or Y of qubit {qubit}, which holds a measured bit that gates depend on"
            raise SourceError(message, context.observable_span, hint=f"only Z{qubit} says something of it")
