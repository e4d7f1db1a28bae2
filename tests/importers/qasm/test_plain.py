"""Plain statements of OpenQASM and what they become."""

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from bplint.errors import LimitError, Span
from bplint.importers.qasm import read
from bplint.ir.circuit import GateOrigin
from dense import unitary

HEAD_2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\ncreg c[3];\n'
HEAD_3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\nbit[3] c;\n'


def gates(program):
    """(name, qubits of its operations, kind, line) of each gate that does something."""
    circuit = program.circuit
    found = {}
    for k in range(len(circuit)):
        found.setdefault(int(circuit.gate[k]), []).extend(circuit.operands(k))
    table = circuit.gates
    return [
        (
            table.names[table.name[g]],
            tuple(dict.fromkeys(qubits)),
            GateOrigin(table.kind[g]),
            circuit.spans[table.statement[g]].line,
        )
        for g, qubits in found.items()
    ]


def names(text):
    return [(name, qubits) for name, qubits, *_ in gates(read(text))]


def notes(text):
    return [note.text for note in read(text).notes]


def test_reading_loads_no_other_library():
    text = HEAD_2 + "rx(a) q[0]; cx q[0],q[1];"
    code = f"import sys; from bplint.importers.qasm import read; read({text!r}); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert not loaded & {"qiskit", "cirq", "openqasm3", "antlr4", "sympy", "scipy", "difflib"}


def test_plain_gates_keep_their_names_and_places():
    assert gates(read(HEAD_2 + "u1(0.1) q[1];\n  CX q[2], q[0]; h\tq[0];")) == [
        ("u1", (1,), GateOrigin.PLAIN, 5),
        ("CX", (2, 0), GateOrigin.PLAIN, 6),
        ("h", (0,), GateOrigin.PLAIN, 6),
    ]


def test_statement_spans_lines():
    circuit = read(HEAD_2 + "h q[0]; cx // why\n  q[0],\n  q[1];").circuit
    assert [circuit.span(0), circuit.span(1)] == [Span(5, 1, 5, 8), Span(5, 9, 7, 8)]


def test_gates_that_do_nothing_leave_no_operation():
    text = HEAD_3 + "input float t;\nid q[0]; gphase(t); u0(t) q[1]; barrier q; barrier; delay[100ns] q[0]; nop q;;"
    program = read(text)
    assert len(program.circuit) == 0
    assert program.circuit.n_qubits == 3
    assert "in no gate: t" in [note.text for note in program.notes]


@pytest.mark.parametrize(
    ("call", "want"),
    [
        ("h q;", [(0,), (1,), (2,)]),
        ("cx q, r;", [(0, 3), (1, 4), (2, 5)]),
        ("cx q[1], r;", [(1, 3), (1, 4), (1, 5)]),
        ("cx r, s;", [(3, 6), (4, 6), (5, 6)]),
        ("cx q[0:1], r[{2, 0}];", [(0, 5), (1, 3)]),
        ("h q[0:2:2];", [(0,), (2,)]),
        ("h q[2:-1:0];", [(2,), (1,), (0,)]),
        ("h q[1:];", [(1,), (2,)]),
        ("h q[:n];", [(0,), (1,)]),
        ("h q[-2:-1];", [(1,), (2,)]),
        ("h q[n + 1];", [(2,)]),
        ("h q[-1];", [(2,)]),
        ("h s;", [(6,)]),
    ],
)
def test_operands(call, want):
    text = 'include "stdgates.inc"; const int n = 1; qubit[3] q; qubit[3] r; qubit s;'
    assert [qubits for _, qubits in names(text + call)] == want


def test_broadcast_gates_are_of_one_statement():
    assert gates(read(HEAD_3 + "h q;\nx q[0];")) == [
        *(("h", (i,), GateOrigin.BROADCAST, 5) for i in range(3)),
        ("x", (0,), GateOrigin.PLAIN, 6),
    ]


