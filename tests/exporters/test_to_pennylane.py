"""Repaired QNodes of PennyLane: what is handed back is what was measured, and the user's own function queues what stays."""

import functools
import inspect
import pickle
from itertools import pairwise

import numpy as np
import pytest

qml = pytest.importorskip("pennylane")

import bplint  # noqa: E402
from bplint.errors import UsageError  # noqa: E402
from bplint.exporters import Original  # noqa: E402
from bplint.exporters.original import HandedOut  # noqa: E402
from bplint.importers.call import Call  # noqa: E402
from bplint.importers.objects import read_object  # noqa: E402
from bplint.ir.observable import parse  # noqa: E402
from bplint.rewrite import Refused, Rewrite, equivariant, without  # noqa: E402
from bplint.rewrite.change import Placed  # noqa: E402
from bplint.rewrite.gates import EXCHANGES  # noqa: E402
from handed_back import assert_handed_back, random_repairs  # noqa: E402
from rewriting import priors  # noqa: E402

WIRES = ["a", "b", "c", "d"]
CALL = Call((np.linspace(0.1, 2, 40),))


def matrix_of(made, values):
    """At numbers by their names: those of arrays, and single ones."""
    arguments = {}
    for name, parameter in inspect.signature(made).parameters.items():
        default = CALL.arguments[0] if name == "t" else parameter.default
        arguments[name] = np.array([values.get(f"{name}[{k}]", 0.0) for k in range(len(default))])
    tape = qml.workflow.construct_tape(made)(**arguments)
    return qml.matrix(tape, wire_order=[w for w in made.device.wires if w in tape.wires])


def qnode(function, n=4, **more):
    return qml.QNode(function, qml.device("default.qubit", wires=WIRES[:n]), **more)


def some_circuit(rng):
    """Named wires, templates, scaled and shared angles, numbers, controls, generators that are sums."""
    n, seed = int(rng.integers(2, 5)), int(rng.integers(1 << 30))
    wires = WIRES[:n]

    def function(t):
        draw, k = np.random.default_rng(seed), iter(range(40))

        def angle():
            p = t[next(k)]
            return [p, p, p, 2 * p - 0.5, -p / 3, p + t[0], 0.7][draw.integers(7)]

        def entangled(a, b):
            kind = draw.integers(6)
            if kind == 0:
                qml.IsingZZ(angle(), [b, a])
            elif kind == 1:
                qml.CRX(angle(), [a, b])
            elif kind == 2:
                qml.BasicEntanglerLayers(qml.math.stack([[angle(), angle()]]), [b, a], rotation=qml.RY)
            elif kind == 3:
                qml.SingleExcitation(angle(), [a, b])
            elif kind == 4:
                qml.adjoint(qml.S)(a)
                qml.PauliRot(angle(), "XY", [a, b])
            else:
                qml.CZ([a, b])

        for _ in range(int(draw.integers(1, 3))):
            for gate in draw.choice([qml.RX, qml.RY, qml.RZ], 2):
                for w in wires:
                    gate(angle(), w)
            for a, b in pairwise(wires):
                entangled(a, b)
        return qml.expval(qml.PauliZ(wires[0]))

    return qnode(function, n)


def test_random_repairs():
    for original, made in random_repairs(22, 15, some_circuit, matrix_of, CALL):
        assert isinstance(made, qml.QNode)
        assert made.device is original.device


def layers(t):
    for k, w in enumerate(WIRES):
        qml.RY(t[k], w)
    for a, b in pairwise(WIRES):
        qml.CZ([a, b])
    for k, w in enumerate(WIRES):
        qml.RY(t[4 + k], w)
    return qml.expval(qml.PauliZ("a"))


def repaired(original, rewrite_of, call):
    circuit = read_object(original, None, call).program.circuit
    return Original(original, None, call).rewritten(circuit, rewrite_of(circuit))


def u1(circuit):
    return equivariant(circuit, next(p for p in priors(4) if p.name == "u1"), parse("X0 X1 + Y0 Y1", 4))


def test_what_stays_is_queued_by_the_function_of_the_user():
    call = Call((np.linspace(0, 1, 8),))
    made = repaired(qnode(layers), lambda c: without(c, [1, 4]), call).circuit()
    before, after = (qml.workflow.construct_tape(q)(*call.arguments) for q in (qnode(layers), made))
    kept = [one for k, one in enumerate(before.operations) if k not in (1, 4)]
    assert all(qml.equal(one, other) for one, other in zip(after.operations, kept, strict=True))
    assert all(qml.equal(one, other) for one, other in zip(after.measurements, before.measurements, strict=True))
    assert made.func.__name__ == "layers"
    with qml.queuing.AnnotatedQueue() as queue:
        made.func(*call.arguments)
    assert len(queue) == len(kept) + 1


