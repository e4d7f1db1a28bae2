"""Cases for tests: a circuit, a loss, defaults for the rest."""

from bplint.ir.context import Case, Context
from bplint.ir.observable import parse
from bplint.ir.trainable import select


def case(circuit, observable, *, trainable="auto", names=(), data=(), source="option", shots=10_000, seed=0):
    chosen, selection = select(circuit, trainable, trainable=names, data=data)
    context = Context(parse(observable, circuit.n_qubits), source, selection, shots, seed)
    return Case("test", "test.qasm", chosen, context)
