"""Circuits of Cirq as objects with odd parameters, operators for losses, and objects where a circuit is wanted."""

from __future__ import annotations

import random
from typing import Any

import cirq
import numpy as np
import sympy

from fuzzing.python_door import through
from fuzzing.trying import Kind, Sample

SYMBOLS = sympy.symbols("a b c")


def circuit(r: random.Random) -> cirq.AbstractCircuit:
    """A circuit on up to four qubits."""
    qubits = _qubits(r)
    built = cirq.Circuit(strategy=r.choice((cirq.InsertStrategy.EARLIEST, cirq.InsertStrategy.NEW)))
    for _ in range(r.choice((0, 2, 4, 4, 8, 8, 12))):
        built.append(_operation(r, qubits))
    if r.random() < 0.3:
        built.append(cirq.measure(*r.sample(qubits, r.randint(1, len(qubits))), key=r.choice(("m", "", "é"))))
    return built.freeze() if r.random() < 0.1 else built


def _qubits(r: random.Random) -> list[Any]:
    n = r.randint(1, 4)
    kind = r.random()
    if kind < 0.7:
        return list(cirq.LineQubit.range(n))
    if kind < 0.85:
        return [cirq.GridQubit(k, r.randint(-3, 3)) for k in range(n)]
    return [cirq.NamedQubit(f"q{r.choice('ab')}{k}") for k in range(n)]


def _angle(r: random.Random) -> Any:
    draw, one, two = r.random(), r.choice(SYMBOLS), r.choice(SYMBOLS)
    if draw < 0.4:
        return r.choice((0.3, 0, 1, -0.5, 0.25, 1e-9, 1e6, np.float64(0.2), sympy.pi / 3, sympy.Rational(1, 3), 2))
    if draw < 0.85:
        return one
    return r.choice(
        (
            2 * one,
            -one,
            one + 0.5,
            one / sympy.pi,
            one - two,
            one * two,
            one**2,
            sympy.sin(one),
            one - one,
            sympy.sqrt(2) * one,
            one + sympy.pi,
            sympy.exp(one),
            sympy.Abs(one),
            0 * one,
            1e-300 * one,
            sympy.Max(one, 0),
            one / 3,
            sympy.cos(one) ** 2,
        )
    )


def _gate(r: random.Random) -> cirq.Gate:
    t = _angle
    if r.random() < 0.6:
        plain = (cirq.X, cirq.H, cirq.S, cirq.CX, cirq.CZ, cirq.T, cirq.rx(t(r)), cirq.ry(t(r)), cirq.Z ** t(r))
        return r.choice(plain)
    return r.choice(
        (
            lambda: cirq.T**-1,
            lambda: cirq.SWAP,
            lambda: cirq.X ** t(r),
            lambda: cirq.Y ** t(r),
            lambda: cirq.Z ** t(r),
            lambda: cirq.H ** t(r),
            lambda: cirq.CX ** t(r),
            lambda: cirq.CZ ** t(r),
            lambda: cirq.ISWAP ** t(r),
            lambda: cirq.SWAP ** t(r),
            lambda: cirq.ZZ ** t(r),
            lambda: cirq.XX ** t(r),
            lambda: cirq.PhasedXPowGate(phase_exponent=t(r), exponent=t(r)),
            lambda: cirq.PhasedXZGate(x_exponent=t(r), z_exponent=t(r), axis_phase_exponent=t(r)),
            lambda: cirq.FSimGate(t(r), t(r)),
            lambda: cirq.PhasedISwapPowGate(phase_exponent=t(r), exponent=t(r)),
            lambda: cirq.CCX,
            lambda: cirq.CCZ ** t(r),
            lambda: cirq.CSWAP,
            lambda: cirq.I,
            lambda: cirq.IdentityGate(2),
            lambda: cirq.GlobalPhaseGate(1j),
            lambda: cirq.MatrixGate(np.eye(2)),
            lambda: cirq.MatrixGate(np.diag([1, 1j])),
            lambda: cirq.ControlledGate(cirq.ry(t(r))),
            lambda: cirq.ControlledGate(cirq.X, control_values=[0]),
            lambda: cirq.ParallelGate(cirq.ry(t(r)), 2),
            lambda: cirq.WaitGate(cirq.Duration(nanos=5)),
            lambda: cirq.depolarize(0.01),
            lambda: cirq.ResetChannel(),
            lambda: cirq.QuantumFourierTransformGate(2),
            lambda: cirq.PauliStringPhasorGate(cirq.DensePauliString("XZ"), exponent_neg=t(r)),
            lambda: cirq.qft(*cirq.LineQubit.range(2)).gate,
            lambda: cirq.PhasedFSimGate(t(r), 0.1, 0.2, t(r), 0.3),
            lambda: cirq.TwoQubitDiagonalGate([0.1, 0.2, 0.3, 0.4]),
            lambda: cirq.rx(t(r)).controlled(2),
            lambda: cirq.SingleQubitCliffordGate.X_sqrt,
            lambda: cirq.givens(t(r)),
        )
    )()


