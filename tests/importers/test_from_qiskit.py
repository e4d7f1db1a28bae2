import math

import numpy as np
import pytest

qiskit = pytest.importorskip("qiskit")

from qiskit import QuantumCircuit  # noqa: E402
from qiskit.circuit import (  # noqa: E402
    AnnotatedOperation,
    ControlledGate,
    ControlModifier,
    Gate,
    InverseModifier,
    Parameter,
    ParameterVector,
    PowerModifier,
)
from qiskit.circuit import library as lib  # noqa: E402
from qiskit.circuit.random import random_circuit  # noqa: E402
from qiskit.converters import circuit_to_dag  # noqa: E402
from qiskit.quantum_info import (  # noqa: E402
    Operator,
    Pauli,
    SparseObservable,
    SparsePauliOp,
    Statevector,
    random_clifford,
    random_unitary,
)
from qiskit.synthesis import LieTrotter, SuzukiTrotter  # noqa: E402

from bplint.errors import LimitError, SourceError, Unsupported  # noqa: E402
from bplint.importers.from_qiskit import Listing, from_qiskit, observable_of, program_and_observable  # noqa: E402
from bplint.importers.from_qiskit.states import preparation  # noqa: E402
from bplint.ir.circuit import ROTATION, GateOrigin, Spelling  # noqa: E402
from bplint.ir.clifford import CLIFFORDS  # noqa: E402
from bplint.ir.frame import frame  # noqa: E402
from bplint.ir.generators import generators  # noqa: E402
from bplint.ir.observable import ObservableError, parse  # noqa: E402
from matrices import CLIFFORD_MATRICES  # noqa: E402
from samples import axis_label, on, random_gates  # noqa: E402
from samples import circuit as built  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*(CSC|csr_matrix)"),  # Qiskit's matrix of a Pauli evolution
]

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


def assert_refused(circuit, *words, error=Unsupported):
    with pytest.raises(error) as caught:
        from_qiskit(circuit)
    assert all(word in caught.value.message for word in words), caught.value.message
    return caught.value


def holding(operation, n=None):
    """A circuit that holds an operation, on qubits in reverse."""
    circuit = QuantumCircuit(n or operation.num_qubits)
    circuit.append(operation, range(operation.num_qubits)[::-1])
    return circuit


def with_evolutions_expanded(circuit):
    """The circuit with each PauliEvolutionGate replaced by what its synthesis makes of it, at any depth."""
    found = circuit.copy_empty_like()
    for instruction in circuit.data:
        operation = instruction.operation
        if operation.name == "PauliEvolution" or type(operation).__name__ in ("Gate", "Instruction"):
            inner = with_evolutions_expanded(operation.definition)
            found.compose(inner, instruction.qubits, inplace=True)
        else:
            found.append(operation, instruction.qubits)
    return found


# --- standard gates ---------------------------------------------------------------------------------------------------

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


# --- composite operations ---------------------------------------------------------------------------------------------


def _composite():
    inner = QuantumCircuit(2, global_phase=A / 2)
    inner.rx(2 * A - B / 3 + 0.5, 0)
    inner.cx(0, 1)
    inner.rz(-V[1], 1)
    inner.rz(A * 3 / 2, 1)
    return inner.to_gate()


def test_composites_under_controls_inverses_and_powers():
    gate = _composite()
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


# --- parameters -------------------------------------------------------------------------------------------------------


def _angles(*expressions):
    circuit = QuantumCircuit(1)
    for expression in expressions:
        circuit.rx(expression, 0)
    found = from_qiskit(circuit)
    c = found.circuit
    names = [p.name for p in c.parameters]
    rows = c.angle.tolist()
    return found, [(float(c.angles.constant[r]), {names[p]: w for p, w in c.angles.terms(r)}) for r in rows]


def test_affine_expressions_are_exact():
    expressions = [2 * A - B / 3 + 0.5, A * A / A, (A + B) * (A - B) - A * A + B * B + 0.1 * A, 0 * A + 1, -V[3]]
    _, rows = _angles(*expressions)
    assert rows == [
        (0.5, {"a": 2.0, "b": -1 / 3}),
        (0.0, {"a": 1.0}),
        (0.0, {"a": pytest.approx(0.1)}),
        (1.0, {}),
        (0.0, {"v[3]": -1.0}),
    ]


