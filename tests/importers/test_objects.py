"""Which objects are circuits, and what they are called."""

from pathlib import Path

import cirq
import pennylane as qml
import pytest
from pennylane import numpy as pnp
from qiskit import QuantumCircuit

from bplint.errors import UsageError
from bplint.importers.call import Call
from bplint.importers.objects import built, read_object
from samples import circuit


def test_each_framework_has_its_importer():
    own = circuit(1, [("ry", [0], "a")])
    assert read_object(own, "Z0")[1:4] == ("Z0", "<circuit>", ())
    assert read_object(own).program.circuit is own
    found = read_object(QuantumCircuit(3))
    assert (found.program.circuit.n_qubits, found.name) == (3, "<circuit>")
    assert read_object(QuantumCircuit(1, name="vqe")).name == "<vqe>"
    node = qml.QNode(lambda w, x: [qml.RX(w, 0), qml.RX(x, 0), qml.expval(qml.Z(0))][2], qml.device("default.qubit"))
    found = read_object(node, call=Call((pnp.array(0.1), 0.2)))
    assert (found.program.circuit.n_qubits, found.observable.text, found.data) == (1, "Z0", ("x",))
    found = read_object(cirq.Circuit(cirq.X(cirq.LineQubit(0))), "Z0")
    assert (found.program.circuit.n_qubits, found.name) == (1, "<cirq circuit>")


@pytest.mark.parametrize("thing", [None, 7, "ry(0.3) q[0];", object()])
def test_anything_else_is_refused(thing):
    with pytest.raises(UsageError, match="want a Qiskit, Cirq or PennyLane circuit, got builtins"):
        read_object(thing)


def test_a_qnode_is_not_run_to_build_it_and_takes_the_size_where_nothing_else_is_given():
    node = qml.QNode(lambda n: 1 / 0, qml.device("default.qubit"))
    assert built(node, ()) == (node, Call())
    assert built(node, (4,)) == (node, Call((4,)))
    assert built(node, (4,), [1, 2]) == (node, Call((1, 2)))
    assert built(node, (4,), 0.5) == (node, Call((0.5,)))
    assert built(lambda: "made", ()) == ("made", Call())
    assert built(lambda n: n + 1, (4,)) == (5, Call())
    with pytest.raises(UsageError, match="let it return a partial"):
        built(lambda n: n, 4, (1,))


@pytest.mark.parametrize("path", ["ansatz.qasm", Path("ansatz.qasm")])
def test_a_file_is_for_the_command(path):
    with pytest.raises(UsageError, match="files are linted by the command: bplint FILE"):
        read_object(path)
