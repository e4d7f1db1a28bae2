"""Qiskit's library of circuits and its Pauli evolutions, against their own unitaries."""

import pytest

qiskit = pytest.importorskip("qiskit")
from qiskit.circuit import (  # noqa: E402
    AnnotatedOperation,
    ControlModifier,
    InverseModifier,
)
from qiskit.circuit import library as lib  # noqa: E402
from qiskit.quantum_info import (  # noqa: E402
    SparseObservable,
    SparsePauliOp,
)
from qiskit.synthesis import LieTrotter, SuzukiTrotter  # noqa: E402

from bplint.importers.from_qiskit import from_qiskit  # noqa: E402
from bplint.ir.frame import frame  # noqa: E402
from bplint.ir.generators import generators  # noqa: E402
from qiskit_circuits import A, B, assert_same, holding  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*(CSC|csr_matrix)"),  # Qiskit's matrix of a Pauli evolution
]


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
