"""Statements of flat OpenQASM: what they become, and what is said when they cannot be read."""

import subprocess
import sys

import numpy as np
import pytest

from bplint.errors import LimitError, SourceError, Span, Unsupported
from bplint.importers.qasm import NotFlat, read
from bplint.ir.circuit import Circuit, Kind
from dense import unitary

HEAD_2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\ncreg c[3];\n'
SAYS_2 = "change the first line to OPENQASM 3.0;"
HEAD_3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\nbit[3] c;\n'


def gates(program):
    """(name, qubits of its operations, kind, index, line) of each gate that does something."""
    circuit = program.circuit
    found = {}
    for k in range(len(circuit)):
        found.setdefault(int(circuit.gate[k]), []).extend(circuit.operands(k))
    table = circuit.gates
    return [
        (
            table.names[table.name[g]],
            tuple(dict.fromkeys(qubits)),
            Kind(table.kind[g]),
            int(table.index[g]),
            int(circuit.spans[table.statement[g]][0]),
        )
        for g, qubits in found.items()
    ]


def names(text):
    return [(name, qubits) for name, qubits, *_ in gates(read(text))]


def refused(text):
    with pytest.raises(SourceError) as caught:
        read(text)
    return caught.value


def notes(text):
    return [note.text for note in read(text).notes]