def _operation(r: random.Random, qubits: list[Any]) -> Any:
    if r.random() < 0.05:
        inner = cirq.FrozenCircuit(cirq.ry(_angle(r))(qubits[0]), cirq.X(qubits[0]))
        return cirq.CircuitOperation(inner, repetitions=r.choice((1, 2, 3, -1)))
    gate = _gate(r)
    while gate.num_qubits() > len(qubits):
        gate = cirq.ry(_angle(r))
    operation = gate.on(*r.sample(qubits, gate.num_qubits()))
    if r.random() < 0.05:
        operation = operation.with_tags(r.choice(("tag", cirq.VirtualTag(), 3)))
    return operation


def loss(r: random.Random, built: Any) -> Any:
    """An operator of Cirq, text, or something that is neither."""
    qubits = sorted(built.all_qubits()) or [cirq.LineQubit(0)]
    one = r.choice(qubits)
    if r.random() < 0.6:
        return r.choice(
            (
                "Z0",
                None,
                "mean(Z)",
                cirq.Z(one),
                cirq.X(one) - 2 * cirq.Z(qubits[-1]),
                0.5 * cirq.Y(one) * cirq.Z(qubits[0]),
            )
        )
    return r.choice(
        (
            lambda: cirq.Z(one),
            lambda: cirq.Z(one) * cirq.X(qubits[-1]),
            lambda: 0.5 * cirq.Z(one) + cirq.X(qubits[0]),
            lambda: "Z0",
            lambda: None,
            lambda: "Z0",
            lambda: cirq.X(one) - 2 * cirq.Z(qubits[-1]),
            lambda: cirq.PauliSum(),
            lambda: cirq.PauliString(),
            lambda: 1j * cirq.Z(one),
            lambda: cirq.Z,
            lambda: "mean(Z)",
            lambda: 3,
            lambda: [cirq.Z(one)],
            lambda: cirq.Z(cirq.LineQubit(99)) * 1.0,
            lambda: float("nan") * cirq.Z(one),
            lambda: 1e200 * cirq.X(one),
            lambda: cirq.Z(one) - cirq.Z(one),
        )
    )()


def _deep(r: random.Random) -> Any:
    """An expression so deep that recursion ends."""
    one = SYMBOLS[0]
    for _ in range(r.choice((50, 400, 3000))):
        one = sympy.Add(sympy.Mul(2, one, evaluate=False), 1, evaluate=False)
    return cirq.Circuit(cirq.ry(one)(cirq.LineQubit(0)))


def zoo(r: random.Random) -> Any:
    """What is no circuit, or hardly one."""
    q = cirq.LineQubit(0)
    return r.choice(
        (
            lambda: cirq.X,
            lambda: cirq.X(q),
            lambda: cirq.Moment([cirq.X(q)]),
            lambda: [cirq.X(q)],
            lambda: None,
            lambda: 3,
            lambda: "OPENQASM 3.0;",
            lambda: cirq.PauliString({q: cirq.X}),
            lambda: cirq.Circuit,
            lambda: cirq.Circuit(),
            lambda: (c for c in ()),
            lambda: cirq.Circuit(cirq.X(cirq.LineQid(0, 2))),
            lambda: cirq.Circuit(cirq.IdentityGate(1, (3,)).on(cirq.LineQid(0, 3))),
            lambda: _deep(r),
            lambda: sympy.Symbol("a"),
            lambda: cirq.Circuit(cirq.ry(float("nan"))(q)),
            lambda: cirq.Circuit(cirq.ry(float("inf"))(q)),
            lambda: cirq.Circuit(cirq.measure(q), cirq.X(q)),
            lambda: cirq.Circuit(cirq.measure(q, key="m"), cirq.X(q).with_classical_controls("m")),
            lambda: cirq.Circuit(cirq.X(q) for _ in range(200)),
            lambda: cirq.ParamResolver({"a": 1}),
            lambda: {"a": 1},
            lambda: object(),
            lambda: cirq.Circuit(cirq.Y(q) ** sympy.zoo),
            lambda: cirq.Circuit(cirq.Y(q) ** sympy.nan),
            lambda: cirq.Circuit(cirq.Y(q) ** (sympy.I * SYMBOLS[0])),
        )
    )()


def sample(r: random.Random) -> Sample:
    """An object with arguments."""
    strange = r.random() < 0.2

    def build() -> tuple[Any, Any]:
        built = zoo(r) if strange else circuit(r)
        return built, loss(r, built) if isinstance(built, cirq.AbstractCircuit) else r.choice(("Z0", None, 3))

    return through(r, build)


KIND = Kind("cirq-objects", ".txt", sample)
