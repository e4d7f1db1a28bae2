"""``bplint fix --select BP002``: what is cut from a source, byte by byte."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main

HEAD = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput float a;\ninput float b;\nqubit[1] q;\n'
)


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, ["fix", *arguments], input=stdin)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


CASES = [
    ("ry(a) q[0]; // bplint: ignore[BP203] old", "ry(a) q[0];"),
    ("ry(a) q[0];\t/* bplint: ignore[BP203] */  ", "ry(a) q[0];"),
    ("// bplint: ignore[BP203]\nry(a) q[0];", "ry(a) q[0];"),
    ("  /* bplint: ignore[BP203] why */ \nry(a) q[0];", "ry(a) q[0];"),
    ("@bplint.ignore[BP203]\nry(a) q[0];", "ry(a) q[0];"),
    ("pragma bplint ignore[BP203]\nry(a) q[0];", "ry(a) q[0];"),
    ("/* bplint: ignore[BP203] */ ry(a) q[0];", "ry(a) q[0];"),
    ("ry(a)/* bplint: ignore[BP203] */q[0];", "ry(a) q[0];"),
    ("ry(a) /* bplint: ignore[BP203] */ q[0];", "ry(a) q[0];"),
    ("ry(a) q[0]; /* bplint: ignore[BP203] */ /* bplint: ignore[BP104] */", "ry(a) q[0];"),
    ("ry(a) q[0];\n/* bplint: ignore[BP203] */ /* bplint: ignore[BP104] */\nx q[0];", "ry(a) q[0];\nx q[0];"),
    ("/* bplint: ignore[BP203] */ /* kept */ ry(a) q[0];", "/* kept */ ry(a) q[0];"),
    ("ry(a) q[0]; // θ\nrz(b) q[0]; // bplint: ignore[BP203,BP104] é", "ry(a) q[0]; // θ\nrz(b) q[0]; // bplint: ignore[BP203] é"),
    ("ry(a) q[0];\nrz(b) q[0]; // bplint: ignore[ BP999 BP203 ]", "ry(a) q[0];\nrz(b) q[0]; // bplint: ignore[BP203]"),
    ("ry(a) q[0]; // bplint: ignore-file[BP002]", "ry(a) q[0];"),
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(("before", "after"), CASES)
def test_only_the_unused_goes(folder, before, after, mark, end):
    for last in ("", "\n", "\n// caf\udce9"):
        text, wanted = ((HEAD + part + last).replace("\n", end) for part in (before, after))
        Path("x.qasm").write_bytes(mark + text.encode("utf-8", "surrogateescape"))
        assert run("x.qasm", "--select", "BP002").exit_code == 0
        assert Path("x.qasm").read_bytes() == mark + wanted.encode("utf-8", "surrogateescape")


def test_a_file_without_unused_suppressions_is_not_touched(folder):
    Path("x.qasm").write_text(HEAD + "ry(a) q[0];\nrz(b) q[0]; // bplint: ignore[BP203]\n")
    os.utime("x.qasm", (1, 1))
    result = run("x.qasm", "--select", "BP002")
    assert (result.exit_code, os.stat("x.qasm").st_mtime) == (0, 1)
    assert "nothing to fix" in result.output


def test_the_mode_and_the_link_are_kept(folder):
    Path("real.qasm").write_text(HEAD + "ry(a) q[0]; // bplint: ignore[BP203]\n")
    os.chmod("real.qasm", 0o640)
    os.symlink("real.qasm", "x.qasm")
    assert run("x.qasm", "--select", "unused-suppression").output == "x.qasm: 1 unused suppression removed\n"
    assert os.path.islink("x.qasm")
    assert os.stat("real.qasm").st_mode & 0o777 == 0o640
    assert "bplint: ignore" not in Path("real.qasm").read_text()
    assert sorted(os.listdir()) == ["real.qasm", "x.qasm"]


def test_standard_input_goes_to_standard_output(folder):
    text = HEAD + "ry(a) q[0]; // bplint: ignore[BP203]\r\n"
    assert run("-", "--select", "BP002", stdin=text).stdout_bytes == f"{HEAD}ry(a) q[0];\r\n".encode()
    clean = HEAD + "ry(a) q[0];"
    assert run("-", "--select", "BP002", stdin=clean).stdout == clean


def test_the_context_of_the_lint_run_counts(folder):
    Path("x.qasm").write_text(
        HEAD.replace("// bplint: observable = Z0\n", "") + "ry(a) q[0];\nrz(b) q[0]; // bplint: ignore[BP203]\n"
    )
    assert "nothing to fix" in run("x.qasm", "--select", "BP002", "--observable", "Z0").output
    Path("bplint.toml").write_text('observable = "Z0"\n')
    assert "nothing to fix" in run("x.qasm", "--select", "BP002").output
    assert "1 unused suppression removed" in run("x.qasm", "--select", "BP002", "--observable", "X0").output


def test_configuration_cannot_hide_what_is_asked_for(folder):
    Path("bplint.toml").write_text('ignore = ["BP002"]\n')
    Path("x.qasm").write_text(HEAD + "ry(a) q[0]; // bplint: ignore[BP203]\n")
    assert "1 unused suppression removed" in run("x.qasm", "--select", "BP002").output


@pytest.mark.parametrize("select", [(), ("--select", "BP201"), ("--select", "BP002,BP301")])
def test_other_fixes_do_not_exist(folder, select):
    Path("x.qasm").write_text(HEAD)
    result = run("x.qasm", *select)
    assert result.exit_code == 2
    assert "only unused suppression comments can be fixed in this version" in result.output


def test_an_unreadable_source_is_named_and_left(folder):
    Path("bad.qasm").write_text(HEAD + "ry(a q[0]; // bplint: ignore[BP203]\n")
    Path("x.qasm").write_text(HEAD + "ry(a) q[0]; // bplint: ignore[BP203]\n")
    before = Path("bad.qasm").read_bytes()
    result = run(".", "--select", "BP002")
    assert result.exit_code == 1
    assert "bad.qasm:7:" in result.output
    assert "x.qasm: 1 unused suppression removed" in result.output
    assert Path("bad.qasm").read_bytes() == before


def test_comments_of_an_included_file_are_left_where_they_are(folder):
    Path("g.inc").write_text("// bplint: ignore-file[BP104]\ngate mine(t) q { ry(t) q; }\n")
    text = HEAD.replace("input float b", 'include "g.inc";\ninput float b') + "mine(a) q[0];\n"
    Path("x.qasm").write_text(text)
    assert run("x.qasm", "--select", "BP002").exit_code == 0
    assert Path("x.qasm").read_text() == text


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_git_applies_the_diff(folder):
    """Names with spaces, quotes and letters beyond ASCII; CRLF; no newline at the end."""
    subprocess.run(["git", "init", "-q"], check=True)
    names = ["x.qasm", "a b/ü.qasm", 'say "hi".qasm', "tab\there.qasm", "crlf.qasm", "end.qasm"]
    os.mkdir("a b")
    for name in names:
        text = HEAD + "ry(a) q[0]; // bplint: ignore[BP203] θ\nx q[0];\n// bplint: ignore[BP104]\n"
        text = text.replace("\n", "\r\n") if name == "crlf.qasm" else text.rstrip() if name == "end.qasm" else text
        Path(name).write_bytes(text.encode())
    before = {name: Path(name).read_bytes() for name in names}
    result = run(".", "--select", "BP002", "--diff")
    assert result.exit_code == 0
    assert {name: Path(name).read_bytes() for name in names} == before
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], input=result.stdout_bytes, check=True)
    patched = {name: Path(name).read_bytes() for name in names}
    for name in names:
        Path(name).write_bytes(before[name])
    run(".", "--select", "BP002")
    assert {name: Path(name).read_bytes() for name in names} == patched
    assert all(patched[name] != before[name] for name in names)
