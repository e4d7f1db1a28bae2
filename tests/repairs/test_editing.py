"""What is written carries the change out: the text read again is the changed case."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.errors import SourceError, Span
from bplint.finding import Hit
from bplint.importers import qasm
from bplint.importers.decoding import decode
from bplint.repairs import Change, fewer_layers, local_loss, near_zero
from bplint.repairs.changes import equivariants
from bplint.repairs.editing import Declared, Text, edits_of
from bplint.repairs.read_again import is_same
from bplint.rewrite import Refused, Rewrite, apply
from bplint.rewrite.change import Placed
from cases import case
from repair_texts import INCLUDE, hardware_efficient, read
from rewriting import same
from samples import unitary_of

XXZ = " + ".join(f"X{q} X{q + 1} + Y{q} Y{q + 1} + 0.5*Z{q} Z{q + 1}" for q in range(3))


def written(text, change, case):
    """The text with the change made, or why it is not."""
    program = qasm.read(text, path=None)
    source = Text(text, [Declared(d.key, d.span, d.source) for d in program.directives])
    found = edits_of(change, case, source)
    return found if isinstance(found, Refused) else apply(text, found)


def turned(case, seed):
    """The unitary, at random angles for symbols, at their values for literals."""
    values = {}
    for p in case.circuit.parameters:
        # by name, so that two readings of one circuit agree
        rng = np.random.default_rng([seed, *p.name.encode()])
        values[p.name] = rng.uniform(-3, 3) if p.value is None else p.value
    return unitary_of(case.circuit, values)


@pytest.mark.parametrize("literals", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_text_says_what_the_changed_circuit_is(literals, end):
    text = hardware_efficient(4, 3, XXZ, literals=literals).replace("\n", end)
    case = read(text)
    names = []
    for change in [*equivariants(case, Ask(case)), *fewer_layers(case, Ask(case), Hit(""))]:
        after = written(text, change, case)
        if isinstance(after, Refused):
            continue
        names.append(change.name)
        again, wanted = read(after), change.case(case)
        assert again.context.observable == wanted.context.observable
        assert same(turned(again, 1), turned(wanted, 1)), change.name
        assert end == "\r" or after.count("\r") == (after.count(end) if "\r" in end else 0)
    assert names == ["z2", "z2-mixed", "z2-2", "z2-2-mixed", "u1", "u1-mixed", "shallower"]


NEAR = near_zero(0.05)
HEAD = f"OPENQASM 3.0;\n{INCLUDE}input float a;\nqubit[2] q;\n"
BODY = "ry(a) q[0];\n"

PLACES = [
    (f"{HEAD}{BODY}", f"// bplint: init = range:0.05\n{HEAD}{BODY}"),
    (f"// bplint: init = uniform\n{HEAD}{BODY}", f"// bplint: init = range:0.05\n{HEAD}{BODY}"),
    (f"{HEAD}ry(a) q[0]; //bplint:init=uniform", f"{HEAD}ry(a) q[0]; // bplint: init = range:0.05"),
    (f"{HEAD}/* bplint: init = uniform */ {BODY}", f"{HEAD}/* bplint: init = range:0.05 */ {BODY}"),
    (f"{HEAD}/* bplint: init\n = uniform */ {BODY}", f"{HEAD}/* bplint: init = range:0.05 */ {BODY}"),
    (
        f"{HEAD}/* bplint: shots = 9 */ /* bplint: init = uniform */ /* θ */ {BODY}",
        f"{HEAD}/* bplint: shots = 9 */ /* bplint: init = range:0.05 */ /* θ */ {BODY}",
    ),
    (
        f"{HEAD}/* π\f\x0b\u2028 */ /* bplint: init = uniform */{BODY}",
        f"{HEAD}/* π\f\x0b\u2028 */ /* bplint: init = range:0.05 */{BODY}",
    ),
    (f"{HEAD}/* a\u2028 */ // bplint: init = uniform\n{BODY}", f"{HEAD}/* a\u2028 */ // bplint: init = range:0.05\n{BODY}"),
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("before", "after"), PLACES)
def test_a_comment_is_replaced_in_its_place_or_put_first(before, after, end):
    before, after = before.replace("\n", end), after.replace("\n", end)
    case = read(before)
    found = written(before, NEAR, case)
    assert found.replace("range:0.05", "") == after.replace("range:0.05", "")
    assert str(read(found).context.init) == "range:0.05"
    assert written(found, NEAR, case) == found


def test_a_loss_is_declared_in_place_of_the_other():
    text = hardware_efficient(3, 1, "projector(0, 2)")
    case = read(text)
    (change,) = local_loss(case, Ask(case), Hit(""))
    again = read(written(text, change, case))
    assert again.context.observable == change.observable
    assert again.context.observable_span.line == case.context.observable_span.line


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        ("pragma bplint init uniform\n", "the init is declared in a pragma: line 5"),
        ("@bplint.init uniform\n", "the init is declared in a annotation: line 5"),
    ],
)
def test_what_is_no_comment_is_left(declaration, reason):
    text = f"{HEAD}{declaration}{BODY}"
    assert written(text, NEAR, read(text)) == Refused(reason.replace("a annotation", "an annotation"))


def test_an_included_file_is_left(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "g.inc").write_text("// bplint: init = uniform\n")
    text = f'OPENQASM 3.0;\n{INCLUDE}include "g.inc";\ninput float a;\nqubit q;\nry(a) q;\n'
    program = qasm.read(text, path="x.qasm")
    source = Text(text, [Declared(d.key, d.span, d.source) for d in program.directives])
    assert edits_of(NEAR, case(program.circuit, "Z0"), source) == Refused(
        "the init is declared in the file included in line 3"
    )


def test_an_option_that_says_otherwise_is_not_written_over():
    text = f"// bplint: init = uniform\n{HEAD}{BODY}"
    source = Text(text, [Declared("init", None, "option"), Declared("init", Span(1, 1, 1, 27), "comment")])
    assert edits_of(NEAR, read(text), source) == Refused("--init says otherwise")


def test_a_change_of_nothing_is_refused():
    assert isinstance(edits_of(Change("x", ""), read(HEAD + BODY), Text(HEAD + BODY)), Refused)


def test_the_mark_of_a_file_is_no_part_of_its_text():
    assert decode(b"\xef\xbb\xbf" + HEAD.encode()) == HEAD


def test_numbers_that_are_tied_say_so():
    """In a file of numbers, each a parameter as it declares: equal ones become one parameter by a line that says so."""
    head = "// bplint: trainable = literals\n"
    text = hardware_efficient(3, 2, "Z0 Z1 + Z1 Z2 + Z0 Z2 + X0 + X1 + X2", head=head, literals=True)
    case = read(text)
    (change,) = equivariants(case, Ask(case), "sn")
    after = written(text, change, case)
    assert "// bplint: trainable = tied-literals\n" in after
    assert is_same(read(after), change.case(case))
    assert not is_same(read(after.replace("tied-literals", "literals")), change.case(case))


TWO_NUMBERS = """OPENQASM 2.0;
include "qelib1.inc";
// bplint: observable = Z0 Z1 + Z1 Z2 + Z0 Z2
gate entangle(a, b) x, y { cx x, y; u3(a, b, -b) y; cu1(a/2) x, y; }
qreg q[3];
entangle(0.3, 1.7) q[0], q[1];
entangle(0.9, -pi/2) q[1], q[2];
"""
"""Of one number come two sizes in the body, which no line for all equal numbers ties once the body is written out."""


@pytest.mark.parametrize("head", ["", "// bplint: trainable = literals\n"])
def test_numbers_that_equal_sizes_cannot_tie_are_tied_group_by_group(head):
    text = head + TWO_NUMBERS
    case = read(text)
    for name in ("z2", "sn"):
        (change,) = equivariants(case, Ask(case), name)
        after = written(text, change, case)
        assert any(line.split() == ["//", "bplint:", "tie", "=", "0.9,", "0.45"] for line in after.splitlines())
        assert is_same(read(after), change.case(case))


def test_groups_take_the_place_of_those_that_were_declared():
    """Written twice, by another repair: the lines of the first are no longer true, and there is one set of them."""
    first = read(TWO_NUMBERS)
    (change,) = equivariants(first, Ask(first), "z2")
    text = written(TWO_NUMBERS, change, first)
    case = read(text)
    assert case.context.selection.grouped
    (change,) = equivariants(case, Ask(case), "sn")
    again = written(text, change, case)
    assert is_same(read(again), change.case(case))
    assert again.count("tie = 0.9, 0.45") == 1
    in_a_pragma = text.replace("// bplint: tie = 0.9, 0.45\n", "").replace(
        'inc";\n', 'inc";\npragma bplint tie 0.9 0.45\n', 1
    )
    case = read(in_a_pragma)
    (change,) = equivariants(case, Ask(case), "sn")
    assert written(in_a_pragma, change, case).reason.startswith("the tie is declared in a pragma: line")


def test_numbers_of_one_size_that_are_different_parameters_are_left():
    head = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n// bplint: observable = Z0 Z1 + X0 + X1\n// bplint: trainable = literals\n'
    text = f"{head}qreg q[2];\nry(0.3) q[0];\nrx(0.3) q[0];\ncz q[0], q[1];\nry(0.5) q[1];\n"
    case = read(text)
    once, half = ((0, 1.0),), ((0, 0.5),)
    gates = Placed("ry", (0,), ((0.0, once),)), Placed("ry", (1,), ((0.0, half),))
    twice = Rewrite((), {0: gates}, case.circuit.parameters)
    refused = written(text, Change("x", "x", twice), case)
    assert refused == Refused("numbers of one size are different parameters; declare inputs")


def test_what_would_be_read_as_something_else_is_not_written():
    text = hardware_efficient(4, 3, XXZ)
    case = read(text)
    change = next(equivariants(case, Ask(case), "u1"))
    made = edits_of(change, case, Text(text))
    assert edits_of(change, case, Text(text, read=read)) == made
    assert (
        edits_of(change, case, Text(text, read=lambda after: case)).reason
        == "written, it would be read as another circuit"
    )

    def fails(after):
        raise SourceError("no")

    assert edits_of(change, case, Text(text, read=fails)).reason == "written, it could not be read: no"
