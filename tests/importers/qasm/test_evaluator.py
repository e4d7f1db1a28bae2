"""What becomes of loops, variables, subroutines and gate modifiers."""

import random
import re

import numpy as np
import pytest

from bplint.errors import SourceError, Unsupported
from bplint.importers.qasm import read
from bplint.ir.circuit import GateOrigin, Role
from matrices import FIXED_MATRICES, H, S, X, Y
from samples import unitary_of

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float a;\nqubit[4] q;\nbit[4] c;\n'


def same(text, unfolded):
    """Both texts come to the same unitary, up to a phase, and the same parameters."""
    got, want = read(HEAD + text).circuit, read(HEAD + unfolded).circuit
    assert [p.name for p in got.parameters] == [p.name for p in want.parameters]
    values = {p.name: 0.37 + i for i, p in enumerate(got.parameters)}
    overlap = np.vdot(unitary_of(want, values), unitary_of(got, values)) / 2**got.n_qubits
    assert abs(overlap) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "unfolded"),
    [
        ("for int i in [0:2] { rx(a*i) q[i]; }", "rx(a*0) q[0]; rx(a) q[1]; rx(2*a) q[2];"),
        ("for int i in [3:-2:0] x q[i];", "x q[3]; x q[1];"),
        ("for uint i in {1, 3} { h q[i]; }", "h q[1]; h q[3];"),
        ("for float x in {0.1, 0.2} rx(x) q[0];", "rx(0.3) q[0];"),
        ("for i in [0:1] { h q[i]; } for j in {2} { x q[j]; }", "h q[0]; h q[1]; x q[2];"),
        ("input array[float, 3] w; for float x in w { rx(x) q[0]; }", "input array[float, 3] w; rx(w[0]+w[1]+w[2]) q[0];"),
        ("for int i in [0:9] { if (i == 2) break; h q[i]; }", "h q[0]; h q[1];"),
        ("for int i in [0:3] { if (i % 2 == 0) continue; h q[i]; }", "h q[1]; h q[3];"),
        ("for int i in [0:3] { if (i == 1) end; h q[i]; } x q[3];", "h q[0];"),
        ("int i = 0; while (i < 3) { h q[i]; i += 1; }", "h q[0]; h q[1]; h q[2];"),
        ("int i = 2; switch (i) { case 1 { x q[0]; } case 2, 3 { y q[0]; } default { z q[0]; } }", "y q[0];"),
        ("int i = 7; switch (i) { case 1 { x q[0]; } default { z q[0]; } }", "z q[0];"),
        ("bool b = 2 > 1; if (b && !false) { x q[0]; } else { y q[0]; }", "x q[0];"),
        ('bit[3] s = "011"; for int i in [0:2] { if (s[i] == 1) x q[i]; }', "x q[0]; x q[1];"),
        ("c[1] = 1; if (c[1]) x q[0];", "x q[0];"),
        ("array[angle, 2] v = {pi / 8, a}; v[0] = 2 * v[1]; rx(v[0]) q[0]; ry(v[-1]) q[1];", "rx(2*a) q[0]; ry(a) q[1];"),
        ("array[int, 2, 2] m = {{0, 1}, {2, 3}}; h q[m[1][0]]; x q[m[1, 1]];", "h q[2]; x q[3];"),
        ("float x = 0.1; x += a; x *= 2; rx(x) q[0];", "rx(0.2 + 2*a) q[0];"),
        ("int i = 7; i /= 2; i = i ** 2 - 6; h q[i];", "h q[3];"),
        ("uint[2] i = 5; h q[i];", "h q[1];"),
        ("let b = q[1:2] ++ q[0]; h b[2]; x b[0:1]; let d = b; y d[-1];", "h q[0]; x q[1]; x q[2]; y q[0];"),
        ("h q[0:2][1]; x q[{3, 0}][0];", "h q[1]; x q[3];"),
        ("def f(float x, qubit[2] r) { rx(x) r[0]; cx r[0], r[1]; } f(a, q[1:2]); f(0.5, q[{3, 0}]);",
         "rx(a) q[1]; cx q[1], q[2]; rx(0.5) q[3]; cx q[3], q[0];"),
        ("def twice(float x) -> float { return 2 * x; } rx(twice(a) + twice(0.5)) q[0];", "rx(2*a + 1) q[0];"),
        ("def f(int n, qubit r) { if (n == 0) { return; } x r; } f(0, q[0]); f(1, q[1]);", "x q[1];"),
        ("def f(readonly array[float, 2] v, qubit r) { rx(v[0] + v[1]) r; } array[float, 2] u = {a, 1}; f(u, q[0]);",
         "rx(a + 1) q[0];"),
        ("gate g(t) u, v { inv @ h u; ctrl @ rx(t) u, v; for int i in [0:1] { t u; } } g(a) q[2], q[1];",
         "h q[2]; crx(a) q[2], q[1]; s q[2];"),
        ("box [100ns] { rx(a) q[0]; delay[10ns] q; } duration d = 20ns; delay[d] q[0]; let r = q;", "rx(a) q[0];"),
        ("nop q; let r = q; h r[0];", "h q[0];"),
        ("{ int i = 1; h q[i]; } int i = 2; h q[i];", "h q[1]; h q[2];"),
        ("int i = 1; { int i = 2; h q[i]; } for int i in [3:3] { { int i = 0; x q[i]; } h q[i]; } y q[i];",
         "h q[2]; x q[0]; h q[3]; y q[1];"),
        ("int i = 3000000; for int i in [0:1] { for int j in [0:i] { h q[j]; } }", "h q[0]; h q[0]; h q[1];"),
        ("int n = 3000000; for int i in [0:0] { n = 1; for int j in [0:n] { h q[j]; } }", "h q[0]; h q[1];"),
        ("const int n = 3000000; for int i in [0:0] { const int n = 1; for int j in [0:n] h q[j]; }", "h q[0]; h q[1];"),
        ("def f(qubit r) -> int { h r; return 1; } for int i in [0:0] { for int j in [0:f(q[0])] { x q[j]; } }",
         "h q[0]; x q[0]; x q[1];"),
        ("def f() -> int { return -1; } h q[f()]; int i = -2; x q[i];", "h q[3]; x q[2];"),
        ("for float x in {0.1, 0.2} { for int i in [0:1] rx(i * x + a) q[i]; }", "rx(2*a) q[0]; rx(0.3 + 2*a) q[1];"),
        ("float x = 1; for int i in [0:1] { rx(x) q[i]; x = 2 * a; }", "rx(1) q[0]; rx(2*a) q[1];"),
        ("array[angle, 2] v = {1, a}; for int i in [0:1] { rx(v[0]) q[i]; v[0] = v[1]; }", "rx(1) q[0]; rx(a) q[1];"),
        ("uint[64] i = 2 ** 60; i += 1; if (i % 2 == 1) x q[0]; i *= 2 ** 30; if (i == 2 ** 30) y q[0];",
         "x q[0]; y q[0];"),
        ("const int k = 2; const float x = pi / 4; let r = q[0:k - 1]; rx(k * x) r;", "rx(pi/2) q[0]; rx(pi/2) q[1];"),
    ],
)  # fmt: skip
def test_program_is_what_it_unfolds_to(text, unfolded):
    same(text, unfolded)


