"""A repository in which everything tries to run: nothing does without --exec, whoever looks at it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from paths import ROOT
from plain_pytest import PLAIN

SOURCE = "OPENQASM 3.0;\n// bplint: observable = Z0\ninput float a;\nqubit q;\nrx(a) q;\n"
BPLINT = [sys.executable, "-P", "-m", "bplint"]


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """The folder; whatever runs in it leaves its name in a file beside it."""
    folder, ran = tmp_path / "hostile", tmp_path / "ran"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("BPLINT_EXEC", raising=False)
    monkeypatch.delenv("BPLINT_NO_CACHE", raising=False)

    def tell(name):
        return f"open({json.dumps(str(ran))}, 'a').write({name!r} + '\\n')\n"

    builder = (
        "import bplint\n@bplint.circuit(sizes=[2], observable='Z0')\ndef hea(n):\n    "
        + tell("builder")
        + "    return 1\n"
    )
    modules = (
        "ansatz",
        "conftest",
        "sitecustomize",
        "usercustomize",
        "numpy",
        "pickle",
        "qiskit",
        "bplint",
        "click",
        "setup",
        "json",
    )
    for name in modules:
        Path(f"{name}.py").write_text(tell(name) + builder)
    Path("evil.pth").write_text(f"import os; {tell('pth')}")
    cell = {
        "cell_type": "code",
        "source": [tell("notebook"), *builder.splitlines(keepends=True)],
        "outputs": [],
        "metadata": {},
    }
    Path("notebook.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}}, indent=1))
    Path("bplint.toml").write_text('targets = ["ansatz:hea", "numpy:hea[n=2:4]"]\n')
    for name in ("a", "b", "c"):
        Path(f"{name}.qasm").write_text(SOURCE)
    cache = Path(".bplint_cache")
    cache.mkdir()
    (cache / "conftest.py").write_text(tell("cache"))
    run_ = f'{{"is":"os:system","of":["touch {ran}"]}}'
    (cache / f"{'0' * 64}.json").write_text(run_)
    hooks = Path(".git/hooks")
    subprocess.run(["git", "init", "-q", "-b", "main"], check=True)
    for hook in ("post-checkout", "fsmonitor-watchman", "post-index-change", "reference-transaction"):
        (hooks / hook).write_text(f"#!/bin/sh\necho {hook} >> '{ran}'\n")
        (hooks / hook).chmod(0o755)
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.hooksPath=/dev/null"]
    subprocess.run(["git", *identity, "add", "-A"], check=True)
    subprocess.run(["git", *identity, "commit", "-q", "-m", "one"], check=True)
    subprocess.run(["git", "config", "core.fsmonitor", f"echo fsmonitor >> '{ran}'; false"], check=True)
    return ran


def run(*arguments, command=BPLINT):
    return subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("arguments", [["-j", "1"], ["-j", "2"], ["--collect-only"], ["--show-settings"]], ids=" ".join)
def test_nothing_runs_without_exec(hostile, arguments):
    for _ in range(2):  # the second time there is a cache
        done = run(".", *arguments)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        assert not hostile.exists(), hostile.read_text()


def test_nothing_runs_in_the_diff_gate(hostile):
    Path("a.qasm").write_text(SOURCE + "// more\n")
    done = run(".", "--diff-base", "main")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 circuits unchanged" in done.stdout
    assert not hostile.exists(), hostile.read_text()


def test_nothing_runs_where_a_file_is_named_or_in_the_hook(hostile):
    done = run("ansatz.py", "notebook.ipynb")
    assert (done.returncode, "Python files are not run" in " ".join(done.stdout.split())) == (1, True)
    entry = re.search(
        r"- id: bplint\n(?:  .*\n)*?  entry: bplint (.*)\n", (ROOT / ".pre-commit-hooks.yaml").read_text()
    )[1]
    assert run(*entry.split(), "a.qasm", "b.qasm").returncode == 0
    assert not hostile.exists(), hostile.read_text()


def test_nothing_runs_under_pytest_without_its_switch(hostile):
    """conftest.py aside, which pytest itself runs, and modules that stand in the way of pytest's own imports."""
    plain = Path("tests")
    plain.mkdir()
    (plain / "test_plain.py").write_text("def test_plain(): pass\n")
    command = [
        sys.executable,
        "-P",
        "-m",
        "pytest",
        "-q",
        *PLAIN,
        "--noconftest",
        "--import-mode=importlib",
    ]
    done = run("tests", command=command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not hostile.exists(), hostile.read_text()


def test_with_exec_only_builders_run(hostile):
    done = run("notebook.ipynb", "a.qasm", "--exec")
    assert done.returncode == 1
    assert "cannot be linted" in done.stdout
    assert set(hostile.read_text().split()) == {"notebook", "builder"}
    assert os.path.exists("ansatz.py")
