"""QNodes and tapes: which argument drives which angle, what is data, what is measured, and what is refused."""

import math

import numpy as np
import pytest

import bplint
from bplint.errors import SourceError, UsageError
from bplint.importers.call import Call
from bplint.importers.from_pennylane import from_pennylane
from bplint.ir.circuit import ROTATION
from bplint.ir.observable import ObservableError

qml = pytest.importorskip("pennylane")
from pennylane import numpy as pnp  # noqa: E402  # there is PennyLane

from pennylane_circuits import DEVICE, numbered, read  # noqa: E402


def angles(found):
    """Of each rotation in order: constant and terms by name, in the circuit's own coordinates."""
    circuit = found.program.circuit
    names = [p.name for p in circuit.parameters]
    rows = []
    for operation in circuit.operations:
        if operation.code == ROTATION:
            terms = {names[p]: c for p, c in operation.terms}
            rows.append((operation.constant, terms))
    return rows


def test_names_shapes_scales_and_shifts():
    def circuit(weights, theta, layers, more):
        qml.RX(weights[1, 2], 0)
        qml.RY(2 * theta + 0.3, 1)
        qml.RZ(-theta / 3 + np.pi / 2, 1)
        qml.RX(np.pi * more["a"][0], 0)
        for _ in range(layers):
            qml.RX(weights[0, 0] + theta - 2 * weights[1, 0], 0)
        qml.RX(0.25, 1)
        return qml.expval(qml.Z(0))

    found = read(circuit, np.ones((2, 3)), 0.1, 2, {"a": [0.5, 0.7]})
    assert numbered(found) == [f"weights[{i},{j}]" for i in range(2) for j in range(3)] + [
        "theta",
        "more.a[0]",
        "more.a[1]",
    ]
    tied = (0.0, {"weights[0,0]": 1.0, "theta": 1.0, "weights[1,0]": -2.0})
    assert angles(found) == [
        (0.0, {"weights[1,2]": 1.0}),
        (0.3, {"theta": 2.0}),
        (math.pi / 2, {"theta": -1 / 3}),
        (0.0, {"more.a[0]": math.pi}),
        tied,
        tied,
        (0.25, {}),
    ]


def test_functions_of_weights_are_parameters_of_their_own_one_for_all_their_multiples():
    def circuit(w):
        qml.RX(w[0] * w[1], 0)
        qml.RY(3 * w[0] * w[1] - 1, 0)
        qml.RZ(pnp.sin(w[2]), 0)
        qml.RX(math.sqrt(abs(w[2])), 0)
        return qml.expval(qml.Z(0))

    found = read(circuit, np.ones(3))
    assert [p.name for p in found.program.circuit.parameters[3:]] == ["f(w[0], w[1])", "f1(w[2])", "f2(w[2])"]
    assert [p.sources for p in found.program.circuit.parameters[3:]] == [("w[0]", "w[1]"), ("w[2]",), ("w[2]",)]
    assert angles(found)[1] == (-1.0, {"f(w[0], w[1])": pytest.approx(3.0)})
    assert "not affine" in found.program.notes[-1].text
    formula = found.program.formulas["f1(w[2])"]
    assert formula({"w[2]": 0.4}) == pytest.approx(math.sin(0.4))
    assert formula.portable() is None


def test_roots_and_inverse_functions_are_evaluated_where_they_are_real():
    def circuit(w):
        qml.RX(math.acos(w[0]), 0)
        qml.RY(math.acosh(w[1]), 0)
        qml.RZ(w[2], 0)
        return qml.expval(qml.Z(0))

    with pytest.raises(SourceError, match="math domain error"):
        read(circuit, np.array([0.5, 0.5, 0.5]))
    found = read(circuit, np.array([0.5, 5.0, 0.5]))
    assert [p.name for p in found.program.circuit.parameters[3:]] == ["f(w[0])", "f1(w[1])"]