def test_gate_body_is_inlined():
    text = (
        HEAD_2 + "gate inner(t) x,y { rz(t/2) y; cx x,y; }\n"
        "gate outer(s,t) x,y { barrier x,y; inner(s+t) y,x; gphase(s); h x; id y; }\nouter(0.5,a) q[2],q[0];\n"
    )
    program = read(text)
    assert gates(program) == [
        ("rz", (2,), GateOrigin.BODY, 7),
        ("cx", (0, 2), GateOrigin.BODY, 7),
        ("h", (2,), GateOrigin.BODY, 7),
    ]
    circuit = program.circuit
    assert circuit.angles.constant[circuit.angle[0]] == 0.25
    assert circuit.angles.terms(circuit.angle[0]) == [(0, 0.5)]


def test_broadcast_bodies_stand_one_after_the_other():
    text = HEAD_2 + "gate g x { h x; s x; }\ng q;\n"
    assert names(text) == [(name, (q,)) for q in range(3) for name in "hs"]


def test_own_definition_wins_over_the_built_in_meaning():
    text = HEAD_2 + "gate rzz(t) a,b { cx a,b; u1(t) b; cx a,b; }\nrzz(0.5) q[0],q[1];\n"
    assert [name for name, _ in names(text)] == ["cx", "u1", "cx"]
    assert [name for name, _ in names("gate h a { x a; } qubit q; h q;")] == ["x"]


def test_expression_in_a_body_takes_the_arguments():
    text = HEAD_2 + "gate g(s,t) a { rx(s*t) a; }\ng(2,a) q[0]; g(a,b+pi) q[0]; g(0.5,3) q[0];\n"
    circuit = read(text).circuit
    assert [p.name for p in circuit.parameters] == ["a", "b", "a*(b + pi)"]
    assert [(circuit.angles.constant[row], circuit.angles.terms(row)) for row in circuit.angle] == [
        (0.0, [(0, 2.0)]),
        (0.0, [(2, 1.0)]),
        (1.5, []),
    ]


def test_parameters_stand_in_the_order_of_declaration():
    text = "input float[64] t; input array[float[64], 3] w; input angle z = 0.5; input uint[8] k; qubit q;"
    program = read(text + "U(w[2], t, 0) q; U(k*pi/4, 0, 0) q;")
    assert [p.name for p in program.circuit.parameters] == ["t", "w[0]", "w[1]", "w[2]", "z", "k"]
    assert [note.text for note in program.notes] == [
        "in no gate: w[0], w[1], z",
        "the default 0.5 of z is not used: z is a parameter",
    ]
    assert program.circuit.parameters[3].span == Span(1, 46, 1, 47)


def test_undeclared_names_are_parameters_in_order_of_appearance():
    text = HEAD_2 + "rz((t1)*pi) q[0];\nrx(t0 - theta[3]) q[1];\n"
    assert [p.name for p in read(text).circuit.parameters] == ["t1", "t0", "theta[3]"]
    assert notes(text) == ["not declared: t1, t0, theta; taken as parameters"]


def test_inputs_may_be_named_like_gates():
    text = 'include "stdgates.inc"; input float t; input float s; qubit q; rx(t) q; t q; rz(s) q; s q;'
    assert [name for name, _ in names(text)] == ["rx", "t", "rz", "s"]


def test_gates_without_declaration_are_noted_once():
    text = HEAD_2 + "sx q[0]; rzx(0.1) q[0],q[1]; ecr q[0],q[1]; rzx(0.2) q[0],q[1];"
    assert notes(text) == ["used without being declared: rzx, ecr; taken as Qiskit or Braket define them"]
    assert notes("qubit q; h q;") == ["used without being declared: h; taken as Qiskit or Braket define them"]
    assert notes("qubit q; U(0.1, 0, 0) q;") == []


def test_registers_may_follow_gates():
    assert read(HEAD_2 + "h q[0];\nqreg r[2];\ncx q[0],r[1];\n").circuit.n_qubits == 5


