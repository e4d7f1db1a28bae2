"""Operations of PennyLane, alone, under a control, inverted and as powers, against PennyLane's own matrices."""

import numpy as np
import pytest

qml = pytest.importorskip("pennylane")

from pennylane_circuits import same  # noqa: E402

H = qml.Hamiltonian([0.5, -1.2, 0.7], [qml.X(0) @ qml.X(1), qml.Z(1) @ qml.Z(2), qml.Z(0)])
COMMUTING = qml.Hamiltonian([0.5, -1.2], [qml.X(0) @ qml.X(1), qml.Z(0) @ qml.Z(1)])
MIXER = qml.qaoa.x_mixer(range(3))
COST = qml.Hamiltonian([1.0, 1.0, 0.5], [qml.Z(0) @ qml.Z(1), qml.Z(1) @ qml.Z(2), qml.Z(0)])

ONE_ANGLE = {
    "RX": 1, "RY": 1, "RZ": 1, "PhaseShift": 1, "U1": 1, "CRX": 2, "CRY": 2, "CRZ": 2, "ControlledPhaseShift": 2,
    "CPhaseShift00": 2, "CPhaseShift01": 2, "CPhaseShift10": 2, "IsingXX": 2, "IsingYY": 2, "IsingZZ": 2, "IsingXY": 2,
    "PSWAP": 2, "SingleExcitation": 2, "SingleExcitationPlus": 2, "SingleExcitationMinus": 2, "FermionicSWAP": 2,
    "DoubleExcitation": 4, "DoubleExcitationPlus": 4, "DoubleExcitationMinus": 4, "OrbitalRotation": 4,
    "MultiRZ": 3,
}  # fmt: skip

FIXED = {
    "PauliX": 1, "PauliY": 1, "PauliZ": 1, "Hadamard": 1, "S": 1, "T": 1, "SX": 1, "CNOT": 2, "CY": 2, "CZ": 2, "CH": 2,
    "SWAP": 2, "ISWAP": 2, "SISWAP": 2, "ECR": 2, "Toffoli": 3, "CCZ": 3, "CSWAP": 3,
}  # fmt: skip

