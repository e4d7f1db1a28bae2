"""Repaired circuits of Cirq: what is handed back is what was measured, and what is unchanged stays as it was."""

from itertools import pairwise

import numpy as np
import pytest

cirq = pytest.importorskip("cirq")
import sympy  # noqa: E402  # comes with Cirq

from bplint.exporters import Original, to_cirq  # noqa: E402
from bplint.importers.from_cirq import from_cirq  # noqa: E402
from bplint.ir.observable import parse  # noqa: E402
from bplint.rewrite import Refused, Rewrite, equivariant, without  # noqa: E402
from bplint.rewrite.change import Placed  # noqa: E402
from bplint.rewrite.gates import EXCHANGES  # noqa: E402
from handed_back import assert_handed_back, random_repairs  # noqa: E402
from rewriting import priors  # noqa: E402

T = sympy.symbols("t:40")


def matrix_of(circuit, values):
    order = sorted(circuit.all_qubits())
    unmeasured = cirq.drop_terminal_measurements(circuit) if circuit.has_measurements() else circuit
    bound = cirq.resolve_parameters(unmeasured, values)
    return bound.unitary(qubit_order=order, qubits_that_should_be_present=order)


def some_circuit(rng):
    """Qubits of a grid, subcircuits that are repeated, powers and rotations, curved angles, numbers, tags, a FrozenCircuit."""
    n = int(rng.integers(2, 5))
    qubits, k = cirq.GridQubit.rect(1, n), iter(range(40))

    def angle():
        p = T[next(k)]
        return [p, p, p, 2 * p - 0.5, -p / 3, p + T[0], p * T[1], 0.7][rng.integers(8)]

    def inner(a, b):
        part = cirq.FrozenCircuit(cirq.ry(angle())(a), cirq.CNOT(a, b), cirq.ZZ(b, a) ** angle())
        return cirq.CircuitOperation(part, repetitions=int(rng.integers(1, 3)))

    def entangled(a, b):
        kinds = [
            lambda: cirq.CZ(a, b).with_tags("kept"),
            lambda: cirq.ZZ(b, a) ** angle(),
            lambda: cirq.FSimGate(angle(), 0.2).on(a, b),
            lambda: inner(b, a),
            lambda: cirq.rx(angle())(b).controlled_by(a),
            lambda: cirq.ISWAP(a, b) ** angle(),
        ]
        return kinds[rng.integers(len(kinds))]()

    made = cirq.Circuit()
    for _ in range(int(rng.integers(1, 3))):
        for gate in rng.choice([cirq.rx, cirq.ry, cirq.rz], 2):
            made.append(cirq.Moment(gate(angle())(q) for q in qubits))
        made.append(entangled(a, b) for a, b in pairwise(qubits))
    if rng.random() < 0.5:
        made.append(cirq.measure(*qubits, key="m"))
    return made.freeze() if rng.random() < 0.3 else made


def test_random_repairs():
    for original, made in random_repairs(21, 50, some_circuit, matrix_of):
        assert type(made) is type(original)
        assert made.all_qubits() == original.all_qubits()
        assert made.all_measurement_key_names() == original.all_measurement_key_names()


Q = cirq.LineQubit.range(4)


def layers(depth=2):
    made = cirq.Circuit()
    for layer in range(depth):
        made.append(cirq.Moment(cirq.ry(T[4 * layer + k])(q) for k, q in enumerate(Q)))
        made.append(cirq.CZ(a, b).with_tags("kept") for a, b in pairwise(Q))
    return made


def repaired(original, rewrite):
    return to_cirq.rewritten(original, from_cirq(original).circuit, rewrite)


def test_moments_in_which_nothing_changes_are_what_they_were():
    original = layers() + cirq.Moment(cirq.measure(*Q, key="m"))
    made = repaired(original, without(from_cirq(original).circuit, [1]))
    assert list(made)[1:] == list(original)[1:]
    assert made[0] == cirq.Moment(original[0].operations[k] for k in (0, 2, 3))
    assert original == layers() + cirq.Moment(cirq.measure(*Q, key="m")), "and it is another circuit"