def test_physical_qubits_are_numbered_as_they_are():
    circuit = read('include "stdgates.inc"; cx $0, $7;').circuit
    assert (circuit.n_qubits, circuit.operands(0)) == (8, [0, 7])


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        (HEAD_2 + "h q[0]; measure q[2] -> c[0]; measure q[0] -> c[1];", (0, 2)),
        (HEAD_2 + "h q[0]; measure q -> c;", (0, 1, 2)),
        (HEAD_3 + "h q[0]; c = measure q;", (0, 1, 2)),
        (HEAD_3 + "h q[0]; c[0:1] = measure q[1:2]; measure q[1];", (1, 2)),
        (HEAD_3 + "bit[2] d = measure q[{0, 2}]; bit e = measure q[0]; barrier q;", (0, 2)),
        (HEAD_3 + "measure q[1] -> c[1]; h q[0];", (1,)),
        (HEAD_2 + "h q[0];", ()),
    ],
)
def test_measured_qubits(text, measured):
    assert read(text).circuit.measured == measured


def test_reset_at_the_start_is_the_initial_state():
    assert names(HEAD_2 + "reset q; h q[0]; reset q[1];") == [("h", (0,))]


TWIN_2 = """OPENQASM 2.0;
include "qelib1.inc";
gate g(a,b) x,y { u3(a,b,-b) x; cx x,y; }
qreg q[2];
creg c[2];
ry(0.25) q[0];
g(0.5,pi/8) q[0],q[1];
h q;
cp(1e-3) q[1],q[0];
measure q[0] -> c[0];
"""
TWIN_3 = """OPENQASM 3.0;
include "stdgates.inc";
gate g(a, b) x, y { u3(a, b, -b) x; cx x, y; }
qubit[2] q;
bit[2] c;
ry(0.25) q[0];
g(0.5, pi / 8) q[0], q[1];
h q;
cp(1e-3) q[1], q[0];
c[0] = measure q[0];
"""


def test_both_dialects_give_the_same_arrays():
    a, b = read(TWIN_2).circuit, read(TWIN_3).circuit
    assert replace(a, places=b.places) == b
    assert [span.line for span in a.spans] == [span.line for span in b.spans]
    assert abs(np.trace(unitary(a, {}).conj().T @ unitary(b, {}))) == pytest.approx(4)


def test_words_of_openqasm_3_are_names_in_openqasm_2():
    text = 'OPENQASM 2.0;include "qelib1.inc";gate box(angle) bit { rx(angle) bit; } qreg input[1];box(0.5) input[0];'
    assert names(text) == [("rx", (0,))]


def test_many_operations_are_counted_before_they_are_made():
    bodies = "gate g0 a { x a; }\n" + "".join(f"gate g{i} a {{ g{i - 1} a; g{i - 1} a; }}\n" for i in range(1, 80))
    with pytest.raises(LimitError, match="more than 10\\^18 operations: the limit `operations` is 2,000,000"):
        read(HEAD_2 + bodies + "g79 q[0];")


@pytest.mark.parametrize(
    "text",
    [
        HEAD_2 + "opaque wait(t) a;\nry(0.3) q[0]; cx q[0],q[1];",
        HEAD_2 + "ry(0.3) q[0]; cx q[0],q[1]; opaque rest(a, b) x, y;",
        HEAD_3 + "opaque wait x;\nry(0.3) q[0]; cx q[0],q[1];",
        HEAD_2 + "gate opaquely a { h a; } opaque other a; ry(0.3) q[0]; cx q[0],q[1];",
    ],
)
def test_an_opaque_gate_that_nothing_calls_is_passed_over(text):
    program = read(text)
    assert [name for name, *_ in gates(program)] == ["ry", "cx"]
    (note,) = program.notes
    assert re.fullmatch("the opaque gate (wait|rest|other) is passed over: nothing calls it", note.text)


@pytest.mark.parametrize("head", [HEAD_2, HEAD_3, HEAD_3 + "let a = q; "])
@pytest.mark.parametrize(
    "statement", ["barrier q[0], q[1], ;", "barrier q,;", "cx q[0], q[1],;", "cx q[0], q[1] , \n ;", "rz(0.1) q[2],;"]
)
def test_one_comma_may_follow_the_operands(head, statement):
    without = re.sub(r"\s*,\s*;", ";", statement)
    assert without != statement
    assert gates(read(head + statement)) == gates(read(head + without))
