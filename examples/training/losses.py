"""The losses that ``train.py`` goes through, and the hardware-efficient circuits that know nothing of their symmetries."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SHOTS = 1_000


class Model(NamedTuple):
    """A loss in bplint's words, and the circuit that is trained on it as OpenQASM 3."""

    name: str
    n_qubits: int
    source: str


def losses() -> Iterator[Model]:
    """25 of them, the small ones first."""
    yield _model("H2 in a minimal basis", 4, 8, _H2)
    yield _model("Heisenberg ring", 4, 8, _xxz(_ring(4), 1.0))
    yield _model("Hubbard, 2 sites, U = 4", 4, 8, _hubbard(2, 4.0))
    yield _model("TFIM chain", 6, 12, _tfim(_chain(6), 0.7))
    yield _model("TFIM ring", 6, 12, _tfim(_ring(6), 1.0))
    yield _model("XXZ ring, Δ = 1.5", 6, 12, _xxz(_ring(6), 1.5))
    yield _model("XXZ chain, Δ = 0.5", 6, 12, _xxz(_chain(6), 0.5))
    yield _model("XX chain", 6, 12, _xxz(_chain(6), 0.0))
    yield _model("Heisenberg chain", 6, 12, _xxz(_chain(6), 1.0))
    yield _model("Heisenberg, random couplings", 6, 12, _random_heisenberg(6))
    yield _model("J1-J2 ring", 6, 12, f"{_xxz(_ring(6), 1.0)} + {_xxz(_far(6), 1.0, 0.4)}")
    yield _model("t-V chain, V = 2", 6, 12, _tv(6, 2.0))
    yield _model("Hubbard, 3 sites, U = 4", 6, 12, _hubbard(3, 4.0))
    yield _model("LMG", 6, 12, f"{_sum('ZZ', _pairs(6), 1 / 6)} + {_sum('X', _each(6), 0.5)}")
    yield _model("LiH, two electrons in three orbitals", 6, 12, _LIH)
    yield _model("ANNNI chain", 6, 12, f"{_tfim(_chain(6), 0.7)} + {_sum('XX', _second(6), 0.3)}")
    yield _model("cluster chain", 6, 12, f"{_sum('ZXZ', _triples(6), -1.0)} + {_sum('X', _each(6), -0.3)}")
    yield _model("MaxCut ring", 6, 12, _sum("ZZ", _ring(6)))
    yield _model("MaxCut, random graph", 6, 12, _sum("ZZ", _graph(6)))
    yield _model("MaxCut, random weights", 6, 12, _weighted(6))
    yield _model("XXZ chain, Δ = 0.5", 8, 12, _xxz(_chain(8), 0.5))
    yield _model("Heisenberg chain", 8, 12, _xxz(_chain(8), 1.0))
    yield _model("TFIM ring", 8, 12, _tfim(_ring(8), 0.7))
    yield _model("MaxCut, random graph", 8, 12, _sum("ZZ", _graph(8)))
    yield _model("XXZ chain, Δ = 0.5", 10, 10, _xxz(_chain(10), 0.5))


def hardware_efficient(n: int, layers: int, observable: str) -> str:
    """RY and RZ on every qubit and CZ on a chain, ``layers`` times."""
    count = layers * n
    body = "".join(
        "".join(f"ry(a[{n * layer + q}]) q[{q}];\nrz(b[{n * layer + q}]) q[{q}];\n" for q in range(n))
        + "".join(f"cz q[{q}], q[{q + 1}];\n" for q in range(n - 1))
        for layer in range(layers)
    )
    return (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {observable}\n// bplint: shots = {SHOTS}\n'
        f"input array[float[64], {count}] a;\ninput array[float[64], {count}] b;\nqubit[{n}] q;\n{body}"
    )


def _model(name: str, n: int, layers: int, observable: str) -> Model:
    return Model(f"{name}, {n}", n, hardware_efficient(n, layers, observable.replace("+ -", "- ")))


Places = Sequence[tuple[int, ...]]


def _chain(n: int) -> Places:
    return [(q, q + 1) for q in range(n - 1)]


def _ring(n: int) -> Places:
    return [(q, (q + 1) % n) for q in range(n)]


def _far(n: int) -> Places:
    return [(q, (q + 2) % n) for q in range(n)]


def _second(n: int) -> Places:
    return [(q, q + 2) for q in range(n - 2)]


def _triples(n: int) -> Places:
    return [(q, q + 1, q + 2) for q in range(n - 2)]


def _pairs(n: int) -> Places:
    return [(a, b) for a in range(n) for b in range(a + 1, n)]


def _each(n: int) -> Places:
    return [(q,) for q in range(n)]


