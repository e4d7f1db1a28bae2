"""Cirq's circuits against their own unitaries, symbols against finite differences, and what is refused."""

import itertools
import math

import numpy as np
import pytest

from bplint.errors import LimitError, SourceError, Unsupported
from bplint.importers.from_cirq import from_cirq, observable_of
from bplint.ir.circuit import ROTATION, GateOrigin, Spelling
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.observable import ObservableError, parse
from matrices import CLIFFORD_MATRICES, PAULI
from samples import axis_label

cirq = pytest.importorskip("cirq")
import sympy  # noqa: E402  # comes with Cirq

A, B, C, D, E = sympy.symbols("a b c d e")
Q = cirq.LineQubit.range(4)
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


def same(circuit, seed=0, tolerance=1e-9):
    """Import a circuit and compare with Cirq at random values of its symbols, up to a global phase."""
    program = from_cirq(circuit)
    rng = np.random.default_rng(seed)
    values = {name: float(rng.uniform(-3, 3)) for name in "abcde"}
    want = cirq.resolve_parameters(circuit, values).unitary()
    got = unitary_of(program.circuit, values | opaque_values(program, values))
    overlap = np.vdot(got, want)
    np.testing.assert_allclose(got * overlap / abs(overlap), want, atol=tolerance, err_msg=repr(circuit)[:300])
    return program


def unitary_of(c, values):
    """The product of the operations, each applied to the columns of the matrix so far: many circuits are compared."""
    numbers = np.array([values[p.name] for p in c.parameters])
    total = np.eye(2**c.n_qubits, dtype=complex)
    for k in range(len(c)):
        if c.code[k] != ROTATION:
            matrix = CLIFFORD_MATRICES[CLIFFORDS[c.code[k] - 1]]
            total = apply(matrix, c.operands(k), total)
            continue
        row = int(c.angle[k])
        angle = c.angles.constant[row] + sum(w * numbers[p] for p, w in c.angles.terms(row))
        half, label = c.factor[k] * angle / 2, axis_label(c, k)
        turned = total
        for place, letter in enumerate(label):
            if letter != "I":
                turned = apply(PAULI[letter], [place], turned)
        total = math.cos(half) * total - 1j * math.sin(half) * turned
    return total


def apply(matrix, qubits, columns):
    """The matrix on these qubits times the columns."""
    n, k = columns.shape[0].bit_length() - 1, len(qubits)
    tensor = np.tensordot(np.reshape(matrix, [2] * (2 * k)), columns.reshape([2] * n + [-1]), (range(k, 2 * k), qubits))
    return np.moveaxis(tensor, range(k), qubits).reshape(columns.shape)


def opaque_values(program, values):
    return {p.name: float(sympy.sympify(p.name).subs(values)) for p in program.circuit.parameters if p.sources}


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


def test_derivatives_by_each_symbol():
    """One symbol drives several gates at several scales."""
    circuit = cirq.Circuit(
        cirq.X(Q[0]) ** A, cirq.rx(A / 2 - B)(Q[1]), cirq.CX(Q[0], Q[1]) ** (0.3183 * B), cirq.H(Q[2]) ** (A * B),
        cirq.FSimGate(B, sympy.pi * A).on(Q[1], Q[2]), cirq.CCZ(*Q[:3]) ** (A + 2 * A * B),
    )  # fmt: skip
    program = from_cirq(circuit)
    observable = cirq.X(Q[0]) * cirq.Y(Q[2]) + cirq.Z(Q[1])
    matrix = observable.matrix(Q[:3])

    def theirs(a, b):
        state = cirq.resolve_parameters(circuit, {"a": a, "b": b}).unitary()[:, 0]
        return (state.conj() @ matrix @ state).real

    def ours(a, b):
        state = unitary_of(program.circuit, {"a": a, "b": b, "a*b": a * b})[:, 0]
        return (state.conj() @ matrix @ state).real

    h = 1e-4
    for a, b in ((0.3, 0.9), (-1.1, 0.2)):
        for da, db in ((h, 0), (0, h)):
            want = (theirs(a + da, b + db) - theirs(a - da, b - db)) / (2 * h)
            assert abs(want) > 1e-3
            assert (ours(a + da, b + db) - ours(a - da, b - db)) / (2 * h) == pytest.approx(want, abs=1e-6)


@pytest.mark.parametrize(
    ("expression", "constant", "terms"),
    [
        (A, 0, {"a": math.pi}),
        (0.3183 * A, 0, {"a": 0.3183 * math.pi}),
        (2 * (A - B) / sympy.pi + 0.5, math.pi / 2, {"a": 2, "b": -2}),
        (A * sympy.sqrt(2) - sympy.Rational(1, 3), -math.pi / 3, {"a": math.sqrt(2) * math.pi}),
        (3 * A * B - A, 0, {"a*b": 3 * math.pi, "a": -math.pi}),
        (sympy.sin(A) / 2 + 1, math.pi, {"sin(a)": math.pi / 2}),
    ],
)
def test_exponents_are_affine_rows_in_half_turns(expression, constant, terms):
    circuit = from_cirq(cirq.Circuit(cirq.X(Q[0]) ** expression)).circuit
    row = int(circuit.angle[0])
    assert circuit.angles.constant[row] == pytest.approx(constant)
    found = {circuit.parameters[p].name: c for p, c in circuit.angles.terms(row)}
    assert found == pytest.approx(terms)


