"""Several circuits in one report, whatever becomes of one of them."""

import cirq
import pytest
import sympy
from qiskit import QuantumCircuit
from qiskit.circuit import Gate, Parameter
from qiskit.quantum_info import SparsePauliOp

import bplint
from bplint import handed_over
from bplint.errors import UsageError
from samples import circuit

OWN = circuit(2, [("ry", [0], "a"), ("ry", [1], "b")])


def of_qiskit(name="mine"):
    made = QuantumCircuit(2, name=name)
    made.ry(Parameter("a"), 0)
    made.ry(Parameter("b"), 1)
    return made


def of_cirq():
    a, b = cirq.LineQubit.range(2)
    return cirq.Circuit(cirq.ry(sympy.Symbol("a"))(a), cirq.ry(sympy.Symbol("b"))(b))


def test_circuits_of_all_kinds_are_one_report():
    report = bplint.lint([OWN, of_qiskit(), of_cirq()], observable="Z0", select="BP203")
    assert [c.case.id for c in report.circuits] == ["<circuit>", "<mine>", "<cirq circuit>"]
    assert [f.hit.evidence["parameters"] for f in report.findings] == [["b"]] * 3
    assert "3 circuits" in str(report)
    assert report.ok()
    assert bplint.lint([], observable="Z0").exit_code() == 5


def test_one_loss_each_and_names_that_are_not_unique():
    losses = ["Z0", SparsePauliOp("ZI"), "Z0 Z1"]
    report = bplint.lint((of_qiskit(), of_qiskit(), of_qiskit("other")), observable=losses, select="BP203")
    assert [c.case.id for c in report.circuits] == ["<mine>[0]", "<mine>[1]", "<other>"]
    dead = {f.path: f.hit.evidence["parameters"] for f in report.findings}
    assert dead == {"<mine>[0]": ["b"], "<mine>[1]": ["a"]}
    profiles = bplint.profile([OWN, OWN], observable="Z0")
    assert [set(c.analyses) >= {"dla", "gradient"} for c in profiles.circuits] == [True, True]


def test_one_that_fails_does_not_lose_the_others(monkeypatch):
    broken = of_qiskit("broken")
    broken.append(Gate("mystery", 1, []), [0])
    report = bplint.lint([OWN, broken, 7, of_qiskit()], observable="Z0", select="BP203")
    assert [c.case.id for c in report.circuits] == ["<circuit>", "<mine>"]
    assert [u.id for u in report.unreadable] == ["circuits[1]", "circuits[2]"]
    assert "mystery" in report.unreadable[0].finding.hit.message
    assert "got builtins.int" in report.unreadable[1].finding.hit.message
    assert report.exit_code() == 1
    narrow = bplint.lint([OWN, circuit(1, [("ry", [0], "a")])], observable="Z1", select="BP203")
    assert ([c.case.id for c in narrow.circuits], [u.id for u in narrow.unreadable]) == (
        ["<circuit>[0]"],
        ["<circuit>[1]"],
    )
    real = handed_over.read_object

    def failing(given, *rest):
        return real(given, *rest) if given is OWN else 1 / 0

    monkeypatch.setattr(handed_over, "read_object", failing)
    crashed = bplint.lint([OWN, of_qiskit()], observable="Z0", select="BP203")
    assert [c.case.id for c in crashed.circuits] == ["<circuit>"]
    assert [one.title for one in crashed.failures]
    assert crashed.exit_code() == 3


def test_what_does_not_fit_the_list_is_said_at_once():
    with pytest.raises(UsageError, match=r"^observable: want one, or 2 for as many circuits, got 3$"):
        bplint.lint([OWN, OWN], observable=["Z0"] * 3)
    with pytest.raises(UsageError, match=r"^arguments are of one circuit; prepare each"):
        bplint.lint([OWN, OWN], 0.3, observable="Z0")


def test_the_machine_output_as_data():
    broken = of_qiskit("broken")
    broken.append(Gate("mystery", 1, []), [0])
    told = bplint.lint([OWN, broken], observable="Z0", select="BP203").to_dicts()
    assert [one["type"] for one in told] == ["circuit", "unreadable"]
    assert (told[0]["id"], told[0]["findings"][0]["code"], told[1]["code"]) == ("<circuit>", "BP203", "BP001")
    family = bplint.lint_family(lambda n: circuit(n, [("ry", [0], "a")]), [2, 3], observable="Z0", select="BP303")
    assert [one["type"] for one in family.to_dicts()] == ["circuit", "circuit", "family"]
