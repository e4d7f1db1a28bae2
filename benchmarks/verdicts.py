"""Time to the verdict on a gradient: which engine, how it ended, and processor seconds, over named circuits.

Usage: python benchmarks/verdicts.py [--only TEXT]

Circuits are those of ``fixtures/tied`` and ``fixtures/verdicts``, every fifteenth of ``fixtures/corpus``, and generated ones:
QAOA on rings, 3-regular, complete and weighted graphs, a Hamiltonian variational ansatz, matchgates up to 1,000 qubits. A
verdict is decided where the largest signal is surely above or below 1/shots, or presumed below. Prints a row a circuit, then
median, 95th percentile and the share decided.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bplint.config import Settings
from bplint.run import lint

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
SHOTS = 10_000

Edge = tuple[int, int]


class Verdict(NamedTuple):
    """How the question of one circuit ended."""

    engine: str
    status: str
    decided: bool
    seconds: float


def circuits() -> Iterator[tuple[str, str]]:
    """Names and OpenQASM 3 sources."""
    for room, step in (("tied", 1), ("verdicts", 1), ("corpus", 15)):
        for path in sorted((FIXTURES / room).glob("*.qasm"))[::step]:
            yield f"{room}/{path.stem}", path.read_text(encoding="utf-8")
    for n, layers in ((4, 1), (8, 3), (30, 2), (100, 3)):
        yield f"QAOA ring n={n} p={layers}", qaoa(n, _ring(n), layers)
    for n, layers in ((8, 2), (12, 1), (40, 1), (40, 2), (100, 1)):
        yield f"QAOA 3-regular n={n} p={layers}", qaoa(n, _regular(n), layers)
    for n, layers in ((6, 3), (20, 2), (40, 2)):
        yield f"QAOA complete n={n} p={layers}", qaoa(n, _complete(n), layers)
    for n, layers in ((6, 2), (10, 4)):
        yield f"QAOA weighted complete n={n} p={layers}", qaoa(n, _complete(n), layers, weighted=True)
    for n, layers in ((8, 4), (16, 8)):
        yield f"HVA Heisenberg ring n={n} d={layers}", hva(n, layers)
    for n in (10, 100, 1000):
        yield f"matchgates n={n} d=4", matchgates(n, 4)


def qaoa(n: int, edges: Sequence[Edge], layers: int, *, weighted: bool = False) -> str:
    """Layers of the cost, with weights from a normal law if asked for, and of RX."""
    weights = [round(random.Random(n + i).gauss(0, 1), 3) if weighted else 1.0 for i in range(len(edges))]
    loss = " + ".join(f"{w}*Z{a} Z{b}" for w, (a, b) in zip(weights, edges, strict=True)).replace("+ -", "- ")
    body = [f"h q[{q}];" for q in range(n)]
    for layer in range(layers):
        body += [f"rzz({w}*t[{2 * layer}]) q[{a}], q[{b}];" for w, (a, b) in zip(weights, edges, strict=True)]
        body += [f"rx(t[{2 * layer + 1}]) q[{q}];" for q in range(n)]
    return _program(n, 2 * layers, loss, body)


def hva(n: int, layers: int) -> str:
    """XX + YY and ZZ on a ring, one angle each, from the Néel state."""
    loss = " + ".join(f"{p}{a} {p}{b}" for a, b in _ring(n) for p in "XYZ")
    body = [f"x q[{q}];" for q in range(0, n, 2)]
    for layer in range(layers):
        for part in (_ring(n)[::2], _ring(n)[1::2]):
            body += [f"{gate}(t[{2 * layer}]) q[{a}], q[{b}];" for a, b in part for gate in ("rxx", "ryy")]
        body += [f"rzz(t[{2 * layer + 1}]) q[{a}], q[{b}];" for a, b in _ring(n)]
    return _program(n, 2 * layers, loss, body)


def matchgates(n: int, layers: int) -> str:
    """RZ on every qubit and RXX on a chain, each with its own angle."""
    body, count = [], 0
    for _ in range(layers):
        for gate, places in (("rz", [(q,) for q in range(n)]), ("rxx", _ring(n)[:-1])):
            for place in places:
                body.append(f"{gate}(t[{count}]) {', '.join(f'q[{q}]' for q in place)};")
                count += 1
    return _program(n, count, f"Z{n // 2}", body)


def _program(n: int, parameters: int, loss: str, body: Sequence[str]) -> str:
    head = f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {loss}\n'
    return head + f"input array[float[64], {parameters}] t;\nqubit[{n}] q;\n" + "\n".join(body) + "\n"


def _ring(n: int) -> list[Edge]:
    return [(q, (q + 1) % n) for q in range(n)]


def _complete(n: int) -> list[Edge]:
    return [(a, b) for a in range(n) for b in range(a + 1, n)]


def _regular(n: int) -> list[Edge]:
    """A random 3-regular graph by pairing, drawn again until it is simple."""
    draw = random.Random(n)
    while True:
        ends = [q for q in range(n) for _ in range(3)]
        draw.shuffle(ends)
        edges = {(min(p), max(p)) for p in zip(ends[::2], ends[1::2], strict=True) if p[0] != p[1]}
        if len(edges) == 3 * n // 2:
            return sorted(edges)


def verdict(source: str) -> Verdict:
    """Read the circuit and ask for its gradient."""
    begin = time.process_time()
    with TemporaryDirectory() as folder:
        file = Path(folder, "circuit.qasm")
        file.write_text(source, encoding="utf-8")
        report = lint([str(file)], Settings(isolated=True, suggest=False, select=("BP104", "BP301"), shots=SHOTS))
    seconds = time.process_time() - begin
    (circuit,) = json.loads(report.to_json())["circuits"]
    gradient = circuit["analyses"].get("gradient", {"status": "skipped"})
    opened = any(f.get("undecided") for f in circuit["findings"])
    constant = any(f["code"] == "BP104" for f in circuit["findings"])
    known = gradient["status"] not in ("inconclusive", "skipped") and not opened
    return Verdict(gradient.get("method", "-"), gradient["status"], constant or known, seconds)


def summary(found: Sequence[Verdict]) -> str:
    """One row: how many, the share decided, and seconds."""
    seconds = sorted(v.seconds for v in found)
    middle, late = median(seconds), seconds[math.ceil(0.95 * len(seconds)) - 1]
    share = sum(v.decided for v in found) / len(found)
    return f"| {len(found)} circuits | {share:.0%} decided | median {middle:.2f} s | 95th percentile {late:.2f} s |"


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Time to the verdict on a gradient.")
    parser.add_argument("--only", default="", help="circuits whose names hold this text")
    arguments = parser.parse_args()
    found = []
    for name, source in circuits():
        if arguments.only not in name:
            continue
        v = verdict(source)
        found.append(v)
        print(
            f"{name:42} {v.engine:18} {v.status:12} {'decided' if v.decided else 'open':8} {v.seconds:8.2f} s",
            flush=True,
        )
    if not found:
        sys.exit(f"no circuit's name holds {arguments.only!r}")
    print(summary(found))


if __name__ == "__main__":
    main()
