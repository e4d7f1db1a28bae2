"""The GitHub action and the hooks: the steps run as the shell scripts that they are, the hooks as pre-commit runs them."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from paths import ROOT
from python_builders import FAMILY, HEAD

SOURCE = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {}\n// bplint: shots = 100\n'
    "input array[float[64], 6] a;\nqubit[6] q;\n" + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(6))
)
GOOD, BAD = SOURCE.format("mean(Z)"), SOURCE.format("projector(0..n-1)")
TEXT = (ROOT / "action.yml").read_text(encoding="utf-8")
STEPS = [re.sub(r"^ {8}", "", step, flags=re.MULTILINE) for step in re.findall(r"run: \|\n((?: {8}.*\n)+)", TEXT)]
INPUTS = {
    name: default.strip('"')
    for name, default in re.findall(r"^  ([\w-]+):\n.*\n    default: (.*)$", TEXT, re.MULTILINE)
}

pytestmark = pytest.mark.skipif(shutil.which("bash") is None or shutil.which("git") is None, reason="no bash or no git")


@pytest.fixture
def repo(tmp_path, monkeypatch):
    """A repository with a good and a bad circuit, a builder, and this bplint on the path."""
    top = tmp_path / "repo"
    top.mkdir()
    monkeypatch.chdir(top)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, command in {"bplint": f'exec "{sys.executable}" -m bplint', "python": "echo"}.items():
        (tools / name).write_text(f'#!/bin/sh\n{command} "$@"\n')
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    (top / "good one.qasm").write_text(GOOD)
    (top / "bad.qasm").write_text(BAD)
    (top / "ansatz.py").write_text(HEAD + FAMILY)
    (top / "plain.py").write_text("raise SystemExit('ran')\n")
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    return top


def git(*arguments):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], check=True, capture_output=True)


def step(number, **inputs):
    given = INPUTS | {name.replace("_", "-"): value for name, value in inputs.items()}
    environment = {
        **os.environ,
        "GITHUB_ACTION_PATH": "/where it is",
        **{f"BPLINT_{name.upper().replace('-', '_')}": value for name, value in given.items()},
    }
    shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", STEPS[number]]  # as GitHub runs it
    done = subprocess.run(shell, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_every_input_is_handed_to_the_step():
    assert set(INPUTS) == {"paths", "args", "diff-base", "format"}
    assert set(re.findall(r"inputs\.([\w-]+) \}\}", TEXT)) == set(INPUTS)


def test_it_installs_itself(repo):
    assert step(0) == (0, "-m pip install --quiet /where it is\n")


def test_it_annotates_what_it_finds(repo):
    code, output = step(1)
    assert (code, "::error file=bad.qasm" in output or "::error file=./bad.qasm" in output) == (1, True), output
    assert step(1, paths="good one.qasm\n")[0] == 0
    assert step(1, args="--fail-on never --no-suggest")[0] == 0


def test_several_formats(repo):
    code, _ = step(1, format="full\njunit:out file.xml\n")
    assert (code, (repo / "out file.xml").exists()) == (1, True)


def test_the_diff_gate(repo):
    assert step(1, diff_base="main")[0] == 0
    (repo / "good one.qasm").write_text(BAD)
    code, output = step(1, diff_base="main", format="concise")
    assert (code, "good one.qasm" in output, "bad.qasm:" in output.replace("good one.qasm", "")) == (1, True, False)
    assert step(1, diff_base="nosuch")[0] == 2


@pytest.mark.parametrize(("hook", "code"), [("bplint-py", 1), ("bplint", 1)])
def test_the_hooks_lint_what_git_has(repo, hook, code):
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    entry = re.search(rf"- id: {hook}\n(?:  .*\n)*?  entry: (.*)\n", text)[1]
    files = ["ansatz.py", "plain.py"] if hook == "bplint-py" else ["bad.qasm", "good one.qasm"]
    done = subprocess.run(["bash", "-c", f'{entry} "$@"', "hook", *files], capture_output=True, text=True)
    assert (done.returncode, "BP301" in done.stdout) == (code, True), done.stdout + done.stderr
    assert "plain.py" not in done.stdout
    if hook == "bplint-py":
        assert subprocess.run(["bash", "-c", f"{entry} plain.py"]).returncode == 0


@pytest.mark.slow
def test_pre_commit_runs_both_hooks(repo, monkeypatch):
    pytest.importorskip("pre_commit")
    hooks = repo.parent / "hooks"
    hooks.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    text = (hooks / ".pre-commit-hooks.yaml").read_text().replace("language: python", "language: system")  # no network
    (hooks / ".pre-commit-hooks.yaml").write_text(text)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "hooks"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *command], cwd=hooks, check=True)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(repo.parent / "home"))
    for hook, name in (("bplint", "bad.qasm"), ("bplint-py", "ansatz.py")):
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), hook, "--all-files"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, f"{name}:" in done.stdout, "BP301" in done.stdout) == (1, True, True), (
            done.stdout + done.stderr
        )
    (repo / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: HEAD\n  hooks: [{{id: bplint, exclude: bad}}, {{id: bplint-py, exclude: ansatz}}]\n"
    )
    git("add", "-A")
    done = subprocess.run([sys.executable, "-m", "pre_commit", "run", "--all-files"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