LOOPED = """
    rx(a * i + 0.3) q[i]; | ry(w[i]) q[(i + 1) % 4]; | cx q[i], q[(i + j + 1) % 4]; | rz(-w[j] / 2) b[j % 2]; | t q[i:3];
    ctrl @ inv @ p(pi / (i + 1)) q[i], q[(i + 1) % 4]; | g(a / (j + 1)) q[j], q[3]; | pow(i + 1) @ s q[j]; | h b;
    f(i, q[j]); | if (i == j) { h q[i]; } else { rx(a) q[j]; } | negctrl @ g(w[i]) q[3], q[j], q[(j + 1) % 3]; | h q[f(i, b[0])];
"""  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_loops_come_to_their_turns_written_out(seed):
    rng = random.Random(seed)
    head = HEAD + "input array[float, 4] w; let b = q[1:2]; gate g(t) u, v { ry(t / 2) u; ctrl @ s u, v; inv @ h v; }"
    head += "def f(int n, qubit r) -> int { if (n > 1) { rx(n * 0.1) r; } sx r; return n; }\n"
    statements = [statement.strip() for line in LOOPED.strip().splitlines() for statement in line.split("|")]
    body = " ".join(rng.choices([statement for statement in statements if statement], k=5))
    looped = f"for int i in [0:3] {{ for int j in [0:2] {{ {body} }} }} rx(a) q[3];"
    turns = [re.sub(r"\bi\b", str(i), re.sub(r"\bj\b", str(j), body)) for i in range(4) for j in range(3)]
    got, want = read(head + looped).circuit, read(f"{head}{' '.join(turns)} rx(a) q[3];").circuit
    for name in ("code", "start", "qubits", "letters", "angle", "factor", "moment"):
        np.testing.assert_array_equal(getattr(got, name), getattr(want, name), err_msg=name)
    for name in ("constant", "start", "parameter", "coefficient", "spelling"):
        np.testing.assert_array_equal(getattr(got.angles, name), getattr(want.angles, name), err_msg=name)
    names = [[circuit.gates.names[i] for i in circuit.gates.name.tolist()] for circuit in (got, want)]
    assert [re.sub(r"[\dij]", "", name) for name in names[0]] == [re.sub(r"[\dij]", "", name) for name in names[1]]


