"""The Python API: objects of frameworks in, reports out."""

import json
import subprocess
import sys

import pytest

import bplint
from bplint.errors import SourceError, UsageError
from samples import circuit

ALONE = circuit(2, [("ry", [0], "a"), ("ry", [1], "b")])
GLOBAL = circuit(14, [("ry", [i], f"t{i}") for i in range(14)])


def codes(report):
    return {finding.code for finding in report.findings}


def test_a_circuit_of_our_own_is_linted():
    report = bplint.lint(ALONE, observable="Z0")
    assert codes(report) == {"BP203"}
    assert report.ok()
    assert json.loads(report.to_json())["circuits"][0]["path"] == "<circuit>"
    assert "BP203" in str(report)
    assert "\x1b" not in str(report)
    assert report._repr_html_().startswith("<pre>")


def test_the_options_are_those_of_the_command_line():
    assert codes(bplint.lint(GLOBAL, observable="projector(0..n-1)", select=["BP3"])) == {"BP301"}
    assert bplint.lint(GLOBAL, observable="Z" * 14, init="normal:0.1", select=["BP301"]).ok()
    assert bplint.lint(GLOBAL, observable="Z" * 14, shots=10**9, select=["BP301"]).ok()
    assert codes(bplint.lint(GLOBAL, ignore=["BP951"])) == {"BP003"}


def test_a_profile_has_every_number_and_no_verdict():
    report = bplint.profile(ALONE, observable="Z0 Z1", seed=3)
    assert not report.findings
    assert set(report.circuits[0].analyses) >= {"dla", "gradient", "loss", "entanglement", "deep_limit"}


def test_assert_trainable_carries_the_report():
    assert bplint.assert_trainable(ALONE, observable="mean(Z)").ok()
    with pytest.raises(AssertionError, match="No parameter will show a gradient"):
        bplint.assert_trainable(GLOBAL, observable="Z" * 14)


def test_what_is_no_circuit_or_does_not_fit_is_refused():
    with pytest.raises(UsageError, match=r"want a Qiskit or Cirq circuit, got builtins.int"):
        bplint.lint(7)
    with pytest.raises(UsageError, match="observable"):
        bplint.lint(ALONE, observable="Z7")
    with pytest.raises(AttributeError):
        bplint.nonsense  # noqa: B018


def test_qiskit_circuits_and_operators():
    qiskit = pytest.importorskip("qiskit")
    from qiskit.circuit import ParameterVector
    from qiskit.quantum_info import SparsePauliOp

    t = ParameterVector("t", 3)
    given = qiskit.QuantumCircuit(3, name="mine")
    for i in range(3):
        given.ry(t[i], i)
    report = bplint.lint(given, observable=SparsePauliOp("IIZ"))
    (finding,) = report.findings
    assert (finding.code, finding.path) == ("BP203", "<mine>")
    assert finding.hit.evidence["parameters"] == ["t[1]", "t[2]"]
    assert "ry(t[1]) q[1]" in str(report)
    given.reset(0)
    given.rx(0.1, 0)
    with pytest.raises(SourceError, match="reset"):
        bplint.lint(given, observable=SparsePauliOp("IIZ"))


def test_cirq_circuits_and_pauli_sums():
    cirq = pytest.importorskip("cirq")
    import sympy

    a, b = cirq.LineQubit.range(2)
    given = cirq.Circuit(cirq.ry(sympy.Symbol("s")).on(a), cirq.ry(sympy.Symbol("t")).on(b))
    report = bplint.lint(given, observable=cirq.Z(a))
    assert [f.hit.evidence["parameters"] for f in report.findings] == [["t"]]
    assert bplint.lint(given, observable="Z0 Z1").ok()


def product(n):
    return circuit(n, [("ry", [i], f"t{i}") for i in range(n)])


def test_a_family_is_linted_at_each_size_and_as_a_whole():
    report = bplint.lint_family(product, [4, 5, 6, 7, 8], observable="projector(0..n-1)", shots=200, select=["BP3"])
    assert [c.case.id for c in report.circuits] == [f"product[n={n}]" for n in (4, 5, 6, 7, 8)]
    found = {(f.code, f.path) for f in report.findings if f.severity.label == "error"}
    assert found == {("BP301", f"product[n={n}]") for n in (6, 7, 8)} | {("BP303", "product")}
    (family,) = json.loads(report.to_json())["families"]
    assert family["id"] == "product"
    assert family["members"][0] == {"size": 4, "id": "product[n=4]", "n_qubits": 4}
    assert [f["code"] for f in family["findings"]] == ["BP303"]
    assert "product  n = 4 … 8, 5 sizes" in str(report)
    assert "5 circuits" in str(report)
    assert report.exit_code() == 1
    assert not report.ok()


def test_a_family_fails_by_itself():
    report = bplint.lint_family(product, [4, 5, 6, 7, 8], observable="projector(0..n-1)", shots=200, select=["BP303"])
    assert not any(entry.findings for entry in report.entries)
    assert (report.ok(), report.exit_code()) == (False, 1)


def test_a_builder_says_what_lint_family_needs():
    @bplint.circuit(sizes=[2, 4], observable=lambda n: f"Z{n - 1}", shots=50, init="range:1")
    def declared(n):
        return product(n)

    def contexts(report):
        return [(c.case.context.observable.text, c.case.context.shots) for c in report.circuits]

    assert contexts(bplint.lint_family(declared, select=["BP203"])) == [("Z1", 50), ("Z3", 50)]
    given = bplint.lint_family(declared, [3], observable={3: "X0"}, shots=7, select=["BP203"])
    assert contexts(given) == [("X0", 7)]
    assert str(given.circuits[0].case.context.init) == "range:1"
    with pytest.raises(UsageError, match="want the sizes"):
        bplint.lint_family(product)


def test_a_family_of_qiskit_circuits():
    qiskit = pytest.importorskip("qiskit")
    from qiskit.circuit import ParameterVector
    from qiskit.quantum_info import SparsePauliOp

    def chain(n):
        t = ParameterVector("t", n)
        made = qiskit.QuantumCircuit(n)
        for i in range(n):
            made.ry(t[i], i)
        return made

    report = bplint.lint_family(chain, [2, 3], observable=lambda n: SparsePauliOp("I" * (n - 1) + "Z"))
    dead = {f.path: f.hit.evidence["parameters"] for f in report.findings if f.code == "BP203"}
    assert dead == {"chain[n=2]": ["t[1]"], "chain[n=3]": ["t[1]", "t[2]"]}


def test_importing_bplint_loads_next_to_nothing():
    code = "import sys; before = set(sys.modules); import bplint; print(len(set(sys.modules) - before), 'numpy' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert int(output[0]) <= 3
    assert output[1] == "False"
