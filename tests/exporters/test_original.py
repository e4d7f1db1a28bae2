"""What is handed back of an object: copies, and only what is read as the circuit that was measured."""

import pickle

from qiskit import QuantumCircuit
from qiskit.circuit import Parameter

import bplint
from bplint.exporters import Original, to_qiskit
from bplint.exporters.original import HandedOut
from bplint.ir.law import Init, Law, Shape
from bplint.ir.observable import parse
from bplint.repairs import Change, near_zero
from bplint.rewrite import Refused, rewritten, without
from samples import circuit


def given(own=None):
    """A circuit of Qiskit or of bplint's own, what it came from, and its case."""
    made = own or QuantumCircuit(2)
    if own is None:
        made.ry(Parameter("a"), 0)
        made.ry(Parameter("b"), 1)
        made.cz(0, 1)
    report = bplint.lint(made, observable="Z0 Z1")
    (entry,) = report.circuits
    return made, Original(made, lambda other: bplint.lint(other, observable="Z0 Z1").circuits[0].case), entry.case


def less(case):
    return Change("less", "leave out a gate", without(case.circuit, [2]))


def test_a_copy_is_handed_out_each_time():
    made, original, case = given()
    written = original.carried_out(less(case), case).written
    one, other = written.circuit(), written.circuit()
    assert one == other
    one.h(0)
    assert [i.operation.name for i in written.circuit().data] == ["ry", "ry"] != [i.operation.name for i in made.data]
    assert pickle.loads(pickle.dumps(written)).circuit() == other
    unchangeable = object()
    assert HandedOut(unchangeable).circuit() is unchangeable


def test_what_would_be_read_as_another_circuit_is_not_offered(monkeypatch):
    made, original, case = given()
    wrong = made.copy()
    wrong.data.pop(0)
    for bad in (made, wrong):
        monkeypatch.setattr(to_qiskit, "rewritten", lambda *_, bad=bad: bad)
        assert original.carried_out(less(case), case) == Refused("written, it would be read as another circuit")
    unreadable = QuantumCircuit(2)
    unreadable.measure_all()
    unreadable.h(0)
    monkeypatch.setattr(to_qiskit, "rewritten", lambda *_: unreadable)
    assert original.carried_out(less(case), case) == Refused("written, it would be read as another circuit")


def test_names_and_order_count():
    """The same gates under other names, or the other way round, are not what was measured."""
    _, original, case = given()
    swapped = QuantumCircuit(2)
    swapped.ry(Parameter("b"), 0)
    swapped.ry(Parameter("a"), 1)
    assert not original.is_read_as(HandedOut(swapped), less(case).case(case))
    assert original.is_read_as(
        HandedOut(swapped.assign_parameters({"a": Parameter("b"), "b": Parameter("a")})), less(case).case(case)
    )


def test_what_qiskit_refuses_is_a_reason(monkeypatch):
    _, original, case = given()

    def clash(*_):
        two = QuantumCircuit(1)
        two.rx(Parameter("a"), 0)
        two.rx(Parameter("a"), 0)

    monkeypatch.setattr(to_qiskit, "rewritten", clash)
    found = original.carried_out(less(case), case)
    assert "Qiskit refuses it" in found.reason


def test_another_loss_or_start_is_no_other_circuit():
    _, original, case = given()
    loss = Change("local", "", observable=parse("mean(Z)", 2))
    assert original.carried_out(loss, case).reason == (
        "the circuit stays as it is; what changes is the loss: observable='mean(Z)'"
    )
    assert original.carried_out(near_zero(0.25), case).reason == (
        "the circuit stays as it is; what changes is the start: init='range:0.25'"
    )
    assert near_zero(0.25).init == Init(Law(Shape.RANGE, 0.25))
    assert original.carried_out(Change("none", ""), case) == Refused("there is nothing to write")


def test_a_circuit_of_our_own_is_rewritten_as_such():
    own, original, case = given(circuit(2, [("ry", [0], "a"), ("ry", [1], "b"), ("cz", [0, 1])]))
    found = original.carried_out(less(case), case).written.circuit()
    assert found == rewritten(own, less(case).rewrite)
    assert original._replace(circuit=7).carried_out(less(case), case) == Refused("nothing writes a int")
