"""Circuits of PennyLane beside the same circuits in OpenQASM 3 and in Qiskit, none derived from another.

A twin is a function of PennyLane of one array ``w``, how many numbers that has, how many qubits there are, the loss, and the
other circuit: text for OpenQASM, whose input is ``w`` too, or a function of Qiskit's parameters that returns a circuit.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import networkx
import numpy as np
import pennylane as qml
from qiskit import QuantumCircuit
from qiskit.circuit.library import CRXGate, PauliEvolutionGate, QFTGate, StatePreparation, XXPlusYYGate
from qiskit.quantum_info import SparsePauliOp

RING3, RING4 = networkx.cycle_graph(3), networkx.cycle_graph(4)
COST, MIXER = qml.qaoa.maxcut(RING4)
XY_MIXER = qml.qaoa.xy_mixer(RING3)
FIELD = qml.dot([0.5, 1.0], [qml.Z(0) @ qml.Z(1), qml.Z(2)])
OCCUPIED = np.array([1, 1, 0, 0])


class Twin(NamedTuple):
    """``data`` are the first so many numbers; ``prepares``: it begins with a state, which can be made in several ways.

    ``method`` is how PennyLane differentiates it: in 0.45 backpropagation through ``qml.evolve`` of a sum is wrong by a factor.
    """

    name: str
    qubits: int
    count: int
    function: Callable[[Any], object]
    other: Any
    observable: str = "Z0 Z1"
    data: int = 0
    prepares: bool = False
    method: str = "backprop"


def evolved(*sums):
    """A Qiskit circuit of exp(-i w[k] H): sums are (k, terms), terms pairs (letters, qubits, coefficient)."""

    def build(n, w):
        circuit = QuantumCircuit(n)
        for k, terms in sums:
            if k is None:
                circuit.x(terms)
                continue
            operator = SparsePauliOp.from_sparse_list([(a, list(b), c) for a, b, c in terms], n)
            circuit.append(PauliEvolutionGate(operator, w[k]), range(n))
        return circuit

    return build


def single(p, r, between=()):
    """The generator of a fermionic single excitation, as exp(-iθH)."""
    z = "Z" * len(between)
    places = (p, *between, r)
    return [(f"X{z}Y", places, 0.25), (f"Y{z}X", places, -0.25)]


def givens(p, r):
    """The generator of SingleExcitation."""
    return [("XY", (p, r), -0.25), ("YX", (p, r), 0.25)]


SIGNS = {"XXXY": 1, "XXYX": 1, "XYXX": -1, "XYYY": 1, "YXXX": -1, "YXYY": 1, "YYXY": -1, "YYYX": -1}
DOUBLE = [(word, range(4), -sign / 16) for word, sign in SIGNS.items()]
"""The generator of a double excitation of four wires."""


def layers(rotations, entangler, count, n):
    """Rotations on each qubit, then the entangler around the ring, so often."""

    def function(w):
        k = iter(range(len(w)))
        for _ in range(count):
            for wire in range(n):
                for rotation in rotations:
                    rotation(w[next(k)], wire)
            for wire in range(n):
                entangler([wire, (wire + 1) % n])

    return function


def embedding(w):
    """Two layers of the same data with weights between, on three wires."""
    for layer in range(2):
        qml.AngleEmbedding(w[:3], range(3), rotation="X")
        for wire in range(3):
            qml.RY(w[3 + 3 * layer + wire], wire)
        qml.CNOT([0, 1])
        qml.CNOT([1, 2])


def plateau(trained):
    """The circuit of the barren plateau tutorials: RY(π/4), random rotations, a ladder of CZ; some numbers are trained."""

    def function(w):
        for wire in range(4):
            qml.RY(np.pi / 4, wire)
        for wire, kind in enumerate((qml.RX, qml.RZ, qml.RY, qml.RX)):
            kind(w[wire] if wire < trained else 0.3 + wire, wire)
        for wire in range(3):
            qml.CZ([wire, wire + 1])

    return function


def inner(w):
    """What is inverted, controlled and repeated."""
    qml.RX(w[0], 0)
    qml.CRY(w[1], [0, 1])


PLATEAU = """
    for int i in [0:3] ry(pi/4) q[i];
    rx({}) q[0]; rz({}) q[1]; ry({}) q[2]; rx({}) q[3];
    for int i in [0:2] cz q[i], q[i + 1];"""

TWINS = (
    Twin("strongly entangling", 3, 18, lambda w: qml.StronglyEntanglingLayers(w.reshape(2, 3, 3), range(3)), """
        for int l in [0:1] {
          for int i in [0:2] { rz(w[9*l + 3*i]) q[i]; ry(w[9*l + 3*i + 1]) q[i]; rz(w[9*l + 3*i + 2]) q[i]; }
          for int i in [0:2] cx q[i], q[(i + 1 + l) % 3];
        }"""),
    Twin("strongly entangling by CZ", 4, 12, lambda w: qml.StronglyEntanglingLayers(w.reshape(1, 4, 3), range(4),
        imprimitive=qml.CZ), """
        for int i in [0:3] { rz(w[3*i]) q[i]; ry(w[3*i + 1]) q[i]; rz(w[3*i + 2]) q[i]; }
        for int i in [0:3] cz q[i], q[(i + 1) % 4];""", "X0"),
    Twin("basic entangler", 3, 6, lambda w: qml.BasicEntanglerLayers(w.reshape(2, 3), range(3)), """
        for int l in [0:1] { for int i in [0:2] rx(w[3*l + i]) q[i]; for int i in [0:2] cx q[i], q[(i + 1) % 3]; }"""),
    Twin("basic entangler on two", 2, 4, lambda w: qml.BasicEntanglerLayers(w.reshape(2, 2), range(2), rotation=qml.RY), """
        for int l in [0:1] { ry(w[2*l]) q[0]; ry(w[2*l + 1]) q[1]; cx q[0], q[1]; }""", "Z1"),
    Twin("simplified two-design", 3, 11, lambda w: qml.SimplifiedTwoDesign(w[:3], w[3:].reshape(2, 2, 2), range(3)), """
        for int i in [0:2] ry(w[i]) q[i];
        for int l in [0:1] for int i in [0:1] { cz q[i], q[i + 1]; ry(w[3 + 4*l + 2*i]) q[i]; ry(w[4 + 4*l + 2*i]) q[i + 1];
        }""", "Z0"),
    Twin("angle embedding", 3, 6, lambda w: [qml.AngleEmbedding(w[:3], range(3)), qml.AngleEmbedding(w[3:], range(3),
        rotation="Y")], """
        for int i in [0:2] rx(w[i]) q[i]; for int i in [0:2] ry(w[3 + i]) q[i];""", data=3),
    Twin("IQP embedding", 3, 6, lambda w: [qml.IQPEmbedding(w[:3], range(3)), qml.AngleEmbedding(w[3:], range(3))], """
        for int i in [0:2] { h q[i]; rz(w[i]) q[i]; }
        rzz(w[0]*w[1]) q[0], q[1]; rzz(w[0]*w[2]) q[0], q[2]; rzz(w[1]*w[2]) q[1], q[2];
        for int i in [0:2] rx(w[3 + i]) q[i];""", data=3),
    Twin("QAOA embedding", 2, 8, lambda w: qml.QAOAEmbedding(w[:2], w[2:].reshape(2, 3), range(2)), """
        for int l in [0:1] {
          for int i in [0:1] rx(w[i]) q[i];
          rzz(w[2 + 3*l]) q[0], q[1]; ry(w[3 + 3*l]) q[0]; ry(w[4 + 3*l]) q[1];
        }
        for int i in [0:1] rx(w[i]) q[i];""", data=2),
    Twin("re-uploading", 3, 9, embedding, """
        for int l in [0:1] {
          for int i in [0:2] rx(w[i]) q[i];
          for int i in [0:2] ry(w[3 + 3*l + i]) q[i];
          cx q[0], q[1]; cx q[1], q[2];
        }""", "Z2", data=3),
    Twin("MaxCut", 4, 4, lambda w: [
        *[qml.Hadamard(k) for k in range(4)],
        *[f(w[2 * r + k], h) for r in range(2)
          for k, (f, h) in enumerate(((qml.qaoa.cost_layer, COST), (qml.qaoa.mixer_layer, MIXER)))]], """
        h q;
        for int l in [0:1] {
          rzz(w[2*l]) q[0], q[1]; rzz(w[2*l]) q[0], q[3]; rzz(w[2*l]) q[1], q[2]; rzz(w[2*l]) q[2], q[3];
          rx(2*w[2*l + 1]) q;
        }"""),
    Twin("XY mixer", 3, 2, lambda w: [
        qml.X(0), qml.qaoa.cost_layer(w[0], FIELD), qml.qaoa.mixer_layer(w[1], XY_MIXER)], """
        x q[0]; rzz(w[0]) q[0], q[1]; rz(2*w[0]) q[2];
        rxx(w[1]) q[0], q[1]; ryy(w[1]) q[0], q[1]; rxx(w[1]) q[0], q[2]; ryy(w[1]) q[0], q[2];
        rxx(w[1]) q[1], q[2]; ryy(w[1]) q[1], q[2];""", "Z0 + Z1"),
    Twin("multi-angle QAOA", 3, 12, lambda w: [
        *[qml.Hadamard(k) for k in range(3)],
        *[op for r in range(2) for op in (*[qml.IsingZZ(w[6 * r + k], [k, (k + 1) % 3]) for k in range(3)],
                                          *[qml.RX(2 * w[6 * r + 3 + k], k) for k in range(3)])]], """
        h q;
        for int l in [0:1] {
          for int i in [0:2] { cx q[i], q[(i + 1) % 3]; rz(w[6*l + i]) q[(i + 1) % 3]; cx q[i], q[(i + 1) % 3]; }
          for int i in [0:2] rx(2*w[6*l + 3 + i]) q[i];
        }"""),
    Twin("Ising chain, tied", 4, 4, lambda w: [
        op for r in range(2) for op in (*[qml.IsingZZ(w[2 * r], [k, k + 1]) for k in range(3)], *[qml.RX(w[2 * r + 1],
        k) for k in range(4)])], """
        for int l in [0:1] { for int i in [0:2] rzz(w[2*l]) q[i], q[i + 1]; rx(w[2*l + 1]) q; }""", "Z1 Z2"),
    Twin("XXZ chain", 4, 4, lambda w: [
        qml.X(0), qml.X(2),
        *[op for r, bonds in enumerate(([(0, 1), (2, 3)], [(1, 2)])) for bond in bonds
          for op in (qml.IsingXX(w[2 * r], bond), qml.IsingYY(w[2 * r], bond), qml.IsingZZ(w[2 * r + 1], bond))]],
        evolved((None, [0, 2]), (0, [("XX", (0, 1), 0.5), ("YY", (0, 1), 0.5), ("XX", (2, 3), 0.5), ("YY", (2, 3), 0.5)]),
                (1, [("ZZ", (0, 1), 0.5), ("ZZ", (2, 3), 0.5)]), (2, [("XX", (1, 2), 0.5), ("YY", (1, 2), 0.5)]), (3, [("ZZ",
                (1, 2), 0.5)]))),
    Twin("IsingXY", 3, 2, lambda w: [qml.X(0), qml.IsingXY(w[0], [0, 1]), qml.IsingXY(w[1], [1, 2])],
        evolved((None, [0]), (0, [("XX", (0, 1), -0.25), ("YY", (0, 1), -0.25)]), (1, [("XX", (1, 2), -0.25), ("YY", (1, 2),
        -0.25)])), "Z0"),
    Twin("free fermions", 4, 14, lambda w: [
        op for r in range(2) for op in (*[qml.RZ(w[7 * r + k], k) for k in range(4)], *[qml.IsingXX(w[7 * r + 4 + k], [k,
        k + 1]) for k in range(3)])], """
        for int l in [0:1] { for int i in [0:3] rz(w[7*l + i]) q[i]; for int i in [0:2] rxx(w[7*l + 4 + i]) q[i], q[i + 1];
        }""", "Z0 + Z1"),
    Twin("single excitations", 4, 3, lambda w: [qml.BasisState(OCCUPIED, range(4)), *[qml.SingleExcitation(w[k], [k,
        k + 1]) for k in (1, 0, 2)]],
        evolved((None, [0, 1]), (1, givens(1, 2)), (0, givens(0, 1)), (2, givens(2, 3)))),
    Twin("single excitation as XX+YY", 2, 2, lambda w: [qml.X(1), qml.RZ(w[0], 0), qml.SingleExcitation(w[1], [0, 1])],
        lambda n, w: _xx_plus_yy(w), "Z0"),
    Twin("double excitation", 4, 2, lambda w: [qml.BasisState(OCCUPIED, range(4)), qml.DoubleExcitation(w[0], range(4)),
        qml.SingleExcitation(w[1], [1, 3])],
        evolved((None, [0, 1]), (0, DOUBLE), (1, givens(1, 3)))),
    Twin("singles and doubles", 4, 3, lambda w: qml.AllSinglesDoubles(w, range(4), OCCUPIED, [[0, 2], [1, 3]], [[0, 1, 2, 3]]),
        evolved((None, [0, 1]), (2, DOUBLE), (0, givens(0, 2)), (1, givens(1, 3)))),
    Twin("orbital rotation", 4, 1, lambda w: [qml.BasisState(OCCUPIED, range(4)), qml.OrbitalRotation(w[0], range(4))],
        evolved((None, [0, 1]), (0, [(a + "Z" + b, at, s / 4) for at in ((0, 1, 2), (1, 2, 3)) for a, b, s in (("X", "Y",
        -1), ("Y", "X", 1))]))),
    Twin("gate fabric", 4, 2, lambda w: qml.GateFabric(w.reshape(1, 1, 2), range(4), init_state=OCCUPIED),
        evolved((None, [0, 1]), (0, DOUBLE),
                (1, [(a + "Z" + b, at, s / 4) for at in ((0, 1, 2), (1, 2, 3)) for a, b, s in (("X", "Y", -1), ("Y", "X", 1))]))),
    Twin("UCCSD", 4, 3, lambda w: qml.UCCSD(w, range(4), [[0, 1, 2], [1, 2, 3]], [[[0, 1], [2, 3]]], OCCUPIED),
        evolved((None, [0, 1]), (2, DOUBLE), (0, single(0, 2, [1])), (1, single(1, 3, [2])))),
    Twin("fermionic single", 3, 2, lambda w: [qml.X(0), qml.FermionicSingleExcitation(w[0], range(3)),
        qml.FermionicSingleExcitation(w[1], [0, 1])],
        evolved((None, [0]), (0, single(0, 2, [1])), (1, single(0, 1))), "Z0"),
    Twin("FermionicSWAP", 2, 1, lambda w: [qml.X(0), qml.FermionicSWAP(w[0], [0, 1])],
        evolved((None, [0]), (0, [("XX", (0, 1), 0.25), ("YY", (0, 1), 0.25)]), (0, [("Z", (0,), 0.25), ("Z", (1,), 0.25)])),
        "Z0"),
    Twin("particle conserving", 2, 3, lambda w: qml.ParticleConservingU2(w.reshape(1, 3), range(2), init_state=np.array([1, 0])),
        lambda n, w: _particle_conserving(w), "Z0"),
    Twin("controlled rotations", 3, 9, lambda w: [
        *[qml.RY(w[k], k) for k in range(3)], *[qml.CRX(w[3 + k], [k, (k + 1) % 3]) for k in range(3)], *[qml.RY(w[6 + k],
        k) for k in range(3)]], """
        for int i in [0:2] ry(w[i]) q[i];
        for int i in [0:2] ctrl @ rx(w[3 + i]) q[i], q[(i + 1) % 3];
        for int i in [0:2] ry(w[6 + i]) q[i];"""),
    Twin("controlled Rot", 2, 5, lambda w: [qml.RX(w[0], 0), qml.CRot(w[1], w[2], w[3], [0, 1]), qml.RX(w[4], 0)], """
        rx(w[0]) q[0]; ctrl @ rz(w[1]) q[0], q[1]; ctrl @ ry(w[2]) q[0], q[1]; ctrl @ rz(w[3]) q[0], q[1]; rx(w[4]) q[0];"""),
    Twin("controls on 0", 3, 3, lambda w: [qml.Hadamard(0), qml.ctrl(qml.RY(w[0], 2), [0, 1], control_values=[0, 1]),
        qml.ctrl(qml.PhaseShift(w[1], 1), 0), qml.RX(w[2], 1)], """
        h q[0]; negctrl @ ctrl @ ry(w[0]) q[0], q[1], q[2]; cp(w[1]) q[0], q[1]; rx(w[2]) q[1];"""),
    Twin("MultiRZ and PauliRot", 3, 4, lambda w: [
        qml.RY(w[0], 0), qml.MultiRZ(w[1], range(3)), qml.PauliRot(w[2], "XYZ", range(3)), qml.PauliRot(w[3], "ZX", [2, 0])],
        evolved((0, [("Y", (0,), 0.5)]), (1, [("ZZZ", (0, 1, 2), 0.5)]), (2, [("XYZ", (0, 1, 2), 0.5)]), (3, [("ZX", (2, 0),
        0.5)]))),
    Twin("inverse", 2, 3, lambda w: [inner(w), qml.RZ(w[2], 1), qml.adjoint(inner)(w)], """
        gate inner(a, b) x, y { rx(a) x; cry(b) x, y; }
        inner(w[0], w[1]) q[0], q[1]; rz(w[2]) q[1]; inv @ inner(w[0], w[1]) q[0], q[1];"""),
    Twin("power", 2, 2, lambda w: [qml.RY(w[0], 1), qml.pow(qml.CRX(w[1], [0, 1]), -0.5), qml.X(0),
        qml.pow(qml.prod(qml.RX(w[0], 0), qml.CZ([0, 1])), 2)], """
        ry(w[0]) q[1]; pow(-0.5) @ crx(w[1]) q[0], q[1]; x q[0];
        for int i in [0:1] { cz q[0], q[1]; rx(w[0]) q[0]; }"""),
    Twin("controlled function", 3, 2, lambda w: [qml.Hadamard(2), qml.ctrl(inner, 2)(w), qml.Hadamard(2)], """
        h q[2]; ctrl @ rx(w[0]) q[2], q[0]; ctrl @ cry(w[1]) q[2], q[0], q[1]; h q[2];""", "Z2"),
    Twin("shared weights", 3, 2, lambda w: [
        op for _ in range(3) for op in (*[qml.RX(w[0], k) for k in range(3)], qml.CZ([0, 1]), qml.CZ([1, 2]), *[qml.RZ(w[1],
        k) for k in range(3)])], """
        for int l in [0:2] { rx(w[0]) q; cz q[0], q[1]; cz q[1], q[2]; rz(w[1]) q; }"""),
    Twin("scaled and shifted weights", 2, 2, lambda w: [
        qml.RX(2 * w[0], 0), qml.RX(-w[0] / 3 + np.pi / 2, 1), qml.CNOT([0, 1]), qml.RZ(np.pi * w[1], 0), qml.RY(w[1] - 0.5,
        1)], """
        rx(2*w[0]) q[0]; rx(pi/2 - w[0]/3) q[1]; cx q[0], q[1]; rz(pi*w[1]) q[0]; ry(w[1] - 0.5) q[1];"""),
    Twin("sums of weights", 2, 3, lambda w: [
        qml.RX(w[0] + w[1], 0), qml.RY(w[1] - 2 * w[2], 1), qml.CNOT([0, 1]), qml.RX(sum(w), 0),
        qml.RY((w[0] + w[1] + w[2]) / 3, 1)], """
        rx(w[0] + w[1]) q[0]; ry(w[1] - 2*w[2]) q[1]; cx q[0], q[1]; rx(w[0] + w[1] + w[2]) q[0];
        ry((w[0] + w[1] + w[2])/3) q[1];"""),
    Twin("functions of weights", 2, 2, lambda w: [
        qml.RX(np.sin(w[0]), 0), qml.RY(2 * np.sin(w[0]), 1), qml.CNOT([0, 1]), qml.RX(w[0] * w[1], 1)], """
        rx(sin(w[0])) q[0]; ry(2*sin(w[0])) q[1]; cx q[0], q[1]; rx(w[0]*w[1]) q[1];""", "Z1"),
    Twin("one trained weight", 4, 1, plateau(1), PLATEAU.format("w[0]", 1.3, 2.3, 3.3)),
    Twin("all weights trained", 4, 4, plateau(4), PLATEAU.format("w[0]", "w[1]", "w[2]", "w[3]")),
    Twin("QFT between rotations", 3, 6, lambda w: [*[qml.RX(w[k], k) for k in range(3)], qml.QFT(range(3)),
        *[qml.RY(w[3 + k], k) for k in range(3)]],
        lambda n, w: _around_the_qft(w)),
    Twin("a Bell pair to begin with", 3, 3, lambda w: [
        qml.AmplitudeEmbedding(np.array([1, 0, 0, 1j]), [0, 1], normalize=True), *[qml.RX(w[k], k) for k in range(3)],
        qml.CNOT([1, 2])],
        lambda n, w: _bell(w), prepares=True),
    Twin("basis state", 3, 2, lambda w: [qml.BasisEmbedding([1, 0, 1], range(3)), qml.IsingXX(w[0], [0, 1]), qml.RZ(w[1], 2)], """
        x q[0]; x q[2]; rxx(w[0]) q[0], q[1]; rz(w[1]) q[2];""", "mean(Z)"),
    Twin("a Clifford as a matrix", 3, 3, lambda w: [
        *[qml.RX(w[k], k) for k in range(3)], qml.QubitUnitary(qml.matrix(qml.prod(qml.CNOT([0, 1]), qml.S(0),
        qml.Hadamard(1)), [0, 1]), [2, 0])], """
        for int i in [0:2] rx(w[i]) q[i]; h q[0]; s q[2]; cx q[2], q[0];""", "Z0 + X2"),
    Twin("two Trotter steps", 3, 1, lambda w: [
        qml.Hadamard(0), qml.ApproxTimeEvolution(qml.dot([1.0, 0.5, -0.25], [qml.Z(0) @ qml.Z(1), qml.X(1),
        qml.Y(2) @ qml.Z(1)]), w[0], 2)], """
        h q[0];
        for int i in [0:1] { rzz(w[0]) q[0], q[1]; rx(w[0]/2) q[1]; sdg q[2]; h q[2]; rzz(-w[0]/4) q[1], q[2]; h q[2];
        s q[2]; }"""),
    Twin("commuting sums", 4, 2, lambda w: [
        qml.evolve(qml.dot([1.0] * 3, [qml.X(k) @ qml.X(k + 1) for k in range(3)]), w[0]),
        qml.exp(qml.dot([0.5, 0.5], [qml.Z(0) @ qml.Z(1), qml.X(0) @ qml.X(1)]), -1j * w[1])],
        evolved((0, [("XX", (k, k + 1), 1.0) for k in range(3)]), (1, [("ZZ", (0, 1), 0.5), ("XX", (0, 1), 0.5)])),
        method="finite-diff"),
)  # fmt: skip


def _xx_plus_yy(w):
    circuit = QuantumCircuit(2)
    circuit.x(1)
    circuit.rz(w[0], 0)
    circuit.append(XXPlusYYGate(w[1], -np.pi / 2), [0, 1])
    return circuit


def _particle_conserving(w):
    circuit = QuantumCircuit(2)
    circuit.x(0)
    circuit.rz(w[0], 0)
    circuit.rz(w[1], 1)
    circuit.cx(0, 1)
    circuit.append(CRXGate(2 * w[2]), [1, 0])
    circuit.cx(0, 1)
    return circuit


def _around_the_qft(w):
    circuit = QuantumCircuit(3)
    for k in range(3):
        circuit.rx(w[k], k)
    circuit.append(QFTGate(3), [2, 1, 0])  # Qiskit's first qubit is the lowest bit
    for k in range(3):
        circuit.ry(w[3 + k], k)
    return circuit


def _bell(w):
    circuit = QuantumCircuit(3)
    circuit.append(StatePreparation([2**-0.5, 0, 0, 1j * 2**-0.5]), [0, 1])
    for k in range(3):
        circuit.rx(w[k], k)
    circuit.cx(1, 2)
    return circuit
