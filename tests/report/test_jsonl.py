"""One circuit a line: the objects of the format json, and nothing lost between the two."""

import json
import subprocess
import sys

from bplint.config import Settings
from bplint.report import json as whole
from bplint.report import jsonl
from bplint.run import lint, lint_text

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
DEAD = HEAD + "// bplint: observable = Z0\ninput float a;\nqubit q;\nrz(a) q;\n"


def lines_of(report, exit_code=1):
    return [json.loads(line) for line in jsonl.write(report, exit_code).splitlines()]


def test_the_lines_are_the_parts_of_the_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.qasm").write_text(DEAD)
    (tmp_path / "b.qasm").write_text("OPENQASM 3.0;\nnonsense q;\n")
    (tmp_path / "c\n\u2028.qasm").write_text(DEAD.replace("rz", "ry"))
    report = lint(["."], Settings())
    assert jsonl.write(report, 1).count("\n") == 4
    lines, document = lines_of(report), json.loads(whole.write(report, 1))
    assert [line.pop("type") for line in lines] == ["circuit", "unreadable", "circuit", "summary"]
    assert [line.pop("failures") for line in lines] == [[]] * 4
    assert [lines[0], lines[2]] == document["circuits"]
    assert [lines[1]] == document["unreadable"]
    assert lines[3] == {key: document[key] for key in ("schema", "version", "seed", "exit_code", "summary")}


def test_a_family_has_a_line():
    text = f"{HEAD}// bplint: observable = mean(Z)\nconst int n = 2;\ninput array[float, n] t;\nqubit[n] q;\n"
    report = lint_text(text + "for int i in [0:n-1] ry(t[i]) q[i];\n", sizes=(2, 3))
    *_, family, summary = lines_of(report)
    assert (family["type"], [m["size"] for m in family["members"]]) == ("family", [2, 3])
    assert summary["summary"]["circuits"] == 2


def test_a_line_is_there_as_soon_as_its_circuit_is_finished(tmp_path):
    """The second source is a pipe that nobody has written to yet: the first line comes before."""
    (tmp_path / "a.qasm").write_text(DEAD)
    command = [sys.executable, "-P", "-m", "bplint", "a.qasm", "-", "--format", "jsonl"]
    process = subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    first = json.loads(process.stdout.readline())
    assert (first["type"], first["id"]) == ("circuit", "a.qasm")
    rest, _ = process.communicate(DEAD, timeout=120)
    assert [json.loads(line)["type"] for line in rest.splitlines()] == ["circuit", "summary"]