def on(matrix):
    """The matrix on the first qubits of two."""
    return np.kron(matrix, np.eye(4 // len(matrix)))


@pytest.mark.parametrize(
    ("call", "matrix"),
    [
        ("inv @ s q[0]", on(S.conj())),
        ("inv @ inv @ s q[0]", on(S)),
        ("pow(2) @ s q[0]", on(S @ S)),
        ("pow(-1) @ s q[0]", on(S.conj())),
        ("pow(1 / 2) @ x q[0]", on(FIXED_MATRICES["csx"][2:, 2:])),
        ("ctrl @ y q[0], q[1]", np.block([[np.eye(2), np.zeros((2, 2))], [np.zeros((2, 2)), Y]])),
        ("negctrl @ x q[0], q[1]", np.block([[X, np.zeros((2, 2))], [np.zeros((2, 2)), np.eye(2)]])),
        ("ctrl @ h q[0], q[1]", FIXED_MATRICES["ch"]),
        ("inv @ pow(3) @ ctrl @ s q[0], q[1]", np.diag([1, 1, 1, 1j])),
        ("ctrl @ gphase(pi / 2) q[0]", on(S)),
        ("ctrl @ inv @ gphase(pi / 2) q[0]", on(S.conj())),
        ("ctrl @ hs q[0], q[1]", np.block([[np.eye(2), np.zeros((2, 2))], [np.zeros((2, 2)), 1j * S @ H]])),
        ("inv @ ctrl @ hs q[0], q[1]", np.block([[np.eye(2), np.zeros((2, 2))], [np.zeros((2, 2)), -1j * H @ S.conj()]])),
        ("ctrl @ pow(2) @ hs q[0], q[1]", np.block([[np.eye(2), np.zeros((2, 2))], [np.zeros((2, 2)), -S @ H @ S @ H]])),
    ],
)  # fmt: skip
def test_modifier_has_its_matrix(call, matrix):
    text = f"gate hs u {{ h u; s u; gphase(pi / 2); }} qubit[2] q; {call};"
    ours = unitary_of(read(f'OPENQASM 3.0; include "stdgates.inc"; {text}').circuit, {})
    assert abs(np.vdot(matrix, ours)) / 4 == pytest.approx(1, abs=1e-12)


def test_modified_gates_show_their_modifiers():
    gates = read(HEAD + "ctrl(2) @ rx(a) q[0], q[1], q[2]; inv @ s q;").circuit.gates
    assert [gates.names[i] for i in gates.name.tolist()] == ["ctrl(2) @ rx", *["inv @ s"] * 4]
    assert gates.arity.tolist() == [3, 1, 1, 1, 1]


def test_gates_of_a_loop_are_of_its_statements():
    circuit = read(HEAD + "for int i in [0:1] {\n  h q[i];\n  cx q[0], q[2:3];\n}\nx q[0];").circuit
    gates = circuit.gates
    assert [tuple(row) for row in zip(gates.statement.tolist(), gates.kind.tolist())] == [
        (0, GateOrigin.LOOP), (1, GateOrigin.LOOP), (1, GateOrigin.LOOP),
        (0, GateOrigin.LOOP), (1, GateOrigin.LOOP), (1, GateOrigin.LOOP), (2, GateOrigin.PLAIN),
    ]  # fmt: skip
    assert [span.line for span in circuit.spans] == [7, 8, 10]


def test_roles_reach_statements_inside_of_blocks():
    text = "for int i in [0:1] {\n  @bplint.fixed\n  rx(0.3) q[i];\n  ry(0.2) q[i]; // bplint: data\n}"
    assert read(HEAD + text).roles == {0: Role.FIXED, 1: Role.DATA}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("for int i in [0:1] { rx(0.3) q[i];\n@bplint.data\nry(0.2) q[i]; }", {0: Role.FIXED, 1: Role.DATA}),
        ("if (false) { rx(0.3) q[0]; } else ry(0.2) q[0];\nrx(0.2) q[0];", {0: Role.FIXED, 1: Role.FIXED}),
        ("{ @bplint.data\nfor int i in [0:1] rx(0.3) q[i];\nrx(0.2) q[0]; }", {0: Role.DATA, 1: Role.FIXED}),
        ("def f(qubit r) { rx(0.3) r; { h r; } }\nf(q[0]);", {0: Role.FIXED, 1: Role.FIXED}),
        ("f(q[0]);\nrx(0.2) q[0];", {0: Role.FIXED}),
        ("// why\ng(q[0]);", {0: Role.FIXED, 1: Role.FIXED}),
        ("switch (1) { case 1 { rx(0.2) q[0]; } default { ry(0.2) q[0]; } }", {0: Role.FIXED, 1: Role.FIXED}),
    ],
)
def test_annotation_speaks_of_all_statements_inside(text, roles):
    subroutines = "def f(qubit r) { rx(0.3) r; }\n" * text.startswith(("f(", "//"))
    subroutines += "def g(qubit r) { f(r); ry(0.2) r; }\n" * text.startswith("//")
    assert read(f"{HEAD}{subroutines}@bplint.fixed\n{text}").roles == roles


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("barrier q; let r = q;", "no gate statement follows this annotation"),
        ("for int i in [0:1] { }", "no gate statement follows this annotation"),
        ("f(q[1]);", "f is called in other places too, so an annotation here cannot speak of its gates"),
    ],
)
def test_annotation_that_speaks_of_no_statements_is_refused(text, message):
    with pytest.raises(SourceError) as caught:
        read(HEAD + "def f(qubit r) { rx(0.3) r; } f(q[0]);\n@bplint.fixed\n" + text)
    assert caught.value.message == message


