"""One ansatz, four front ends: each written out in OpenQASM 2, OpenQASM 3, Qiskit and Cirq, none derived from another.

OpenQASM 2 has no symbols. There the angles are numbers: a distinct one for each parameter, and the same one wherever a
parameter is used again. What carries data cannot be told from a number and is a free identifier, as tket writes it.
"""

from typing import Any, NamedTuple

import cirq
import sympy
from cirq import CNOT, CZ, LineQubit, PauliSum, PauliSumExponential, X, Y, Z
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterVector
from qiskit.circuit.library import (
    PauliEvolutionGate,
    XXPlusYYGate,
    efficient_su2,
    n_local,
    qaoa_ansatz,
    real_amplitudes,
)  # fmt: skip
from qiskit.quantum_info import SparsePauliOp

N = 6
CHAIN = [(i, i + 1) for i in range(N - 1)]
RING = [*CHAIN, (N - 1, 0)]
BRICKS = CHAIN[::2] + CHAIN[1::2]
PAIRS = [(i, j) for i in range(N) for j in range(i + 1, N)]
Q = LineQubit.range(N)


class Ansatz(NamedTuple):
    """The four circuits, and the loss. ``trainable`` is for OpenQASM 2: ``literals``, or ``auto``, which ties equal ones."""

    observable: str
    qasm2: list[str]
    inputs: str
    qasm3: str
    qiskit: Any
    cirq: list[Any]
    n: int = N
    trainable: str = "literals"
    data: str = ""
    by_other_gates: bool = False
    """Whether OpenQASM writes the rotations by other gates than the objects do: then other paths are sampled."""

    def texts(self) -> tuple[str, str]:
        """Both OpenQASM programs, whole."""
        loss = f"// bplint: observable = {self.observable}\n"
        loss += f"// bplint: data = {self.data}\n" if self.data else ""
        first = (
            f'OPENQASM 2.0;\ninclude "qelib1.inc";\n{loss}// bplint: trainable = {self.trainable}\nqreg q[{self.n}];\n'
        )
        second = f'OPENQASM 3.0;\ninclude "stdgates.inc";\n{loss}{self.inputs}\nqubit[{self.n}] q;\n'
        return first + "\n".join(self.qasm2), second + self.qasm3


def v(k: int) -> float:
    """The number that stands for parameter k in OpenQASM 2: no two are equal, and none is a fraction of pi."""
    return round(0.05 + 3 * (k * 0.6180339887 % 1), 9)


def t(n: int) -> str:
    """The parameters of OpenQASM 3."""
    return f"input array[float[64], {n}] t;"


def efficient_su2_linear():
    """RY and RZ on each qubit, a chain of CX, three times over."""
    old, ops, s = [], [], sympy.symbols("t:36")
    for layer in range(3):
        for i in range(N):
            old.append(f"ry({v(12 * layer + i)}) q[{i}];")
            ops.append(cirq.ry(s[12 * layer + i])(Q[i]))
        for i in range(N):
            old.append(f"rz({v(12 * layer + 6 + i)}) q[{i}];")
            ops.append(cirq.rz(s[12 * layer + 6 + i])(Q[i]))
        for i, j in CHAIN if layer < 2 else ():
            old.append(f"cx q[{i}],q[{j}];")
            ops.append(CNOT(Q[i], Q[j]))
    new = """for int l in [0:2] {
      for int i in [0:5] ry(t[12*l + i]) q[i];
      for int i in [0:5] rz(t[12*l + 6 + i]) q[i];
      if (l < 2) { for int i in [0:4] cx q[i], q[i + 1]; }
    }"""
    return Ansatz("Z0 Z1", old, t(36), new, efficient_su2(N, reps=2, entanglement="linear"), ops)


def efficient_su2_full():
    """The same with a CX for every pair, once."""
    old, ops, s = [], [], sympy.symbols("t:24")
    for layer in range(2):
        old += [f"{axis}({v(12 * layer + 6 * k + i)}) q[{i}];" for k, axis in enumerate(("ry", "rz")) for i in range(N)]
        ops += [axis(s[12 * layer + 6 * k + i])(Q[i]) for k, axis in enumerate((cirq.ry, cirq.rz)) for i in range(N)]
        if layer == 0:
            old += [f"cx q[{i}],q[{j}];" for i, j in PAIRS]
            ops += [CNOT(Q[i], Q[j]) for i, j in PAIRS]
    new = """for int i in [0:5] ry(t[i]) q[i];
    for int i in [0:5] rz(t[6 + i]) q[i];
    for int i in [0:4] { for int j in [i + 1:5] cx q[i], q[j]; }
    for int i in [0:5] ry(t[12 + i]) q[i];
    for int i in [0:5] rz(t[18 + i]) q[i];"""
    return Ansatz("Z0 + X5", old, t(24), new, efficient_su2(N, reps=1, entanglement="full"), ops)


