"""Which objects are circuits, and what they are called."""

import cirq
import pytest
from qiskit import QuantumCircuit

from bplint.errors import UsageError
from bplint.importers.objects import read_object
from samples import circuit


def test_each_framework_has_its_importer():
    own = circuit(1, [("ry", [0], "a")])
    assert read_object(own, "Z0")[1:] == ("Z0", "<circuit>", ())
    assert read_object(own).program.circuit is own
    found = read_object(QuantumCircuit(3))
    assert (found.program.circuit.n_qubits, found.name) == (3, "<circuit>")
    assert read_object(QuantumCircuit(1, name="vqe")).name == "<vqe>"
    found = read_object(cirq.Circuit(cirq.X(cirq.LineQubit(0))), "Z0")
    assert (found.program.circuit.n_qubits, found.name) == (1, "<cirq circuit>")


@pytest.mark.parametrize("thing", [None, 7, "ry(0.3) q[0];", object()])
def test_anything_else_is_refused(thing):
    with pytest.raises(UsageError, match="want a Qiskit, Cirq or PennyLane circuit, got builtins"):
        read_object(thing)
