"""What a task costs, and a lost worker: many small circuits in one process, in two, and on a Dask cluster of two workers.

python benchmarks/dask_overhead.py [CIRCUITS]    prints seconds, milliseconds a circuit, and whether the bytes are the same
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SOURCE = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0 Z1\n'
    "input array[float[64], 4] a;\nqubit[4] q;\nry(a[0]) q[0];\nry(a[1]) q[1];\ncx q[0], q[1];\nry({}*a[2]) q[1];\n"
)


def main(count: int) -> None:
    """Time the ways."""
    from distributed import Client, LocalCluster

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for i in range(count):
            Path(f"{i:04}.qasm").write_text(SOURCE.format(1 + i % 7))
        with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
            address = cluster.scheduler_address

            def dask_worker(run: int) -> int | None:
                with Client(cluster) as client:
                    busy = [worker for worker, tasks in client.processing().items() if tasks]
                    return int(client.run(os.getpid, workers=busy[:1])[busy[0]]) if busy else None

            found = {
                "one process": run(),
                "-j 2": run("-j", "2"),
                "-j 2, one killed": run("-j", "2", victim=child),
                "--dask, 2 workers": run("--dask", address),
                "--dask, one killed": run("--dask", address, victim=dask_worker),
            }
    first = next(iter(found.values()))[1]
    for name, (seconds, output) in found.items():
        same = "same bytes" if output == first else "OTHER BYTES"
        print(f"{name:<18} {seconds:7.1f} s  {1000 * seconds / count:7.2f} ms a circuit  {same}", flush=True)


def run(*arguments: str, victim: Callable[[int], int | None] = lambda run: None) -> tuple[float, str]:
    """Seconds and output of a run, in the middle of which a process is killed, the ``victim`` of it if it has one."""
    command = [sys.executable, "-m", "bplint", ".", "--no-cache", "--format", "jsonl", *arguments]
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    output = process.stdout.readline()
    if (pid := victim(process.pid)) is not None:
        os.kill(pid, signal.SIGKILL)
        print(f"killed process {pid}", file=sys.stderr)
    output += process.stdout.read()
    assert process.wait() in (0, 1), output[-1000:]
    return time.perf_counter() - begin, re.sub(r"in \d+\.\d s", "", output)


def child(run: int) -> int | None:
    """A process that a run with ``-j`` started."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(run)], capture_output=True, text=True, check=False)
    workers = [line.split()[0] for line in listed.stdout.splitlines() if "bplint.runs.workers" in line]
    return int(workers[0]) if workers else None


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
