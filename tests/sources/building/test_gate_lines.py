"""Findings in Python stand at the line that made the gate: two frameworks, and what their circuits go through on the way."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main

QISKIT = """\
import bplint
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter


def turn(circuit, name, qubit):
    circuit.rz(Parameter(name), qubit)


@bplint.circuit(observable="Z0")
def hea():
    inner = QuantumCircuit(2)
    turn(inner, "helped", 0)
    inner.ry(Parameter("alive"), 0)
    {change}
"""

CIRQ = """\
import bplint
import cirq
import sympy


def turn(name, qubit):
    return cirq.rz(sympy.Symbol(name))(qubit)


@bplint.circuit(observable="Z0")
def hea():
    a, b = cirq.LineQubit.range(2)
    circuit = cirq.Circuit(
        cirq.X(b),
        turn("helped", a),
        cirq.ry(sympy.Symbol("alive")).on(a),
    )
    {change}
"""


def dead(text, tmp_path, monkeypatch):
    """The lines of the findings about dead parameters, with the column and the text that is underlined."""
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(text)
    arguments = ["a.py", "--exec", "--no-cache", "--select", "BP203", "--format", "json"]
    document = json.loads(CliRunner().invoke(main, arguments).stdout)
    assert not document["unreadable"]
    lines = text.splitlines()
    (circuit,) = document["circuits"]
    return [
        (f["line"], lines[f["line"] - 1][f["column"] - 1 : f["end_column"] - 1])
        for f in sorted(circuit["findings"], key=lambda f: f["line"])
    ]


HELPED = (7, "circuit.rz(Parameter(name), qubit)")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("return inner", [HELPED]),
        ("return inner.copy()", [HELPED]),
        ("return inner.assign_parameters({p: Parameter('x' + p.name) for p in inner.parameters})", [HELPED]),
        ("outer = QuantumCircuit(2); outer.h(1); outer.compose(inner, inplace=True); return outer", "here"),
        ("return inner.compose(QuantumCircuit(2))", [HELPED]),
        ("inner.data.insert(0, inner.data[0]); return inner", "head"),
        ("del inner.data[0]; inner.rz(Parameter('new'), 0, ); return inner.reverse_bits().reverse_bits()", "here"),
        ("inner.clear(); inner.rz(Parameter('new'), 1); inner.ry(Parameter('y'), 0); return inner", "here"),
        ("return __import__('qiskit').transpile(inner, optimization_level=0)", "head"),
    ],
)
def test_the_line_of_a_gate_in_qiskit(change, found, tmp_path, monkeypatch):
    text = QISKIT.format(change=change)
    places = {"here": [(15, change)], "head": [(11, "def hea():")]}
    assert dead(text, tmp_path, monkeypatch) == (places[found] if isinstance(found, str) else found)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("return circuit", (7, "return cirq.rz(sympy.Symbol(name))(qubit)")),
        ("return circuit.freeze()", (7, "return cirq.rz(sympy.Symbol(name))(qubit)")),
        (
            "return cirq.Circuit(op.with_tags('t') for op in circuit.all_operations())",
            (7, "return cirq.rz(sympy.Symbol(name))(qubit)"),
        ),
        ("return circuit.transform_qubits(lambda q: q + 1 - 1)", None),
        ("return cirq.Circuit(cirq.CircuitOperation(circuit.freeze()))", (11, "def hea():")),
    ],
)
def test_the_line_of_an_operation_in_cirq(change, found, tmp_path, monkeypatch):
    text = CIRQ.format(change=change)
    assert dead(text, tmp_path, monkeypatch) == [found or (18, change)]


def test_the_same_holds_in_a_notebook(tmp_path, monkeypatch):
    cell = QISKIT.format(change="return inner").splitlines(keepends=True)
    notebook = {"cells": [{"cell_type": "code", "source": cell}], "nbformat": 4, "metadata": {}}
    written = json.dumps(notebook, indent=1)
    monkeypatch.chdir(tmp_path)
    Path("a.ipynb").write_text(written)
    arguments = ["a.ipynb", "--exec", "--no-cache", "--select", "BP203", "--format", "json"]
    ((circuit,),) = (json.loads(CliRunner().invoke(main, arguments).stdout)["circuits"],)
    (finding,) = circuit["findings"]
    assert "circuit.rz(Parameter(name), qubit)" in written.splitlines()[finding["line"] - 1]


def test_a_framework_that_a_builder_imports_late_is_watched_too(tmp_path, monkeypatch):
    imports, _, rest = QISKIT.format(change="return inner").partition("\n\n\n")
    late = imports.splitlines()[1:]
    text = "import bplint\n\n\n" + rest.replace("    circuit.rz", "    import qiskit.circuit\n    circuit.rz")
    text = text.replace("    inner = Q", "".join(f"    {line}\n" for line in late) + "    inner = Q")
    text = text.replace("Parameter(name)", "qiskit.circuit.Parameter(name)")
    assert [line for _, line in dead(text, tmp_path, monkeypatch)] == [
        "circuit.rz(qiskit.circuit.Parameter(name), qubit)"
    ]
