"""Several processes: nothing of the linted folder runs in any of them, one that is lost is one source, Ctrl-C ends them all."""

import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOURCE = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput float a;\nqubit[1] q;\nrz(a) q[0];\n'
)
BPLINT = [sys.executable, "-P", "-m", "bplint"]


def bplint(*arguments, command=BPLINT, **options):
    return subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=120, **options)


@pytest.fixture
def three(tmp_path, monkeypatch):
    folder = tmp_path / "linted"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    for name in ("a", "b", "c"):
        Path(f"{name}.qasm").write_text(SOURCE)
    return folder


@pytest.fixture
def sentinels(three):
    """A linted folder with a module for every name of the standard library and of what is installed; each tells that it ran."""
    import cirq

    Path("d.json").write_text(cirq.to_json(cirq.Circuit(cirq.ry(0.3)(cirq.LineQubit(0)))))
    Path("bplint.toml").write_text("shots = 100\n")
    installed = importlib.metadata.packages_distributions()
    names = {*sys.stdlib_module_names, *installed, "sitecustomize", "usercustomize", "org"}
    ran = three.parent / "ran"
    for name in filter(str.isidentifier, names):
        Path(f"{name}.py").write_text(f"open({json.dumps(str(ran))}, 'a').write({name!r} + '\\n')\n")
    metadata = Path("evil-1.0.dist-info")
    metadata.mkdir()
    (metadata / "entry_points.txt").write_text("[bplint]\nevil = antigravity\n")
    return ran


@pytest.mark.parametrize(
    "arguments", [["-j", "1"], ["-j", "2"], ["-j", "2", "-q", "--format", "sarif", "--no-suggest"]]
)
@pytest.mark.parametrize("script", [True, False], ids=["script", "python -P -m"])
def test_nothing_of_the_linted_folder_is_imported(sentinels, arguments, script):
    command = [os.path.join(os.path.dirname(sys.executable), "bplint")] if script else BPLINT
    result = bplint(".", *arguments, command=command)
    assert (result.returncode, result.stderr) == (1, "")
    assert "BP104" in result.stdout
    assert not sentinels.exists(), sentinels.read_text()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_nor_by_python_m_once_python_itself_has_begun(sentinels, jobs):
    """``python -m`` puts the working folder on the path, and loads a few modules before it hands over: Python's own affair."""
    bare = sentinels.parent / "bare"
    bare.mkdir()
    (bare / "names.py").write_text("import sys; print(*sys.modules)")
    names = subprocess.run([sys.executable, "-m", "names"], capture_output=True, text=True, check=True, cwd=bare)
    before = names.stdout.split()
    for name in before:
        Path(f"{name}.py").unlink(missing_ok=True)
    result = bplint(".", "-j", jobs, command=[sys.executable, "-m", "bplint"])
    assert (result.returncode, result.stderr) == (1, "")
    assert not sentinels.exists(), sentinels.read_text()


PLUGIN = '''"""Says hello."""
import os, signal, sys, time

from bplint.finding import Hit, Kind, Severity
from bplint.plugins import API as BPLINT_API
from bplint.rule import Rule


def check(case, ask):
    in_worker = sys.argv[0] == "-c"
    if in_worker:
        print("plugins may print")
    if case.path.endswith("slow.qasm"):
        open("begun", "w").close()
        end = time.monotonic() + 100
        while time.monotonic() < end:
            sum(range(1000))
    if case.path.endswith("lost.qasm") and in_worker:
        os.kill(os.getpid(), signal.SIGKILL)
    yield Hit("hello")


def bplint_rules():
    return [Rule(code="MY101", name="hello", severity=Severity.NOTE, kind=Kind.EXACT, since="1", module=__name__, check=check)]
'''


@pytest.fixture
def mine(three, monkeypatch):
    site = three.parent / "site"
    (site / "mine-1.0.dist-info").mkdir(parents=True)
    (site / "mine-1.0.dist-info" / "entry_points.txt").write_text("[bplint]\nmine = mine_rules\n")
    (site / "mine_rules.py").write_text(PLUGIN)
    monkeypatch.setenv("PYTHONPATH", str(site))


