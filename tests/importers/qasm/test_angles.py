"""Angle expressions, as they stand in a call."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplint.errors import LimitError, SourceError
from bplint.importers.qasm import read
from bplint.ir.circuit import Spelling

PRECISE, DECIMAL = Spelling.PRECISE, Spelling.DECIMAL


def program(expression, *, version="2.0", before="", gate="rx"):
    library, register = ("qelib1", "qreg q[1];") if version == "2.0" else ("stdgates", "qubit[1] q;")
    return read(f'OPENQASM {version};\ninclude "{library}.inc";\n{before}{register}\n{gate}({expression}) q[0];\n')


def angle(expression, **arguments):
    """(constant, {symbol: coefficient}, spelling) of the angle of the last rotation."""
    circuit = program(expression, **arguments).circuit
    row = int(circuit.angle[-1])
    terms = {circuit.parameters[p].name: c for p, c in circuit.angles.terms(row)}
    return float(circuit.angles.constant[row]), terms, Spelling(circuit.angles.spelling[row])


def refused(expression, **arguments):
    with pytest.raises(SourceError) as caught:
        program(expression, **arguments)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("3e-1", 0.3),
        ("-(pi)/4+1.", 1 - math.pi / 4),
        ("π/2", math.pi / 2),
        ("tau", math.tau),
        ("τ/ 4", math.pi / 2),
        ("ℇ", math.e),
        ("euler", math.e),
        ("-2^2", -4.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("-2*3+4", -2.0),
        ("7-2-1", 4.0),
        ("8/4/2", 1.0),
        ("+-+1", -1.0),
        ("1/3", 1 / 3),
        ("sin(pi/6)", 0.5),
        ("ln(exp(2))", 2.0),
        ("sqrt(2)*cos(0)", math.sqrt(2)),
        ("arcsin(1)+asin(1)", math.pi),
        ("arccos(0)-acos(0)", 0.0),
        ("4*arctan(1)", math.pi),
        ("tan(atan(2))", 2.0),
        ("pow(2, 0.5)", math.sqrt(2)),
        ("mod(7.5, 2)", 1.5),
        ("mod(-7, 4)", -3.0),
        ("ceiling(1.2)+floor(-1.2)", 0.0),
        ("log(euler)", 1.0),
    ],
)
def test_value(text, value):
    constant, terms, _ = angle(text)
    assert constant == pytest.approx(value, abs=1e-12)
    assert not terms


@pytest.mark.parametrize(
    ("text", "value"), [("2**3", 8.0), ("1_000", 1000.0), ("0x10", 16.0), ("0b101", 5.0), ("7 % 4", 3.0)]
)
def test_value_in_openqasm_3(text, value):
    assert angle(text, version="3.0")[0] == value


NUMBERS = st.integers(0, 9).map(str) | st.floats(0.01, 9, allow_nan=False).map(lambda x: f"{x:.3f}") | st.just("pi")
EXPRESSIONS = st.recursive(
    NUMBERS,
    lambda inner: (
        st.builds("{} {} {}".format, inner, st.sampled_from(["+", "-", "*", "/"]), inner)
        | st.builds("({})".format, inner)
        | st.builds("-{}".format, inner)
        | st.builds("{}({})".format, st.sampled_from(["sin", "cos"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS)
def test_value_is_that_of_python(text):
    names = {"pi": math.pi, "sin": math.sin, "cos": math.cos}
    try:
        want = eval(text, {}, names)
    except ZeroDivisionError:
        assert refused(text).message.startswith("angle is not finite: ")
        return
    assert angle(text)[0] == pytest.approx(want, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "constant", "terms"),
    [
        ("a", 0.0, {"a": 1.0}),
        ("(-a)*pi", 0.0, {"a": -math.pi}),
        ("2*(a + 3*b) - pi", -math.pi, {"a": 2.0, "b": 6.0}),
        ("pi - (a - b)/2", math.pi, {"a": -0.5, "b": 0.5}),
        ("1 - a", 1.0, {"a": -1.0}),
        ("a + b + a", 0.0, {"a": 2.0, "b": 1.0}),
        ("a - a + b", 0.0, {"b": 1.0}),
        ("(a - a + 2)*b", 0.0, {"b": 2.0}),
        ("b + a*1e-300*1e-300", 0.0, {"b": 1.0}),
        ("0*a + 1", 1.0, {}),
        ("3*(1 + 2) + 0*sin(a)", 9.0, {}),
        ("theta[0] - theta[1]", 0.0, {"theta[0]": 1.0, "theta[1]": -1.0}),
    ],
)
def test_affine_angle(text, constant, terms):
    assert angle(text)[:2] == (pytest.approx(constant), pytest.approx(terms))


@pytest.mark.parametrize(
    ("text", "terms", "sources"),
    [
        ("sin(b)", {"sin(b)": 1.0}, ("b",)),
        ("2*a*b", {"(2*a)*b": 1.0}, ("a", "b")),
        ("(a - pi)*(b - pi)*2", {"(a - pi)*(b - pi)": 2.0}, ("a", "b")),
        ("1/a^2 + b", {"1/(a^2)": 1.0, "b": 1.0}, ("a",)),
        ("sin(a)*cos(a)/3", {"sin(a)*cos(a)": 1 / 3}, ("a",)),
        ("pow(a, 2)", {"pow(a, 2)": 1.0}, ("a",)),
        ("sin(b + 1e-20)", {"sin(b + 1e-20)": 1.0}, ("b",)),
        ("(a - b + b)*c", {"a*c": 1.0}, ("a", "c")),
        ("sin( b+a )-sin(a + b)+a", {"a": 1.0}, ()),
        ("cos(-3*pi/4 - 0.5*a + b)", {"cos(-0.5*a + b - 3*pi/4)": 1.0}, ("b", "a")),
    ],
)
def test_other_angle_is_a_symbol_of_its_own(text, terms, sources):
    found = program(text)
    assert angle(text)[1] == pytest.approx(terms)
    opaque = [p for p in found.circuit.parameters if p.sources]
    assert {s for p in opaque for s in p.sources} == set(sources)
    assert any("not affine" in note.text for note in found.notes) == bool(opaque)


def test_equal_expressions_are_one_symbol():
    circuit = program("sin(a)) q[0]; ry(2*sin( a )").circuit
    assert [p.name for p in circuit.parameters] == ["a", "sin(a)"]


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("0", DECIMAL),
        ("-0.3", DECIMAL),
        ("0.785398", DECIMAL),
        ("0.00012345678", DECIMAL),
        ("-(0.25)", DECIMAL),
        ("0.78539816", DECIMAL),
        ("0.785398163", PRECISE),
        ("1.5707963267948966e-3", PRECISE),
        ("pi/4", PRECISE),
        ("0.25*3", PRECISE),
        ("a + 0.25", PRECISE),
    ],
)
def test_spelling(text, spelling):
    assert angle(text)[2] == spelling
    assert angle(f" {text} ")[2] == spelling


@pytest.mark.parametrize(("text", "spelling"), [("0.25", DECIMAL), ("pi/4", PRECISE)])
def test_spelling_passes_through_gate_bodies_and_constants(text, spelling):
    assert angle(text, before="gate g(t) a { rx(-t/2) a; }\n", gate="g")[2] == spelling
    assert angle("x", before=f"const float x = {text};\n", version="3.0")[2] == spelling


@pytest.mark.parametrize(
    ("text", "message", "columns"),
    [
        ("1/0", "angle is not finite: 1/0", (4, 7)),
        ("1 + 0/0", "angle is not finite: 0/0", (8, 11)),
        ("sqrt(-1)", "angle is not finite: sqrt(-1)", (4, 12)),
        ("1e400", "angle is not finite: 1e400", (4, 9)),
        ("1e300*1e300", "angle is not finite: 1e300*1e300", (4, 15)),
        ("a*1e300*1e300", "angle is not finite: a*1e300*1e300", (4, 17)),
        ("a/0", "angle is not finite: a/0", (4, 7)),
        ("9^9^9^9", "angle is not finite: 9^9^9", (6, 11)),
        ("(-1)^0.5", "angle is not finite: (-1)^0.5", (4, 12)),
        ("inf", "inf is not a finite number", (4, 7)),
        ("2*PI", "PI is not a constant of OpenQASM, which writes pi", (6, 8)),
        ("1 +", "an operand is missing at the end", (4, 7)),
        ("(1", "( is not closed", (3, 4)),
        ("1)", "cannot read the operand ) q[0]", (6, 12)),
        ("1 2", "want an operator before 2", (6, 7)),
        ("* 2", "want a number or a name, got *", (4, 5)),
        ("()", "want a number or a name, got )", (5, 6)),
        ("2pi", "2pi is not a number", (4, 7)),
        ("1e", "1e is not a number", (4, 6)),
        ("(1, 2)", "unexpected comma", (6, 7)),
        ("exec(1)", "there is no function exec", (4, 8)),
        ("sin(1, 2)", "sin takes 1 argument; here 2", (4, 13)),
        ("mod(1)", "mod takes 2 arguments; here 1", (4, 10)),
        ("theta[0.5]", "an index must be a whole number, here 0.5", (4, 14)),
        ("pi[0]", "pi is one number, not an array", (4, 9)),
        ("q", "q is a qubit register, not a number", (4, 5)),
        ("{1}", "unexpected { in an expression", (4, 5)),
        ("a : b", "unexpected : in an expression", (6, 7)),
    ],
)
def test_faulty_angle(text, message, columns):
    error = refused(text)
    assert (error.message, (error.span.column, error.span.end_column)) == (message, columns)
    assert (error.span.line, error.span.end_line) == (4, 4)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 ^ 3", 1),
        ("1 << 3", 8),
        ("9 >> 1", 4),
        ("popcount(7)", 3),
        ("float(3) / 2", 1.5),
        ("int[4](9)", -7),
        ("uint[4](17)", 1),
        ("(2 == 2) + (1 > 2) + (true && !false)", 2),
        ("12 & 6 | 1", 5),
        ('"0101" * 1', 5),
        ("sizeof(w) + sizeof(m, 1)", 6),
    ],
)
def test_what_only_the_full_grammar_reads(text, value):
    head = "input array[float, 4] w; input array[float, 3, 2] m; qubit q; let a = q;"
    circuit = read(f'OPENQASM 3.0; include "stdgates.inc"; {head} rx({text}) a;').circuit
    assert circuit.angles.constant[circuit.angle].tolist() == [value]


def test_depth_is_limited_and_length_is_not():
    assert angle("(" * 200 + "1" + ")" * 200)[0] == 1
    assert isinstance(refused("(" * 201 + "1" + ")" * 201), LimitError)
    assert angle("-" * 20_001 + "1")[0] == -1
    assert 0 < angle("2^-" * 20_001 + "1")[0] < 1
    assert angle("+".join(["0.5"] * 20_000))[0] == 10_000
    assert len(angle("+".join(f"t{i}" for i in range(3000)))[1]) == 3000


def test_arrays_and_constants():
    before = "const int n = 7/2;\nconst float x = n/2;\ninput array[float[64], 4] w;\n"
    assert angle("w[n] + x", version="3.0", before=before)[:2] == (1.5, {"w[3]": 1.0})
    assert angle("w[-1]", version="3.0", before=before)[1] == {"w[3]": 1.0}
    assert refused("w[4]", version="3.0", before=before).message == "w[4] is out of range: w has 4 elements, 0 to 3"
    assert refused("w", version="3.0", before=before).message == "w is an array of 4: name one element of it"
    assert refused("n[0]", version="3.0", before=before).message == "n is one number, not an array"


def test_whole_quotient_that_openqasm_3_cuts_off_is_noted():
    text = "3/2 is taken as a fraction; to the letter, OpenQASM 3 cuts it off"
    assert [note.text for note in program("3/2", version="3.0").notes] == [text]
    assert not program("4/2", version="3.0").notes
    assert not program("3/2.0", version="3.0").notes
    assert not program("3/2").notes


def test_misspelt_parameter_is_an_error_where_inputs_are_declared():
    error = refused("thet", version="3.0", before="input float theta;\n")
    assert (error.message, error.hint) == ("there is no parameter thet", "did you mean theta?")