@pytest.mark.parametrize(
    ("arguments", "call", "trained", "presumed"),
    [
        ((pnp.ones(2), pnp.ones(2)), {}, "wx", False),
        ((pnp.ones(2), pnp.ones(2, requires_grad=False)), {}, "w", False),
        ((pnp.ones(2), np.ones(2)), {}, "w", False),
        ((pnp.ones(2), [0.1, 0.2]), {}, "w", False),
        ((np.ones(2), np.ones(2)), {}, "wx", True),
        ((np.ones(2), pnp.ones(2, requires_grad=False)), {}, "w", True),
        ((np.ones(2), np.ones(2)), {"argnums": 1}, "x", False),
        ((pnp.ones(2), np.ones(2)), {"argnums": [0, 1]}, "wx", False),
        ((np.ones(2), np.ones(2)), {"data": ("x*",)}, "w", True),
        ((np.ones(2),), {"keywords": {"x": np.ones(2)}}, "wx", True),
    ],
)
def test_what_pennylane_would_differentiate_is_trained_and_the_rest_is_data(arguments, call, trained, presumed):
    def circuit(w, x):
        qml.AngleEmbedding(x, wires=[0, 1])
        qml.RY(w[0], 0)
        qml.RY(w[1], 1)
        return qml.expval(qml.Z(0))

    found = read(circuit, *arguments, **call)
    assert numbered(found) == ["w[0]", "w[1]", "x[0]", "x[1]"]
    data = [pattern for directive in found.program.directives for pattern in directive.read]
    assert data == [f"{name}[*" for name in "wx" if name not in trained]
    assert any("requires_grad" in note.text for note in found.program.notes) is presumed


def test_data_that_multiplies_weights_is_read_at_its_values():
    def circuit(w, x):
        qml.RX(w[0] * x[0] + x[1], 0)
        qml.RY(x[1], 0)
        qml.RZ(w[1] * x[2], 0)
        return qml.expval(qml.Z(0))

    found = read(circuit, pnp.ones(2), np.array([0.5, 0.25, 0.0]))
    assert angles(found) == [(0.25, {"w[0]": 0.5}), (0.0, {"x[1]": 1.0}), (0.0, {})]
    assert "2 angles multiply trained numbers and data" in found.program.notes[0].text


def test_data_that_shapes_the_circuit_is_held():
    def circuit(w, x):
        for wire, bit in enumerate(x):
            if bit > 0.5:
                qml.X(wire)
        qml.RY(w, 0)
        qml.RY(w, 1)
        return qml.expval(qml.Z(0))

    found = read(circuit, pnp.array(0.1), np.array([1.0, 0.0, 1.0]))
    assert numbered(found) == ["w"]
    assert found.program.circuit.gates.names == ("PauliX", "RY")
    assert "data is held at the values given" in found.program.notes[0].text
    states = read(
        lambda w, x: [qml.AmplitudeEmbedding(x, [0, 1], normalize=True), qml.RY(w, 0)], pnp.array(0.1), [1.0, 0, 0, 1.0]
    )
    assert list(states.program.circuit.gates.names) == ["AmplitudeEmbedding", "RY"]


def test_amplitudes_of_data_are_rotations_by_functions_of_it():
    """The mean of Z0 over random starts of a later rotation vanishes; its slope is the X and Z of the state."""

    def circuit(w, x):
        qml.AmplitudeEmbedding(x, [0, 1], normalize=True)
        qml.RX(w, 0)
        return qml.expval(qml.Z(0))

    x = np.array([0.3, -0.5, 0.2, 0.7])
    found = read(circuit, pnp.array(0.1), x)
    assert set(found.program.circuit.gates.names) == {"AmplitudeEmbedding", "RX"}
    report = bplint.lint(qml.QNode(circuit, DEVICE), pnp.array(0.1), x, rows=[x.tolist()])
    state = (x / np.linalg.norm(x)).reshape(2, 2)
    z = (state**2).sum(axis=1) @ [1, -1]  # RX turns Z to Y, and <Y> of a real state is 0
    assert report.to_dicts()[0]["analyses"]["gradient"]["signal"] == pytest.approx(z**2 / 2, rel=1e-6)