def test_reading_loads_no_other_library():
    code = (
        f"import sys; from bplint.importers.qasm import read; read({HEAD_2 + 'rx(a*b) q[0];'!r}); print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert not loaded & {"qiskit", "cirq", "openqasm3", "antlr4", "sympy", "scipy", "difflib"}


def test_plain_gates_keep_their_names_and_places():
    assert gates(read(HEAD_2 + "u1(0.1) q[1];\n  CX q[2], q[0]; h\tq[0];")) == [
        ("u1", (1,), Kind.PLAIN, 0, 5),
        ("CX", (2, 0), Kind.PLAIN, 0, 6),
        ("h", (0,), Kind.PLAIN, 0, 6),
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


def test_broadcast_gates_are_numbered_within_their_statement():
    assert gates(read(HEAD_3 + "h q;\nx q[0];")) == [
        *(("h", (i,), Kind.BROADCAST, i, 5) for i in range(3)),
        ("x", (0,), Kind.PLAIN, 0, 6),
    ]


def test_gate_body_is_inlined():
    text = (
        HEAD_2 + "gate inner(t) x,y { rz(t/2) y; cx x,y; }\n"
        "gate outer(s,t) x,y { barrier x,y; inner(s+t) y,x; gphase(s); h x; id y; }\nouter(0.5,a) q[2],q[0];\n"
    )
    program = read(text)
    assert gates(program) == [
        ("rz", (2,), Kind.BODY, 0, 7),
        ("cx", (0, 2), Kind.BODY, 1, 7),
        ("h", (2,), Kind.BODY, 2, 7),
    ]
    circuit = program.circuit
    assert circuit.angles.constant.tolist() == [0.25]
    assert circuit.angles.terms(0) == [(0, 0.5)]


def test_broadcast_bodies_are_numbered_through():
    text = HEAD_2 + "gate g x { h x; s x; }\ng q;\n"
    assert [(qubits, index) for _, qubits, _, index, _ in gates(read(text))] == [
        ((q,), 2 * q + i) for q in range(3) for i in range(2)
    ]


def test_own_definition_wins_over_the_built_in_meaning():
    text = HEAD_2 + "gate rzz(t) a,b { cx a,b; u1(t) b; cx a,b; }\nrzz(0.5) q[0],q[1];\n"
    assert [name for name, _ in names(text)] == ["cx", "u1", "cx"]
    assert [name for name, _ in names("gate h a { x a; } qubit q; h q;")] == ["x"]


def test_expression_in_a_body_takes_the_arguments():
    text = HEAD_2 + "gate g(s,t) a { rx(s*t) a; }\ng(2,a) q[0]; g(a,b+pi) q[0]; g(0.5,3) q[0];\n"
    circuit = read(text).circuit
    assert [p.name for p in circuit.parameters] == ["a", "b", "a*(b + pi)"]
    assert [(c, circuit.angles.terms(i)) for i, c in enumerate(circuit.angles.constant)] == [
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
    for name in Circuit.__slots__:
        if name not in ("spans", "angles", "gates"):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)
    for table in ("angles", "gates"):
        for name in type(getattr(a, table)).__slots__:
            np.testing.assert_array_equal(
                getattr(getattr(a, table), name), getattr(getattr(b, table), name), err_msg=name
            )
    assert a.spans[:, 0].tolist() == b.spans[:, 0].tolist()
    assert abs(np.trace(unitary(a, {}).conj().T @ unitary(b, {}))) == pytest.approx(4)


@pytest.mark.parametrize(
    ("statement", "message", "columns", "hint"),
    [
        ("foo(0.3) q[0];", "there is no gate foo", (1, 4), None),
        ("rzzz(0.3) q[0];", "there is no gate rzzz", (1, 5), "did you mean rzz?"),
        ("ry q[0];", "ry takes 1 angle and 1 qubit; here 0 angles", (1, 9), None),
        ("ry() q[0];", "ry takes 1 angle and 1 qubit; here 0 angles", (1, 11), None),
        ("rx(1,2) q[0],q[1];", "rx takes 1 angle and 1 qubit; here 2 angles and 2 qubits", (1, 19), None),
        ("cx q[0];", "cx takes 0 angles and 2 qubits; here 1 qubit", (1, 9), None),
        ("cx q[0], q[0];", "cx acts twice on one qubit: q[0], q[0]", (1, 15), "name 2 different qubits"),
        ("cx q, q;", "cx acts twice on one qubit: q, q", (1, 9), "name 2 different qubits"),
        ("h q[3];", "q[3] is out of range: q has 3 qubits, 0 to 2", (3, 7), None),
        ("cx q[0], q[ 99 ];", "q[99] is out of range: q has 3 qubits, 0 to 2", (10, 17), None),
        ("h q[ ];", "an index is missing: q[ ]", (3, 7), None),
        ("h r[0];", "there is no qubit register r", (3, 4), "there is q"),
        ("h c[0];", "c is made of bits, not of qubits", (3, 4), None),
        ("h q[0] q[1];", "cannot read the operand q[0] q[1]", (3, 12), None),
        ("cx q[0],;", "an operand is missing", (8, 9), None),
        ("qbit r;", "there is no gate qbit", (1, 5), "did you mean qubit?"),
        ("qreg q[2];", "q is already the name of a qubit register, from line 3", (6, 7), None),
        ("qreg q2[0];", "a register needs at least one qubit, here 0", (6, 8), None),
        (
            "gate h a { x a; }",
            "gate h is already defined by qelib1.inc",
            (6, 7),
            "give it another name, or leave out the include",
        ),
        ("gate g a { g a; }", "gate g calls itself", (12, 15), None),
        ("gate g a { h b; }", "there is no qubit of the gate b", (14, 15), "there is a"),
        ("gate g a { rx(t) a; }", "there is no angle of the gate t", (15, 16), None),
        ("gate g a { h a }", "cannot read h a in a gate body", (12, 16), "is a ; missing?"),
        ("gate g a, a { }", "two qubits of the gate are named a", (11, 12), None),
        ("gate g a { cx a, a; }", "cx acts twice on one qubit of the gate", (12, 19), None),
        ("gate g a { h a; ", "the body of gate g is never closed", (6, 7), None),
        ("gate U(t) a { }", "gate U is part of OpenQASM and cannot be defined", (6, 7), None),
        ("f q[0]; gate f a { }", "gate f is used before its definition on line 5", (1, 2), None),
        ("sx q[0]; gate sx a { }", "gate sx is defined here but used before, on line 5", (15, 17), None),
        ("measure q -> m;", "there is no bit register m", (14, 15), "declare it: creg m[3];"),
        ("q q[0];", "q is a qubit register: there is no gate q", (1, 2), None),
        ("measure q -> c[0];", "3 qubits cannot be measured into 1 bits", (1, 19), None),
        ("measure q[0], q[1] -> c;", "a measurement takes one operand on each side", (1, 25), None),
        ("h q[0]", "a ; is missing at the end of this statement", (1, 7), None),
        (
            "h q[-1];",
            "the index -1 is OpenQASM 3; the first line says 2.0",
            (5, 7),
            SAYS_2,
        ),
        ("qubit r;", "qubit is OpenQASM 3; the first line says 2.0", (1, 6), SAYS_2),
        (
            "ctrl @ x q[0], q[1];",
            "gate modifier ctrl @ is OpenQASM 3; the first line says 2.0",
            (1, 5),
            SAYS_2,
        ),
        ("OPENQASM 2.0;", "a second version line", (1, 14), None),
        ("gphase(1) q[0];", "gphase takes 1 angle and no qubit", (1, 16), None),
        ("]h q[0];", "cannot read ]h q[0];", (1, 9), None),
    ],
)
def test_fault_is_placed_and_named(statement, message, columns, hint):
    error = refused(HEAD_2 + statement)
    assert error.message == message
    assert (error.span.line, error.span.column, error.span.end_column) == (5, *columns)
    assert error.hint == hint


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("h q[0:0:2];", "the step of a slice cannot be 0"),
        ("h q[2:1];", "q[2:1] names no element"),
        ("h q[{0, 0}];", "q[{0, 0}] names an element twice"),
        ("h q[0.5];", "an index must be a whole number, here 0.5"),
        ("cx q[0:1], q;", "registers of different sizes: 2 and 3 qubits"),
        ("qubit s; h s[0];", "s is a single qubit: write s alone"),
        ("h $0;", "physical qubits and declared qubits in one file"),
        ("const float pi = 3;", "pi is a word of OpenQASM and cannot be the name of a constant"),
        ("input float[64] w[2];", "the size of an array stands in its type"),
        ("qubit[q] r;", "q is a qubit register: there is no parameter or constant q"),
        ("const int k = m + 1;", "there is no parameter or constant m"),
        ("opaque g a;", "an opaque gate has no definition"),
        ("measure q -> c; x q[1];", "mid-circuit measurement: this qubit was measured on line 5"),
        ("x q[1]; reset q;", "mid-circuit reset: something was done to this qubit"),
        ("OPENQASM 3.0;", "a second version line"),
    ],
)
def test_fault_in_openqasm_3(statement, message):
    error = refused(HEAD_3 + statement)
    assert error.message == message
    assert error.span.line == 5
    assert not isinstance(error, NotFlat)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("for int i in [0:2] { h q[i]; }", "for loop"),
        ("while (true) { }", "while loop"),
        ("if (c == 1) x q[0];", "if statement"),
        ("switch (i) { }", "switch statement"),
        ("def f(qubit a) { h a; }", "subroutine (def)"),
        ("let a = q[0:1];", "alias (let)"),
        ("ctrl @ x q[0], q[1];", "gate modifier ctrl @"),
        ("inv @ s q[0];", "gate modifier inv @"),
        ("pow(2) @ s q[0];", "gate modifier pow @"),
        ("gate g a { inv @ s a; }", "gate modifier inv @"),
        ("gate g a { inv @s a; }", "gate modifier inv @"),
        ("pow(2) @s q[0]; // why", "gate modifier pow @"),
        ("box { h q[0]; }", "box"),
        ("extern f(int) -> int;", "extern function"),
        ("defcal x $0 { }", "pulse calibration (defcal)"),
        ("output bit r;", "output declaration"),
        ("float x = 0.5;", "classical variable (float)"),
        ("bit r = 1;", "classical variable (bit)"),
        ("c[0] = 1;", "assignment"),
        ("c |= 1;", "assignment"),
        ("input bool b;", "input of type bool"),
        ("input array[float, 2, 2] m;", "input of type array"),
        ("const bool b = true;", "constant of type bool"),
        ("input int n; qubit[n] r;", "the value of the parameter n decides here"),
    ],
)
def test_the_full_grammar_is_needed(statement, what):
    error = refused(HEAD_3 + statement)
    assert isinstance(error, NotFlat)
    assert error.message == f"not read yet: {what}"
    assert error.span.line == 5