def start(*arguments):
    """Begins a run that Ctrl-C reaches; tests that run in the background of a shell have it ignored, and pass that on."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([*BPLINT, *arguments], text=True, preexec_fn=_heed_interrupts, **pipes)


def _heed_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_prints_what_is_finished(mine, number, jobs):
    Path("slow.qasm").write_text(SOURCE)
    Path("t.qasm").write_text(SOURCE)
    run = start("a.qasm", "slow.qasm", "t.qasm", "-j", jobs)
    while not Path("begun").exists():
        assert run.poll() is None
        time.sleep(0.1)
    time.sleep(5 if jobs == "2" else 0.5)  # the others are done by the other process
    begin = time.monotonic()
    run.send_signal(number)
    output, errors = run.communicate(timeout=30)
    assert time.monotonic() - begin < 5  # a second where nothing else runs
    assert (run.returncode, errors.replace("plugins may print", "").strip()) == (130, "")
    assert output.count("error BP104") == int(jobs)
    assert f"interrupted: {plural(3 - int(jobs))} not looked at" in output
    assert children(run.pid) == []


def plural(count):
    return f"{count} circuit{'s' * (count > 1)}"


def children(pid):
    """Processes whose parent was this one, and that still run."""
    found = subprocess.run(["ps", "-ww", "-eo", "ppid=,args="], capture_output=True, text=True).stdout.splitlines()
    return [line for line in found if "bplint.runs.workers" in line and line.split()[0] in (str(pid), "1")]


def test_an_interrupt_before_anything_is_finished_is_one_line(mine):
    Path("slow.qasm").write_text(SOURCE)
    run = start("slow.qasm", "--format", "json")
    time.sleep(2)
    run.send_signal(signal.SIGINT)
    output, errors = run.communicate(timeout=30)
    assert (run.returncode, errors) == (130, "")
    assert json.loads(output)["exit_code"] == 130
    assert json.loads(output)["summary"]["not_run"] == 1


def test_the_other_processes_have_the_path_of_this_one(mine):
    """What is not the working folder stays importable: plugins from PYTHONPATH are there in every process."""
    one, two = (bplint(".", "-j", jobs, "--format", "concise") for jobs in "12")
    assert one.stdout == two.stdout
    assert one.stdout.count("MY101") == 3
    assert two.stderr.count("plugins may print") == 3


def test_a_process_that_is_lost_is_one_source(mine):
    Path("lost.qasm").write_text(SOURCE)
    result = bplint("a.qasm", "lost.qasm", "b.qasm", "c.qasm", "-j", "2", "--format", "json")
    report = json.loads(result.stdout)
    assert result.returncode == 3
    assert [circuit["id"] for circuit in report["circuits"]] == ["a.qasm", "b.qasm", "c.qasm"]
    assert [fault["path"] for fault in report["unreadable"]] == ["lost.qasm"]
    assert "ended with exit code -9" in report["unreadable"][0]["message"]


def test_a_process_that_is_killed_from_outside_changes_nothing(three):
    """The source that it looked at is looked at by another one."""
    for i in range(30):
        Path(f"{i:02}.qasm").write_text(SOURCE)
    arguments = (".", "--no-cache", "--no-suggest", "--format", "jsonl")
    once = bplint(*arguments)
    run = start(*arguments, "-j", "2")
    while not (workers := workers_of(run.pid)):
        assert run.poll() is None
    os.kill(workers[0], signal.SIGKILL)
    output, errors = run.communicate(timeout=120)
    assert (run.returncode, errors) == (once.returncode, "")
    assert output == once.stdout


def workers_of(pid):
    """The processes that a run has started."""
    command = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)]
    listed = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    return [int(line.split()[0]) for line in listed if "bplint.runs.workers" in line]
