"""Arguments of torch and jax: a circuit whose classical part needs them is read as the same circuit of NumPy's numbers."""

import inspect

import numpy as np
import pennylane as qml
import pytest

import bplint
from bplint.errors import UsageError
from bplint.exporters import Original
from bplint.importers.call import Call
from bplint.importers.from_pennylane import from_pennylane
from bplint.ir.circuit import Role
from bplint.repairs.read_again import is_same_in_order
from bplint.rewrite import Rewrite

VALUES = np.linspace(0.1, 0.9, 6).reshape(2, 3)


def node(move, interface):
    """A third of the angles depends on others by what ``move`` does, in the arrays of one library."""

    def function(w):
        w = move(w)
        for q in range(3):
            qml.RY(2 * w[0, q] + 0.5, q)
            qml.RZ(w[1, q], q)
        qml.CNOT([0, 1])
        return qml.expval(qml.Z(0) @ qml.Z(1))

    return qml.QNode(function, qml.device("default.qubit"), interface=interface)


def in_place(w):
    w = w.copy()
    w[1, 0] = 3 * w[1, 2]
    return w


def read(circuit, *arguments):
    return from_pennylane(circuit, None, Call(arguments)).program.circuit


REFERENCE = read(node(in_place, "autograd"), VALUES)


def test_jax():
    jnp = pytest.importorskip("jax.numpy")
    circuit = read(node(lambda w: w.at[1, 0].set(3 * w[1, 2]), "jax"), jnp.array(VALUES))
    assert is_same_in_order(circuit, REFERENCE)


@pytest.mark.parametrize("trained", [True, False])
def test_torch(trained):
    torch = pytest.importorskip("torch")

    def move(w):
        rows = w.clone()
        rows[1, 0] = 3 * w[1, 2]
        return torch.as_tensor(rows)

    circuit = read(node(move, "torch"), torch.tensor(VALUES, requires_grad=trained))
    assert is_same_in_order(circuit, REFERENCE)


def test_torch_says_what_is_trained_where_anything_does():
    """It says False of all that nobody has spoken of: where nothing says True, as if it were silent."""
    torch = pytest.importorskip("torch")

    def function(x, w):
        qml.RX(x, 0)
        qml.RY(w, 0)
        return qml.expval(qml.Z(0))

    circuit = qml.QNode(function, qml.device("default.qubit"), interface="torch")
    x, w = torch.tensor(0.3), torch.tensor(0.4, requires_grad=True)
    (report,) = bplint.lint(circuit, x, w).circuits
    assert [(p.name, p.role) for p in report.case.circuit.parameters] == [("x", Role.DATA), ("w", Role.TRAINABLE)]
    (report,) = bplint.lint(circuit, x, w.detach()).circuits
    assert {p.role for p in report.case.circuit.parameters} == {Role.TRAINABLE}


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_new_weights_are_of_the_same_library(library):
    pytest.importorskip(library)
    observable = " + ".join([f"Z{a} Z{b}" for a in range(4) for b in range(a)] + [f"0.8*X{q}" for q in range(4)])

    def function(w):
        for layer in range(8):
            for q in range(4):
                qml.RY(w[layer, 0, q], q)
                qml.RZ(w[layer, 1, q], q)
            for q in range(3):
                qml.CZ([q, q + 1])
        return qml.expval(qml.Z(0))

    weights = qml.math.asarray(np.zeros((8, 2, 4)), like=library)
    if library == "torch":
        weights.requires_grad = True
    circuit = qml.QNode(function, qml.device("default.qubit"), interface=library)
    mended = bplint.repair(circuit, weights, prior="sn", observable=observable)
    (new,) = [p.default for p in inspect.signature(mended).parameters.values() if p.default is not p.empty]
    assert qml.math.get_interface(new) == library
    assert getattr(new, "requires_grad", None) == getattr(weights, "requires_grad", None)


def test_a_torch_layer_is_its_qnode_with_its_weights():
    torch = pytest.importorskip("torch")

    def function(inputs, w):
        qml.AngleEmbedding(inputs, wires=range(2))
        qml.BasicEntanglerLayers(w, wires=range(2))
        return qml.expval(qml.Z(0))

    node = qml.QNode(function, qml.device("default.qubit"), interface="torch")
    layer, inputs = qml.qnn.TorchLayer(node, {"w": (2, 2)}), torch.tensor([0.1, 0.2])
    (report,) = bplint.lint(layer, inputs).circuits
    parameters = report.case.circuit.parameters
    assert [p.name for p in parameters if p.role is Role.DATA] == ["inputs[0]", "inputs[1]"]
    assert [p.name for p in parameters if p.role is Role.TRAINABLE] == ["w[0,0]", "w[0,1]", "w[1,0]", "w[1,1]"]
    assert is_same_in_order(read(layer, inputs), read(node, inputs, layer.qnode_weights["w"]))
    with pytest.raises(UsageError, match="a TorchLayer has its weights: want its inputs alone"):
        bplint.lint(layer, inputs, 1.0)
    made = Original(layer, lambda _: None, Call((inputs,))).rewritten(read(layer, inputs), Rewrite((), {}, parameters))
    assert made.reason.startswith("a TorchLayer is no function of its weights")