def test_other_expressions_are_parameters_of_their_own_and_multiples_share_one():
    program, rows = _angles(A * B, -2 * B * A, A.sin(), A.abs(), A.sign(), 3 * A.log(), A)
    assert [list(terms.values()) for _, terms in rows] == [[1.0], [-2.0], [1.0], [1.0], [1.0], [1.0], [1.0]]
    assert rows[0][1].keys() == rows[1][1].keys()
    assert len({name for _, terms in rows for name in terms}) == 6
    assert [p.sources for p in program.circuit.parameters[2:]] == [("a", "b"), ("a",), ("a",), ("a",), ("a",)]
    assert "not affine" in program.notes[0].text
    assert program.notes[0].span.line == 1


def test_an_angle_that_is_not_real_is_refused():
    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.rx(1j * A, 0)
    assert_refused(circuit, "circuit.data[1] (rx)", "not a real number", error=SourceError)


def test_equal_names_in_a_definition_are_different_parameters():
    class Hidden(Gate):
        def __init__(self):
            super().__init__("hidden", 1, [])

        def _define(self):
            self.definition = QuantumCircuit(1)
            self.definition.rx(Parameter("a"), 0)

    circuit = QuantumCircuit(1)
    circuit.rx(A, 0)
    circuit.append(Hidden(), [0])
    assert [p.name for p in from_qiskit(circuit).circuit.parameters] == ["a", "a"]


def test_numbers_stay_literals_spelled_as_precisely_as_they_are():
    circuit = QuantumCircuit(1)
    for value in (0.7, 0.785398, math.pi / 4, 1, np.float64(0.25)):
        circuit.rx(value, 0)
    circuit.t(0)
    circuit.append(lib.UnitaryGate(random_unitary(2, seed=1)), [0])
    angles = from_qiskit(circuit).circuit.angles
    spelled = {value: Spelling(s) for value, s in zip(angles.constant.tolist(), angles.spelling.tolist(), strict=True)}
    decimal, precise = Spelling.DECIMAL, Spelling.PRECISE
    assert [spelled[v] for v in (0.7, 0.785398, 1, 0.25)] == [decimal] * 4
    assert spelled[math.pi / 4] is precise
    assert list(spelled.values()).count(Spelling.BUILTIN) >= 4  # of t, and the Euler angles of the matrix


# --- Pauli evolutions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operator",
    [
        SparsePauliOp(["XX", "YY", "ZZ"], [0.3, 0.4 + 0j, -0.2]),
        SparsePauliOp(["XXI", "YYI", "III"], [0.3, 0.3, 0.7]),
        SparsePauliOp("XYZ"),
        [SparsePauliOp(["XX", "YY"], [1, 2]), SparsePauliOp("ZZ", 3)],
        SparseObservable("1+r"),
    ],
    ids=["XX + YY + ZZ", "with identity", "one string", "list", "projectors"],
)
def test_an_evolution_with_commuting_terms_is_one_generator(operator):
    gate = lib.PauliEvolutionGate(operator, time=0.7 * A + B)
    program = assert_same(holding(gate), points=2)
    assert len(generators(program.circuit, frame(program.circuit)).groups) == 2  # of a and of b
    assert not program.notes
    assert_same(holding(gate.control(1)))
    assert_same(holding(AnnotatedOperation(gate, [ControlModifier(1), InverseModifier()])))


