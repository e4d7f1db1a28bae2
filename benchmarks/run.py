"""Side by side with peers: `python benchmarks/run.py` prints a table and writes it to benchmarks/README.md.

Each row is a ratio taken in one run, the two commands in turn, the median of pairs; absolute times belong to the machine.
PauLie needs a newer Python than bplint does: where it is not installed its published figure stands in.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

RUNS = 7
PAULIE_SECONDS = 5.3
PYTHON = sys.executable

SMALL = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0 Z1
input array[float[64], 8] t;
qubit[4] q;
ry(t[0]) q[0]; ry(t[1]) q[1]; ry(t[2]) q[2]; ry(t[3]) q[3];
cx q[0], q[1]; cx q[1], q[2]; cx q[2], q[3];
rx(t[4]) q[0]; rx(t[5]) q[1]; rx(t[6]) q[2]; rx(t[7]) q[3];
"""

SMALL_HEAD = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0 Z1
input array[float[64], 4] t;
qubit[5] q;
"""

ALGEBRA = """
import time
from bplint.analyses.dla.pauli.classify import classify
n = 1000
axes = [1 << q for q in range(n)] + [1 << (q + n) for q in range(n)] + [3 << (q + n) for q in range(n - 1)]
axes += [1 << 0 | 1 << n]
started = time.process_time()
assert classify(axes, n).dimension == 4**n - 1
print(time.process_time() - started)
"""

PARSE = """
import sys, time
{load}
text = open(sys.argv[1]).read()
started = time.process_time()
{parse}
print(time.process_time() - started)
"""
OURS = {"load": "from bplint.importers import qasm", "parse": "qasm.read(text)"}
THEIRS = {"load": "import openqasm3", "parse": "openqasm3.parse(text)"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        rows = [cold_start(), cold_loop(), parsing(), parsing_loops(), memory(), algebra(), end_to_end()]
    head = "| what | bplint | beside it | ratio | asked |\n|---|---|---|---|---|\n"
    table = head + "".join(f"| {' | '.join(row)} |\n" for row in rows)
    print(table)
    readme = Path(__file__).with_name("README.md")
    before, _, rest = readme.read_text().partition("<!-- table -->\n")
    _, _, after = rest.partition("<!-- end -->\n")
    readme.write_text(f"{before}<!-- table -->\n{table}<!-- end -->\n{after}")


def cold_start() -> tuple[str, ...]:
    Path("small.qasm").write_text(SMALL)
    lint = [PYTHON, "-m", "bplint", "small.qasm", "--select", "BP0,BP1,BP2", "-q"]
    ours, theirs = pairs(
        lambda: processor(lint), lambda: processor([PYTHON, "-c", "import click, pluggy, numpy"]), runs=20
    )
    return row(
        "cold `bplint small.qasm`, structural rules, processor time",
        ours,
        "importing click, pluggy, numpy",
        theirs,
        ours,
        theirs,
        "at most 1.3",
    )


def parsing() -> tuple[str, ...]:
    Path("gates.qasm").write_text(flat(10_000))
    if find_spec("openqasm3") is None:
        return ("parsing 10,000 gates", "-", "openqasm3 is not installed", "-", "at least 20")
    ours, theirs = pairs(lambda: printed(PARSE.format(**OURS)), lambda: printed(PARSE.format(**THEIRS)), runs=3)
    return row("parsing 10,000 gates", ours, "`openqasm3.parse`", theirs, theirs, ours, "at least 20")


def parsing_loops() -> tuple[str, ...]:
    Path("gates.qasm").write_text(looped(10_000))
    if find_spec("openqasm3") is None:
        return ("parsing 10,000 gates in a loop and subroutines", "-", "openqasm3 is not installed", "-", "at least 10")
    ours, theirs = pairs(lambda: printed(PARSE.format(**OURS)), lambda: printed(PARSE.format(**THEIRS)), runs=3)
    what = "parsing 10,000 gates in a loop and subroutines"
    return row(what, ours, "`openqasm3.parse`", theirs, theirs, ours, "at least 10")


def cold_loop() -> tuple[str, ...]:
    """The same circuit with a loop, and without."""
    gates = "".join(f"ry(t[{i}]) q[{i}]; cx q[{i}], q[{i + 1}];\n" for i in range(4))
    Path("flat.qasm").write_text(f"{SMALL_HEAD}{gates}")
    Path("loop.qasm").write_text(f"{SMALL_HEAD}for int i in [0:3] {{ ry(t[i]) q[i]; cx q[i], q[i + 1]; }}\n")
    lint = [PYTHON, "-m", "bplint", "--select", "BP0,BP1,BP2", "-q"]
    ours, theirs = pairs(lambda: processor([*lint, "loop.qasm"]), lambda: processor([*lint, "flat.qasm"]))
    what = "cold `bplint loop.qasm`, a program of 300 bytes"
    return row(what, ours, "the same written out", theirs, ours, theirs, "at most 1.3")


def memory() -> tuple[str, ...]:
    Path("gates.qasm").write_text(flat(100_000))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    seconds = printed(PARSE.format(**OURS))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak * 1024 >= before
    own = printed(
        "import sys, resource, time\n"
        + PARSE.format(**OURS)
        + "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    return ("parsing 100,000 gates", f"{seconds:.2f} s", "-", f"{own:.0f} MB", "under 250 MB")


def algebra() -> tuple[str, ...]:
    seconds = statistics.median(printed(ALGEBRA) for _ in range(RUNS))
    return (
        "algebra of 3,000 local generators, n = 1000",
        f"{1000 * seconds:.0f} ms",
        f"PauLie 0.2.3, published: {PAULIE_SECONDS} s",
        f"{PAULIE_SECONDS / seconds:.0f}",
        "at least 50",
    )


def end_to_end() -> tuple[str, ...]:
    Path("large.qasm").write_text(layered(1000, 20))
    command = [PYTHON, "-m", "bplint", "profile", "large.qasm", "--shots", "1000", "--format", "json:out.json"]
    seconds = statistics.median(wall(command) for _ in range(3))
    return (
        "1,000 qubits, 20 layers RY RZ CX (59,980 gates): parse, algebra, 32,768 paths, all numbers",
        f"{seconds:.1f} s",
        "-",
        "-",
        "at most 6 s",
    )


def flat(gates: int) -> str:
    lines = ["OPENQASM 2.0;", 'include "qelib1.inc";', "qreg q[100];"]
    for i in range(gates):
        q = i % 99
        lines.append(f"cx q[{q}],q[{q + 1}];" if i % 3 == 2 else f"r{'yz'[i % 2]}({0.1 + i * 1e-5:.6f}) q[{q}];")
    return "\n".join(lines)


def looped(gates: int) -> str:
    """Half of the gates in the body of a loop, half in subroutines of ten gates each."""
    plain = flat(gates // 2).splitlines()[3:]
    bodies = [plain[i : i + 10] for i in range(0, len(plain), 10)]
    lines = ["OPENQASM 3.0;", 'include "stdgates.inc";', "qubit[100] q;"]
    for i, body in enumerate(bodies):
        named = [f"r{'yz'[k % 2]}(x + {k}) a[{k % 9}];" for k in range(len(body))]
        lines.append(f"def f{i}(qubit[10] a, float x) {{ {' '.join(named)} }}")
        lines.append(f"f{i}(q[{i % 90}:{i % 90 + 9}], {0.1 + i * 1e-3:.4f});")
    return "\n".join([*lines, "for int i in [0:0] {", *plain, "}"])


def layered(n: int, layers: int) -> str:
    count = 2 * n * layers
    lines = ["OPENQASM 3.0;", 'include "stdgates.inc";', "// bplint: observable = mean(Z)"]
    lines += [f"input array[float[64], {count}] t;", f"qubit[{n}] q;"]
    k = 0
    for _ in range(layers):
        for gate in ("ry", "rz"):
            for q in range(n):
                lines.append(f"{gate}(t[{k}]) q[{q}];")
                k += 1
        lines += [f"cx q[{q}], q[{q + 1}];" for q in range(n - 1)]
    return "\n".join(lines)


def pairs(first: Callable[[], float], second: Callable[[], float], runs: int = RUNS) -> tuple[list[float], list[float]]:
    first(), second()
    both = [(first(), second()) for _ in range(runs)]
    return [a for a, _ in both], [b for _, b in both]


def row(
    what: str, ours: list[float], beside: str, theirs: list[float], top: list[float], bottom: list[float], asked: str
) -> tuple[str, ...]:
    ratio = statistics.median(a / b for a, b in zip(top, bottom, strict=True))
    return what, spent(ours), f"{beside}: {spent(theirs)}", f"{ratio:.3g}", asked


def spent(seconds: list[float]) -> str:
    middle = statistics.median(seconds)
    return f"{1000 * middle:.0f} ms" if middle < 1 else f"{middle:.1f} s"


def wall(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def processor(command: Sequence[str]) -> float:
    """Seconds of the processor that a command takes, with the bytecode that Python keeps."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def printed(code: str) -> float:
    """The number that a program prints last, run in a process of its own."""
    done = subprocess.run([PYTHON, "-c", code, "gates.qasm"], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    main()
