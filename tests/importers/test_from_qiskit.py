"""Qiskit's circuits: parameters, measurements, observables, and what is refused."""

import math

import numpy as np
import pytest

qiskit = pytest.importorskip("qiskit")
from qiskit import QuantumCircuit  # noqa: E402
from qiskit.circuit import (  # noqa: E402
    AnnotatedOperation,
    Gate,
    Parameter,
    PowerModifier,
)
from qiskit.circuit import library as lib  # noqa: E402
from qiskit.converters import circuit_to_dag  # noqa: E402
from qiskit.quantum_info import (  # noqa: E402
    Pauli,
    SparseObservable,
    SparsePauliOp,
    random_unitary,
)

from bplint.errors import LimitError, SourceError, Unsupported  # noqa: E402
from bplint.importers.from_qiskit import Listing, from_qiskit, observable_of, program_and_observable  # noqa: E402
from bplint.ir.circuit import Spelling  # noqa: E402
from bplint.ir.observable import ObservableError, parse  # noqa: E402
from qiskit_circuits import A, B, V, composite, holding  # noqa: E402
from samples import circuit as built  # noqa: E402
from samples import random_gates  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*(CSC|csr_matrix)"),  # Qiskit's matrix of a Pauli evolution
]


def assert_refused(circuit, *words, error=Unsupported):
    with pytest.raises(error) as caught:
        from_qiskit(circuit)
    assert all(word in caught.value.message for word in words), caught.value.message
    return caught.value


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
    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.append(lib.StatePreparation([1, 0]), [0])
    error = assert_refused(circuit, "circuit.data[1] (state_preparation)", "something was done before to q[0]")
    assert error.span.line == 2

    circuit = QuantumCircuit(11)
    circuit.initialize([0.6, 0.8] + [0] * 2046, range(11))
    assert_refused(circuit, "a state of 11 qubits that is not a stabilizer state: want 10 at most")

    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.while_loop((circuit.clbits[0], 1)):
        circuit.h(0)
    assert_refused(circuit, "circuit.data[1] (while_loop)", "control flow")

    assert_refused(holding(lib.UnitaryGate(random_unitary(8, seed=1))), "a matrix on 3 qubits")
    assert_refused(holding(Gate("mine", 2, [])), "mine has no definition")
    assert_refused(holding(lib.HamiltonianGate(np.diag([1.0, 2]), A)), "hamiltonian cannot be built")
    assert_refused(holding(AnnotatedOperation(composite(), [PowerModifier(0.5)])), "not one rotation")
    assert_refused(holding(AnnotatedOperation(composite(), [PowerModifier(1e9)])), "10,000,000", error=LimitError)
    assert_refused(QuantumCircuit(), "no qubits", error=SourceError)


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
