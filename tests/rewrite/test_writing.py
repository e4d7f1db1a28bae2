"""Numbers and angles as OpenQASM."""

import math

import numpy as np
import pytest

from bplint.importers.qasm import read
from bplint.ir.trainable import select
from bplint.rewrite import Placed, Refused, Rewrite, rewrite_source
from bplint.rewrite.writing import number


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (0.0, "0"), (math.pi, "pi"), (-math.pi / 2, "-pi/2"), (3 * math.pi / 4, "3*pi/4"), (2 * math.pi, "2*pi"),
        (0.3, "0.3"), (-1.5e-7, "-1.5e-07"), (math.pi / 4096, "pi/4096"),
    ],
)  # fmt: skip
def test_numbers(value, want):
    assert number(value) == want


def test_numbers_read_back():
    for value in np.random.default_rng(0).normal(size=50).tolist():
        c = read(f'include "qelib1.inc"; qreg q[1]; rx({number(value)}) q[0];').circuit
        assert c.angles.constant[0] == value


def test_angles():
    source = 'OPENQASM 3.0; include "stdgates.inc"; input float[64] a; input float[64] b; qubit q; rx(a + sin(b)) q;'
    c = select(read(source).circuit)[0]
    angle = -0.5, ((0, -1.0), (2, 2.0))
    after = rewrite_source(source, c, Rewrite((), {0: (Placed("ry", (0,), (angle,)),)}, c.parameters))
    assert after.endswith("ry(-a + 2*(sin(b)) - 0.5) q;")


def test_a_gate_that_no_library_has_is_refused():
    source = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; rx(a) q[0];'
    c = select(read(source).circuit)[0]
    after = rewrite_source(source, c, Rewrite((), {0: (Placed("ecr", (0, 1)),)}, c.parameters))
    assert isinstance(after, Refused)


def test_a_program_with_ancillas_is_refused():
    source = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg c[1]; rx(a) q[0]; measure q[0] -> c[0]; h q[0];'
    c = select(read(source).circuit)[0]
    after = rewrite_source(source, c, Rewrite((), {0: (Placed("h", (0,)),)}, c.parameters))
    assert after == Refused("it measures or resets qubits before its end")


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("OPENQASM 3.0;\nqubit q;\nrx(0.3) q;", 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit q;\nh q;'),
        ("U(0.3,0,0) $0;", 'include "stdgates.inc";\nh $0;'),
    ],
)
def test_a_library_is_included_where_there_is_none(source, want):
    c = select(read(source).circuit)[0]
    assert rewrite_source(source, c, Rewrite((), {0: (Placed("h", (0,)),)}, c.parameters)) == want
