"""What is said of OpenQASM that cannot be read: the words, the place and the advice."""

import pytest

from bplint.errors import SourceError, Span
from bplint.importers.qasm import read

HEAD_2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\ncreg c[3];\n'
HEAD_3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\nbit[3] c;\n'
SAYS_2 = "change the first line to OPENQASM 3.0;"


def refused(text):
    with pytest.raises(SourceError) as caught:
        read(text)
    return caught.value


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
        ("h r[0];", "there is no qubit register r", (3, 4), "declared: q"),
        ("h c[0];", "c is made of bits, not of qubits", (3, 4), None),
        ("h q[0] q[1];", "cannot read the operand q[0] q[1]", (3, 12), None),
        ("cx q[0],,;", "an operand is missing", (8, 9), None),
        ("qbit r;", "there is no gate qbit", (1, 5), "did you mean qubit?"),
        ("CNOT q[0],q[1];", "there is no gate CNOT", (1, 5), "did you mean cnot?"),
        ("qreg q[2];", "q is already the name of a qubit register, from line 3", (6, 7), None),
        ("qreg q2[0];", "a register needs at least one qubit, here 0", (6, 8), None),
        (
            "gate h a { x a; }",
            "gate h is already defined by qelib1.inc",
            (6, 7),
            "give it another name, or leave out the include",
        ),
        ("gate g a { g a; }", "gate g calls itself", (12, 16), None),
        ("gate g a { h b; }", "there is no qubit of the gate b", (14, 15), "declared: a"),
        ("gate g a { rx(t) a; }", "there is no angle of the gate t", (15, 16), None),
        ("gate g a { h a }", "cannot read h a in a gate body", (12, 15), "is a ; missing?"),
        ("gate g a, a { }", "two qubits of the gate are named a", (11, 12), None),
        ("gate g a { cx a, a; }", "cx acts twice on one qubit of the gate", (12, 20), None),
        ("gate g a { h a; ", "the body of gate g is never closed", (6, 7), None),
        ("gate U(t) a { }", "gate U is part of OpenQASM and cannot be defined", (6, 7), None),
        ("f q[0]; gate f a { }", "gate f is used before its definition on line 5", (1, 2), None),
        ("sx q[0]; gate sx a { }", "gate sx is defined here but used before, on line 5", (15, 17), None),
        ("measure q -> m;", "there is no bit register m", (14, 15), "declare it: creg m[3];"),
        ("q q[0];", "q is a qubit register: there is no gate q", (1, 2), None),
        ("measure q -> c[0];", "3 qubits cannot be measured into 1 bit", (1, 19), None),
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
        ("x;", "x takes 0 angles and 1 qubit; here 0 qubits", (1, 3), None),
        ("H ;", "there is no gate H", (1, 2), "did you mean h?"),
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
        ("qubit[q] r;", "q is a qubit register, not a number"),
        ("const int k = m + 1;", "there is no parameter or constant m"),
        ("opaque g a; g q[0];", "g is an opaque gate, from line 5: it has no definition"),
        ("opaque g(t) a; gate k a { g(1) a; }", "g is an opaque gate, from line 5: it has no definition"),
        ("opaque g a; opaque g a;", "gate g is already declared on line 5"),
        ("opaque g a; gate g a { x a; }", "gate g is already declared on line 5"),
        ("opaque;", "want opaque name(angles) qubits;"),
        ("x q[0],,;", "an operand is missing"),
        ("barrier ,;", "cannot read the operand ,"),
        ("OPENQASM 3.0;", "a second version line"),
    ],
)
def test_fault_in_openqasm_3(statement, message):
    error = refused(HEAD_3 + statement)
    assert error.message == message
    assert error.span.line == 5


