"""Repaired circuits of Qiskit: what is handed back is what was measured, and what is unchanged stays as it was."""

import numpy as np
import pytest

qiskit = pytest.importorskip("qiskit")
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister  # noqa: E402
from qiskit.circuit import Parameter, ParameterVector  # noqa: E402
from qiskit.circuit.library import PauliEvolutionGate, efficient_su2  # noqa: E402
from qiskit.quantum_info import Operator, SparsePauliOp  # noqa: E402

from bplint.exporters import Original, to_qiskit  # noqa: E402
from bplint.importers.from_qiskit import from_qiskit  # noqa: E402
from bplint.ir.observable import parse  # noqa: E402
from bplint.ir.trainable import select  # noqa: E402
from bplint.rewrite import Refused, Rewrite, equivariant, without  # noqa: E402
from bplint.rewrite.change import Placed  # noqa: E402
from bplint.rewrite.gates import EXCHANGES  # noqa: E402
from handed_back import assert_handed_back, random_repairs  # noqa: E402
from rewriting import priors  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::scipy.sparse.SparseEfficiencyWarning")  # Qiskit, of exponentials


def matrix_of(circuit, values):
    circuit = circuit.remove_final_measurements(inplace=False)
    bound = circuit.assign_parameters({p: values[p.name] for p in circuit.parameters})
    return Operator(bound.reverse_bits()).data


def some_circuit(rng):
    """Registers, loose qubits, wrapped instructions, scaled, shared and curved angles, barriers, literals, operators."""
    n = int(rng.integers(2, 5))
    first = int(rng.integers(0, n + 1))
    made = QuantumCircuit(name="mine")
    if first:
        made.add_register(QuantumRegister(first, "site"))
    made.add_bits([qiskit.circuit.Qubit() for _ in range(n - first)])
    t, k = ParameterVector("t", 40), iter(range(40))

    def angle():
        p = t[next(k)]
        return [p, p, p, 2 * p - 0.5, -p / 3, p + t[0], p * t[1], 0.7][rng.integers(8)]

    def inner():
        part = QuantumCircuit(2, name="part", global_phase=0.3)
        part.ry(angle(), 0)
        part.cx(0, 1)
        part.rzz(angle(), 1, 0)
        return part.to_gate()

    def entangled(q):
        """Some gate on qubit q and the next."""
        kind = rng.integers(6)
        if kind == 0:
            made.rzz(angle(), q + 1, q)
        elif kind == 1:
            made.crx(angle(), q, q + 1)
        elif kind == 2:
            made.append(inner(), [q + 1, q])
        elif kind == 3:
            made.append(PauliEvolutionGate(SparsePauliOp(["XX", "ZZ"], [0.3, 0.7]), angle()), [q, q + 1])
        elif kind == 4 and n > 2:
            made.append(inner().control(1), [q, q + 1, (q + 2) % n])
        else:
            made.cz(q, q + 1)

    for _ in range(int(rng.integers(1, 3))):
        for name in rng.choice(["rx", "ry", "rz"], 2):
            for q in range(n):
                getattr(made, name)(angle(), q)
        made.barrier()
        for q in range(n - 1):
            entangled(q)
    made.measure_all()
    return made


def test_random_repairs():
    for original, made in random_repairs(20, 80, some_circuit, matrix_of):
        assert made.qregs == original.qregs
        assert made.cregs == original.cregs
        assert made.name == original.name


T = ParameterVector("t", 12)


def layers(n=4, depth=2, **more):
    made = QuantumCircuit(QuantumRegister(n, "site"), **more)
    for layer in range(depth):
        for q in range(n):
            made.ry(T[layer * n + q], q)
        for q in range(n - 1):
            made.cz(q, q + 1)
    return made


def repaired(original, rewrite):
    return to_qiskit.rewritten(original, from_qiskit(original).circuit, rewrite)


def test_what_is_unchanged_is_what_it_was():
    original = layers(global_phase=0.5, metadata={"run": 7})
    original.data[3].operation.label = "kept"
    original.barrier(1, 2)
    original.add_register(ClassicalRegister(2, "c"))
    original.measure([0, 1], [0, 1])
    made = repaired(original, without(from_qiskit(original).circuit, [1, 6]))
    assert list(made.data) == [instruction for k, instruction in enumerate(original.data) if k not in (1, 6)]
    assert (made.name, made.global_phase, made.metadata) == (original.name, 0.5, {"run": 7})
    assert (made.qregs, made.cregs) == (original.qregs, original.cregs)
    assert len(original.data) == 17, "and it is another circuit"


