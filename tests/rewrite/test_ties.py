"""Whether numbers say which angles are one parameter."""

import pytest

from bplint.importers.qasm import read
from bplint.ir.trainable import select
from bplint.rewrite import Refused, rewrite_source, without

HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\n'


@pytest.mark.parametrize(
    ("body", "dropped", "fine"),
    [
        # Four sizes of six numbers are tied, four of five are not.
        ("ry(0.31) q[0]; ry(0.31) q[1]; rx(1.7) q[0]; rx(1.7) q[1]; rz(1.1) q[0]; rz(1.2) q[1];", [0], False),
        ("ry(0.31) q[0]; ry(0.31) q[1]; rx(1.7) q[0]; rx(1.7) q[1];", [0, 1], True),
        ("ry(0.31) q[0]; ry(0.31) q[1]; rx(1.7) q[0]; rx(1.6) q[1];", [2, 3], False),  # four, then two alike: tied
        ("ry(0.31) q[0]; ry(0.32) q[1]; rx(1.7) q[0]; rx(1.6) q[1];", [2, 3], True),
    ],
)
def test_numbers_left_after_a_rewrite(body, dropped, fine):
    source = HEAD + body + "\n"
    c = select(read(source).circuit)[0]
    after = rewrite_source(source, c, without(c, dropped))
    assert isinstance(after, Refused) != fine
