"""Gates that depend on measurements: as on every outcome by itself, projected when it is measured."""

import itertools
import random
import re

import numpy as np
import pytest

from bplint.errors import SourceError, Unsupported
from bplint.importers.qasm import read
from bplint.ir.context import NotVariational
from measured_programs import N, agrees, seeded, written
from samples import unitary_of

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[4] q;\nbit[4] c;\n'
OLD_HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[4];\ncreg c[2];\ncreg d[1];\n'


def distribution(text, head=HEAD):
    """The probability of each outcome of all qubits."""
    return abs(unitary_of(read(head + text).circuit, {})[:, 0]) ** 2


def by_outcomes(pieces, n_measured, head=HEAD):
    """The same, one outcome after the other: ``pieces`` are texts, numbers of qubits that are measured, and functions that
    make a text of the outcomes so far.
    """
    total = np.zeros(16)
    for outcomes in itertools.product((0, 1), repeat=n_measured):
        state, known = np.eye(16)[0].astype(complex), {}
        waiting = iter(outcomes)
        for piece in pieces:
            if isinstance(piece, int):
                known[piece] = next(waiting)
                bits = np.arange(16) >> (3 - piece) & 1
                state = np.where(bits == known[piece], state, 0)
            else:
                state = unitary_of(read(head + (piece if isinstance(piece, str) else piece(known))).circuit, {}) @ state
        total += abs(state) ** 2
    return total


def layer(rng):
    return " ".join(f"{rng.choice(('rx', 'ry', 'rz'))}({rng.uniform(-3, 3):.9f}) q[{i}];" for i in range(4)) + (
        " cx q[0], q[2]; cx q[1], q[3]; cx q[2], q[3]; cx q[1], q[0];"
    )


def tail(rng):
    return f"ry({rng.uniform(-3, 3):.9f}) q[2]; cx q[2], q[3]; rx({rng.uniform(-3, 3):.9f}) q[3];"


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("conditional", "resolved"),
    [
        ("if (c[0] == 1) { ry(0.7) q[2]; }", lambda m: "ry(0.7) q[2];" * m[0]),
        ("if (c[0]) ry(0.7) q[2]; else { sx q[3]; t q[2]; }", lambda m: "ry(0.7) q[2];" if m[0] else "sx q[3]; t q[2];"),
        ("if (!c[1]) { U(0.3, 0.8, 1.1) q[3]; }", lambda m: "U(0.3, 0.8, 1.1) q[3];" * (1 - m[1])),
        ("if (c[0] == 0 && c[1] == 1) cx q[2], q[3];", lambda m: "cx q[2], q[3];" * (m == {0: 0, 1: 1})),
        ("if (c[0]) { if (c[1] != 1) { h q[2]; } y q[3]; }", lambda m: ("h q[2];" * (1 - m[1]) + "y q[3];") * m[0]),
        ("if (c[0]) { if (!c[0]) { h q[2]; } }", lambda m: ""),
        ("for int i in [0:1] { if (c[i]) rx(0.4 + i) q[i + 2]; }",
         lambda m: "rx(0.4) q[2];" * m[0] + "rx(1.4) q[3];" * m[1]),
        ("if (c[1]) { h q[2:3]; ctrl @ s q[2], q[3]; }", lambda m: "h q[2:3]; ctrl @ s q[2], q[3];" * m[1]),
    ],
)  # fmt: skip
def test_conditional_gates_act_as_on_every_outcome(seed, conditional, resolved):
    rng = random.Random(seed)
    before, after = layer(rng), tail(rng)
    measured = "c[0] = measure q[0]; c[1] = measure q[1];"
    got = distribution(f"{before} {measured} {conditional} {after}")
    want = by_outcomes([before, 0, 1, resolved, after], 2)
    np.testing.assert_allclose(got, want, atol=1e-9)


@pytest.mark.parametrize(
    ("condition", "value"), [("c==0", 0), ("c==1", 1), ("c==2", 2), ("c==3", 3), ("d==0", None), ("d==1", None)]
)
def test_registers_of_openqasm_2_are_compared_with_numbers(condition, value):
    before, after = layer(random.Random(9)), tail(random.Random(9))
    measured = "measure q[0] -> c[0]; measure q[1] -> c[1]; measure q[0] -> d[0];"
    got = distribution(f"{before} {measured} if({condition}) ry(0.7) q[2]; {after}", OLD_HEAD)

    def resolved(m):
        holds = m[0] == int(condition[-1]) if value is None else m[0] + 2 * m[1] == value
        return "ry(0.7) q[2];" * holds

    np.testing.assert_allclose(got, by_outcomes([before, 0, 1, resolved, after], 2, OLD_HEAD), atol=1e-9)