def real_amplitudes_reversed():
    """RY, and CX from the last pair to the first."""
    old, ops, s = [], [], sympy.symbols("t:18")
    for layer in range(3):
        old += [f"ry({v(6 * layer + i)}) q[{i}];" for i in range(N)]
        ops += [cirq.ry(s[6 * layer + i]).on(Q[i]) for i in range(N)]
        if layer < 2:
            old += [f"cx q[{i}],q[{i + 1}];" for i in reversed(range(N - 1))]
            ops += [CNOT(Q[i], Q[i + 1]) for i in reversed(range(N - 1))]
    new = """for int l in [0:1] {
      for int i in [0:5] ry(t[6*l + i]) q[i];
      for int i in [4:-1:0] cx q[i], q[i + 1];
    }
    for int i in [0:5] ry(t[12 + i]) q[i];"""
    return Ansatz("Z0 Z5", old, t(18), new, real_amplitudes(N, reps=2), ops)


def rx_cz_circular():
    """RX and a ring of CZ that starts at its closing bond, as Qiskit's does."""
    bonds = [(N - 1, 0), *CHAIN]
    old, ops, s = [], [], sympy.symbols("t:18")
    for layer in range(3):
        old += [f"rx({v(6 * layer + i)}) q[{i}];" for i in range(N)]
        ops += [cirq.rx(s[6 * layer + i]).on(Q[i]) for i in range(N)]
        if layer < 2:
            old += [f"cz q[{i}],q[{j}];" for i, j in bonds]
            ops += [CZ(Q[i], Q[j]) for i, j in bonds]
    new = """for int l in [0:2] {
      for int i in [0:5] rx(t[6*l + i]) q[i];
      if (l < 2) {
        cz q[5], q[0];
        for int i in [0:4] cz q[i], q[i + 1];
      }
    }"""
    return Ansatz("mean(Z)", old, t(18), new, n_local(N, "rx", "cz", "circular", reps=2), ops)


def qaoa_ring():
    """MaxCut on a ring: one angle for all edges of a layer, one for all qubits."""
    gamma, beta = sympy.symbols("g:2"), sympy.symbols("b:2")
    old, ops = [f"h q[{i}];" for i in range(N)], [cirq.H(q) for q in Q]
    for layer in range(2):
        old += [f"rzz({v(layer)}) q[{i}],q[{j}];" for i, j in RING] + [f"rx({v(7 + layer)}) q[{i}];" for i in range(N)]
        ops += [cirq.ZZPowGate(exponent=2 * gamma[layer] / sympy.pi, global_shift=-0.5)(Q[i], Q[j]) for i, j in RING]
        ops += [cirq.rx(2 * beta[layer])(q) for q in Q]
    new = """gate rzz(a) x, y { cx x, y; rz(a) y; cx x, y; }
    h q;
    for int l in [0:1] {
      for int i in [0:5] rzz(2 * g[l]) q[i], q[(i + 1) % 6];
      rx(2 * b[l]) q;
    }"""
    inputs = "input array[float[64], 2] g;\ninput array[float[64], 2] b;"
    cost = SparsePauliOp.from_sparse_list([("ZZ", [i, j], 1.0) for i, j in RING], N)
    return Ansatz("Z0 Z1", old, inputs, new, qaoa_ansatz(cost, reps=2), ops, trainable="auto")