def test_parameters_stay_and_new_ones_are_named_after_them():
    original = layers()
    circuit = from_qiskit(original).circuit
    prior = next(p for p in priors(4) if p.name == "u1")
    made = repaired(original, equivariant(circuit, prior, parse("X0 X1 + Y0 Y1", 4)))
    names = {p.name: p for p in made.parameters}
    assert all(names[p.name] == p for p in original.parameters if p.name in names)
    new = sorted(set(names) - {p.name for p in original.parameters})
    assert new == [f"t_new[{k}]" for k in range(6)]
    assert len({names[name].vector for name in new}) == 1
    assert made.count_ops()["xx_plus_yy"] == 6


def test_of_an_instruction_only_what_changes_is_written_anew():
    """Opened as far as need be: what stands beside the change are the gates of the definition."""
    inner = layers(depth=1)
    inner.append(PauliEvolutionGate(SparsePauliOp("XYZX"), T[4]), range(4))
    outer = QuantumCircuit(4)
    outer.append(inner.to_gate(label="deep"), range(4))
    original = QuantumCircuit(4)
    original.append(outer.to_gate(), [3, 2, 1, 0])
    original.append(outer.to_gate(), [3, 2, 1, 0])
    made = repaired(original, without(from_qiskit(original).circuit, [1]))
    assert [one.operation.name for one in made.data][-2:] == ["PauliEvolution", original.data[1].operation.name]
    assert [one.operation for one in made.data][:-1] == [one.operation for k, one in enumerate(inner.data) if k != 1]
    assert [made.find_bit(one.qubits[0]).index for one in made.data][:3] == [3, 1, 0]


def test_a_circuit_of_the_library_becomes_an_ordinary_one():
    original = efficient_su2(3, reps=1)
    wrapped = QuantumCircuit(3)
    wrapped.append(original.to_instruction(), range(3))
    for given in (original, wrapped):
        made = repaired(given, without(from_qiskit(given).circuit, [0]))
        assert type(made) is QuantumCircuit
        assert list(made.data) == list(original.data)[1:]


@pytest.mark.parametrize("name", [*EXCHANGES, "ryx", "rzy", "rzx", "cp", "ecr", "iswap", "dcx", "sxdg"])
def test_every_kind_of_gate_can_be_put_in(name):
    original = QuantumCircuit(2)
    original.rx(Parameter("a"), 0)
    angles = ((0.25, ((0, -2.0),)),) if name in (*EXCHANGES, "ryx", "rzy", "rzx", "cp") else ()
    qubits = (1,) if name == "sxdg" else (1, 0)
    rewrite = Rewrite(
        (Placed("h", (0,)),), {0: (Placed(name, qubits, angles),)}, from_qiskit(original).circuit.parameters
    )
    assert_handed_back(np.random.default_rng(3), original, matrix_of, rewrite)


def test_a_gate_that_qiskit_has_not():
    original = QuantumCircuit(2)
    original.rx(Parameter("a"), 0)
    rewrite = Rewrite((), {0: (Placed("iswapdg", (0, 1)),)}, from_qiskit(original).circuit.parameters)
    assert Original(original, None).rewritten(from_qiskit(original).circuit, rewrite) == Refused(
        "Qiskit has no gate iswapdg"
    )


def test_what_begins_stands_before_the_first_gate_and_not_before_a_reset():
    original = QuantumCircuit(2)
    original.reset([0, 1])
    original.ry(Parameter("a"), 0)
    rewrite = Rewrite((Placed("x", (1,)),), {}, from_qiskit(original).circuit.parameters)
    assert [one.operation.name for one in repaired(original, rewrite).data] == ["reset", "reset", "x", "ry"]


def test_numbers_stay_numbers():
    original = QuantumCircuit(2)
    original.ry(0.123, 0)
    original.ry(0.456, 1)
    circuit, _ = select(from_qiskit(original).circuit)
    a, b = (p.value for p in circuit.parameters)
    assert (a, b) == (0.123, 0.456)
    rewrite = Rewrite((), {0: (Placed("rz", (0,), ((0.5, ((1, 2.0),)),)),)}, circuit.parameters)
    made = to_qiskit.rewritten(original, circuit, rewrite)
    assert [float(one.operation.params[0]) for one in made.data] == [0.5 + 2 * 0.456, 0.456]
