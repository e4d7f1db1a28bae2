"""Baselines: what is known is let pass, what is new is not, and what nobody looked at stays."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from bplint.cli import main
from bplint.errors import UsageError
from bplint.finding import Hit, Severity, sign
from bplint.runs.baseline import CheckedCircuit, KnownFinding, compare, read, split, write

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n'
DEAD = HEAD + "input float a;\nqubit[1] q;\nrz(a) q[0];\n"
FINE = DEAD.replace("rz", "ry")
FILE = ".bplint-baseline.json"


def finding(message, id="a.qasm", code="BP203"):
    return sign(Hit(message), code=code, name="name", severity=Severity.WARNING, path=id, case_id=id)


ONE, TWO = finding("one"), finding("two")
KEY = KnownFinding("a.qasm", "BP203", ONE.fingerprint)


def test_as_many_pass_as_are_known():
    assert split([ONE, TWO, ONE, ONE], "a.qasm", {KEY: 2}) == ((TWO, ONE), (ONE, ONE))
    assert split([ONE], "b.qasm", {KEY: 2}) == ((ONE,), ())
    assert split([ONE], "a.qasm", {}) == ((ONE,), ())


@pytest.mark.parametrize(
    ("circuit", "now", "gone"),
    [
        (CheckedCircuit("a.qasm", [ONE, ONE], {"BP203"}), 2, 0),
        (CheckedCircuit("a.qasm", [ONE], {"BP203"}), 1, 1),
        (CheckedCircuit("a.qasm", [], {"BP203"}), None, 2),
        (CheckedCircuit("a.qasm", [], {"BP301"}), 2, 0),  # the rule did not run, or could not tell
        (CheckedCircuit("a.qasm"), 2, 0),  # it could not be read
        (CheckedCircuit("b.qasm", [], {"BP203"}), None, 2),  # the file is gone
    ],
)
def test_an_entry_is_gone_only_where_somebody_looked(tmp_path, circuit, now, gone):
    compared = compare({KEY: 2}, [circuit], [str(tmp_path)])
    assert (compared.now.get(KEY), compared.gone.get(KEY, 0)) == (now, gone)


def test_a_circuit_that_was_not_linted_keeps_its_entries(tmp_path):
    (tmp_path / "a.qasm").touch()
    assert compare({KEY: 2}, [], [str(tmp_path)]) == ({KEY: 2}, {})


def test_what_is_written_is_read_again_sorted_one_entry_a_line(tmp_path):
    path = str(tmp_path / "b.json")
    baseline = {
        KnownFinding(id, "BP1", f): n for id, f, n in [("z\udcff\n", "2", 1), ("a b", "9", 3), ("a b", "10", 2)]
    }
    write(path, baseline)
    assert read(path) == baseline
    lines = Path(path).read_text(encoding="ascii").splitlines()
    assert lines[:3] == ["{", '"schema": "bplint-baseline/1",', '"findings": [']
    assert lines[3] == '{"id": "a b", "code": "BP1", "fingerprint": "10", "count": 2},'
    assert len(lines) == 3 + 3 + 2
    write(path, {})
    assert read(path) == {}


def document(*entries, **more):
    return json.dumps({"schema": "bplint-baseline/1", "findings": list(entries), **more}).encode()


ENTRY = {**KEY._asdict(), "count": 1}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not valid JSON"),
        (b"<<<<<<< HEAD\n", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"schema": "\xff"}', "byte 0xff is not UTF-8 text"),
        (b"[]", "want the schema bplint-baseline/1"),
        (b'{"schema": "bplint-baseline/2", "findings": []}', "want the schema bplint-baseline/1"),
        (b'{"schema": ["bplint-baseline/1"]}', "want the schema"),
        (b'{"schema": "bplint-baseline/1"}', "damaged: want a list of findings"),
        (document(extra=1), "damaged: want a list of findings"),
        (document(ENTRY, "x"), "entry 2: damaged: want id, code, fingerprint and count"),
        (document({**ENTRY, "line": 3}), "entry 1: damaged"),
        (document({**ENTRY, "count": 0}), "a count from 1 on"),
        (document({**ENTRY, "count": True}), "a count from 1 on"),
        (document({**ENTRY, "count": 1.0}), "a count from 1 on"),
        (document({**ENTRY, "id": None}), "want strings"),
        (
            document({**ENTRY, "count": 1}).replace(b": 1}", b": " + b"9" * 10**6 + b"}"),
            "a number has 1,000,000 digits",
        ),
    ],
)
def test_what_is_no_baseline_is_one_line(tmp_path, data, message):
    path = tmp_path / "b.json"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=message) as caught:
        read(str(path))
    assert "\n" not in str(caught.value)


def test_two_branches_may_have_added_one_entry(tmp_path):
    path = tmp_path / "b.json"
    path.write_bytes(b"\xef\xbb\xbf" + document(ENTRY, {**ENTRY, "count": 3}, ENTRY))
    assert read(str(path)) == {KEY: 3}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "dead.qasm").write_text(DEAD)
    (tmp_path / "fine.qasm").write_text(FINE)
    return tmp_path


def run(*arguments, exit_code=None):
    result = CliRunner().invoke(main, [*map(str, arguments), "--select", "BP104,BP203"])
    assert exit_code is None or result.exit_code == exit_code, result.output
    return result


def summary(*arguments, **more):
    return json.loads(run(*arguments, "--format", "json", **more).stdout)["summary"]


def test_written_then_green_then_red_for_what_is_new(folder):
    result = run(".", "--write-baseline", exit_code=0)
    assert f"{FILE}: 1 known finding\n" in result.stderr
    assert "0 errors, 0 warnings, 0 notes; 0 skipped, 0 inconclusive, 1 in the baseline" in result.stdout
    run(".", exit_code=1)
    counts = summary(".", "--baseline", FILE, exit_code=0)
    assert (counts["errors"], counts["baseline"]) == (0, 1)
    Path("dead.qasm").write_text("\n\n// moved\n" + DEAD)
    run(".", "--baseline", FILE, exit_code=0)
    Path("fine.qasm").write_text(DEAD)
    assert "fine.qasm:3:1: BP104" in run(".", "--baseline", FILE, "--format", "concise", exit_code=1).stdout
    assert summary(".", "--baseline", FILE, exit_code=1)["errors"] == 1


def test_what_no_longer_occurs_is_named_and_taken_out(folder):
    run(".", "--write-baseline", exit_code=0)
    Path("dead.qasm").write_text(FINE)
    for form in ("full", "concise"):
        output = run(".", "--baseline", FILE, "--format", form, exit_code=0).stdout
        assert "dead.qasm: BP104 is in the baseline and no longer occurs\n" in output
    (gone,) = json.loads(run(".", "--baseline", FILE, "--format", "json", exit_code=0).stdout)["gone"]
    assert (gone["id"], gone["code"], gone["count"]) == ("dead.qasm", "BP104", 1)
    assert "no longer" not in run("fine.qasm", "--baseline", FILE).stdout
    assert f"{FILE}: 0 known findings, 1 gone\n" in run(".", "--write-baseline", exit_code=0).stderr
    assert read(FILE) == {}


def test_what_cannot_be_read_is_never_known(folder):
    Path("bad.qasm").write_text("nonsense")
    result = run(".", "--write-baseline", exit_code=1)
    assert "BP001" in result.stdout
    assert [known.id for known in read(FILE)] == ["dead.qasm"]
    Path("dead.qasm").write_text("nonsense")  # nor is what it was known for forgotten
    run(".", "--write-baseline", exit_code=1)
    assert [known.id for known in read(FILE)] == ["dead.qasm"]


def test_configuration_names_it_from_its_own_folder(folder, monkeypatch):
    (folder / "bplint.toml").write_text('baseline = "known.json"\n')
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    assert "known.json: there is no such baseline" in run("..", exit_code=2).stderr
    run("..", "--write-baseline", exit_code=0)
    assert [known.id for known in read(str(folder / "known.json"))] == ["dead.qasm"]
    run("..", exit_code=0)
    run("..", "--isolated", exit_code=1)
    assert "known.json  (" in run("../dead.qasm", "--show-settings").stdout
    for wrong in ("1", '""', r'"a\u0000b"', '["x"]'):
        (folder / "bplint.toml").write_text(f"baseline = {wrong}\n")
        assert "bplint.toml: baseline: " in run("..", exit_code=2).stderr


def test_suppressed_findings_are_not_in_it(folder):
    Path("dead.qasm").write_text(DEAD + "// bplint: ignore-file[BP104]\n")
    run(".", "--write-baseline", exit_code=0)
    assert read(FILE) == {}


def test_the_same_bytes_from_two_processes(folder):
    Path("late.qasm").write_text(DEAD)
    outputs = []
    for jobs in (1, 2):
        run(".", "--write-baseline", "-j", jobs, exit_code=0)
        outputs.append((Path(FILE).read_bytes(), run(".", "--baseline", FILE, "--format", "json", "-j", jobs).stdout))
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize("arguments", [["-x"], ["--maxfail", "1"]])
def test_a_run_that_stops_early_writes_nothing(folder, arguments):
    Path("bad.qasm").write_text("nonsense")
    assert "no baseline is written" in run(".", "--write-baseline", *arguments, exit_code=1).stderr
    assert not Path(FILE).exists()


def test_files_that_are_something_else_are_left_alone(folder):
    Path("folder").mkdir()
    for arguments, message in (
        (["--baseline", "none.json"], "there is no such baseline"),
        (["--baseline", "folder"], "Is a directory"),
        (["--baseline", "fine.qasm", "--write-baseline"], "not valid JSON"),
        (["--baseline", "no/b.json", "--write-baseline"], "there is no such folder"),
        (["--write-baseline", "--collect-only"], "want no --collect-only"),
    ):
        result = run(".", *arguments, exit_code=2)
        assert message in result.stderr
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""
    assert Path("fine.qasm").read_text() == FINE
    assert CliRunner().invoke(main, ["sweep", ".", "--baseline", "x"]).exit_code == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(folder):
    folder.chmod(0o500)
    assert "cannot be written: Permission denied" in run(".", "--write-baseline", exit_code=2).stderr


def test_known_findings_can_be_repaired(folder):
    (folder / "bplint.toml").write_text(f'baseline = "{FILE}"\n')
    text = DEAD.replace("rz(a) q[0];", "rz(a) q[0]; // bplint: ignore[BP203]").replace("rz", "ry")
    Path("dead.qasm").write_text(text)
    run(".", "--extend-select", "BP002", "--write-baseline", exit_code=0)
    assert [known.code for known in read(FILE)] == ["BP002"]
    assert CliRunner().invoke(main, ["fix", "dead.qasm", "--select", "BP002"]).exit_code == 0
    assert "ignore" not in Path("dead.qasm").read_text()
