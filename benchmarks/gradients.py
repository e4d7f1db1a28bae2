"""How fast the gradients are: `python benchmarks/gradients.py` prints a table and writes it to benchmarks/README.md.

All circuits are layers of RY, RZ on every qubit and a chain of CX, every angle its own parameter. Beside bplint's path
sampler stand a plain compiled loop (path_loop.c, built with `cc`) and PennyLane's `lightning.qubit` with adjoint
differentiation; a row whose peer is not installed says so. Times are processor times, the two sides in turn.
"""

from __future__ import annotations

import ctypes
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient
from bplint.analyses.gradients.paths import compiled_program as program
from bplint.analyses.gradients.paths.chain import Chain, chain
from bplint.analyses.gradients.paths.sampler import PathSampler
from bplint.analyses.gradients.problem import Problem
from bplint.errors import Span
from bplint.ir.build import Builder
from bplint.ir.circuit import Circuit, Parameter, Role
from bplint.ir.context import Case, Context
from bplint.ir.gates import gate
from bplint.ir.observable import parse
from bplint.ir.trainable import select

README = Path(__file__).with_name("README.md")
LOOP = Path(__file__).with_name("path_loop.c")
Row = tuple[str, str, str, str, str]

PEERED = ((12, 0, 40), (12, 6, 40), (20, 0, 3))
"""Qubits, the qubit that the loss measures, and random starts given to PennyLane."""


def main() -> None:
    if sys.argv[1:] == ["memory"]:
        print(peak(1000, 50, 1 << 16))
        return
    program.LOADING = sys.maxsize  # numpy alone, but for the rows that say otherwise
    used = memory()  # first, for a child's peak begins at its parent's
    rows = [*compiled_loop(), *(state_vectors(*setting) for setting in PEERED), *scaling(), used]
    head = "| what | bplint | beside it | ratio | asked |\n|---|---|---|---|---|\n"
    table = head + "".join(f"| {' | '.join(row)} |\n" for row in rows)
    print(table)
    before, _, rest = README.read_text().partition("<!-- gradients -->\n")
    _, mark, after = rest.partition("<!-- end gradients -->\n")
    if mark:
        README.write_text(f"{before}<!-- gradients -->\n{table}{mark}{after}")


