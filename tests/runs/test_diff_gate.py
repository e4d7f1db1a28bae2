"""The diff gate: what is new or worse since a commit, in files, in builders, and nothing else."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from python_builders import HEAD

HEADER = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {}\n// bplint: shots = 100\n'
PRODUCT = HEADER + "input array[float[64], 6] a;\nqubit[6] q;\n" + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(6))
GOOD, WIDER, BAD = (PRODUCT.format(loss) for loss in ("mean(Z)", "Z0 Z1 Z2", "projector(0..n-1)"))
FAMILY = """
@bplint.circuit(sizes=[2, 6], observable="{}", shots=100)
def hea(n):
    return layers(n)
"""


def git(*arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True).stdout


def commit():
    git("add", "-A")
    git("commit", "-q", "-m", "next")


@pytest.fixture
def repo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BPLINT_EXEC", raising=False)
    git("init", "-q", "-b", "main")
    Path("good.qasm").write_text(GOOD)
    Path("bad.qasm").write_text(BAD)
    Path("unreadable.qasm").write_text("no")
    Path("shared.py").write_text(f"{HEAD}layers = product\n")
    Path("ansatz.py").write_text("import bplint\nfrom shared import layers\n" + FAMILY.format("mean(Z)"))
    commit()
    return tmp_path


def run(*arguments, code=0, base="main"):
    result = CliRunner().invoke(
        main, ["check", ".", "--no-suggest", "--diff-base", base, "--format", "json", *arguments]
    )
    assert result.exit_code == code, result.output
    document = json.loads(result.output)
    findings = [
        (c["id"], f["code"], f["change"]) for c in document["circuits"] for f in c["findings"] if not f["undecided"]
    ]
    return findings, document


def codes(findings):
    return {code for _, code, _ in findings}


def test_what_is_unchanged_is_not_looked_at(repo):
    findings, document = run()
    assert (findings, document["circuits"]) == ([], [])
    assert document["diff"] == {"base": "main", "commit": git("rev-parse", "main").strip(), "unchanged": 3, "there": 0}


def test_a_finding_that_comes_is_new_and_carries_the_numbers_before(repo):
    Path("good.qasm").write_text(BAD)
    findings, document = run(code=1)
    assert ("good.qasm", "BP301", "new") in findings
    (error,) = [f for c in document["circuits"] for f in c["findings"] if f["code"] == "BP301"]
    assert error["before"]["parameters"] == 6
    assert error["before"]["signal"] == pytest.approx(1 / 12, rel=0.1)
    assert "BP305" not in codes(findings)  # the error says more


def test_a_change_of_a_circuit_that_was_bad_reports_what_was_not_there(repo):
    Path("bad.qasm").write_text(BAD.replace("ry(a[0])", "// a comment\nry(a[0])"))
    findings, document = run()
    assert findings == []
    assert document["diff"]["there"] >= 2


def test_a_signal_that_falls_and_still_shows_is_a_regression(repo):
    Path("good.qasm").write_text(PRODUCT.format("Z0"))
    commit()
    Path("good.qasm").write_text(WIDER)
    findings, document = run("--select", "BP305,BP301")
    assert findings == [("good.qasm", "BP305", "new")]
    (found,) = document["circuits"][0]["findings"]
    assert (found["evidence"]["before"]["signal"], found["evidence"]["after"]["signal"]) == pytest.approx(
        (0.5, 0.125), rel=0.1
    )
    assert run("--select", "BP305", "--fail-on", "warning", code=1)[0] == findings
    Path("good.qasm").write_text("// bplint: ignore-file[BP305]\n" + WIDER)
    assert run("--select", "BP305,BP301", "--fail-on", "warning")[0] == []


def test_harmless_changes_are_green(repo):
    git("mv", "bad.qasm", "moved.qasm")
    Path("good.qasm").write_text(GOOD.replace("a[", "weights[").replace("] a;", "] weights;") + "// the end\n")
    Path("shared.py").write_text(Path("shared.py").read_text() + "# more\n")
    Path("ansatz.py").write_text("# first\n\n" + Path("ansatz.py").read_text())
    findings, document = run("--exec")
    assert findings == []
    assert document["diff"]["unchanged"] == 4  # the moved and the unreadable file, and the builder's two sizes
    Path("moved.qasm").write_text(BAD + "// changed as well\n")
    assert run("--exec")[0] == []


def test_new_files_are_all_new_and_deleted_ones_are_gone(repo):
    git("rm", "-q", "good.qasm")
    Path("new.qasm").write_text(BAD)
    findings, _ = run(code=1)
    assert {(id, change) for id, _, change in findings} == {("new.qasm", "new")}


def test_a_file_that_can_no_longer_be_read_is_never_green(repo):
    Path("good.qasm").write_text("no")
    assert [u["path"] for u in run(code=1)[1]["unreadable"]] == ["./good.qasm"]


def test_an_include_that_changes_changes_the_circuit(repo):
    Path("layers.inc").write_text("")
    Path("good.qasm").write_text(GOOD.replace("input", 'include "layers.inc";\ninput'))
    commit()
    assert run()[1]["circuits"] == []
    Path("layers.inc").write_text("// more\n")
    assert [c["id"] for c in run()[1]["circuits"]] == ["good.qasm"]


def test_builders_are_compared_by_their_circuits(repo):
    assert run("--exec")[1]["circuits"] == []
    Path("shared.py").write_text(f"{HEAD}def layers(n):\n    return product(n, 'rz')\n")
    findings, _ = run("--exec", code=1)
    assert ("ansatz.py::hea[n=6]", "BP104", "new") in findings


def test_a_builder_whose_loss_becomes_global(repo):
    Path("ansatz.py").write_text("import bplint\nfrom shared import layers\n" + FAMILY.format("projector(0..n-1)"))
    findings, document = run("--exec", code=1)
    assert ("ansatz.py::hea[n=6]", "BP301", "new") in findings
    assert [family["id"] for family in document["families"]] == ["ansatz.py::hea"]
    assert git("worktree", "list").count("\n") == 1
    assert git("status", "--porcelain") == " M ansatz.py\n"


def test_several_processes_print_the_same(repo):
    Path("good.qasm").write_text(BAD)
    assert run(code=1) == run("-j", "2", code=1)


def test_a_graver_severity_is_worse(repo):
    Path("good.qasm").write_text(BAD.replace("shots = 100", "shots = 100000"))
    commit()
    before = run()[0]
    Path("good.qasm").write_text(
        BAD.replace("// bplint: shots = 100\n", "").replace("// bplint: observable = projector(0..n-1)\n", "")
    )
    assert before == []
    assert {change for _, _, change in run()[0]} <= {"new", "worse"}


def test_a_commit_that_is_not_there_and_a_baseline_to_write_are_refused(repo):
    for arguments in (["--diff-base", "nosuch"], ["--diff-base", "main", "--write-baseline"]):
        result = CliRunner().invoke(main, ["check", ".", *arguments])
        assert result.exit_code == 2, result.output


def test_the_screen_says_what_it_compares_with(repo):
    Path("bad.qasm").write_text(BAD + "// more\n")
    result = CliRunner().invoke(main, ["check", ".", "--diff-base", "main"])
    assert f"compared with main ({git('rev-parse', 'main')[:12]}): 2 circuits unchanged" in result.output
    assert "there before" in result.output
