"""The cache: the same bytes, sooner; anything that a report depends on is a miss; nothing in a folder of ours is trusted."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from bplint.runs import cache as module
from python_builders import FAMILY, HEAD

SOURCE = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {}\n// bplint: shots = 100\n'
    "input array[float[64], 6] a;\nqubit[6] q;\n" + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(6))
)
GOOD, BAD = SOURCE.format("mean(Z)"), SOURCE.format("projector(0..n-1)")
FOLDER = Path(".bplint_cache")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BPLINT_NO_CACHE")
    Path(".git").mkdir()
    Path("good.qasm").write_text(GOOD)
    Path("bad.qasm").write_text(BAD)
    return tmp_path


def run(*arguments, paths=(".",), code=1):
    result = CliRunner().invoke(main, ["check", *paths, "--no-suggest", *arguments])
    assert result.exit_code == code, result.output
    return re.sub(r"in \d+\.\d s", "in 0.1 s", result.output)


def cached(*arguments, **options):
    """How many circuits come from the cache, and how many there are."""
    return tuple(
        map(int, re.search(r"(\d+) of (\d+) circuits? from the cache", run("-v", *arguments, **options)).groups())
    )


def entries():
    return sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("form", ["full", "json", "sarif", "junit", "gitlab", "jsonl", "github", "concise"])
def test_a_second_run_prints_the_same_bytes(folder, form):
    first = run("--format", form)
    assert run("--format", form) == first == run("--format", form, "-j", "2")
    assert len(entries()) == 2


def test_only_what_changed_is_looked_at_again(folder):
    assert [cached(), cached()] == [(0, 2), (2, 2)]
    Path("good.qasm").write_text(GOOD + "// more\n")
    assert [cached(), cached()] == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--shots", "7"],
        ["--seed", "1"],
        ["--select", "BP3"],
        ["--ignore", "BP203"],
        ["--fail-on", "never"],
        ["--noise", "bitflip:0.1"],
    ],
)
def test_other_settings_are_a_miss(folder, arguments):
    cached()
    code = 0 if arguments[0] in ("--fail-on",) else 1
    result = CliRunner().invoke(main, ["check", ".", "--no-suggest", "-v", *arguments])
    assert result.exit_code in (0, code)
    assert "0 of 2 circuits from the cache" in result.output


def test_configuration_a_rule_s_options_and_a_baseline_are_a_miss(folder):
    cached()
    Path("bplint.toml").write_text("[severity]\nBP301 = 'warning'\n")
    assert cached(code=0) == (0, 2)
    Path("bplint.toml").write_text("")
    run("--write-baseline", code=0)
    assert cached("--baseline", ".bplint-baseline.json", code=0) == (0, 2)


def test_an_include_that_changes_is_a_miss(folder):
    Path("more.inc").write_text("")
    Path("good.qasm").write_text(GOOD.replace("input", 'include "more.inc";\ninput'))
    assert [cached(), cached()] == [(0, 2), (2, 2)]
    Path("more.inc").write_text("// changed\n")
    assert cached() == (1, 2)


def test_another_version_or_another_code_is_a_miss(folder, monkeypatch):
    cached()
    monkeypatch.setattr(module, "_code", lambda name: "other")
    assert cached() == (0, 2)


def test_builders_are_known_by_their_circuits(folder):
    Path("ansatz.py").write_text(HEAD + FAMILY)
    paths = ("ansatz.py",)
    assert [cached("--exec", paths=paths), cached("--exec", paths=paths)] == [(0, 2), (2, 2)]
    Path("ansatz.py").write_text(HEAD + FAMILY.replace("product(n)", "product(n, 'rx')"))
    assert cached("--exec", paths=paths) == (0, 2)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff",
        b"null",
        b"[]",
        b'{"is":"os:system","of":["touch ran"]}',
        b'{"is":"bplint.errors:Span","of":[1,1,1,1]}',
    ],
)
def test_a_damaged_or_hostile_entry_is_a_miss(folder, damage):
    first = run()
    for entry in entries():
        entry.write_bytes(damage)
    assert run() == first
    assert cached() == (2, 2)
    assert not Path("ran").exists()


def test_an_entry_of_another_circuit_is_a_miss(folder):
    run()
    one, other = entries()
    other.write_bytes(one.read_bytes())
    assert cached() == (1, 2)


def test_no_link_is_followed(folder):
    Path("precious").write_text("mine")
    FOLDER.mkdir()
    for name in (".gitignore", "CACHEDIR.TAG"):
        (FOLDER / name).symlink_to(folder / "precious")
    first = run()
    assert Path("precious").read_text() == "mine"
    for entry in entries():
        entry.unlink()
        entry.symlink_to(folder / "precious")
    assert run() == first
    assert Path("precious").read_text() == "mine"


def test_a_folder_that_is_a_link_is_let_be(folder):
    Path("elsewhere").mkdir()
    FOLDER.symlink_to(folder / "elsewhere")
    run()
    assert list(Path("elsewhere").iterdir()) == []


def test_the_folder_says_what_it_is_and_can_be_elsewhere(folder):
    run()
    assert (FOLDER / ".gitignore").read_text() == "*\n"
    assert (FOLDER / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    Path("bplint.toml").write_text('cache-dir = "build/kept"')
    run()
    assert len(list(Path("build/kept").glob("*.json"))) == 2


def test_without_a_cache_and_for_one_quick_file_nothing_is_kept(folder):
    run("--no-cache")
    run(paths=("bad.qasm",))
    assert not FOLDER.exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_no_failure(folder):
    folder.chmod(0o555)
    try:
        run()
    finally:
        folder.chmod(0o755)


def test_what_was_not_used_for_longest_goes(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST", 1)
    run()
    assert len(entries()) == 1
    left = FOLDER / ".bplint-left"
    left.write_text("half")
    os.utime(left, (1, 1))
    Path("good.qasm").write_text(GOOD + "// more\n")
    run()
    assert not left.exists()


def test_two_runs_at_once_share_it(folder):
    command = [sys.executable, "-P", "-m", "bplint", ".", "--no-suggest", "--format", "json"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = {process.communicate()[0] for process in runs}
    assert len(outputs) == 1
    assert cached() == (2, 2)


WRITER = """
import sys
from bplint.files import atomic_write
from bplint.runs import baseline
from bplint.runs.baseline import KnownFinding
print("ready", flush=True)
for i in range(10**9):
    text = str(i % 10) * 200_000
    atomic_write.put("fixed.qasm", text.encode())
    atomic_write.replace("entry.json", text.encode())
    baseline.write("known.json", {KnownFinding(f"{i}.qasm", "BP301", str(k)): 1 for k in range(500)})
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_kill_at_any_time_leaves_whole_files(folder):
    from bplint.runs import baseline

    for name in ("fixed.qasm", "entry.json"):
        Path(name).write_text("0" * 200_000)
    Path("fixed.qasm").chmod(0o640)
    baseline.write("known.json", {})
    for _ in range(int(os.environ.get("KILLS", "20"))):
        process = subprocess.Popen([sys.executable, "-P", "-c", WRITER], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(random.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for name in ("fixed.qasm", "entry.json"):
            text = Path(name).read_text()
            assert text == text[0] * 200_000
        assert len(baseline.read("known.json")) in (0, 500)
        assert json.loads(Path("known.json").read_text())["schema"] == "bplint-baseline/1"
    assert Path("fixed.qasm").stat().st_mode & 0o777 == 0o640