def compiled_loop(n: int = 1000, layers: int = 20, runs: int = 7) -> Iterator[Row]:
    """Time per gate and path of the sampler, in numpy and with numba, and of the compiled loop, at two sizes of batch."""
    circuit = layered(n, layers)
    samplers = {"": sampler_of(circuit, f"Z{n // 2}")}
    if (numba := with_numba(circuit, f"Z{n // 2}")) is not None:
        samplers["with `bplint[fast]`, "] = numba
    for paths in (1 << 14, 1 << 15):
        what = f"{n:,} qubits, {layers} layers, {2 * n * layers:,} parameters, {paths:,} paths: per gate and path"
        each = 1e9 / (len(circuit) * paths)
        works: list[Callable[[], object]] = [partial(sampler.sample, 0, paths) for sampler in samplers.values()]
        with tempfile.TemporaryDirectory() as folder:
            if shutil.which("cc") is not None:
                agreement(folder)
                works += [Loop(circuit, n // 2, paths, folder, machine).run for machine in ("native", "x86-64")]
            times = [[spent(work) for work in works] for _ in range(runs + 1)][1:]
        ours = [statistics.median(row[k] for row in times) * each for k in range(len(works))]
        for k, how in enumerate(samplers):
            beside, ratio, asked = "no C compiler", "-", "at most 2" if how else "at most 12"
            if len(works) > len(samplers):
                beside = f"compiled loop, 64 paths a word, cc -O3: {ours[-2]:.3f} ns with -march=native, {ours[-1]:.3f} ns without"
                ratio = ", ".join(f"{statistics.median(row[k] / row[peer] for row in times):.1f}" for peer in (-2, -1))
            yield f"{how}{what}", f"{ours[k]:.3f} ns", beside, ratio, asked


def with_numba(circuit: Circuit, observable: str) -> PathSampler | None:
    """A sampler that runs the loop compiled by numba; None where that is not installed."""
    before, program.LOADING = program.LOADING, 0
    sampler = sampler_of(circuit, observable)
    sampler.sample(0, 64)
    program.LOADING = before
    return sampler if sampler.compiled else None


class Loop:
    """The compiled loop on one circuit, all paths starting from Z of one qubit."""

    def __init__(self, circuit: Circuit, qubit: int, paths: int, folder: str, machine: str = "native") -> None:
        library = Path(folder) / f"path_loop_{machine}.so"
        options = ["-O3", "-shared", "-fPIC"] + ["-march=native"] * (machine == "native")
        subprocess.run(["cc", *options, "-o", str(library), str(LOOP)], check=True)
        self._call = ctypes.CDLL(str(library)).paths
        self._call.restype = ctypes.c_int64
        names = [circuit.gates.names[i] for i in circuit.gates.name[circuit.gate].tolist()]
        self._kind = np.array([("cx", "ry", "rz").index(name) for name in names], dtype=np.int32)
        self._first = circuit.qubits[circuit.start[:-1]].astype(np.int32)
        self._second = circuit.qubits[circuit.start[1:] - 1].astype(np.int32)
        self._n, self._start = circuit.n_qubits, qubit + circuit.n_qubits
        self._met = np.zeros((int((self._kind > 0).sum()), paths // 64), dtype=np.uint64)
        self._planes = np.zeros((2 * self._n, paths // 64), dtype=np.uint64)
        self.met_hits = np.zeros(len(self._met), dtype=np.int64)

    def run(self) -> int:
        """How many paths hit; ``met_hits`` counts those that met each rotation, from the last to the first."""
        self._planes[:] = 0
        self._planes[self._start] = ~np.uint64(0)
        gates = [a.ctypes.data_as(ctypes.c_void_p) for a in (self._kind, self._first, self._second)]
        record = [a.ctypes.data_as(ctypes.c_void_p) for a in (self._planes, self._met, self.met_hits)]
        words, seed = self._planes.shape[1], ctypes.c_uint64(1)
        count: int = self._call(self._n, len(self._kind), *gates, words, seed, *record)
        return count


def agreement(folder: str, paths: int = 1 << 15) -> None:
    """Both sides must count the same on a small circuit, but for chance."""
    circuit = layered(8, 3)
    ours, loop = sampler_of(circuit, "Z4").sample(0, paths), Loop(circuit, 4, paths, folder)
    theirs = np.array([loop.run(), *loop.met_hits[::-1]])
    counts = np.array([ours.hits, *ours.met_hits])
    if (abs(counts - theirs) > 6 * np.sqrt(counts + theirs)).any():
        raise SystemExit("the compiled loop counts otherwise than bplint")


def state_vectors(n: int, qubit: int, starts: int, layers: int = 6, paths: int = 1 << 20) -> Row:
    """Time to estimate all E[(∂_k C)²] as well as PennyLane does: processor time a sample times its variance.

    A path gives 0 or 1 with chance p: variance p(1-p). A state vector gives (∂C)², of variance 2p² if gradients are
    normal; their tails are heavier, so this favours the state vectors. Both are scaled from few samples.
    """
    sampler = sampler_of(layered(n, layers), f"Z{qubit}")
    what = f"{n} qubits, {layers} layers, loss Z{qubit}: all gradients at equal standard error"
    sampler.sample(0, sampler.batch)
    seconds, met = 0.0, np.zeros(sampler.n_free)
    for first in range(0, paths, sampler.batch):
        begin = time.process_time()
        met += sampler.sample(first, sampler.batch).met_hits
        seconds += time.process_time() - begin
    chance, ours = met / paths, seconds / paths
    mine = f"{1e9 * ours:.0f} ns a path"
    if find_spec("pennylane") is None or find_spec("pennylane_lightning") is None:
        return what, mine, "PennyLane is not installed", "-", "at least 100"
    squares, theirs = _pennylane(n, layers, qubit, starts)
    if not 0.1 < squares.mean(axis=0).sum() / chance.sum() < 10:  # few starts tell no more
        raise SystemExit("PennyLane's squared gradients are not those of bplint")
    cost, peer = ours * chance * (1 - chance), theirs * 2 * chance**2
    seen = met > 100
    ratio, weakest = peer.sum() / cost.sum(), (peer[seen] / cost[seen]).min()
    beside = f"PennyLane `lightning.qubit`, adjoint: {1000 * theirs:,.0f} ms a start"
    least = chance[seen].min()
    return what, mine, beside, f"{ratio:,.0f}; {weakest:,.0f} for the weakest, {least:.0e}", "at least 100"


def _pennylane(n: int, layers: int, qubit: int, starts: int) -> tuple[Any, float]:
    """Squared gradients (starts, parameters) and processor seconds a start."""
    import pennylane as qml  # type: ignore[import-not-found, unused-ignore]
    from pennylane import numpy as pnp

    def loss(angles: Any) -> Any:
        for layer in range(layers):
            for q in range(n):
                qml.RY(angles[layer, 0, q], wires=q)
            for q in range(n):
                qml.RZ(angles[layer, 1, q], wires=q)
            for q in range(n - 1):
                qml.CNOT(wires=[q, q + 1])
        return qml.expval(qml.PauliZ(qubit))

    random, device = np.random.default_rng(0), qml.device("lightning.qubit", wires=n)
    slope = qml.grad(qml.QNode(loss, device, diff_method="adjoint"))
    squares, times = [], []
    for _ in range(starts + 1):
        angles = pnp.array(random.uniform(0, 2 * np.pi, (layers, 2, n)), requires_grad=True)
        times.append(spent(lambda angles=angles: squares.append(np.ravel(slope(angles)) ** 2)))  # type: ignore[misc]
    return np.array(squares[1:]), statistics.median(times[1:])


def scaling(sizes: Sequence[int] = (125, 250, 500, 1000, 2000, 4000), layers: int = 4) -> Iterator[Row]:
    """Slope of log time over log n: of paths alone, of setting them up and drawing them, of the analysis `gradient`."""
    paths = 1 << 12
    times: dict[str, list[float]] = {}
    for n in sizes:
        circuit = layered(n, layers)
        sampler = sampler_of(circuit, "Z0")
        works: dict[str, tuple[int, Callable[[], object]]] = {
            f"{paths:,} paths": (5, partial(sampler.sample, 0, paths)),
            f"frame, steps and {paths:,} paths": (3, partial(set_up_and_sample, circuit, paths)),
            "the analysis `gradient`, with its search for dead parameters": (3, partial(analysed, circuit)),
        }
        for what, (runs, work) in works.items():
            times.setdefault(what, []).append(min(spent(work) for _ in range(runs)))
    for what, found in times.items():
        slope = np.polyfit(np.log(sizes), np.log(found), 1)[0]
        took = f"{1000 * found[0]:.0f} ms to {1000 * found[-1]:,.0f} ms"
        yield (
            f"{sizes[0]} to {sizes[-1]:,} qubits, {layers} layers: {what}",
            took,
            "-",
            f"slope {slope:.2f}",
            "at most 1.15",
        )


def memory() -> Row:
    """Peak memory of 65,536 paths over 10^5 parameters, in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "memory"], check=True, capture_output=True, text=True)
    return "100,000 parameters on 1,000 qubits, 65,536 paths", f"{done.stdout.strip()} MB", "-", "-", "under 1 GB"


def peak(n: int, layers: int, paths: int) -> int:
    """Peak resident memory in MB of this process, which samples so many paths of one circuit."""
    sampler = sampler_of(layered(n, layers), "mean(Z)")
    counts = sampler.sample(0, sampler.batch)
    for first in range(sampler.batch, paths, sampler.batch):
        counts += sampler.sample(first, min(sampler.batch, paths - first))
    assert counts.paths == paths
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


_GATES = {name: found for name in ("ry", "rz", "cx") if (found := gate(name))}


def layered(n: int, layers: int) -> Circuit:
    """Layers of RY, RZ on every qubit and CX from each to the next."""
    builder = Builder(n)
    statement = builder.statement(Span(1, 1, 1, 2))
    count = 0
    for _ in range(layers):
        for name in ("ry", "rz"):
            for q in range(n):
                builder.gate(_GATES[name], [q], [builder.angle(0.0, [(count, 1.0)])], statement)
                count += 1
        for q in range(n - 1):
            builder.gate(_GATES["cx"], [q, q + 1], [], statement)
    return builder.build([Parameter(f"t{k}", Role.TRAINABLE) for k in range(count)])


def sampler_of(circuit: Circuit, observable: str) -> PathSampler:
    """The sampler of a loss."""
    found = chain(Problem.of(circuit, parse(observable, circuit.n_qubits)))
    assert isinstance(found, Chain)
    return PathSampler(found.schedule(), found.starts.plus, seed=0)


def set_up_and_sample(circuit: Circuit, paths: int) -> None:
    """From the circuit to counted paths."""
    sampler = sampler_of(circuit, "Z0")
    sampler.sample(0, paths)


def analysed(circuit: Circuit) -> None:
    """The analysis that rules ask, with so few shots that its first stage of paths decides."""
    chosen, selection = select(circuit, "auto")
    context = Context(parse("Z0", circuit.n_qubits), "option", selection, shots=1000)
    Ask(Case("benchmark", "benchmark", chosen, context))(gradient)


def spent(work: Callable[[], object]) -> float:
    """Processor seconds of some work."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


if __name__ == "__main__":
    main()
