"""Circuits that suggestions hand back, and reports that keep them between processes."""

import pickle

import pytest

import bplint
from bplint import api
from bplint.errors import UsageError
from bplint.finding import Verdict
from bplint.importers.objects import read_object
from bplint.rewrite import Refused


def chain(n=6, layers=8):
    """A hardware-efficient circuit of Qiskit on a chain, and the XXZ chain."""
    from qiskit import QuantumCircuit
    from qiskit.circuit import ParameterVector
    from qiskit.quantum_info import SparsePauliOp

    t = ParameterVector("t", 2 * n * layers)
    made, angles = QuantumCircuit(n, name="chain"), iter(t)
    for _ in range(layers):
        for q in range(n):
            made.ry(next(angles), q)
            made.rz(next(angles), q)
        for q in range(n - 1):
            made.cz(q, q + 1)
    bonds = [(2 * letter, [q, q + 1], 1.5 if letter == "Z" else 1.0) for q in range(n - 1) for letter in "XYZ"]
    return made, SparsePauliOp.from_sparse_list(bonds, n)


@pytest.fixture(scope="module")
def plateau():
    given, loss = chain()
    return given, loss, bplint.lint(given, observable=loss, shots=300)


def suggestions(report, verdict):
    found = {s.name: s for finding in report.findings for s in finding.suggestions if s.verdict is verdict}
    assert found
    return list(found.values())


def test_a_suggestion_hands_back_the_changed_circuit(plateau):
    _, loss, report = plateau
    for suggestion in suggestions(report, Verdict.VERIFIED):
        made = suggestion.circuit()
        (again,) = bplint.lint(made, observable=loss, shots=300, select=["BP101", "BP301"]).circuits
        assert again.analyses["dla"].upper == suggestion.effect.dla[1]
        assert again.analyses["gradient"].signal == pytest.approx(suggestion.effect.signal[1], rel=0.25)
        assert made.num_parameters == suggestion.effect.parameters[1]
        assert f'bplint.repair(circuit, prior="{suggestion.name}", …)' in report.to_text(verbose=True)
    refuted = suggestions(report, Verdict.REFUTED)[0]
    with pytest.raises(UsageError, match=f"^{refuted.name} is refuted: "):
        refuted.circuit()


def test_a_report_passes_between_processes_with_its_circuits(plateau):
    *_, report = plateau
    (again,) = pickle.loads(pickle.dumps(report.entries))
    for finding, same in zip(report.findings, again.findings, strict=True):
        for one, other in zip(finding.suggestions, same.suggestions, strict=True):
            assert (one.written is None) == (other.written is None)
            assert not one.written or one.circuit() == other.circuit()


def test_a_repair_is_the_circuit_of_a_suggestion(plateau, monkeypatch):
    given, loss, report = plateau
    chosen = suggestions(report, Verdict.VERIFIED)[0]
    made = bplint.repair(given, prior=chosen.name, observable=loss, shots=300, select="BP101")
    assert read_object(made).program.circuit == read_object(chosen.circuit()).program.circuit
    monkeypatch.setattr(api, "suggestion", lambda *_: Refused("u1 is refuted: it trains to no good end"))
    with pytest.raises(UsageError, match=r"^u1 is refuted: it trains to no good end$"):
        bplint.repair(given, prior="u1", observable=loss, select="BP2")
    unsure = chosen._replace(verdict=Verdict.UNVERIFIED, reason="the clock ended it")
    monkeypatch.setattr(api, "suggestion", lambda *_: unsure)
    with pytest.warns(UserWarning, match=f"^{chosen.name} is unverified: the clock ended it$"):
        made = bplint.repair(given, prior=chosen.name, observable=loss, select="BP2")
    assert made == chosen.circuit()


def test_without_a_name_what_keeps_the_loss():
    from qiskit import QuantumCircuit
    from qiskit.circuit import ParameterVector
    from qiskit.quantum_info import SparsePauliOp

    t = ParameterVector("t", 4)
    given = QuantumCircuit(3)
    given.ry(t[0], 0)
    given.ry(t[1], 0)  # turns on with the first
    given.ry(t[2], 1)  # is not measured
    given.rz(t[3], 0)  # commutes with what is
    given.h(2)
    made = bplint.repair(given, observable=SparsePauliOp("XIZ"))
    assert [one.operation.name for one in made.data] == ["ry", "h"]
    assert list(made.parameters) == [t[0]]
    assert bplint.repair(made, observable=SparsePauliOp("XIZ")) is made
    with pytest.raises(UsageError, match=r"^parameters that the loss does not need are left: the loss is assumed"):
        bplint.repair(given)
    with pytest.raises(
        UsageError, match=r"^parameters that the loss does not need are left: a gate that is left out takes"
    ):
        bplint.repair(given, observable="Z0 X2", noise="depolarizing:0.01")
