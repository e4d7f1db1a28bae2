"""A cluster on the loopback: the same bytes as here, whatever becomes of its workers."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from python_builders import FAMILY, HEAD

distributed = pytest.importorskip("distributed")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

SOURCE = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {}\n// bplint: shots = 100\n'
    "input array[float[64], 6] a;\nqubit[6] q;\n" + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(6))
)
GOOD, BAD = SOURCE.format("mean(Z)"), SOURCE.format("projector(0..n-1)")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers, each a process, in a folder that has none of the files."""
    before = os.getcwd()
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    try:
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as found:
            yield found
    finally:
        os.chdir(before)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    Path("more.inc").write_text("")
    for i in range(4):
        Path(f"good{i}.qasm").write_text(GOOD)
        Path(f"bad{i}.qasm").write_text(BAD)
    Path("including.qasm").write_text(BAD.replace("input", 'include "more.inc";\ninput'))
    Path("unreadable.qasm").write_text("no")
    Path("bplint.toml").write_text('[severity]\nBP201 = "error"\n[circuits."bad1.qasm"]\ninit = "range:0.5"\n')
    Path("ansatz.py").write_text(HEAD + FAMILY)


def run(*arguments, code=1):
    result = CliRunner().invoke(main, ["check", ".", "--exec", "--format", "json", *arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_the_bytes_are_the_same(folder, cluster):
    here = run()
    assert run("--dask", cluster.scheduler_address) == here
    assert '"severity": "error"' in here


def test_a_baseline_goes_along(folder, cluster):
    run("--write-baseline", code=1)
    here = run("--baseline", ".bplint-baseline.json", "--ignore", "BP203")
    assert run("--baseline", ".bplint-baseline.json", "--ignore", "BP203", "--dask", cluster.scheduler_address) == here
    assert int(re.search(r'"baseline": (\d+)', here)[1]) > 5


def test_a_worker_that_is_killed_in_mid_run_changes_nothing(folder, cluster):
    here = run()
    command = [
        sys.executable,
        "-P",
        "-m",
        "bplint",
        ".",
        "--exec",
        "--format",
        "json",
        "--dask",
        cluster.scheduler_address,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with distributed.Client(cluster) as client:
        while process.poll() is None and not any(client.processing().values()):
            pass
        pid = next(iter(client.run(os.getpid).values()))
        os.kill(pid, signal.SIGKILL)
    output, _ = process.communicate(timeout=120)
    assert (process.returncode, output) == (1, here)


FAMILY_IN_A_FILE = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = projector(0..n-1)\n// bplint: shots = 100\n'
    "const int n = 4;\ninput array[float[64], n] a;\nqubit[n] q;\nfor int i in [0:n-1] { ry(a[i]) q[i]; }\n"
)


@pytest.mark.parametrize("arguments", [("f.qasm", "--set", "n=3:8"), ("s4.qasm", "s5.qasm", "s6.qasm")])
@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_the_sizes_of_a_sweep_are_tasks(folder, cluster, form, arguments):
    Path("f.qasm").write_text(FAMILY_IN_A_FILE)
    for n in (4, 5, 6):
        Path(f"s{n}.qasm").write_text(FAMILY_IN_A_FILE.replace("n = 4", f"n = {n}"))
    here, there = (
        CliRunner().invoke(main, ["sweep", *arguments, "--format", form, *more])
        for more in ((), ("--dask", cluster.scheduler_address))
    )
    assert here.exit_code in (0, 1)
    assert (there.exit_code, there.output) == (here.exit_code, here.output)
    with distributed.Client(cluster) as client:
        assert sum(len(told) for told in client.run(lambda dask_worker: list(dask_worker.state.log)).values())


def test_a_sweep_that_reads_no_file_says_so_with_a_cluster_too(folder, cluster):
    sweeps = (["sweep", "no.qasm", "--set", "n=3:4"], ["sweep", "unreadable.qasm", "--set", "n=3:4"])
    for command in sweeps:
        here, there = (
            CliRunner().invoke(main, [*command, *more]) for more in ((), ("--dask", cluster.scheduler_address))
        )
        assert (there.exit_code, there.output) == (here.exit_code, here.output) == (2, here.output)


def test_nobody_at_the_address(folder, monkeypatch):
    monkeypatch.setattr("bplint.runs.dask_workers._PATIENCE", "1s")
    result = CliRunner().invoke(main, ["check", ".", "--dask", "tcp://127.0.0.1:1"])
    assert result.exit_code == 2
    assert "no scheduler answers there" in result.output
    assert CliRunner().invoke(main, ["check", ".", "--dask", "nonsense://x"]).exit_code == 2
