"""What a task costs: many small circuits one after the other, in two processes, and on a Dask cluster of two workers.

python benchmarks/dask_overhead.py [CIRCUITS]    prints seconds, milliseconds a circuit, and whether the bytes are the same
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0 Z1\n'
    "input array[float[64], 4] a;\nqubit[4] q;\nry(a[0]) q[0];\nry(a[1]) q[1];\ncx q[0], q[1];\nry({}*a[2]) q[1];\n"
)


def main(count: int) -> None:
    """Time the three ways."""
    from distributed import LocalCluster

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for i in range(count):
            Path(f"{i:04}.qasm").write_text(SOURCE.format(1 + i % 7))
        with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
            found = {
                "one process": run(),
                "-j 2": run("-j", "2"),
                "--dask, 2 workers": run("--dask", cluster.scheduler_address),
            }
    first = next(iter(found.values()))[1]
    for name, (seconds, output) in found.items():
        same = "same bytes" if output == first else "OTHER BYTES"
        print(f"{name:<18} {seconds:7.1f} s  {1000 * seconds / count:7.2f} ms a circuit  {same}")


def run(*arguments: str) -> tuple[float, str]:
    """Seconds and output of a run."""
    command = [sys.executable, "-m", "bplint", ".", "--no-cache", "--format", "json", *arguments]
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return time.perf_counter() - begin, re.sub(r"in \d+\.\d s", "", done.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
