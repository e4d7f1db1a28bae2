"""docs/ci.md: its commands run, as written, in a repository with a fault, and write what its jobs hand on."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from paths import ROOT

TEXT = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\s*(?:- (?:run: )?)?(bplint circuits/ .*)$", TEXT, re.MULTILINE)
DEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput float a;\nqubit[1] q;\nrz(a) q[0];\n'


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs a command of the page in a folder with one dead circuit, and gives its exit code and output."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "circuits").mkdir()
    (tmp_path / "circuits" / "dead.qasm").write_text(DEAD)
    bplint = tmp_path / "bin" / "bplint"
    bplint.parent.mkdir()
    bplint.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bplint "$@"\n')
    bplint.chmod(0o755)
    environment = {**os.environ, "PATH": f"{bplint.parent}{os.pathsep}{os.environ['PATH']}"}

    def run(command):
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment)
        return done.returncode, done.stdout + done.stderr

    return run


def test_there_are_four_commands():
    assert len(COMMANDS) == 4


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
@pytest.mark.parametrize("command", COMMANDS[:3])
def test_each_job_fails_and_writes_its_reports(shell, command):
    code, output = shell(command)
    assert code == 1
    assert "BP104" in output
    files = re.findall(r"--format \w+:(\S+)", command)
    assert files
    for file in files:
        text = Path(file).read_text(encoding="utf-8")
        assert "BP104" in text
        assert file in TEXT.replace(command, ""), "no step takes it up"
        assert file.endswith(".xml") or json.loads(text)


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
def test_with_the_baseline_the_job_is_green_until_something_new_comes(shell):
    assert shell(COMMANDS[3])[0] == 0
    Path("bplint.toml").write_text(re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1])
    assert shell(COMMANDS[0])[0] == 0
    Path("circuits/new.qasm").write_text(DEAD)
    code, output = shell(COMMANDS[0])
    assert (code, "new.qasm" in output, "dead.qasm:" in output) == (1, True, False)


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
def test_the_diff_gate_passes_what_was_there(shell):
    command = re.search(r"^(bplint src .*)$", TEXT, re.MULTILINE)[1]
    Path("src").mkdir()
    Path("src/keep").write_text("")
    for arguments in (
        ["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "one"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):  # fmt: skip
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], check=True)
    assert shell(command)[0] == 0
    Path("circuits/new.qasm").write_text(DEAD)
    assert shell(command)[0] == 1
