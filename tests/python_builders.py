"""Python files with builders whose circuits need no framework, so that a process that builds them starts at once."""

HEAD = """
import os, sys
import bplint
from bplint.errors import Span
from bplint.ir.build import Builder
from bplint.ir.circuit import Parameter, Role
from bplint.ir.gates import gate


def product(n, angle="ry"):
    builder = Builder(n)
    for i in range(n):
        builder.gate(gate(angle), [i], [builder.angle(0.0, [(i, 1.0)])], builder.statement(Span(1, 1, 1, 2)))
    return builder.build([Parameter(f"t{i}", Role.TRAINABLE) for i in range(n)], ())


"""

FAMILY = """
@bplint.circuit(sizes=[2, 6], observable="projector(0..n-1)", shots=100)
def hea(n):
    return product(n)
"""

ALWAYS_GOOD = """
@bplint.circuit(observable="Z0")
def last():
    return product(1)
"""

DEAD = """
@bplint.circuit(sizes=[2, 3], observable="Z0")
def dead(n):
    return product(n)
"""
"""Every size has BP203, a dead parameter."""
