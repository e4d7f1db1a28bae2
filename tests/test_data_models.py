"""Models with data as people build them in Qiskit, with 200 rows: what is found, and what is not."""

import numpy as np
import pytest

import bplint

qiskit = pytest.importorskip("qiskit")
library = pytest.importorskip("qiskit.circuit.library")

RULES = ("BP301", "BP401", "BP403", "BP404", "BP406")


def classifier(n, entanglement, layers=0):
    """A ZZ feature map and an ansatz of RY, entangled in ``layers``."""
    circuit = qiskit.QuantumCircuit(n)
    circuit.compose(library.zz_feature_map(n, reps=1, entanglement=entanglement), inplace=True)
    circuit.compose(library.real_amplitudes(n, reps=layers), inplace=True)
    return circuit


def points(n, seed=1):
    """200 rows in [0, 1] and labels by the first two features."""
    rows = np.random.default_rng(seed).uniform(0, 1, (200, n))
    return rows, (rows[:, 0] + rows[:, 1] > 1).astype(int)


def found(circuit, rows, labels, **arguments):
    report = bplint.lint(circuit, data="x*", rows=rows, labels=labels, select=RULES, **arguments)
    assert not report.failures
    return {f.code: f for f in report.circuits[0].findings}, report.circuits[0].analyses["gradient"]


def test_a_full_zz_map_leaves_nothing_of_the_rows_and_a_linear_one_does():
    rows, labels = points(12)
    codes, gradient = found(classifier(12, "full"), rows, labels, observable="Z0", shots=1000)
    assert "BP401" in codes
    assert gradient.data.row[1] < 1e-3 < codes["BP401"].hit.evidence["unentangled_signal"]
    codes, gradient = found(classifier(12, "linear"), rows, labels, observable="Z0", shots=1000)
    assert "BP401" not in codes
    assert gradient.data.row[0] > 0.05


def test_the_linear_map_is_measured_as_a_repair_and_handed_back():
    """On 8 qubits, for the time: the gates are those of Qiskit's own linear map."""
    rows, labels = points(8)
    told = {"data": "x*", "rows": rows, "labels": labels, "observable": "Z0", "shots": 200}
    circuit = classifier(8, "full")
    report = bplint.lint(circuit, **told, select=["BP401"])
    (finding,) = report.circuits[0].findings
    best = finding.suggestions[0]
    assert (best.name, best.verdict.value) == ("linear-embedding", "verified")
    assert best.effect.signal[0] < 1 / 200 < best.effect.signal[1]
    mended = bplint.repair(circuit, prior="linear-embedding", **told)
    assert dict(mended.count_ops()) == {"h": 8, "p": 8 + 7, "cx": 2 * 7, "ry": 8}
    assert not bplint.lint(mended, **told, select=["BP401"]).circuits[0].findings


def test_a_kernel_of_twenty_qubits_is_the_identity_until_its_data_is_scaled():
    x = qiskit.circuit.ParameterVector("x", 20)
    circuit = qiskit.QuantumCircuit(20)
    for q in range(20):
        circuit.ry(x[q], q)
    rows = np.random.default_rng(0).uniform(-np.pi, np.pi, (40, 20))
    told = {"data": "x*", "rows": rows, "loss": "kernel"}
    (finding,) = [f for f in bplint.lint(circuit, **told).circuits[0].findings if f.code == "BP402"]
    suggestion = next(s for s in finding.suggestions if s.name == "bandwidth")
    assert suggestion.verdict.value == "verified"
    mended = bplint.repair(circuit, prior="bandwidth", **told)
    assert "BP402" not in {f.code for f in bplint.lint(mended, **told).circuits[0].findings}


def test_an_entangled_ansatz_is_measured_on_all_rows():
    rows, labels = points(6)
    codes, gradient = found(classifier(6, "linear", 1), rows, labels, observable="Z0", loss="mse")
    assert gradient.status.value == "bounded"
    assert not codes.keys() & {"BP301", "BP401", "BP404"}
    assert gradient.data.rows == 200


def test_xor_without_an_entangler_is_label_blind_and_with_one_is_not():
    x, w = qiskit.circuit.ParameterVector("x", 2), qiskit.circuit.ParameterVector("w", 4)
    corners = np.array([[a, b] for a in (-1, 1) for b in (-1, 1)] * 50)
    circuit = qiskit.QuantumCircuit(2)
    for q in range(2):
        circuit.ry(0.9 * x[q], q)
        circuit.ry(w[q], q)
    codes, _ = found(circuit, corners, corners.prod(axis=1), observable="Z0")
    assert codes["BP404"].suggestions[0].name == "entangler-1"
    circuit.cz(0, 1)
    circuit.ry(w[2], 0)
    codes, gradient = found(circuit, corners, corners.prod(axis=1), observable="Z0")
    assert "BP404" not in codes
    assert gradient.data.linear[0] > 0


def test_a_product_embedding_with_a_local_loss_has_nothing_to_be_said_of():
    n = 12
    x, w = qiskit.circuit.ParameterVector("x", n), qiskit.circuit.ParameterVector("w", 2 * n)
    circuit = qiskit.QuantumCircuit(n)
    for q in range(n):
        circuit.ry(np.pi * x[q], q)
        circuit.ry(w[q], q)
    for q in range(n - 1):
        circuit.cz(q, q + 1)
    for q in range(n):
        circuit.ry(w[n + q], q)
    rows, labels = points(n)
    codes, _ = found(circuit, rows, labels, observable="mean(Z)")
    assert not codes
