"""Runs over several files: the same bytes from any number of processes, selection, stopping, tables."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main

ROOT = Path(__file__).parents[1]
DEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput float a;\nqubit[1] q;\nrz(a) q[0];\n'
FINE = DEAD.replace("rz", "ry")


def bplint(*arguments, exit_code=None):
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert exit_code is None or result.exit_code == exit_code, result.output
    return result.output


@pytest.fixture
def three(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in (("a_dead", DEAD), ("b_fine", FINE), ("c_dead", DEAD)):
        (tmp_path / f"{name}.qasm").write_text(text)


def timeless(text):
    return re.sub(r"in [\d,.]+ s", "in … s", text)


@pytest.mark.slow
def test_two_hundred_files_give_the_same_bytes_from_two_processes(tmp_path, monkeypatch):
    """Readable, hostile and broken ones; sampled, exact and undecided."""
    files = sorted(p for folder in ("circuits", "hostile") for p in (ROOT / "fixtures" / folder).glob("qasm*/*.qasm"))
    small = [p for p in files if p.stat().st_size < 1500]
    chosen = (small * 3)[:200]
    assert len(chosen) == 200
    for i, path in enumerate(chosen):
        shutil.copy(path, tmp_path / f"{i:03}_{path.name}")
    monkeypatch.chdir(tmp_path)
    forms = ["--format", "full", "--format", "sarif:out.sarif", "--format", "json:out.json", "--select", "BP0,BP1,BP2"]
    one = timeless(bplint(".", *forms, "-j", 1))
    written = [Path(name).read_bytes() for name in ("out.sarif", "out.json")]
    two = timeless(bplint(".", *forms, "-j", 2))
    assert one == two
    assert written == [Path(name).read_bytes() for name in ("out.sarif", "out.json")]
    assert len(json.loads(written[1])["circuits"]) > 50


def test_sampled_numbers_do_not_depend_on_the_processes(three):
    outputs = {bplint(".", "--format", "json", "-j", jobs, exit_code=1) for jobs in (1, 2)}
    assert len(outputs) == 1
    assert "pauli-path" in outputs.pop()


def test_standard_input_is_read_beside_other_processes(three):
    result = CliRunner().invoke(main, ["-", "a_dead.qasm", "b_fine.qasm", "-j", "2", "--format", "concise"], input=DEAD)
    assert result.exit_code == 1
    assert result.output.startswith("-:3:1: BP104")


def test_selection_by_node_id(three):
    output = bplint(".", "-k", "dead and not C", exit_code=1)
    assert "1 circuit, 2 deselected" in output
    assert "b_fine" not in output
    bplint(".", "-k", "nothing", exit_code=5)
    assert "-k 'or': at column 1" in bplint(".", "-k", "or", exit_code=2)


def test_collect_only_lists_ids_and_reads_nothing(three):
    Path("b_fine.qasm").write_text("broken")
    assert bplint(".", "--collect-only", exit_code=0) == "a_dead.qasm\nb_fine.qasm\nc_dead.qasm\n3 circuits\n"
    assert bplint(".", "--collect-only", "-k", "fine", exit_code=0) == "b_fine.qasm\n1 circuit, 2 deselected\n"
    bplint(".", "--collect-only", "-k", "nothing", exit_code=5)


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_run_stops_after_so_many_failures(three, jobs):
    output = bplint(".", "-x", "-j", jobs, exit_code=1)
    assert "stopped early: 2 circuits not looked at" in output
    assert json.loads(bplint(".", "-x", "-j", jobs, "--format", "json"))["summary"]["not_run"] == 2
    assert "stopped early" not in bplint(".", "--maxfail", 2, "-j", jobs, exit_code=1)
    assert "stopped early" not in bplint(".", "-x", "--fail-on", "never", "-j", jobs, exit_code=0)


def test_an_unreadable_source_counts_as_a_failure(three):
    Path("a_dead.qasm").write_text("broken")
    assert "stopped early" in bplint(".", "-x", "--fail-on", "never", exit_code=1)


def test_statistics_count_the_findings_of_each_rule(three):
    output = bplint(".", "--statistics", exit_code=1)
    assert output.endswith("      2  BP104 dead-loss\n")
    assert json.loads(CliRunner().invoke(main, [".", "--statistics", "--format", "json"]).stdout)["exit_code"] == 1


def test_durations_name_the_slowest_analyses(three):
    last = bplint(".", "--durations", 2, exit_code=1).splitlines()[-2:]
    assert all(re.fullmatch(r" +\d+\.\d\d s  \w+  \./\w+\.qasm", line) for line in last)


def test_several_formats_at_once(three):
    output = bplint(
        ".", "--format", "concise", "--format", "github:out.txt", "--format", "sarif:out.sarif", exit_code=1
    )
    assert output.startswith("./a_dead.qasm:3:1: BP104 error")
    assert Path("out.txt").read_text().startswith("::error file=a_dead.qasm,line=3")
    assert json.loads(Path("out.sarif").read_text())["version"] == "2.1.0"
    assert "only one format" in bplint(".", "--format", "full", "--format", "json", exit_code=2)


def test_formats_that_cannot_be_written(three):
    """One line and exit code 2; nothing half written stays."""
    formats = ["--format", "json:out.json", "--format", "sarif:./out.sarif", "--format", "junit:out.sarif"]
    output = bplint(".", *formats, exit_code=2)
    assert output == "bplint: --format sarif:./out.sarif: two formats cannot go to one file\n"
    assert not Path("out.json").exists()
    Path("folder").mkdir()
    output = bplint(".", "--format", "json:folder", "--format", "concise:out.txt", exit_code=2)
    assert output == "bplint: --format json:folder: cannot be written: Is a directory\n"
    assert Path("out.txt").read_text().startswith("./a_dead.qasm:3:1: BP104")
    assert not list(Path().glob(".bplint-*"))
