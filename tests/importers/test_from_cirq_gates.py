"""Gates of Cirq, alone and under controls, inverses and powers, against their own unitaries."""

import itertools
import math

import numpy as np
import pytest

from bplint.errors import Unsupported
from bplint.importers.from_cirq import from_cirq
from bplint.ir.circuit import ROTATION, Spelling

cirq = pytest.importorskip("cirq")
import sympy  # noqa: E402  # comes with Cirq

from cirq_circuits import A, B, C, D, E, Q, same, unitary_of  # noqa: E402

EXPONENTS = (0.3183 * A + 0.2, 0.37, 1, -1, 0.5, -0.25, 2.5)


POWERS = (
    cirq.XPowGate, cirq.YPowGate, cirq.ZPowGate, cirq.HPowGate, cirq.CXPowGate, cirq.CZPowGate, cirq.SwapPowGate,
    cirq.ISwapPowGate, cirq.XXPowGate, cirq.YYPowGate, cirq.ZZPowGate, cirq.CCXPowGate, cirq.CCZPowGate,
)  # fmt: skip


AXES = (B, 0.3, 0, 0.25, 0.5, -0.5, 1, -0.25)


PLAIN = [
    cirq.rx(A), cirq.ry(2 * A + 0.1), cirq.rz(0.3), cirq.ms(A), cirq.cphase(A), cirq.riswap(A), cirq.givens(A),
    cirq.PhasedXZGate(x_exponent=A, z_exponent=B, axis_phase_exponent=C),
    cirq.PhasedXZGate(x_exponent=0.5, z_exponent=1, axis_phase_exponent=0.25),
    cirq.FSimGate(A, B), cirq.FSimGate(math.pi / 2, math.pi / 6), cirq.PhasedFSimGate(0.1, 0.2, 0.3, 0.4, 0.5),
    cirq.TwoQubitDiagonalGate([A, B, C, D]), cirq.DiagonalGate([0.1, 0.2]), cirq.ThreeQubitDiagonalGate(range(8)),
    cirq.PhaseGradientGate(num_qubits=2, exponent=A), cirq.QuantumFourierTransformGate(3), cirq.CSWAP, cirq.I,
    cirq.PauliStringPhasorGate(cirq.DensePauliString("XYZ"), exponent_neg=A, exponent_pos=B),
    cirq.PauliStringPhasorGate(cirq.DensePauliString("ZY", coefficient=-1), exponent_neg=0.3, exponent_pos=A),
    cirq.DensePauliString("XY"), cirq.ParallelGate(cirq.X**A, 2), cirq.QubitPermutationGate([2, 0, 1]),
    cirq.PauliInteractionGate(cirq.X, True, cirq.Y, False, exponent=A), cirq.SingleQubitCliffordGate.X_sqrt,
    cirq.CliffordGate.CNOT,
    *(cirq.PhasedXPowGate(phase_exponent=axis, exponent=t) for axis in AXES for t in (A, 0.37, 0.5)),
    *(cirq.PhasedISwapPowGate(phase_exponent=axis, exponent=t) for axis in AXES for t in (A, 0.37, 0.5)),
]  # fmt: skip


def placed(gate, seed=1):
    """The gate on qubits in no particular order."""
    order = np.random.default_rng(seed).permutation(gate.num_qubits())
    return gate.on(*[Q[i] for i in order])


@pytest.mark.parametrize("kind", POWERS)
def test_powers_with_a_global_shift_also_under_a_control(kind):
    for exponent, shift in itertools.product(EXPONENTS, (0, 0.3)):
        operation = placed(kind(exponent=exponent, global_shift=shift))
        same(cirq.Circuit(operation))
        if len(operation.qubits) < 3:
            same(cirq.Circuit(operation.controlled_by(Q[3])))


def test_phased_fsim_of_five_symbols():
    same(cirq.Circuit(placed(cirq.PhasedFSimGate(A, B, C, D, E))))


@pytest.mark.parametrize("index", range(len(PLAIN)))
def test_gates_alone_inverted_powered_and_controlled(index):
    operation = placed(PLAIN[index])
    same(cirq.Circuit(operation.with_tags("here")))
    same(cirq.Circuit(operation.controlled_by(Q[3])))
    same(cirq.Circuit(operation.controlled_by(Q[3], control_values=[0])))
    for change in (cirq.inverse, lambda o: o**2, lambda o: o**-0.3):
        try:
            changed = change(operation)
        except (TypeError, ValueError):  # Cirq has no such gate
            continue
        same(cirq.Circuit(changed))


