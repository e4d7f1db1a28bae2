"""The default output as a reader sees it."""

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bplint import run as bplint_run
from bplint.cli import main
from bplint.config import Settings
from bplint.report.strips import BLOCKS
from bplint.runs.run_report import written as written_as
from bplint.terminal.cells import cells
from runs_once import invoke

VERDICTS = Path(__file__).parents[2] / "fixtures" / "verdicts"
SHALLOW = str(VERDICTS / "hea24_shallow.qasm")


def run(*arguments):
    result = invoke(*arguments, "-q")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


@pytest.mark.parametrize("width", [60, 88])
def test_the_profile_fits_its_width_and_draws_strips(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run("profile", SHALLOW).splitlines()
    assert all(len(line) <= width for line in lines[2:-2])
    labels = [line.split()[0] for line in lines if line[:2] == "  " and line[2:3].strip()]
    assert labels == [
        "deep_limit",
        "dla",
        "class",
        "cuts",
        "purity",
        "gradient",
        "locality",
        "loss",
        "structure",
        "symmetry",
    ]
    after = [lines[i + 1 :] for i, line in enumerate(lines) if line.startswith(("  cuts", "  gradient"))]
    assert all(any(set(line.split()[0]) <= set(BLOCKS + "·") for line in rest[:5] if line) for rest in after)


def test_a_lint_without_v_has_no_numbers():
    assert "BP203" in run(SHALLOW)
    assert "ebit" not in run(SHALLOW)


def test_an_encoding_without_blocks_does_not_crash(monkeypatch):
    monkeypatch.setattr("bplint.report.strips._prints", lambda text: False)
    output = run("profile", SHALLOW)
    assert not set(output) & set(BLOCKS)
    assert "0 .. 2 ebits" in output


def test_what_the_screen_cannot_print_is_replaced():
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "bplint", "profile", VERDICTS / "even6.qasm"]
    result = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    assert "0 .. 2 ebits" in result.stdout.decode("latin-1")


def qasm(n, loss, extra=""):
    """One RY a qubit."""
    inputs, gates = f"input array[float[64], {n}] t;\n", "".join(f"ry(t[{i}]) q[{i}];\n" for i in range(n))
    head = f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {loss}\n// bplint: shots = 1000\n'
    return f"{head}{inputs}qubit[{n}] q;\n{gates}{extra}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path


def lint(*arguments, **environment):
    return CliRunner().invoke(main, ["check", "--isolated", *arguments], env=environment)


def test_a_circuit_of_the_tutorial_takes_a_dozen_lines(folder):
    text = [*qasm(8, "projector(0..n-1)").splitlines()[:6], "for int i in [0:7] ry(t[i]) q[i];"]
    (folder / "guess.qasm").write_text("\n".join(text))
    for width, most in (("", 11), ("200", 11), ("100", 12), ("80", 12), ("60", 19)):
        lines = lint("guess.qasm", COLUMNS=width).output.splitlines()
        assert len(lines) <= most
        fits = [line for line in lines if "bplint fix" not in line]
        assert all(cells(line) <= int(width or 100) for line in fits)
        names = ("small-angles", "local")
        if width in ("", "200"):
            assert all(f"bplint fix guess.qasm --prior {name}" in "\n".join(lines) for name in names)
            continue
        assert "  try       bplint fix guess.qasm --prior NAME" in lines
        assert [line.split()[0] for line in lines if line.strip().startswith(names)] == list(names)


def test_two_hundred_healthy_circuits_take_ten_lines(folder):
    for i in range(200):
        (folder / f"{i}.qasm").write_text(qasm(2 + i % 2, "mean(Z)"))
    result = lint(".")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) <= 10
    assert "200 circuits" in result.output
    assert "0 errors, 0 warnings, 0 notes" in result.output


