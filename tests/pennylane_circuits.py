"""Circuits of PennyLane beside what is read of them: unitaries up to a phase."""

import numpy as np
import pytest

from bplint.importers.call import Call
from bplint.importers.from_pennylane import from_pennylane
from bplint.testing.unitary import unitary

qml = pytest.importorskip("pennylane")

DEVICE = qml.device("default.qubit")


def read(function, *arguments, observable="Z0", device=DEVICE, **call):
    """What is read of a function of PennyLane, called with these arguments."""
    return from_pennylane(qml.QNode(function, device), observable, Call(arguments, **call))


def numbered(found):
    """The parameters that are numbers of the arguments: those that are functions have sources."""
    return [p.name for p in found.program.circuit.parameters if not p.sources]


def same(function, count=1, seed=0, shape=None):
    """Read a function of ``count`` weights and compare with PennyLane's matrix at other weights, up to a global phase."""
    weights = np.random.default_rng(seed).uniform(-3, 3, shape or count)
    found = read(function, np.zeros_like(weights) + 0.1)
    circuit = found.program.circuit
    values = dict(zip(numbered(found), weights.reshape(-1).tolist(), strict=True))
    with qml.queuing.AnnotatedQueue() as queue:
        function(weights)
    tape = qml.tape.QuantumScript.from_queue(queue)
    wires = sorted(tape.wires)
    want = qml.matrix(qml.tape.QuantumScript(tape.operations), wire_order=wires)
    got = unitary(circuit, values)
    overlap = np.vdot(got, want)
    assert abs(overlap) > 1e-9, "orthogonal"
    np.testing.assert_allclose(got * overlap / abs(overlap), want, atol=1e-8, err_msg=repr(tape.operations)[:300])
    return found