OTHERS = {
    "U2": (lambda w: qml.U2(w[0], w[1], 0), 2),
    "U3": (lambda w: qml.U3(w[0], w[1], w[2], 0), 3),
    "Rot": (lambda w: qml.Rot(w[0], w[1], w[2], 1), 3),
    "CRot": (lambda w: qml.CRot(w[0], w[1], w[2], [1, 0]), 3),
    "PauliRot": (lambda w: qml.PauliRot(w[0], "XYZI", [2, 0, 1, 3]), 1),
    "PCPhase": (lambda w: qml.PCPhase(w[0], 3, [0, 1]), 1),
    "Evolution": (lambda w: qml.evolve(COMMUTING, w[0]), 1),
    "Exp": (lambda w: qml.exp(qml.X(0) @ qml.Y(1), 1j * w[0]), 1),
    "CommutingEvolution": (lambda w: qml.CommutingEvolution(COMMUTING, w[0]), 1),
    "ApproxTimeEvolution": (lambda w: qml.ApproxTimeEvolution(H, w[0], 3), 1),
    "TrotterProduct": (lambda w: qml.TrotterProduct(H, w[0], n=2, order=2), 1),
    "cost_layer": (lambda w: qml.qaoa.cost_layer(w[0], COST), 1),
    "mixer_layer": (lambda w: qml.qaoa.mixer_layer(w[0], MIXER), 1),
    "FermionicSingleExcitation": (lambda w: qml.FermionicSingleExcitation(w[0], [0, 1, 2]), 1),
    "FermionicDoubleExcitation": (lambda w: qml.FermionicDoubleExcitation(w[0], [0, 1], [2, 3]), 1),
    "FermionicSingleExcitation of five": (lambda w: qml.FermionicSingleExcitation(w[0], [3, 0, 2, 4, 1]), 1),
    "FermionicSingleExcitation of two": (lambda w: qml.FermionicSingleExcitation(w[0], [1, 0]), 1),
    "FermionicDoubleExcitation of seven": (lambda w: qml.FermionicDoubleExcitation(w[0], [4, 0, 5], [2, 3, 6, 1]), 1),
    "FermionicDoubleExcitation, controlled": (
        lambda w: qml.ctrl(qml.FermionicDoubleExcitation(w[0], [2, 3], [0, 1]), 4, control_values=[0]),
        1,
    ),
    "SelectPauliRot": (lambda w: qml.SelectPauliRot(w, [0, 1], 2, rot_axis="Y"), 4),
    "controlled on 0 and 1": (lambda w: qml.ctrl(qml.SingleExcitation(w[0], [0, 1]), [2, 3], control_values=[0, 1]), 1),
    "controlled": (lambda w: qml.ctrl(qml.RX(w[0], 0), [2, 1, 3]), 1),
    "controlled global phase": (lambda w: qml.ctrl(qml.GlobalPhase(w[0]), 0), 1),
    "MultiControlledX": (lambda w: [qml.RY(w[0], 0), qml.MultiControlledX([0, 1, 2, 3], control_values=[1, 0, 1])], 1),
    "adjoint": (lambda w: qml.adjoint(qml.Rot(w[0], w[1], w[2], 1)), 3),
    "adjoint of a function": (lambda w: qml.adjoint(layer)(w), 3),
    "controlled function": (lambda w: qml.ctrl(layer, 3)(w), 3),
    "power": (lambda w: qml.pow(qml.CRX(w[0], [0, 1]), 0.3), 1),
    "whole power": (lambda w: qml.pow(qml.Rot(w[0], w[1], w[2], 0), 3), 3),
    "inverse power": (lambda w: qml.pow(qml.U3(w[0], w[1], w[2], 0), -2), 3),
    "prod": (lambda w: qml.prod(qml.RX(w[0], 0), qml.CNOT([0, 1]), qml.RY(w[1], 1)), 2),
    "change of basis": (lambda w: qml.change_op_basis(qml.Hadamard(0), qml.RZ(w[0], 0)), 1),
    "QFT": (lambda w: [qml.RX(w[0], 1), qml.QFT([2, 0, 1])], 1),
    "Permute": (lambda w: [qml.RX(w[0], 1), qml.Permute([2, 0, 1], [0, 1, 2])], 1),
    "GroverOperator": (lambda w: [qml.RX(w[0], 1), qml.GroverOperator([0, 1, 2])], 1),
    "DiagonalQubitUnitary": (lambda w: [qml.RX(w[0], 0), qml.DiagonalQubitUnitary(np.exp(1j * np.arange(4)), [0, 1])], 1),
    "QubitUnitary": (lambda w: [qml.RX(w[0], 0), qml.QubitUnitary(qml.matrix(qml.ISWAP([0, 1])), [2, 0])], 1),
    "QubitUnitary on one": (lambda w: [qml.RX(w[0], 0), qml.QubitUnitary(qml.matrix(qml.U3(1, 2, 3, 0)), 0)], 1),
    "QubitUnitary on two": (lambda w: [qml.RX(w[0], 0), qml.QubitUnitary(qml.matrix(qml.CRot(1, 2, 3, [0, 1])), [1, 0])], 1),
    "ControlledQubitUnitary": (
        lambda w: [qml.RX(w[0], 0), qml.ctrl(qml.QubitUnitary(qml.matrix(qml.U3(1, 2, 3, 0)), 0), 1)], 1
    ),
    "BasisState": (lambda w: [qml.BasisState([1, 0, 1], [2, 1, 0]), qml.RX(w[0], 0)], 1),
    "Barrier": (lambda w: [qml.RX(w[0], 0), qml.Barrier([0, 1]), qml.Snapshot(), qml.RY(w[1], 1)], 2),
    "StronglyEntanglingLayers": (lambda w: qml.StronglyEntanglingLayers(w.reshape(2, 3, 3), range(3)), 18),
    "BasicEntanglerLayers": (lambda w: qml.BasicEntanglerLayers(w.reshape(2, 3), range(3), rotation=qml.RY), 6),
    "SimplifiedTwoDesign": (lambda w: qml.SimplifiedTwoDesign(w[:3], w[3:].reshape(2, 2, 2), range(3)), 11),
    "RandomLayers": (lambda w: qml.RandomLayers(w.reshape(2, 4), range(3), seed=7), 8),
    "AngleEmbedding": (lambda w: qml.AngleEmbedding(w, range(3), rotation="Y"), 3),
    "IQPEmbedding": (lambda w: [qml.IQPEmbedding([1, 2, 3], range(3)), qml.RX(w[0], 0)], 1),
    "ArbitraryUnitary": (lambda w: qml.ArbitraryUnitary(w, range(2)), 15),
    "QAOAEmbedding": (lambda w: qml.QAOAEmbedding(w[:2], w[2:].reshape(2, 3), range(2)), 8),
    "UCCSD": (
        lambda w: qml.UCCSD(w, range(4), [[0, 1, 2], [1, 2, 3]], [[[0, 1], [2, 3]]], np.array([1, 1, 0, 0])), 3,
    ),
    "kUpCCGSD": (lambda w: qml.kUpCCGSD(w.reshape(1, 6), range(4), k=1, delta_sz=0, init_state=np.array([1, 1, 0, 0])), 6),
    "GateFabric": (lambda w: qml.GateFabric(w.reshape(1, 1, 2), range(4), init_state=np.array([1, 1, 0, 0])), 2),
    "ParticleConservingU1": (lambda w: qml.ParticleConservingU1(w.reshape(1, 1, 2), range(2), init_state=np.array([1, 0])), 2),
    "ParticleConservingU2": (lambda w: qml.ParticleConservingU2(w.reshape(1, 3), range(2), init_state=np.array([1, 0])), 3),
    "AllSinglesDoubles": (
        lambda w: qml.AllSinglesDoubles(w, range(4), np.array([1, 1, 0, 0]), [[0, 2], [1, 3]], [[0, 1, 2, 3]]), 3
    ),
}  # fmt: skip