def test_output_and_defaults_are_noted():
    notes = [note.text for note in read(HEAD + "input float b = 0.5; output bit r; r = measure q[0];").notes]
    assert "the default 0.5 of b is not used: b is a parameter" in notes
    assert "output r is read as a variable" in notes


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("const int n = 4; qubit[n] q; U(1, 0, 0) q;", 4),
        ("const int n = 4; qubit[n] q; for int i in [0:n - 1] { U(1, 0, 0) q[i]; }", 4),
        ("input int n; qubit[n] q; U(1, 0, 0) q;", None),
        ("input uint[8] n; qubit[n] q; for int i in [0:n - 1] { U(1, 0, 0) q[i]; }", None),
    ],
)
def test_sizes_can_be_overridden_in_both_readers(text, size):
    assert read(text, overrides={"n": 6}).circuit.n_qubits == 6
    assert len(read(text, overrides={"n": 6}).circuit.gates) == 6
    if size is None:
        with pytest.raises(SourceError, match="the value of the parameter n decides here") as caught:
            read(text)
        assert caught.value.hint == "give it with --set n=8"
    else:
        assert read(text).circuit.n_qubits == size


def test_override_of_an_unknown_name_is_refused():
    with pytest.raises(SourceError, match="--set m: the file declares no const int or input int") as caught:
        read("const int size = 3; qubit[size] q; U(1, 0, 0) q;", overrides={"m": 6})
    assert caught.value.hint == "declared: size"
    with pytest.raises(SourceError) as caught:
        read("const int size = 3; qubit[size] q; let a = q;", overrides={"sise": 6})
    assert caught.value.hint == "did you mean size?"


