"""A classical computer can evaluate this loss exactly.

## What it does

Looks for one of three named methods that compute the loss, whatever the angles, in polynomial time: each term sees few
qubits (a state vector of its light cone); everything that moves the loss is free fermions and the loss is quadratic in them
(matchgate simulation); or what the rotations can make of the loss lies in a small space (Lie-algebraic simulation, g-sim).

## Why it matters

It is good news: train on a classical computer, where gradients have no shot noise, and use the quantum one for what comes
after, such as sampling. Where the aim is quantum advantage of the loss itself it is to be known early.

## When it is fine

Always. What protects a circuit from barren plateaus often confines it to a small space as well, but that is evidence case by
case and no law, and a circuit that can be simulated may still be the right one.

## Conditions

More than 20 qubits: below, a state vector does. Something is trained that the loss sees. Every term has a light cone of at
most 20 qubits; or all terms are in the algebra of all rotations (trained, data and fixed alike), which is free-fermion
where the loss touches it, in at most n copies; or the strings that these rotations can make of the terms are at most 10,000. Only
the loss is meant, not samples from the state. Projectors are not looked at, nor methods that approximate, as for small angles.

## References

Goh et al., arXiv:2308.01432 (Lie-algebraic simulation). Terhal and DiVincenzo, arXiv:quant-ph/0108010 (free fermions).
Cerezo et al., arXiv:2312.09121 (no plateau and simulability). Bravyi et al., arXiv:1909.11485 (light cones of mean values).
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, reach
from bplint.analyses.dla.simulation import Method, Simulation, simulation
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.number_format import plural
from bplint.rule import Example, rule

_SMALL = 20
"""Up to so many qubits a state vector of all of them does."""


@rule("BP951", "classically-simulable", Severity.NOTE, kind=Kind.EXACT, since="0.1")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if case.circuit.n_qubits <= _SMALL:
        return  # a state vector does
    if not ask(reach).live:
        return  # nothing to train
    answer = ask(simulation)
    if answer is None:
        return  # no method known here
    yield Hit(
        f"A classical computer can evaluate this loss exactly: {_why(answer, case.circuit.n_qubits)}.",
        proof=_proof(answer),
        help=("train it classically, and keep the quantum computer for what comes after",),
        span=case.context.observable_span,
        evidence={"method": str(answer.method), "size": answer.size},
        structure=str(answer.method),
        brief="a classical computer can evaluate the loss exactly",
    )


def _why(answer: Simulation, n: int) -> str:
    if answer.method is Method.LIGHT_CONE:
        return f"no term of it depends on more than {answer.size:,} of {n:,} qubits"
    if answer.method is Method.FREE_FERMIONS:
        return (
            f"all that moves it is free fermions, and it is quadratic in their {plural(answer.size, 'Majorana mode')}"
        )
    return f"the rotations can only make {answer.size:,} Pauli strings of it"


def _proof(answer: Simulation) -> str:
    if answer.method is Method.LIGHT_CONE:
        return f"exact: light cones; a state vector of {plural(answer.size, 'qubit')} for each term"
    if answer.method is Method.FREE_FERMIONS:
        return f"exact: Pauli classification; rotations are {answer.size:,} x {answer.size:,} matrices (matchgate simulation)"
    return f"exact: enumerated; rotations act on a space of dimension {answer.size:,} (Lie-algebraic simulation, g-sim)"


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def _path(n: int, layers: int, observable: str, extra: str = "") -> str:
    count = layers * (2 * n - 1)
    lines, k = "", 0
    for _ in range(layers):
        for i in range(n):
            lines += f"rz(a[{k}]) q[{i}];\n"
            k += 1
        for i in range(n - 2, -1, -1):
            lines += f"rxx(a[{k}]) q[{i}], q[{i + 1}];\n"
            k += 1
    return (
        _HEAD
        + f"// bplint: observable = {observable}\ninput array[float[64], {count}] a;\ninput float b;\nqubit[{n}] q;\n"
        + lines
        + extra
    )


BAD = (
    Example(
        "one layer on 24 qubits: Z0 sees two of them",
        _HEAD
        + "// bplint: observable = Z0\ninput array[float[64], 24] a;\nqubit[24] q;\n"
        + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(24))
        + "".join(f"cx q[{i + 1}], q[{i}];\n" for i in range(23)),
    ),
    Example("a deep matchgate circuit on 24 qubits", _path(24, 12, "Z11")),
    Example(
        "everything on three qubits, and one rotation about Z on all 24",
        _HEAD
        + "// bplint: observable = Z0\ninput array[float[64], 10] a;\ninput float b;\nqubit[24] q;\n"
        + "".join(
            f"rx(a[{3 * i}]) q[{i}];\nrz(a[{3 * i + 1}]) q[{i}];\nrzz(a[{3 * i + 2}]) q[{i}], q[{(i + 1) % 3}];\n"
            for i in range(3)
        )
        + "".join(f"cx q[{i}], q[{i + 1}];\n" for i in range(23))
        + "rz(b) q[23];\n"
        + "".join(f"cx q[{i}], q[{i + 1}];\n" for i in range(22, -1, -1))
        + "rx(a[9]) q[0];\n",
    ),
)
GOOD = (
    Example("20 qubits: a state vector does", _path(20, 12, "Z11")),
    Example("an RX in the bulk of the deep circuit", _path(24, 12, "Z11", "rx(b) q[11];\n" + "ry(b) q[12];\n")),
)