def drawing(w):
    """Another circuit at each call."""
    for wire in range(8):
        np.random.choice([qml.RX, qml.RY, qml.RZ])(w[wire], wire)


def drawing_angles(w):
    """Another angle at each call."""
    qml.RX(np.random.uniform(), 0)
    qml.RY(w[0], 0)


def drawing_of_its_own(w):
    """With a generator that nobody else has."""
    rng = np.random.default_rng()
    for wire in range(8):
        rng.choice([qml.RX, qml.RY, qml.RZ])(1.0 * w[wire], wire)


def branching(w):
    """On the sign of a weight."""
    (qml.RX if w[0] > 0 else qml.RY)(w[1], 0)


def as_many_as_it_says(w):
    """Gates by the size of a weight."""
    for _ in range(int(abs(w[0])) + 1):
        qml.RX(w[1], 0)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (branching, "structure depends on its arguments: from operation 0 on"),
        (as_many_as_it_says, "structure depends on its arguments"),
        (drawing, "draws at random"),
        (drawing_angles, "draws at random"),
        (drawing_of_its_own, "draws at random"),
        (lambda w: qml.QubitUnitary(qml.matrix(qml.RX(w[0], 0)), 0), "structure depends on its arguments"),
        (lambda w: qml.RX(w, 0), r"operation 0 \(RX\): an angle is 8 numbers at once \(shape \(8,\)\)"),
        (
            lambda w: [qml.RX(w[0], 0), qml.DepolarizingChannel(0.1, 0)],
            r"operation 1 \(DepolarizingChannel\): .* channel",
        ),
        (
            lambda w: [qml.RX(w[0], 0), qml.measure(0, postselect=1)],
            r"operation 1 \(MidMeasureMP\): postselects an outcome",
        ),
        (lambda w: [qml.RX(w[0], 0), qml.QubitUnitary(np.diag([1.0] * 7 + [1j]), [0, 1, 2])], "not a Clifford"),
        (lambda w: [qml.RX(w[0], 0), qml.AmplitudeEmbedding([0.6, 0.8], 0)], "in the middle of the circuit"),
        (
            lambda w: [qml.AmplitudeEmbedding([0.6, 0.8], range(11), pad_with=0), qml.RX(w[0], 0)],
            "a state of 11 qubits that is not a stabilizer state: want 10 at most",
        ),
        (lambda w: qml.evolve(qml.X(0) + qml.Z(0), w[0]), "do not commute"),
        (lambda w: qml.exp(qml.X(0), w[0]), "not unitary"),
        (lambda w: qml.pow(qml.Rot(w[0], w[1], w[2], 0), 0.3), "not one rotation"),
        (lambda w: qml.Displacement(w[0], w[1], 0), "Displacement"),
        (lambda w: qml.RX(w["no"], 0), "the circuit's function refuses it"),
        (lambda w: None, "no wires"),
        (lambda w: qml.RX(w[0] / (w[0] - w[0]), 0), "not finite|division"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(function, message):
    with pytest.raises(SourceError, match=message):
        read(function, np.linspace(0.1, 1.7, 8))


def test_wires_are_numbered_as_the_device_has_them_else_in_their_order():
    def circuit(w):
        qml.RX(w[0], "b")
        qml.CNOT(["b", "a"])
        return qml.expval(qml.Z("a"))

    found = read(circuit, np.ones(1), observable=None, device=qml.device("default.qubit", wires=["c", "a", "b"]))
    assert found.observable.text == "Z0"
    assert found.program.circuit.operands(1) == [1, 0]
    assert found.program.notes[1].text == "wires a, b are qubits 0 to 1"
    assert found.listing[1] == "CNOT(wires=['b', 'a'])"
    found = read(lambda w: [qml.RX(w, 7), qml.CNOT([7, 2])], 0.3)
    assert found.program.circuit.operands(1) == [1, 0]
    with pytest.raises(ObservableError, match="wire 5 of PauliZ is not in the circuit"):
        read(lambda w: qml.RX(w, 0), 0.3, observable=qml.Z(5))


def test_lines_show_the_weights():
    def circuit(w, x):
        qml.RX(2 * w[0, 1] - w[1, 0] + 0.5, 0)
        qml.StronglyEntanglingLayers(w.reshape(1, 2, 3)[:, :, :], wires=[0, 1])
        qml.RY(-x, 1)
        qml.T(1)
        qml.RZ(0.25, 1)

    lines = list(read(circuit, np.ones((2, 3)), 0.1).listing)
    assert lines == [
        "RX(2*w[0,1] - w[1,0] + 0.5, wires=[0])",
        "StronglyEntanglingLayers(w[0,0], w[0,1], w[0,2], w[1,0], …, wires=[0, 1])",
        "RY(-x, wires=[1])",
        "T(wires=[1])",
        "RZ(0.25, wires=[1])",
    ]
    assert read(circuit, np.ones((2, 3)), 0.1).listing[-1:] == lines[-1:]


def test_tapes_are_trained_in_what_they_say_and_guessed_otherwise():
    operations = [qml.RX(0.1, 0), qml.Rot(0.2, 0.3, 0.4, 1), qml.CNOT([0, 1])]
    measured = [qml.expval(qml.Z(1))]
    plain = from_pennylane(qml.tape.QuantumScript(operations, measured))
    assert (plain.name, plain.observable.text) == ("<tape>", "Z1")
    assert not plain.program.circuit.parameters
    assert [constant for constant, _ in angles(plain)] == [0.1, 0.2, 0.3, 0.4]
    some = from_pennylane(qml.tape.QuantumScript(operations, measured, trainable_params=[0, 2]))
    assert numbered(some) == ["params[0]", "params[2]"]
    assert [terms for _, terms in angles(some)] == [{"params[0]": 1.0}, {}, {"params[2]": 1.0}, {}]
    w = pnp.array([0.1, 0.2])
    tensors = from_pennylane(qml.tape.QuantumScript([qml.RX(w[0], 0), qml.AngleEmbedding(w, [0, 1])], measured))
    assert numbered(tensors) == ["params[0]", "params[1,0]", "params[1,1]"]
    with pytest.raises(UsageError, match="takes no arguments"):
        bplint.lint(qml.tape.QuantumScript(operations, measured), 0.1)


def test_transforms_of_the_user_are_applied():
    def circuit(w):
        qml.RX(w[0], 0)
        qml.RX(w[1], 0)
        qml.X(1)
        qml.X(1)
        return qml.expval(qml.Z(0))

    node = qml.compile(qml.QNode(circuit, DEVICE))
    found = from_pennylane(node, None, Call((np.array([0.1, 0.2]),)))
    assert angles(found) == [(0.0, {"w[0]": 1.0, "w[1]": 1.0})]
    split = qml.transforms.split_non_commuting(
        qml.QNode(lambda w: [qml.RX(w, 0), qml.expval(qml.X(0)), qml.expval(qml.Z(0))][1:], DEVICE)
    )
    with pytest.raises(UsageError, match="makes 2 circuits of one"):
        from_pennylane(split, None, Call((0.1,)))


@pytest.mark.parametrize("name", ["default.qubit", "lightning.qubit", "default.mixed"])
def test_devices_are_never_run(name):
    node = qml.QNode(lambda w: (qml.RX(w, 0), qml.expval(qml.Z(0)))[1], qml.device(name, wires=1), shots=50)
    found = from_pennylane(node, None, Call((0.1,)))
    assert (found.observable.text, found.shots) == ("Z0", 50)
    assert bplint.lint(node, 0.1, isolated=True).circuits[0].case.context.shots == 50
    assert bplint.lint(node, 0.1, shots=70, isolated=True).circuits[0].case.context.shots == 70