def test_new_weights_come_after_the_others_and_are_trained_like_them():
    weights = qml.numpy.array(np.linspace(0, 1, 8), requires_grad=True)
    made = repaired(qnode(layers), u1, Call((weights,))).circuit()
    assert list(inspect.signature(made).parameters) == ["t", "t_new"]
    new = qml.numpy.array([0.3, 0.4, 0.5], requires_grad=True)
    assert made(weights) == made(weights, t_new=0 * new)
    own, added = qml.grad(made)(weights, new)
    assert (own.shape, added.shape) == ((8,), (3,))
    report = bplint.lint(made, weights, select="BP203")
    assert "t_new[0]" in [p.name for p in report.circuits[0].case.circuit.parameters]


def test_single_numbers_data_lists_and_partials():
    def function(x, pair, theta, *, flag=True):
        qml.RX(x, "a")
        qml.RY(pair[1][0] if flag else 0.0, "b")
        qml.CNOT(["a", "b"])
        qml.RY(theta, "a")
        return qml.expval(qml.PauliZ("a"))

    call = Call((qml.numpy.array(0.2, requires_grad=False), [1, qml.numpy.array([0.5], requires_grad=True)]))
    prepared = functools.partial(qnode(function, 2), theta=qml.numpy.array(0.1, requires_grad=True), flag=True)

    def turned(circuit):
        names = [p.name for p in circuit.parameters]
        angle = (0.5, ((names.index("pair[1,0]"), 2.0), (names.index("x"), 1.0)))
        return Rewrite((), {3: (Placed("rzz", (0, 1), (angle,)),)}, circuit.parameters)

    made = repaired(prepared, turned, call).circuit()
    assert isinstance(made, functools.partial)
    tape = qml.workflow.construct_tape(made.func)(*call.arguments, theta=0.1)
    assert tape.operations[-1].name == "IsingZZ"
    assert float(tape.operations[-1].data[0]) == pytest.approx(0.5 + 2 * 0.5 + 0.2)


def test_what_a_user_transform_makes_is_what_is_changed():
    merged = qml.transforms.merge_rotations(qnode(layers))
    made = repaired(merged, lambda c: without(c, [0]), Call((np.linspace(0, 1, 8),))).circuit()
    assert len(qml.workflow.construct_tape(made, level="top")(np.linspace(0, 1, 8)).operations) == 10


def test_a_wire_that_is_left_without_gates_is_still_there():
    def two(t):
        qml.RX(t[0], "a")
        qml.RX(t[1], "b")
        return qml.expval(qml.PauliZ("b"))

    made = repaired(qnode(two, 2), lambda c: without(c, [0]), Call((np.ones(2),))).circuit()
    assert qml.workflow.construct_tape(made)(np.ones(2)).operations[-1].name == "Identity"


@pytest.mark.parametrize(
    "name", [*EXCHANGES, "ryx", "rzy", "rxx", "cp", "crx", "cy", "iswapdg", "sx", "sxdg", "sdg", "ecr"]
)
def test_every_kind_of_gate_can_be_put_in(name):
    def two(t):
        qml.RX(t[0], "a")
        qml.Hadamard("b")
        return qml.expval(qml.PauliZ("a"))

    angles = ((0.25, ((0, -2.0),)),) if name in (*EXCHANGES, "ryx", "rzy", "rxx", "cp", "crx") else ()
    qubits = (1,) if name in ("sx", "sxdg", "sdg") else (1, 0)
    original = qnode(two, 2)
    parameters = read_object(original, None, CALL).program.circuit.parameters
    rewrite = Rewrite((Placed("h", (0,)),), {0: (Placed(name, qubits, angles),)}, parameters)
    assert_handed_back(np.random.default_rng(3), original, matrix_of, rewrite, CALL)


def test_reasons():
    def curved(t):
        qml.RX(qml.math.sin(t[0]), "a")
        qml.RX(t[1], "b")
        return qml.expval(qml.PauliZ("a"))

    call = Call((np.ones(2),))
    assert isinstance(repaired(qnode(curved, 2), lambda c: without(c, [1]), call), HandedOut)

    def moved(circuit):
        opaque = next(k for k, p in enumerate(circuit.parameters) if p.sources)
        return Rewrite((), {1: (Placed("rz", (1,), ((0.0, ((opaque, 1.0),)),)),)}, circuit.parameters)

    assert repaired(qnode(curved, 2), moved, call) == Refused(
        "an angle that depends on f(t[0]) would have to be written anew"
    )
    refused = repaired(qnode(layers), u1, Call((np.ones(8),), argnums=0))
    assert refused.reason.startswith("new weights would have to be in argnums")
    dcx = Rewrite((), {0: (Placed("dcx", (0, 1)),)}, ())
    assert repaired(qnode(layers), lambda c: dcx, Call((np.ones(8),))) == Refused("PennyLane has no gate dcx")


def test_a_report_that_holds_a_function_without_a_name_can_be_pickled():
    made = pickle.loads(pickle.dumps(HandedOut(qnode(lambda t: qml.RX(t, "a"), 1))))
    with pytest.raises(UsageError, match=r"^a QNode does not pass between processes: ask where it was linted$"):
        made.circuit()
