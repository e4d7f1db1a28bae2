"""Comments, pragmas and annotations that speak to bplint, alone and in a circuit."""

import pytest

from bplint.errors import SourceError, Span, Unsupported
from bplint.importers.directives import from_annotation, from_comment, from_pragma
from bplint.importers.program import Directive, Note
from bplint.importers.qasm import read
from bplint.ir.circuit import Role

HERE = Span(3, 5, 3, 40)
HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\n'


def qubit(text):
    return {"q[0]": 0, "q[1]": 1, "r": 7}.get(text)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        (" bplint: observable = Z0 Z1", "observable", "Z0 Z1"),
        ("bplint:observable=Z0", "observable", "Z0"),
        ("  bplint :  trainable  =  symbols  ", "trainable", "symbols"),
        ("Bplint: data = x[0:4]", "data", "x[0:4]"),
        (" bplint: init = normal:0.1", "init", "normal:0.1"),
        (" bplint: shots = 10_000", "shots", "10_000"),
        (" bplint: ignore[BP201] it is meant", "ignore", "[BP201] it is meant"),
        (" bplint: ignore [BP201, BP301]", "ignore", "[BP201, BP301]"),
        (" bplint: ignore-file[BP1]  why", "ignore-file", "[BP1] why"),
    ],
)
def test_comment(text, key, value):
    assert from_comment(text, HERE) == Directive(key, value, HERE, "comment")


@pytest.mark.parametrize("word", list(Role))
def test_role(word):
    assert from_comment(f" bplint: {word}", HERE) is word
    assert from_annotation(f"bplint.{word}", HERE) is word


@pytest.mark.parametrize("text", [" a comment", " see bplint: the linter", " bplint would object here", ""])
def test_other_comment_is_left_alone(text):
    assert from_comment(text, HERE) is None


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            " bplint: observabel = Z0",
            "unknown bplint directive observabel; there are observable, init, noise, shots, trainable, data, "
            "dataset, data-law, loss, target, tie, fixed, "
            "ignore, ignore-file",
            "did you mean observable?",
        ),
        (
            " bplint: fixd",
            "cannot read the bplint directive fixd",
            "want key = value, or one of trainable, data and fixed alone",
        ),
        (" bplint: observable =", "the bplint directive observable needs a value", None),
        (" bplint: ignore", "ignore needs the codes of the rules, as in ignore[BP002]", None),
        (" bplint: ignore[ ]", "ignore needs the codes of the rules, as in ignore[BP002]", None),
        (" bplint observable = Z0", "a colon is missing after bplint", "write // bplint: key = value"),
        (" bplint fixed", "a colon is missing after bplint", "write // bplint: key = value"),
        (
            " bplint: \x1b[31m",
            "cannot read the bplint directive \\x1b[31m",
            "want key = value, or one of trainable, data and fixed alone",
        ),
    ],
)
def test_slip_of_the_pen_is_an_error(text, message, hint):
    with pytest.raises(SourceError) as caught:
        from_comment(text, HERE)
    assert (caught.value.message, caught.value.hint, caught.value.span) == (message, hint, HERE)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        (" bplint observable Z0 Z1", "observable", "Z0 Z1"),
        (" bplint observable = Z0 Z1", "observable", "Z0 Z1"),
        (" bplint: trainable rotations", "trainable", "rotations"),
        (" bplint ignore-file[BP201] why", "ignore-file", "[BP201] why"),
    ],
)
def test_pragma(text, key, value):
    assert from_pragma(text, HERE, qubit) == Directive(key, value, HERE, "pragma")


def test_annotation():
    assert from_annotation("bplint.observable Z0 Z1", HERE) == Directive("observable", "Z0 Z1", HERE, "annotation")
    with pytest.raises(SourceError, match="unknown bplint directive obs"):
        from_annotation("bplint.obs Z0", HERE)


def test_annotation_that_would_swallow_its_statement_is_an_error():
    with pytest.raises(SourceError, match=r"@bplint\.fixed takes nothing after it: an annotation ends with its line"):
        from_annotation("bplint.fixed rx(0.3) q;", HERE)


