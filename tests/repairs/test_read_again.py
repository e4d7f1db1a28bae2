"""Whether a text is read as the circuit that was measured: by what its parameters turn, whatever gates and names say it."""

import pytest

from bplint.repairs.read_again import is_same
from cases import case
from repair_texts import INCLUDE, read
from samples import circuit

HEAD = f"OPENQASM 3.0;\n{INCLUDE}// bplint: observable = Z0 Z1\n"
BODY = "input float a;\ninput float b;\nqubit[2] q;\n"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "rx(a) q[0]; rzz(b) q[0], q[1];",
            "h q[0]; rz(b) q[0]; h q[0]; cx q[0], q[1]; rz(a) q[1]; cx q[0], q[1];",
            True,
        ),
        ("rx(a) q[0]; rx(b) q[1];", "rx(a) q[0]; rx(a) q[1];", False),
        ("rx(a) q[0]; rx(b) q[1];", "rx(a) q[0]; ry(b) q[1];", False),
        ("rx(a) q[0]; rx(a) q[1];", "rx(-2*b) q[0]; rx(-2*b) q[1];", True),
        ("rx(a) q[0]; rx(a) q[1];", "rx(a) q[0]; rx(-a) q[1];", False),
        ("rx(a) q[0]; rx(0.3) q[1];", "rx(a) q[0]; rx(0.4) q[1];", False),
        ("rx(a) q[0]; x q[1];", "rx(a) q[0];", False),
        ("rx(a) q[0]; rx(b) q[1]; ry(a) q[0];", "rx(b) q[0]; rx(a) q[1]; ry(b) q[0];", True),
        ("rx(a) q[0]; rx(b) q[1]; ry(a) q[0];", "rx(a) q[0]; rx(b) q[1]; ry(b) q[0];", False),
        ("rx(a) q[0]; rx(b) q[1]; ry(b) q[0];", "rx(a) q[0]; rx(a) q[1]; ry(a) q[0];", False),
    ],
)
def test_what_turns_is_compared(one, other, same):
    gate = "gate rzz(t) a, b { cx a, b; rz(t) b; cx a, b; }\n"
    assert is_same(read(f"{HEAD}{gate}{BODY}{one}\n"), read(f"{HEAD}{gate}{BODY}{other}\n")) == same


def test_so_are_the_loss_the_law_and_the_shots():
    c = circuit(2, [("ry", [0], "a"), ("cx", [0, 1])])
    one = case(c, "Z0 Z1")
    assert is_same(one, case(c, "1.0*Z0 Z1"))
    assert not is_same(one, case(c, "Z0"))
    assert not is_same(one, case(c, "Z0 Z1", shots=7))


def test_a_law_by_name_is_that_of_the_same_rotations():
    """One line further down a number has another name."""
    text = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n{}qreg q[2];\nry(0.3) q[0];\nry(0.4) q[1];\n// bplint: init = {}=range:0.1\n'
    one, lower = read(text.format("", "ry@5:1")), read(text.format("\n", "ry@5:1"))
    assert one.context.init == lower.context.init
    assert is_same(one, one)
    assert not is_same(one, lower)
