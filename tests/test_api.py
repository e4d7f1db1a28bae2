"""The Python API: objects of frameworks in, reports out."""

import json
import math
import subprocess
import sys

import pytest

import bplint
from bplint.errors import SourceError, UsageError
from bplint.ir.observable import pauli_sum
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
    assert report._repr_html_().startswith('<div class="bplint')


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
    with pytest.raises(AssertionError, match="No parameter shows above the noise"):
        bplint.assert_trainable(GLOBAL, observable="Z" * 14)


def test_what_is_no_circuit_or_does_not_fit_is_refused():
    with pytest.raises(UsageError, match=r"want a Qiskit, Cirq or PennyLane circuit, got builtins.int"):
        bplint.lint(7)
    with pytest.raises(UsageError, match="observable"):
        bplint.lint(ALONE, observable="Z7")
    with pytest.raises(AttributeError):
        bplint.nonsense  # noqa: B018


def test_qiskit_circuits_and_operators():
    qiskit = pytest.importorskip("qiskit")
    from qiskit.circuit import Gate, ParameterVector
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
    given.append(Gate("mystery", 1, []), [0])
    with pytest.raises(SourceError, match="mystery"):
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
    first = family["members"][0]
    assert (first["size"], first["id"], first["n_qubits"]) == (4, "product[n=4]", 4)
    assert first["signal"] == pytest.approx(0.5 * (3 / 8) ** 3, rel=0.05)
    assert (family["axis"], family["fixed"], family["decay"]["model"]) == ("n", {}, "exponential")
    low, high = family["decay"]["rate_interval"]
    assert low <= math.log2(3 / 8) <= high
    assert [f["code"] for f in family["findings"]] == ["BP303"]
    assert "product: error BP303 exponential-decay · n = 4 … 8, 5 sizes" in str(report)
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


def test_configuration_reaches_circuits_in_python(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bplint.toml").write_text('seed = 3\nshots = 7\nfail-on = "warning"\nseverity.BP203 = "error"\n')
    report = bplint.lint(ALONE, observable="Z0")
    context = report.circuits[0].case.context
    assert (context.seed, context.shots) == (3, 7)
    assert [f.severity.label for f in report.findings if f.code == "BP203"] == ["error"]
    assert not report.ok()
    assert bplint.lint(ALONE, observable="Z0", isolated=True).ok()
    assert bplint.lint(ALONE, observable="Z0", shots=9, seed=0).circuits[0].case.context[3:5] == (9, 0)
    (tmp_path / "other.toml").write_text("shots = 8\n")
    assert bplint.profile(ALONE, observable="Z0", config="other.toml").circuits[0].case.context.shots == 8
    with pytest.raises(AssertionError):
        bplint.assert_trainable(ALONE, observable="Z0")


def test_a_builder_stands_under_the_configuration_of_its_file(tmp_path, monkeypatch):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/bplint.toml").write_text('observable = "Z0"\nseverity.BP203 = "error"\n')
    (tmp_path / "pkg/placed_builder.py").write_text(
        "from samples import circuit\ndef hea(n): return circuit(n, [('ry', [i], f't{i}') for i in range(n)])\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "pkg")
    import placed_builder  # a name of its own: modules stay loaded for other tests

    report = bplint.lint_family(placed_builder.hea, [2])
    assert [c.case.context.observable_source for c in report.circuits] == ["configuration"]
    assert not report.ok()
    assert bplint.lint_family(placed_builder.hea, [2], isolated=True).ok()


def test_a_report_is_one_line_in_a_prompt():
    assert repr(bplint.lint(ALONE, observable="Z0")) == "<Report of 1 circuit: 0 errors, 1 warning, 0 notes>"
    assert repr(bplint.profile(ALONE)) == "<Report of 1 circuit: 0 errors, 0 warnings, 0 notes>"
    many = bplint.lint_family(product, [2, 3], observable="projector(0..n-1)", select="BP201")
    assert repr(many) == "<Report of 2 circuits: 0 errors, 0 warnings, 0 notes>"


def test_a_circuit_that_must_declare_its_loss(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bplint.toml").write_text("require-observable = true\n")
    with pytest.raises(
        SourceError, match=r"no observable is declared, and one has to be \(bplint.toml: require-observable\)"
    ):
        bplint.lint(ALONE)
    assert bplint.lint(ALONE, observable="Z0 Z1").ok()


def test_names_that_qiskit_makes_up_are_not_shown():
    qiskit = pytest.importorskip("qiskit")
    paths = {
        bplint.lint(qiskit.QuantumCircuit(1), observable="Z0", select="BP104").circuits[0].case.id for _ in range(2)
    }
    assert paths == {"<circuit>"}


@pytest.mark.parametrize("call", [bplint.lint, bplint.profile])
def test_a_circuit_without_a_qubit_has_nothing_to_train(call):
    report = call(circuit(0, []), observable=pauli_sum({}, 0, constant=0.5))
    assert not report.failures
    assert report.exit_code(fail_on_incomplete=True) == 4


def test_a_family_over_sizes_and_depths_is_a_grid():
    """RY on each qubit L times over, Z on the first: cos of the sum of L angles, E[sin²] = ½ for every size and depth."""
    from qiskit import QuantumCircuit
    from qiskit.circuit import ParameterVector

    def stack(n, depth):
        circuit, angles = QuantumCircuit(n), iter(ParameterVector("t", n * depth))
        for qubit in [*range(n)] * depth:
            circuit.ry(next(angles), qubit)
        return circuit

    report = bplint.lint_family(stack, [2, 3], depths=[1, 4], observable="Z0")
    assert [entry.case.id for entry in report.circuits] == [f"stack[n={n}, depth={d}]" for n in (2, 3) for d in (1, 4)]
    assert [family.family.id for family in report.families] == [
        "stack[depth=1]", "stack[depth=4]", "stack[n=2]", "stack[n=3]",
    ]  # fmt: skip
    assert [family.family.sizes for family in report.families[1:3]] == ["n = 2 … 3, 2 sizes", "depth = 1 … 4, 2 sizes"]
    for depths in ([0], [1, 1], [1.5]):
        with pytest.raises(UsageError, match="depth"):
            bplint.lint_family(stack, [2, 3], depths=depths, observable="Z0")