@pytest.mark.parametrize(
    "synthesis",
    [LieTrotter(reps=2), SuzukiTrotter(order=2, reps=2), SuzukiTrotter(order=4), SuzukiTrotter(preserve_order=False)],
    ids=lambda s: f"{type(s).__name__}{s.order}{s.reps}{s.preserve_order}",
)
@pytest.mark.parametrize(
    "operator",
    [
        SparsePauliOp(["XXI", "YZI", "III", "ZZZ", "XIX"], [0.3, 0.4, -0.2, 0.5, 0.1]),
        [SparsePauliOp(["XX", "YY"], [1, 2]), SparsePauliOp(["ZI", "IZ"], [3, 1])],
        SparseObservable.from_list([("1+r", 0.5), ("ZX0", 1)]),
    ],
    ids=["sum", "list", "projectors"],
)
def test_an_evolution_with_other_terms_is_the_product_its_synthesis_makes(operator, synthesis):
    circuit = holding(lib.PauliEvolutionGate(operator, time=0.7 * A, synthesis=synthesis))
    program = assert_same(circuit, expanded=with_evolutions_expanded(circuit))
    assert "do not commute" in program.notes[0].text
    assert type(synthesis).__name__ in program.notes[0].text


# --- matrices and states ----------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("state", ["01+-rl", 5])
def test_states_by_label_or_number(state):
    circuit = QuantumCircuit(6)
    circuit.initialize(state, range(6))
    column = unitary_at(from_qiskit(circuit).circuit, [])[:, 0].reshape([2] * 6).transpose().reshape(-1)
    truth = Statevector.from_label(state) if isinstance(state, str) else Statevector.from_int(state, 2**6)
    assert abs(np.vdot(column, truth.data)) == pytest.approx(1)


@pytest.mark.parametrize(
    "vector", [[0.6, 0.8], [1, 1, 1, 0], [1, 1, 1, 1j], [1, 1, 1, np.exp(0.1j)], [1, 1j, 1, 1, 1, 1, 1, 1]]
)
def test_other_states_are_no_stabilizer_states(vector):
    assert preparation(vector) is None


# --- what has no place in a circuit -----------------------------------------------------------------------------------


def test_terminal_measurement_reset_at_the_start_barriers_and_delays():
    circuit = QuantumCircuit(3, 3)
    circuit.reset(0)
    circuit.h(0)
    circuit.delay(100, 1)
    circuit.barrier()
    circuit.id(2)
    circuit.measure([2, 0], [0, 1])
    found = from_qiskit(circuit).circuit
    assert found.measured == (0, 2)
    assert len(found) == 1
    assert found.span(0).line == 2


def test_refusals_name_the_instruction():
    circuit = QuantumCircuit(2, 1)
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.x(1)
    circuit.ry(A, 0)
    error = assert_refused(circuit, "circuit.data[3] (ry)", "mid-circuit measurement", "q[0]", "circuit.data[1]")
    assert error.span.line == 4

    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.reset(0)
    assert_refused(circuit, "circuit.data[1] (reset)", "mid-circuit reset")

    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.initialize([1, 0], 0)
    assert_refused(circuit, "circuit.data[1] (initialize)")

    circuit = QuantumCircuit(1)
    circuit.initialize([0.6, 0.8], 0)
    assert_refused(circuit, "not a stabilizer state")

    circuit = QuantumCircuit(1, 1)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.h(0)
    assert_refused(circuit, "circuit.data[0] (if_else)", "control flow")

    assert_refused(holding(lib.UnitaryGate(random_unitary(8, seed=1))), "a matrix on 3 qubits")
    assert_refused(holding(Gate("mine", 2, [])), "mine has no definition")
    assert_refused(holding(lib.HamiltonianGate(np.diag([1.0, 2]), A)), "hamiltonian cannot be built")
    assert_refused(holding(AnnotatedOperation(_composite(), [PowerModifier(0.5)])), "not one rotation")
    assert_refused(holding(AnnotatedOperation(_composite(), [PowerModifier(1e9)])), "10,000,000", error=LimitError)
    assert_refused(QuantumCircuit(), "no qubits", error=SourceError)


# --- the circuit library ----------------------------------------------------------------------------------------------


def _sum(n, *terms):
    return SparsePauliOp.from_sparse_list([(w, [q + k for k in range(len(w))], c) for w, q, c in terms], n)


def _chain(n):
    return _sum(n, *[("ZZ", q, 0.5 + 0.1 * q) for q in range(n - 1)], ("Z", 0, 0.3))