def test_role_in_a_pragma_is_an_error():
    with pytest.raises(SourceError, match="the pragma bplint fixed needs a value"):
        from_pragma(" bplint fixed", HERE, qubit)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("z(q[0]) @ z(q[1])", "Z0 Z1"),
        ("x(r)", "X7"),
        ("i(q[0]) @ y(q[1])", "Y1"),
        ("i(q[0])", "I0"),
    ],
)
def test_braket_expectation_is_the_observable(text, value):
    assert from_pragma(f" braket result expectation {text}", HERE, qubit) == Directive(
        "observable", value, HERE, "braket"
    )


def test_braket_hamiltonian_is_the_observable():
    text = " braket result adjoint_gradient expectation(-0.5 * z(q[0]) @ z(q[1]) - 1e-3*x(q[0]) + y(r)) all"
    found = from_pragma(text, HERE, qubit)
    assert found == Directive("observable", "-0.5*Z0 Z1 - 1e-3*X0 + Y7", HERE, "braket")


@pytest.mark.parametrize(
    "text",
    [
        "braket result probability",
        "braket result expectation h(q[0])",
        "braket result expectation z(q[9])",
        "braket result expectation hermitian([[0, 1], [1, 0]]) q[0]",
        "braket verbatim",
        "vendor x",
    ],
)
def test_other_pragma_is_noted(text):
    found = from_pragma(f" {text}", HERE, qubit)
    assert isinstance(found, Note)
    assert found.text.startswith(f"pragma ignored: {text[:30]}")


@pytest.mark.parametrize("word", ["noise depolarizing(0.1) q", "unitary([[0, 1], [1, 0]]) q"])
def test_braket_noise_is_refused(word):
    with pytest.raises(Unsupported, match=f"the pragma braket {word[:5]}"):
        from_pragma(f" braket {word}", HERE, qubit)


def test_roles_belong_to_statements():
    program = read(
        HEAD + "rx(0.1) q[0];  // bplint: fixed\n"
        "@bplint.trainable\n// a comment between\nrx(0.2) q[0];\n"
        "rx(0.3) q[0]; rx(0.4) q[1]; // bplint: data\n"
        "rx(0.5) q[0]; rx(0.6)\nq[1]; // bplint: fixed\n"
        "rx(0.7) q[0];\n@other thing\n"
    )
    assert program.roles == {0: "fixed", 1: "trainable", 2: "data", 3: "data", 5: "fixed"}
    assert [note.text for note in program.notes] == ["annotation ignored: @other thing"]
    assert len(program.circuit.spans) == 7


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("h q[0];\n// bplint: fixed\nh q[0];", "no gate statement stands on the line of this comment", 5),
        ("@bplint.data\nbarrier q;\nh q[0];", "no gate statement follows this annotation", 4),
        ("h q[0];\n@bplint.data\n", "no gate statement follows this annotation", 5),
        ("h q[0];\n// bplint: obs = Z0\n", "unknown bplint directive obs; there are", 5),
    ],
)
def test_role_without_a_statement_is_an_error(text, message, line):
    with pytest.raises(SourceError) as caught:
        read(HEAD + text)
    assert caught.value.message.startswith(message)
    assert caught.value.span.line == line


def test_braket_numbers_qubits_over_all_registers():
    text = HEAD + "qubit[2] r;\nqubit s;\nh q;\n#pragma braket result expectation z(r[1]) @ x(s)\n"
    (directive,) = read(text).directives
    assert (directive.value, directive.source) == ("Z4 X5", "braket")


def test_braket_names_physical_qubits():
    text = 'include "stdgates.inc";\ncx $0, $2;\n#pragma braket result expectation z($2)\n'
    assert [directive.value for directive in read(text).directives] == ["Z2"]


def test_all_spellings_say_the_same():
    forms = ("// bplint: observable = Z0 Z1", "#pragma bplint observable Z0 Z1", "@bplint.observable Z0 Z1")
    found = [read(f"{HEAD}{form}\nh q[0];\n").directives for form in forms]
    assert [[(d.key, d.value, d.span.line) for d in directives] for directives in found] == [
        [("observable", "Z0 Z1", 4)]
    ] * 3