def test_what_is_not_affine_is_one_parameter_of_its_own_and_noted():
    circuit = cirq.Circuit(cirq.rx(A * B)(Q[0]), cirq.rz(-2 * A * B)(Q[0]), cirq.ry(C)(Q[0]))
    program = from_cirq(circuit)
    assert [(p.name, p.sources) for p in program.circuit.parameters] == [("a*b", ("a", "b")), ("c", ())]
    assert program.notes[0].text == "not affine in the parameters: a*b; taken as parameters of their own"


def test_spelling_tells_short_decimals():
    circuit = cirq.Circuit(cirq.rx(0.1234)(Q[0]), cirq.rx(1.234567890123)(Q[0]), cirq.X(Q[0]) ** 0.3, cirq.T(Q[0]))
    found = from_cirq(circuit).circuit
    want = [Spelling.DECIMAL, Spelling.PRECISE, Spelling.PRECISE, Spelling.BUILTIN]
    assert found.angles.spelling[found.angle].tolist() == want


@pytest.mark.parametrize("value", [float("nan"), float("inf"), sympy.I * A, A / sympy.Float("0.0")])
def test_angles_that_are_no_real_numbers_are_refused(value):
    with pytest.raises(SourceError, match=r"not a (finite real )?number.*moment 0, operation 0"):
        from_cirq(cirq.Circuit(cirq.rx(value)(Q[0])))


def test_subcircuits_with_maps_repetitions_and_nesting():
    block = cirq.FrozenCircuit(cirq.ry(A)(Q[0]), cirq.CX(Q[0], Q[1]), cirq.rz(A * B)(Q[1]))
    once = cirq.CircuitOperation(block)
    outer = cirq.FrozenCircuit(once.repeat(2), cirq.X(Q[2]) ** A, once.with_qubits(Q[2], Q[0]) ** -1)
    circuit = cirq.Circuit(
        once.with_params({"a": 2 * B + sympy.pi, "b": 0.3}),
        cirq.CircuitOperation(outer, repetitions=3, use_repetition_ids=True).with_qubit_mapping(
            {Q[0]: Q[1], Q[1]: Q[0]}
        ),
        once.repeat(0),
        once.controlled_by(Q[3]),
    )
    program = same(circuit)
    assert len(program.circuit.spans) == 4


def test_repetitions_are_counted_before_they_are_expanded():
    inner = cirq.FrozenCircuit(cirq.X(Q[0]) ** A)
    with pytest.raises(LimitError, match=r"1,000,000,000 operations: the limit `operations` is 2,000,000"):
        from_cirq(cirq.Circuit(cirq.CircuitOperation(inner, repetitions=10**9)))
    for _ in range(8):
        inner = cirq.FrozenCircuit(cirq.CircuitOperation(inner, repetitions=10**6))
    with pytest.raises(LimitError, match=r"about 10\^48 operations"):
        from_cirq(cirq.Circuit(cirq.CircuitOperation(inner)))


def test_empty_subcircuits_do_not_multiply_for_nothing():
    inner = cirq.FrozenCircuit()
    for _ in range(40):
        inner = cirq.FrozenCircuit(cirq.CircuitOperation(inner), cirq.CircuitOperation(inner))
    with pytest.raises(LimitError, match="the limit `operations`"):
        from_cirq(cirq.Circuit(cirq.CircuitOperation(inner)))


def test_qubits_of_any_kind_are_numbered_as_cirq_sorts_them():
    qubits = [
        cirq.NamedQubit("b"),
        cirq.GridQubit(2, 1),
        cirq.LineQubit(7),
        cirq.NamedQubit("a10"),
        cirq.NamedQubit("a9"),
    ]
    program = from_cirq(cirq.Circuit(cirq.X(q) ** (k + 0.3) for k, q in enumerate(qubits)))
    assert program.circuit.qubits.tolist() == [sorted(qubits).index(q) for q in qubits]
    assert {GateOrigin(k) for k in program.circuit.gates.kind} == {GateOrigin.PYTHON}


def test_terminal_measurements_name_the_measured_qubits():
    circuit = cirq.Circuit(
        cirq.ry(A).on_each(*Q[:3]), cirq.measure(Q[2], key="m"), cirq.measure(Q[0], invert_mask=(True,))
    )
    assert from_cirq(circuit).circuit.measured == (0, 2)


