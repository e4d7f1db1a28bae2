"""The circuits that are compared: one that knows nothing, and two that keep a symmetry; as gates, and as OpenQASM for bplint.

Qubit q carries feature q mod 2 by RY. Then follow layers of trainable gates: once, or each with the features before it again
(re-uploading).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

KINDS = {
    "unstructured": "RY and RZ on every qubit and CZ around a ring",
    "symmetric": "qubits of one feature are interchangeable: sums of Y, Z and ZZ",
    "matchgates": "Z on every qubit and XX along a chain: free fermions, which keep the parity",
}


class Gate(NamedTuple):
    """``ry``, ``rz``, ``rzz``, ``rxx`` or ``cz`` on qubits; ``parameter`` turns it, None for ``cz``."""

    name: str
    qubits: tuple[int, ...]
    parameter: int | None = None


class Model(NamedTuple):
    """A circuit of ``layers`` layers on ``n`` qubits; ``again`` tells whether the features return before every layer."""

    kind: str
    n: int
    layers: int
    again: bool = False

    @property
    def label(self) -> str:
        return f"{self.kind}, {self.n} qubits, {self.layers} layers{', re-uploading' if self.again else ''}"


def layers_of(model: Model) -> list[list[Gate]]:
    """The trainable gates, layer by layer; parameters are counted through."""
    layer = {"unstructured": _unstructured, "symmetric": _symmetric, "matchgates": _matchgates}[model.kind]
    found: list[list[Gate]] = []
    first = 0
    for _ in range(model.layers):
        gates = [
            gate._replace(parameter=None if gate.parameter is None else gate.parameter + first)
            for gate in layer(model.n)
        ]
        first = 1 + max(gate.parameter for gate in gates if gate.parameter is not None)
        found.append(gates)
    return found


def openqasm(model: Model, dataset: str = "") -> str:
    """The same for bplint, with ``mean(Z)`` as the loss and the rows of ``dataset`` as the data."""
    layers = layers_of(model)
    count = 1 + max(gate.parameter or 0 for gates in layers for gate in gates)
    embedding = [f"ry(x[{q % 2}]) q[{q}];" for q in range(model.n)]
    body: list[str] = []
    for k, gates in enumerate(layers):
        body += embedding if model.again or not k else []
        for gate in gates:
            angle = "" if gate.parameter is None else f"(t[{gate.parameter}])"
            body.append(f"{gate.name}{angle} {', '.join(f'q[{q}]' for q in gate.qubits)};")
    given = f"// bplint: dataset = {dataset}\n" if dataset else ""
    return (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = mean(Z)\n// bplint: data = x*\n'
        f"{given}input array[float[64], 2] x;\ninput array[float[64], {count}] t;\nqubit[{model.n}] q;\n"
        + "\n".join(body)
        + "\n"
    )


def _unstructured(n: int) -> Iterator[Gate]:
    for q in range(n):
        yield Gate("ry", (q,), q)
        yield Gate("rz", (q,), n + q)
    for q in range(n if n > 2 else 1):
        yield Gate("cz", (q, (q + 1) % n))


def _symmetric(n: int) -> Iterator[Gate]:
    groups = (range(0, n, 2), range(1, n, 2))
    for g, group in enumerate(groups):
        for q in group:
            yield Gate("ry", (q,), g)
    for g, group in enumerate(groups):
        for q in group:
            yield Gate("rz", (q,), 2 + g)
    for a in groups[0]:
        for b in groups[1]:
            yield Gate("rzz", (a, b), 4)
    for g, group in enumerate(groups):
        for a, b in combinations(group, 2):
            yield Gate("rzz", (a, b), 5 + g)


def _matchgates(n: int) -> Iterator[Gate]:
    for q in range(n):
        yield Gate("rz", (q,), q)
    for q in range(n - 1):
        yield Gate("rxx", (q, q + 1), n + q)