@pytest.mark.parametrize(
    ("angle", "value"),
    [("+".join(["0.5"] * 20_000), 10_000.0), (f"{'-' * 20_000}1", 1.0), ("**".join(["1"] * 20_000), 1.0)],
    ids=range(3),
)
def test_an_expression_may_be_long(angle, value):
    circuit = read(f"{HEAD}let r = q; rx({angle}) q[0];").circuit
    assert circuit.angles.constant[circuit.angle].tolist() == [value]


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        (
            "defcal pulse(angle t) $0 { play(d0, gaussian(t)); }",
            ["the calibration of pulse is passed over: nothing calls it"],
        ),
        ('defcalgrammar "openpulse";', ["defcalgrammar is passed over"]),
        (
            "defcal x $0 { } defcal y $0 { x; }",
            [f"the calibration of {g} is passed over: nothing calls it" for g in "xy"],
        ),
        ("defcal measure $0 -> bit { }", ["the calibration of measure is passed over: nothing calls it"]),
    ],
)
def test_a_calibration_that_nothing_calls_is_passed_over(extra, told):
    head = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; '
    program = read(f"{head}{extra} for int i in [0:1] {{ ry(0.3) q[i]; }}")
    assert len(program.circuit) == 2
    assert [note.text for note in program.notes] == told


def test_a_subroutine_sees_constants_of_the_file_and_nothing_else():
    text = HEAD + 'const bit[3] secret = "101"; int n = 2;\n'
    text += "def f(qubit[3] r) { for int i in [0:2] { if (secret[i]) { rx(0.25 * i) r[i]; } } }\n"
    circuit = read(text + "for int k in [0:0] { f(q[0:2]); }").circuit
    assert (circuit.gates.names, list(circuit.angles.columns.constant)[-2:]) == (("rx",), [0.0, 0.5])
    for hidden in ("n", "k"):
        inner = f"def g(qubit r) {{ rx({hidden}) r; }} for int k in [0:0] {{ g(q[0]); }}"
        with pytest.raises(SourceError, match=f"there is no parameter or constant {hidden}"):
            read(text + inner)
    local = "def h(qubit r) { int secret = 1; rx(secret) r; } h(q[3]);"
    assert list(read(text + local).circuit.angles.columns.constant)[-1:] == [1.0]


def test_an_assignment_with_an_operator_keeps_the_type():
    assert read(HEAD + "bit[2] b = 1; b |= 2; if (b == 3) { x q[0]; }").circuit.gates.names == ("x",)
    with pytest.raises(Unsupported, match="~=: write it out"):
        read(HEAD + "int i = 3; i ~= 1; x q[i];")


def test_parameters_cannot_be_changed_by_a_subroutine_within_a_subroutine():
    text = HEAD + "input array[float, 2] w; array[float, 2] v = {0.1, 0.2};\n"
    text += "def f(mutable array[float, 2] e, qubit r) { e[0] = 3; rx(e[0]) r; }\n"
    text += "def g(readonly array[float, 2] e, qubit r) { f(e, r); }\n"
    circuit = read(text + "g(v, q[0]); rx(v[0]) q[0];").circuit
    assert circuit.angles.constant[circuit.angle].tolist() == [3.0, 0.1]
    with pytest.raises(SourceError, match="e is a constant"):
        read(text + "g(w, q[0]);")


@pytest.mark.parametrize(
    "text",
    [
        "{ bit[2] b; b[1] = measure q[0]; if (b[1]) { x q[1]; } }",
        "def f(qubit r) { c[1] = measure r; } f(q[0]); if (c[1]) { x q[1]; }",
        "bit[2] b; b[1] = measure q[0]; bit[2] d = b; if (d[1]) { x q[1]; }",
    ],
)
def test_an_outcome_is_in_its_place_of_a_row_of_bits(text):
    (gate,) = read(HEAD + text).circuit.gates.names
    assert gate == "if x"
    with pytest.raises(Unsupported, match=r"[bcd] has no value that is known before the program is run"):
        read(HEAD + text.replace("b[1])", "b[0])").replace("c[1])", "c[0])").replace("d[1])", "d[0])"))


def test_an_array_takes_arrays_of_its_shape_only():
    head = HEAD + "array[float, 2] v = {0.1, 0.2};\n"
    circuit = read(head + "array[float, 2] w = v; w[0] = 1; rx(w[0] + v[0]) q[0];").circuit
    assert circuit.angles.constant[circuit.angle].tolist() == [1.1]
    with pytest.raises(SourceError, match="want an array"):
        read(head + "array[float, 3] w = v;")