@pytest.mark.parametrize(
    "values",
    [
        [1, 0], [0, (0, 1)], [(0, 1), (0, 1)],
        cirq.SumOfProducts([[0, 1], [1, 0]]), cirq.SumOfProducts([[0, 0], [1, 0], [1, 1]]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("gate", [cirq.X, cirq.X**A, cirq.rz(A), cirq.H**A, cirq.SWAP**A, cirq.ISWAP, cirq.S])
def test_every_way_to_state_control_values(gate, values):
    controls = cirq.NamedQubit.range(2, prefix="control")
    operation = gate.on(*Q[: gate.num_qubits()])
    same(cirq.Circuit(operation.controlled_by(*controls, control_values=values)))
    controlled = cirq.ControlledGate(gate, control_values=values)
    same(cirq.Circuit(controlled.on(*controls, *operation.qubits)))


def test_a_global_phase_counts_under_a_control_only():
    same(cirq.Circuit(cirq.X(Q[0]), cirq.global_phase_operation(1j)))
    program = same(cirq.Circuit(cirq.global_phase_operation(np.exp(0.3j)).controlled_by(Q[0], Q[1])))
    assert len(program.circuit) == 3
    phase = cirq.GlobalPhaseGate(sympy.exp(sympy.I * A)).on().controlled_by(Q[0])
    (angle,) = from_cirq(cirq.Circuit(phase)).circuit.angles.rows()
    assert angle == [(0, 1.0)]


class _Shy(cirq.Gate):
    """Knows its matrix, and a decomposition without its global phase."""

    def _num_qubits_(self):
        return 1

    def _unitary_(self):
        return np.exp(0.7j) * cirq.unitary(cirq.X)

    def _decompose_(self, qubits):
        return [cirq.X(*qubits)]


def test_a_decomposition_that_drops_the_phase_is_set_right_under_a_control():
    same(cirq.Circuit(_Shy()(Q[0]).controlled_by(Q[1])))


@pytest.mark.parametrize("n", [1, 2])
def test_matrices_are_one_gate_of_fixed_rotations(n):
    for seed in range(6):
        gate = cirq.MatrixGate(cirq.testing.random_unitary(2**n, random_state=seed))
        program = same(cirq.Circuit(placed(gate), cirq.I.on_each(*Q[:n]), placed(gate).controlled_by(Q[3])))
        assert set(program.circuit.angles.spelling[program.circuit.angle].tolist()) == {Spelling.BUILTIN}
        assert program.circuit.gates.names[0] == "matrix"


@pytest.mark.parametrize("n", [1, 2, 3])
def test_matrices_of_cliffords_become_cliffords(n):
    rng = np.random.default_rng(n)
    for _ in range(6):
        gates = [cirq.H, cirq.S, cirq.Y**0.5, cirq.X] + [cirq.CX, cirq.ISWAP] * (n > 1)
        layers = [gates[k] for k in rng.integers(len(gates), size=12)]
        inner = cirq.Circuit(g.on(*[Q[i] for i in rng.permutation(n)[: g.num_qubits()]]) for g in layers)
        matrix = inner.unitary(qubits_that_should_be_present=Q[:n]) * 1j
        circuit = same(cirq.Circuit(cirq.MatrixGate(matrix).on(*Q[:n]))).circuit
        quarters = circuit.factor * circuit.angles.constant[circuit.angle] / (math.pi / 2) if len(circuit.angles) else 0
        np.testing.assert_allclose(np.where(circuit.code == ROTATION, np.mod(quarters + 0.5, 1), 0.5), 0.5, atol=1e-9)


def test_a_large_matrix_is_refused_with_what_to_do():
    gate = cirq.MatrixGate(cirq.testing.random_unitary(8, random_state=0))
    with pytest.raises(Unsupported, match=r"a matrix on 3 qubits.*moment 0, operation 0") as caught:
        from_cirq(cirq.Circuit(gate(*Q[:3])))
    assert "quantum_shannon_decomposition" in caught.value.hint


def test_exponentials_of_overlapping_commuting_sums():
    total = 0.5 * cirq.X(Q[0]) * cirq.X(Q[1]) + 0.25 * cirq.Z(Q[0]) * cirq.Z(Q[1]) - 0.3 * cirq.Y(Q[0]) * cirq.Y(Q[1])
    program = from_cirq(cirq.Circuit(cirq.PauliSumExponential(total, A)))
    matrix = total.matrix(Q[:2])
    eigenvalues, vectors = np.linalg.eigh(matrix)
    want = vectors @ np.diag(np.exp(0.7j * eigenvalues)) @ vectors.conj().T
    got = unitary_of(program.circuit, {"a": 0.7})
    overlap = np.vdot(got, want)
    np.testing.assert_allclose(got * overlap / abs(overlap), want, atol=1e-12)
    assert len(program.circuit.parameters) == 1
