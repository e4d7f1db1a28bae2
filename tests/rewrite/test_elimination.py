"""Parameters at zero: the loss of the rest, by dense matrices; and which circuits count as one."""

import numpy as np
import pytest

from bplint.config import Settings
from bplint.rewrite import Refused, rewritten
from bplint.rewrite.elimination import eliminated, same
from bplint.run import lint_text
from samples import unitary_of

INPUTS = "input float a;\ninput float b;\ninput float c;\n"
HEAD = f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n{INPUTS}qubit[2] q;\n'


def read(body, head=HEAD):
    return lint_text(head + body, Settings(select=("BP203",), suggest=False)).circuits[0].case.circuit


BODIES = [
    "rx(a) q[0]; ry(b) q[1]; cx q[0], q[1]; rz(c) q[1];",
    "rx(a + 2*b + 0.3) q[0]; ry(b) q[1]; crx(c) q[0], q[1];",
    "u3(a, b, c) q[0]; cp(b) q[0], q[1]; h q[1];",
    "gate mine(s, t) x { rx(s) x; rz(t - s) x; } mine(a, b) q[0]; mine(b, c) q[1]; cz q[0], q[1];",
    "for int i in [0:1] { ry(b*(i + 1)) q[i]; rx(a) q[i]; } rzz(c) q[0], q[1];",
]


@pytest.mark.parametrize("body", BODIES)
def test_the_circuit_is_the_old_one_with_parameters_at_zero_and_moved(body):
    circuit = read(body)
    rng = np.random.default_rng(1)
    for zero in ({0}, {1}, {0, 2}, {0, 1, 2}):
        shift = {p: 0.7 for p in range(3) if p not in zero}
        rewrite = eliminated(circuit, zero, shift)
        if isinstance(rewrite, Refused):
            assert "cannot be written" in rewrite.reason
            continue
        names = [p.name for p in circuit.parameters]
        values = dict(zip(names, rng.uniform(-3, 3, len(names)), strict=True))
        there = {name: 0.0 if p in zero else values[name] + shift.get(p, 0.0) for p, name in enumerate(names)}
        after = rewritten(circuit, rewrite)
        assert np.allclose(unitary_of(after, values), unitary_of(circuit, there))
        used = {circuit.parameters[p].name for operation in after.operations for p, _ in operation.terms}
        assert not used & {circuit.parameters[p].name for p in zero}


def test_what_turns_by_nothing_is_left_out_and_nothing_else():
    circuit = read("h q[0]; rx(a) q[0]; rx(b + pi) q[1]; rx(0*c + b) q[1]; s q[1];")
    rewrite = eliminated(circuit, {0, 1}, {})
    assert rewrite.changes == {1: (), 2: rewrite.changes[2], 3: ()}
    assert rewrite.changes[2][0].angles == ((np.pi, ()),)


def test_circuits_that_are_one_are_told_from_those_that_are_not():
    circuit = read("rx(a + 2*b) q[0]; h q[1]; rz(c) q[1];")
    assert same(circuit, read("rx(2*b + a) q[0]; h q[1]; id q[0]; rz(c) q[1];"))
    assert same(circuit, read("rx(b + a + b) q[0];\nh q[1]; rx(0) q[0];\nrz(c) q[1];"))
    for other in (
        "rx(a + b) q[0]; h q[1]; rz(c) q[1];",
        "rx(a + 2*c) q[0]; h q[1]; rz(b) q[1];",
        "rx(a + 2*b) q[1]; h q[0]; rz(c) q[0];",
        "rx(a + 2*b + 1e-3) q[0]; h q[1]; rz(c) q[1];",
        "ry(a + 2*b) q[0]; h q[1]; rz(c) q[1];",
        "rx(a + 2*b) q[0]; x q[1]; rz(c) q[1];",
        "h q[1]; rx(a + 2*b) q[0]; rz(c) q[1];",
        "rx(a + 2*b) q[0]; h q[1];",
        "rx(a + 2*b) q[0]; h q[1]; // bplint: fixed\nrz(c) q[1]; // bplint: fixed\n",
    ):
        assert not same(circuit, read(other)), other
    numbers = HEAD.replace(INPUTS, "// bplint: trainable = literals\n")
    assert same(read("rx(0.3) q[0];", numbers), read("rx(0.3) q[0];", numbers))
    assert not same(read("rx(0.3) q[0];", numbers), read("rx(0.4) q[0];", numbers))
    fixed = numbers.replace("literals", "none")
    assert not same(read("rx(0.3) q[0];", numbers), read("rx(0.3) q[0];", fixed))