def qaoa_multi_angle():
    """The same with an angle for each edge and each qubit."""
    old, ops, s = [f"h q[{i}];" for i in range(N)], [cirq.H(q) for q in Q], sympy.symbols("t:24")
    given, p = QuantumCircuit(N), ParameterVector("t", 24)
    given.h(range(N))
    for layer in range(2):
        for k, (i, j) in enumerate(RING, start=12 * layer):
            old.append(f"cx q[{i}],q[{j}]; rz({v(k)}) q[{j}]; cx q[{i}],q[{j}];")
            given.rzz(p[k], i, j)
            ops.append(cirq.ZZ(Q[i], Q[j]) ** (s[k] / sympy.pi))
        for i in range(N):
            k = 12 * layer + 6 + i
            old.append(f"rx({v(k)}) q[{i}];")
            given.rx(p[k], i)
            ops.append(X(Q[i]) ** s[k])
    new = """h q;
    for int l in [0:1] {
      for int i in [0:5] { let pair = q[{i, (i + 1) % 6}]; cx pair[0], pair[1]; rz(t[12*l + i]) pair[1]; cx pair[0], pair[1]; }
      for int i in [0:5] rx(t[12*l + 6 + i]) q[i];
    }"""
    return Ansatz("Z0 Z1", old, t(24), new, given, ops, by_other_gates=True)


def ising_variational():
    """The transverse-field Ising chain: all bonds tied, all fields tied, three layers."""
    old, ops, s = [], [], sympy.symbols("t:6")
    given, p = QuantumCircuit(N), ParameterVector("t", 6)
    for layer in range(3):
        zz, x = 2 * layer, 2 * layer + 1
        old += [f"rzz({v(zz)}) q[{i}],q[{j}];" for i, j in CHAIN] + [f"rx({v(x)}) q[{i}];" for i in range(N)]
        ops += [cirq.ZZPowGate(exponent=s[zz], global_shift=-0.5)(Q[i], Q[j]) for i, j in CHAIN]
        ops += [cirq.rx(s[x])(q) for q in Q]
        for i, j in CHAIN:
            given.rzz(p[zz], i, j)
        given.rx(p[x], range(N))
    new = """for int l in [0:2] {
      for int i in [0:4] { cx q[i], q[i + 1]; rz(t[2*l]) q[i + 1]; cx q[i], q[i + 1]; }
      rx(t[2*l + 1]) q;
    }"""
    return Ansatz("Z2 Z3", old, t(6), new, given, ops, trainable="auto")


def xxz_variational():
    """The XXZ chain: XX + YY with one angle, ZZ with another, even bonds and then odd ones."""
    old, ops, s = ["x q[0];", "x q[2];", "x q[4];"], [X(Q[0]), X(Q[2]), X(Q[4])], sympy.symbols("t:4")
    given, p = QuantumCircuit(N), ParameterVector("t", 4)
    given.x([0, 2, 4])
    for k, bonds in enumerate([CHAIN[::2], CHAIN[1::2]]):
        for i, j in bonds:
            old.append(
                f"rxx({v(2 * k)}) q[{i}],q[{j}]; ryy({v(2 * k)}) q[{i}],q[{j}]; rzz({v(2 * k + 1)}) q[{i}],q[{j}];"
            )
            given.rxx(p[2 * k], i, j)
            given.ryy(p[2 * k], i, j)
            given.rzz(p[2 * k + 1], i, j)
            ops += [cirq.XXPowGate(exponent=s[2 * k], global_shift=-0.5)(Q[i], Q[j])]
            ops += [cirq.YYPowGate(exponent=s[2 * k], global_shift=-0.5)(Q[i], Q[j])]
            ops += [cirq.ZZPowGate(exponent=s[2 * k + 1], global_shift=-0.5)(Q[i], Q[j])]
    new = """x q[{0, 2, 4}];
    for int l in [0:1] {
      for int i in [l % 2:2:4] {
        rxx(t[2*l]) q[i], q[i + 1];
        ryy(t[2*l]) q[i], q[i + 1];
        rzz(t[2*l + 1]) q[i], q[i + 1];
      }
    }"""
    return Ansatz("Z0 Z1", old, t(4), new, given, ops, trainable="auto")