def test_old_condition_is_refused_for_good():
    error = refused(HEAD_2 + "if(c==1) x q[0];")
    assert isinstance(error, Unsupported)
    assert not isinstance(error, NotFlat)


@pytest.mark.parametrize("path", ["/dev/stdin", "../x.inc", "http://x/y.inc", ""])
def test_no_other_file_is_included(path):
    error = refused(f'OPENQASM 2.0;\ninclude "{path}";\nqreg q[1];\n')
    assert error.message == f'not read yet: include of other files, here "{path}"'
    assert error.span == Span(2, 9, 2, 11 + len(path))


def test_library_gate_without_its_include_is_refused_in_openqasm_2():
    error = refused("OPENQASM 2.0;\nqreg q[1];\nh q[0];\n")
    assert (error.message, error.hint) == (
        "h is a gate of qelib1.inc, which is not included",
        'add the line include "qelib1.inc";',
    )


@pytest.mark.parametrize("text", ["", " \n\t", "// nothing\n", "/* nothing */"])
def test_empty_source_is_refused(text):
    assert refused(text).message == "nothing to read: no OpenQASM statement"


def test_source_without_qubits_is_refused():
    assert refused('OPENQASM 2.0; include "qelib1.inc";').message == "nothing to read: the file declares no qubit"


def test_words_of_openqasm_3_are_names_in_openqasm_2():
    text = 'OPENQASM 2.0;include "qelib1.inc";gate box(angle) bit { rx(angle) bit; } qreg input[1];box(0.5) input[0];'
    assert names(text) == [("rx", (0,))]


def test_many_operations_are_counted_before_they_are_made():
    bodies = "gate g0 a { x a; }\n" + "".join(f"gate g{i} a {{ g{i - 1} a; g{i - 1} a; }}\n" for i in range(1, 80))
    with pytest.raises(LimitError, match="more than 10\\^15 operations: the limit `operations` is 2,000,000"):
        read(HEAD_2 + bodies + "g79 q[0];")
