"""Wires and outcomes: what is numbered how, by hand. What the gates then do is compared in ``qasm/test_feedback.py``."""

from bplint.importers.lowered import Leaf
from bplint.importers.outcomes import FIRST, Outcomes, writing
from bplint.ir.build import Builder
from bplint.ir.circuit import GateOrigin
from bplint.ir.gates import gate


def started(n_qubits):
    builder = Builder(n_qubits)
    return builder, Outcomes(writing(builder))


def write(builder, outcomes, name, *qubits):
    statement = len(builder.statements)
    builder.gate(gate(name), outcomes.touch(qubits, statement), (), statement)


def holder(outcomes, outcome):
    with outcomes.under({outcome: True}):
        (leaf,) = outcomes.conditional([Leaf(gate("x"), "x", (1,))])
    return leaf.qubits[0]


def test_a_measured_qubit_is_copied_when_it_is_used_again():
    builder, outcomes = started(2)
    first = outcomes.measure(0, 0)
    assert outcomes.measure(0, 0) == first
    assert (holder(outcomes, first), outcomes.measured) == (0, ())
    write(builder, outcomes, "h", 0)
    assert (holder(outcomes, first), outcomes.measured) == (FIRST, ())
    assert outcomes.measure(0, 0) == first + 1
    assert outcomes.settle(builder) == "1 ancilla stands for what is measured or reset before the end"
    circuit = builder.build()
    assert (circuit.n_qubits, circuit.ancillas, circuit.deciding) == (3, 1, (2,))
    assert circuit.qubits.tolist() == [0, 2, 0]
    assert circuit.gates.kind.tolist() == [GateOrigin.MEASUREMENT, GateOrigin.PLAIN]
    assert circuit.gates.arity.tolist() == [0, 1]  # no noise follows the copy


def test_a_qubit_that_is_reset_keeps_its_number_and_its_old_wire_is_the_ancilla():
    builder, outcomes = started(2)
    for _ in range(3):
        write(builder, outcomes, "cx", 0, 1)
        outcomes.reset(1, 7)
    write(builder, outcomes, "h", 1)
    assert outcomes.idle == ()
    outcomes.settle(builder)
    circuit = builder.build()
    assert (circuit.n_qubits, circuit.ancillas) == (5, 3)
    assert circuit.qubits.tolist() == [0, 2, 0, 3, 0, 4, 1]


def test_a_reset_of_an_untouched_qubit_is_nothing_and_one_at_the_end_is_real_unless_it_was_measured():
    builder, outcomes = started(3)
    outcomes.reset(0, 1)
    write(builder, outcomes, "h", 1)
    write(builder, outcomes, "h", 2)
    outcomes.measure(2, 0)
    outcomes.reset(1, 2)
    outcomes.reset(2, 3)
    assert (outcomes.idle, outcomes.measured) == ((2,), (2,))
    outcomes.settle(builder)
    circuit = builder.build()
    assert (circuit.ancillas, circuit.qubits.tolist()) == (1, [3, 2])


def test_without_anything_measured_nothing_changes():
    builder, outcomes = started(2)
    write(builder, outcomes, "cx", 0, 1)
    assert outcomes.settle(builder) == ""
    circuit = builder.build()
    assert (circuit.n_qubits, circuit.n_declared, circuit.deciding) == (2, 2, ())
