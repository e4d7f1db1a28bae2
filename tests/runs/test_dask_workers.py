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


def test_nobody_at_the_address(folder, monkeypatch):
    monkeypatch.setattr("bplint.runs.dask_workers._PATIENCE", "1s")
    result = CliRunner().invoke(main, ["check", ".", "--dask", "tcp://127.0.0.1:1"])
    assert result.exit_code == 2
    assert "no scheduler answers there" in result.output
    assert CliRunner().invoke(main, ["check", ".", "--dask", "nonsense://x"]).exit_code == 2