def excitation_preserving():
    """XX + YY on each bond with an angle of its own, on three excitations."""
    old, ops, s = ["x q[0];", "x q[1];", "x q[2];"], [X(Q[0]), X(Q[1]), X(Q[2])], sympy.symbols("t:10")
    given, p = QuantumCircuit(N), ParameterVector("t", 10)
    given.x([0, 1, 2])
    for k, (i, j) in enumerate(BRICKS * 2):
        old.append(f"rxx({v(k)}) q[{i}],q[{j}]; ryy({v(k)}) q[{i}],q[{j}];")
        given.append(XXPlusYYGate(2 * p[k]), [i, j])
        ops.append(cirq.ISWAP(Q[i], Q[j]) ** (-2 * s[k] / sympy.pi))
    new = """gate iswap_power(a) x, y { rxx(a) x, y; ryy(a) x, y; }
    x q[0:2];
    for int l in [0:1] {
      for int i in [0:2] iswap_power(t[5*l + i]) q[2*i], q[2*i + 1];
      for int i in [0:1] iswap_power(t[5*l + 3 + i]) q[2*i + 1], q[2*i + 2];
    }"""
    return Ansatz("Z0 Z1", old, t(10), new, given, ops, trainable="auto")


def matchgates():
    """RZ on each qubit and RXX on each bond of a chain: free fermions, so(2n)."""
    old, ops, s = [], [], sympy.symbols("t:22")
    given, p = QuantumCircuit(N), ParameterVector("t", 22)
    for layer in range(2):
        for i in range(N):
            old.append(f"rz({v(11 * layer + i)}) q[{i}];")
            given.rz(p[11 * layer + i], i)
            ops.append(Z(Q[i]) ** s[11 * layer + i])
        for i, j in CHAIN:
            old.append(f"rxx({v(11 * layer + 6 + i)}) q[{i}],q[{j}];")
            given.rxx(p[11 * layer + 6 + i], i, j)
            ops.append(cirq.ms(s[11 * layer + 6 + i] / 2)(Q[i], Q[j]))
    new = """for int l in [0:1] {
      for int i in [0:5] rz(t[11*l + i]) q[i];
      for int i in [0:4] rxx(t[11*l + 6 + i]) q[i], q[i + 1];
    }"""
    return Ansatz("Z0 + Z1", old, t(22), new, given, ops)


def any_rotation():
    """Every single-qubit rotation by three angles, and a ring of CX."""
    old, ops, s = [], [], sympy.symbols("t:36")
    given, p = QuantumCircuit(N), ParameterVector("t", 36)
    for layer in range(2):
        for i in range(N):
            a, b, c = range(18 * layer + 3 * i, 18 * layer + 3 * i + 3)
            old.append(f"u3({v(a)},{v(b)},{v(c)}) q[{i}];")
            given.u(p[a], p[b], p[c], i)
            ops += [cirq.rz(s[c])(Q[i]), cirq.ry(s[a])(Q[i]), cirq.rz(s[b])(Q[i])]
        old += [f"cx q[{i}],q[{j}];" for i, j in RING]
        ops += [CNOT(Q[i], Q[j]) for i, j in RING]
        for i, j in RING:
            given.cx(i, j)
    new = """for int l in [0:1] {
      for int i in [0:5] U(t[18*l + 3*i], t[18*l + 3*i + 1], t[18*l + 3*i + 2]) q[i];
      for int i in [0:5] ctrl @ x q[i], q[(i + 1) % 6];
    }"""
    return Ansatz("X0 Z1", old, t(36), new, given, ops)


def controlled_rotations():
    """RY on each of four qubits and a ring of controlled RX."""
    old, ops, s = [], [], sympy.symbols("t:12")
    given, p = QuantumCircuit(4), ParameterVector("t", 12)
    for i in range(4):
        old.append(f"ry({v(i)}) q[{i}];")
        given.ry(p[i], i)
        ops.append(cirq.ry(s[i])(Q[i]))
    for k, (i, j) in enumerate([(0, 1), (1, 2), (2, 3), (3, 0)], start=4):
        old.append(f"crx({v(k)}) q[{i}],q[{j}];")
        given.crx(p[k], i, j)
        ops.append(cirq.rx(s[k])(Q[j]).controlled_by(Q[i]))
    for i in range(4):
        old.append(f"ry({v(8 + i)}) q[{i}];")
        given.ry(p[8 + i], i)
        ops.append(cirq.ry(s[8 + i])(Q[i]))
    new = """for int i in [0:3] ry(t[i]) q[i];
    for int i in [0:3] ctrl @ rx(t[4 + i]) q[i], q[(i + 1) % 4];
    for int i in [0:3] ry(t[8 + i]) q[i];"""
    return Ansatz("Z0 Z1", old, t(12), new, given, ops, n=4)


