"""What an editor can do about a finding: the edits do what `bplint fix` and a comment do."""

import json
from pathlib import Path

import pytest

from bplint.config import Settings
from bplint.plugins import load
from bplint.run import lint_text
from bplint.server.actions import actions
from bplint.server.diagnostics import shown
from bplint.server.worker import entries
from runs_once import invoke
from server.editor import applied, document

RULES = load().rules
HEAD = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input float a;
input float b;
qubit[2] q;
ry(b) q[0];
"""
GUESS = HEAD.replace("Z0", "projector(0..n-1)\n// bplint: shots = 1000").replace(
    "float a;\ninput float b;\nqubit[2] q;\nry(b) q[0];", "array[float[64], 8] t;\nqubit[8] q;"
)


def offered(text, code, stage=0):
    entry = json.loads(list(entries(text, "x.qasm"))[stage])
    here = document(text)
    return [action for one in shown(entry, here, RULES) if one.finding["code"] == code for action in actions(one, here)]


def codes(text):
    return [finding.code for finding in lint_text(text, Settings(suggest=False)).findings]


@pytest.mark.parametrize(
    "line",
    [
        "rz(a) q[0];",
        "  rz(a) q[0]; // why",
        "// bplint: ignore[BP002]\nrz(a) q[0];",
        "rz(a) q[0]; // bplint: ignore[BP002] for now",
        "/* 𝜃 */ rz(a) q[0];",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_comment_lets_the_finding_pass_and_no_more(line, end):
    text = (HEAD + line + "\n").replace("\n", end)
    *_, ignore = offered(text, "BP203")
    assert ignore.title == "ignore BP203 here"
    after = applied(text, ignore.edit.changes["file:///x.qasm"])
    assert after.count(end) == after.count("\n")
    assert "BP203" in codes(text)
    assert "BP203" not in codes(after)


def test_a_loss_in_a_comment_is_let_pass_by_a_line_before_it():
    text = GUESS + "for int i in [0:7] ry(t[i]) q[i];\n"
    (ignore,) = [action for action in offered(text, "BP201") if action.title.startswith("ignore")]
    assert "BP201" in codes(text)
    assert "BP201" not in codes(applied(text, ignore.edit.changes["file:///x.qasm"]))


def test_a_suggestion_makes_the_edits_that_fix_makes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "// 𝜃\n" + GUESS + "for int i in [0:7] ry(t[i]) q[i];\n"
    Path("x.qasm").write_text(text, encoding="utf-8")
    first, *_ = offered(text, "BP301", stage=-1)
    assert first.title.startswith("measure one qubit at a time: signal ")
    assert first.title.endswith(
        "the code that trains has to measure this loss too: only what the file declares is edited"
    )
    assert invoke("fix", "x.qasm", "--prior", "local").exit_code == 0
    assert applied(text, first.edit.changes["file:///x.qasm"]) == Path("x.qasm").read_text(encoding="utf-8") != text


def test_what_cannot_be_read_cannot_be_let_pass():
    assert not offered("OPENQASM 3.0;\nnonsense;\n", "BP001")
