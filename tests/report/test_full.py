"""The default output as a reader sees it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bplint.report.strips import BLOCKS
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