def test_bits_that_were_never_measured_are_zero_in_openqasm_2():
    before = layer(random.Random(3))
    text = f"{before} measure q[0] -> c[0]; if(c==%d) x q[2];"
    np.testing.assert_allclose(distribution(text % 2, OLD_HEAD), distribution(before, OLD_HEAD), atol=1e-12)
    want = by_outcomes([before, 0, lambda m: "x q[2];" * m[0]], 1, OLD_HEAD)
    np.testing.assert_allclose(distribution(text % 1, OLD_HEAD), want, atol=1e-9)


def test_teleportation_moves_a_state():
    text = (
        "U(0.3, 0.8, 1.1) q[0]; h q[1]; cx q[1], q[2]; cx q[0], q[1]; h q[0]; c[0] = measure q[0]; c[1] = measure q[1];"
    )
    moved = "if (c[1]) x q[2]; if (c[0]) z q[2]; inv @ U(0.3, 0.8, 1.1) q[2];"
    outcomes = distribution(text + moved).reshape(2, 2, 2, 2).sum(axis=(0, 1, 3))
    np.testing.assert_allclose(outcomes, [1, 0], atol=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_random_programs_do_what_they_do_branch_by_branch(seed):
    program = seeded(seed) + [("turn", ("x", 0.7 + qubit, qubit)) for qubit in range(N)]
    if seed % 2:  # bits that are read at the end; resets at the end are another test
        program += [
            ("measure", (0, 1)),
            ("if", ("c[1]", lambda c: c[1], [("turn", ("y", 0.4, 2))])),
            ("measure", (1, 0)),
        ]
    head = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\nbit[3] c = "000";\n'
    assert agrees(read(head + written(program)).circuit, program)


@pytest.mark.parametrize(
    ("statements", "ancillas", "deciding", "measured"),
    [
        ("c[0] = measure q[0]; h q[0];", 1, (), ()),
        ("c[0] = measure q[0]; c[1] = measure q[0]; h q[0]; c[2] = measure q[0];", 1, (), (0,)),
        ("c[0] = measure q[0]; if (c[0]) x q[0];", 1, (4,), ()),
        ("c[0] = measure q[0]; if (c[0]) x q[1]; c[1] = measure q[1];", 0, (0,), (1,)),
        ("reset q; reset q[0]; x q[0];", 0, (), ()),
        ("h q[0]; reset q[0]; reset q[0];", 1, (), ()),
        ("h q[0]; c[0] = measure q[0]; reset q[0]; if (c[0]) x q[0]; c[1] = measure q[0];", 1, (4,), (0,)),
        ("h q[0]; c[0] = measure q[0]; reset q[0];", 0, (), (0,)),
        ("for int i in [1:5] { cx q[0], q[1]; c[0] = measure q[1]; reset q[1]; }", 4, (), (1,)),
    ],
)
def test_ancillas_hold_what_is_needed_later(statements, ancillas, deciding, measured):
    circuit = read(HEAD + statements).circuit
    assert (circuit.ancillas, circuit.deciding, circuit.measured) == (ancillas, deciding, measured)


def test_ancillas_are_told_at_the_first_statement_that_needs_one():
    program = read(HEAD + "h q[0];\nc[0] = measure q[0];\nh q[0]; reset q[0];\nh q[0];")
    (note,) = program.notes
    assert (note.text, note.span.line) == ("2 ancillas stand for what is measured or reset before the end", 7)


def test_a_switch_on_measured_bits_takes_each_case():
    rng = random.Random(4)
    before, after = layer(rng), tail(rng)
    measured = "c[0] = measure q[0]; c[1] = measure q[1];"
    switch = "switch (int(c)) { case 0, 3 { ry(0.7) q[2]; } case 1 { x q[3]; } default { h q[2]; } }"

    def resolved(m):
        return {0: "ry(0.7) q[2];", 3: "ry(0.7) q[2];", 1: "x q[3];", 2: "h q[2];"}[m[0] + 2 * m[1]]

    got = distribution(f'{before} c = "0000"; {measured} {switch} {after}')
    np.testing.assert_allclose(got, by_outcomes([before, 0, 1, resolved, after], 2), atol=1e-9)


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        ("while (c[0]) x q[2];", "c is the outcome of the measurement on line 5"),
        ("int i = 0; if (c[0]) { i = 1; }", "an assignment that depends on a measurement"),
        ("int i = c[0];", "c is the outcome of the measurement on line 5"),
        ("for int i in [0:1] { if (c[0]) { break; } }", "break that depends on a measurement"),
        (
            "def f(qubit a) -> bit { x a; return measure a; } if (f(q[2])) x q[3];",
            "is the outcome of the measurement on line 5",
        ),
    ],
)
def test_what_no_controlled_gate_says_is_refused_with_its_place(statements, message):
    measured = "rx(0.3) q[2]; c[0] = measure q[0]; c[1] = measure q[1]; "
    with pytest.raises(Unsupported, match=re.escape(message)) as caught:
        read(HEAD + measured + statements)
    assert caught.value.span.line == 5
    assert caught.value.span.column > len(measured)


