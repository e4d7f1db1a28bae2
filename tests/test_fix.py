"""``bplint fix``: what is cut from a source or changed in it, byte by byte; what is left alone, and why."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from repair_texts import hardware_efficient

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


@pytest.mark.parametrize("select", ["BP201", "BP002,BP301", "BP20", "nonsense"])
def test_other_rules_cannot_be_selected(folder, select):
    Path("x.qasm").write_text(HEAD)
    result = run("x.qasm", "--select", select)
    assert result.exit_code == 2
    assert "no change of the model can be selected: want --select BP002, BP203, BP204, or --prior NAME" in result.output


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


# Suggestions carried out

XXZ = " + ".join(f"X{q} X{q + 1} + Y{q} Y{q + 1} + 0.5*Z{q} Z{q + 1}" for q in range(5))
TEXTS = {
    "symbols": hardware_efficient(6, 8, XXZ, head="// bplint: shots = 100\n"),
    "numbers": hardware_efficient(6, 8, XXZ, head="// bplint: shots = 100\n// bplint: trainable = literals\n", literals=True),
}  # fmt: skip
ALSO = "the code that trains has to measure this loss too: only what the file declares is edited"
FIDELITY = hardware_efficient(7, 1, "projector(0..n-1)", rotations=("ry",))


def codes(path, *arguments):
    """The codes found in a file, with the suggestions of each."""
    result = CliRunner().invoke(main, [path, "--format", "json", *arguments])
    (report,) = json.loads(result.stdout)["circuits"]
    return {f["code"]: f["suggestions"] for f in report["findings"]}


@pytest.mark.parametrize(("kind", "mark"), [("symbols", b""), ("numbers", b"\xef\xbb\xbf")])
def test_a_suggestion_is_carried_out_by_its_name_and_the_finding_is_gone(folder, kind, mark):
    text = TEXTS[kind].replace("\n", "\r\n") if mark else TEXTS[kind]
    Path("x.qasm").write_bytes(mark + text.encode())
    found = codes("x.qasm")
    first = found["BP101"][0]
    result = run("x.qasm", "--prior", first["name"])
    assert result.exit_code == 0
    assert result.output.startswith(f"x.qasm: {first['title']} ({first['keeps']}): ")
    after = Path("x.qasm").read_bytes()
    assert after.startswith(mark + text[:20].encode())
    assert not (mark and b"\n" in after.replace(b"\r\n", b""))
    left = codes("x.qasm")
    assert not {"BP001", "BP101"} & left.keys()
    profile = json.loads(CliRunner().invoke(main, ["profile", "x.qasm", "--format", "json"]).stdout)["circuits"][0]
    assert profile["analyses"]["dla"]["dimension"] == first["effect"]["dla"][1]
    assert profile["n_parameters"] == first["effect"]["parameters"][1]
    low, high = profile["analyses"]["gradient"]["max"] * 0.5, profile["analyses"]["gradient"]["max"] * 2
    assert low < first["effect"]["gradient_max"][1] < high


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
@pytest.mark.parametrize("kind", TEXTS)
def test_git_applies_the_diff_of_a_suggestion(folder, kind):
    subprocess.run(["git", "init", "-q"], check=True)
    Path("x.qasm").write_text(TEXTS[kind])
    patch = run("x.qasm", "--prior", "u1-mixed", "--diff")
    assert patch.exit_code == 0
    assert Path("x.qasm").read_text() == TEXTS[kind]
    subprocess.run(["git", "apply", "-"], input=patch.stdout_bytes, check=True)
    patched = Path("x.qasm").read_text()
    Path("x.qasm").write_text(TEXTS[kind])
    assert run("x.qasm", "--prior", "u1-mixed").exit_code == 0
    assert Path("x.qasm").read_text() == patched != TEXTS[kind]


def test_a_loss_near_to_a_fidelity_is_declared(folder):
    Path("x.qasm").write_text(FIDELITY)
    result = run("x.qasm", "--prior", "local")
    assert result.output == f"x.qasm: measure one qubit at a time (the same optimum, |0…0>): 1 edit; {ALSO}\n"
    assert Path("x.qasm").read_text() == FIDELITY.replace("projector(0..n-1)", "mean(Z)")


def test_nothing_to_fix_leaves_the_file_alone(folder):
    Path("x.qasm").write_text(HEAD + "ry(a) q[0];\nrx(b) q[0];\n")
    os.utime("x.qasm", (1, 1))
    for arguments in ((), ("--diff",), ("-o", "y.qasm")):
        result = run("x.qasm", *arguments)
        assert result.exit_code == 0
        assert "nothing to fix that keeps the loss; --prior NAME changes the model" in result.output
        assert os.stat("x.qasm").st_mtime == 1
    assert Path("y.qasm").read_bytes() == Path("x.qasm").read_bytes()


@pytest.mark.parametrize("extra", [(), ("--diff",), ("-o", "y.qasm")])
def test_what_cannot_be_done_says_why_in_one_line(folder, extra):
    Path("x.qasm").write_text(FIDELITY)
    Path("included.qasm").write_text(
        FIDELITY.replace("// bplint: observable = projector(0..n-1)\n", 'include "o.inc";\n')
    )
    Path("o.inc").write_text("// bplint: observable = projector(0..n-1)\n")
    for path, arguments, reason in [
        ("x.qasm", ("--prior", "nonsense"), "nonsense is not offered; what is: local"),
        (
            "included.qasm",
            ("--prior", "local"),
            "local cannot be written: the observable is declared in the file included in line 3",
        ),
        (
            "x.qasm",
            ("--prior", "local", "--observable", "projector(0..n-1)"),
            "local cannot be written: --observable says otherwise",
        ),
    ]:
        before = Path(path).read_bytes()
        result = run(path, *arguments, *extra)
        assert result.exit_code == 1
        (line,) = result.output.splitlines()
        assert line.startswith(f"{path}: {reason}")
        assert Path(path).read_bytes() == before
    assert not Path("y.qasm").exists()


def test_a_refuted_suggestion_is_not_carried_out(folder, monkeypatch):
    from bplint import verify
    from bplint.finding import Verdict

    monkeypatch.setattr(verify, "_verdict", lambda *_: (Verdict.REFUTED, "it does not help"))
    Path("x.qasm").write_text(FIDELITY)
    result = run("x.qasm", "--prior", "local")
    assert (result.exit_code, result.output) == (1, "x.qasm: local is refuted: it does not help\n")
    monkeypatch.setattr(verify, "_verdict", lambda *_: (Verdict.UNVERIFIED, "who knows"))
    assert ": 1 edit (unverified: who knows); " in run("x.qasm", "--prior", "local").output
    assert "mean(Z)" in Path("x.qasm").read_text()


def test_another_file_takes_the_result(folder):
    Path("x.qasm").write_text(FIDELITY)
    Path("y.qasm").write_text("old")
    os.chmod("y.qasm", 0o600)
    for name in ("y.qasm", "new.qasm"):
        assert run("x.qasm", "--prior", "local", "-o", name).output.endswith(f"; written to {name}\n")
        assert "mean(Z)" in Path(name).read_text()
    assert os.stat("y.qasm").st_mode & 0o777 == 0o600
    assert Path("x.qasm").read_text() == FIDELITY
    assert run("x.qasm", "--prior", "local", "-o", "-").stdout == Path("y.qasm").read_text()
    assert run("-", "--prior", "local", "-o", "z.qasm", stdin=FIDELITY).stdout == ""
    assert Path("z.qasm").read_text() == Path("y.qasm").read_text()


def test_a_place_that_cannot_be_written_is_bad_usage(folder):
    Path("x.qasm").write_text(FIDELITY)
    Path("y.qasm").write_text(FIDELITY)
    os.mkdir("folder")
    for place, word in [("no/such/folder.qasm", "cannot be written"), ("folder", "is a directory")]:
        result = run("x.qasm", "-o", place)
        assert result.exit_code == 2
        assert word in result.output
    for arguments in ("x.qasm y.qasm -o z.qasm", "x.qasm -o z.qasm --diff", "x.qasm --prior z2 --select BP002"):
        assert run(*arguments.split()).exit_code == 2
    assert sorted(os.listdir()) == ["folder", "x.qasm", "y.qasm"]


def test_a_device_is_written_to_and_not_replaced(folder):
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    Path("x.qasm").write_text(FIDELITY)
    assert run("x.qasm", "--prior", "local", "-o", "pipe").exit_code == 0
    assert b"mean(Z)" in os.read(reader, 1 << 16)
    os.close(reader)


def test_standard_input_is_repaired_to_standard_output(folder):
    result = run("-", "--prior", "local", stdin=FIDELITY)
    assert (result.exit_code, result.stdout) == (0, FIDELITY.replace("projector(0..n-1)", "mean(Z)"))
    refused = run("-", "--prior", "nonsense", stdin=FIDELITY)
    assert (refused.exit_code, refused.stdout) == (1, FIDELITY)


def test_an_unreadable_source_is_not_repaired(folder):
    Path("bad.qasm").write_text(HEAD + "ry(a q[0];\n")
    Path("x.qasm").write_text(FIDELITY)
    result = run(".", "--prior", "local")
    assert result.exit_code == 1
    assert "bad.qasm:7:" in result.output
    assert "x.qasm: measure one qubit at a time" in result.output


def test_a_prior_can_be_had_where_nothing_is_found(folder):
    """Two qubits are too few for any plateau: the particle number is kept because it is asked for."""
    circuit = "ry(0.31) q[0];\nrz(1.2345) q[0];\nry(0.77) q[1];\ncx q[0], q[1];\nry(1.813) q[0];\nrz(0.8456) q[1];\n"
    observed = "// bplint: observable = X0 X1 + Y0 Y1 + 0.3*Z0 Z1\n"
    Path("x.qasm").write_text(f'OPENQASM 3.0;\ninclude "stdgates.inc";\n{observed}qubit[2] q;\n{circuit}')
    before = Path("x.qasm").read_bytes()
    assert "nothing to fix" in run("x.qasm").output
    assert Path("x.qasm").read_bytes() == before
    result = run("x.qasm", "--prior", "u1")
    assert (result.exit_code, "keep the particle number" in result.output) == (0, True)
    assert "xx_plus_yy" in Path("x.qasm").read_text()
    assert "nonsense is not offered; what is: " in run("x.qasm", "--prior", "nonsense").output