def _graph(n: int) -> Places:
    """A chain and random chords."""
    chords = [edge for edge in _pairs(n) if edge[1] - edge[0] > 1]
    return [*_chain(n), *random.Random(n).sample(chords, n // 2)]


def _sum(letters: str, places: Places, weight: float = 1.0) -> str:
    terms = (" ".join(f"{letter}{q}" for letter, q in zip(letters, place, strict=True)) for place in places)
    return " + ".join(f"{weight:.6g}*{term}" for term in terms)


def _tfim(edges: Places, field: float) -> str:
    n = 1 + max(q for edge in edges for q in edge)
    return f"{_sum('XX', edges)} + {_sum('Z', _each(n), field)}"


def _xxz(edges: Places, anisotropy: float, weight: float = 1.0) -> str:
    parts = [_sum("XX", edges, weight), _sum("YY", edges, weight)]
    return " + ".join([*parts, _sum("ZZ", edges, weight * anisotropy)] if anisotropy else parts)


def _random_heisenberg(n: int) -> str:
    rng = random.Random(n)
    return " + ".join(_xxz([edge], 1.0, round(rng.uniform(0.5, 1.5), 3)) for edge in _chain(n))


def _tv(n: int, repulsion: float) -> str:
    """Spinless fermions that hop along a chain and repel each other, up to multiples of their number."""
    return f"{_sum('XX', _chain(n), 0.5)} + {_sum('YY', _chain(n), 0.5)} + {_sum('ZZ', _chain(n), repulsion / 4)}"


def _hubbard(sites: int, repulsion: float) -> str:
    """Up spins on the first qubits and down spins on the others, by Jordan and Wigner, at half filling."""
    hops = [(q, q + 1) for spin in (0, sites) for q in range(spin, spin + sites - 1)]
    same = [(q, q + sites) for q in range(sites)]
    return f"{_sum('XX', hops, -0.5)} + {_sum('YY', hops, -0.5)} + {_sum('ZZ', same, repulsion / 4)}"


def _weighted(n: int) -> str:
    rng = random.Random(n)
    return " + ".join(_sum("ZZ", [edge], round(rng.uniform(0.2, 1.8), 3)) for edge in _graph(n))


_H2 = (
    "0.1711*Z0 + 0.1711*Z1 - 0.2228*Z2 - 0.2228*Z3 + 0.1686*Z0 Z1 + 0.1205*Z0 Z2 + 0.1659*Z0 Z3 + 0.1659*Z1 Z2 "
    "+ 0.1205*Z1 Z3 + 0.1743*Z2 Z3 - 0.0453*X0 X1 Y2 Y3 + 0.0453*X0 Y1 Y2 X3 + 0.0453*Y0 X1 X2 Y3 - 0.0453*Y0 Y1 X2 X3"
)
"""Seeley, Richard and Love, arXiv:1208.5986, equation 89: Jordan–Wigner, bond length 0.7414 Å, rounded."""

_LIH = (
    "0.02694*Z0 + 0.02694*Z1 + 0.12204*Z0 Z1 + 0.01192*Y0 Z1 Y2 + 0.01192*X0 Z1 X2 - 0.14561*Z2 + 0.05276*Z0 Z2 + "
    "0.01209*Y0 Y2 + 0.01209*X0 X2 + 0.05599*Z1 Z2 + 0.01192*Y1 Z2 Y3 + 0.01209*Z0 Y1 Z2 Y3 + 0.01192*X1 Z2 X3 + "
    "0.01209*Z0 X1 Z2 X3 + 0.00324*Y0 X1 X2 Y3 - 0.00324*Y0 Y1 X2 X3 - 0.00324*X0 X1 Y2 Y3 + 0.00324*X0 Y1 Y2 X3 - "
    "0.14561*Z3 + 0.05599*Z0 Z3 - 0.00183*Y0 Z1 Y2 Z3 - 0.00183*X0 Z1 X2 Z3 + 0.05276*Z1 Z3 - 0.00183*Y1 Y3 - "
    "0.00183*X1 X3 + 0.08450*Z2 Z3 - 0.16137*Z4 + 0.06182*Z0 Z4 + 0.00341*Y0 Z1 Y2 Z4 + 0.00341*X0 Z1 X2 Z4 + "
    "0.06770*Z1 Z4 - 0.00141*Y1 Z2 Y3 Z4 - 0.00141*X1 Z2 X3 Z4 + 0.06019*Z2 Z4 + 0.07051*Z3 Z4 + 0.00587*Y0 X1 X4 Y5 "
    "- 0.00587*Y0 Y1 X4 X5 - 0.00587*X0 X1 Y4 Y5 + 0.00587*X0 Y1 Y4 X5 + 0.00482*Y0 Z1 Z2 X3 X4 Y5 - 0.00482*Y0 Z1 Z2 "
    "Y3 X4 X5 - 0.00482*X0 Z1 Z2 X3 Y4 Y5 + 0.00482*X0 Z1 Z2 Y3 Y4 X5 - 0.16137*Z5 + 0.06770*Z0 Z5 - 0.00141*Y0 Z1 Y2 "
    "Z5 - 0.00141*X0 Z1 X2 Z5 + 0.06182*Z1 Z5 - 0.00482*Y1 X2 X4 Y5 - 0.00482*Y1 Y2 Y4 Y5 - 0.00482*X1 X2 X4 X5 - "
    "0.00482*X1 Y2 Y4 X5 + 0.00341*Y1 Z2 Y3 Z5 + 0.00341*X1 Z2 X3 Z5 + 0.01032*Y2 X3 X4 Y5 - 0.01032*Y2 Y3 X4 X5 - "
    "0.01032*X2 X3 Y4 Y5 + 0.01032*X2 Y3 Y4 X5 + 0.07051*Z2 Z5 + 0.06019*Z3 Z5 + 0.07824*Z4 Z5"
)
"""Two electrons in three orbitals of STO-3G, by Jordan and Wigner, bond length 3 bohr; ``qchem.molecular_hamiltonian`` of
PennyLane 0.45 works it out, rounded here.
"""
