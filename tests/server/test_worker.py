"""The worker's stages: what needs no measuring first, in the end what the command says."""

import json

import pytest

from bplint.errors import UsageError
from bplint.finding import Kind
from bplint.plugins import load
from bplint.server.worker import entries
from runs_once import invoke

TEXT = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = projector(0..n-1)
// bplint: shots = 1000
input array[float[64], 8] t;
qubit[8] q;
for int i in [0:7] ry(t[i]) q[i];
"""
KINDS = {rule.code: rule.kind for rule in load().rules}


def codes(entry):
    return {finding["code"] for finding in entry["findings"]}


def test_measured_findings_come_second_suggestions_last_and_then_all_is_as_the_command_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "guess.qasm").write_text(TEXT)
    first, second, last = map(json.loads, entries(TEXT, "guess.qasm"))
    assert codes(first) == {code for code in codes(last) if KINDS[code] is Kind.EXACT} == {"BP201"}
    assert codes(second) == codes(last) > codes(first)
    assert not any(finding["suggestions"] for finding in second["findings"])
    assert json.loads(invoke("guess.qasm", "--format", "jsonl").stdout.splitlines()[0]) == last
    assert any(finding["suggestions"] for finding in last["findings"])


def test_what_is_linted_is_the_text_of_the_editor_with_the_includes_beside_its_file(tmp_path):
    (tmp_path / "my.inc").write_text("gate mine(a) p { ry(a) p; }\n")
    (tmp_path / "x.qasm").write_text("nonsense")
    text = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninclude "my.inc";\ninput float a;\nqubit q;\nmine(a) q;\n'
    *_, last = map(json.loads, entries(text, str(tmp_path / "x.qasm")))
    assert (last["type"], last["n_rotations"]) == ("circuit", 1)


def test_what_cannot_be_read_is_an_entry_and_a_wrong_configuration_is_told(tmp_path):
    *_, last = map(json.loads, entries("OPENQASM 3.0;\nnonsense;\n", str(tmp_path / "x.qasm")))
    assert (last["type"], last["code"], last["line"]) == ("unreadable", "BP001", 2)
    (tmp_path / "bplint.toml").write_text("shotz = 3\n")
    with pytest.raises(UsageError, match="shotz"):
        list(entries(TEXT, str(tmp_path / "x.qasm")))
