"""Formulas of every front-end: called with the values of their sources by name, and nothing else."""

import pytest

from bplint.importers.qasm import read


def of_openqasm():
    return read('OPENQASM 3.0; include "stdgates.inc"; input angle a; input angle b; qubit q; rx(a * b) q;')


def of_qiskit():
    qiskit = pytest.importorskip("qiskit")
    from bplint.importers.from_qiskit import from_qiskit

    circuit = qiskit.QuantumCircuit(1)
    circuit.rx(qiskit.circuit.Parameter("a") * qiskit.circuit.Parameter("b"), 0)
    return from_qiskit(circuit)


def of_cirq():
    cirq, sympy = pytest.importorskip("cirq"), pytest.importorskip("sympy")
    from bplint.importers.from_cirq import from_cirq

    return from_cirq(cirq.Circuit(cirq.rx(sympy.Symbol("a") * sympy.Symbol("b"))(cirq.LineQubit(0))))


@pytest.mark.parametrize("program", [of_openqasm, of_qiskit, of_cirq])
def test_a_product_is_that_of_its_sources(program):
    ((name, formula),) = program().formulas.items()
    (parameter,) = (p for p in program().circuit.parameters if p.sources)
    assert (parameter.name, sorted(parameter.sources)) == (name, ["a", "b"])
    assert formula({"a": 1.5, "b": -3.0}) == pytest.approx(-4.5)
