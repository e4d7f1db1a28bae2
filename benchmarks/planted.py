"""Hardware-efficient circuits whose loss has a planted symmetry, or none: what ``priors.py`` goes through."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SHOTS = 10_000


class Planted(NamedTuple):
    """A circuit as OpenQASM 3, and the names of the priors one of which has to be found; none where there is no symmetry."""

    name: str
    n_qubits: int
    source: str
    priors: frozenset[str]


def planted() -> Iterator[Planted]:
    """25 circuits with a symmetry in their loss."""
    for n in (6, 8):
        yield _planted(f"TFIM chain, parity of Z, {n}", n, _tfim(_chain(n), "XX", "Z", n), "z2 fermions")
    yield _planted("TFIM ring, parity of Z, 8", 8, _tfim(_ring(8), "XX", "Z", 8), "z2 fermions")
    yield _planted("TFIM chain, spin flip, 8", 8, _tfim(_chain(8), "ZZ", "X", 8), "z2 fermions")
    for n in (6, 8, 10):
        yield _planted(f"XXZ chain, {n}", n, _xxz(_chain(n), 0.5), "u1")
    yield _planted("XXZ ring, 8", 8, _xxz(_ring(8), 0.5), "u1")
    for n in (4, 6, 8):
        yield _planted(f"Heisenberg chain, {n}", n, _xxz(_chain(n), 1.0), "su2 u1")
    yield _planted("Heisenberg ring, 8", 8, _xxz(_ring(8), 1.0), "su2 u1")
    for n in (6, 8):
        yield _planted(f"MaxCut ring, {n}", n, _sum("ZZ", _ring(n)), "z2 dn cn")
    yield _planted("MaxCut complete graph, 8", 8, _sum("ZZ", _pairs(8)), "z2 sn")
    for n in (6, 8, 10):
        yield _planted(f"MaxCut random graph, {n}", n, _sum("ZZ", _graph(n)), "z2")
    yield _planted("H2 in a minimal basis, 4", 4, _H2, "z2 u1")
    for n in (6, 8):
        yield _planted(f"mean(Z), {n}", n, "mean(Z)", "sn u1")
        yield _planted(f"LMG, {n}", n, f"{_sum('ZZ', _pairs(n))} + {_sum('X', [(q,) for q in range(n)], 0.7)}", "sn z2")
    for n in (6, 8):
        yield _planted(f"translation-invariant chain, {n}", n, _translations(n), "cn dn")


def unplanted() -> Iterator[Planted]:
    """15 circuits whose loss is a random sum of strings that only the identity commutes with."""
    for seed in range(15):
        rng = random.Random(seed)
        n = 4 + seed % 5
        terms = [_random_term(rng, n) for _ in range(4 * n)]
        yield Planted(
            f"random {seed}", n, hardware_efficient(n, 2 * n, " + ".join(terms).replace("+ -", "- ")), frozenset()
        )


def hardware_efficient(n: int, layers: int, observable: str) -> str:
    """RY and RZ on every qubit and CZ on a chain, ``layers`` times, as OpenQASM 3."""
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


def _planted(name: str, n: int, observable: str, priors: str) -> Planted:
    return Planted(name, n, hardware_efficient(n, 2 * n, observable), frozenset(priors.split()))


Edges = Sequence[tuple[int, ...]]


def _chain(n: int) -> Edges:
    return [(q, q + 1) for q in range(n - 1)]


def _ring(n: int) -> Edges:
    return [(q, (q + 1) % n) for q in range(n)]


def _pairs(n: int) -> Edges:
    return [(a, b) for a in range(n) for b in range(a + 1, n)]


def _graph(n: int) -> Edges:
    """A connected graph with few symmetries: a chain and random chords."""
    rng = random.Random(n)
    chords = [edge for edge in _pairs(n) if edge[1] - edge[0] > 1]
    return [*_chain(n), *rng.sample(list(chords), n // 2)]


def _sum(letters: str, places: Edges, weight: float = 1.0) -> str:
    terms = (" ".join(f"{letter}{q}" for letter, q in zip(letters, place, strict=True)) for place in places)
    return " + ".join(f"{weight}*{term}" for term in terms)


def _tfim(edges: Edges, coupling: str, field: str, n: int) -> str:
    return f"{_sum(coupling, edges)} + {_sum(field, [(q,) for q in range(n)], 0.7)}"


def _xxz(edges: Edges, anisotropy: float) -> str:
    return f"{_sum('XX', edges)} + {_sum('YY', edges)} + {_sum('ZZ', edges, anisotropy)}"


def _translations(n: int) -> str:
    """Terms that have no other symmetry than the ring's. No positive entry beside the diagonal: the ground state is invariant."""
    ring, fields = _ring(n), [(q,) for q in range(n)]
    parts = (("XX", ring, -1.0), ("X", fields, -0.5), ("ZZ", ring, 0.6), ("Z", fields, 0.2))
    return " + ".join(_sum(*part) for part in parts).replace("+ -", "- ")


_H2 = (
    "-0.0988*I + 0.1711*Z0 + 0.1711*Z1 - 0.2228*Z2 - 0.2228*Z3 + 0.1686*Z0 Z1 + 0.1205*Z0 Z2 + 0.1659*Z0 Z3 + 0.1659*Z1 Z2 "
    "+ 0.1205*Z1 Z3 + 0.1743*Z2 Z3 - 0.0453*X0 X1 Y2 Y3 + 0.0453*X0 Y1 Y2 X3 + 0.0453*Y0 X1 X2 Y3 - 0.0453*Y0 Y1 X2 X3"
)
"""Seeley, Richard and Love, arXiv:1208.5986, equation 89: Jordan–Wigner, bond length 0.7414 Å, rounded."""


def _random_term(rng: random.Random, n: int) -> str:
    letters = [rng.choice("IXYZ") for _ in range(n)]
    letters[rng.randrange(n)] = rng.choice("XYZ")
    word = " ".join(f"{letter}{q}" for q, letter in enumerate(letters) if letter != "I")
    return f"{rng.uniform(-1, 1):.4f}*{word}"