def test_symbols_stay_and_new_ones_are_named_after_them():
    """Those with assumptions too."""
    real = sympy.Symbol("t1", real=True)
    original = cirq.resolve_parameters_once(layers(), {"t1": real})
    circuit = from_cirq(original).circuit
    prior = next(p for p in priors(4) if p.name == "u1")
    made = repaired(original, equivariant(circuit, prior, parse("X0 X1 + Y0 Y1", 4)))
    assert cirq.parameter_names(made) - cirq.parameter_names(original) == {f"t_new_{k}" for k in range(6)}
    assert real in {
        symbol for op in made.all_operations() for symbol in sympy.sympify(getattr(op.gate, "_rads", 0)).free_symbols
    }
    assert sum(isinstance(one.gate, cirq.ISwapPowGate) for one in made.all_operations()) == 6


def test_of_a_subcircuit_only_what_changes_is_written_anew():
    inner = cirq.CircuitOperation(layers(depth=1).freeze())
    original = cirq.Circuit(cirq.CircuitOperation(cirq.FrozenCircuit(inner)), inner)
    made = repaired(original, without(from_cirq(original).circuit, [1]))
    assert list(made.all_operations())[-1] == inner
    assert list(made.all_operations())[:-1] == [op for k, op in enumerate(layers(depth=1).all_operations()) if k != 1]


def test_a_qubit_that_is_left_without_gates_is_still_there():
    original = cirq.Circuit(cirq.rx(T[0])(Q[0]), cirq.rx(T[1])(Q[1]))
    made = repaired(original, without(from_cirq(original).circuit, [0]))
    assert made == cirq.Circuit(cirq.Moment(cirq.rx(T[1])(Q[1])), cirq.Moment(cirq.I(Q[0])))


@pytest.mark.parametrize(
    "name", [*EXCHANGES, "ryx", "rzy", "rzx", "rxx", "cp", "crx", "cy", "iswapdg", "sx", "sxdg", "sdg"]
)
def test_every_kind_of_gate_can_be_put_in(name):
    original = cirq.Circuit(cirq.X(Q[0]) ** T[0], cirq.H(Q[1]))
    angles = ((0.25, ((0, -2.0),)),) if name in (*EXCHANGES, "ryx", "rzy", "rzx", "rxx", "cp", "crx") else ()
    qubits = (1,) if name in ("sx", "sxdg", "sdg") else (1, 0)
    rewrite = Rewrite(
        (Placed("h", (0,)),), {0: (Placed(name, qubits, angles),)}, from_cirq(original).circuit.parameters
    )
    if name == "cy" and not hasattr(cirq, "CY"):
        return
    assert_handed_back(np.random.default_rng(3), original, matrix_of, rewrite)


def test_a_gate_that_cirq_has_not():
    original = layers()
    rewrite = Rewrite((), {0: (Placed("ecr", (0, 1)),)}, from_cirq(original).circuit.parameters)
    assert Original(original, None).rewritten(from_cirq(original).circuit, rewrite) == Refused("Cirq has no gate ecr")


def test_angles_are_written_as_a_reader_would():
    original = cirq.Circuit(cirq.ry(T[0])(Q[0]), cirq.X(Q[1]) ** T[1])
    parameters = from_cirq(original).circuit.parameters
    half_turns = (0.0, ((1, np.pi),)), (np.pi / 2, ((0, 2.0),)), (0.3, ((0, 1.0), (1, -1.0)))
    new = tuple(Placed("rxx", (0, 1), (angle,)) for angle in half_turns)
    made = list(repaired(original, Rewrite((), {0: new}, parameters)).all_operations())
    exponents = [T[1], 2 * T[0] / sympy.pi + sympy.Rational(1, 2), (T[0] - T[1] + 0.3) / sympy.pi]
    assert [sympy.simplify(op.gate.exponent - wanted) for op, wanted in zip(made, exponents)] == [0, 0, 0]
    assert made[0] == cirq.XX(Q[0], Q[1]) ** T[1]


def test_gates_that_the_table_has_not_are_tied_too():
    """Powers of X, one exponent for the qubits of a ring."""
    original = cirq.Circuit(cirq.X(q) ** T[k] for k, q in enumerate(Q))
    circuit = from_cirq(original).circuit
    rewrite = equivariant(circuit, next(p for p in priors(4) if p.name == "cn"), parse("mean(Z)", 4))
    made = repaired(original, rewrite)
    assert cirq.parameter_names(made) == {"t0"}
    assert_handed_back(np.random.default_rng(0), original, matrix_of, rewrite)
