"""Algebras side by side with peers: `python benchmarks/algebra.py [--seconds 60]` writes its table to benchmarks/README.md.

Every peer that is installed (fastdla, pennylane, pauli-canonicalizer) is warmed up once, and gets each family of generators at
growing sizes, each in a fork of its own, until a size takes more than the seconds allowed. bplint gets, in the same way, the
largest size that the best of them finished. Times are processor times, with one thread. PauLie needs a newer Python than
bplint does; its published figure is in run.py.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from itertools import combinations
from math import comb
from pathlib import Path
from typing import NamedTuple, TypeAlias

Label: TypeAlias = dict[int, str]
"""A Pauli string: qubit -> letter."""
Sum: TypeAlias = list[tuple[float, Label]]

PEERS = ("fastdla", "pennylane", "pauli-canonicalizer")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
RUNS = 3


class Family(NamedTuple):
    """Generators for n qubits, the dimension they should have, and the sizes tried."""

    name: str
    generators: Callable[[int], list[Sum]]
    dimension: Callable[[int], int]
    sizes: Sequence[int]


def ring(n: int) -> list[tuple[int, int]]:
    return [(q, (q + 1) % n) for q in range(n)]


def path(n: int) -> list[tuple[int, int]]:
    return ring(n)[:-1]


def total(letter: str, n: int) -> Sum:
    return [(1.0, {q: letter}) for q in range(n)]


def bonds(letters: str, pairs: Sequence[tuple[int, int]]) -> list[Sum]:
    """One generator a pair: XX + YY + …"""
    return [[(1.0, {a: letter, b: letter}) for letter in letters] for a, b in pairs]


def joined(sums: Sequence[Sum]) -> Sum:
    return [term for each in sums for term in each]


def fields(n: int) -> list[Sum]:
    return [[(1.0, {q: "Z"})] for q in range(n)]


def qaoa(n: int, pairs: Sequence[tuple[int, int]]) -> list[Sum]:
    return [total("X", n), joined(bonds("Z", pairs))]


def complete_dimension(n: int) -> int:
    return (n**3 + 6 * n**2 + (2 * n + 12 if n % 2 == 0 else 18 - n)) // 12


def badly_scaled(n: int) -> list[Sum]:
    return [
        [(10.0**q, {q: "X"}) for q in range(n)],
        [(100.0**q, {q: "Z", q + 1: "Z"}) for q in range(n - 1)],
    ]


def chain(n: int) -> list[Sum]:
    return [*([term] for term in total("X", n)), *bonds("Z", path(n))]


def e_type(n: int) -> list[Sum]:
    """A tree with legs of 1, 2 and n - 4 strings, E6, E7, E8, … : each string Z on its vertex and X on the later neighbours."""
    edges = [(0, 1), (0, 2), (2, 3), (0, 4), *((q, q + 1) for q in range(4, n - 1))]
    return [[(1.0, {v: "Z", **{b: "X" for a, b in edges if a == v}})] for v in range(n)]


FAMILIES = (
    Family("{ΣX, ΣY, ΣZZ on all pairs}", lambda n: [total("X", n), total("Y", n), joined(bonds("Z", [*combinations(range(n), 2)]))],
           lambda n: comb(n + 3, 3) - n // 2, (4, 5, 6, 7, 8, 9, 10, 12, 14)),
    Family("QAOA on a ring", lambda n: qaoa(n, ring(n)), lambda n: 3 * n - 1, (4, 6, 8, 10, 12, 14, 16, 20, 24, 30)),
    Family("QAOA on all pairs", lambda n: qaoa(n, [*combinations(range(n), 2)]), complete_dimension, (4, 6, 7, 8, 9, 10, 12, 16)),
    Family("XX+YY on a ring, each Z", lambda n: bonds("XY", ring(n)) + fields(n), lambda n: 2 * n * n - 1,
           (4, 6, 8, 10, 12, 16, 20, 24)),
    Family("Heisenberg bonds", lambda n: bonds("XYZ", path(n)), lambda n: comb(2 * n, n) // (n + 1) - n // 2, (4, 5, 6, 7, 8)),
    Family("XX+YY, ZZ and Z on a path", lambda n: bonds("XY", path(n)) + bonds("Z", path(n)) + fields(n),
           lambda n: comb(2 * n, n) - n + 1, (3, 4, 5, 6, 7)),
    Family("Ising sums scaled by 10^i, 10^2i", badly_scaled, lambda n: n * (2 * n - 1), (4, 5, 6, 7, 8, 10)),
    Family("Ising chain, strings", chain, lambda n: n * (2 * n - 1), (5, 10, 20, 30, 50, 100, 200, 400, 800)),
    Family("E6, E7, E8, strings", e_type, lambda n: {6: 36, 7: 63, 8: 120}[n], (6, 7, 8)),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--worker", help="run one peer, or bplint, and print what it finds")
    parser.add_argument("--sizes", type=json.loads, help="family by number -> sizes, instead of all", default={})
    given = parser.parse_args()
    if given.worker:
        work(given.worker, given.seconds, {int(family): sizes for family, sizes in given.sizes.items()})
        return
    versions = {peer: found for peer in PEERS if (found := installed(peer))}
    missing = [peer for peer in PEERS if peer not in versions]
    theirs = [(peer, *found) for peer in versions for found in asked(peer, given.seconds)]
    best, wrong = judged(theirs)
    ours = asked("bplint", given.seconds, {family: [size] * RUNS for family, (size, _, _) in best.items()})
    rows = [
        row(number, best.get(number), wrong[number], [f for f in ours if f[0] == number])
        for number in range(len(FAMILIES))
    ]
    head = "| generators | largest size of a peer | best peer | bplint | ratio | wrong |\n|---|---|---|---|---|---|\n"
    beside = ", ".join(f"{peer} {found}" for peer, found in versions.items()) or "no peers"
    absent = f" Not installed: {', '.join(missing)}." if missing else ""
    table = (
        head
        + "".join(f"| {' | '.join(each)} |\n" for each in rows)
        + f"\nAt most {given.seconds:g} s a size. Beside {beside}.{absent}\n"
    )
    print(table)
    readme = Path(__file__).with_name("README.md")
    before, _, rest = readme.read_text().partition("<!-- algebra -->\n")
    _, _, after = rest.partition("<!-- end algebra -->\n")
    readme.write_text(f"{before}<!-- algebra -->\n{table}<!-- end algebra -->\n{after}")


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


Found: TypeAlias = tuple[int, int, int, float]
"""Family by number, size, dimension, seconds."""


def judged(
    theirs: Sequence[tuple[str, int, int, int, float]],
) -> tuple[dict[int, tuple[int, str, float]], dict[int, list[str]]]:
    """Of each family the largest size a peer finished rightly, by whom and in what time; and the wrong dimensions."""
    best: dict[int, tuple[int, str, float]] = {}
    wrong: dict[int, list[str]] = defaultdict(list)
    for peer, family, size, dimension, spent in theirs:
        truth = FAMILIES[family].dimension(size)
        if dimension != truth:
            wrong[family].append(f"{peer} {dimension:,} for {truth:,}")
        elif family not in best or (size, -spent) > (best[family][0], -best[family][2]):
            best[family] = size, peer, spent
    return best, wrong


def row(number: int, best: tuple[int, str, float] | None, wrong: list[str], ours: Sequence[Found]) -> tuple[str, ...]:
    family = FAMILIES[number]
    told = ", ".join(wrong[:4]) or "-"
    if best is None or not ours:
        return family.name, "-", "-", "-", "-", told
    size, peer, theirs = best
    truth = family.dimension(size)
    assert {dimension for _, _, dimension, _ in ours} == {truth}, (family.name, ours)
    mine = statistics.median(spent for _, _, _, spent in ours)
    return family.name, f"n = {size}: {truth:,}", f"{peer} {shown(theirs)}", shown(mine), f"{theirs / mine:,.0f}", told


def shown(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.1f} s"


def asked(peer: str, seconds: float, sizes: dict[int, list[int]] | None = None) -> list[Found]:
    """What a process finished."""
    command = [sys.executable, __file__, "--worker", peer, "--seconds", str(seconds)]
    command += ["--sizes", json.dumps(sizes or {})]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **dict.fromkeys(THREADS, "1")})
    return [tuple(json.loads(line)) for line in done.stdout.splitlines() if line.startswith("[")]


def work(peer: str, seconds: float, sizes: dict[int, list[int]]) -> None:
    solve = SOLVERS[peer]()
    for family in FAMILIES:
        with suppress(Unsuited):
            solve(family.generators(family.sizes[0]), family.sizes[0])  # compiles, fills caches
    fork = multiprocessing.get_context("fork")
    for number, family in enumerate(FAMILIES):
        for size in sizes.get(number, [] if sizes else family.sizes):
            child = fork.Process(target=measure, args=(solve, number, size))
            child.start()
            child.join(seconds)
            if child.is_alive():
                child.kill()
                print(f"{peer}, {family.name}, n = {size}: too late", file=sys.stderr)
            if child.exitcode != 0:
                child.join()
                break


def measure(solve: Callable[[list[Sum], int], int], number: int, size: int) -> None:
    generators = FAMILIES[number].generators(size)
    started = time.process_time()
    try:
        dimension = solve(generators, size)
    except Unsuited as error:
        print(f"{FAMILIES[number].name}, n = {size}: {error}", file=sys.stderr)
        sys.exit(1)
    print(json.dumps([number, size, dimension, time.process_time() - started]), flush=True)


class Unsuited(Exception):
    """A peer does not take generators of this kind."""


def letters(label: Label, n: int) -> str:
    return "".join(label.get(q, "I") for q in range(n))


def with_bplint() -> Callable[[list[Sum], int], int]:
    from bplint.analyses.dla.closure.modular import close
    from bplint.analyses.dla.pauli.classify import classify
    from bplint.ir.pauli import from_label

    def solve(generators: list[Sum], n: int) -> int:
        if all(len(g) == 1 for g in generators):
            return classify([from_label(letters(label, n)) for g in generators for _, label in g], n).dimension
        found = close([{from_label(letters(label, n)): int(c) for c, label in g} for g in generators], n)
        assert found.complete
        return found.dimension

    return solve


def with_fastdla() -> Callable[[list[Sum], int], int]:
    from fastdla import SparsePauliSum, lie_closure

    def solve(generators: list[Sum], n: int) -> int:
        if n > 31:
            raise Unsuited("31 qubits at most")
        return len(
            lie_closure([SparsePauliSum([letters(label, n) for _, label in g], [c for c, _ in g]) for g in generators])
        )

    return solve


def with_pennylane() -> Callable[[list[Sum], int], int]:
    from pennylane import lie_closure
    from pennylane.pauli import PauliSentence, PauliWord

    def solve(generators: list[Sum], n: int) -> int:
        sentences = [PauliSentence({PauliWord(label): c for c, label in g}) for g in generators]
        return len(lie_closure(sentences, pauli=True, max_iterations=10**9))

    return solve


def with_canonicalizer() -> Callable[[list[Sum], int], int]:
    import numpy as np
    from pauli_canonicalizer import canonicalize

    def solve(generators: list[Sum], n: int) -> int:
        if any(len(g) > 1 for g in generators):
            raise Unsuited("strings only")
        codes = np.array([[" XZY".index(label.get(q, " ")) for q in range(n)] for g in generators for _, label in g])
        x, z = codes & 1, codes >> 1
        return int(canonicalize((x @ z.T + z @ x.T) % 2)[3])

    return solve


SOLVERS: dict[str, Callable[[], Callable[[list[Sum], int], int]]] = {
    "bplint": with_bplint,
    "fastdla": with_fastdla,
    "pennylane": with_pennylane,
    "pauli-canonicalizer": with_canonicalizer,
}


if __name__ == "__main__":
    main()
