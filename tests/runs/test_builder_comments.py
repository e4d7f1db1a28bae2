"""Suppression comments in Python: in vain is what no circuit of a builder, and not the builder as a family, makes use of."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from python_builders import ALWAYS_GOOD, DEAD, FAMILY, HEAD


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def bplint(*arguments):
    """What is found by code, place, text of the comment and message; and how many were suppressed."""
    done = CliRunner().invoke(main, ["--exec", "--no-cache", "--no-suggest", "--format", "json", *arguments])
    document = json.loads(done.stdout)
    items = [*document["circuits"], *document.get("families", ())]
    return [(item["id"], finding) for item in items for finding in item["findings"]], document["summary"]["suppressed"]


def in_vain(*arguments):
    """Where BP002 stands: the id of what carries it, and the comment as it stands in the file, with why."""
    found = []
    for id, finding in bplint("a.py", *arguments)[0]:
        if finding["code"] == "BP002":
            line = Path("a.py").read_text().splitlines()[finding["line"] - 1]
            found.append((id, line[finding["column"] - 1 : finding["end_column"] - 1], finding["message"]))
    return found


def write(body, comment="", at="def dead(n):"):
    text = HEAD + body
    Path("a.py").write_text(text.replace(at, f"{at}  # bplint: {comment}") if comment else text)


def test_a_comment_that_every_size_does_without_is_in_vain():
    write(DEAD, "ignore[BP203, BP301] why")
    ((id, comment, message),) = in_vain()
    assert (id, comment) == ("a.py::dead", "# bplint: ignore[BP203, BP301] why")
    assert message == "Part of this comment suppresses nothing, BP301: BP301 does not fire here."
    write(DEAD, "ignore[BP203]")
    assert in_vain() == []


def test_a_comment_that_one_size_needs_is_not():
    write(FAMILY, "ignore[BP301]", at="def hea(n):")  # only n = 6 has it
    assert in_vain() == []
    write(FAMILY.replace("[2, 6]", "[2, 3]"), "ignore[BP301]", at="def hea(n):")
    assert [id for id, *_ in in_vain()] == ["a.py::hea"]


def test_a_builder_of_one_circuit_carries_it_itself():
    write(ALWAYS_GOOD, "ignore[BP999, dead-parameter]", at="def last():")
    ((id, _, message),) = in_vain()
    assert id == "a.py::last"
    assert "dead-parameter is a name, its code is BP203; no rule is called BP999" in message


def test_a_comment_about_the_file_is_judged_by_all_its_builders():
    comment = "# bplint: ignore-file[BP203]\n"
    write(ALWAYS_GOOD + DEAD)
    Path("a.py").write_text(comment + Path("a.py").read_text())
    assert in_vain() == []
    write(DEAD.replace("sizes=[2, 3], ", "").replace("def dead(n):", "def dead(n=1):") + ALWAYS_GOOD)
    Path("a.py").write_text(comment + Path("a.py").read_text())
    assert [(id, at) for id, at, _ in in_vain()] == [("a.py::last", comment.strip())]


def test_rules_of_families_are_judged_by_the_family():
    write(FAMILY.replace("[2, 6]", "[4, 5, 6, 7, 8]"), "ignore[BP303, BP301]", at="def hea(n):")
    assert in_vain() == []
    found, suppressed = bplint("a.py")
    assert not {"BP301", "BP303"} & {finding["code"] for _, finding in found}
    write(FAMILY.replace("[2, 6]", "[4, 5, 6, 7, 8]"), "ignore[BP301]", at="def hea(n):")
    found, less = bplint("a.py")
    assert [id for id, finding in found if finding["code"] == "BP303"] == ["a.py::hea"]
    assert suppressed == less + 1
    write(DEAD, "ignore[BP303, BP203]")
    assert "nothing, BP303: BP303 does not fire here" in in_vain()[0][2]
    write(ALWAYS_GOOD, "ignore[BP303]", at="def last():")  # no rule of families looks at one circuit
    assert in_vain() == []


def test_what_was_not_looked_at_is_not_judged():
    write(FAMILY.replace("[2, 6]", "[2, 3, 6]"), "ignore[BP301]", at="def hea(n):")
    assert in_vain("-k", "n=2 or n=3") == []
    assert in_vain("--select", "BP002,BP203") == []
    write(DEAD + "    raise ValueError\n", "ignore[BP301]")
    Path("a.py").write_text(
        Path("a.py").read_text().replace("return product(n)", "return product(n if n < 3 else 1/0)")
    )
    assert in_vain() == []


def test_it_can_be_suppressed_and_known():
    write(DEAD, "ignore[BP203, BP301, BP002]")
    assert in_vain() == []
    write(DEAD, "ignore[BP203]")
    without = bplint("a.py")[1]
    write(DEAD, "ignore[BP203, BP301, BP002]")
    assert bplint("a.py")[1] == without + 1
    write(DEAD, "ignore[BP203, BP301]")
    CliRunner().invoke(main, ["--exec", "a.py", "--write-baseline", "--no-suggest"])
    entries = json.loads(Path(".bplint-baseline.json").read_text())["findings"]
    assert ("a.py::dead", "BP002") in {(entry["id"], entry["code"]) for entry in entries}
    assert in_vain("--baseline", ".bplint-baseline.json") == []


def test_one_that_was_there_before_is_not_new():
    git = ["git", "-c", "user.name=me", "-c", "user.email=me@example.org"]
    subprocess.run(["git", "init", "-q"], check=True)
    write(DEAD, "ignore[BP203, BP301]")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    write(DEAD.replace("[2, 3]", "[2, 4]"), "ignore[BP203, BP301]")
    assert in_vain("--diff-base", "HEAD") == []
    write(DEAD.replace("[2, 3]", "[2, 4]"), "ignore[BP203, BP301, BP104]")
    assert len(in_vain("--diff-base", "HEAD")) == 1


def test_the_cache_and_several_processes_change_nothing():
    write(DEAD + FAMILY, "ignore[BP203, BP301]")
    arguments = ["--exec", "a.py", "--no-suggest", "--format", "concise"]
    outputs = [CliRunner().invoke(main, [*arguments, *more]).stdout for more in ((), (), ("-j", "2", "--no-cache"))]
    assert "BP002" in outputs[0]
    assert len(set(outputs)) == 1


def test_in_a_notebook_the_comment_has_its_line():
    write(DEAD, "ignore[BP203, BP301] known")
    cell = {"cell_type": "code", "source": Path("a.py").read_text().splitlines(keepends=True)}
    written = json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}, indent=1)
    Path("n.ipynb").write_text(written)
    ((id, finding),) = [told for told in bplint("n.ipynb")[0] if told[1]["code"] == "BP002"]
    assert id == "n.ipynb::dead"
    assert "# bplint: ignore[BP203, BP301] known" in written.splitlines()[finding["line"] - 1]
    line = Path("a.py").read_text().splitlines().index("def dead(n):  # bplint: ignore[BP203, BP301] known")
    assert finding["column"] == Path("a.py").read_text().splitlines()[line].index("#") + 1