def _ising(n):
    return _sum(n, *[("ZZ", q, 1.0) for q in range(n - 1)], *[("X", q, 0.7) for q in range(n)])


_LIBRARY = {
    "efficient_su2": lambda n: lib.efficient_su2(n, reps=2),
    "real_amplitudes": lambda n: lib.real_amplitudes(n, reps=2, entanglement="full"),
    "n_local": lambda n: lib.n_local(n, ["rx", "h"], ["crx", "rzz"], reps=2, insert_barriers=True),
    "excitation_preserving": lambda n: lib.excitation_preserving(n, reps=2),
    "excitation_preserving_fsim": lambda n: lib.excitation_preserving(n, mode="fsim", reps=1),
    "pauli_two_design": lambda n: lib.pauli_two_design(n, reps=3, seed=5),
    "qaoa_ansatz": lambda n: lib.qaoa_ansatz(_chain(n), reps=2),
    "evolved_operator_ansatz": lambda n: lib.evolved_operator_ansatz([_chain(n), _ising(n)], reps=2),
    "hamiltonian_variational_ansatz": lambda n: lib.hamiltonian_variational_ansatz(_ising(n), reps=2),
    "z_feature_map": lambda n: lib.z_feature_map(n, reps=2),
    "zz_feature_map": lambda n: lib.zz_feature_map(n, reps=2),
    "pauli_feature_map": lambda n: lib.pauli_feature_map(n, reps=1, paulis=["Z", "ZZ", "XY"]),
    "quantum_volume": lambda n: lib.quantum_volume(n, 2, seed=3),
    "EfficientSU2": lambda n: lib.EfficientSU2(n, reps=2),
    "RealAmplitudes": lambda n: lib.RealAmplitudes(n),
    "TwoLocal": lambda n: lib.TwoLocal(n, ["ry", "rz"], "cz", reps=2),
    "NLocal": lambda n: lib.NLocal(n, [lib.RXGate(A)], [lib.CRXGate(B)], entanglement="linear", reps=2),
    "ExcitationPreserving": lambda n: lib.ExcitationPreserving(n, reps=1),
    "PauliTwoDesign": lambda n: lib.PauliTwoDesign(n, seed=2),
    "QAOAAnsatz": lambda n: lib.QAOAAnsatz(_chain(n), reps=2),
    "EvolvedOperatorAnsatz": lambda n: lib.EvolvedOperatorAnsatz([_chain(n), _ising(n)], reps=1),
    "ZFeatureMap": lambda n: lib.ZFeatureMap(n),
    "ZZFeatureMap": lambda n: lib.ZZFeatureMap(n),
    "PauliFeatureMap": lambda n: lib.PauliFeatureMap(n, paulis=["Z", "XX"]),
    "QuantumVolume": lambda n: lib.QuantumVolume(n, 2, seed=1),
}


@pytest.mark.parametrize("n", range(2, 7))
@pytest.mark.parametrize("name", _LIBRARY)
def test_circuit_library(name, n):
    circuit = _LIBRARY[name](n)
    assert_same(
        circuit, expanded=with_evolutions_expanded(circuit) if "volved" in name else None, points=6 if n == 3 else 1
    )


def test_a_library_class_and_its_function_are_one_circuit():
    wrapped, flat = from_qiskit(lib.EfficientSU2(4)).circuit, from_qiskit(lib.efficient_su2(4)).circuit
    assert wrapped.gates.names == flat.gates.names
    assert wrapped.gates.statement.max() == 0
    for column in ("code", "qubits", "letters", "angle", "factor", "moment"):
        assert (getattr(wrapped, column) == getattr(flat, column)).all()


def test_qaoa_has_one_generator_for_each_angle():
    program = from_qiskit(lib.qaoa_ansatz(_chain(5), reps=1))
    groups = generators(program.circuit, frame(program.circuit)).groups
    assert [len(group.terms) for group in groups] == [5, 5]


# --- observables ------------------------------------------------------------------------------------------------------