def layer(w):
    """Of three qubits."""
    qml.RX(w[0], 0)
    qml.CRY(w[1], [0, 1])
    qml.SingleExcitation(w[2], [1, 2])


@pytest.mark.parametrize("name", ONE_ANGLE)
def test_one_angle_alone_inverted_powered_and_controlled(name):
    kind, n = getattr(qml, name), ONE_ANGLE[name]
    wires = np.random.default_rng(1).permutation(n).tolist()
    found = same(lambda w: kind(2 * w[0] + 0.3, wires))
    assert len(found.program.circuit.gates) == 1, "one generator, not halves"
    same(lambda w: qml.ctrl(kind(w[0], wires), 7))
    same(lambda w: qml.adjoint(kind(w[0], wires)))
    if name != "PSWAP":
        same(lambda w: qml.pow(kind(w[0], wires), 0.7))


@pytest.mark.parametrize("name", FIXED)
def test_fixed_gates_alone_inverted_and_controlled(name):
    kind, n = getattr(qml, name), FIXED[name]
    wires = np.random.default_rng(2).permutation(n).tolist()
    same(lambda w: [qml.RX(w[0], 0), kind(wires)])
    same(lambda w: [qml.RX(w[0], 0), qml.adjoint(kind(wires))])
    same(lambda w: [qml.RX(w[0], 0), qml.ctrl(kind(wires), [7], control_values=[0])])


@pytest.mark.parametrize("name", OTHERS)
def test_operations_against_their_matrices(name):
    function, count = OTHERS[name]
    found = same(function, count)
    assert not found.program.circuit.parameters or not any(p.sources for p in found.program.circuit.parameters)
