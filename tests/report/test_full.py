"""The default output as a reader sees it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bplint.config import Settings
from bplint.finding import Effect, Hit, Severity, Suggestion, Verdict, sign
from bplint.report import full
from bplint.report.strips import BLOCKS
from bplint.rewrite import Edit
from bplint.run import lint_text
from bplint.runs.run_report import Report
from repair_texts import hardware_efficient
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


GLOBAL = hardware_efficient(7, 1, "projector(0..n-1)", rotations=("ry",))


def finding(*suggestions, help=("do it by hand",)):
    hit = Hit("It is bad.", help=help)
    return sign(hit, code="BP301", name="bad", severity=Severity.ERROR, path="x.qasm", case_id="")._replace(
        suggestions=suggestions
    )


def shown(*findings, verbosity=0):
    (entry,) = lint_text(GLOBAL, Settings(suggest=False, select=("BP104",))).circuits
    report = Report(Settings(), (), (entry._replace(findings=findings),), 0.0)
    return full.write(report, 0, verbosity)


def suggestion(name, verdict=Verdict.VERIFIED, reason="", **more):
    effect = Effect((127, 7), (0.001, 0.02), (0.001, 0.02), (9, 5))
    return Suggestion(name, f"keep {name}", verdict, effect, reason, **more)


EDIT = Edit(1, 1, 1, 1, "", "x")


def test_a_suggestion_has_its_effect_and_what_to_type():
    lines = shown(finding(suggestion("z2", keeps="Z0 = +1", edits=(EDIT,)))).splitlines()
    (at,) = (i for i, line in enumerate(lines) if "keep z2" in line)
    assert lines[at].startswith("    help       keep z2 (Z0 = +1)")
    assert lines[at].endswith("measured: signal 1e-3 → 0.02, dimension 7")
    assert any("bplint fix x.qasm --prior z2" in line for line in lines[at:])
    assert "do it by hand" not in "".join(lines)


def test_what_was_refuted_is_not_shown_without_v():
    bad = finding(suggestion("u1", Verdict.REFUTED, "the sector is wrong"))
    assert "u1" not in shown(bad)
    assert "do it by hand" in shown(bad), "the help stays where no suggestion is shown"
    assert "refuted: the sector is wrong" in shown(bad, verbosity=1)
    assert "unverified: who knows" in shown(finding(suggestion("u1", Verdict.UNVERIFIED, "who knows", edits=(EDIT,))))


def test_nothing_is_said_twice_unless_it_is_better():
    first = finding(suggestion("z2", Verdict.UNVERIFIED, "who knows"))
    again = shown(first, finding(suggestion("z2", Verdict.UNVERIFIED, "who knows")))
    assert again.count("keep z2") == 1
    assert shown(first, finding(suggestion("z2"))).count("keep z2") == 2


def test_a_change_that_was_not_measured_has_no_numbers():
    nothing = Effect((127, None), (0.001, None), (0.001, None), (9, None))
    output = shown(finding(suggestion("u1", Verdict.UNVERIFIED, "it holds data")._replace(effect=nothing)))
    assert "measured" not in output
    assert "unverified: it holds data" in output