def test_errors_are_listed_again_at_the_end_of_a_long_run(folder, monkeypatch):
    monkeypatch.setattr("bplint.report.full.LONG", 12)
    for i in range(6):
        (folder / f"{i}.qasm").write_text(qasm(8, "projector(0..n-1)"))
    (folder / "broken.qasm").write_text("OPENQASM 3.0;\nqubit[1 q;\n")
    output = lint("--no-suggest", ".").output
    again = [line for line in output.splitlines() if line.startswith("error ")]
    assert again == [f"error ./{i}.qasm:7:1: BP301 vanishing-gradient" for i in range(6)] + [
        "error ./broken.qasm:2:6: BP001 unreadable"
    ]
    assert "\nerror " not in lint("--no-suggest", "1.qasm", "2.qasm").output


def test_circuits_with_the_same_findings_and_advice_have_a_line_each(folder):
    for name, n in (("a", 8), ("b", 8), ("c", 9)):
        (folder / f"{name}.qasm").write_text(qasm(n, "projector(0..n-1)"))
    lines = lint("--no-suggest", ".").output.splitlines()
    assert [line.split(": error ")[1] for line in lines if ": error " in line] == [
        "BP301 vanishing-gradient",
        "BP301 vanishing-gradient, as in ./a.qasm",
        "BP301 vanishing-gradient, as in ./a.qasm",
    ]
    told = [line for line in lines if line.startswith("  No parameter shows")]
    assert len(told) == 2  # b's numbers are a's, c has its own
    assert lines.index(told[1]) == len(lines) - 2
    assert sum("because" in line for line in lines) == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("verbosity", [[], ["-v"]])
def test_a_circuit_is_told_when_it_is_finished(folder, jobs, verbosity):
    for name in "abc":
        (folder / f"{name}.qasm").write_text(qasm(8, "projector(0..n-1)"))
    command = [sys.executable, "-P", "-m", "bplint", "a.qasm", "b.qasm", "-", "c.qasm", "--isolated", "--no-suggest"]
    process = subprocess.Popen(
        [*command, "-j", jobs, *verbosity], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    before = ""
    while "b.qasm:7:1: error" not in before:
        before += (line := process.stdout.readline())
        assert line, before
    assert "c.qasm" not in before
    rest, _ = process.communicate(qasm(8, "projector(0..n-1)"))
    assert process.returncode == 1
    assert re.findall(r"^(\S+):7:\d+: error", before + rest, re.M) == ["a.qasm", "b.qasm", "-", "c.qasm"]
    assert (before + rest).count("circuits in") == 1


def test_few_notes_are_told_and_many_are_counted_by_their_rules(folder):
    for i in range(3):
        (folder / f"{i}.qasm").write_text(qasm(2, "Z0").replace("// bplint: observable = Z0\n", ""))
    one, three = lint("0.qasm").output, lint(".").output
    assert "0.qasm: note BP003: No observable is declared" in one
    assert "// bplint: observable = Z0 Z1" in one
    assert "3 notes, BP003 assumed-observable (3): -v" in three


def test_nothing_that_was_an_error_is_hidden(folder):
    """Whatever explains what: each error of the machine output has its head line on the screen."""
    (folder / "dead.qasm").write_text(qasm(3, "Z0").replace("ry", "rz"))
    (folder / "deep.qasm").write_text(qasm(8, "projector(0..n-1)"))
    (folder / "bplint.toml").write_text("[severity]\nBP201 = 'error'\nBP701 = 'error'\n")
    arguments = ["check", "--config", "bplint.toml", "--no-suggest", "."]
    screen = CliRunner().invoke(main, arguments).output
    document = json.loads(CliRunner().invoke(main, [*arguments, "--format", "json"]).output)
    errors = [f for c in document["circuits"] for f in c["findings"] if f["severity"] == "error"]
    assert len(errors) >= 4
    for found in errors:
        assert re.search(rf"{re.escape(found['path'])}\S*: error {found['code']} {found['name']}", screen)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}], ids=str)