def test_outcomes_of_an_old_value_are_forgotten():
    text = "c[0] = measure q[0]; c[0] = 0; if (c[0]) x q[2]; c[1] = measure q[1]; c[1] = 1; if (c[1]) y q[3];"
    circuit = read(HEAD + text).circuit
    assert circuit.gates.names == ("y",)


def test_many_outcomes_in_a_condition_are_limited():
    text = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[30]; creg c[30]; h q; measure q -> c; qreg r[1]; if(c==1) rx(0.3) r[0];'
    with pytest.raises(SourceError, match="30 outcomes in a condition: the limit `controls` is 16"):
        read(text)


@pytest.mark.parametrize(
    "statements",
    [
        "gate g(t) a { rz(t) a; } g(pi / 4) q[0]; c[0] = measure q[0]; while (c[0]) { crz(-3 * pi / 8) q[0], q[1]; }",
        "c[0] = measure q[0]; while (c[0]) { h q[1]; c[0] = measure q[1]; rx(0.78539816) q[1]; }",
        "c[0] = measure q[0]; int n = c[0]; // bplint: fixed\n",
    ],
)
def test_what_has_nothing_to_train_is_not_analysed(statements):
    program = read(HEAD + "// bplint: observable = Z0\n" + statements)
    (note,) = program.notes
    assert isinstance(note, NotVariational)
    assert re.fullmatch("line 6: .*, and no angle looks trained", note.text)
    assert (len(program.circuit), program.circuit.n_qubits) == (0, 4)
    assert [directive.key for directive in program.directives] == ["observable"]


@pytest.mark.parametrize(
    "extra",
    [
        "rx(0.3) q[1];",
        "input float t;",
        "rz(pi / 3) q[1];",
        "if (false) { p(1.1) q[2]; }",
        "gate g(t) a { rz(t / 3) a; } g(pi) q[1];",
        "float x = 0.3; rx(x) q[0];",
        "rx(theta) q[1];",
        "ctrl @ gphase(0.3) q[2];",
    ],
)
def test_what_may_have_something_to_train_is_refused(extra):
    with pytest.raises(Unsupported, match="outcome of the measurement"):
        read(f"{HEAD}c[0] = measure q[0]; while (c[0]) {{ h q[0]; }} {extra}")


CYCLE = (
    "def syndrome(qubit[2] d, qubit a) -> bit { reset a; cx d[0], a; cx d[1], a; return measure a; }\n"
    "def both(qubit[2] d, qubit a) -> bit[2] { bit[2] b; b[0] = syndrome(d, a); b[1] = measure d[0]; return b; }\n"
)


def test_bits_that_subroutines_return_decide():
    text = "ry(0.4) q[0]; ry(0.9) q[1]; bit[2] s; s = both(q[0:1], q[2]); if (s == 3) rx(0.7) q[0]; h q[2];"
    circuit = read(HEAD.replace("qubit[4]", "qubit[3]").replace("bit[4] c;", "") + CYCLE + text).circuit
    program = [("turn", ("y", 0.4, 0)), ("turn", ("y", 0.9, 1)), ("reset", 2), ("cx", (0, 2)), ("cx", (1, 2))]
    program += [("measure", (2, 0)), ("measure", (0, 1))]
    program += [("if", ("", lambda c: c[0] and c[1], [("turn", ("x", 0.7, 0))]))]
    program += [("turn", ("z", np.pi, 2)), ("turn", ("y", np.pi / 2, 2))]
    assert agrees(circuit, program)


@pytest.mark.parametrize(
    ("returned", "message"),
    [("", "f returns no value"), ("-> float { return 0.5; }", "f returns no bits"), ("-> float { return t; }", None)],
)
def test_what_a_subroutine_returns_that_is_no_bits_is_refused(returned, message):
    head = HEAD.replace("bit[4] c;", "input float t; bit[4] c; rx(t) q[0];")
    with pytest.raises(SourceError, match=message):
        read(head + f"def f() {returned or '{ }'} c = f();")


def test_bits_beside_measured_ones_are_zero():
    read_as = [
        read(HEAD + f"h q[0]; c[0] = measure q[0]; if ({condition}) rx(0.3) q[1];").circuit
        for condition in ("c[0]", "c == 1", "int[4](c) == 1", "c[0] == 1 && c < 2")
    ]
    states = [abs(unitary_of(circuit, {})[:, 0]) ** 2 for circuit in read_as]
    for state in states:
        np.testing.assert_allclose(state, states[0], atol=1e-12)
    with pytest.raises(Unsupported, match="c has no value"):
        read(HEAD + "rx(0.3) q[0]; if (c == 1) x q[1];")
