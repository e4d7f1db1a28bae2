"""Observables with known symmetries, and the ansatz that breaks them all."""

from cases import case
from samples import circuit


def hardware_efficient(n, layers=2):
    gates = []
    for layer in range(layers):
        gates += [(name, [q], f"{name}{layer}_{q}") for q in range(n) for name in ("ry", "rz")]
        gates += [("cz", list(edge)) for edge in ring(n)]
    return circuit(n, gates)


def asked(observable, n):
    return case(hardware_efficient(n), observable)


def path(n):
    return [(q, q + 1) for q in range(n - 1)]


def ring(n, order=None):
    order = order or range(n)
    return [(order[q], order[(q + 1) % n]) for q in range(n)]


def ising(edges, n, field=0.9):
    return total([*(f"-1*Z{a} Z{b}" for a, b in edges), *(f"-{field}*X{q}" for q in range(n))])


def exchange(edges, delta):
    return total(f"1*X{a} X{b} + 1*Y{a} Y{b} + {delta}*Z{a} Z{b}" for a, b in edges)


def cut(edges):
    return total(f"1*Z{a} Z{b}" for a, b in edges)


def total(terms):
    return " + ".join(terms).replace("+ -", "- ")


HYDROGEN = (
    "0.17*ZIII + 0.17*IZII - 0.22*IIZI - 0.22*IIIZ + 0.17*ZZII + 0.12*ZIZI + 0.16*ZIIZ + 0.16*IZZI + 0.12*IZIZ "
    "+ 0.17*IIZZ - 0.045*XXYY + 0.045*XYYX + 0.045*YXXY - 0.045*YYXX"
)
"""H2 in a minimal basis, Jordan–Wigner, coefficients rounded."""