def test_frozen_circuits_and_empty_ones():
    assert from_cirq(cirq.FrozenCircuit(cirq.X(Q[0]))).circuit.gates.names == ("x",)
    assert len(from_cirq(cirq.Circuit()).circuit) == 0


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ([cirq.measure(Q[0]), cirq.X(Q[0])], r"after its measurement \(moment 1, operation 0: X\(q\(0\)\)\)"),
        ([cirq.measure(Q[0], key="m"), cirq.X(Q[1]).with_classical_controls("m")], r"controlled by a measurement \(moment 1"),
        ([cirq.X(Q[1]), cirq.reset(Q[0])], r"resets a qubit \(moment 0, operation 1"),
        ([cirq.depolarize(0.1)(Q[0])], r"not unitary.*\(moment 0, operation 0: depolarize"),
        ([cirq.measure_single_paulistring(cirq.X(Q[0]) * cirq.Z(Q[1]))], "measures something else"),
        ([cirq.IdentityGate(1, (3,)).on(cirq.LineQid(0, 3))], "3 levels"),
        ([cirq.X(Q[0]).controlled_by(*cirq.LineQubit.range(1, 30))], "29 controls: the limit `controls`"),
        ([cirq.DiagonalGate([0.1] * 2**11).on(*cirq.LineQubit.range(11))], "the limit `diagonal`"),
        (
            [cirq.PauliStringPhasorGate(cirq.DensePauliString("IZ"), exponent_neg=A).on(*Q[:2])],
            "with an identity",
        ),
        ([cirq.CircuitOperation(cirq.FrozenCircuit(cirq.X(Q[0])), repetitions=A)], "repetitions is a symbol"),
    ],
)  # fmt: skip
def test_refusals_name_moment_and_operation(operations, message):
    with pytest.raises(SourceError, match=message):
        from_cirq(cirq.Circuit(operations))


def test_other_objects_are_refused():
    with pytest.raises(Unsupported, match=r"want a cirq\.Circuit or cirq\.FrozenCircuit, got str"):
        from_cirq("circuit")


def test_observables_are_those_that_bplint_reads_from_text():
    total = 0.5 * cirq.Z(Q[0]) * cirq.Y(Q[2]) - 2 * cirq.X(Q[1]) + 3
    found, want = observable_of(total, Q), parse("0.5*Z0 Y2 - 2*X1 + 3", 4)
    assert (found.terms, found.constant) == (want.terms, want.constant)
    assert parse(found.text, 4).terms == want.terms
    assert observable_of(cirq.Z(Q[1]), Q).terms == parse("Z1", 4).terms
    assert observable_of(cirq.X(Q[1]) * cirq.Z(Q[3]) * -0.5, Q).terms == parse("-0.5*X1 Z3", 4).terms


@pytest.mark.parametrize(
    ("observable", "message"),
    [
        (cirq.X(Q[0]) * 1j, "complex"),
        (cirq.Z(cirq.LineQubit(9)), "not in the circuit"),
        ("Z0", "want a cirq.PauliSum"),
    ],
)
def test_what_is_no_observable_is_refused(observable, message):
    with pytest.raises(ObservableError, match=message):
        observable_of(observable, Q)


def nested(kind, depth):
    value = sympy.Symbol("a")
    for k in range(depth):
        value = (kind if k % 2 else sympy.Add)(value, sympy.Symbol("b"), evaluate=False)
    return value


@pytest.mark.parametrize(("kind", "depth"), [(sympy.Add, 250), (sympy.Add, 800), (sympy.Mul, 800)])
def test_expressions_nested_too_deeply(kind, depth):
    circuit = cirq.Circuit(cirq.Circuit(cirq.ZPowGate(exponent=0.5)(Q[0])))
    gate = circuit[0].operations[0].gate
    gate._exponent = gate._canonical_exponent_cached = nested(kind, depth)
    with pytest.raises(LimitError, match=r"nested too deeply.*\(moment 0, operation 0: "):
        from_cirq(circuit)


@pytest.mark.parametrize(
    "thing",
    [cirq.X, cirq.Moment(cirq.X(Q[0])), cirq.X(Q[0]), [cirq.X(Q[0])], cirq.PauliSum(), None, "circuit"],
    ids=repr,
)
def test_what_is_no_circuit(thing):
    with pytest.raises(Unsupported, match=r"want a cirq\.Circuit or cirq\.FrozenCircuit, got"):
        from_cirq(thing)


@pytest.mark.parametrize(
    "exponent",
    [[0.1], "0.1", None, 1j, float("inf"), 10**5000, sympy.Matrix([sympy.Symbol("a")])],
    ids=lambda exponent: type(exponent).__name__,
)
def test_an_exponent_that_is_no_number(exponent):
    class Odd(cirq.ZPowGate):
        def __init__(self, odd):
            super().__init__()
            self.odd = odd

        exponent = property(lambda self: self.odd)

    with pytest.raises(SourceError, match="is not a"):
        from_cirq(cirq.Circuit(Odd(exponent)(Q[0])))
