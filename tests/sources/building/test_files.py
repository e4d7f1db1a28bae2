"""Python files of a run: their builders, and what reports say of those that cannot be built."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from python_builders import ALWAYS_GOOD, FAMILY, HEAD

BAD = "\n@bplint.circuit(sizes=[3, 4])\ndef bad(n):\n    print('before')\n    raise ValueError('no such thing')\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BPLINT_EXEC", raising=False)
    Path("bplint.toml").write_text("")
    Path("src").mkdir()
    Path("src/ansatz.py").write_text(HEAD + FAMILY + BAD + ALWAYS_GOOD)
    Path("src/plain.py").write_text("raise RuntimeError('bplint')\n")


def bplint(*arguments, code, env=None):
    result = CliRunner().invoke(main, [*arguments, "--no-suggest"], env=env)
    assert result.exit_code == code, result.output
    return result.output


def found(*arguments, code=1):
    document = json.loads(bplint("--exec", "--format", "json", *arguments, code=code))
    return {circuit["id"]: circuit for circuit in document["circuits"]}, document


def test_builders_are_circuits_with_node_ids(folder):
    circuits, document = found("src")
    assert [*circuits] == ["src/ansatz.py::hea[n=2]", "src/ansatz.py::hea[n=6]", "src/ansatz.py::last"]
    assert {c["path"] for c in document["circuits"]} == {"src/ansatz.py"}
    assert circuits["src/ansatz.py::hea[n=6]"]["context"]["shots"] == 100
    assert circuits["src/ansatz.py::hea[n=6]"]["context"]["observable_source"] == "decorator"
    line = HEAD.count("\n") + 3
    (plateau,) = [f for f in circuits["src/ansatz.py::hea[n=6]"]["findings"] if f["code"] == "BP301"]
    assert (plateau["line"], plateau["column"]) == (line, 1)
    assert [u["message"] for u in document["unreadable"]] == [
        f"bad[n={n}] raised ValueError: no such thing" for n in (3, 4)
    ]
    assert document["unreadable"][0]["help"] == [
        "ansatz.py:25 in bad: raise ValueError('no such thing')",
        "printed: before",
    ]
    assert [f["id"] for f in document["families"]] == ["src/ansatz.py::hea"]
    assert document["summary"]["skipped"] == 0


def test_the_environment_can_allow_it_and_configuration_cannot(folder):
    assert "hea[n=6]" in bplint("src", code=1, env={"BPLINT_EXEC": "1"})
    assert "3 skipped" in bplint("src", code=5)
    Path("bplint.toml").write_text("exec = true")
    assert "only the command line can" in bplint("src", code=2)


def test_an_option_wins_over_the_decorator_and_the_decorator_over_configuration(folder):
    Path("bplint.toml").write_text('shots = 50\nnoise = "depolarizing:0.001"\n')
    context = found("src", "-k", "n=6")[0]["src/ansatz.py::hea[n=6]"]["context"]
    assert (context["shots"], context["noise"]) == (100, "depolarizing:0.001")
    context = found("src", "-k", "n=6", "--shots", "7", "--observable", "Z1", code=0)[0]["src/ansatz.py::hea[n=6]"][
        "context"
    ]
    assert (context["shots"], context["observable_source"]) == (7, "option")


def test_the_keyword_selects_circuits(folder):
    assert "1 circuit, 4 deselected" in bplint("--exec", "src", "-k", "last", code=0)


def test_several_processes_print_the_same(folder):
    once, twice = (found("src", "-j", jobs)[1] for jobs in ("1", "2"))
    assert once == twice


def test_comments_suppress_at_every_size_and_in_the_family(folder):
    text = Path("src/ansatz.py").read_text()
    Path("src/ansatz.py").write_text(
        text.replace("def hea(n):", "def hea(n):  # bplint: ignore[BP301, BP201, BP101] known")
    )
    circuits, document = found("src", "-k", "hea", code=0)
    assert "BP301" not in {f["code"] for c in circuits.values() for f in c["findings"]}
    assert document["summary"]["suppressed"] >= 1
    assert "BP002" not in {f["code"] for c in circuits.values() for f in c["findings"]}


def test_configuration_names_targets(folder):
    Path("lib").mkdir()
    Path("lib/made.py").write_text(f"{HEAD}def build(n=3):\n    return product(n)\n")
    Path("bplint.toml").write_text('targets = ["lib.made:build", "lib.made:gone"]')
    circuits, document = found("lib")
    assert [*circuits] == ["lib/made.py::build"]
    assert "there is no such function" in document["unreadable"][0]["message"]
    Path("bplint.toml").write_text('targets = ["lib.made:build[n=2:6:2]"]')
    assert [*found(".", "-k", "build", code=0)[0]] == [f"lib/made.py::build[n={n}]" for n in (2, 4, 6)]
    assert "3 builders in 2 Python files" not in bplint(".", code=5)
    assert "not run: 4 builders in 2 Python files" in bplint(".", code=5)


@pytest.mark.parametrize("target", ["lib", "a.b", "no.such:build", "src.ansatz:hea[n=4:2]", "src.ansatz:hea[n=0:2]"])
def test_a_target_that_is_none_is_refused(folder, target):
    Path("bplint.toml").write_text(f"targets = [{target!r}]")
    assert "targets" in bplint("src", code=2)


def test_a_file_that_is_no_python_or_does_not_run_is_named(folder):
    Path("src/ansatz.py").write_text("import bplint\ndef f(:\n")
    assert "src/ansatz.py:2:7: BP001 error not Python" in bplint("--exec", "src", "--format", "concise", code=1)
    Path("src/ansatz.py").write_text(f"{HEAD}import nosuch\n{FAMILY}{ALWAYS_GOOD}")
    output = bplint("--exec", "src", "--format", "concise", code=1)
    message = "cannot be built: the file raised ModuleNotFoundError: No module named 'nosuch'"
    assert [line.rpartition(" error ")[2] for line in output.splitlines()[:2]] == [f"hea {message}", f"last {message}"]


def test_files_without_builders_are_let_be_also_where_they_are_named(folder):
    Path("src/other.py").write_text("raise SystemExit\n")
    assert "0 circuits" in bplint("--exec", "src/plain.py", "src/other.py", code=5)


def test_a_baseline_knows_builders_and_their_family(folder):
    Path("src/ansatz.py").write_text(HEAD + FAMILY)
    bplint("--exec", "src", "--write-baseline", code=0)
    ids = {entry["id"] for entry in json.loads(Path(".bplint-baseline.json").read_text())["findings"]}
    assert "src/ansatz.py::hea[n=6]" in ids
    assert "in the baseline" in bplint("--exec", "src", "--baseline", ".bplint-baseline.json", code=0)


def test_notebooks_hold_builders(folder):
    source = f"%matplotlib inline\n{HEAD}{FAMILY}".splitlines(keepends=True)
    cell = {"cell_type": "code", "source": source, "outputs": [], "metadata": {}}
    Path("nb.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}}, indent=1))
    circuits, _ = found("nb.ipynb")
    (plateau,) = [f for f in circuits["nb.ipynb::hea[n=6]"]["findings"] if f["code"] == "BP301"]
    assert "def hea(n):" in Path("nb.ipynb").read_text().splitlines()[plateau["line"] - 1]


def test_profile_measures_builders_too(folder):
    assert "hea[n=2]" in bplint_profile("--exec", "src", "-k", "n=2")


def bplint_profile(*arguments):
    result = CliRunner().invoke(main, ["profile", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_a_run_that_is_ended_ends_its_builders(folder):
    text = "\n@bplint.circuit()\ndef loops():\n    open('pid', 'w').write(str(os.getpid()))\n    while True: pass\n"
    Path("src/ansatz.py").write_text(HEAD + text)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "bplint", "src", "--exec", "-j", "2"], stderr=subprocess.PIPE
    )
    while not (Path("pid").exists() and Path("pid").read_text()):
        time.sleep(0.05)
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, b"bplint: interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int(Path("pid").read_text()), 0)