def test_labels_have_qubit_0_rightmost():
    found = observable_of(SparsePauliOp(["IIZ", "ZXI", "III"], [1, 0.5, 2]))
    assert found == parse("Z0 + 0.5*X1 Z2 + 2", 3)._replace(text=found.text)
    assert observable_of("IIZ").terms == parse("Z0", 3).terms
    assert observable_of(Pauli("-XIY")).terms == parse("-1*Y0 X2", 3).terms
    assert observable_of(SparseObservable("1I")).terms == parse("-0.5*Z1", 2).terms
    assert parse(found.text, 3).terms == found.terms


@pytest.mark.parametrize("operator", [SparsePauliOp(["Z"], [1j]), Pauli("iX"), "mine", 3, SparsePauliOp(["Z"], [A])])
def test_what_is_no_observable(operator):
    with pytest.raises(ObservableError):
        observable_of(operator)


def test_program_and_observable():
    circuit = lib.efficient_su2(3)
    assert program_and_observable(circuit)[1] is None
    assert program_and_observable(circuit, SparsePauliOp("IIZ"))[1].terms == parse("Z0", 3).terms
    assert program_and_observable(circuit, "Z0 Z1")[1] == parse("Z0 Z1", 3)
    with pytest.raises(ObservableError, match="which end"):
        program_and_observable(circuit, "ZII")
    with pytest.raises(ObservableError, match="2 qubits"):
        program_and_observable(circuit, Pauli("ZZ"))


def test_a_listing_shows_each_instruction_on_its_line():
    circuit = QuantumCircuit(2, 1)
    circuit.ry(2 * A, 1)
    circuit.cx(1, 0)
    circuit.measure(0, 0)
    assert list(Listing(circuit)) == ["ry(2*a) q[1]", "cx q[1], q[0]", "measure q[0]"]
    assert from_qiskit(circuit).circuit.span(1).line == 2


def test_a_huge_power_of_one_rotation_is_one_rotation():
    found = from_qiskit(holding(AnnotatedOperation(lib.RXGate(A), [PowerModifier(1e9)]))).circuit
    assert found.factor.tolist() == [1e9]


@pytest.mark.parametrize("seed", range(5))
def test_columns_are_those_of_the_builder(seed):
    gates = random_gates(np.random.default_rng(seed), 5, 60, parametric=("rx", "ry", "crx", "cp", "rzz", "rxx"))
    circuit = QuantumCircuit(5)
    for name, qubits, *angles in gates:
        values = [Parameter(a) if isinstance(a, str) else a for a in angles]
        getattr(circuit, name)(*values, *qubits)
    found, other = from_qiskit(circuit).circuit, built(5, gates)
    assert found.columns._replace(angle=other.columns.angle) == other.columns
    assert found.spans == other.spans
    assert found.gates.columns._replace(kind=other.gates.columns.kind) == other.gates.columns
    assert found.gates.names == other.gates.names


@pytest.mark.parametrize(
    "make",
    [
        lambda: circuit_to_dag(QuantumCircuit(1)),
        lambda: lib.RYGate(0.1),
        lambda: SparsePauliOp("Z"),
        lambda: [QuantumCircuit(1)],
        lambda: None,
    ],
)
def test_what_is_no_circuit(make):
    with pytest.raises(Unsupported, match="want a QuantumCircuit, got"):
        from_qiskit(make())


def test_what_qiskit_throws_is_a_fault_of_the_circuit():
    class Broken(Gate):
        def _define(self):
            raise ZeroDivisionError("by no means")

    class Odd(lib.PauliEvolutionGate):
        @property
        def operator(self):
            return SparsePauliOp("XYZ").to_matrix().reshape(3, 3)  # NumPy refuses

        @operator.setter
        def operator(self, value):
            pass

    circuit = QuantumCircuit(1)
    circuit.append(Broken("broken", 1, []), [0])
    with pytest.raises(Unsupported, match=r"circuit\.data\[0\] \(broken\): the definition of broken cannot be built"):
        from_qiskit(circuit)
    odd = QuantumCircuit(1)
    odd.append(Odd(SparsePauliOp("Z"), 0.1), [0])
    with pytest.raises(SourceError, match=r"Qiskit refuses it: cannot reshape"):
        from_qiskit(odd)
