"""Circuits of Qiskit as objects with odd parameters, operators for losses, and objects where a circuit is wanted."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Parameter, ParameterVector
from qiskit.circuit.library import (
    MCXGate,
    PauliEvolutionGate,
    PhaseGate,
    QFTGate,
    RXGate,
    RYGate,
    RZZGate,
    StatePreparation,
    UGate,
    UnitaryGate,
    XXPlusYYGate,
    efficient_su2,
    real_amplitudes,
    zz_feature_map,
)
from qiskit.converters import circuit_to_dag
from qiskit.quantum_info import Operator, SparsePauliOp, Statevector

from fuzzing.python_door import through
from fuzzing.trying import Kind, Sample


def circuit(r: random.Random) -> QuantumCircuit:
    """A circuit on up to four qubits."""
    if r.random() < 0.1:
        return r.choice(
            (lambda: efficient_su2(2, reps=1), lambda: real_amplitudes(3, reps=1), lambda: zz_feature_map(2, reps=1))
        )()
    n = r.randint(1, 4)
    registers: list[Any] = [QuantumRegister(n, "q")]
    if r.random() < 0.3:
        registers.append(ClassicalRegister(n, "c"))
    built = QuantumCircuit(*registers, global_phase=r.choice((0, 0, 0.3)))
    vector = ParameterVector("x", 3)
    symbols = [Parameter("a"), Parameter("θ"), Parameter("b b"), *vector]
    for _ in range(r.choice((0, 2, 4, 8, 8, 12))):
        _append(r, built, symbols)
    if r.random() < 0.2:
        r.choice((built.measure_all, lambda: built.measure_active(), lambda: built.barrier()))()
    if r.random() < 0.15 and built.parameters:
        one = r.choice(list(built.parameters))
        built.assign_parameters(
            {one: r.choice((0.3, Parameter("late"), 2 * Parameter("late"), np.float32(0.5)))}, inplace=True
        )
    return built


def _angle(r: random.Random, symbols: list[Any]) -> Any:
    draw, one, two = r.random(), r.choice(symbols), r.choice(symbols)
    if draw < 0.35:
        return r.choice((0.3, 0, np.pi / 2, -1.2, 1e-9, 1e8, np.float64(0.25), 2, np.pi, np.int64(3), np.float32(0.1)))
    if draw < 0.75:
        return one
    return r.choice(
        (
            lambda: 2 * one,
            lambda: -one,
            lambda: one + 0.5,
            lambda: one - two,
            lambda: one * two,
            lambda: one**2,
            lambda: one.sin(),
            lambda: one - one,
            lambda: one.exp(),
            lambda: one.abs(),
            lambda: 0 * one,
            lambda: 1e-300 * one,
            lambda: one / 3,
            lambda: one.arctan(),
            lambda: 2 * one + 3 * two - 1,
            lambda: one / two,
            lambda: one.conjugate(),
        )
    )()


def _append(r: random.Random, built: QuantumCircuit, symbols: list[Any]) -> None:
    t = _angle
    s = symbols
    gate = r.choice(
        (
            lambda: RXGate(t(r, s)),
            lambda: RYGate(t(r, s)),
            lambda: RYGate(t(r, s)),
            lambda: RZZGate(t(r, s)),
            lambda: PhaseGate(t(r, s)),
            lambda: UGate(t(r, s), t(r, s), t(r, s)),
            lambda: XXPlusYYGate(t(r, s), t(r, s)),
            lambda: RXGate(t(r, s)).control(1),
            lambda: RYGate(t(r, s)).inverse(),
            lambda: RYGate(t(r, s)).control(1, ctrl_state=0),
            lambda: MCXGate(2),
            lambda: QFTGate(2),
            lambda: UnitaryGate(np.eye(2)),
            lambda: UnitaryGate(np.diag([1, 1, 1, -1])),
            lambda: PauliEvolutionGate(SparsePauliOp(["XX", "ZI"], [1, r.choice((0.5, -2, 0, 1e-12))]), time=t(r, s)),
            lambda: RYGate(t(r, s)).power(r.choice((2, -1, 0.5))),
            lambda: RYGate(t(r, s)).repeat(2),
            lambda: _custom(r, s),
            lambda: _custom(r, s).to_gate().control(1) if r.random() < 0.5 else RXGate(0.1),
            lambda: StatePreparation("1"),
            lambda: StatePreparation([1, 0, 0, 0]),
            lambda: StatePreparation([0.6, 0.8]),
            lambda: "cx",
            lambda: "cx",
            lambda: "h",
            lambda: "cz",
            lambda: "reset",
            lambda: "delay",
            lambda: "if",
            lambda: "for",
            lambda: "measure",
            lambda: "initialize",
            lambda: "box",
        )
    )()
    n = built.num_qubits
    if isinstance(gate, str):
        _named(r, built, gate, symbols)
        return
    width = gate.num_qubits
    if width > n:
        return
    built.append(
        gate.to_gate() if isinstance(gate, QuantumCircuit) and r.random() < 0.5 else gate, r.sample(range(n), width)
    )


def _named(r: random.Random, built: QuantumCircuit, name: str, symbols: list[Any]) -> None:
    n, q = built.num_qubits, r.randrange(built.num_qubits)
    rare = r.random() < 0.25
    if name in ("cx", "cz") and n > 1:
        getattr(built, name)(*r.sample(range(n), 2))
    elif name == "h":
        built.h(range(n))
    elif not rare:
        built.ry(_angle(r, symbols), q)
    elif name == "reset":
        built.reset(q)
    elif name == "delay":
        built.delay(100, q)
    elif name == "initialize":
        built.initialize(r.choice(("0", 1, [0, 1])), q)
    elif name == "measure" and built.clbits:
        built.measure(q, 0)
    elif name == "if" and built.cregs:
        with built.if_test((built.cregs[0], 1)):
            built.x(q)
    elif name == "for":
        with built.for_loop(range(2)) as i:
            built.ry(i * 0.1, q)
    elif name == "box" and hasattr(built, "box"):
        with built.box():
            built.ry(_angle(r, symbols), q)


def _custom(r: random.Random, symbols: list[Any]) -> QuantumCircuit:
    inner = QuantumCircuit(2, name=r.choice(("block", "cx", "ry", "my gate")))
    inner.ry(_angle(r, symbols), 0)
    inner.cx(0, 1)
    return inner


def loss(r: random.Random, n: int) -> Any:
    """An operator of Qiskit, text, or something that is neither."""
    label = "".join(r.choices("IXYZ", k=n))
    if r.random() < 0.6:
        return r.choice(
            (
                "Z0",
                None,
                "mean(X)",
                SparsePauliOp(label),
                SparsePauliOp([label, "Z" * n], [0.5, 2]),
                "projector(0..n-1)",
            )
        )
    return r.choice(
        (
            lambda: SparsePauliOp(label),
            lambda: SparsePauliOp([label, "I" * n], [0.5, 2]),
            lambda: SparsePauliOp.from_list([("Z" * n, 1.0), (label, -1.0)]),
            lambda: "Z0",
            lambda: "mean(X)",
            lambda: None,
            lambda: "projector(0..n-1)",
            lambda: SparsePauliOp("Z" * (n + 1)),
            lambda: SparsePauliOp(label, 1j),
            lambda: SparsePauliOp(label, float("nan")),
            lambda: SparsePauliOp(label, 1e200),
            lambda: SparsePauliOp([label, label], [1, -1]),
            lambda: Operator(np.eye(2**n)),
            lambda: 3,
            lambda: [label],
            lambda: {label: 1.0},
            lambda: SparsePauliOp([], num_qubits=n),
            lambda: SparsePauliOp(label, Parameter("w")),
            lambda: label,
            lambda: SparsePauliOp(label).paulis[0],
        )
    )()


def _deep(r: random.Random) -> QuantumCircuit:
    """An expression that was added to many times."""
    one = Parameter("a")
    value = one + 0.1
    for _ in range(r.choice((50, 300, 600))):
        value = value * 1.0001 + r.choice((0.1, one))
    built = QuantumCircuit(1)
    built.ry(value, 0)
    return built


def _nested(depth: int) -> QuantumCircuit:
    """Gates made of gates made of gates."""
    inner = QuantumCircuit(1, name="g0")
    inner.ry(Parameter("a"), 0)
    for level in range(depth):
        outer = QuantumCircuit(1, name=f"g{level + 1}")
        outer.append(inner.to_gate(), [0])
        inner = outer
    return inner


def zoo(r: random.Random) -> Any:
    """What is no circuit, or hardly one."""
    a = Parameter("a")
    return r.choice(
        (
            lambda: circuit_to_dag(circuit(r)),
            lambda: RYGate(a),
            lambda: SparsePauliOp("ZZ"),
            lambda: [circuit(r)],
            lambda: None,
            lambda: 3,
            lambda: "OPENQASM 3.0;",
            lambda: Statevector([1, 0]),
            lambda: Operator(np.eye(2)),
            lambda: QuantumCircuit,
            lambda: QuantumCircuit(),
            lambda: QuantumCircuit(0, 2),
            lambda: QuantumRegister(2),
            lambda: circuit(r).to_gate() if r.random() < 0 else QuantumCircuit(1).to_instruction(),
            lambda: _deep(r),
            lambda: _nested(r.choice((3, 30, 200))),
            lambda: a,
            lambda: 2 * a,
            lambda: {"circuit": 1},
            lambda: QuantumCircuit(2).control(),
            lambda: efficient_su2,
            lambda: QuantumCircuit(3, name="\x1b[31m<b>"),
            lambda: object(),
            lambda: (circuit(r), "Z0"),
            lambda: ParameterVector("x", 2),
            lambda: np.eye(4),
            lambda: b"OPENQASM",
            lambda: QuantumCircuit(1).data,
        )
    )()


def sample(r: random.Random) -> Sample:
    """An object with arguments."""
    strange = r.random() < 0.2

    def build() -> tuple[Any, Any]:
        built = zoo(r) if strange else circuit(r)
        n = built.num_qubits if isinstance(built, QuantumCircuit) else 2
        return built, loss(r, n)

    return through(r, build)


KIND = Kind("qiskit-objects", ".txt", sample)
