"""Cirq's circuits: symbols against finite differences, subcircuits, observables, and what is refused."""

import math

import pytest

from bplint.errors import LimitError, SourceError, Unsupported
from bplint.importers.from_cirq import from_cirq, observable_of
from bplint.ir.circuit import GateOrigin, Spelling
from bplint.ir.observable import ObservableError, parse

cirq = pytest.importorskip("cirq")
import sympy  # noqa: E402  # comes with Cirq

from cirq_circuits import A, B, C, Q, same, unitary_of  # noqa: E402


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
        (
            [cirq.measure(Q[0], key="m", confusion_map={(0,): cirq.unitary(cirq.I)})],
            r"has a confusion map \(moment 0",
        ),
        ([cirq.depolarize(0.1)(Q[0])], r"is a channel \(moment 0, operation 0: depolarize"),
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