def test_there_is_no_colour_where_none_is_wanted(folder, environment):
    (folder / "deep.qasm").write_text(qasm(8, "projector(0..n-1)"))
    assert "\x1b" not in lint("--no-suggest", "deep.qasm", **environment).output
    coloured = lint("--no-suggest", "deep.qasm", FORCE_COLOR="1").output
    assert "\x1b[31m" in coloured
    assert click.unstyle(coloured).splitlines()[2:-1] == lint("--no-suggest", "deep.qasm").output.splitlines()[2:-1]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_screen_fits_in_every_encoding(folder, encoding, width):
    """Comments in wide characters and a name that is none of ASCII."""
    (folder / "größe.qasm").write_text(
        qasm(8, "projector(0..n-1)", "rz(t[0]) q[0]; /* 量子の回路 */\n"), encoding="utf-8"
    )
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "COLUMNS": str(width)}
    command = [sys.executable, "-m", "bplint", "--isolated", "--no-suggest", "größe.qasm"]
    result = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (result.returncode, result.stderr) == (1, b"")
    lines = result.stdout.decode(encoding).splitlines()
    assert all(cells(line) <= width for line in lines)
    bar = "│" if encoding == "utf-8" else "|"
    frame = next(i for i, line in enumerate(lines) if line.startswith(f"  7 {bar} "))
    assert lines[frame + 1].lstrip().startswith(f"{bar} ^")


def test_every_machine_format_says_what_explains_what(folder):
    """Finding by finding: nothing is lost on the way, and the relation is the one that the rules declare."""
    (folder / "deep.qasm").write_text(qasm(8, "projector(0..n-1)"))
    (report,) = [bplint_run.lint(["deep.qasm"], Settings(isolated=True))]
    declared = {rule.code: rule.explains for rule in report.rules}
    there = {finding.code for finding in report.findings}
    expected = {f.code: [code for code in declared[f.code] if code in there] for f in report.findings}
    assert expected["BP201"] == ["BP301"]
    written = {name: written_as(report, name, 1, 0) for name in ("json", "jsonl", "sarif", "gitlab", "junit", "github")}
    found = json.loads(written["json"])["circuits"][0]["findings"]
    assert json.loads(written["jsonl"].splitlines()[0])["findings"] == found
    results = json.loads(written["sarif"])["runs"][0]["results"]
    issues = json.loads(written["gitlab"])
    assert len(found) == len(results) == len(issues) == len(report.findings)
    for finding, one, result, issue in zip(report.findings, found, results, issues, strict=True):
        assert one["code"] == result["ruleId"] == finding.code
        assert one["message"] == finding.hit.message
        assert one["evidence"] == json.loads(json.dumps(dict(finding.hit.evidence)))
        assert [s["name"] for s in one["suggestions"]] == [s.name for s in finding.suggestions]
        assert one["explains"] == result["properties"]["explains"] == expected[finding.code]
        reason = ", ".join(expected[finding.code])
        assert issue["description"].endswith(f" (explains {reason})" if reason else f"{finding.hit.proof}]")
        assert f"{finding.hit.message}%0A" in written["github"]
        assert finding.hit.message in html.unescape(written["junit"])
    reasons = sum(map(bool, expected.values()))
    assert written["github"].count("%0Aexplains: BP301") == written["junit"].count("explains: BP301") == reasons


def test_an_empty_run_says_what_it_looked_for(tmp_path):
    (tmp_path / "notes.txt").write_text("no circuit")
    lines = run(str(tmp_path)).splitlines()
    assert (
        lines[0]
        == "nothing was collected: want files .json, .qasm, .qasm2, .qasm3, or with --exec Python with builders"
    )
    assert "nothing was collected" not in run(str(tmp_path), "--format", "concise")


def test_a_hint_of_what_cannot_be_read_is_no_advice_to_try(tmp_path):
    (tmp_path / "a.qasm").write_text("OPENQASM 3.0;\nqubit[2] qs;\nreset q[0];\n")
    assert "  hint      declared: qs" in run(str(tmp_path)).splitlines()
