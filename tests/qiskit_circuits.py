"""Circuits of Qiskit beside what is read of them: unitaries up to a phase, and refusals."""

import math

import numpy as np
import pytest

qiskit = pytest.importorskip("qiskit")
from qiskit import QuantumCircuit  # noqa: E402
from qiskit.circuit import (  # noqa: E402
    Parameter,
    ParameterVector,
)
from qiskit.quantum_info import (  # noqa: E402
    Operator,
)

from bplint.importers.from_qiskit import from_qiskit  # noqa: E402
from bplint.ir.circuit import ROTATION  # noqa: E402
from bplint.ir.clifford import CLIFFORDS  # noqa: E402
from matrices import CLIFFORD_MATRICES  # noqa: E402
from samples import axis_label, on  # noqa: E402

A, B, T = Parameter("a"), Parameter("b"), Parameter("θ")


V = ParameterVector("v", 12)


def unitary_at(circuit, values):
    """The matrix at the values of the parameters, in order; qubit 0 leftmost."""
    n = circuit.n_qubits
    place = np.arange(2**n)
    total = np.eye(2**n, dtype=complex)
    for k in range(len(circuit)):
        if circuit.code[k] != ROTATION:
            total = on(CLIFFORD_MATRICES[CLIFFORDS[circuit.code[k] - 1]], circuit.operands(k), n) @ total
            continue
        row = int(circuit.angle[k])
        angle = circuit.angles.constant[row] + sum(c * values[p] for p, c in circuit.angles.terms(row))
        half = circuit.factor[k] * angle / 2
        turned, weight = place, np.ones(2**n, dtype=complex)
        for qubit, letter in enumerate(axis_label(circuit, k)):  # P_{i, turned(i)} = weight_i, all others 0
            bit = place >> (n - 1 - qubit) & 1
            turned = turned ^ (letter in "XY") << (n - 1 - qubit)
            weight = weight * {"I": 1, "X": 1, "Y": -1j * (1 - 2 * bit), "Z": 1 - 2 * bit}[letter]
        total = math.cos(half) * total - 1j * math.sin(half) * (weight[:, None] * total[turned])
    return total


def all_values(program, chosen):
    """The values of all parameters where those of Qiskit have the chosen ones: opaque ones are evaluated."""
    given = iter(chosen)
    names = {}
    for p in program.circuit.parameters:
        if not p.sources:
            names[p.name] = next(given)
    vectors = {"x": [names[f"x[{k}]"] for k in range(len(names)) if f"x[{k}]" in names]}
    return [
        eval(p.name, {"__builtins__": {}}, vectors) if p.sources else names[p.name] for p in program.circuit.parameters
    ]


def up_to_phase(left, right):
    overlap = np.vdot(left, right)
    return np.abs(left * (overlap / abs(overlap)) - right).max()


def assert_same(circuit, *, expanded=None, seed=0, points=1):
    """The program's matrix is Qiskit's at random parameters, and stays so when any one of a few moves."""
    program = from_qiskit(circuit)
    assert [p.name for p in program.circuit.parameters if not p.sources] == [p.name for p in circuit.parameters]
    rng = np.random.default_rng(seed)
    here = rng.uniform(-3, 3, circuit.num_parameters)
    moved = [here + 0.7 * np.eye(len(here))[k] for k in rng.permutation(len(here))[:points]]
    for values in [here, *moved]:
        truth = Operator((expanded or circuit).assign_parameters(list(values)).reverse_bits()).data
        assert up_to_phase(unitary_at(program.circuit, all_values(program, values)), truth) < 1e-9
    return program


def holding(operation, n=None):
    """A circuit that holds an operation, on qubits in reverse."""
    circuit = QuantumCircuit(n or operation.num_qubits)
    circuit.append(operation, range(operation.num_qubits)[::-1])
    return circuit


def composite():
    inner = QuantumCircuit(2, global_phase=A / 2)
    inner.rx(2 * A - B / 3 + 0.5, 0)
    inner.cx(0, 1)
    inner.rz(-V[1], 1)
    inner.rz(A * 3 / 2, 1)
    return inner.to_gate()
