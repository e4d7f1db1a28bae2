"""CPU seconds of whole lints of circuits with data.

    python benchmarks/rows.py [NAME ...]

Each circuit is written with its rows to a folder of its own and linted by a process of its own, start and reading included.
Prints the CPU seconds, how the gradient is known and by which engine.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Model(NamedTuple):
    """A circuit over ``features``, by its lines behind the declarations, and the rows that it is given; none for the law alone."""

    n_qubits: int
    features: int
    weights: int
    lines: list[str]
    rows: int
    observable: str = "Z0"
    noise: str = ""

    def write(self, folder: Path) -> None:
        """The circuit, ``c.qasm``, and its rows, ``rows.csv``."""
        rng = np.random.default_rng(0)
        values = np.column_stack(
            [rng.uniform(-np.pi, np.pi, (self.rows, self.features)), rng.choice([-1, 1], self.rows)]
        )
        names = ",".join([*(f"x[{k}]" for k in range(self.features)), "label"])
        np.savetxt(folder / "rows.csv", values, "%.6f", ",", header=names, comments="")
        said = [f"observable = {self.observable}", "data = x*", *(["dataset = rows.csv"] if self.rows else [])]
        said += [f"noise = {self.noise}"] if self.noise else []
        head = ["OPENQASM 3.0;", 'include "stdgates.inc";', *(f"// bplint: {one}" for one in said)]
        head += [f"input array[float[64], {self.features}] x;", f"input array[float[64], {self.weights}] t;"]
        (folder / "c.qasm").write_text("\n".join([*head, f"qubit[{self.n_qubits}] q;", *self.lines]) + "\n")


def layers(n: int, count: int, name: str, *, again: bool = False) -> Iterator[str]:
    """RY, RZ on each qubit and CZ on a ring, so many times; ``again`` with the same angles in each."""
    for layer in range(count):
        first = 0 if again else 2 * n * layer
        for place, gate in enumerate(("ry", "rz")):
            yield from (f"{gate}({name}[{first + n * place + q}]) q[{q}];" for q in range(n))
        yield from (f"cz q[{q}], q[{(q + 1) % n}];" for q in range(n))


def zz_map(n: int, *, full: bool) -> Iterator[str]:
    """Two repetitions of the ZZ feature map."""
    for _ in range(2):
        yield from (f"h q[{q}]; p(2 * x[{q}]) q[{q}];" for q in range(n))
        for i in range(n):
            for j in range(i + 1, n if full else min(i + 2, n)):
                yield f"cx q[{i}], q[{j}]; p(2 * (pi - x[{i}]) * (pi - x[{j}])) q[{j}]; cx q[{i}], q[{j}];"


def real_amplitudes(n: int) -> Iterator[str]:
    """RY, CX on a path, RY."""
    yield from (f"ry(t[{q}]) q[{q}];" for q in range(n))
    yield from (f"cx q[{q}], q[{q + 1}];" for q in range(n - 1))
    yield from (f"ry(t[{n + q}]) q[{q}];" for q in range(n))


def embedded(n: int, depth: int, trained: int, rows: int, noise: str = "") -> Model:
    """The same features in each layer of an embedding, then trained layers."""
    lines = [*layers(n, depth, "x", again=True), *layers(n, trained, "t")]
    return Model(n_qubits=n, features=2 * n, weights=2 * n * trained, lines=lines, rows=rows, noise=noise)


def product(n: int) -> Model:
    """RY of a feature and of a weight on each qubit."""
    lines = [f"ry({name}[{q}]) q[{q}];" for name in "xt" for q in range(n)]
    return Model(n_qubits=n, features=n, weights=n, lines=lines, rows=256, observable="mean(Z)")


def feature_map(n: int, *, full: bool, observable: str) -> Model:
    """A ZZ feature map before real amplitudes, 200 rows."""
    lines = [*zz_map(n, full=full), *real_amplitudes(n)]
    return Model(n_qubits=n, features=n, weights=2 * n, lines=lines, rows=200, observable=observable)


def reuploaded(n: int, depth: int) -> Model:
    """RY of the features before each trained layer, 200 rows."""
    lines = []
    for layer in range(depth):
        lines += [f"ry(x[{q}]) q[{q}];" for q in range(n)]
        lines += [line.replace("t[", f"t[{2 * n * layer} + ") for line in layers(n, 1, "t")]
    return Model(n_qubits=n, features=n, weights=2 * n * depth, lines=lines, rows=200, observable="mean(Z)")


MODELS: dict[str, Callable[[], Model]] = {
    "20 qubits, 4 embedding and 3 trained layers, 256 rows": lambda: embedded(20, 4, 3, 256),
    "14 qubits, repeated features by their law, 1 trained layer": lambda: embedded(14, 6, 1, 0),
    "1,000 qubits, product embedding, 256 rows": lambda: product(1000),
    "12 qubits, linear ZZ map, mean(Z)": lambda: feature_map(12, full=False, observable="mean(Z)"),
    "14 qubits, linear ZZ map, mean(Z)": lambda: feature_map(14, full=False, observable="mean(Z)"),
    "12 qubits, full ZZ map, Z6": lambda: feature_map(12, full=True, observable="Z6"),
    "12 qubits, full ZZ map, mean(Z)": lambda: feature_map(12, full=True, observable="mean(Z)"),
    "8 qubits, data 8 times over": lambda: reuploaded(8, 8),
    "10 qubits, data 8 times over": lambda: reuploaded(10, 8),
    "8 qubits, depolarizing noise, 2 embedding and 2 trained layers": lambda: embedded(
        8, 2, 2, 200, "depolarizing:0.01"
    ),
}


def main() -> int:
    """Lint those whose name holds one of the words given, or all."""
    chosen = [name for name in MODELS if not sys.argv[1:] or any(word in name for word in sys.argv[1:])]
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            MODELS[name]().write(Path(folder))
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            run = [sys.executable, "-m", "bplint", "check", "--isolated", "--format", "json", "c.qasm"]
            output = subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False).stdout
            seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        gradient = json.loads(output)["circuits"][0]["analyses"]["gradient"]
        known = ", ".join(str(gradient[key]) for key in ("status", "method", "reason") if gradient.get(key))
        print(f"{seconds:6.1f} s  {name}: {known}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
