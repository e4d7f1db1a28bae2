"""What a walk passes over, against git itself where there is git."""

import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from bplint.cli import main
from bplint.config.globs import Glob
from bplint.sources.excluded import walk


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def make(*names, **ignoring):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        for folder, text in ignoring.items():
            (tmp_path / folder.replace("root", ".") / ".gitignore").write_bytes(text.encode(errors="surrogateescape"))

    return make


NAMES = [
    "a.q", "b c.q", "é.q", "keep.q", "one/a.q", "one/keep.q", "one/two/a.q", "one/two/b.q", "logs/a.q", "one/logs/a.q",
    "x[1].q", "aaa.q", "new\nline.q", "new\nfolder/a.q", "#a.q", "!a.q", "tail .q",
]  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="no git here")
@pytest.mark.parametrize(
    ("root", "one"),
    [
        ("a.q", ""),
        ("/a.q\n", ""),
        ("*.q\n!keep.q\n", ""),
        ("*.q\n", "!keep.q\n"),
        ("*.q\n", "!*.q\ntwo/\n"),
        ("logs/\r\nb c.q\r\n", ""),
        ("one/logs\n", ""),
        ("one/**/a.q\n", ""),
        ("**/two\n", ""),
        ("logs\n!logs/a.q\n", ""),
        ("x\\[1\\].q\n[ab]*.q\n", "/a.q"),
        ("\ufeffa.q\n# keep.q\n\n\\#a.q\n\\!a.q\n", ""),
        ("new*\n", ""),
        ("a*a.q\n?.q\n", "b.q"),
        ("é.q\n??.q\n", ""),
    ],
)
def test_ignored_files_are_those_of_git(tree, root, one):
    tree(*NAMES, root=root, one=one)
    subprocess.run(["git", "init", "-q", "."], check=True)
    listed = subprocess.run(
        ["git", "-c", "core.excludesFile=", "ls-files", "-zco", "--exclude-standard"], check=True, capture_output=True
    )
    names = {os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}
    assert {path.removeprefix("./") for path in walk(".")} == {n for n in names if not n.endswith(".gitignore")}


def test_the_files_above_hold_up_to_the_root_of_the_repository(tree, tmp_path):
    tree("out/.gitignore", "repo/one/a.q", "repo/one/b.q", "repo/.gitignore")
    (tmp_path / ".gitignore").write_text("b.q")
    (tmp_path / "repo" / ".gitignore").write_text("a.q")
    assert list(walk("repo/one")) == ["repo/one/a.q", "repo/one/b.q"]
    (tmp_path / "repo" / ".git").mkdir()
    assert list(walk("repo/one")) == ["repo/one/b.q"]


def test_what_is_named_is_taken(tree, tmp_path):
    tree("logs/deep/a.q", "logs/b.q", ".git/x", root="logs/\n")
    assert list(walk(".")) == []
    assert list(walk("logs")) == ["logs/b.q", "logs/deep/a.q"]
    assert list(walk("logs/deep")) == ["logs/deep/a.q"]
    glob = Glob("logs", str(tmp_path))
    assert list(walk("logs/deep", lambda folder: (None, [glob]))) == ["logs/deep/a.q"]


def test_the_usual_names_and_what_stands_in_their_place(tree, tmp_path):
    tree("a.q", "build/a.q", "one/node_modules/a.q", "old/a.q", ".hidden/a.q", "one/.a.q")
    old = Glob("old", str(tmp_path))
    assert list(walk(".")) == ["./a.q", "./old/a.q"]
    assert list(walk(".", lambda folder: (None, [old]))) == ["./a.q"]
    assert list(walk(".", lambda folder: ([old], []))) == ["./a.q", "./build/a.q", "./one/node_modules/a.q"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes")
def test_links_in_a_circle_and_names_that_are_no_text(tree, tmp_path):
    tree("a\udcff.q", "b\udcff/a.q", "one/c.q", root="b\udcff\n")
    os.symlink("..", "one/up")
    os.symlink("loop", "one/loop")
    assert list(walk(".")) == ["./a\udcff.q", "./one/c.q", "./one/loop"]


@pytest.mark.parametrize("text", ["!\n\\\n[z-a]\n[\n/\n//\nb.q", "*a*a*a*a*a*a*a*a*b.q\n" * 100 + "b.q", "b.q\0\nb.q"])
def test_patterns_that_are_none_leave_the_others(tree, text):
    tree("a" * 200 + ".q", "b.q", root=text)
    assert list(walk(".")) == ["./" + "a" * 200 + ".q"]


def test_an_ignoring_file_that_is_none(tree):
    tree("a.q", ".gitignore/x")
    assert list(walk(".")) == ["./a.q"]


def test_pathspec_is_loaded_for_ignoring_files_only(tree):
    tree("a.q")
    code = "import sys; from bplint.sources.excluded import walk; list(walk('.')); print('pathspec' in sys.modules)"
    for expected in ("False", "True"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected
        tree(root="x")


def listed(*arguments, exit_code=0):
    result = CliRunner().invoke(main, [*arguments, "--collect-only"])
    assert result.exit_code == exit_code, result.output
    return result.output.splitlines()[:-1] if exit_code == 0 else result.output


def test_configuration_of_each_folder(tree, tmp_path):
    tree("a.qasm", "old/a.qasm", "build/a.qasm", "sub/a.qasm", "sub/old/a.qasm", "sub/new/a.qasm", ".git/x")
    (tmp_path / "bplint.toml").write_text('extend-exclude = ["old"]\n')
    (tmp_path / "sub" / "bplint.toml").write_text('extend = "../bplint.toml"\nextend-exclude = ["new/*.qasm"]\n')
    assert listed(".") == ["a.qasm", "a.qasm"]
    assert listed("old", "build/a.qasm") == ["old/a.qasm", "build/a.qasm"]
    (tmp_path / "bplint.toml").write_text('exclude = ["s*b"]\n')
    assert listed(".") == ["a.qasm", "build/a.qasm", "old/a.qasm"]
    assert listed(".", "--isolated") == ["a.qasm", "old/a.qasm", "sub/a.qasm", "sub/new/a.qasm", "sub/old/a.qasm"]
    (tmp_path / "bplint.toml").write_text("exclude = []\n")
    assert "build/a.qasm" in listed(".")


@pytest.mark.parametrize("value", ['"old"', "[1]", '["../x"]', '["/x"]', '["["]', '[""]'])
def test_what_is_no_list_of_globs(tree, tmp_path, value):
    tree("a.qasm")
    (tmp_path / "bplint.toml").write_text(f"extend-exclude = {value}\n")
    output = listed(".", exit_code=2)
    assert output.startswith("bplint: bplint.toml: extend-exclude: ")
    assert output.count("\n") == 1
