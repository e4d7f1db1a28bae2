"""Repairs of tapes: a tape again, or a QNode of its weights where one of them turns several operations."""

from itertools import pairwise

import numpy as np
import pytest

qml = pytest.importorskip("pennylane")

import bplint  # noqa: E402
import dense  # noqa: E402
from bplint.exporters.original import Original  # noqa: E402
from bplint.exporters.to_tape import with_numbers  # noqa: E402
from bplint.importers.objects import read_object  # noqa: E402
from bplint.ir.observable import parse  # noqa: E402
from bplint.ir.trainable import select  # noqa: E402
from bplint.repairs.read_again import is_same_in_order  # noqa: E402
from bplint.rewrite import Refused, equivariant, rewritten, without  # noqa: E402
from rewriting import priors  # noqa: E402

WIRES = ["a", "b", "c", "d"]
SYMMETRIC = qml.dot([1.0] * 6, [qml.Z(WIRES[a]) @ qml.Z(WIRES[b]) for a in range(4) for b in range(a)]) + qml.dot(
    [0.8] * 4, [qml.X(w) for w in WIRES]
)


def tape(layers=2, *, says=False, **more):
    rng = np.random.default_rng(2)

    def number():
        value = round(float(rng.uniform(-3, 3)), 6)
        return qml.numpy.array(value, requires_grad=True) if says else value

    operations = []
    for _ in range(layers):
        operations += [qml.RY(number(), w) for w in WIRES] + [qml.RZ(number(), w) for w in WIRES]
        operations += [qml.CZ([a, b]) for a, b in pairwise(WIRES)]
    return qml.tape.QuantumScript(operations, [qml.expval(SYMMETRIC)], **more)


def handed_back(original, rewrite_of):
    """What is made of it, and the circuit that this has to be."""
    circuit, _ = select(read_object(original).program.circuit)
    rewrite = rewrite_of(circuit)
    made = Original(original, lambda _: None).rewritten(circuit, rewrite)
    return made if isinstance(made, Refused) else made.circuit(), rewritten(circuit, rewrite)


def prior(name):
    return lambda c: equivariant(c, next(p for p in priors(4) if p.name == name), parse("Z0 Z1", 4))


TAPES = {"silent": tape(), "says": tape(says=True), "listed": tape(trainable_params=range(16))}


@pytest.mark.parametrize("original", TAPES.values(), ids=TAPES)
@pytest.mark.parametrize("name", ["z2", "u1"])
def test_a_tape_is_handed_back_as_a_tape(original, name):
    """Its weights have other places, and so other names; numbers and matrix are those of the rewritten circuit."""
    made, wanted = handed_back(original, prior(name))
    assert isinstance(made, qml.tape.QuantumScript)
    assert made.measurements == original.measurements
    again = select(read_object(made).program.circuit)[0]
    assert is_same_in_order(with_numbers(made, again), with_numbers(original, wanted))
    values = {p.name: p.value for p in with_numbers(original, wanted).parameters}
    want, got = dense.unitary(wanted, values), qml.matrix(made, wire_order=WIRES)
    overlap = np.vdot(want, got)
    np.testing.assert_allclose(got * abs(overlap) / overlap, want, atol=1e-8)


def test_what_stays_is_the_same_object_and_wires_without_gates_stay():
    original = tape(1, shots=100)
    made, _ = handed_back(original, lambda c: without(c, [0, 4, 8]))
    assert [one for one in original.operations if not any(one is other for other in made.operations)] == [
        original.operations[k] for k in (0, 4, 8)
    ]
    assert made.shots == original.shots


def test_a_weight_of_several_operations_is_an_argument():
    original = tape(8, says=True)
    made = bplint.repair(original, prior="sn")
    assert isinstance(made, qml.QNode)
    kept = [operation for operation in qml.workflow.construct_tape(made)().operations if operation.name == "RY"]
    assert [float(one.data[0]) for one in kept[:4]] == [float(original.operations[0].data[0])] * 4
    (report,) = bplint.lint(made).circuits
    assert {p.name.partition("[")[0] for p in report.case.circuit.parameters} == {"params", "params_new"}
    assert "sn" not in {s.name for f in report.findings for s in f.suggestions}


def test_equal_numbers_are_one_parameter_where_nothing_says_what_is_trained():
    made = bplint.repair(tape(8), prior="sn")
    assert isinstance(made, qml.tape.QuantumScript)
    (report,) = bplint.lint(made).circuits
    assert len(report.case.circuit.parameters) < len(made.get_parameters())
