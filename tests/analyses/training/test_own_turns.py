"""Which rotations have a parameter of their own, and at which value they turn by a given angle."""

import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.training.own_turns import own_turns
from cases import case
from repair_texts import INCLUDE, read
from samples import circuit


def asked(c):
    return Ask(case(c, "Z0"))(own_turns)


def test_signs_factors_and_offsets():
    """In the frame X turns Z into -Z, and a rotation about it the other way."""
    head = f"OPENQASM 3.0;\n{INCLUDE}input float a;\ninput float b;\nqubit[1] q;\n"
    one = read(f"{head}x q[0];\nrz(2*a + 0.5) q[0];\nx q[0];\nrx(-b) q[0];\n", observable="Z0")
    first, second = Ask(one)(own_turns)
    assert (first.factor, first.offset) == (-2.0, -0.5)
    assert first.angle(1.5) == pytest.approx(-1.0)
    assert (second.factor, second.offset) == (-1.0, 0.0)


def test_tied_ones_stay_at_zero():
    turns = asked(circuit(2, [("ry", [0], "a"), ("ry", [1], "a"), ("rz", [0], "b")]))
    assert [turn.parameter for turn in turns] == [1]


def test_what_is_never_nothing():
    assert asked(circuit(1, [("ry", [0], "a"), ("rz", [0], 0.3)])) == ()
    assert len(asked(circuit(1, [("ry", [0], "a"), ("rz", [0], 3.141592653589793)]))) == 1, "a Clifford"


def test_data_has_no_start():
    c = circuit(1, [("ry", [0], "a"), ("rz", [0], "x")])
    assert len(asked(c)) == 2
    assert Ask(case(c, "Z0", data=["x"]))(own_turns) == ()
