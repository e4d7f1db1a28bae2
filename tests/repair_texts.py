"""Cases read from short OpenQASM texts, for the tests of repairs."""

from bplint.config import Settings
from bplint.run import lint_text

INCLUDE = 'include "stdgates.inc";\n'


def read(text, **settings):
    """The case of a text."""
    (report,) = lint_text(text, Settings(select=("BP104",), suggest=False, **settings)).circuits
    return report.case


def hardware_efficient(n, layers, observable, *, head="", rotations=("ry", "rz"), literals=False):
    """Rotations on every qubit and CZ on a chain, ``layers`` times; ``literals`` are distinct and no fractions of π."""
    count = layers * n * len(rotations)
    body, k = "", 0
    for _ in range(layers):
        for name in rotations:
            for q in range(n):
                body += f"{name}({0.1 + 0.0137 * k:.6f}) q[{q}];\n" if literals else f"{name}(t[{k}]) q[{q}];\n"
                k += 1
        body += "".join(f"cz q[{q}], q[{q + 1}];\n" for q in range(n - 1))
    declared = f"// bplint: observable = {observable}\n{head}" if observable else head
    if literals:
        return f'OPENQASM 2.0;\ninclude "qelib1.inc";\n{declared}qreg q[{n}];\n{body}'
    return f"OPENQASM 3.0;\n{INCLUDE}{declared}input array[float[64], {count}] t;\nqubit[{n}] q;\n{body}"


def ising(n, field=0.7):
    """ZZ on a chain and X on every qubit."""
    return " + ".join([f"Z{q} Z{q + 1}" for q in range(n - 1)] + [f"{field}*X{q}" for q in range(n)])


def ring_with_a_chord():
    """A layer of QAOA on a ring of 8 with a chord: few symmetries, and no theorem tells the dimension of its algebra."""
    bonds = [*((q, (q + 1) % 8) for q in range(8)), (0, 3)]
    return (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0 Z1\ninput float g;\ninput float b;\nqubit[8] q;\n'
        + "".join(f"cx q[{i}], q[{j}];\nrz(g) q[{j}];\ncx q[{i}], q[{j}];\n" for i, j in bonds)
        + "".join(f"rx(b) q[{i}];\n" for i in range(8))
    )
