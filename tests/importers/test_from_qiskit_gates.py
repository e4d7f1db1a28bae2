"""Gates of Qiskit, alone and under controls, inverses and powers, matrices and states, against their own unitaries."""

import numpy as np
import pytest

qiskit = pytest.importorskip("qiskit")
from qiskit import QuantumCircuit  # noqa: E402
from qiskit.circuit import (  # noqa: E402
    AnnotatedOperation,
    ControlledGate,
    ControlModifier,
    InverseModifier,
    PowerModifier,
)
from qiskit.circuit import library as lib  # noqa: E402
from qiskit.circuit.random import random_circuit  # noqa: E402
from qiskit.quantum_info import (  # noqa: E402
    Statevector,
    random_clifford,
    random_statevector,
    random_unitary,
)

from bplint.importers.from_qiskit import from_qiskit  # noqa: E402
from bplint.ir.circuit import ROTATION, GateOrigin  # noqa: E402
from bplint.ir.frame import frame  # noqa: E402
from bplint.ir.generators import generators  # noqa: E402
from bplint.ir.trainable import count_trainable, select  # noqa: E402
from qiskit_circuits import A, B, T, V, assert_same, composite, holding, unitary_at  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*(CSC|csr_matrix)"),  # Qiskit's matrix of a Pauli evolution
]


_MODIFIED = {
    "alone": lambda gate: gate,
    "inverse": lambda gate: gate.inverse(),
    "annotated inverse": lambda gate: AnnotatedOperation(gate, [InverseModifier()]),
    "control": lambda gate: gate.control(1),
    "open control": lambda gate: gate.control(1, ctrl_state=0),
    "annotated control": lambda gate: gate.control(2, ctrl_state=1, annotated=True),
    "controlled cube of the inverse": lambda gate: AnnotatedOperation(gate, [PowerModifier(-3), ControlModifier(1)]),
    "two layers of controls": lambda gate: AnnotatedOperation(
        gate, [ControlModifier(1, 0), InverseModifier(), ControlModifier(1, 1)]
    ),
}


_STANDARD = {
    name: gate
    for name, gate in lib.get_standard_gate_name_mapping().items()
    if name not in ("measure", "reset", "delay", "global_phase")
}


_CASES = [(how, name) for how in _MODIFIED for name in _STANDARD if how == "alone" or _STANDARD[name].num_qubits < 4]


@pytest.mark.parametrize(("how", "name"), _CASES)
def test_standard_gates(how, name):
    gate = _STANDARD[name]
    if gate.params:
        gate = type(gate)(*V[: len(gate.params)])
    assert_same(holding(_MODIFIED[how](gate)), points=0)


@pytest.mark.parametrize("name", [name for name, gate in _STANDARD.items() if isinstance(gate, ControlledGate)])
def test_standard_gates_controlled_on_zero(name):
    gate = _STANDARD[name]
    cls = getattr(gate, "base_class", type(gate))
    assert_same(holding(cls(*V[: len(gate.params)], ctrl_state=0)))


@pytest.mark.parametrize("name", ["x", "y", "z", "h", "s", "sdg", "sx", "t", "swap", "iswap", "cx", "ccx"])
def test_square_roots(name):
    assert_same(holding(AnnotatedOperation(_STANDARD[name], [PowerModifier(0.5), ControlModifier(1)])))


def test_named_gates_stay_whole():
    circuit = QuantumCircuit(2)
    circuit.crx(A, 0, 1)
    circuit.append(lib.XXPlusYYGate(B), [0, 1])
    program = from_qiskit(circuit)
    assert program.circuit.gates.names == ("crx", "xx_plus_yy")
    assert all(len(group.terms) == 2 for group in generators(program.circuit, frame(program.circuit)).groups)
    assert set(program.circuit.gates.kind.tolist()) == {GateOrigin.PYTHON}


@pytest.mark.parametrize("seed", range(12))
def test_random_circuits(seed):
    assert_same(random_circuit(4, 8, max_operands=4, seed=seed))


def test_composites_under_controls_inverses_and_powers():
    gate = composite()
    middle = QuantumCircuit(3)
    middle.append(gate, [2, 0])
    middle.append(gate.control(1), [1, 2, 0])
    middle.append(gate.inverse(), [0, 1])
    middle.append(AnnotatedOperation(gate, [PowerModifier(2), ControlModifier(1, ctrl_state=0)]), [0, 1, 2])
    middle.ry(V[10] * 0.1 + V[2], 1)
    outer = QuantumCircuit(4)
    outer.append(middle.to_instruction(), [3, 1, 0])
    outer.ry(T, 2)
    outer.append(middle.to_gate().control(1, annotated=True), [2, 3, 1, 0])
    program = assert_same(outer, points=6)
    assert [p.name for p in program.circuit.parameters] == ["a", "b", "v[1]", "v[2]", "v[10]", "θ"]


