"""One thing that must hold for one part, and the circuits that every rule and analysis must survive."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Check(NamedTuple):
    """One thing to hold for one part; call it."""

    title: str
    run: Callable[[], None]

    def __call__(self) -> None:
        self.run()

    def __str__(self) -> str:
        return self.title


PLAIN = {
    "a circuit without gates": "OPENQASM 3.0;\nqubit[2] q;\n",
    "a circuit without parameters": 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nh q[0];\ncx q[0], q[1];\n',
    "a dead parameter": 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n'
    "input float a;\nqubit[2] q;\nrz(a) q[1];\n",
    "one parameter in two places": 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = X0 + Z0 Z1\n'
    "input float a;\nqubit[2] q;\nrx(a) q[0];\ncrz(2*a) q[0], q[1];\nry(a) q[0];\n",
    "a product of parameters": 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = projector(0..n-1)\n'
    "input float a;\ninput float b;\nqubit[2] q;\nrx(a*b) q[0];\nt q[0];\nrx(b) q[1];\n",
}