def data_reuploading():
    """Two numbers of data before each of two layers of weights on four qubits."""
    old, ops, x, w = [], [], sympy.symbols("x:2"), sympy.symbols("w:16")
    given, a, b = QuantumCircuit(4), ParameterVector("x", 2), ParameterVector("w", 16)
    for layer in range(2):
        for i in range(2):
            old.append(f"rx(x{i}) q[{i}];")
            given.rx(a[i], i)
            ops.append(cirq.rx(x[i])(Q[i]))
        for i in range(4):
            k = 8 * layer + 2 * i
            old.append(f"ry(w{k}) q[{i}]; rz(w{k + 1}) q[{i}];")
            given.ry(b[k], i)
            given.rz(b[k + 1], i)
            ops += [cirq.ry(w[k])(Q[i]), cirq.rz(w[k + 1])(Q[i])]
        for i, j in CHAIN[:3]:
            old.append(f"cz q[{i}],q[{j}];")
            given.cz(i, j)
            ops.append(CZ(Q[i], Q[j]))
    new = """for int l in [0:1] {
      for int i in [0:1] rx(x[i]) q[i];
      for int i in [0:3] { ry(w[8*l + 2*i]) q[i]; rz(w[8*l + 2*i + 1]) q[i]; }
      for int i in [0:2] cz q[i], q[i + 1];
    }"""
    inputs = "input array[float[64], 2] x;\ninput array[float[64], 16] w;"
    return Ansatz("X0 X1", old, inputs, new, given, ops, n=4, trainable="auto", data="x*")


def evolutions():
    """Hamiltonians as they are written, against the rotations that they come to: a cluster chain, then a field."""
    old, ops, s = [], [], sympy.symbols("t:4")
    given, p = QuantumCircuit(N), [Parameter(f"t{k}") for k in range(4)]
    triples = [(i, i + 1, i + 2) for i in range(N - 2)]
    cluster = SparsePauliOp.from_sparse_list([("ZXZ", list(at), 1.0) for at in triples], N)
    field = SparsePauliOp.from_sparse_list([("Y", [i], 0.5) for i in range(N)], N)
    for layer in range(2):
        zxz, y = 2 * layer, 2 * layer + 1
        for i, j, k in triples:
            old.append(f"h q[{j}]; cx q[{i}],q[{j}]; cx q[{j}],q[{k}]; rz({v(zxz)}) q[{k}];")
            old.append(f"cx q[{j}],q[{k}]; cx q[{i}],q[{j}]; h q[{j}];")
        old += [f"ry({v(y)}) q[{i}];" for i in range(N)]
        given.append(PauliEvolutionGate(cluster, p[zxz]), range(N))
        given.append(PauliEvolutionGate(field, p[y]), range(N))
        total = PauliSum.from_pauli_strings([Z(Q[i]) * X(Q[j]) * Z(Q[k]) for i, j, k in triples])
        ops.append(PauliSumExponential(total, exponent=s[zxz]))
        ops.append(PauliSumExponential(PauliSum.from_pauli_strings([0.5 * Y(q) for q in Q]), exponent=s[y]))
    new = """gate zxz(a) x, y, z { h y; cx x, y; cx y, z; rz(2 * a) z; cx y, z; cx x, y; h y; }
    for int l in [0:1] {
      for int i in [0:3] zxz(t[2*l]) q[i], q[i + 1], q[i + 2];
      ry(t[2*l + 1]) q;
    }"""
    return Ansatz("X2", old, t(4), new, given, ops, trainable="auto")


ANSATZE = (
    efficient_su2_linear, efficient_su2_full, real_amplitudes_reversed, rx_cz_circular, qaoa_ring, qaoa_multi_angle,
    ising_variational, xxz_variational, excitation_preserving, matchgates, any_rotation, controlled_rotations,
    data_reuploading, evolutions,
)  # fmt: skip


RING_WITH_A_CHORD = [*((q, (q + 1) % 8) for q in range(8)), (0, 3)]


def chord_qaoa():
    """Gates of QAOA on eight qubits: sums of strings, whose algebra no theorem here knows."""
    bonds = [("rzz", list(bond), "g") for bond in RING_WITH_A_CHORD]
    return [("h", [q]) for q in range(8)] + bonds + [("rx", [q], "b") for q in range(8)]