_OTHERS = {
    "mcx": lambda: lib.MCXGate(5),
    "mcx with zeros": lambda: lib.MCXGate(4, ctrl_state=3),
    "mcphase": lambda: lib.MCPhaseGate(A, 3),
    "rx with three controls": lambda: lib.RXGate(A).control(3, ctrl_state=5, annotated=False),
    "cu with a control": lambda: lib.CUGate(A, B, T, V[0]).control(1, ctrl_state=0, annotated=False),
    "h with three controls": lambda: lib.HGate().control(3, annotated=False),
    "mcmt": lambda: lib.MCMTGate(lib.RYGate(A), 1, 2),
    "ms": lambda: lib.MSGate(3, A),
    "rv": lambda: lib.RVGate(0.1, 0.2, 0.3),
    "pauli": lambda: lib.PauliGate("XYZ"),
    "permutation": lambda: lib.PermutationGate([2, 0, 3, 1]),
    "linear function": lambda: lib.LinearFunction([[1, 1], [0, 1]]),
    "diagonal": lambda: lib.DiagonalGate([1, -1, 1j, 1]),
    "qft": lambda: lib.QFTGate(3),
    "ucrz": lambda: lib.UCRZGate([0.1, 0.2, 0.3, 0.4]),
    "clifford": lambda: random_clifford(3, seed=1),
}


@pytest.mark.parametrize("name", _OTHERS)
def test_other_gates_of_the_library(name):
    assert_same(holding(_OTHERS[name]()), points=2)


def test_many_controls_keep_one_generator():
    program = from_qiskit(holding(lib.MCPhaseGate(A, 6)))
    (group,) = generators(program.circuit, frame(program.circuit)).groups
    assert len(group.terms) == 2**7 - 1


def test_a_global_phase_counts_under_control_only():
    inner = QuantumCircuit(1, global_phase=B)
    inner.rx(A, 0)
    assert [p.name for p in from_qiskit(inner).circuit.parameters] == ["a", "b"]
    assert_same(holding(inner.to_gate().control(1, annotated=True)), points=2)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("n", [1, 2])
def test_matrices(n, seed):
    circuit = QuantumCircuit(3)
    matrix = lib.UnitaryGate(random_unitary(2**n, seed=seed))
    clifford = lib.UnitaryGate(np.exp(1j * seed) * random_clifford(n, seed=seed).to_matrix())
    circuit.append(matrix, range(n))
    circuit.append(matrix.control(1, ctrl_state=seed % 2), range(n + 1))
    circuit.append(AnnotatedOperation(clifford, [ControlModifier(1)]), range(n + 1))
    assert_same(circuit)
    assert (from_qiskit(holding(clifford)).circuit.code != ROTATION).all()


@pytest.mark.parametrize("seed", range(12))
def test_stabilizer_states_are_made_by_cliffords(seed):
    vector = Statevector(random_clifford(1 + seed % 4, seed=seed).to_circuit()).data * np.exp(0.3j * seed)
    n = 1 + seed % 4
    circuit = QuantumCircuit(n)
    (circuit.initialize if seed % 2 else circuit.prepare_state)(vector, range(n))
    found = from_qiskit(circuit).circuit
    assert (found.code != ROTATION).all()
    column = unitary_at(found, [])[:, 0].reshape([2] * n).transpose().reshape(-1)
    assert abs(np.vdot(column, vector)) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(4))
def test_other_states_are_made_by_rotations_that_nobody_trains(seed):
    n = 1 + seed
    vector = random_statevector(2**n, seed=seed).data
    circuit = QuantumCircuit(n)
    (circuit.initialize if seed % 2 else circuit.prepare_state)(vector, range(n))
    found = from_qiskit(circuit).circuit
    column = unitary_at(found, [])[:, 0].reshape([2] * n).transpose().reshape(-1)
    assert abs(np.vdot(column, vector)) == pytest.approx(1)
    circuit.ry(0.7, 0)
    assert count_trainable(select(from_qiskit(circuit).circuit)[0]) == 1


@pytest.mark.parametrize("state", ["01+-rl", 5])
def test_states_by_label_or_number(state):
    circuit = QuantumCircuit(6)
    circuit.initialize(state, range(6))
    column = unitary_at(from_qiskit(circuit).circuit, [])[:, 0].reshape([2] * 6).transpose().reshape(-1)
    truth = Statevector.from_label(state) if isinstance(state, str) else Statevector.from_int(state, 2**6)
    assert abs(np.vdot(column, truth.data)) == pytest.approx(1)


def test_a_huge_power_of_one_rotation_is_one_rotation():
    found = from_qiskit(holding(AnnotatedOperation(lib.RXGate(A), [PowerModifier(1e9)]))).circuit
    assert found.factor.tolist() == [1e9]