@pytest.mark.parametrize(
    ("statement", "message", "columns"),
    [
        ("if (c == 1) x q[0];", "c has no value that is known before the program is run", (5, 6)),
        ("c = measure q; int i = c[0]; rx(0.3) q[0];", "c is the outcome of the measurement on line 5", (24, 28)),
        ("extern f(int) -> int;", "extern function cannot be modelled", (1, 22)),
        ("defcal x $0 { } x q[0];", "pulse calibration (defcal) cannot be modelled", (1, 16)),
        ("gate k a { x a; } defcal k $0 { }", "pulse calibration (defcal) cannot be modelled", (19, 34)),
        ("defcal measure $0 -> bit { } c = measure q;", "pulse calibration (defcal) cannot be modelled", (1, 29)),
        ("cal { }", "pulse calibration (cal) cannot be modelled", (1, 8)),
        ("stretch s;", "a stretch has no length before a run", (1, 11)),
        ("input bool b; if (b) { h q; }", "b is known only when the program is run", (19, 20)),
        ("input float t; if (t > 1) { h q; }", "the value of the parameter t decides here", (20, 25)),
        ("input int n; qubit[n] r;", "the value of the parameter n decides here", (20, 21)),
        ("for int i in [0:3] { h q[i]; }", "q[3] is out of range: q has 3 qubits, 0 to 2", (24, 28)),
        ("for int i in [0:0:3] { }", "the step of a range cannot be 0", (15, 20)),
        ("while (true) { h q; }", "this loop never ends: nothing in it changes", (1, 22)),
        ("def f(qubit a) { f(a); } f(q[0]);", "subroutine f calls itself", (18, 22)),
        ("let a = q ++ q[0:1];", "q ++ q[0:1] names an element twice", (9, 20)),
        ("let a = q[0:1]; cx a[0], q[0];", "cx acts twice on one qubit: a[0], q[0]", (17, 31)),
        ("ctrl @ x q[0];", "ctrl @ x takes 0 angles and 2 qubits; here 1 qubit", (1, 15)),
        ("ctrl @ x q[1], q[1];", "x acts twice on one qubit: q[1], q[1]", (1, 21)),
        ("ctrl(0) @ x q[1];", "want at least one control, here 0", (1, 10)),
        ("pow(0.5) @ U(1, 2, 3) q[0];", "a fraction of U as a power: it is not one rotation", (1, 28)),
        ("gate g a { ctrl @ g a, a; }", "gate g calls itself", (12, 26)),
        ("gate g a { inv @ s b; }", "there is no qubit of the gate b", (20, 21)),
        ("gate g a { inv @ foo a; }", "there is no gate foo", (18, 21)),
        ("int x = 1; x = y;", "there is no parameter or constant y", (16, 17)),
        (
            "const int k = 3; k = 2; for int i in [0:1] { }",
            "k is a constant: there is no variable that can change k",
            (18, 19),
        ),
        ("array[float, 2] a = {1, 2, 3};", "want 2 values, got 3", (21, 30)),
        ("int i = 1.5 * 0; rx(j) q[0]; bool j;", "j is declared here but used before, on line 5", (35, 36)),
        ("float v[2]; let a = q[0];", "the size of an array stands in its type", (1, 11)),
        ("let a = q[0] h q;", "cannot read h here", (14, 15)),
        ("rx(c ? 1 : 2) q[0];", "unexpected ?", (6, 7)),
        ("let a = q[0];\n)", ") closes nothing", (1, 2)),
        ("float f = 1; f();", "f is a variable: there is no subroutine or function f", (14, 15)),
        ("def f(qubit[2] a) { } f(q);", "the argument a takes 2 qubits; here 3", (25, 26)),
        ("let a = q; creg f[2 << 31];", "4,294,967,299 bits: the limit `qubits` is 100,000", (17, 18)),
        ("def f(float a) { } f();", "f takes 1 arguments; here 0", (20, 21)),
        ("box { break; }", "'break' statement outside loop", (7, 12)),
        ("let a = q; rx(1im) q[0];", "an imaginary number is no number that is known before a run", (15, 18)),
    ],
)
def test_fault_that_the_full_grammar_finds(statement, message, columns):
    error = refused(HEAD_3 + statement)
    assert error.message == message
    assert (error.span.column, error.span.end_column) == columns


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("float v[2]; let a = q[0];", "write array[float, 2] v"),
        ("input int n; qubit[n] r;", "give it with --set n=8"),
        ("let a = q[0]\nh q;", "is a ; missing at the end of line 5?"),
        ("int count = 1; cuont += 1;", "did you mean count?"),
        ("bit b = 1; if (~b) x q[0];", "write ! for not"),
    ],
)
def test_fault_of_the_full_grammar_comes_with_advice(statement, hint):
    assert refused(HEAD_3 + statement).hint == hint


def test_text_without_a_place_includes_no_file():
    error = refused('OPENQASM 2.0;\ninclude "x.inc";\nqreg q[1];\n')
    assert error.message == "include of another file, here x.inc: the place of this text is not known"
    assert error.span == Span(2, 1, 2, 17)


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


def test_semicolon_missing_between_two_lines_is_asked_for():
    error = refused(HEAD_2 + "cx q[0], q[1]\nh q[0];\n")
    assert (error.message, error.hint) == ("cannot read the operand q[1]", "is a ; missing at the end of line 5?")
    assert error.span == Span(5, 10, 6, 7)
