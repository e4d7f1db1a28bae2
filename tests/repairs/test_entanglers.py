"""Models that cannot see labels: which entanglers are tried, and that what is measured of them is what dense states say."""

from dataclasses import replace

import numpy as np
import pytest

import bplint
from bplint.analyses.ask import Ask
from bplint.finding import Hit, Verdict
from bplint.ir.frame import frame
from bplint.ir.pauli import qubits
from bplint.repairs.entanglers import joined_features
from bplint.rewrite import rewritten
from bplint.run import lint_text
from repair_texts import read

XOR = "0.9,0.9,1; 0.9,-0.9,-1; -0.9,0.9,-1; -0.9,-0.9,1"
HEAD = 'OPENQASM 3.0; include "stdgates.inc";\n'


def text(observable, body, rows=XOR, qubits=2, loss="linear"):
    keys = {"observable": observable, "data": "x*", "loss": loss, "dataset": rows}
    declared = "".join(f"// bplint: {key} = {value}\n" for key, value in keys.items())
    return f"{HEAD}{declared}input array[float[64], {qubits}] x; input array[float[64], {qubits}] w; qubit[{qubits}] q; {body}"


def product(qubits=2):
    return "".join(f"ry(x[{q}]) q[{q}]; ry(w[{q}]) q[{q}]; " for q in range(qubits))


def changes(source):
    case = read(source)
    return case, list(joined_features(case, Ask(case), Hit("")))


@pytest.mark.parametrize(("letter", "gate"), [("Z", "cx"), ("X", "cz"), ("Y", "cz")])
def test_the_entangler_makes_a_product_of_what_is_measured(letter, gate):
    case, (change,) = changes(text(f"{letter}0", product()))
    circuit = rewritten(case.circuit, change.rewrite)
    assert circuit.gate_name(len(circuit) - 1) == gate
    ((string, _),) = case.context.observable.terms
    pulled, _ = frame(circuit).pull(string)
    assert list(qubits(pulled, 2)) == [0, 1]


def test_each_feature_is_tried_and_then_all_of_them_the_nearest_first():
    rows = "; ".join(f"{a},{b},{c},{a * b * c}" for a in (1, -1) for b in (1, -1) for c in (1, -1))
    _, found = changes(text("Z1", product(3), rows, 3))
    assert [change.name for change in found] == ["entangler-0", "entangler-2", "entangler-all"]


@pytest.mark.parametrize(
    ("observable", "body"),
    [
        ("projector(0..1)", product()),
        ("Z0", "ry(x[0]) q[0]; ry(w[0]) q[0]; "),
    ],
    ids=["a projector", "one qubit carries all data"],
)
def test_where_no_entangler_could_help_none_is_proposed(observable, body):
    assert changes(text(observable, body))[1] == []


def repaired(source):
    (report,) = lint_text(source).circuits
    (finding,) = [f for f in report.findings if f.code == "BP404"]
    return finding.suggestions


@pytest.mark.parametrize("loss", ["linear", "mse", "sigmoid:2"])
def test_xor_is_mended_and_the_signal_is_that_of_the_labels(loss):
    """Behind the CX <Z0 Z1> = cos(x0 + w0) cos(x1 + w1): with y = sign(x0 x1) the labels' share of it is s² sin w0 sin w1, and
    M E[(∂)²] = 4 s⁴ / 4, s = sin 0.9."""
    (suggestion,) = repaired(text("Z0", product(), loss=loss))
    assert suggestion.verdict is Verdict.VERIFIED
    assert suggestion.effect.signal == pytest.approx((0, np.sin(0.9) ** 4))
    assert "cx q[1], q[0];" in suggestion.written.circuit()


def test_the_parity_of_three_features_takes_all_entanglers():
    rows = "; ".join(f"{a},{b},{c},{a * b * c}" for a in (1, -1) for b in (1, -1) for c in (1, -1))
    found = {s.name: s.verdict for s in repaired(text("Z0", product(3), rows, 3))}
    assert found == {
        "entangler-all": Verdict.VERIFIED,
        "entangler-1": Verdict.REFUTED,
        "entangler-2": Verdict.REFUTED,
    }


def test_a_circuit_of_qiskit_is_handed_back_with_its_entangler():
    qiskit = pytest.importorskip("qiskit")
    x, w = qiskit.circuit.ParameterVector("x", 2), qiskit.circuit.ParameterVector("w", 2)
    circuit = qiskit.QuantumCircuit(2)
    for q in range(2):
        circuit.ry(x[q], q)
        circuit.ry(w[q], q)
    corners = np.array([[0.9, 0.9], [0.9, -0.9], [-0.9, 0.9], [-0.9, -0.9]])
    labels = corners.prod(axis=1) > 0
    mended = bplint.repair(
        circuit, prior="entangler-1", observable="Z0", data="x*", rows=corners, labels=labels.astype(int)
    )
    assert [i.operation.name for i in mended.data] == [*["ry"] * 4, "cx"]
    report = bplint.lint(mended, observable="Z0", data="x*", rows=corners, labels=labels.astype(int), select=["BP404"])
    assert not report.circuits[0].findings


def test_ancillas_are_entangled_with_nothing():
    case = read(text("Z0", product()))
    case = case._replace(circuit=replace(case.circuit, ancillas=1))
    assert list(joined_features(case, Ask(case), Hit(""))) == []
