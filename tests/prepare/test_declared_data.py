"""Data sets as sources, options, configuration and Python declare them: the rows of the case, and BP001 for each fault."""

import json
import subprocess

import numpy as np
import pytest

import bplint
from bplint.config import Settings
from bplint.errors import UsageError
from bplint.ir.loss_function import LossKind
from bplint.run import RunSchedule, lint, lint_text

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
BODY = "input array[float[64], 2] x;\ninput float w;\nqubit[2] q;\nry(x[0]) q[0];\nry(x[1]) q[1];\nry(w) q[0];\n"
ONLY = ("BP003", "BP004")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    (tmp_path / "d.csv").write_text("x0,x1,y\n0.1,0.2,0\n0.3,0.4,1\n")
    (tmp_path / "s.txt").write_text("01\n11\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def case_of(folder, comments="", **settings):
    (folder / "c.qasm").write_text(HEAD + comments + BODY)
    report = lint(["c.qasm"], Settings(select=ONLY, **settings))
    assert not report.unreadable, report.unreadable[0].finding.hit.message
    return report.circuits[0].case


def fault_of(folder, comments="", **settings):
    (folder / "c.qasm").write_text(HEAD + comments + BODY)
    (entry,) = lint(["c.qasm"], Settings(select=ONLY, **settings)).unreadable
    return entry.finding


def test_rows_of_a_comment_carry_data_by_the_names_of_their_columns(folder):
    context = case_of(folder, "// bplint: dataset = d.csv\n// bplint: loss = sigmoid:2\n").context
    assert context.data == ("x[0]", "x[1]")
    assert context.rows.values.tolist() == [[0.1, 0.2], [0.3, 0.4]]
    assert context.rows.labels.tolist() == [-1.0, 1.0]
    assert (context.dataset, context.loss.kind, context.loss.value) == ("d.csv", LossKind.SIGMOID, 2.0)


def test_an_option_starts_where_the_caller_is_and_wins(folder):
    (folder / "inner").mkdir()
    (folder / "inner" / "c.qasm").write_text(HEAD + "// bplint: dataset = none.csv\n" + BODY)
    report = lint(["inner/c.qasm"], Settings(select=ONLY, dataset="d.csv"))
    assert len(report.circuits[0].case.context.rows) == 2


def test_configuration_starts_where_it_stands(folder):
    (folder / "bplint.toml").write_text('dataset = "d.csv"\ndata = ["x*"]\nloss = "mse"\n')
    (folder / "inner").mkdir()
    (folder / "inner" / "c.qasm").write_text(HEAD + BODY)
    context = lint(["inner/c.qasm"], Settings(select=ONLY)).circuits[0].case.context
    assert (len(context.rows), context.loss.kind) == (2, LossKind.MSE)
    (folder / "bplint.toml").write_text('dataset = "../d.csv"\n')
    assert "outside of the project" in fault_of(folder).hit.message


def test_samples_and_the_law_of_data(folder):
    context = case_of(folder, "// bplint: target = s.txt\n// bplint: loss = mmd:0.5\n// bplint: data = x*\n").context
    assert context.samples.tolist() == [[0, 1], [1, 1]]
    context = case_of(folder, "// bplint: data = x*\n// bplint: data-law = range:1, x[1]=normal:2\n").context
    assert [str(context.init.law(p)) for p in case_of(folder).circuit.parameters] == ["uniform"] * 3
    case = case_of(folder, "// bplint: data = x*\n// bplint: data-law = range:1, x[1]=normal:2\n")
    laws = [str(case.context.init.law(p)) for p in case.circuit.parameters]
    assert laws == ["range:1", "normal:2", "uniform"]
    assert not case.context.init.anywhere.is_uniform


@pytest.mark.parametrize(
    ("comment", "message", "line"),
    [
        ("dataset = none.csv", "none.csv: cannot be read", 3),
        ("dataset = ragged.csv", "ragged.csv, line 2: want 3 columns", 3),
        ("dataset = three.csv", "three.csv, row 2: want labels -1 and +1, or 0 and 1, got 2", 3),
        ("dataset = few.csv", "few.csv: there is no column for x[1]", 3),
        ("dataset = /etc/passwd", "want a file named .csv or .npy", 3),
        ("dataset = ", "needs a value", 3),
        ("data-law = gauss", "want uniform, normal:SIGMA or range:R", 3),
        ("data-law = v=range:1", "no parameter is called v", 3),
        ("loss = log", "want linear, mse", 3),
        ("loss = mse", "mse compares with labels: want a data set that has them", 3),
        ("loss = mmd:1", "mmd:1 compares with samples: want a target that has them", 3),
        ("target = s.csv", "the samples have 3 bits, and the circuit 2 qubits", 3),
    ],
)
def test_every_fault_is_a_bp001_where_it_is_declared(folder, comment, message, line):
    (folder / "ragged.csv").write_text("x0,x1,y\n1\n")
    (folder / "three.csv").write_text("x0,x1,y\n1,2,1\n1,2,2\n")
    (folder / "few.csv").write_text("x0,y\n1,1\n")
    (folder / "s.csv").write_text("011\n")
    found = fault_of(folder, f"// bplint: {comment}\n")
    assert message in found.hit.message
    assert (found.code, found.span.line, found.span.column) == ("BP001", line, 1)


def test_a_data_set_without_data_is_refused(folder):
    (folder / "plain.csv").write_text("1,2\n")
    assert "no parameter carries data" in fault_of(folder, "// bplint: dataset = plain.csv\n").hit.message


def test_a_text_without_a_place_has_no_files_beside_it():
    (entry,) = lint_text(HEAD + "// bplint: dataset = d.csv\n" + BODY).unreadable
    assert "the place of this text is not known" in entry.finding.hit.message


def test_rows_in_python():
    pytest.importorskip("qiskit")
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter

    x, w = Parameter("x"), Parameter("w")
    circuit = QuantumCircuit(1)
    circuit.ry(x * x, 0)
    circuit.ry(w, 0)
    found = bplint.lint(
        circuit, observable="Z0", data="x", rows=[[0.5], [2.0]], labels=[0, 1], loss="hinge", select=ONLY
    )
    context = found.circuits[0].case.context
    assert context.rows.labels.tolist() == [-1.0, 1.0]
    assert context.rows.values.tolist() == [[0.5, 0.25], [2.0, 4.0]]
    for wrong in ({"labels": [1]}, {"rows": [[1.0]], "dataset": "d.csv"}, {"rows": [["a"]]}):
        with pytest.raises(UsageError, match=r"rows|labels"):
            bplint.lint(circuit, data="x", **wrong)


def test_sympy_evaluates_what_cirq_holds():
    cirq, sympy = pytest.importorskip("cirq"), pytest.importorskip("sympy")
    x, z = sympy.symbols("x z")
    q = cirq.LineQubit(0)
    circuit = cirq.Circuit(cirq.rx(3 * sympy.sin(x) * z)(q), cirq.ry(sympy.Symbol("w"))(q))
    found = bplint.lint(circuit, observable="Z0", data=["x", "z"], rows={"z": [2.0], "x": [0.5]}, select=ONLY)
    assert found.circuits[0].case.context.rows.values == pytest.approx(np.array([[2 * np.sin(0.5)]]))


def test_a_builder_declares_rows(tmp_path, monkeypatch):
    pytest.importorskip("cirq")
    (tmp_path / "d.csv").write_text("x,label\n0.5,1\n")
    text = (
        "import bplint, cirq, sympy\n\n@bplint.circuit(observable='Z0', dataset='d.csv', loss='mse')\ndef one():\n"
        "    q, x, w = cirq.LineQubit(0), sympy.Symbol('x'), sympy.Symbol('w')\n"
        "    return cirq.Circuit(cirq.ry(x * x)(q), cirq.rx(x)(q), cirq.ry(w)(q))\n"
    )
    (tmp_path / "b.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    from bplint.sources.building.circuit import BuildLimits

    (entry,) = lint(["b.py"], Settings(select=ONLY), schedule=RunSchedule(build=BuildLimits())).circuits
    assert sorted(entry.case.context.rows.values[0]) == [0.25, 0.5]


def test_a_changed_data_set_is_a_changed_circuit(folder):
    schedule = RunSchedule(cache=True)
    (folder / "c.qasm").write_text(HEAD + "// bplint: dataset = d.csv\n" + BODY)

    def first():
        return lint(["c.qasm"], Settings(select=ONLY), schedule=schedule).circuits[0].case.context.rows.values[0, 0]

    assert (first(), first()) == (0.1, 0.1)
    (folder / "d.csv").write_text("x0,x1,y\n0.7,0.2,0\n0.3,0.4,1\n")
    assert first() == 0.7


def test_the_diff_gate_sees_a_changed_data_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.csv").write_text("x0,x1\n0.1,0.2\n")
    (tmp_path / "c.qasm").write_text(HEAD + "// bplint: dataset = d.csv\n" + BODY)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"]):
        subprocess.run(["git", *words], check=True)
    assert not lint(["c.qasm"], Settings(select=ONLY, diff_base="HEAD")).circuits
    (tmp_path / "d.csv").write_text("x0,x1\n0.5,0.2\n")
    (entry,) = lint(["c.qasm"], Settings(select=ONLY, diff_base="HEAD")).circuits
    assert entry.case.context.rows.values[0, 0] == 0.5


def test_the_machine_output_says_what_is_declared(folder):
    (folder / "c.qasm").write_text(HEAD + "// bplint: dataset = d.csv\n// bplint: loss = mse\n" + BODY)
    report = lint(["c.qasm"], Settings(select=ONLY))
    context = json.loads(report.to_json())["circuits"][0]["context"]
    assert (context["dataset"], context["rows"], context["loss"], context["data_law"]) == ("d.csv", 2, "mse", None)
